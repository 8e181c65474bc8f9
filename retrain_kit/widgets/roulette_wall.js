/**
 * The roulette for a wall: an image with its label hanging on it, then without what was tagged, and on to the next. It
 * turns slowly by itself, unless somebody says that pages stay, or asks for less motion.
 */

import { element } from "./parts.js";
import { calm, cut, enlarge, LEAST, overflows, reach, unit } from "./wall.js";

/**
 * @import { Turn, View } from "./roulette.js"
 *
 * @typedef {Omit<View, "data"> & { data: string }} Packed
 * @typedef {Omit<Turn, "views"> & { views: [Packed, Packed] }} PackedTurn
 * @typedef {{ turns: PackedTurn[], turn_s: number, why: string, licences: string[], people: string }} State
 */

const HALVES = ["as it was tagged", "without what was tagged"];
const WHOLE = "nothing in it was tagged: the label is said of the whole image";
const LETTERS = 3.4;
const TAG = 5;
const TAG_LINES = 2;
const STRING = 4;
const ROWS = 3;
/** The top, what is below it, a sign for all between, and the label. */
const FEWEST_STEPS = 4;
/** How much of the wall's width an image takes at most. */
const WIDEST = 0.55;

const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

class Wall {
  place = 0;
  half = 0;
  /** The images, those with tags twice. @type {[place: number, half: number][]} */
  halves = [];
  /** @type {[string, string][]} */
  urls = [];
  /** @type {number | undefined} */
  timer;
  less = window.matchMedia("(prefers-reduced-motion: reduce)");

  /** @param {State} state */
  constructor(state) {
    this.state = state;
    part("back").addEventListener("click", () => this.go(-1));
    part("on").addEventListener("click", () => this.go(1));
    part("turning").addEventListener("click", () => this.stay());
    this.less.addEventListener("change", () => this.wait());
    window.addEventListener("resize", () => this.draw());
    reach(part("wall"));
    window.addEventListener("keydown", (event) => this.press(event));
  }

  open() {
    const { turns, why } = this.state;
    const halvesOf = (/** @type {boolean} */ tagged) => (tagged ? [0, 1] : [0]);
    this.halves = turns.flatMap(({ tagged }, place) =>
      halvesOf(tagged).map((half) => /** @type {[number, number]} */ ([place, half])),
    );
    this.urls = turns.map(({ views }) => [unpacked(views[0]), unpacked(views[1])]);
    part("why").textContent = why;
    part("wall").hidden = false;
    this.go(0);
  }

  get turn() {
    return this.state.turns[this.place];
  }

  /** Go half a turn on, or back; after the last comes the first. @param {number} by */
  async go(by) {
    const { halves } = this;
    const at = halves.findIndex(([place, half]) => place === this.place && half === this.half);
    [this.place, this.half] = halves[(at + by + halves.length) % halves.length];
    const image = /** @type {HTMLImageElement} */ (part("image"));
    image.src = this.urls[this.place][this.half];
    image.alt = this.turn.views[this.half].alt;
    await image.decode().catch(() => {});
    this.draw();
    this.wait();
  }

  get stays() {
    return part("turning").getAttribute("aria-pressed") === "true";
  }

  stay() {
    part("turning").setAttribute("aria-pressed", String(!this.stays));
    this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    if (!calm() && !this.stays) this.timer = setTimeout(() => this.go(1), 1000 * this.state.turn_s);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowRight") this.go(1);
    else if (event.key === "ArrowLeft") this.go(-1);
    else if (event.key === " " && !(event.target instanceof HTMLButtonElement)) this.stay();
    else return;
    event.preventDefault();
  }

  // -- drawing -------------------------------------------------------------------------------------

  draw() {
    const { turn, place, half } = this;
    const wall = part("wall");
    wall.dataset.turn = String(place);
    wall.dataset.half = String(half);
    part("now").textContent = `${place + 1} of ${this.state.turns.length} · ${turn.title}`;
    const shown = turn.tagged ? HALVES[half] : WHOLE;
    part("half").textContent = turn.caption && !half ? `${shown} · ${turn.caption}` : shown;
    cut(part("credit"), [turn.credit, ...this.state.licences.map((each) => `${each}.`), this.state.people].join(" "));
    this.drawTag();
    this.drawSaid();
  }

  /** The image as large as there is room for, and below it the label on its string. */
  drawTag() {
    const px = unit();
    const { width, height, place, label } = this.turn;
    const [x, y] = place ?? [0.5, 1];
    const tag = part("tag");
    tag.style.maxHeight = `${(1.25 * TAG * TAG_LINES + 2) * px}px`;
    const room = part("beside");
    const hung = part("hung");
    hung.style.gridTemplateColumns = `minmax(0, ${x}fr) fit-content(100%) minmax(0, ${1 - x}fr)`;
    const most = room.clientHeight - (1.25 * TAG * TAG_LINES + 2 + STRING) * px;
    const scale = Math.min((WIDEST * part("wall").clientWidth) / width, most / height);
    part("wall").style.setProperty("--image", `${width * scale}px`);
    hung.style.width = `${width * scale}px`;
    part("stage").style.height = `${height * scale}px`;
    const string = part("string").style;
    Object.assign(string, { left: `${100 * x}%`, top: `${100 * y}%`, bottom: `${-STRING * px}px` });
    tag.style.fontSize = `${TAG * px}px`;
    tag.textContent = label;
    for (let size = TAG; overflows(tag) && size > LEAST; size = Math.max(LEAST, size * 0.93))
      tag.style.fontSize = `${size * px}px`;
    cut(tag, label);
  }

  /** What is said of it, in letters as large as there is room for; then shortened, the longest first. */
  drawSaid() {
    const { above, below, paths } = this.turn;
    const said = part("said");
    const texts = [...above, ...below].map(([name, text]) => told(name, text));
    const steps = descent(paths[0]);
    const others =
      paths.length > 1
        ? [element("p", {}, `and by ${paths.length - 1} other ${paths.length > 2 ? "ways" : "way"}`)]
        : [];
    said.replaceChildren(...texts.slice(0, above.length), steps, ...others, ...texts.slice(above.length));
    enlarge(said, LETTERS);
    while (overflows(said) && shortenLongest(texts, ROWS));
    while (overflows(said) && steps.childElementCount > FEWEST_STEPS) shortenSteps(steps);
    while (overflows(said) && shortenLongest(texts, 1));
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function told(name, text) {
  return element("p", { dir: "auto" }, element("b", {}, `${name}: `), element("span", {}, text));
}

/** @param {string[]} path */
function descent(path) {
  const steps = path.map((words, number) => {
    const step = element("li", {}, words.split(", ", 1)[0]);
    step.style.paddingLeft = `${0.5 * Math.min(number, 14)}em`;
    return step;
  });
  return element("ol", { id: "way", "aria-label": "The way down to it" }, ...steps);
}

/**
 * Leave out one step more, below the upper ones; a sign stands for all that are left out.
 *
 * @param {HTMLElement} steps
 */
function shortenSteps(steps) {
  const sign = steps.querySelector("[data-left-out]") ?? steps.children[2];
  if (!(sign instanceof HTMLElement)) return;
  if (sign.dataset.leftOut) sign.nextElementSibling?.remove();
  const left = Number(sign.dataset.leftOut ?? 0) + 1;
  sign.dataset.leftOut = String(left);
  sign.textContent = `… ${left} between`;
}

/**
 * Take a line from the longest text; say whether there was one that has more than so many.
 *
 * @param {HTMLElement[]} texts
 * @param {number} least
 */
function shortenLongest(texts, least) {
  const longest = texts.reduce((most, each) => (each.offsetHeight > most.offsetHeight ? each : most));
  const row = 1.25 * Number.parseFloat(getComputedStyle(longest).fontSize);
  const rows = Math.round(longest.offsetHeight / row);
  const text = longest.querySelector("span");
  if (rows <= least || !text) return false;
  longest.style.maxHeight = `${(rows - 1) * row}px`;
  cut(longest, text.textContent ?? "", (shorter) => text.replaceChildren(shorter));
  return true;
}

/** @param {Packed} view */
function unpacked({ data, media_type: type }) {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  return URL.createObjectURL(new Blob([bytes], { type }));
}

const given = JSON.parse(part("state").textContent ?? "");
if (given.turns.length) new Wall(given).open();
