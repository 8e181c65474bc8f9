/**
 * The page of a class: join, choose an exercise, go through it. The exercises are the widgets of the notebooks.
 *
 * The person's key is in this page's session alone, and comes with each request; nothing else says who somebody is.
 */

import { listen, memory, picture, told } from "./asking.js";
import { Model } from "./model.js";
import { button, element } from "./parts.js";

const place = (id) => document.getElementById(id);

class Page {
  constructor() {
    this.closeWidget = () => {};
    this.shown = new Map();
    place("join").addEventListener("submit", (event) => {
      event.preventDefault();
      this.join(place("code").value);
    });
    place("download").addEventListener("click", () => this.attempt(() => this.download()));
    place("download-key").addEventListener("click", () => this.downloadKey());
    place("somebody").addEventListener("click", () => this.attempt(() => this.become("")));
    place("return").addEventListener("click", () => this.attempt(() => this.become(place("known").value)));
    place("withdraw").addEventListener("click", () => this.attempt(() => this.withdraw()));
  }

  /** Come in with the seat from before, with the code of the link, or with a code that is typed. */
  async open() {
    const code = decodeURIComponent(location.hash.slice(1));
    if (code) history.replaceState(null, "", location.pathname);
    if (memory.get("seat") && (await this.enter())) return;
    if (code) await this.join(code);
    else this.ask();
  }

  ask(fault = "") {
    place("outside").hidden = false;
    place("inside").hidden = true;
    place("refused").textContent = fault;
    place("code").focus();
  }

  async join(code) {
    try {
      const { seat, key, who } = await told("/join", { body: { code } });
      memory.set("seat", seat);
      if (!memory.get("key")) this.know(key, who);
      await this.enter();
    } catch (error) {
      this.ask(error.message);
    }
  }

  /** Return whether the seat is one of this class. */
  async enter() {
    try {
      this.about = await told("/about");
    } catch (error) {
      if (error.status === 401) memory.set("seat", "");
      this.ask(error.status === 401 ? "" : error.message);
      return error.status !== 401;
    }
    place("outside").hidden = true;
    place("inside").hidden = false;
    place("title").textContent = this.about.title;
    this.drawPerson();
    this.drawParts();
    this.hearNews();
    await this.show(memory.get("part") || this.about.parts[0].name);
    return true;
  }

  hearNews() {
    this.source?.close();
    this.source = listen(`/events?seat=${encodeURIComponent(memory.get("seat"))}`, (news) => this.hear(news), () => setTimeout(() => this.enter(), 2000));
  }

  hear({ present, versions }) {
    place("present").textContent = present === 1 ? "1 page is open" : `${present} pages are open`;
    const name = memory.get("part");
    if (versions[name] !== this.versions?.[name]) this.model?.news();
    this.versions = versions;
  }

  // -- exercises -----------------------------------------------------------------------------------

  drawParts() {
    this.buttons = this.about.parts.map((part) => button(part.title));
    this.buttons.forEach((node, index) => node.addEventListener("click", () => this.show(this.about.parts[index].name)));
    place("parts").replaceChildren(...this.buttons);
    place("parts").hidden = this.buttons.length === 1;
  }

  async show(name) {
    const part = this.about.parts.find((each) => each.name === name) ?? this.about.parts[0];
    memory.set("part", part.name);
    this.about.parts.forEach((each, index) => this.buttons[index].setAttribute("aria-pressed", each === part));
    const asked = (this.asked = {});
    const [items, { default: widget }] = await Promise.all([this.items(part), import(`./${part.script}`)]);
    if (asked !== this.asked) return;
    this.closeWidget();
    const host = element("div");
    place("exercise").replaceChildren(host);
    this.model = new Model(part, items, host, (key) => this.become(key));
    this.closeWidget = widget.render({ model: this.model, el: host });
  }

  /** Return the items of an exercise with their pictures, which are fetched once. */
  items(part) {
    if (!this.shown.has(part.name)) this.shown.set(part.name, Promise.all(part.items.map((item) => this.item(item))));
    return this.shown.get(part.name);
  }

  async item({ pictures, panels, ...item }) {
    const found = await Promise.all(pictures.map((number) => picture(number)));
    if (!panels) return { ...item, ...found[0] };
    return { ...item, panels: panels.map((panel, index) => ({ ...panel, ...found[index] })) };
  }

  // -- the person ----------------------------------------------------------------------------------

  know(key, who) {
    memory.forget("draft ");
    memory.set("key", key);
    memory.set("who", who);
  }

  drawPerson() {
    place("who").textContent = memory.get("who");
    place("key").textContent = memory.get("key");
    place("known").value = "";
  }

  /** Go on as somebody else: new, or whose key was typed. */
  async become(typed) {
    const { key, who } = await told("/person", { body: { key: typed } });
    this.know(key, who);
    this.drawPerson();
    await this.show(memory.get("part"));
    this.tell(typed ? `You are ${who} again.` : `Somebody new answers now: ${who}.`);
  }

  async download() {
    const { name, text } = await told("/mine", { body: { key: memory.get("key") } });
    if (text) this.save(name, text, "application/octet-stream");
    this.tell(text ? "Your answers are downloaded, without your key." : "You have said nothing yet.");
  }

  downloadKey() {
    const { who, key } = { who: memory.get("who"), key: memory.get("key") };
    const use = "With these eight words, and with nothing else, you can come back, add a footnote or withdraw what you said.";
    this.save(`key-${who}.txt`, `The key of ${who}\n\n${key}\n\n${use}\nNobody else has them. Keep this file to yourself.\n`, "text/plain");
  }

  save(name, text, type) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    element("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  async withdraw() {
    const { told: words } = await told("/withdraw-all", { body: { key: memory.get("key") } });
    place("withdrawing").open = false;
    memory.forget("draft ");
    await this.show(memory.get("part"));
    this.tell(words);
  }

  async attempt(act) {
    try {
      await act();
    } catch (error) {
      this.tell(error.message);
    }
  }

  tell(words) {
    place("told").textContent = words;
  }
}

new Page().open();
