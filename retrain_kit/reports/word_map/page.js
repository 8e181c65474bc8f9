/** The page of a map of words: the map, what is said of the word that is chosen, and a search. */

import { element, trigger } from "../../widgets/parts.js";
import { WordMap } from "./map.js";
import { INSTANCE, readTree, VEILED, WITHDRAWN } from "./tree.js";

/** @typedef {import("./tree.js").Tree} Tree */

const MOST_LISTED = 200;
const MOST_FOUND = 40;

const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const spelled = (/** @type {number} */ number) => number.toLocaleString("en");

class Page {
  /** @param {Tree} tree */
  constructor(tree) {
    this.tree = tree;
    this.map = new WordMap(/** @type {HTMLCanvasElement} */ (part("map")), tree, (place) => this.tell(place));
    const field = /** @type {HTMLInputElement} */ (part("find"));
    field.addEventListener("input", () => this.find(field.value));
  }

  open() {
    part("room").hidden = false;
    this.map.open();
  }

  /** @param {number} place */
  way(place) {
    return trigger(this.tree.name(place), () => this.map.choose(place));
  }

  /** @param {number} place */
  tell(place) {
    const { tree } = this;
    part("path").replaceChildren(...tree.path(place).map((each) => this.way(each)));
    const kind = tree.kinds[place];
    const lines = [tree.ids[place], `${spelled(tree.below[place])} below it`];
    if (kind & INSTANCE) lines.push("no kind, but one person, place or thing with a name");
    if (kind & WITHDRAWN) lines.push("withdrawn");
    if (kind & VEILED) lines.push("veiled: its words are not in this file");
    if (tree.images.length)
      lines.push(`in ${spelled(tree.images[place])} images, with all below it in ${spelled(tree.imagesBelow[place])}`);
    part("about").replaceChildren(
      element("h2", {}, tree.name(place)),
      ...lines.map((line) => element("p", { class: "rk-quiet" }, line)),
      ...this.list("Also below", tree.alsoAbove.get(place) ?? []),
      ...this.list("Below it", [...tree.children(place), ...(tree.alsoBelow.get(place) ?? [])]),
    );
  }

  /**
   * @param {string} title
   * @param {number[]} places
   */
  list(title, places) {
    if (!places.length) return [];
    const rows = places.slice(0, MOST_LISTED).map((place) => element("li", {}, this.way(place)));
    const more = places.length - rows.length;
    if (more) rows.push(element("li", { class: "rk-quiet" }, `and ${spelled(more)} more: they are on the map`));
    return [element("h3", {}, `${title} (${spelled(places.length)})`), element("ul", {}, ...rows)];
  }

  /** @param {string} text */
  find(text) {
    const { all, places } = this.tree.find(text, MOST_FOUND);
    const shown = all > places.length ? `${spelled(all)} found, the first ${places.length} shown` : `${all} found`;
    part("found").textContent = text.trim() ? shown : "";
    part("found-list").replaceChildren(
      ...places.map((place) => {
        const above = this.tree.parent[place];
        const where = above < 0 ? "" : `, below ${this.tree.name(above)}`;
        return element("li", {}, this.way(place), element("span", { class: "rk-quiet" }, where));
      }),
    );
  }
}

new Page(readTree(part("words").textContent ?? "")).open();
