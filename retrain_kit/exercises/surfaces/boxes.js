/**
 * Drawing boxes on a surface: with a pointer from corner to corner, or by keys, where the recorder's arrows lead.
 *
 * Boxes are drawn only while the recorder runs. They are fractions of the surface: left, top, right, bottom.
 */

import { gettext } from "../../widgets/languages.js";
import { element } from "../../widgets/parts.js";

/**
 * @typedef {[number, number, number, number]} Edges
 * @typedef {{ x: number, y: number }} Place
 * @typedef {import("./recorder.js").Recorder} Recorder
 */

const SMALLEST = 0.005;
const inFrame = (/** @type {number} */ number) => Math.min(1, Math.max(0, number));
const millionth = (/** @type {number} */ number) => Math.round(number * 1e6) / 1e6;

/**
 * Lay an element over a box.
 *
 * @param {HTMLElement} node
 * @param {Edges} edges
 */
export function layOver(node, [left, top, right, bottom]) {
  const percent = (/** @type {number} */ share) => `${share * 100}%`;
  Object.assign(node.style, {
    left: percent(left),
    top: percent(top),
    width: percent(right - left),
    height: percent(bottom - top),
  });
  node.hidden = false;
}

/** @param {Edges} edges */
function isBox([left, top, right, bottom]) {
  return right - left >= SMALLEST && bottom - top >= SMALLEST;
}

export class BoxDrawing {
  closing = new AbortController();
  band = element("span", { class: "rk-box rk-band", "aria-hidden": "true", hidden: "" });
  /** The corner that is set, and the pointer that holds it, where none set it by keys. @type {Place & { pointer?: number } | null} */
  anchor = null;

  /**
   * @param {HTMLElement} surface
   * @param {Recorder} recorder
   * @param {{ onBox: (edges: Edges, device: string) => void, tell: (text: string) => void }} told `onBox` gets the
   *   browser's word for what drew the box, or keyboard
   */
  constructor(surface, recorder, { onBox, tell }) {
    this.surface = surface;
    this.recorder = recorder;
    this.onBox = onBox;
    this.tell = tell;
    surface.append(this.band);
    const { signal } = this.closing;
    surface.addEventListener("pointerdown", (event) => this.grasp(event), { signal });
    surface.addEventListener("pointermove", (event) => this.draw(event), { signal });
    surface.addEventListener("pointerup", (event) => this.release(event), { signal });
    surface.addEventListener("pointercancel", () => this.letGo(), { signal });
    surface.addEventListener("keydown", (event) => this.press(event), { signal });
  }

  close() {
    this.closing.abort();
    this.band.remove();
  }

  letGo() {
    this.anchor = null;
    this.band.hidden = true;
  }

  // -- with a pointer ------------------------------------------------------------------------------

  /** @param {PointerEvent} event */
  grasp(event) {
    if (!event.isPrimary || event.button !== 0 || !this.recorder.running) return;
    event.preventDefault(); // the image is not dragged, no text selected
    this.surface.setPointerCapture(event.pointerId);
    this.anchor = { ...this.place(event), pointer: event.pointerId };
  }

  /** @param {PointerEvent} event */
  draw(event) {
    if (this.anchor?.pointer === event.pointerId) layOver(this.band, this.edges(this.anchor, this.place(event)));
  }

  /** @param {PointerEvent} event */
  release(event) {
    if (this.anchor?.pointer !== event.pointerId) return;
    const edges = this.edges(this.anchor, this.place(event));
    this.letGo();
    if (isBox(edges)) this.onBox(edges, event.pointerType);
  }

  /** @param {PointerEvent} event */
  place(event) {
    const frame = this.surface.getBoundingClientRect();
    return {
      x: inFrame((event.clientX - frame.left) / frame.width),
      y: inFrame((event.clientY - frame.top) / frame.height),
    };
  }

  // -- by keys -------------------------------------------------------------------------------------

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.recorder.running) return;
    if (event.key === "Escape" && this.anchor) {
      event.preventDefault();
      event.stopPropagation();
      this.letGo();
      this.tell(gettext("No corner is set."));
    }
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (this.anchor) this.setOpposite(this.anchor);
    else this.setCorner();
  }

  setCorner() {
    this.anchor = { ...this.recorder.cell };
    this.tell(gettext("A corner is set. Go to the opposite one and press Enter; Escape lets go."));
  }

  /** @param {Place} anchor */
  setOpposite(anchor) {
    const edges = this.edges(anchor, this.recorder.cell);
    if (isBox(edges)) {
      this.letGo();
      this.onBox(edges, "keyboard");
    } else {
      this.tell(gettext("Go to the opposite corner first."));
    }
  }

  /** Follow the recorder's cell, where a corner was set by keys. */
  follow() {
    if (this.anchor && this.anchor.pointer === undefined)
      layOver(this.band, this.edges(this.anchor, this.recorder.cell));
  }

  /**
   * @param {Place} one
   * @param {Place} other
   * @returns {Edges}
   */
  edges(one, other) {
    const sorted = (/** @type {number} */ a, /** @type {number} */ b) =>
      [Math.min(a, b), Math.max(a, b)].map(millionth);
    const [[left, right], [top, bottom]] = [sorted(one.x, other.x), sorted(one.y, other.y)];
    return [left, top, right, bottom];
  }
}
