/**
 * The wall of a class: how to join, who is here, and what was said, as it is said. What people say is put on the page
 * as text, or as an image in which nothing can run.
 */

import { element, trigger } from "../../widgets/parts.js";
import { image, listen, memory, place, told } from "./http.js";

/**
 * @typedef {{ name: string, title: string, items: unknown[] }} Activity
 * @typedef {object} Shown
 * @property {string} title
 * @property {{ image: number, alt: string }[]} panels
 * @property {{ title: string, words: string, address: string }[]} drawings
 * @property {{ title: string, lines: string[] }[]} lists
 * @property {string[]} refusals
 * @property {string} credit
 */

/**
 * @param {number} number
 * @param {string} one
 * @param {string} many
 */
const counted = (number, one, many) => `${number} ${number === 1 ? one : many}`;

class ProjectorPage {
  /** @type {Map<number, string>} */
  urls = new Map();
  /** @type {Activity[]} */
  activities = [];
  /** @type {HTMLButtonElement[]} */
  buttons = [];
  activity = /** @type {Activity} */ ({ name: "", title: "", items: [] });
  index = 0;
  queue = Promise.resolve();

  constructor() {
    place("previous").addEventListener("click", () => this.go(-1));
    place("next").addEventListener("click", () => this.go(1));
  }

  /** The secret is in the link alone, and leaves the address before anybody reads it from the wall. */
  async open() {
    const secret = location.hash.slice(1);
    if (secret) memory.set("projector", secret);
    history.replaceState(null, "", location.pathname);
    try {
      this.drawAbout(await told("/projector/about", this.options));
    } catch (error) {
      place("refused").textContent = /** @type {Error} */ (error).message;
      return;
    }
    this.show(memory.get("projector activity"));
    const address = `/projector/events?secret=${encodeURIComponent(memory.get("projector"))}`;
    listen(
      address,
      (news) => this.hear(news),
      () => location.reload(),
    );
  }

  get options() {
    return { token: memory.get("projector") };
  }

  /** @param {{ title: string, link: string, code: string, image: string, activities: Activity[] }} about */
  drawAbout({ title, link, code, image: address, activities }) {
    place("inside").hidden = false;
    place("title").textContent = title;
    place("image").setAttribute("src", address);
    place("link").textContent = link;
    place("code").textContent = code;
    this.activities = activities;
    this.buttons = activities.map((activity) => trigger(activity.title, () => this.show(activity.name)));
    place("activities").replaceChildren(...this.buttons);
  }

  /** @param {{ present: number, answers: number, refusals: number, strain: { shut: string[] } }} news */
  hear({ present, answers, refusals, strain }) {
    const lines = [
      counted(present, "page is open", "pages are open"),
      counted(answers, "answer", "answers"),
      counted(refusals, "of them a refusal", "of them refusals"),
    ];
    const shut = strain.shut.length ? [this.shutDoor()] : [];
    place("counts").replaceChildren(...lines.map((line) => element("li", {}, line)), ...shut);
    this.look();
  }

  /** What stands there while nobody new gets in, after many wrong codes. */
  shutDoor() {
    const open = trigger("Open the door", () => told("/projector/door", { body: {}, ...this.options }).catch(() => {}));
    return element("li", {}, "Too many wrong codes: nobody new gets in from where they came. ", open);
  }

  // -- what is shown -------------------------------------------------------------------------------

  /** @param {string} name */
  show(name) {
    this.activity = this.activities.find((activity) => activity.name === name) ?? this.activities[0];
    memory.set("projector activity", this.activity.name);
    for (const [index, activity] of this.activities.entries())
      this.buttons[index].setAttribute("aria-pressed", String(activity === this.activity));
    this.index = 0;
    this.look();
  }

  /** @param {number} by */
  go(by) {
    const index = this.index + by;
    if (index < 0 || index >= this.activity.items.length) return;
    this.index = index;
    this.look();
  }

  look() {
    this.queue = this.queue.then(() => this.draw());
  }

  async draw() {
    const { activity, index } = this;
    /** @type {Shown | null} */
    const shown = await told(`/projector/shown?exercise=${activity.name}&index=${index}`, this.options).catch(
      () => null,
    );
    if (!shown || activity !== this.activity || index !== this.index) return;
    place("item").textContent = `${shown.title} (${index + 1} of ${activity.items.length})`;
    place("previous").setAttribute("aria-disabled", String(index === 0));
    place("next").setAttribute("aria-disabled", String(index === activity.items.length - 1));
    place("panels").replaceChildren(...(await Promise.all(shown.panels.map((panel) => this.panel(panel)))));
    place("drawings").replaceChildren(
      ...shown.drawings.map(({ title, words, address }) =>
        element("figure", {}, element("img", { src: address, alt: words }), element("figcaption", {}, title)),
      ),
    );
    place("lists").replaceChildren(
      ...shown.lists.map(({ title, lines }) =>
        element(
          "section",
          {},
          element("h2", {}, title),
          element("ul", {}, ...lines.map((line) => element("li", { dir: "auto" }, line))),
        ),
      ),
    );
    place("refusals").replaceChildren(
      ...shown.refusals.map((words) => element("li", { dir: "auto" }, `Refused: ${words}`)),
    );
    place("credit").textContent = shown.credit;
  }

  /** @param {{ image: number, alt: string }} panel */
  async panel({ image: number, alt }) {
    const src = this.urls.get(number) ?? (await this.fetched(number));
    return element("figure", {}, element("img", { src, alt }));
  }

  /** @param {number} number */
  async fetched(number) {
    const { data, media_type: type } = await image(number, this.options);
    const url = URL.createObjectURL(new Blob([data], { type }));
    this.urls.set(number, url);
    return url;
  }
}

new ProjectorPage().open();
