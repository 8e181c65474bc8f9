/** @typedef {import("./tree.js").Tree} Tree */

import { INSTANCE, VEILED } from "./tree.js";

const MOST_COLUMNS = 5;
const LEAST_COLUMN_PX = 96; // On a narrow page there are fewer columns, so that words have room.
const LEAST_PX = 1.5; // Smaller fields are drawn as one.
const TEXT_PX = 13;
const HUES = 8;
const KEYS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Enter", "Home"];

/**
 * An icicle on a canvas: each word a field, to its right the fields of all that stand below it. A field is as high
 * as its share of all words, so that its place tells where it is drawn.
 */
export class WordMap {
  chosen = 0;
  /** The word of the leftmost field; -1 is the whole, where there are several at the top. */
  focus = 0;
  width = 0;
  height = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Tree} tree
   * @param {(place: number) => void} tell
   */
  constructor(canvas, tree, tell) {
    this.canvas = canvas;
    this.tree = tree;
    this.tell = tell;
    this.tops = [...tree.tops()];
    this.colours = this.read();
    canvas.addEventListener("click", (event) => this.click(event));
    canvas.addEventListener("keydown", (event) => this.press(event));
    new ResizeObserver(() => this.draw()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.colours = this.read();
      this.draw();
    });
  }

  open() {
    this.choose(this.tops[0]);
  }

  /**
   * Choose a word; where it has something below it, it becomes the leftmost field.
   *
   * @param {number} place
   */
  choose(place) {
    this.chosen = place;
    this.focus = this.tree.below[place] ? place : this.tree.parent[place];
    if (this.focus < 0 && this.tops.length === 1) [this.focus] = this.tops;
    this.show();
  }

  show() {
    this.draw();
    this.tell(this.chosen);
  }

  get columns() {
    return Math.max(2, Math.min(MOST_COLUMNS, Math.floor(this.width / LEAST_COLUMN_PX)));
  }

  /** The places that are drawn, the first and the one after the last, and the depth of the leftmost column. */
  get range() {
    const { tree, focus } = this;
    if (focus < 0) return { start: 0, end: tree.size, depth: 0 };
    return { start: focus, end: focus + 1 + tree.below[focus], depth: tree.depth[focus] };
  }

  // -- drawing -------------------------------------------------------------------------------------

  draw() {
    const { canvas } = this;
    const ratio = devicePixelRatio;
    this.width = canvas.clientWidth;
    this.height = canvas.clientHeight;
    if (!this.width || !this.height) return;
    canvas.width = Math.round(this.width * ratio);
    canvas.height = Math.round(this.height * ratio);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.scale(ratio, ratio);
    context.fillStyle = this.colours.paper;
    context.fillRect(0, 0, this.width, this.height);
    context.font = `${TEXT_PX}px ${this.colours.font}`;
    context.textBaseline = "middle";
    const { start, end } = this.range;
    const first = this.focus < 0 ? this.tops : [start];
    for (const place of first) this.drawBelow(context, place, (end - start) / this.height);
    this.drawChosen(context);
  }

  /** Return the colours of the page as they are now, and its font. */
  read() {
    const style = getComputedStyle(this.canvas);
    const token = (/** @type {string} */ name) => this.resolved(style.getPropertyValue(`--rk-${name}`));
    return {
      font: style.fontFamily,
      paper: token("paper"),
      ink: token("ink"),
      rest: token("rest"),
      accent: token("accent"),
      hues: Array.from({ length: HUES - 1 }, (_, index) => token(`hue-${index + 1}`)),
    };
  }

  /**
   * Return a colour as canvases read it: tokens may say one for light and one for dark.
   *
   * @param {string} colour
   */
  resolved(colour) {
    this.canvas.style.outlineColor = colour;
    return getComputedStyle(this.canvas).outlineColor;
  }

  /**
   * Draw a field and those below it, as far as there is room.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} top
   * @param {number} scale how many words a pixel is
   */
  drawBelow(context, top, scale) {
    const { tree, range } = this;
    const ahead = [top];
    for (let place = ahead.pop(); place !== undefined; place = ahead.pop()) {
      this.drawField(context, place, scale);
      if (tree.depth[place] - range.depth + 1 >= this.columns) continue;
      let crowd = 0;
      const end = place + 1 + tree.below[place];
      for (const child of tree.children(place)) {
        if ((1 + tree.below[child]) / scale >= LEAST_PX) ahead.push(child);
        else crowd += 1 + tree.below[child];
      }
      if (crowd) this.drawCrowd(context, place, end, scale);
    }
  }

  /**
   * Paint the ground on which the fields of one column stand; where they are too small, it is all that is seen.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} place
   * @param {number} end
   * @param {number} scale
   */
  drawCrowd(context, place, end, scale) {
    const { left, width } = this.column(this.tree.depth[place] + 1);
    const top = (place + 1 - this.range.start) / scale;
    context.globalAlpha = 0.35;
    context.fillStyle = this.colour(place + 1);
    context.fillRect(left, top, width - 1, (end - place - 1) / scale);
    context.globalAlpha = 1;
  }

  /** @param {number} depth */
  column(depth) {
    const width = this.width / this.columns;
    return { left: (depth - this.range.depth) * width, width };
  }

  /** @param {number} place */
  box(place) {
    const { start, end } = this.range;
    const scale = (end - start) / this.height;
    const { left, width } = this.column(this.tree.depth[place]);
    return { left, top: (place - start) / scale, width: width - 1, height: (1 + this.tree.below[place]) / scale };
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} place
   * @param {number} scale
   */
  drawField(context, place, scale) {
    const { tree, colours } = this;
    const { left, top, width, height } = this.box(place);
    const unused = tree.counted && !tree.imagesBelow[place];
    context.fillStyle = colours.paper;
    context.fillRect(left, top, width, height);
    context.globalAlpha = unused ? 0.12 : tree.kinds[place] & INSTANCE ? 0.3 : 0.6;
    context.fillStyle = this.colour(place);
    context.fillRect(left, top, width, Math.max(height - (height > 4 ? 1 : 0), 1 / scale));
    context.globalAlpha = 1;
    if (height < TEXT_PX + 3) return;
    context.save();
    context.beginPath();
    context.rect(left, top, width - 4, height);
    context.clip();
    context.fillStyle = colours.ink;
    const middle = Math.min(Math.max(top, 0) + height / 2, top + height / 2);
    context.fillText(this.label(context, place, width - 9), left + 5, middle);
    context.restore();
  }

  /**
   * Return the first word of a field, and how many stand below it where there is room for that.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} place
   * @param {number} room
   */
  label(context, place, room) {
    const { tree } = this;
    const name = tree.firstWord(place);
    if (!tree.below[place]) return name;
    const whole = `${name} (${tree.below[place].toLocaleString("en")})`;
    return context.measureText(whole).width <= room ? whole : name;
  }

  /** @param {number} place */
  colour(place) {
    const { tree, colours } = this;
    if (tree.kinds[place] & VEILED) return colours.rest;
    const path = tree.path(place);
    const { depth } = this.range;
    if (path.length <= depth + 1) return colours.rest;
    const branch = path[depth + 1];
    const beside = [...tree.children(path[depth])].indexOf(branch);
    return colours.hues[beside % colours.hues.length];
  }

  /** @param {CanvasRenderingContext2D} context */
  drawChosen(context) {
    if (this.tree.depth[this.chosen] - this.range.depth >= this.columns) return;
    const { left, top, width, height } = this.box(this.chosen);
    context.strokeStyle = this.colours.accent;
    context.lineWidth = 3;
    context.strokeRect(left + 1.5, top + 1.5, width - 3, Math.max(height - 3, 2));
  }

  // -- going ---------------------------------------------------------------------------------------

  /** @param {MouseEvent} event */
  click(event) {
    const place = this.at(event.offsetX, event.offsetY);
    if (place < 0) return;
    this.choose(place === this.focus && this.tree.parent[place] >= 0 ? this.tree.parent[place] : place);
  }

  /**
   * Return the place of the field at a point; -1 where there is none.
   *
   * @param {number} x
   * @param {number} y
   */
  at(x, y) {
    const { tree } = this;
    const { start, end, depth } = this.range;
    let place = Math.min(Math.floor(start + (y / this.height) * (end - start)), end - 1);
    const wanted = depth + Math.floor(x / (this.width / this.columns));
    while (place >= start && tree.depth[place] > wanted) place = tree.parent[place];
    return place >= start && tree.depth[place] === wanted ? place : -1;
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (!KEYS.includes(event.key)) return;
    event.preventDefault();
    const next = this.next(event.key);
    if (event.key === "Enter") this.choose(this.chosen);
    else if (next >= 0) this.step(next);
  }

  /** @param {string} key */
  next(key) {
    const { tree, chosen } = this;
    const above = tree.parent[chosen];
    const beside = above < 0 ? this.tops : [...tree.children(above)];
    const at = beside.indexOf(chosen);
    if (key === "ArrowUp") return beside[at - 1] ?? -1;
    if (key === "ArrowDown") return beside[at + 1] ?? -1;
    if (key === "ArrowLeft") return above;
    if (key === "ArrowRight") return tree.below[chosen] ? chosen + 1 : -1;
    return this.tops[0];
  }

  /**
   * Choose a word and leave the map where it is, if the word is on it.
   *
   * @param {number} place
   */
  step(place) {
    const { start, end, depth } = this.range;
    const seen = place >= start && place < end && this.tree.depth[place] - depth < this.columns;
    if (!seen) this.focus = this.tree.parent[place] < 0 ? place : this.tree.parent[place];
    this.chosen = place;
    this.show();
  }
}
