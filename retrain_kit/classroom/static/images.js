/**
 * Choosing the images of an exercise: by name, from thumbnails, with what share of each is blank.
 */

import { gettext, marked, ngettext } from "../../widgets/languages.js";
import { element, trigger } from "../../widgets/parts.js";
import { ask, place, told } from "./http.js";

/** @typedef {{ name: string, title: string, number: number, blank: number }} Entry */
/** @typedef {import("./teacher.js").Activity} Activity */

const WORDS = {
  1: marked("They are shown in the order in which you choose them. Answers to other images stay."),
  2: marked("Two by two they make pairs, in the order in which you choose them. Answers to other pairs stay."),
};

export class ImageChoice {
  /** @type {Activity | null} */
  activity = null;
  /** @type {string[]} */
  chosen = [];
  start = 0;
  /** @type {Map<number, Promise<string>>} */
  urls = new Map();

  /**
   * @param {(act: object) => Promise<unknown>} act
   * @param {() => { token: string }} options
   */
  constructor(act, options) {
    this.act = act;
    this.options = options;
    place("choosing-no").addEventListener("click", () => this.dialog.close());
    place("choosing-yes").addEventListener("click", () => this.take());
    place("images-before").addEventListener("click", () => this.turn(-1));
    place("images-after").addEventListener("click", () => this.turn(1));
  }

  get dialog() {
    return /** @type {HTMLDialogElement} */ (place("choosing"));
  }

  /** @param {Activity} activity */
  async open(activity) {
    this.activity = activity;
    this.chosen = [...activity.chosen];
    this.start = 0;
    place("choosing-title").textContent = gettext("Images of {exercise}", { exercise: activity.title });
    place("choosing-words").textContent = gettext(WORDS[/** @type {1} */ (activity.of_item)]);
    place("choosing-fault").textContent = "";
    place("images").replaceChildren();
    this.dialog.showModal();
    place("choosing-title").focus();
    await this.fetch();
  }

  async fetch() {
    const asked = new URLSearchParams({ exercise: this.activity?.name ?? "", from: String(this.start) });
    const { images, start, total } = await told(`/teacher/images?${asked}`, this.options());
    this.size = Math.max(this.size, images.length);
    place("images").replaceChildren(.../** @type {Entry[]} */ (images).map((entry) => this.entry(entry)));
    place("images-before").hidden = start === 0;
    place("images-after").hidden = start + images.length >= total;
    place("images-range").textContent =
      total > images.length
        ? gettext("{from} to {to} of {total}", { from: start + 1, to: start + images.length, total })
        : "";
    this.count();
  }

  size = 0;

  /** @param {number} by */
  turn(by) {
    this.start = Math.max(0, this.start + by * this.size);
    this.fetch();
  }

  /** @param {Entry} entry */
  entry({ name, title, number, blank }) {
    const share = gettext("{percent} % of it is blank", { percent: Math.round(100 * blank) });
    const img = element("img", { alt: "", loading: "lazy" });
    this.url(number).then(
      (url) => img.setAttribute("src", url),
      () => {},
    );
    const button = trigger("", () => this.toggle(name), { "data-name": name });
    button.replaceChildren(
      img,
      element("span", {}, title),
      element("span", { class: "rk-quiet" }, share),
      element("strong"),
    );
    return element("li", {}, button);
  }

  /** @param {string} name */
  toggle(name) {
    const others = this.chosen.filter((each) => each !== name);
    this.chosen = others.length < this.chosen.length ? others : [...others, name];
    this.count();
  }

  count() {
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (place("images").querySelectorAll("[data-name]"))) {
      const at = this.chosen.indexOf(button.dataset.name ?? "");
      button.setAttribute("aria-pressed", String(at >= 0));
      /** @type {HTMLElement} */ (button.querySelector("strong")).textContent = at < 0 ? "" : String(at + 1);
    }
    place("choosing-count").textContent = ngettext(
      "{count} image is chosen.",
      "{count} images are chosen.",
      this.chosen.length,
    );
  }

  async take() {
    try {
      await this.act({ act: "images", exercise: this.activity?.name, images: this.chosen });
      this.dialog.close();
    } catch (error) {
      place("choosing-fault").textContent = /** @type {Error} */ (error).message;
    }
  }

  /** @param {number} number */
  url(number) {
    const known =
      this.urls.get(number) ??
      ask(`/teacher/thumbnails/${number}`, this.options()).then(async (found) =>
        URL.createObjectURL(await found.blob()),
      );
    this.urls.set(number, known);
    return known;
  }
}
