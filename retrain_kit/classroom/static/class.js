/**
 * The page of a class: join, say what may be done with what one says, choose an exercise, go through it. The exercises
 * are the widgets of the notebooks.
 *
 * The person's key signs what they say; nothing else says who somebody is. It is in this page's session, and stays on
 * the device where its owner says so.
 */

import { gettext, marked, ngettext } from "../../widgets/languages.js";
import { downloadAnswers, downloadKey, element, trigger } from "../../widgets/parts.js";
import { Agreements } from "./agreements.js";
import { askFirst } from "./asking.js";
import { connection } from "./connection.js";
import { address, image, listen, memory, place, told } from "./http.js";
import { Keeping } from "./keeping.js";
import { offerLanguages, speakToReader } from "./language.js";
import { LessonBar } from "./lesson.js";
import { Model } from "./model.js";
import { askAsPerson, person, signs } from "./person.js";

/**
 * @typedef {{ images: number[], panels?: object[], [field: string]: unknown }} Item
 * @typedef {{ name: string, title: string, script: string, version: string, setting: { uses: [string, string][] }, items: Item[] }} Activity
 */

const AWAY = marked(
  "The class is away. This page finds it again by itself: what you write stays, what you send waits.",
);
const BACK = marked("The class is back.");
const BACK_MS = 4000;
const SOMEBODY = {
  title: marked("Does somebody else answer now?"),
  words: marked("They get a name and a key of their own, and find nothing of yours."),
  yes: marked("Yes, somebody else answers now"),
};
const RETURN = {
  title: marked("Do you go on with the other key?"),
  words: marked("This page then speaks with the key that you typed, and no more with the one below."),
  yes: marked("Yes, with the other key"),
};
const FORGET = {
  title: marked("Is this device to forget you?"),
  words: marked("It then keeps no key of yours. What you said stays with the class."),
  yes: marked("Yes, forget me here"),
};

const field = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (place(id));

/** The name that this page gives itself while it has no seat, so that a wrong code slows nobody else. */
function pageName() {
  if (!memory.get("page")) memory.set("page", String(crypto.getRandomValues(new Uint32Array(4))));
  return memory.get("page");
}

class Page {
  /** @type {{ title: string, uses: [string, string][], activities: Activity[] }} */
  about = { title: "", uses: [], activities: [] };
  /** @type {HTMLButtonElement[]} */
  buttons = [];
  /** The items of each exercise, with their images. @type {Map<string, Promise<object[]>>} */
  shown = new Map();
  /** @type {Record<string, number>} */
  versions = {};
  /** @type {Model | null} */
  model = null;
  /** @type {import("./connection.js").Stream | null} */
  source = null;
  keeping = new Keeping();
  agreements = new Agreements(() => this.agree());
  /** What is asked for last, where something takes its time. */
  asked = {};
  /** The exercise that is shown, or will be in a moment. */
  current = "";
  /** @type {(() => void) & { isBusy?: () => boolean }} */
  closeWidget = () => {};
  isBusy = () => false;
  lesson = new LessonBar(this.around);
  /** Of what the class said last that it does. */
  aboutNumber = -1;

  constructor() {
    place("join").addEventListener("submit", (event) => {
      event.preventDefault();
      this.join(field("code").value);
    });
    this.on("download", () => this.download());
    this.on("agreed", () => this.agreements.change());
    this.on("somebody", () => this.leave());
    this.on("return", () => this.become(field("known").value));
    this.on("forget", () => this.forget());
    this.on("withdraw", () => this.withdraw());
    this.on("keeping-not", () => this.explained());
    for (const button of document.querySelectorAll("[data-does=download-key]"))
      button.addEventListener("click", () => this.downloadKey());
    for (const button of document.querySelectorAll("[data-does=keep]"))
      button.addEventListener("click", () => this.keepKey());
    this.keeping.addEventListener("changed", (event) => this.follow(/** @type {CustomEvent} */ (event).detail));
    this.keeping.addEventListener("forgotten", () => this.close());
    // The link of the wall, opened once more in a page that is open already.
    addEventListener("hashchange", () => location.reload());
    connection.addEventListener("change", () => this.showConnection());
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
    const [found] = await Promise.all([memory.get("key") ? null : this.keeping.find(), speakToReader()]);
    if (memory.get("seat") && (await this.enter())) this.greet(found);
    else if (code) await this.join(code);
    else this.ask();
  }

  /** @param {import("./keeping.js").Person | null} found */
  greet(found) {
    if (!found) return;
    memory.set("explained", found.who);
    this.tell(gettext("You are {who} again.", { who: found.who }));
  }

  /** Say everything in another language; drafts stay. */
  async sayAnew() {
    this.tell("");
    if (!memory.get("seat")) return;
    this.about = await told("/about");
    this.shown.clear();
    this.drawActivities();
    this.drawPerson();
    this.agreements.draw(this.about.uses, this.about.activities);
    await this.begin();
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
      const known = Boolean(memory.get("key"));
      if (!known) this.know(await person(""));
      this.keeping.update();
      if ((await this.enter()) && known) this.tell(gettext("You are {who} again.", { who: memory.get("who") }));
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
    this.agreements.draw(this.about.uses, this.about.activities);
    this.hearNews();
    await this.begin();
    return true;
  }

  /** Ask for consent, where that was not done; then show what was shown last. */
  async begin() {
    const asked = this.agreements.wereAsked;
    place("inside").classList.toggle("rk-waiting", !asked);
    if (asked) await this.show(memory.get("activity") || this.about.activities[0].name);
    else this.agreements.ask();
  }

  hearNews() {
    this.source?.close();
    this.source = listen(
      `/events?seat=${encodeURIComponent(memory.get("seat"))}`,
      (news) => this.hear(news),
      () => setTimeout(() => this.comeBack(), 2000),
    );
  }

  /** Hear news again, where the class still knows this page. */
  async comeBack() {
    if (await this.isAsBefore()) this.hearNews();
    else await this.enter();
  }

  /** Return whether the class is as it was: what somebody has begun on this page then stays. */
  async isAsBefore() {
    try {
      return JSON.stringify(await told("/about")) === JSON.stringify(this.about);
    } catch {
      return false;
    }
  }

  showConnection() {
    const { away } = connection;
    const line = place("away");
    // A class that is over does not come back.
    if (this.lesson.lesson?.over) return;
    line.hidden = false;
    line.textContent = gettext(away ? AWAY : BACK);
    line.classList.toggle("rk-back", !away);
    setTimeout(() => {
      line.hidden = !connection.away;
    }, BACK_MS);
    if (!away && !place("inside").hidden) this.lookAround();
  }

  /** A class that was away may be another one. */
  async lookAround() {
    if (!(await this.isAsBefore())) await this.enter();
  }

  /** @param {{ present: number, versions: Record<string, number>, about: number, lesson: import("./lesson.js").Lesson }} news */
  hear({ present, versions, about, lesson }) {
    if (about !== this.aboutNumber && this.aboutNumber >= 0) this.renew();
    this.aboutNumber = about;
    this.lesson.hear(lesson);
    place("present").textContent = ngettext("{count} page is open", "{count} pages are open", present);
    const name = memory.get("activity");
    if (versions[name] !== this.versions[name]) this.model?.news();
    this.versions = versions;
    this.model?.tell("change:time", lesson.timer);
  }

  // -- the lesson ----------------------------------------------------------------------------------

  /** What a lesson sees of this page, and moves. */
  get around() {
    const page = this;
    return {
      get current() {
        return page.model?.name ?? "";
      },
      get busy() {
        return place("inside").classList.contains("rk-waiting") || page.isBusy();
      },
      show: (/** @type {string} */ name) => this.choose(name),
      go: (/** @type {number} */ index) => this.model?.send({ act: "go", index }),
      nameOf: (/** @type {import("./lesson.js").Place} */ { exercise, index }) => {
        const activity = this.about.activities.find((each) => each.name === exercise);
        const item = /** @type {{ title?: string } | undefined} */ (activity?.items[index]);
        return activity ? `${activity.title}, ${item?.title ?? index + 1}` : "";
      },
    };
  }

  /** The teacher has chosen other images: those that are shown change, and drafts about the others wait for them. */
  async renew() {
    const before = new Map(this.about.activities.map(({ name, version }) => [name, version]));
    this.about = await told("/about");
    const changed = this.about.activities.filter(({ name, version }) => before.get(name) !== version);
    for (const { name } of changed) this.shown.delete(name);
    if (changed.some(({ name }) => name === this.current)) await this.show(this.current);
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
    // What is about to go takes no more words: they would go with it.
    if (activity.name !== this.current) place("exercise").inert = true;
    this.current = activity.name;
    const parts = Promise.all([this.items(activity), import(address(`/files/${activity.script}`))]);
    parts
      .catch(() => {
        this.current = "";
      })
      .finally(() => {
        if (asked === this.asked) place("exercise").inert = false;
      });
    const [items, { default: widget }] = await parts;
    if (asked !== this.asked) return;
    this.closeWidget();
    const host = element("div");
    place("exercise").replaceChildren(host);
    this.model = new Model(activity, items, host, {
      agreed: this.agreements.uses,
      turn: (key) => (key ? this.become(key) : this.leave()),
      consent: (use, why) => this.agreements.change(use, why),
      said: (mine) => this.noteSaid(mine),
    });
    this.closeWidget = widget.render({ model: this.model, el: host });
    this.isBusy = this.closeWidget.isBusy ?? (() => false);
    this.lesson.drawn();
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
    place("keeping").hidden = true;
  }

  drawPerson() {
    const kept = this.keeping.keepsThisKey;
    place("who").textContent = memory.get("who");
    place("key").textContent = memory.get("key");
    place("kept").hidden = place("forget").hidden = !kept;
    place("unkept").hidden = kept;
    place("keep").hidden = kept || !this.keeping.canKeep;
    // A device that keeps somebody's key is theirs: nobody else is asked to answer on it.
    place("somebody").hidden = kept;
    field("known").value = "";
  }

  /** Somebody else answers, if the person says so. */
  async leave() {
    if (!(await askFirst(SOMEBODY))) return;
    await this.take(await person(""));
    this.tell(gettext("Somebody new answers now: {who}.", { who: memory.get("who") }));
  }

  /**
   * Go on as whoever's key was typed; a key by which something was said goes only if the person says so.
   *
   * @param {string} typed
   */
  async become(typed) {
    const found = await person(typed);
    memory.set("explained", found.who);
    const loses = found.key !== memory.get("key") && (this.spoke || this.keeping.keepsThisKey);
    if (loses && !(await askFirst(RETURN))) return;
    await this.take(found);
    this.tell(gettext("You are {who} again.", { who: found.who }));
  }

  /** @param {{ key: string, who: string }} found */
  async take(found) {
    this.know(found);
    this.keeping.update();
    this.drawPerson();
    await this.begin();
  }

  /** Another page of this device has changed who is here, or what they agreed to. @param {{ other: boolean }} how */
  async follow({ other }) {
    if (place("inside").hidden) return;
    this.drawPerson();
    if (other) await this.begin();
    else this.model?.agree(this.agreements.uses);
  }

  // -- what they agreed to -------------------------------------------------------------------------

  async agree() {
    this.keeping.update();
    if (this.model && !place("inside").classList.contains("rk-waiting")) {
      this.model.agree(this.agreements.uses);
      this.tell(gettext("This counts for what you say from now on."));
    } else await this.begin();
  }

  // -- their key -----------------------------------------------------------------------------------

  /** Whether something was said with the key. */
  get spoke() {
    return memory.get("spoke") === memory.get("who");
  }

  /** Once something is said, its author is told what the key is for. @param {object[]} mine */
  noteSaid(mine) {
    if (!mine.length) return;
    memory.set("spoke", memory.get("who"));
    const known = this.keeping.keepsThisKey || memory.get("explained") === memory.get("who");
    place("keeping").hidden = known;
  }

  /** The person knows what the key is for, and has done with it what they want. */
  explained() {
    const held = place("keeping").contains(document.activeElement);
    memory.set("explained", memory.get("who"));
    place("keeping").hidden = true;
    if (held) place("told").focus();
  }

  downloadKey() {
    downloadKey(memory.get("who"), memory.get("key"));
    this.explained();
  }

  keepKey() {
    if (!this.keeping.keep()) {
      this.tell(gettext("This browser keeps nothing. Download your key, or write it down."));
      return;
    }
    this.explained();
    this.drawPerson();
    this.tell(gettext("This device keeps your key. Under “My key” you can have it forgotten."));
  }

  async forget() {
    if (!(await askFirst(FORGET))) return;
    this.keeping.forget();
    this.close();
  }

  /** Show the page as if nobody had been here. */
  close() {
    this.source?.close();
    this.closeWidget();
    this.closeWidget = () => {};
    this.model = null;
    this.current = "";
    place("keeping").hidden = true;
    place("exercise").replaceChildren();
    for (const id of ["key", "who", "told"]) place(id).textContent = "";
    this.ask();
  }

  // -- what they said ------------------------------------------------------------------------------

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
