/**
 * What If…? on the wall: all people's degrees of each option under one axis. A dot above an option's line is a number
 * that one person said; a bar below it is the interval of a word, the thicker the more people said it. Where there are
 * too many dots to be seen, the line of a ridge is the higher the more people said a number.
 */

import { gettext, ngettext } from "../../widgets/languages.js";
import { element } from "../../widgets/parts.js";
import { cut, drawn, overflows, unit } from "../../widgets/wall.js";

/** How many seconds options in turn stay. */
export const TURN_S = 12;

const AXIS = 8.4;
const HEAD = 3.6;
const APART = 1.4;
const HIGHEST_ROW = 9;
const COUNT = 7;
const LARGEST_DOT = 2;
const SMALLEST_DOT = 1.1;
const DENSEST = 0.26;
const THICKEST = 1;
const EDGE = 1.9;
const BASE = 0.74;
const TWO_LINES = 6.4;

/** Whether numbers were drawn as ridges. */
let ridges = false;
const SPREAD = 1.6;

/**
 * @typedef {object} Row
 * @property {string} label
 * @property {string} beside
 * @property {number} people
 * @property {[number, number][]} numbers how many people said each number of per cent
 * @property {number[]} words how many people said each word of the scale
 * @typedef {object} Page
 * @property {[string, number, number][]} scale
 * @property {Row[]} rows
 * @property {Row[]} others
 * @property {number} first
 * @property {number} more
 * @property {string[]} silent
 * @property {number} unspoken
 * @property {Row | null} apart
 * @property {boolean} outside
 * @typedef {{ row: Row, top: number, height: number }} Band
 */

/** Where things stand, in pixels. */
class Range {
  /**
   * @param {HTMLElement} host
   * @param {Page} page
   */
  constructor(host, page) {
    this.host = host;
    this.page = page;
    this.px = unit();
    this.width = host.clientWidth;
    this.height = host.clientHeight;
    const bands = page.rows.length + page.others.length + (page.apart ? 1 : 0);
    const heads = AXIS + (page.more ? HEAD : 0) + (page.apart ? APART : 0);
    this.row = Math.min(HIGHEST_ROW * this.px, (this.height - heads * this.px) / Math.max(1, bands));
    this.left = Math.min(0.36 * this.width, 42 * this.px);
    this.right = this.width - (COUNT + EDGE) * this.px;
    this.drawing = drawn("svg", { width: this.width, height: this.height, "aria-hidden": "true" });
    this.list = element("ul", { class: "rk-options" });
    /** @type {Band[]} */
    this.bands = [];
  }

  /** @param {number} share in per cent */
  x(share) {
    const start = this.left + EDGE * this.px;
    return start + ((this.right - start) * share) / 100;
  }

  draw() {
    const { page, px } = this;
    let top = AXIS * px;
    top = this.place(page.rows, top);
    if (page.more) {
      this.head(top);
      top = this.place(page.others, top + HEAD * px);
    }
    if (page.apart) {
      const y = top + 0.8 * px;
      this.drawing.append(drawn("path", { class: "rk-apart", d: `M0 ${y}H${this.width}` }));
      top = this.place([page.apart], top + APART * px);
    }
    this.drawAxis(top);
    const { dot, dense } = this.dots();
    ridges = dense;
    const thick = this.thickness();
    for (const band of this.bands) {
      const base = band.top + band.height * BASE;
      const isOutside = page.outside && band.row === page.apart;
      const line = drawn("path", { class: "rk-base", d: `M${this.x(0)} ${base}H${this.x(100)}` });
      if (!isOutside) this.drawing.append(line);
      this.drawing.append(...this.bars(band.row, base, thick));
      this.drawing.append(...(dense ? this.ridge(band, base) : this.stacks(band.row, base, dot)));
    }
    this.host.replaceChildren(this.drawing, this.list);
    for (const write of this.waiting) write();
  }

  /** @type {(() => void)[]} */
  waiting = [];

  /**
   * @param {Row[]} rows
   * @param {number} top
   */
  place(rows, top) {
    for (const [number, row] of rows.entries()) {
      const at = top + number * this.row;
      this.bands.push({ row, top: at, height: this.row });
      this.label(row, at);
    }
    return top + rows.length * this.row;
  }

  /**
   * @param {Row} row
   * @param {number} top
   */
  label(row, top) {
    const outside = row === this.page.apart && this.page.outside;
    const name = element("span", { class: "rk-name", dir: "auto" });
    const people = element("span", { class: "rk-people" }, String(row.people || ""));
    const item = element("li", {}, name, people);
    item.append(element("span", { class: "rk-unseen" }, spread(row, this.page.scale)));
    this.list.append(item);
    Object.assign(item.style, { top: `${top}px`, height: `${this.row}px` });
    const middle = Math.max(this.row / 2, this.row * BASE - this.px);
    for (const node of [name, people]) node.style.top = `${middle}px`;
    name.style.width = `${this.left}px`;
    const whole = row.beside ? `${row.label} – ${row.beside}` : row.label;
    this.waiting.push(() => {
      name.textContent = whole;
      if (this.row >= TWO_LINES * this.px) name.classList.toggle("rk-two", overflows(name));
      cut(name, whole);
    });
    if (!outside) return;
    const note = element("p", { class: "rk-outside" }, gettext("outside the range: nobody has let it in"));
    item.append(note);
    Object.assign(note.style, { left: `${this.x(0)}px`, top: `${middle}px` });
  }

  /**
   * Say how many options there are besides, above those in turn.
   *
   * @param {number} top
   */
  head(top) {
    const node = element("p", { class: "rk-turn" }, turnText(this.page));
    this.list.append(element("li", { class: "rk-head" }, node));
    Object.assign(node.style, { top: `${top}px`, height: `${HEAD * this.px}px` });
  }

  /** @param {number} bottom */
  drawAxis(bottom) {
    const { px, page } = this;
    const edges = [0, ...page.scale.map(([, , high]) => high)].filter((share) => share !== 1 && share !== 99);
    for (const share of edges) {
      const x = this.x(share);
      this.drawing.append(drawn("path", { class: "rk-grid", d: `M${x} ${AXIS * px}V${bottom}` }));
      if (share === 100) this.write("rk-share", "100 %", [x - 1.6 * px, AXIS - 0.8], "start");
      else this.write("rk-share", String(share), [x, AXIS - 0.8]);
    }
    this.write("rk-word", gettext("people"), [this.width, AXIS - 3.7], "end");
    for (const [name, low, high] of page.scale) {
      const lines = inLines(name, this.x(high) - this.x(low) - 0.4 * px, 2.5 * px);
      const middle = (this.x(low) + this.x(high)) / 2;
      for (const [number, line] of lines.entries())
        this.write("rk-word", line, [middle, AXIS - 3.7 - (lines.length - 1 - number) * 2.6]);
    }
  }

  /**
   * @param {string} kind
   * @param {string} text
   * @param {[number, number]} where from the left in pixels, from the top in hundredths of the screen
   * @param {string} [anchor]
   */
  write(kind, text, [x, y], anchor = "middle") {
    const at = {
      x,
      y: y * this.px,
      "text-anchor": anchor,
      "font-size": 2.5 * this.px,
      "font-weight": kind === "rk-share" ? 600 : 400,
    };
    this.drawing.append(drawn("text", { class: kind, ...at }, text));
  }

  /** How large dots are, and whether a stack is so high that they could not be told from each other. */
  dots() {
    const room = this.row * BASE - 2;
    const most = (/** @type {number} */ size) =>
      Math.max(1, ...this.bands.flatMap(({ row }) => this.stacked(row, size).map(([, count]) => count)));
    const [large, small] = [LARGEST_DOT * this.px, SMALLEST_DOT * this.px];
    const dot = Math.max(small, Math.min(large, room / most(large)));
    return { dot, dense: room - dot < (most(dot) - 1) * dot * DENSEST };
  }

  /**
   * Return where stacks stand, and how many dots each has: those that would touch are one.
   *
   * @param {Row} row
   * @param {number} dot
   * @returns {[number, number][]}
   */
  stacked(row, dot) {
    /** @type {[number, number, number][]} */
    const stacks = [];
    for (const [share, count] of row.numbers) {
      const x = this.x(share);
      const last = stacks.at(-1);
      if (last && x - last[0] < dot) {
        last[1] += count;
        last[2] += x * count;
      } else stacks.push([x, count, x * count]);
    }
    return stacks.map(([, count, sum]) => [sum / count, count]);
  }

  /**
   * Return the dots of a row; those of a high stack are laid over each other.
   *
   * @param {Row} row
   * @param {number} base
   * @param {number} dot
   */
  stacks(row, base, dot) {
    const room = this.row * BASE - 2;
    return this.stacked(row, dot).flatMap(([x, count]) => {
      const step = Math.min(dot, (room - dot) / Math.max(1, count - 1));
      return Array.from({ length: count }, (_, number) =>
        drawn("circle", { class: "rk-dot", cx: x, cy: base - 2 - dot / 2 - number * step, r: dot / 2 }),
      );
    });
  }

  /**
   * Return the line above which so many people are that said about a number.
   *
   * @param {Band} band
   * @param {number} base
   */
  ridge({ row, height }, base) {
    const most = Math.max(...this.bands.map((band) => Math.max(...density(band.row))), 1e-9);
    const points = density(row).map(
      (many, share) => `${this.x(share).toFixed(1)} ${(base - (many / most) * height * BASE).toFixed(1)}`,
    );
    const line = `M${this.x(0)} ${base}L${points.join("L")}L${this.x(100)} ${base}Z`;
    return row.numbers.length ? [drawn("path", { class: "rk-ridge", d: line })] : [];
  }

  /** How thick a bar is for each person who said its word. */
  thickness() {
    const most = Math.max(1, ...this.bands.flatMap(({ row }) => row.words));
    return Math.min(THICKEST * this.px, (this.row * (1 - BASE) * 0.8) / most);
  }

  /**
   * @param {Row} row
   * @param {number} base
   * @param {number} thick
   */
  bars(row, base, thick) {
    return row.words.flatMap((count, number) => {
      const [, low, high] = this.page.scale[number];
      const width = Math.max(3, this.x(high) - this.x(low) - 2);
      const at = { x: this.x(low) + 1, y: base + 1.5, width, height: Math.max(2.5, count * thick) };
      return count ? [drawn("rect", { class: "rk-bar", ...at })] : [];
    });
  }
}

/**
 * Return how to read the drawing, and what nobody has spoken of.
 *
 * @param {Page} page
 */
export function legend({ silent, unspoken }) {
  const sign = (/** @type {SVGElement} */ part) =>
    drawn("svg", { class: "rk-sign", viewBox: "0 0 20 10", "aria-hidden": "true" }, part);
  const number = ridges
    ? [drawn("path", { class: "rk-ridge", d: "M1 9.5L6 9L10 1L14 9L19 9.5Z" }), gettext("numbers: higher, more people")]
    : [drawn("circle", { class: "rk-dot", cx: 10, cy: 5, r: 4 }), gettext("a number that one person said")];
  const word = drawn("rect", { class: "rk-bar", x: 0, y: 3, width: 20, height: 4 });
  const signs = [number, [word, gettext("words, as intervals: thicker, more people")]];
  const lines = signs.map(([part, text]) =>
    element("div", { class: "rk-how" }, sign(/** @type {SVGElement} */ (part)), /** @type {string} */ (text)),
  );
  const none = element("p", {}, gettext("Nobody has said how likely yet: {options}", { options: silent.join(", ") }));
  return unspoken ? [...lines, none] : lines;
}

/**
 * @param {HTMLElement} host
 * @param {Page} page
 */
export function draw(host, page) {
  new Range(host, page).draw();
}

/**
 * Return what an empty wall says of the list.
 *
 * @param {Page} page
 */
export const invitation = ({ silent, apart }) =>
  silent.length
    ? gettext("On the list: {options}", { options: [...silent, ...(apart ? [apart.label] : [])].join(", ") })
    : "";

/** @param {Page} page */
function turnText({ more, first, others }) {
  if (more <= others.length) return ngettext("{count} more option", "{count} more options", more);
  const which = [...new Set([first + 1, first + others.length])].join("–");
  return gettext("{count} more options, in turn: {which}", { count: more, which });
}

/**
 * Return a row in words, for those who cannot see it.
 *
 * @param {Row} row
 * @param {[string, number, number][]} scale
 */
function spread({ people, numbers, words }, scale) {
  if (!people) return "";
  const said = scale.flatMap(([, low, high], number) => (words[number] ? [low, high] : []));
  const every = [...numbers.map(([share]) => share), ...said];
  const span = { low: Math.min(...every), high: Math.max(...every) };
  return ngettext("{count} person, from {low} to {high} %", "{count} people, from {low} to {high} %", people, span);
}

/**
 * Return how many people said about each per cent, each number spread a little to both sides.
 *
 * @param {Row} row
 */
function density({ numbers }) {
  return Array.from({ length: 101 }, (_, share) =>
    numbers.reduce((sum, [number, count]) => sum + count * Math.exp(-(((share - number) / SPREAD) ** 2) / 2), 0),
  );
}

const pen = document.createElement("canvas").getContext("2d");

/**
 * Return a name in one line or in two, as there is room; nothing where there is none.
 *
 * @param {string} name
 * @param {number} room
 * @param {number} size
 */
function inLines(name, room, size) {
  if (!pen) return [];
  pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  const wide = (/** @type {string} */ text) => /** @type {CanvasRenderingContext2D} */ (pen).measureText(text).width;
  if (wide(name) <= room) return [name];
  const words = name.split(" ");
  const splits = words.slice(1).map((_, at) => [words.slice(0, at + 1).join(" "), words.slice(at + 1).join(" ")]);
  const fitting = splits.filter((lines) => lines.every((line) => wide(line) <= room));
  return fitting.sort((one, other) => Math.max(...one.map(wide)) - Math.max(...other.map(wide)))[0] ?? [];
}
