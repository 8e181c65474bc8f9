/**
 * An image that one can point at, with mouse, pen, finger or keys, and look at from near.
 *
 * Places are whole pixels of the image in its full size, however large it is on the screen; what lies outside is moved
 * to its border, and says so. Two fingers move and enlarge the view and draw nothing; once a pen was there, no finger
 * draws: a hand that rests on the screen sets no point.
 */

import { gettext } from "../../widgets/languages.js";
import { control, element } from "../../widgets/parts.js";

/**
 * @typedef {import("./pieces.js").Place} Place
 * @typedef {{ x: number, y: number }} Spot on the screen, in CSS pixels
 *
 * @typedef {object} Hears
 * @property {(start: Place, end: Place, device: string, dragged: boolean) => void} onPoint a press that has ended
 * @property {(start: Place | null, place: Place) => void} onMove the pointer, or the cursor of the keys, is elsewhere;
 *   `start` is where a press began that goes on
 * @property {() => void} onUndo
 * @property {() => void} onLetGo
 * @property {(text: string) => void} tell for those who are read to
 */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** @type {("x" | "y")[]} */
const AXES = ["x", "y"];
const STEP_PX = 10;
const DRAGGED_PX = 5;
/** Two presses so near each other are at one place, to whoever points there. */
const NEAR_PX = { mouse: 8, pen: 8, touch: 22 };
/** An image pixel is shown no larger. */
const LARGEST_PIXEL_PX = 24;
const CLOSER = 1.5;
const NARROWEST = 0.6;
const WIDEST = 2.4;

const within = (/** @type {number} */ number, /** @type {number} */ most) => Math.min(most, Math.max(0, number));
/** @param {Spot} one @param {Spot} other */
const apart = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);
/** @param {Spot} one @param {Spot} other */
const between = (one, other) => ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });

export class Surface {
  closing = new AbortController();
  /** @type {[number, number]} */
  size = [1, 1];
  /** The part of the room that the whole image fills: across, down. */
  fits = { x: 1, y: 1 };
  zoom = 1;
  /** What is in the middle of the room, as fractions of the image. */
  middle = { x: 0.5, y: 0.5 };
  /** Where the keys are. @type {Place} */
  cursor = { x: 0, y: 0 };
  /** @type {Map<number, Spot>} */
  fingers = new Map();
  /** The press that goes on. @type {{ pointer: number, spot: Spot, place: Place } | null} */
  press = null;
  /** Where the view is moved from. @type {{ pointer: number, spot: Spot } | null} */
  moving = null;
  penWasHere = false;
  drawing = false;
  moves = false;

  plane = element("div", { class: "rk-plane" });
  mark = element("span", { class: "rk-cursor", "aria-hidden": "true", hidden: "" });
  root = control("div", { class: "rk-surface", role: "application" }, this.plane);

  /**
   * @param {HTMLElement} image
   * @param {Element} above what is drawn over it
   * @param {Hears} hears
   */
  constructor(image, above, hears) {
    this.hears = hears;
    this.plane.append(image, above, this.mark);
    const { signal } = this.closing;
    /** @type {[string, (event: any) => void][]} */
    const heard = [
      ["pointerdown", (event) => this.down(event)],
      ["pointermove", (event) => this.move(event)],
      ["pointerup", (event) => this.up(event)],
      ["pointercancel", (event) => this.cancel(event)],
      ["wheel", (event) => this.wheel(event)],
      ["contextmenu", (event) => this.drawing && event.preventDefault()], // as a long press asks for
      ["keydown", (event) => this.key(event)],
      ["blur", () => this.hideCursor()],
    ];
    for (const [name, hear] of heard) this.root.addEventListener(name, hear, { signal, passive: false });
  }

  close() {
    this.closing.abort();
  }

  /**
   * Show an image of a size, all of it.
   *
   * @param {[number, number]} size
   */
  show([width, height]) {
    this.size = [width, height];
    const ratio = Math.min(WIDEST, Math.max(NARROWEST, width / height));
    this.fits = { x: Math.min(1, width / height / ratio), y: Math.min(1, ratio / (width / height)) };
    Object.assign(this.root.style, { aspectRatio: String(ratio), width: `min(100%, calc(70vh * ${ratio}))` });
    this.cursor = { x: Math.round(width / 2), y: Math.round(height / 2) };
    this.whole();
  }

  /** Let people draw, or only look. @param {boolean} drawing */
  allow(drawing) {
    this.drawing = drawing;
    this.root.tabIndex = drawing ? 0 : -1;
    this.root.style.touchAction = drawing ? "none" : ""; // else a finger scrolls the page
    this.drop();
  }

  // -- the view ------------------------------------------------------------------------------------

  whole() {
    this.zoom = 1;
    this.middle = { x: 0.5, y: 0.5 };
    this.place();
  }

  get mostZoom() {
    const room = this.root.getBoundingClientRect();
    const [width, height] = this.size;
    const enough = Math.min(width / (room.width * this.fits.x || 1), height / (room.height * this.fits.y || 1));
    return Math.max(1, enough * LARGEST_PIXEL_PX);
  }

  /**
   * Enlarge the view; what is at a spot stays there.
   *
   * @param {number} by
   * @param {Spot} [spot]
   */
  enlarge(by, spot) {
    const room = this.root.getBoundingClientRect();
    const to = Math.min(this.mostZoom, Math.max(1, this.zoom * by));
    const across = spot ? (spot.x - room.left) / room.width - 0.5 : 0;
    const down = spot ? (spot.y - room.top) / room.height - 0.5 : 0;
    const shift = 1 / this.zoom - 1 / to;
    this.middle.x += (across * shift) / this.fits.x;
    this.middle.y += (down * shift) / this.fits.y;
    this.zoom = to;
    this.place();
  }

  /** Enlarge the view by a step, and say how large it is. @param {number} by @param {Spot} [spot] */
  step(by, spot) {
    this.enlarge(by, spot);
    this.hears.tell(gettext("Enlarged {times} times.", { times: Number(this.zoom.toFixed(1)) }));
  }

  /** Move the view by so many CSS pixels. @param {number} x @param {number} y */
  shift(x, y) {
    const plane = this.plane.getBoundingClientRect();
    this.middle.x -= x / plane.width;
    this.middle.y -= y / plane.height;
    this.place();
  }

  /** Half of what is seen, as a fraction of the image. @param {"x" | "y"} axis */
  half(axis) {
    return 0.5 / (this.fits[axis] * this.zoom);
  }

  /** Lay the image where the view has it. */
  place() {
    for (const axis of AXES) {
      const half = this.half(axis);
      this.middle[axis] = half >= 0.5 ? 0.5 : Math.min(1 - half, Math.max(half, this.middle[axis]));
    }
    const percent = (/** @type {number} */ share) => `${share * 100}%`;
    const [width, height] = [this.fits.x * this.zoom, this.fits.y * this.zoom];
    Object.assign(this.plane.style, {
      width: percent(width),
      height: percent(height),
      left: percent(0.5 - this.middle.x * width),
      top: percent(0.5 - this.middle.y * height),
    });
    const [x, y] = [this.cursor.x / this.size[0], this.cursor.y / this.size[1]];
    Object.assign(this.mark.style, { left: percent(x), top: percent(y) });
  }

  // -- places --------------------------------------------------------------------------------------

  /** @param {Spot} spot @returns {Place} */
  placeOf(spot) {
    const plane = this.plane.getBoundingClientRect();
    const [width, height] = this.size;
    const [x, y] = [((spot.x - plane.left) / plane.width) * width, ((spot.y - plane.top) / plane.height) * height];
    const outside = x < 0 || y < 0 || x > width || y > height;
    return { x: within(Math.round(x), width), y: within(Math.round(y), height), outside };
  }

  /**
   * Return whether two places are one to whoever points there with a device.
   *
   * @param {string} device
   */
  nearness(device) {
    const plane = this.plane.getBoundingClientRect();
    const scale = plane.width / this.size[0];
    const most = /** @type {Record<string, number>} */ (NEAR_PX)[device] ?? 0;
    return (/** @type {Place} */ one, /** @type {Place} */ other) => apart(one, other) * scale <= most;
  }

  // -- pointers ------------------------------------------------------------------------------------

  /** @param {PointerEvent} event */
  down(event) {
    if (!this.drawing) return;
    const { pointerId, pointerType } = event;
    const spot = { x: event.clientX, y: event.clientY };
    if (pointerType === "pen") {
      this.penWasHere = true;
      this.fingers.clear();
      this.drop();
    }
    if (pointerType === "touch" && !this.finger(pointerId, spot)) return;
    if (this.press || this.moving) return;
    event.preventDefault(); // the image is not dragged, no text selected
    this.root.focus({ preventScroll: true });
    this.hideCursor();
    this.root.setPointerCapture(pointerId);
    if (this.moves || event.button === 1) this.moving = { pointer: pointerId, spot };
    else if (event.button === 0) this.press = { pointer: pointerId, spot, place: this.placeOf(spot) };
  }

  /**
   * Take in a finger; return whether it may draw.
   *
   * @param {number} pointer
   * @param {Spot} spot
   */
  finger(pointer, spot) {
    if (this.press && !this.fingers.has(this.press.pointer)) return false; // a palm beside a pen
    this.fingers.set(pointer, spot);
    if (this.fingers.size > 1) this.drop();
    return this.fingers.size === 1 && !this.penWasHere;
  }

  /** @param {PointerEvent} event */
  move(event) {
    const spot = { x: event.clientX, y: event.clientY };
    if (this.fingers.has(event.pointerId) && this.fingers.size > 1) this.pinch(event.pointerId, spot);
    else if (this.moving?.pointer === event.pointerId) {
      this.shift(spot.x - this.moving.spot.x, spot.y - this.moving.spot.y);
      this.moving.spot = spot;
    } else if (this.press?.pointer === event.pointerId) {
      const dragged = apart(this.press.spot, spot) >= DRAGGED_PX;
      this.hears.onMove(dragged ? this.press.place : null, this.placeOf(spot));
    } else if (this.drawing && !this.press && event.pointerType !== "touch")
      this.hears.onMove(null, this.placeOf(spot));
  }

  /** @param {number} pointer @param {Spot} spot */
  pinch(pointer, spot) {
    const [one, other] = [...this.fingers.keys()];
    if (pointer !== one && pointer !== other) return;
    const still = /** @type {Spot} */ (this.fingers.get(pointer === one ? other : one));
    const before = /** @type {Spot} */ (this.fingers.get(pointer));
    const [was, is] = [between(still, before), between(still, spot)];
    this.fingers.set(pointer, spot);
    this.shift(is.x - was.x, is.y - was.y);
    if (apart(still, before) > 0) this.enlarge(apart(still, spot) / apart(still, before), is);
  }

  /** @param {PointerEvent} event */
  up(event) {
    const { press } = this;
    this.fingers.delete(event.pointerId);
    if (this.moving?.pointer === event.pointerId) this.moving = null;
    if (press?.pointer !== event.pointerId) return;
    this.press = null;
    const spot = { x: event.clientX, y: event.clientY };
    const dragged = apart(press.spot, spot) >= DRAGGED_PX;
    this.hears.onPoint(press.place, this.placeOf(spot), event.pointerType, dragged);
  }

  /** @param {PointerEvent} event */
  cancel(event) {
    this.fingers.delete(event.pointerId);
    if (this.press?.pointer === event.pointerId || this.moving?.pointer === event.pointerId) this.drop();
  }

  /** Let go of a press, as where a second finger comes: no point is set. */
  drop() {
    this.press = null;
    this.moving = null;
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    if (!event.ctrlKey) return; // the page scrolls
    event.preventDefault();
    this.step(event.deltaY < 0 ? CLOSER : 1 / CLOSER, { x: event.clientX, y: event.clientY });
  }

  // -- keys ----------------------------------------------------------------------------------------

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.drawing || event.target !== this.root || event.altKey) return;
    const arrow = ARROWS[event.key];
    const done =
      event.ctrlKey || event.metaKey
        ? this.command(event.key)
        : arrow
          ? this.go(arrow, event.shiftKey)
          : this.do(event.key);
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {string} key */
  command(key) {
    if (key.toLowerCase() !== "z") return false;
    this.hears.onUndo();
    return true;
  }

  /** @param {string} key */
  do(key) {
    if (key === "Enter" || key === " ") this.set();
    else if (key === "Backspace" || key === "Delete") this.hears.onUndo();
    else if (key === "Escape") this.hears.onLetGo();
    else if (key === "+" || key === "=") this.enlargeAtCursor(CLOSER);
    else if (key === "-") this.enlargeAtCursor(1 / CLOSER);
    else if (key === "0") this.whole();
    else return false;
    return true;
  }

  set() {
    this.showCursor();
    this.hears.onPoint(this.cursor, { ...this.cursor }, "keyboard", false);
  }

  /** @param {number} by */
  enlargeAtCursor(by) {
    this.step(by);
    this.follow();
  }

  /**
   * Move the cursor by a step of the screen, or by one pixel of the image.
   *
   * @param {[number, number]} arrow
   * @param {boolean} fine
   */
  go([x, y], fine) {
    const plane = this.plane.getBoundingClientRect();
    const [width, height] = this.size;
    const across = fine ? 1 : Math.max(1, Math.round((STEP_PX / plane.width) * width));
    const down = fine ? 1 : Math.max(1, Math.round((STEP_PX / plane.height) * height));
    this.cursor = { x: within(this.cursor.x + x * across, width), y: within(this.cursor.y + y * down, height) };
    this.showCursor();
    this.hears.onMove(null, this.cursor);
    const at = { x: this.cursor.x, y: this.cursor.y, width, height };
    this.hears.tell(gettext("{x} of {width} from the left, {y} of {height} from the top", at));
    return true;
  }

  showCursor() {
    this.mark.hidden = false;
    this.follow();
  }

  /** Keep the cursor in the view. */
  follow() {
    const places = { x: this.cursor.x / this.size[0], y: this.cursor.y / this.size[1] };
    for (const axis of AXES)
      if (Math.abs(places[axis] - this.middle[axis]) > this.half(axis)) this.middle[axis] = places[axis];
    this.place();
  }

  hideCursor() {
    this.mark.hidden = true;
  }
}
