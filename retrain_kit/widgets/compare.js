/**
 * Lay two views of one frame side by side, under a divider, or one upon the other.
 *
 * The kernel keeps and checks the state; this module draws it and reports what the reader does.
 * Playing is a matter of one view alone: it is no part of the state and never starts by itself.
 */

import { button, control, element } from "./parts.js";

/**
 * @import { Model } from "./types.d.ts"
 *
 * @typedef {"side" | "swipe" | "flip"} Mode
 * @typedef {"left" | "right"} Side
 * @typedef {{ name: string, alt: string, data: BufferSource, media_type: string }} View
 * @typedef {{ number: number, shown: string, colour: string, text_colour: string, regions: number }} Key
 * @typedef {{ title: string, caption: string, credit: string, width: number, height: number, views: View[], legend?: Key[] }} Item
 *
 * @typedef {object} Traits
 * @property {Item[]} items
 * @property {number} index
 * @property {Mode} mode
 * @property {string} left
 * @property {string} right
 * @property {number} divider
 * @property {number} pace_ms
 */

/** @type {Mode[]} */
const MODES = ["side", "swipe", "flip"];
const MODE_NAMES = { side: "Side by side", swipe: "Swipe", flip: "Flip" };
/** @type {Record<string, Mode>} */
const MODE_KEYS = { s: "side", w: "swipe", f: "flip" };
/** @type {Side[]} */
const SIDES = ["left", "right"];
/** @type {Record<Side, Side>} */
const OTHER = { left: "right", right: "left" };
/** @type {(keyof Traits)[]} */
const TRAITS = ["items", "index", "mode", "left", "right", "divider", "pace_ms"];

// One flash is two changes of image: at 170 ms a change there are fewer than three flashes a second.
const FASTEST_MS = 170;
const SLOWEST_MS = 4000;
const PACE_STEP_MS = 100;

/** @type {Record<Mode | "all" | "still", [keys: string[], meaning: string][]>} */
const HELP = {
  all: [
    [["s"], "side by side"],
    [["w"], "swipe"],
    [["f"], "flip"],
    [["[", "]"], "previous, next item"],
  ],
  side: [],
  swipe: [
    [["←", "→"], "divider, with shift in larger steps"],
    [["Home", "End"], "to the edges"],
  ],
  flip: [
    [["space"], "play or pause"],
    [["←", "→"], "left or right view"],
    [["+", "−"], "faster, slower"],
  ],
  still: [
    [["space"], "flip"],
    [["←", "→"], "left or right view"],
  ],
};

// Keys a focused control needs for itself.
/** @type {Record<string, (key: string) => boolean>} */
const OWN_KEYS = {
  BUTTON: (key) => key === " " || key === "Enter",
  INPUT: (key) => /^(Arrow|Home|End|Page)/.test(key),
  SELECT: (key) => key !== "[" && key !== "]",
};

/** @type {(value: number, least: number, most: number) => number} */
const clamp = (value, least, most) => Math.min(most, Math.max(least, value));
/** @type {(fraction: number) => number} */
const percent = (fraction) => Math.round(fraction * 100);

/** @param {Side} side */
function buildImage(side) {
  return element("img", { class: `rk-image rk-${side}`, draggable: "false", decoding: "sync" });
}

/** @param {Key} key */
function legendRow({ number, shown, colour, text_colour, regions }) {
  const chip = element("span", { class: "rk-key" }, String(number));
  Object.assign(chip.style, { background: colour, color: text_colour });
  const times = regions > 1 ? element("span", { class: "rk-quiet" }, ` × ${regions}`) : "";
  return element("li", {}, chip, " ", element("bdi", {}, shown), times);
}

class Comparison {
  closing = new AbortController();
  /** @type {Map<View, string>} */
  urls = new Map();
  /** @type {Side} */
  shown = "left";
  flippedAt = Number.NEGATIVE_INFINITY;
  /** @type {number | undefined} */
  timer = undefined;
  /** @type {Item | undefined} */
  drawnItem = undefined;
  less = window.matchMedia("(prefers-reduced-motion: reduce)");
  drawing = () => this.draw();

  root = control("div", { class: "rk-widget rk-compare-widget", role: "group", tabindex: "0" });
  title = element("p", { class: "rk-title" });
  previous = button("‹", { "aria-label": "Previous item" });
  next = button("›", { "aria-label": "Next item" });
  position = element("span", { class: "rk-position" });
  steps = element("div", { class: "rk-steps" }, this.previous, this.position, this.next);
  modes = { side: button(MODE_NAMES.side), swipe: button(MODE_NAMES.swipe), flip: button(MODE_NAMES.flip) };
  selects = { left: control("select"), right: control("select") };
  images = { left: buildImage("left"), right: buildImage("right") };
  divider = control("div", {
    class: "rk-divider",
    role: "slider",
    tabindex: "0",
    "aria-orientation": "horizontal",
    "aria-valuemin": "0",
    "aria-valuemax": "100",
  });
  stage = element("div", { class: "rk-stage" }, this.images.left, this.images.right, this.divider);
  play = button("Play", { "aria-pressed": "false" });
  turn = button("Flip once");
  range = control("input", { type: "range", min: FASTEST_MS, max: SLOWEST_MS, step: 10 });
  pace = element("output", { "aria-live": "off" });
  pacing = element("label", { class: "rk-pace" }, element("span", {}, "Pace"), this.range, this.pace);
  note = element(
    "p",
    { class: "rk-aside" },
    "Your system asks for less motion: the images flip only when you click them or press space.",
  );
  legend = element("ul", { class: "rk-legend", "aria-label": "Labels" });
  caption = element("p", { class: "rk-caption" });
  credit = element("p", { class: "rk-credit" });
  help = element("p", { class: "rk-help" });
  live = element("p", { class: "rk-hidden", "aria-live": "polite" });

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
    this.pause();
    this.closing.abort();
    for (const trait of TRAITS) this.model.off(`change:${trait}`, this.drawing);
    this.revoke();
    this.root.remove();
  }

  // -- building ------------------------------------------------------------------------------------

  build() {
    const player = element("div", { class: "rk-player" }, this.play, this.turn, this.pacing, this.note);
    const frame = element("div", { class: "rk-frame" }, this.buildPicks(), this.stage, player);
    this.root.append(this.buildHeader(), frame, this.legend, this.caption, this.credit, this.help, this.live);
  }

  buildHeader() {
    const group = { class: "rk-modes", role: "group", "aria-label": "How to compare" };
    const modes = element("div", group, ...MODES.map((mode) => this.modes[mode]));
    return element("div", { class: "rk-header" }, this.title, this.steps, modes);
  }

  buildPicks() {
    /** @type {(side: Side, label: string) => HTMLElement} */
    const pick = (side, label) =>
      element("label", { class: `rk-pick rk-${side}` }, element("span", {}, label), this.selects[side]);
    return element("div", { class: "rk-picks" }, pick("left", "Left"), pick("right", "Right"));
  }

  /**
   * Listen until the widget is closed.
   *
   * @template {keyof HTMLElementEventMap} Type
   * @param {HTMLElement} target
   * @param {Type} type
   * @param {(event: HTMLElementEventMap[Type]) => void} handler
   */
  on(target, type, handler) {
    target.addEventListener(type, handler, { signal: this.closing.signal });
  }

  listen() {
    this.on(this.root, "keydown", (event) => this.press(event));
    this.on(this.previous, "click", () => this.step(-1));
    this.on(this.next, "click", () => this.step(1));
    for (const mode of MODES) this.on(this.modes[mode], "click", () => this.write({ mode }));
    for (const side of SIDES) this.on(this.selects[side], "change", () => this.choose(side, this.selects[side].value));
    this.on(this.play, "click", () => this.toggle());
    this.on(this.turn, "click", () => this.flip());
    this.on(this.range, "input", () => this.write({ pace_ms: Number(this.range.value) }));
    this.less.addEventListener("change", this.drawing, { signal: this.closing.signal });
    this.listenToPointer();
    for (const trait of TRAITS) this.model.on(`change:${trait}`, this.drawing);
  }

  listenToPointer() {
    this.on(this.stage, "pointerdown", (event) => this.grasp(event));
    this.on(this.stage, "pointermove", (event) => this.drag(event));
    this.on(this.stage, "click", () => this.mode === "flip" && this.flip());
    // The divider has taken the focus already; the press would hand it on to the whole widget.
    this.on(this.stage, "mousedown", (event) => this.mode === "swipe" && event.preventDefault());
  }

  // -- state ---------------------------------------------------------------------------------------

  get mode() {
    return this.model.get("mode");
  }

  get index() {
    return clamp(this.model.get("index"), 0, this.model.get("items").length - 1);
  }

  get item() {
    return this.model.get("items")[this.index];
  }

  /**
   * The two views compared; where the item has no view of a chosen name, another takes its place.
   *
   * @returns {Record<Side, View>}
   */
  get pair() {
    const { views } = this.item;
    const [leftName, rightName] = [this.model.get("left"), this.model.get("right")];
    const left =
      views.find(({ name }) => name === leftName) ?? views.find(({ name }) => name !== rightName) ?? views[0];
    const others = views.filter((view) => view !== left);
    return { left, right: others.find(({ name }) => name === rightName) ?? others[0] };
  }

  /** @param {Partial<Traits>} changes */
  write(changes) {
    const entries = /** @type {[keyof Traits, Traits[keyof Traits]][]} */ (Object.entries(changes));
    for (const [trait, value] of entries) this.model.set(trait, value);
    this.model.save_changes();
  }

  /** @param {number} by */
  step(by) {
    const index = clamp(this.index + by, 0, this.model.get("items").length - 1);
    if (index === this.index) return;
    this.write({ index });
    this.live.textContent = `${this.position.textContent}: ${this.item.title}`;
  }

  /**
   * @param {Side} side
   * @param {string} name
   */
  choose(side, name) {
    const { [side]: present, [OTHER[side]]: opposite } = this.pair;
    this.write(opposite.name === name ? { [side]: name, [OTHER[side]]: present.name } : { [side]: name });
  }

  /** @param {number} fraction */
  divide(fraction) {
    this.write({ divider: clamp(Math.round(fraction * 1000) / 1000, 0, 1) });
  }

  /** @param {number} milliseconds */
  setPace(milliseconds) {
    this.write({ pace_ms: clamp(milliseconds, FASTEST_MS, SLOWEST_MS) });
  }

  // -- flipping ------------------------------------------------------------------------------------

  get playing() {
    return this.timer !== undefined;
  }

  toggle() {
    if (this.less.matches) this.flip();
    else if (this.playing) this.pause();
    else this.wait();
    this.drawPlayer();
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => {
        this.show(OTHER[this.shown]);
        this.wait();
      },
      clamp(this.model.get("pace_ms"), FASTEST_MS, SLOWEST_MS),
    );
  }

  /**
   * Show the other view, or a given one, by hand: the playing stops.
   *
   * @param {Side} side
   */
  flip(side = OTHER[this.shown]) {
    this.pause();
    if (side !== this.shown && performance.now() - this.flippedAt >= FASTEST_MS) {
      this.show(side);
      this.live.textContent = `Shown: ${this.pair[side].name}`;
    }
    this.drawPlayer();
  }

  /** @param {Side} side */
  show(side) {
    this.shown = side;
    this.flippedAt = performance.now();
    this.drawShown();
  }

  // -- pointer and keys ----------------------------------------------------------------------------

  /** @param {PointerEvent} event */
  grasp(event) {
    if (this.mode !== "swipe" || event.button !== 0) return;
    this.stage.setPointerCapture(event.pointerId);
    this.divider.focus({ preventScroll: true });
    this.drag(event);
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (!this.stage.hasPointerCapture(event.pointerId)) return;
    const { left, width } = this.stage.getBoundingClientRect();
    this.divide((event.clientX - left) / width);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.length === 1) event.stopPropagation();
    if (event.target instanceof Element && OWN_KEYS[event.target.tagName]?.(event.key)) return;
    const action = this.actionOf(event);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {(() => void) | undefined}
   */
  actionOf({ key, shiftKey, repeat }) {
    if (key in MODE_KEYS) return () => this.write({ mode: MODE_KEYS[key] });
    if (key === "[" || key === "PageUp") return () => this.step(-1);
    if (key === "]" || key === "PageDown") return () => this.step(1);
    if (this.mode === "swipe") return this.swipeAction(key, shiftKey ? 0.1 : 0.02);
    if (this.mode === "flip") return this.flipAction(key, repeat);
    return undefined;
  }

  /**
   * @param {string} key
   * @param {number} by
   */
  swipeAction(key, by) {
    const divider = this.model.get("divider");
    /** @type {Record<string, number>} */
    const places = {
      ArrowLeft: divider - by,
      ArrowRight: divider + by,
      ArrowDown: divider - by,
      ArrowUp: divider + by,
      Home: 0,
      End: 1,
    };
    return key in places ? () => this.divide(places[key]) : undefined;
  }

  /**
   * @param {string} key
   * @param {boolean} repeat
   */
  flipAction(key, repeat) {
    const pace = this.model.get("pace_ms");
    if (key === " ") return () => repeat || this.toggle();
    if (key === "ArrowLeft") return () => this.flip("left");
    if (key === "ArrowRight") return () => this.flip("right");
    if (key === "+" || key === "=") return () => this.setPace(pace - PACE_STEP_MS);
    if (key === "-" || key === "_") return () => this.setPace(pace + PACE_STEP_MS);
    return undefined;
  }

  // -- drawing -------------------------------------------------------------------------------------

  draw() {
    if (this.mode !== "flip" || this.less.matches) this.pause();
    this.drawItem();
    this.drawMode();
    this.drawPicks();
    this.drawImages();
    this.drawDivider();
    this.drawPlayer();
    this.drawShown();
  }

  drawItem() {
    const { title, caption, credit, width, height } = this.item;
    const count = this.model.get("items").length;
    this.title.textContent = title;
    this.caption.textContent = caption;
    this.caption.hidden = !caption;
    this.credit.textContent = credit;
    this.legend.replaceChildren(...(this.item.legend ?? []).map(legendRow));
    this.position.textContent = `${this.index + 1} of ${count}`;
    this.steps.hidden = count === 1;
    this.previous.setAttribute("aria-disabled", String(this.index === 0));
    this.next.setAttribute("aria-disabled", String(this.index === count - 1));
    this.root.setAttribute("aria-label", `Comparison of images: ${title}`);
    this.root.style.setProperty("--rk-width", `${width}px`);
    this.root.style.setProperty("--rk-ratio", String(width / height));
  }

  drawMode() {
    this.root.dataset.mode = this.mode;
    for (const mode of MODES) this.modes[mode].setAttribute("aria-pressed", String(mode === this.mode));
    this.drawHelp(this.mode === "flip" && this.less.matches ? "still" : this.mode);
  }

  /** @param {Mode | "still"} kind */
  drawHelp(kind) {
    if (this.help.dataset.kind === kind) return;
    this.help.dataset.kind = kind;
    const lines = [...HELP.all, ...HELP[kind]].map(([names, meaning]) =>
      element("span", {}, ...names.flatMap((name) => [element("kbd", {}, name), " "]), meaning),
    );
    this.help.replaceChildren("Keys: ", ...lines.flatMap((line) => [line, " "]));
  }

  drawPicks() {
    const names = this.item.views.map(({ name }) => name);
    for (const side of SIDES) {
      const select = this.selects[side];
      const present = Array.from(select.options, ({ value }) => value);
      if (present.join("\n") !== names.join("\n")) {
        select.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
      }
      select.value = this.pair[side].name;
    }
  }

  drawImages() {
    if (this.drawnItem !== this.item) this.revoke();
    this.drawnItem = this.item;
    for (const side of SIDES) {
      const view = this.pair[side];
      const image = this.images[side];
      const url = this.urlOf(view);
      if (image.src !== url) image.src = url;
      image.alt = view.alt;
    }
  }

  drawDivider() {
    const value = this.model.get("divider");
    const { left, right } = this.pair;
    this.root.style.setProperty("--rk-divider", String(value));
    this.divider.setAttribute("aria-label", `Divider between ${left.name} and ${right.name}`);
    this.divider.setAttribute("aria-valuenow", String(percent(value)));
    this.divider.setAttribute(
      "aria-valuetext",
      `${percent(value)} % ${left.name}, ${100 - percent(value)} % ${right.name}`,
    );
  }

  drawPlayer() {
    const still = this.less.matches;
    this.play.textContent = this.playing ? "Pause" : "Play";
    this.play.hidden = still;
    this.pacing.hidden = still;
    this.note.hidden = !still;
    this.range.value = String(this.model.get("pace_ms"));
    this.range.setAttribute("aria-valuetext", this.paceText);
    this.pace.value = this.paceText;
  }

  get paceText() {
    return `${this.model.get("pace_ms")} ms an image`;
  }

  drawShown() {
    this.root.dataset.shown = this.shown;
  }

  /** @param {View} view */
  urlOf(view) {
    const url = this.urls.get(view) ?? URL.createObjectURL(new Blob([view.data], { type: view.media_type }));
    this.urls.set(view, url);
    return url;
  }

  revoke() {
    for (const url of this.urls.values()) URL.revokeObjectURL(url);
    this.urls.clear();
  }
}

/** @param {{ model: Model<Traits>, el: HTMLElement }} place */
function render({ model, el }) {
  const comparison = new Comparison(model, el);
  return () => comparison.close();
}

export default { render };
