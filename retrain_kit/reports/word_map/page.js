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
  /**
   * @param {Tree} tree
   * @param {{ withdrawn: Record<number, string> }} told
   */
  constructor(tree, told) {
    this.tree = tree;
    this.told = told;
    this.map = new WordMap(/** @type {HTMLCanvasElement} */ (part("map")), tree, (place) => this.tell(place));
    const field = /** @type {HTMLInputElement} */ (part("find"));
    field.addEventListener("input", () => this.find(field.value));
  }

  open() {
    part("room").hidden = false;
    this.map.open();
  }

  /**
   * @param {number} place
   * @param {string} name
   */
  way(place, name = this.tree.name(place)) {
    const go = () => {
      part("found-list").replaceChildren();
      part("found").textContent = "";
      this.map.choose(place);
    };
    return trigger(name, go, { "data-id": this.tree.ids[place] });
  }

  /** @param {number} place */
  tell(place) {
    const { tree } = this;
    const path = tree.path(place);
    part("path").replaceChildren(...path.map((each) => this.way(each, tree.firstWord(each))));
    const kind = tree.kinds[place];
    const lines = [tree.ids[place], `${spelled(tree.below[place])} below it`];
    if (kind & INSTANCE) lines.push("no kind, but one person, place or thing with a name");
    if (kind & WITHDRAWN) lines.push(`withdrawn: ${this.told.withdrawn[place]}`);
    if (kind & VEILED) lines.push("veiled: its words are not in this file");
    if (tree.counted) lines.push(...this.counts(place));
    part("about").replaceChildren(
      element("h2", {}, tree.name(place)),
      ...lines.map((line) => element("p", { class: "rk-quiet" }, line)),
      ...this.list("Also below", tree.alsoAbove.get(place) ?? []),
      ...this.list("Below it", [...tree.children(place), ...(tree.alsoBelow.get(place) ?? [])]),
    );
  }

  /** @param {number} place */
  counts(place) {
    const { tree } = this;
    const above = tree.parent[place];
    const beside = (above < 0 ? this.map.tops : [...tree.children(above)]).filter((each) => each !== place);
    const never = beside.filter((each) => !tree.imagesBelow[each]).length;
    return [
      `in ${spelled(tree.images[place])} images, with all below it in ${spelled(tree.imagesBelow[place])}`,
      `borne by ${spelled(tree.annotations[place])} annotations, with all below it by ${spelled(tree.annotationsBelow[place])}`,
      `${spelled(beside.length)} beside it, ${spelled(never)} of them never used`,
    ];
  }

  /**
   * @param {string} title
   * @param {number[]} places
   */
  list(title, places) {
    if (!places.length) return [];
    const rows = element("ul");
    this.extend(rows, places, 0);
    return [element("h3", {}, `${title} (${spelled(places.length)})`), rows];
  }

  /**
   * List the next places, and a button for those behind them.
   *
   * @param {HTMLElement} rows
   * @param {number[]} places
   * @param {number} start
   */
  extend(rows, places, start) {
    const end = start + MOST_LISTED;
    rows.append(...places.slice(start, end).map((place) => element("li", {}, this.way(place))));
    if (end >= places.length) return;
    const words = `Show ${spelled(Math.min(MOST_LISTED, places.length - end))} more of ${spelled(places.length)}`;
    const more = element("li");
    const press = trigger(words, () => {
      more.remove();
      this.extend(rows, places, end);
      /** @type {HTMLElement} */ (rows.children[end].firstElementChild).focus();
    });
    more.append(press);
    rows.append(more);
  }

  /** @param {string} text */
  find(text) {
    const { all, places } = this.tree.find(text, MOST_FOUND);
    const shown = all > places.length ? `${spelled(all)} found, the first ${places.length} shown` : `${all} found`;
    part("found").textContent = text.trim() ? shown : "";
    part("found-list").replaceChildren(
      ...places.map((place) => {
        const above = this.tree.parent[place];
        const where = above < 0 ? "" : `below ${this.tree.firstWord(above)}`;
        return element("li", {}, this.way(place), element("span", { class: "rk-quiet" }, where));
      }),
    );
  }
}

const words = readTree(part("words").textContent ?? "");
new Page(words, JSON.parse(part("told").textContent ?? "")).open();
