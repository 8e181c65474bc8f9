/**
 * A recording on white: only the track, as it grew, at true speed.
 *
 *     const replay = replayOf(recording);   // { pieces, focus, seconds, size }, as the recorder and the kit have them
 *     host.append(replay.root);
 *     replay.play();
 *     replay.close();
 *
 * No image comes in here, so none can show. Pointers leave lines; the keyboard's focus, which is no pointer, leaves
 * squares. Nothing moves by itself where people ask for less motion; the slider goes to any moment.
 */

import { gettext, ngettext } from "../../widgets/languages.js";
import { control, element, trigger } from "../../widgets/parts.js";

const SHEET_PX = 1280;
const LINE_PX = 4;
const SQUARE_PX = 14;

/**
 * @typedef {import("./recorder.js").Point} Point
 * @typedef {{ pieces: Point[][], focus?: Point[][], seconds: number, size: [number, number] }} Recording
 */

class Replay {
  canvas = element("canvas", { class: "rk-sheet", role: "img" });
  button = trigger("", () => (this.playing ? this.pause() : this.play()), { class: "rk-button rk-play" });
  slider = control("input", { type: "range", min: 0, step: 0.05, "aria-label": gettext("Moment of the recording") });
  reading = element("span", { class: "rk-reading" });
  root = element(
    "div",
    {},
    this.canvas,
    element(
      "div",
      { class: "rk-player", role: "group", "aria-label": gettext("Replay") },
      this.button,
      this.slider,
      this.reading,
    ),
  );
  /** @type {number | undefined} */
  frame;

  /** @param {Recording} recording */
  constructor({ pieces, focus = [], seconds, size }) {
    this.pieces = pieces;
    this.focus = focus;
    this.duration = Math.max(seconds, ...[...pieces, ...focus].map((piece) => piece.at(-1)?.t ?? 0));
    this.at = this.duration;
    const scale = SHEET_PX / Math.max(...size);
    [this.canvas.width, this.canvas.height] = size.map((side) => Math.max(1, Math.round(side * scale)));
    this.canvas.setAttribute("aria-label", this.told());
    this.slider.max = String(this.duration);
    this.slider.addEventListener("input", () => this.show(this.slider.valueAsNumber));
    this.draw();
  }

  /** The recording in words, for those who cannot see it. */
  told() {
    const points = this.pieces.reduce((sum, piece) => sum + piece.length, 0);
    const looked = this.focus.reduce((sum, piece) => sum + piece.length, 0);
    const ways = gettext("Only the track, on white: {lines} through {places}, in {seconds} seconds.", {
      lines: ngettext("{count} line", "{count} lines", this.pieces.length),
      places: ngettext("{count} place", "{count} places", points),
      seconds: this.duration.toFixed(1),
    });
    const squares = ngettext(
      "Squares: {count} place of the keyboard.",
      "Squares: {count} places of the keyboard.",
      looked,
    );
    return looked ? `${ways} ${squares}` : ways;
  }

  get playing() {
    return this.frame !== undefined;
  }

  /** Go on from the moment that is shown; from the beginning, where that is the last. */
  play() {
    this.pause();
    const from = this.at >= this.duration ? 0 : this.at;
    const began = performance.now();
    const tick = (/** @type {number} */ now) => {
      this.at = Math.min(this.duration, from + Math.max(0, now - began) / 1000);
      this.frame = this.at < this.duration ? requestAnimationFrame(tick) : undefined;
      this.draw();
    };
    this.frame = requestAnimationFrame(tick);
    this.draw();
  }

  pause() {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
    this.draw();
  }

  /**
   * Show a moment, in seconds, and stay there.
   *
   * @param {number} at
   */
  show(at) {
    this.at = at;
    this.pause();
  }

  close() {
    this.pause();
    this.root.remove();
  }

  draw() {
    const pen = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    const place = this.canvas.isConnected ? this.canvas : document.documentElement;
    const [paper, ink, accent] = ["sheet", "sheet-ink", "sheet-accent"].map((name) =>
      getComputedStyle(place).getPropertyValue(`--rk-${name}`),
    );
    pen.fillStyle = paper;
    pen.fillRect(0, 0, this.canvas.width, this.canvas.height);
    Object.assign(pen, { strokeStyle: ink, fillStyle: ink, lineWidth: LINE_PX, lineJoin: "round", lineCap: "round" });
    for (const piece of this.pieces) this.drawPiece(pen, piece);
    Object.assign(pen, { strokeStyle: accent, lineJoin: "miter" });
    for (const piece of this.focus) this.drawFocus(pen, piece);
    this.drawPlayer();
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Point[]} piece
   */
  drawPiece(pen, piece) {
    const { width, height } = this.canvas;
    /** @type {{ x: number, y: number } | null} */
    let head = null;
    pen.beginPath();
    for (const [index, point] of piece.entries()) {
      if (point.t <= this.at) head = point;
      else if (head) head = between(piece[index - 1], point, this.at);
      if (!head) return;
      if (index === 0) pen.moveTo(head.x * width, head.y * height);
      pen.lineTo(head.x * width, head.y * height);
      if (point.t > this.at) break;
    }
    pen.stroke();
    if (head && this.at < piece[piece.length - 1].t) {
      pen.beginPath();
      pen.arc(head.x * width, head.y * height, 3 * LINE_PX, 0, 2 * Math.PI);
      pen.fill();
    }
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Point[]} piece
   */
  drawFocus(pen, piece) {
    const { width, height } = this.canvas;
    for (const { x, y, t } of piece) {
      if (t <= this.at) pen.strokeRect(x * width - SQUARE_PX / 2, y * height - SQUARE_PX / 2, SQUARE_PX, SQUARE_PX);
    }
  }

  drawPlayer() {
    const text = gettext("{moment} of {seconds} s", {
      moment: this.at.toFixed(1),
      seconds: this.duration.toFixed(1),
    });
    this.button.textContent = this.playing ? gettext("Pause") : gettext("Play at true speed");
    this.slider.value = String(this.at);
    this.slider.setAttribute("aria-valuetext", text);
    this.reading.textContent = text;
  }
}

/**
 * Return where a pointer was between two points, at a moment: it went straight and at one speed.
 *
 * @param {Point} before
 * @param {Point} after
 * @param {number} at
 */
function between(before, after, at) {
  const share = (at - before.t) / (after.t - before.t);
  return { x: before.x + share * (after.x - before.x), y: before.y + share * (after.y - before.y) };
}

/**
 * Return the replay of a recording.
 *
 * @param {Recording} recording
 */
export function replayOf(recording) {
  return new Replay(recording);
}
