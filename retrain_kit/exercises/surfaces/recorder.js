/**
 * A recorder of where a pointer was on an image, and when; of nothing else.
 *
 *     const recorder = record(surface, { onChange: (recorder) => … });
 *     recorder.start();
 *     recorder.stop();
 *     recorder.pieces;     // [[{ x, y, t }, …], …]: a new piece each time a pointer comes back
 *     recorder.focus;      // the same of the keyboard: no pointer, and kept apart
 *     recorder.cleanup();  // no listener and no cursor is left
 *
 * x and y are fractions of the surface, which lies exactly on the image, from its top left; they may lie outside
 * by at most `BEYOND`. t is in seconds from the start, by the time stamps of the events themselves. Browsers hand
 * out several places at once: all of them are kept, with their parts of a pixel.
 */

const BEYOND = 0.5;
const MOST_POINTS = 100_000;
export const COLUMNS = 24;
export const ROWS = 18;

/**
 * @typedef {{ x: number, y: number, t: number }} Point
 * @typedef {{ clientX: number, clientY: number, timeStamp: number, pointerType: string }} Pointed
 * @typedef {(recorder: Recorder) => void} Hears
 */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** Shift and an arrow go so many times finer. */
const FINE = 10;
const MOST = [COLUMNS * FINE, ROWS * FINE];

const rounded = (/** @type {number} */ number, /** @type {number} */ digits) =>
  Math.round(number * 10 ** digits) / 10 ** digits;

export class Recorder {
  steps = [FINE / 2, FINE / 2];
  /** @type {Point[][]} */
  pieces = [];
  /** @type {Point[][]} */
  focus = [];
  /** The pieces that go on, by their pointers. @type {Map<number, Point[]>} */
  open = new Map();
  /** @type {Set<string>} */
  kinds = new Set();
  count = 0;
  began = 0;
  ended = 0;
  touchAction = "";
  /** @type {AbortController | null} */
  listening = null;
  /** Where the keyboard's focus went since it came. @type {Point[] | null} */
  looking = null;

  /**
   * @param {HTMLElement} surface
   * @param {{ now?: () => number, onChange?: Hears }} [options]
   */
  constructor(surface, { now = () => performance.now(), onChange = () => {} } = {}) {
    this.surface = surface;
    this.now = now;
    this.onChange = onChange;
    this.cursor = surface.ownerDocument.createElement("span");
    this.cursor.setAttribute("aria-hidden", "true");
    this.cursor.hidden = true;
    Object.assign(this.cursor.style, {
      position: "absolute",
      width: `${100 / COLUMNS}%`,
      height: `${100 / ROWS}%`,
      boxSizing: "border-box",
      border: "2px solid var(--rk-sheet)",
      outline: "2px solid var(--rk-sheet-ink)",
      transform: "translate(-50%, -50%)",
      pointerEvents: "none",
    });
    surface.append(this.cursor);
    this.clear();
  }

  clear() {
    this.pieces = [];
    this.focus = [];
    this.open = new Map();
    this.kinds = new Set();
    this.count = 0;
    this.began = this.ended = this.now();
  }

  /** The middle of the cell on which the keyboard's focus is. */
  get cell() {
    const [x, y] = this.steps.map((step, axis) => rounded(step / MOST[axis], 6));
    return { x, y };
  }

  /** What was used, by the browser's own words and the word keyboard: mouse, pen, touch. */
  get devices() {
    return [...this.kinds].sort();
  }

  get running() {
    return Boolean(this.listening);
  }

  /** Whether so much was kept that nothing more is. */
  get full() {
    return this.count >= MOST_POINTS;
  }

  /** How long the recording is so far. */
  get seconds() {
    return rounded(((this.running ? this.now() : this.ended) - this.began) / 1000, 4);
  }

  /** The piece that came last; empty where there is none. */
  piece() {
    return this.pieces.at(-1) ?? [];
  }

  /** Begin anew: what was recorded before is gone. */
  start() {
    this.stop();
    this.clear();
    this.listening = new AbortController();
    this.touchAction = this.surface.style.touchAction;
    this.surface.style.touchAction = "none"; // else a finger scrolls the page, and no place is told
    this.listen(this.listening.signal);
    if (this.surface.ownerDocument.activeElement === this.surface) this.look({ timeStamp: this.began });
  }

  /** @param {AbortSignal} signal */
  listen(signal) {
    const moves = "onpointerrawupdate" in this.surface ? "pointerrawupdate" : "pointermove";
    // No enter: it comes after the first places, and also when the page, not the pointer, has moved.
    for (const type of [moves, "pointerdown", "pointerup"]) {
      this.surface.addEventListener(type, (event) => this.move(/** @type {PointerEvent} */ (event)), { signal });
    }
    this.surface.addEventListener("pointerleave", (event) => this.leave(event), { signal });
    this.surface.addEventListener("pointercancel", (event) => this.leave(event), { signal });
    this.surface.addEventListener("focus", (event) => this.look(event), { signal });
    this.surface.addEventListener("blur", (event) => this.lookAway(event), { signal });
    this.surface.addEventListener("keydown", (event) => this.press(event), { signal });
  }

  /** End the recording; what was recorded stays. */
  stop() {
    if (!this.listening) return;
    this.ended = this.now();
    this.lookAway({ timeStamp: this.ended });
    this.listening.abort();
    this.listening = null;
    this.open.clear();
    this.surface.style.touchAction = this.touchAction;
    this.onChange(this);
  }

  cleanup() {
    this.onChange = () => {};
    this.stop();
    this.cursor.remove();
  }

  // -- pointers ------------------------------------------------------------------------------------

  /** @param {PointerEvent} event */
  move(event) {
    const coalesced = event.getCoalescedEvents?.() ?? [];
    const frame = this.surface.getBoundingClientRect();
    for (const each of coalesced.length ? coalesced : [event]) this.put(each, frame, event.pointerId);
    this.onChange(this);
  }

  /** @param {PointerEvent} event */
  leave(event) {
    if (event.type === "pointerleave") this.move(event);
    this.open.delete(event.pointerId);
  }

  /**
   * @param {Pointed} event
   * @param {DOMRect} frame
   * @param {number} pointer
   */
  put(event, frame, pointer) {
    const point = {
      x: rounded((event.clientX - frame.left) / frame.width, 6),
      y: rounded((event.clientY - frame.top) / frame.height, 6),
      t: this.time(event),
    };
    if (!(Math.abs(point.x - 0.5) <= 0.5 + BEYOND && Math.abs(point.y - 0.5) <= 0.5 + BEYOND)) {
      this.open.delete(pointer);
      return;
    }
    const piece = this.open.get(pointer) ?? [];
    this.open.set(pointer, piece);
    if (!this.keep(piece, point)) return;
    if (piece.length === 1) this.pieces.push(piece);
    if (event.pointerType) this.kinds.add(event.pointerType);
  }

  /** @param {{ timeStamp: number }} event */
  time(event) {
    return rounded((event.timeStamp - this.began) / 1000, 4);
  }

  /**
   * Put a point on a piece, unless it says nothing new, or is older than what is there.
   *
   * @param {Point[]} piece
   * @param {Point} point
   */
  keep(piece, point) {
    const last = piece.at(-1);
    const old = last && (point.t < last.t || (point.t === last.t && point.x === last.x && point.y === last.y));
    if (this.full || point.t < 0 || old) return false;
    piece.push(point);
    this.count += 1;
    return true;
  }

  // -- keyboard ------------------------------------------------------------------------------------

  /** @param {{ timeStamp: number }} event */
  look(event) {
    if (!this.surface.matches(":focus-visible")) return; // a pointer pressed here: no key has asked for it
    this.looking = [];
    this.see(event, this.looking);
  }

  /** @param {{ timeStamp: number }} event */
  lookAway(event) {
    if (this.looking) this.see(event, this.looking);
    this.looking = null;
    this.cursor.hidden = true;
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const arrow = ARROWS[event.key];
    if (!arrow || event.target !== this.surface || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.looking ??= [];
    const by = event.shiftKey ? 1 : FINE;
    this.steps = this.steps.map((step, axis) => Math.min(MOST[axis], Math.max(0, step + arrow[axis] * by)));
    this.see(event, this.looking);
  }

  /**
   * Keep that the cell is looked at, and show it.
   *
   * @param {{ timeStamp: number }} event
   * @param {Point[]} looking
   */
  see(event, looking) {
    const kept = this.keep(looking, { ...this.cell, t: Math.max(0, this.time(event)) });
    if (kept && looking.length === 1) this.focus.push(looking);
    this.kinds.add("keyboard");
    this.cursor.hidden = false;
    this.cursor.style.left = `${this.cell.x * 100}%`;
    this.cursor.style.top = `${this.cell.y * 100}%`;
    this.onChange(this);
  }
}

/**
 * Return a recorder of a surface: an element that is positioned and lies exactly on an image.
 *
 * @param {HTMLElement} surface
 * @param {{ now?: () => number, onChange?: Hears }} [options]
 */
export function record(surface, options) {
  return new Recorder(surface, options);
}
