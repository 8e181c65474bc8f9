/**
 * The wall of a class: how to join, who is here, and what was said, as it is said. What people say is put on the page
 * as text, or as a picture in which nothing can run.
 */

import { listen, memory, picture, told } from "./asking.js";
import { button, element } from "./parts.js";

const place = (id) => document.getElementById(id);
const counted = (number, one, many) => `${number} ${number === 1 ? one : many}`;

class Wall {
  constructor() {
    this.urls = new Map();
    this.index = 0;
    this.queue = Promise.resolve();
    place("previous").addEventListener("click", () => this.go(-1));
    place("next").addEventListener("click", () => this.go(1));
  }

  /** The secret is in the link alone, and leaves the address before anybody reads it from the wall. */
  async open() {
    const secret = location.hash.slice(1);
    if (secret) memory.set("wall", secret);
    history.replaceState(null, "", location.pathname);
    try {
      this.about = await told("/beamer/about", this.options);
    } catch (error) {
      place("refused").textContent = error.message;
      return;
    }
    this.drawAbout();
    this.show(memory.get("wall part") || this.about.parts[0].name);
    listen(`/beamer/events?secret=${encodeURIComponent(memory.get("wall"))}`, (news) => this.hear(news), () => location.reload());
  }

  get options() {
    return { token: memory.get("wall") };
  }

  drawAbout() {
    const { title, link, code, picture: address, parts } = this.about;
    place("inside").hidden = false;
    place("title").textContent = title;
    place("picture").src = address;
    place("link").textContent = link;
    place("code").textContent = code;
    this.buttons = parts.map((part) => button(part.title));
    this.buttons.forEach((node, index) => node.addEventListener("click", () => this.show(parts[index].name)));
    place("parts").replaceChildren(...this.buttons);
  }

  hear({ present, answers, refusals }) {
    const lines = [counted(present, "page is open", "pages are open"), counted(answers, "answer", "answers"),
      counted(refusals, "of them a refusal", "of them refusals")];
    place("counts").replaceChildren(...lines.map((line) => element("li", {}, line)));
    this.look();
  }

  // -- what is shown -------------------------------------------------------------------------------

  show(name) {
    this.part = this.about.parts.find((part) => part.name === name) ?? this.about.parts[0];
    memory.set("wall part", this.part.name);
    this.about.parts.forEach((part, index) => this.buttons[index].setAttribute("aria-pressed", part === this.part));
    this.index = 0;
    this.look();
  }

  go(by) {
    const index = this.index + by;
    if (index < 0 || index >= this.part.items.length) return;
    this.index = index;
    this.look();
  }

  look() {
    this.queue = this.queue.then(() => this.draw());
  }

  async draw() {
    const { part, index } = this;
    const shown = await told(`/beamer/shown?exercise=${part.name}&index=${index}`, this.options).catch(() => null);
    if (!shown || part !== this.part || index !== this.index) return;
    place("item").textContent = `${shown.title} (${index + 1} of ${part.items.length})`;
    place("previous").setAttribute("aria-disabled", index === 0);
    place("next").setAttribute("aria-disabled", index === part.items.length - 1);
    place("panels").replaceChildren(...(await Promise.all(shown.panels.map((panel) => this.panel(panel)))));
    place("drawings").replaceChildren(...shown.drawings.map(({ title, words, address }) =>
      element("figure", {}, element("img", { src: address, alt: words }), element("figcaption", {}, title))));
    place("lists").replaceChildren(...shown.lists.map(({ title, lines }) => element("section", {}, element("h2", {}, title),
      element("ul", {}, ...lines.map((line) => element("li", { dir: "auto" }, line))))));
    place("refusals").replaceChildren(...shown.refusals.map((words) => element("li", { dir: "auto" }, `Refused: ${words}`)));
    place("credit").textContent = shown.credit;
  }

  async panel({ picture: number, alt }) {
    if (!this.urls.has(number)) {
      const { data, media_type: type } = await picture(number, this.options);
      this.urls.set(number, URL.createObjectURL(new Blob([data], { type })));
    }
    return element("figure", {}, element("img", { src: this.urls.get(number), alt }));
  }
}

new Wall().open();
