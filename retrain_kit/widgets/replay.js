/**
 * A recording on white: only the track, as it grew, at true speed.
 *
 *     const replay = replayOf(recording);   // { pieces, focus, seconds, size }, as the recorder and the kit have them
 *     host.append(replay.root);
 *     replay.play();
 *     replay.close();
 *
 * No picture comes in here, so none can show. Pointers leave lines; the keyboard's focus, which is no pointer, leaves
 * squares. Nothing moves by itself where people ask for less motion; the slider goes to any moment.
 */

const SHEET_PX = 1280;
const LINE_PX = 4;
const SQUARE_PX = 14;

function part(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

class Replay {
  constructor({ pieces, focus = [], seconds, size }) {
    this.pieces = pieces;
    this.focus = focus;
    this.duration = Math.max(seconds, ...[...pieces, ...focus].map((piece) => piece.at(-1)?.t ?? 0));
    this.at = this.duration;
    this.build(size);
    this.draw();
  }

  build([width, height]) {
    const scale = SHEET_PX / Math.max(width, height);
    this.canvas = part("canvas", { class: "rk-sheet", role: "img", "aria-label": this.told() });
    this.canvas.width = Math.max(1, Math.round(width * scale));
    this.canvas.height = Math.max(1, Math.round(height * scale));
    const keys = { "data-lm-suppress-shortcuts": "true" };
    this.button = part("button", { type: "button", class: "rk-button rk-play", ...keys });
    this.slider = part("input", { type: "range", min: 0, max: this.duration, step: 0.05, "aria-label": "Moment of the recording", ...keys });
    this.reading = part("span", { class: "rk-reading" });
    this.button.addEventListener("click", () => (this.playing ? this.pause() : this.play()));
    this.slider.addEventListener("input", () => this.show(Number(this.slider.value)));
    const row = part("div", { class: "rk-player", role: "group", "aria-label": "Replay" }, this.button, this.slider, this.reading);
    this.root = part("div", { class: "rk-replay" }, this.canvas, row);
  }

  /** The recording in words, for those who cannot see it. */
  told() {
    const times = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
    const points = this.pieces.reduce((sum, piece) => sum + piece.length, 0);
    const ways = `Only the track, on white: ${times(this.pieces.length, "line")} through ${times(points, "place")}, in ${this.duration.toFixed(1)} seconds.`;
    const looked = this.focus.reduce((sum, piece) => sum + piece.length, 0);
    return looked ? `${ways} Squares: ${times(looked, "place")} of the keyboard.` : ways;
  }

  get playing() {
    return this.frame !== undefined;
  }

  /** Go on from the moment that is shown; from the beginning, where that is the last. */
  play() {
    this.pause();
    const from = this.at >= this.duration ? 0 : this.at;
    const began = performance.now();
    const tick = (now) => {
      this.at = Math.min(this.duration, from + Math.max(0, now - began) / 1000);
      this.frame = this.at < this.duration ? requestAnimationFrame(tick) : undefined;
      this.draw();
    };
    this.frame = requestAnimationFrame(tick);
    this.draw();
  }

  pause() {
    if (this.playing) cancelAnimationFrame(this.frame);
    this.frame = undefined;
    this.draw();
  }

  /** Show a moment, in seconds, and stay there. */
  show(at) {
    this.at = at;
    this.pause();
  }

  close() {
    this.pause();
    this.root.remove();
  }

  draw() {
    const pen = this.canvas.getContext("2d");
    const place = this.canvas.isConnected ? this.canvas : document.documentElement;
    const [paper, ink, accent] = ["sheet", "sheet-ink", "sheet-accent"].map((name) => getComputedStyle(place).getPropertyValue(`--rk-${name}`));
    pen.fillStyle = paper;
    pen.fillRect(0, 0, this.canvas.width, this.canvas.height);
    Object.assign(pen, { strokeStyle: ink, fillStyle: ink, lineWidth: LINE_PX, lineJoin: "round", lineCap: "round" });
    for (const piece of this.pieces) this.drawPiece(pen, piece);
    Object.assign(pen, { strokeStyle: accent, lineJoin: "miter" });
    for (const piece of this.focus) this.drawFocus(pen, piece);
    this.drawPlayer();
  }

  drawPiece(pen, piece) {
    const { width, height } = this.canvas;
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
    if (head && this.at < piece.at(-1).t) {
      pen.beginPath();
      pen.arc(head.x * width, head.y * height, 3 * LINE_PX, 0, 2 * Math.PI);
      pen.fill();
    }
  }

  drawFocus(pen, piece) {
    const { width, height } = this.canvas;
    for (const { x, y, t } of piece) {
      if (t <= this.at) pen.strokeRect(x * width - SQUARE_PX / 2, y * height - SQUARE_PX / 2, SQUARE_PX, SQUARE_PX);
    }
  }

  drawPlayer() {
    const text = `${this.at.toFixed(1)} of ${this.duration.toFixed(1)} s`;
    this.button.textContent = this.playing ? "Pause" : "Play at true speed";
    this.slider.value = this.at;
    this.slider.setAttribute("aria-valuetext", text);
    this.reading.textContent = text;
  }
}

/** Return where a pointer was between two points, at a moment: it went straight and at one speed. */
function between(before, after, at) {
  const share = (at - before.t) / (after.t - before.t);
  return { x: before.x + share * (after.x - before.x), y: before.y + share * (after.y - before.y) };
}

/** Return the replay of a recording. */
export function replayOf(recording) {
  return new Replay(recording);
}
