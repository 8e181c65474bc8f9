/**
 * Play how the annotations of images came, point by point: no image is shown, only what was drawn on it.
 *
 * The kernel sends timelines; this module plays them. Where it stands is a matter of one view alone.
 */

import { button, control, element, shelter, trigger } from "./parts.js";
import { Player } from "./replay_player.js";
import { clock, speed } from "./replay_screen.js";

/**
 * @import { End, Played } from "./replay_player.js"
 * @import { Model } from "./types.d.ts"
 *
 * @typedef {Record<End, [name: string, text: string][]>} Told
 * @typedef {Played & { told: Told, whose: string }} Given
 * @typedef {{ given: Given, end: End, factor: number }} Traits
 */

/** @type {[end: End, name: string][]} */
const ENDS = [
  ["least", "At the least"],
  ["most", "At the most"],
];
/** @type {[keys: string[], meaning: string][]} */
const KEYS = [
  [["space"], "play or pause"],
  [["←", "→"], "the drawing before, the next"],
  [["+", "−"], "faster, slower"],
  [["Home", "End"], "to the beginning, to the end"],
];
/** Steps of the slider. */
const STEPS = 1000;

class ReplayView {
  closing = new AbortController();
  pacing = () => this.pace();
  root = control("div", {
    class: "rk-widget rk-replay-widget",
    role: "group",
    tabindex: "0",
    "aria-label": "The replay",
  });
  grid = element("div", { class: "rk-screens" });
  ends = new Map(ENDS.map(([end, name]) => [end, trigger(name, () => this.set({ end }))]));
  playing = button("Play", { class: "rk-button rk-main" });
  before = button("‹", { "aria-label": "The drawing before" });
  next = button("›", { "aria-label": "The next drawing" });
  slowing = button("−", { "aria-label": "Slower" });
  hurrying = button("+", { "aria-label": "Faster" });
  speed = element("span", { class: "rk-reading" });
  slider = control("input", { type: "range", min: 0, max: STEPS, step: 1, value: 0, "aria-label": "Moment" });
  sum = element("p", { class: "rk-sum" });
  said = element("dl", { class: "rk-terms" });
  /** @type {HTMLElement[]} */
  clocks = [];

  /**
   * @param {Model<Traits>} model
   * @param {HTMLElement} host
   */
  constructor(model, host) {
    this.model = model;
    const given = model.get("given");
    this.player = new Player(given, () => this.drawn());
    this.build();
    host.append(this.root);
    this.listen();
    this.pace();
  }

  close() {
    this.player.pause();
    this.closing.abort();
    this.sizes?.disconnect();
    this.themes?.disconnect();
    this.model.off("change:end", this.pacing);
    this.model.off("change:factor", this.pacing);
    this.root.remove();
  }

  build() {
    const { screens } = this.player;
    this.root.dataset.screens = screens.length > 1 ? "many" : "one";
    for (const { canvas, timeline } of screens) {
      const reading = element("span", { class: "rk-reading" });
      this.clocks.push(reading);
      const name = element("figcaption", {}, element("bdi", {}, timeline.image), " ", reading);
      this.grid.append(element("figure", { class: "rk-screen", title: timeline.credit }, canvas, name));
    }
    const ends = element("div", { class: "rk-modes", role: "group", "aria-label": "Which seconds" });
    ends.append(...this.ends.values());
    const pace = element("div", { class: "rk-steps" }, this.slowing, this.speed, this.hurrying);
    const header = element("div", { class: "rk-header" }, ends, pace);
    const player = element("div", { class: "rk-player" }, this.before, this.playing, this.next, this.slider);
    const lines = KEYS.map(([keys, meaning]) =>
      element("span", {}, ...keys.flatMap((key) => [element("kbd", {}, key), " "]), meaning),
    );
    const help = element("p", { class: "rk-help" }, "Keys: ", ...lines.flatMap((line) => [line, " "]));
    this.root.append(header, this.grid, player, this.sum, this.said, help);
  }

  listen() {
    const { signal } = this.closing;
    const on = (/** @type {HTMLElement} */ node, /** @type {() => void} */ action) =>
      node.addEventListener("click", action, { signal });
    on(this.playing, () => this.toggle());
    on(this.before, () => this.step(-1));
    on(this.next, () => this.step(1));
    on(this.slowing, () => this.faster(-1));
    on(this.hurrying, () => this.faster(1));
    this.slider.addEventListener("input", () => this.slide(), { signal });
    this.root.addEventListener("keydown", (event) => this.press(event), { signal });
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => this.player.redraw(), { signal });
    this.themes = new MutationObserver(() => this.player.redraw());
    this.themes.observe(document.body, { attributeFilter: ["data-jp-theme-light"] });
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(this.grid);
    this.model.on("change:end", this.pacing);
    this.model.on("change:factor", this.pacing);
  }

  fit() {
    for (const screen of this.player.screens) screen.resize(screen.canvas.clientWidth || 320);
    this.player.show();
  }

  /** @param {Partial<Traits>} changes */
  set(changes) {
    if (changes.end) this.model.set("end", changes.end);
    if (changes.factor) this.model.set("factor", changes.factor);
    this.model.save_changes();
    this.pace();
  }

  pace() {
    const end = this.model.get("end");
    for (const [each, way] of this.ends) way.setAttribute("aria-pressed", String(each === end));
    this.player.factor = this.model.get("factor");
    this.player.pace(end);
    const lines = this.model.get("given").told[end];
    this.said.replaceChildren(
      ...lines.flatMap(([name, text]) => [element("dt", { class: "rk-quiet" }, name), element("dd", {}, text)]),
    );
  }

  /** @param {number} by */
  step(by) {
    this.player.pause();
    this.player.step(by);
  }

  toggle() {
    this.player.toggle();
  }

  /** @param {number} by */
  faster(by) {
    this.player.faster(by);
    this.set({ factor: this.player.factor });
  }

  slide() {
    this.player.pause();
    this.player.seek((this.slider.valueAsNumber / STEPS) * this.player.whole_s);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    shelter(event);
    const own = event.target === this.slider && /^(Arrow|Home|End|Page)/.test(event.key);
    if (!own && this.player.press(event, this)) event.stopPropagation();
  }

  drawn() {
    const { player } = this;
    for (const [number, { end_s }] of player.screens.entries())
      this.clocks[number].textContent = `${clock(Math.min(player.work_s, end_s))} of ${clock(end_s)}`;
    this.speed.textContent = speed(player.factor);
    this.playing.textContent = player.playing ? "Pause" : "Play";
    const share = player.whole_s ? player.work_s / player.whole_s : 0;
    this.slider.value = String(Math.round(share * STEPS));
    const told = `${clock(player.sum_s)} of ${clock(player.all_s)}`;
    this.slider.setAttribute("aria-valuetext", told);
    const many = player.screens.length > 1 ? "All together: " : "";
    this.sum.replaceChildren(many, element("b", {}, told), ` ${this.model.get("given").whose}`);
  }
}

/** @param {{ model: Model<Traits>, el: HTMLElement }} place */
function render({ model, el }) {
  const view = new ReplayView(model, el);
  return () => view.close();
}

export default { render };
