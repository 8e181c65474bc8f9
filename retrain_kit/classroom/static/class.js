/**
 * The page of a class: join, choose an exercise, go through it. The exercises are the widgets of the notebooks.
 *
 * The person's key is in this page's session alone, and signs what they say; nothing else says who somebody is.
 */

import { gettext, ngettext } from "../../widgets/languages.js";
import { downloadAnswers, downloadKey, element, trigger } from "../../widgets/parts.js";
import { address, image, listen, memory, place, told } from "./http.js";
import { offerLanguages, speakToReader } from "./language.js";
import { Model } from "./model.js";
import { askAsPerson, person, signs } from "./person.js";

/**
 * @typedef {{ images: number[], panels?: object[], [field: string]: unknown }} Item
 * @typedef {{ name: string, title: string, script: string, setting: object, items: Item[] }} Activity
 */

const field = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (place(id));

/** The name that this page gives itself while it has no seat, so that a wrong code slows nobody else. */
function pageName() {
  if (!memory.get("page")) memory.set("page", String(crypto.getRandomValues(new Uint32Array(4))));
  return memory.get("page");
}

class Page {
  /** @type {{ title: string, activities: Activity[] }} */
  about = { title: "", activities: [] };
  /** @type {HTMLButtonElement[]} */
  buttons = [];
  /** The items of each exercise, with their images. @type {Map<string, Promise<object[]>>} */
  shown = new Map();
  /** @type {Record<string, number>} */
  versions = {};
  /** @type {Model | null} */
  model = null;
  /** @type {EventSource | null} */
  source = null;
  /** What is asked for last, where something takes its time. */
  asked = {};
  /** The exercise that is shown, or will be in a moment. */
  current = "";
  closeWidget = () => {};

  constructor() {
    place("join").addEventListener("submit", (event) => {
      event.preventDefault();
      this.join(field("code").value);
    });
    this.on("download", () => this.download());
    this.on("download-key", () => downloadKey(memory.get("who"), memory.get("key")));
    this.on("somebody", () => this.become(""));
    this.on("return", () => this.become(field("known").value));
    this.on("withdraw", () => this.withdraw());
    offerLanguages(() => this.sayAnew());
  }

  /**
   * Do something by a button of the page; what goes wrong is told.
   *
   * @param {string} id
   * @param {() => Promise<void> | void} act
   */
  on(id, act) {
    place(id).addEventListener("click", async () => {
      try {
        await act();
      } catch (error) {
        this.tell(/** @type {Error} */ (error).message);
      }
    });
  }

  /** Come in with the seat from before, with the code of the link, or with a code that is typed. */
  async open() {
    const code = decodeURIComponent(location.hash.slice(1));
    if (code) history.replaceState(null, "", location.pathname);
    await speakToReader();
    if (memory.get("seat") && (await this.enter())) return;
    if (code) await this.join(code);
    else this.ask();
  }

  /** Say everything in another language; drafts stay. */
  async sayAnew() {
    this.tell("");
    if (!memory.get("seat")) return;
    this.about = await told("/about");
    this.shown.clear();
    this.drawActivities();
    this.drawPerson();
    await this.show(memory.get("activity"));
  }

  ask(fault = "") {
    place("outside").hidden = false;
    place("inside").hidden = true;
    place("refused").textContent = fault;
    place("code").focus();
  }

  /** @param {string} code */
  async join(code) {
    try {
      const { seat } = await told("/join", { body: { code, page: pageName() } });
      memory.set("seat", seat);
      if (!memory.get("key")) this.know(await person(""));
      await this.enter();
    } catch (error) {
      this.ask(/** @type {Error} */ (error).message);
    }
  }

  /** Return whether the seat is one of this class. */
  async enter() {
    try {
      this.about = await told("/about");
    } catch (error) {
      const { status, message } = /** @type {import("./http.js").Refusal} */ (error);
      if (status === 401) memory.set("seat", "");
      this.ask(status === 401 ? "" : message);
      return status !== 401;
    }
    place("outside").hidden = true;
    place("inside").hidden = false;
    place("title").textContent = this.about.title;
    place("unsigned").hidden = await signs();
    this.drawPerson();
    this.drawActivities();
    this.hearNews();
    await this.show(memory.get("activity") || this.about.activities[0].name);
    return true;
  }

  hearNews() {
    this.source?.close();
    this.source = listen(
      `/events?seat=${encodeURIComponent(memory.get("seat"))}`,
      (news) => this.hear(news),
      () => setTimeout(() => this.enter(), 2000),
    );
  }

  /** @param {{ present: number, versions: Record<string, number> }} news */
  hear({ present, versions }) {
    place("present").textContent = ngettext("{count} page is open", "{count} pages are open", present);
    const name = memory.get("activity");
    if (versions[name] !== this.versions[name]) this.model?.news();
    this.versions = versions;
  }

  // -- exercises -----------------------------------------------------------------------------------

  drawActivities() {
    this.buttons = this.about.activities.map((activity) => trigger(activity.title, () => this.choose(activity.name)));
    place("activities").replaceChildren(...this.buttons);
    place("activities").hidden = this.buttons.length === 1;
  }

  /**
   * Show an exercise; the one that is shown already stays as it is, with all that somebody has begun in it.
   *
   * @param {string} name
   */
  async choose(name) {
    if (name !== this.current) await this.show(name);
  }

  /** @param {string} name */
  async show(name) {
    const activity = this.about.activities.find((each) => each.name === name) ?? this.about.activities[0];
    memory.set("activity", activity.name);
    for (const [index, each] of this.about.activities.entries())
      this.buttons[index].setAttribute("aria-pressed", String(each === activity));
    const asked = {};
    this.asked = asked;
    this.current = activity.name;
    const parts = Promise.all([this.items(activity), import(address(`/files/${activity.script}`))]);
    parts.catch(() => {
      this.current = "";
    });
    const [items, { default: widget }] = await parts;
    if (asked !== this.asked) return;
    this.closeWidget();
    const host = element("div");
    place("exercise").replaceChildren(host);
    this.model = new Model(activity, items, host, (key) => this.become(key));
    this.closeWidget = widget.render({ model: this.model, el: host });
  }

  /**
   * Return the items of an exercise with their images, which are fetched once.
   *
   * @param {Activity} activity
   */
  items({ name, items }) {
    const shown = this.shown.get(name) ?? Promise.all(items.map((item) => this.item(item)));
    this.shown.set(name, shown);
    return shown;
  }

  /** @param {Item} item */
  async item({ images, panels, ...item }) {
    const found = await Promise.all(images.map((number) => image(number)));
    if (!panels) return { ...item, ...found[0] };
    return { ...item, panels: panels.map((panel, index) => ({ ...panel, ...found[index] })) };
  }

  // -- the person ----------------------------------------------------------------------------------

  /** @param {{ key: string, who: string }} person */
  know({ key, who }) {
    memory.forget("draft ");
    memory.set("key", key);
    memory.set("who", who);
  }

  drawPerson() {
    place("who").textContent = memory.get("who");
    place("key").textContent = memory.get("key");
    field("known").value = "";
  }

  /**
   * Go on as somebody else: new, or whose key was typed.
   *
   * @param {string} typed
   */
  async become(typed) {
    const { key, who } = await person(typed);
    this.know({ key, who });
    this.drawPerson();
    await this.show(memory.get("activity"));
    const again = gettext("You are {who} again.", { who });
    this.tell(typed ? again : gettext("Somebody new answers now: {who}.", { who }));
  }

  async download() {
    const file = await askAsPerson("/mine", {}, { act: "download" });
    if (file.text) downloadAnswers(file);
    const taken = gettext("Your answers are downloaded, without your key.");
    this.tell(file.text ? taken : gettext("You have said nothing yet."));
  }

  async withdraw() {
    const { told: words } = await askAsPerson("/withdraw-all", {}, { act: "withdraw-all" });
    /** @type {HTMLDetailsElement} */ (place("withdrawing")).open = false;
    memory.forget("draft ");
    await this.show(memory.get("activity"));
    this.tell(words);
  }

  /** @param {string} words */
  tell(words) {
    place("told").textContent = words;
  }
}

new Page().open();
