/**
 * Turn over images of a study, each with a label hanging on it; then without what was tagged, the label still there.
 *
 * The kernel draws and tells the turns; this module shows the one it is given and asks for another. Whether the image
 * is shown without what was tagged is a matter of one view alone.
 */

import { button, control, element, once, shelter, trigger } from "./parts.js";

/**
 * @import { Model } from "./types.d.ts"
 *
 * @typedef {"lot" | "label" | "depth"} By
 * @typedef {{ name: string, alt: string, data: BufferSource, media_type: string }} View
 * @typedef {object} Turn
 * @property {string} title
 * @property {string} label
 * @property {string[][]} paths every way from the top down to the label
 * @property {[name: string, text: string][]} above
 * @property {[name: string, text: string][]} below
 * @property {[x: number, y: number] | null} place where the label hangs, as shares of the image
 * @property {boolean} tagged whether anything in the image was
 * @property {string} caption
 * @property {string} credit
 * @property {number} width
 * @property {number} height
 * @property {[View, View]} views the image as tagged, and without what was tagged
 *
 * @typedef {object} Traits
 * @property {By} by
 * @property {string} label
 * @property {number} index
 * @property {number} count
 * @property {Turn | null} turn
 * @property {string} told
 * @property {{ id: string, words: string }[]} offered
 * @property {string} why
 */

/** @type {[by: By, name: string][]} */
const WAYS = [
  ["lot", "By lot"],
  ["label", "Of one label"],
  ["depth", "Deepest first"],
];
/** @type {(keyof Traits)[]} */
const DRAWN = ["by", "label", "index", "count", "turn", "told", "offered"];
/** @type {[keys: string[], meaning: string][]} */
const KEYS = [
  [["←", "→"], "the one before, the next"],
  [["d"], "without what was tagged, or with it"],
];

/** Deeper steps stand no further to the right: a narrow screen has room for their words, too. */
const DEEPEST = 16;

class RouletteView {
  closing = new AbortController();
  /** @type {string[]} */
  urls = [];
  bare = false;
  /** @type {Turn | null} */
  drawn = null;
  drawing = () => this.draw();

  root = control("div", {
    class: "rk-widget rk-roulette-widget",
    role: "group",
    tabindex: "0",
    "aria-label": "Roulette, turned round",
  });
  ways = new Map(WAYS.map(([by, name]) => [by, trigger(name, () => this.go({ by, index: 0 }))]));
  choices = element("datalist", { id: `labels-${once()}` });
  field = control("input", { type: "text", autocomplete: "off", spellcheck: "false", list: this.choices.id });
  asking = element("label", { class: "rk-asked-label" }, element("span", {}, "Which label"), this.field, this.choices);
  previous = button("‹", { "aria-label": "The one before" });
  next = button("Next ›", { class: "rk-button rk-main" });
  position = element("span", { class: "rk-position" });
  title = element("h3");
  image = element("img", { class: "rk-image", decoding: "sync", draggable: "false" });
  string = element("span", { class: "rk-string", "aria-hidden": "true" });
  tag = element("p", { class: "rk-tag", dir: "auto" });
  stage = element("div", { class: "rk-stage" }, this.image, this.string);
  take = button("Without what was tagged", { "aria-pressed": "false" });
  caption = element("p", { class: "rk-caption" });
  credit = element("p", { class: "rk-credit" });
  said = element("dl", { class: "rk-terms" });
  live = element("p", { class: "rk-live", role: "status" });
  why = element("p", { class: "rk-why" });

  /**
   * @param {Model<Traits>} model
   * @param {HTMLElement} host
   */
  constructor(model, host) {
    this.model = model;
    this.build();
    this.listen();
    host.append(this.root);
    this.draw();
  }

  close() {
    this.closing.abort();
    for (const trait of DRAWN) this.model.off(`change:${trait}`, this.drawing);
    this.revoke();
    this.root.remove();
  }

  build() {
    const ways = element("div", { class: "rk-modes", role: "group", "aria-label": "Which comes next" });
    ways.append(...this.ways.values());
    const steps = element("div", { class: "rk-steps" }, this.previous, this.position, this.next);
    const header = element("div", { class: "rk-header" }, ways, this.asking, steps);
    const hung = element("div", { class: "rk-hung" }, this.stage, this.tag);
    const seen = element("div", { class: "rk-seen" }, hung, this.take, this.caption, this.credit);
    const body = element("div", { class: "rk-body" }, seen, element("div", {}, this.title, this.said));
    const lines = KEYS.map(([keys, meaning]) =>
      element("span", {}, ...keys.flatMap((key) => [element("kbd", {}, key), " "]), meaning),
    );
    const help = element("p", { class: "rk-help" }, "Keys: ", ...lines.flatMap((line) => [line, " "]));
    this.root.append(header, this.live, body, this.why, help);
  }

  listen() {
    const { signal } = this.closing;
    this.root.addEventListener("keydown", (event) => this.press(event), { signal });
    this.previous.addEventListener("click", () => this.step(-1), { signal });
    this.next.addEventListener("click", () => this.step(1), { signal });
    this.take.addEventListener("click", () => this.strip(), { signal });
    this.field.addEventListener("change", () => this.go({ label: this.field.value, index: 0 }), { signal });
    for (const trait of DRAWN) this.model.on(`change:${trait}`, this.drawing);
  }

  // -- what the reader does ------------------------------------------------------------------------

  /** @param {Partial<Traits>} changes */
  go(changes) {
    const entries = /** @type {[keyof Traits, Traits[keyof Traits]][]} */ (Object.entries(changes));
    for (const [trait, value] of entries) this.model.set(trait, value);
    this.model.save_changes();
    if (changes.by === "label") this.field.focus();
  }

  /** After the last comes the first, and before the first the last. @param {number} by */
  step(by) {
    const count = this.model.get("count");
    if (count > 1) this.go({ index: (this.model.get("index") + by + count) % count });
  }

  /** Show the image without what was tagged, or with it again. */
  strip() {
    if (!this.drawn?.tagged) return;
    this.bare = !this.bare;
    this.drawImage();
    this.live.textContent = this.drawn.views[Number(this.bare)].name;
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    shelter(event);
    if (event.target === this.field) return;
    /** @type {Record<string, () => void>} */
    const actions = { ArrowLeft: () => this.step(-1), ArrowRight: () => this.step(1), d: () => this.strip() };
    if (!(event.key in actions)) return;
    event.preventDefault();
    event.stopPropagation();
    actions[event.key]();
  }

  // -- drawing -------------------------------------------------------------------------------------

  draw() {
    const by = this.model.get("by");
    for (const [each, way] of this.ways) way.setAttribute("aria-pressed", String(each === by));
    this.asking.hidden = by !== "label";
    if (document.activeElement !== this.field) this.field.value = this.model.get("label");
    if (!this.choices.childElementCount)
      this.choices.append(...this.model.get("offered").map(({ id, words }) => element("option", { value: id }, words)));
    const count = this.model.get("count");
    this.position.textContent = count ? `${this.model.get("index") + 1} of ${count.toLocaleString("en")}` : "";
    for (const step of [this.previous, this.next]) step.setAttribute("aria-disabled", String(count < 2));
    this.live.textContent = this.model.get("told");
    this.why.textContent = this.model.get("why");
    const turn = this.model.get("turn");
    if (turn !== this.drawn) this.drawTurn(turn);
  }

  /** @param {Turn | null} turn */
  drawTurn(turn) {
    this.drawn = turn;
    this.bare = false;
    this.revoke();
    if (!turn) return;
    this.urls = turn.views.map(({ data, media_type: type }) => URL.createObjectURL(new Blob([data], { type })));
    const [x, y] = turn.place ?? [0.5, 1];
    const sizes = {
      "--rk-x": x,
      "--rk-y": y,
      "--rk-left": `${x}fr`,
      "--rk-right": `${1 - x}fr`,
      "--rk-width": `${turn.width}px`,
      "--rk-ratio": turn.width / turn.height,
    };
    for (const [name, value] of Object.entries(sizes)) this.root.style.setProperty(name, String(value));
    this.title.textContent = turn.title;
    this.tag.textContent = turn.label;
    const whole = turn.tagged ? "" : "Nothing in it was tagged: the label is said of the whole image.";
    this.caption.textContent = [whole, turn.caption].filter(Boolean).join(" ");
    this.take.hidden = !turn.tagged;
    this.credit.textContent = turn.credit;
    const terms = (/** @type {[string, string][]} */ lines) => lines.flatMap(([name, text]) => term(name, text));
    this.said.replaceChildren(...terms(turn.above), ...descent(turn.paths), ...terms(turn.below));
    this.drawImage();
  }

  drawImage() {
    if (!this.drawn) return;
    this.image.src = this.urls[Number(this.bare)];
    this.image.alt = this.drawn.views[Number(this.bare)].alt;
    this.take.setAttribute("aria-pressed", String(this.bare));
  }

  revoke() {
    for (const url of this.urls) URL.revokeObjectURL(url);
    this.urls = [];
  }
}

/**
 * @param {string} name
 * @param {...(Node | string)} said
 */
function term(name, ...said) {
  return [element("dt", {}, name), element("dd", { dir: "auto" }, ...said)];
}

/**
 * Return the first way down as steps, and the others in a line each.
 *
 * @param {string[][]} paths
 */
function descent([first, ...others]) {
  const steps = first.map((words, number) => {
    const step = element("li", {}, words);
    step.style.setProperty("--rk-step", String(Math.min(number, DEEPEST)));
    return step;
  });
  const more = others.map((path) => element("p", {}, path.join(" → ")));
  const list = element("ol", { class: "rk-way" }, ...steps);
  return term("path, from the top down", list, ...(more.length ? [element("p", {}, "and:"), ...more] : []));
}

/** @param {{ model: Model<Traits>, el: HTMLElement }} place */
function render({ model, el }) {
  const view = new RouletteView(model, el);
  return () => view.close();
}

export default { render };
