/**
 * What plays replays: screens with one clock for all of them, each at its own pace.
 *
 * The clock counts seconds of work. It runs so many times faster than these; where people ask for less motion it goes
 * on by whole drawings. It never starts by itself.
 */

import { Screen } from "./replay_screen.js";
import { calm } from "./wall.js";

/**
 * @import { Stations, Timeline } from "./replay_screen.js"
 *
 * @typedef {"least" | "most"} End
 * @typedef {{ screens: Timeline[], stations: Stations, factors: number[] }} Played
 */

const CALM_STEP_MS = 1200;
/** A step that takes longer is cut: the film does not jump after the page was away. */
const LONGEST_STEP_MS = 500;

export class Player {
  work_s = 0;
  playing = false;
  /** @type {number | undefined} */
  frame;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;
  frames = 0;

  /**
   * @param {Played} played
   * @param {() => void} onshow is called whenever anything is shown anew
   */
  constructor({ screens, stations, factors }, onshow) {
    this.screens = screens.map((timeline) => new Screen(timeline, stations));
    this.factors = factors;
    this.factor = 1;
    this.onshow = onshow;
    for (const { image } of this.screens) image?.addEventListener("load", () => this.redraw());
  }

  /** How many seconds the clock shows when all is over, colours and all. */
  get whole_s() {
    return Math.max(0, ...this.screens.map((screen) => screen.end_s + screen.coda_s * this.factor));
  }

  /** The seconds of work that have gone by, of all screens together. */
  get sum_s() {
    return this.screens.reduce((sum, { end_s }) => sum + Math.min(this.work_s, end_s), 0);
  }

  get all_s() {
    return this.screens.reduce((sum, { end_s }) => sum + end_s, 0);
  }

  /** @param {End} end */
  pace(end) {
    const share = this.whole_s ? this.work_s / this.whole_s : 0;
    for (const screen of this.screens) screen.pace(end === "most" ? 1 : 0);
    this.seek(share * this.whole_s);
  }

  /** @param {number} factor */
  speed(factor) {
    this.factor = factor;
    this.seek(this.work_s);
  }

  /** The next faster, or the next slower. @param {number} by */
  faster(by) {
    const other = this.factors.filter((each) => (by > 0 ? each > this.factor : each < this.factor));
    if (other.length) this.speed(by > 0 ? Math.min(...other) : Math.max(...other));
  }

  /** @param {number} work_s */
  seek(work_s) {
    this.work_s = Math.min(this.whole_s, Math.max(0, work_s));
    this.show();
  }

  show() {
    for (const screen of this.screens) screen.show(screen.momentAt(this.work_s, this.factor));
    this.frames += 1;
    this.onshow();
  }

  /** Draw all from the beginning, as when colours or sizes have changed. */
  redraw() {
    for (const screen of this.screens) screen.clear();
    this.show();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    if (this.work_s >= this.whole_s) this.seek(0);
    this.playing = true;
    if (calm()) this.walk();
    else this.run();
    this.onshow();
  }

  pause() {
    this.playing = false;
    cancelAnimationFrame(this.frame ?? 0);
    clearTimeout(this.timer);
    this.onshow();
  }

  run() {
    let before = performance.now();
    const on = (/** @type {number} */ now) => {
      if (!this.playing) return;
      const step_ms = Math.min(LONGEST_STEP_MS, Math.max(0, now - before));
      before = now;
      this.seek(this.work_s + (step_ms / 1000) * this.factor);
      this.goOn(() => {
        this.frame = requestAnimationFrame(on);
      });
    };
    this.frame = requestAnimationFrame(on);
  }

  walk() {
    this.timer = setTimeout(() => {
      if (!this.playing) return;
      this.step(1);
      this.goOn(() => this.walk());
    }, CALM_STEP_MS);
  }

  /**
   * Do what a key asks for, by the hands of whoever shows this, and return whether it asks for anything. A button that
   * has the focus keeps its own keys.
   *
   * @param {KeyboardEvent} event
   * @param {{ toggle: () => void, step: (by: number) => void, faster: (by: number) => void }} hands
   */
  press(event, hands) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.target instanceof HTMLButtonElement && (event.key === " " || event.key === "Enter")) return false;
    /** @type {Record<string, () => void>} */
    const actions = {
      " ": () => hands.toggle(),
      ArrowLeft: () => hands.step(-1),
      ArrowRight: () => hands.step(1),
      "+": () => hands.faster(1),
      "-": () => hands.faster(-1),
      "−": () => hands.faster(-1),
      Home: () => this.seek(0),
      End: () => this.seek(this.whole_s),
    };
    if (!(event.key in actions)) return false;
    event.preventDefault();
    actions[event.key]();
    return true;
  }

  /** @param {() => void} how */
  goOn(how) {
    if (this.work_s < this.whole_s) how();
    else this.pause();
  }

  /** Go to where the next drawing is done, or the one before; behind the last, to the next colours. @param {number} by */
  step(by) {
    const least = 1e-6 * Math.max(1, this.work_s);
    /** @type {number[]} */
    const stops = [];
    for (const screen of this.screens) {
      const { hold_s, sweep_s, stay_s } = screen.stations;
      const { byEnd, ends, end_s, coda_s } = screen;
      const place = firstAfter(byEnd, ends, by > 0 ? this.work_s + least : this.work_s - least);
      const near = byEnd[by > 0 ? place : place - 1];
      if (near !== undefined) stops.push(ends[near]);
      if (!byEnd.length) continue;
      for (let late = hold_s + sweep_s; late < coda_s; late += sweep_s + stay_s) stops.push(end_s + late * this.factor);
    }
    stops.push(by > 0 ? this.whole_s : 0);
    const beyond = stops.filter((each) => (by > 0 ? each > this.work_s + least : each < this.work_s - least));
    if (beyond.length) this.seek(by > 0 ? Math.min(...beyond) : Math.max(...beyond));
  }
}

/**
 * Return the first place in an order whose second is later than the given one.
 *
 * @param {number[]} order
 * @param {Float64Array} seconds
 * @param {number} second
 */
function firstAfter(order, seconds, second) {
  let [low, high] = [0, order.length];
  while (low < high) {
    const half = (low + high) >> 1;
    if (seconds[order[half]] <= second) low = half + 1;
    else high = half;
  }
  return low;
}
