/**
 * A brush: parts of images are covered by hand, with mouse, finger or keys.
 *
 * The image comes from the kernel with all that is veiled made coarse. What is covered here goes there at once, is
 * kept, and comes back in the image; until then it is covered by a flat colour.
 */

import { control, element, row, shelter, trigger } from "./parts.js";

/**
 * @import { Model } from "./types.d.ts"
 *
 * @typedef {object} Page
 * @property {number} number
 * @property {string} alt
 * @property {string} told
 * @property {number} rows
 * @property {number} columns
 * @property {string[]} cells
 * @property {BufferSource} data
 * @property {string} media_type
 * @property {number} width
 * @property {number} height
 *
 * @typedef {{ order: number[], page: Page, covered: number[] }} Traits
 * @typedef {{ fault?: string }} Heard
 * @typedef {{ act: "open", number: number } | { act: "cover", number: number, cells: string[] }} Said
 * @typedef {Pick<Model<Traits, Heard, Said>, "get" | "on" | "off" | "send">} BrushModel
 */

/** How many cells wide a brush is, and what it is called. */
const SIZES = { 1: "Small", 3: "Middle", 7: "Large" };
/** @type {Record<string, [number, number]>} */
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FAR = 8;
const HELP =
  "Drag over what is to be covered. Keys, on the image: arrows move, with Shift farther; Space covers, Backspace uncovers.";

class Brush {
  /** @type {boolean[][]} What is covered now. */
  cells = [];
  /** @type {string[]} What the image that is shown has covered already. */
  kept = [];
  /** @type {string[][]} What was covered before each stroke. */
  past = [];
  number = 0;
  column = 0;
  row = 0;
  covering = true;
  painting = false;
  /** @type {[number, number] | undefined} */
  last = undefined;
  size = 3;
  /** The colours of the page, of which one is dark and one light, as the style of the drawing has them. */
  colours = { dark: "", light: "", flat: "" };
  url = "";
  closing = new AbortController();
  image = element("img", { alt: "", draggable: "false", class: "rk-image" });
  canvas = element("canvas", { class: "rk-cover-canvas", "aria-hidden": "true" });
  status = element("p", { role: "status", class: "rk-quiet" });
  told = element("p", { class: "rk-quiet" });
  place = element("p", { class: "rk-title" });
  drawing = () => this.turn();
  /** @param {Heard} message */
  hearing = ({ fault }) => this.tell(fault ?? "");

  /** @param {BrushModel} model */
  constructor(model) {
    this.model = model;
    this.stage = control("div", { class: "rk-stage", tabindex: "0", role: "application" }, this.image, this.canvas);
    this.modes = [true, false].map((covers) =>
      trigger(covers ? "Cover" : "Uncover", () => this.choose(covers), { "aria-pressed": String(covers) }),
    );
    this.undoing = trigger("Undo", () => this.undo());
    this.root = element(
      "div",
      { class: "rk-widget rk-brush-widget" },
      this.place,
      row(...this.modes, this.buildSizes(), this.undoing),
      this.stage,
      this.told,
      row(
        trigger("Previous image", () => this.go(-1)),
        trigger("Next image", () => this.go(1)),
      ),
      this.status,
      element("p", { class: "rk-quiet" }, HELP),
    );
    this.listen();
  }

  /** @param {HTMLElement} host */
  open(host) {
    host.append(this.root);
    this.turn();
  }

  close() {
    this.closing.abort();
    this.model.off("change:page", this.drawing);
    this.model.off("msg:custom", this.hearing);
    URL.revokeObjectURL(this.url);
    this.root.remove();
  }

  buildSizes() {
    const choice = control("select");
    for (const [size, name] of Object.entries(SIZES)) {
      choice.append(element("option", { value: size, ...(Number(size) === this.size ? { selected: "" } : {}) }, name));
    }
    choice.addEventListener("change", () => {
      this.size = Number(choice.value);
      this.draw();
    });
    return element("label", { class: "rk-size" }, "Brush ", choice);
  }

  listen() {
    const { signal } = this.closing;
    this.stage.addEventListener("pointerdown", (event) => this.press(event), { signal });
    this.stage.addEventListener("pointermove", (event) => this.drag(event), { signal });
    for (const end of ["pointerup", "pointercancel"]) this.stage.addEventListener(end, () => this.lift(), { signal });
    this.stage.addEventListener("keydown", (event) => this.key(event), { signal });
    for (const turn of ["focus", "blur"]) this.stage.addEventListener(turn, () => this.draw(), { signal });
    this.model.on("change:page", this.drawing);
    this.model.on("msg:custom", this.hearing);
  }

  // -- the image -----------------------------------------------------------------------------------

  get page() {
    return this.model.get("page");
  }

  /** Take the image that the kernel has made. What was covered since then stays covered. */
  turn() {
    const { number, alt, told, rows, columns, cells, data, media_type, width, height } = this.page;
    const old = this.url;
    this.url = URL.createObjectURL(new Blob([data], { type: media_type }));
    this.image.src = this.url;
    if (old) URL.revokeObjectURL(old);
    this.image.alt = alt;
    this.image.width = width;
    this.image.height = height;
    this.kept = cells;
    this.told.textContent = told;
    if (number !== this.number) {
      this.number = number;
      this.past = [];
      [this.column, this.row] = [Math.floor(columns / 2), Math.floor(rows / 2)];
      this.cells = Array.from({ length: rows }, (_, y) =>
        Array.from({ length: columns }, (__, x) => cells[y]?.[x] === "#"),
      );
      this.tell("");
    }
    const order = this.model.get("order");
    this.place.textContent = `Image ${number}: ${order.indexOf(number) + 1} of ${order.length} here`;
    this.stage.setAttribute("aria-label", `Image ${number}, to cover by hand. ${HELP}`);
    this.draw();
  }

  /** @param {number} step */
  go(step) {
    const order = this.model.get("order");
    const next = order[order.indexOf(this.number) + step];
    if (next === undefined) this.tell(step > 0 ? "This is the last image." : "This is the first image.");
    else this.model.send({ act: "open", number: next });
  }

  // -- covering ------------------------------------------------------------------------------------

  /** @param {boolean} covers */
  choose(covers) {
    this.covering = covers;
    this.modes[0].setAttribute("aria-pressed", String(covers));
    this.modes[1].setAttribute("aria-pressed", String(!covers));
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button !== 0) return;
    this.stage.setPointerCapture(event.pointerId);
    this.painting = true;
    this.last = undefined;
    this.past.push(this.written);
    this.drag(event);
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (!this.painting) return;
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    const { rows, columns } = this.page;
    const x = Math.floor(((event.clientX - left) / width) * columns);
    const y = Math.floor(((event.clientY - top) / height) * rows);
    const [fromX, fromY] = this.last ?? [x, y];
    const steps = Math.max(Math.abs(x - fromX), Math.abs(y - fromY), 1);
    for (let step = 0; step <= steps; step++) {
      const part = step / steps;
      this.paint(Math.round(fromX + (x - fromX) * part), Math.round(fromY + (y - fromY) * part), this.covering);
    }
    this.last = [x, y];
    this.column = Math.max(0, Math.min(columns - 1, x));
    this.row = Math.max(0, Math.min(rows - 1, y));
    this.draw();
  }

  lift() {
    if (!this.painting) return;
    this.painting = false;
    this.keep();
  }

  /**
   * Cover, or uncover, what lies under the brush.
   *
   * @param {number} left
   * @param {number} top
   * @param {boolean} covers
   */
  paint(left, top, covers) {
    const reach = (this.size - 1) / 2;
    for (let y = top - reach; y <= top + reach; y++) {
      for (let x = left - reach; x <= left + reach; x++) {
        if (this.cells[y]?.[x] !== undefined) this.cells[y][x] = covers;
      }
    }
  }

  undo() {
    const before = this.past.pop();
    if (!before) return this.tell("Nothing to undo.");
    this.cells = this.cells.map((cells, y) => cells.map((_, x) => before[y][x] === "#"));
    return this.keep();
  }

  /** What is covered, as rows of text. */
  get written() {
    return this.cells.map((cells) => cells.map((cell) => (cell ? "#" : ".")).join(""));
  }

  keep() {
    this.model.send({ act: "cover", number: this.number, cells: this.written });
    const count = this.cells.flat().filter(Boolean).length;
    this.tell(`${count} of ${this.cells.flat().length} cells are covered by hand.`);
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    shelter(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step) this.move(step, event.shiftKey ? FAR : 1);
    else if (event.key === " ") this.stamp(true);
    else if (event.key === "Backspace" || event.key === "Delete") this.stamp(false);
    else return;
    event.preventDefault();
  }

  /**
   * @param {[number, number]} step
   * @param {number} times
   */
  move([x, y], times) {
    const { rows, columns } = this.page;
    this.column = Math.max(0, Math.min(columns - 1, this.column + x * times));
    this.row = Math.max(0, Math.min(rows - 1, this.row + y * times));
    const state = this.cells[this.row][this.column] ? "covered by hand" : "not covered by hand";
    this.tell(`Row ${this.row + 1} of ${rows}, column ${this.column + 1} of ${columns}: ${state}.`);
    this.draw();
  }

  /** @param {boolean} covers */
  stamp(covers) {
    this.past.push(this.written);
    this.paint(this.column, this.row, covers);
    this.keep();
  }

  // -- drawing -------------------------------------------------------------------------------------

  /** @param {string} text */
  tell(text) {
    this.status.textContent = text;
  }

  /** Draw what is covered by hand: flat where the image does not have it yet, as a rim where it has. */
  draw() {
    const { rows, columns } = this.page;
    const scale = Math.max(4, Math.ceil(1024 / Math.max(rows, columns)));
    this.canvas.width = columns * scale;
    this.canvas.height = rows * scale;
    const pen = this.canvas.getContext("2d");
    if (!pen) return;
    const { color, borderTopColor, outlineColor } = getComputedStyle(this.canvas);
    this.colours = { dark: color, light: borderTopColor, flat: outlineColor };
    for (const [y, line] of this.cells.entries()) {
      for (const [x, covered] of line.entries()) {
        if (covered) this.drawCell(pen, x, y, scale);
      }
    }
    if (document.activeElement === this.stage) this.drawCursor(pen, scale);
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {number} x
   * @param {number} y
   * @param {number} scale
   */
  drawCell(pen, x, y, scale) {
    if (this.kept[y]?.[x] !== "#") {
      pen.fillStyle = this.colours.flat;
      pen.fillRect(x * scale, y * scale, scale, scale);
    }
    pen.lineWidth = 2;
    /** @type {[number, number, number, number, number, number][]} */
    const sides = [
      [0, -1, 0, 0, 1, 0],
      [0, 1, 0, 1, 1, 1],
      [-1, 0, 0, 0, 0, 1],
      [1, 0, 1, 0, 1, 1],
    ];
    for (const [besideX, besideY, fromX, fromY, toX, toY] of sides) {
      if (this.cells[y + besideY]?.[x + besideX]) continue;
      for (const [colour, dash] of /** @type {[string, number[]][]} */ ([
        [this.colours.dark, []],
        [this.colours.light, [4, 4]],
      ])) {
        pen.strokeStyle = colour;
        pen.setLineDash(dash);
        pen.beginPath();
        pen.moveTo((x + fromX) * scale, (y + fromY) * scale);
        pen.lineTo((x + toX) * scale, (y + toY) * scale);
        pen.stroke();
      }
    }
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {number} scale
   */
  drawCursor(pen, scale) {
    const reach = (this.size - 1) / 2;
    pen.setLineDash([]);
    for (const [colour, width] of /** @type {[string, number][]} */ ([
      [this.colours.dark, 7],
      [this.colours.light, 3],
    ])) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      const [x, y] = [(this.column - reach) * scale, (this.row - reach) * scale];
      pen.strokeRect(x, y, this.size * scale, this.size * scale);
    }
  }
}

/** @param {{ model: BrushModel, el: HTMLElement }} place */
function render({ model, el }) {
  const brush = new Brush(model);
  brush.open(el);
  return () => brush.close();
}

export default { render };
