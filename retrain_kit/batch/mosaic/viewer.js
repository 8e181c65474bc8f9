/**
 * What is said of an image: its row of the study's table, its annotations and words, and why it could not be shown.
 *
 * @typedef {object} Card
 * @property {Row} row
 * @property {[label: string, annotator: string, count: number][]} annotations
 * @property {[label: string, present: boolean | null, annotator: string][]} words
 * @property {string} [reason]
 *
 * @typedef {{ [column: string]: string | number, id: string, sha256: string, width_px: number, height_px: number,
 *   licence: string, author: string, source: string, note: string, alt: string, notice: string, leaves_out: string, split: string,
 * }} Row
 *
 * A study as the page has it. Widths, heights and sides are pixels of the mosaic, whose squares of level `top` are
 * as large as it.
 *
 * @typedef {object} Study
 * @property {string} name
 * @property {string} view
 * @property {number} width
 * @property {number} height
 * @property {number} tile
 * @property {number} margin
 * @property {number} columns
 * @property {number} side
 * @property {number} top
 * @property {string[]} table
 * @property {Card[]} cards
 * @property {Record<string, string> | null} embedded
 *
 * @typedef {{ x: number, y: number, scale: number }} View
 * @typedef {[left: number, top: number]} Point
 */

const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const KEPT_SQUARES = 300;
const CLICK_PX = 6;
const CLOSEST_PX = 640; // So wide is a tile at the closest.
const SHARP_FROM = 1.5; // From so many screen pixels for one of the mosaic on, previews are painted over the tiles.
const GLIDE_MS = 180;

/**
 * A mosaic on a canvas, to move and to zoom. The view is the scale (screen pixels for one of the mosaic) and the
 * point of the mosaic in the canvas's upper left corner.
 * Tells of "current" when another tile is the current one, and of "open" when one is to be opened.
 */
export class Viewer extends EventTarget {
  current = 0;
  fit = Infinity;
  travelled = 0;
  waiting = 0;
  /** @type {View} */
  view = { x: 0, y: 0, scale: 0 };
  /** @type {object | undefined} */
  gliding = undefined;
  /** @type {Map<string, HTMLImageElement>} */
  squares = new Map();
  /** @type {Map<number, Point>} */
  pointers = new Map();

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Study} study
   * @param {(name: string) => string} urlOf
   */
  constructor(canvas, study, urlOf) {
    super();
    this.canvas = canvas;
    this.study = study;
    this.urlOf = urlOf;
    this.pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.listen();
    new ResizeObserver(() => this.resize()).observe(canvas);
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => this.drag(event));
    for (const type of /** @type {const} */ (["pointerup", "pointercancel"])) {
      canvas.addEventListener(type, (event) => this.release(event));
    }
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("keydown", (event) => this.key(event));
    for (const type of ["focus", "blur"]) canvas.addEventListener(type, () => this.draw());
  }

  get whole() {
    const { width, height } = this.study;
    return Math.min(this.canvas.clientWidth / width, this.canvas.clientHeight / height);
  }

  get closest() {
    return Math.max(this.whole, 2, CLOSEST_PX / this.study.tile);
  }

  resize() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth) return;
    const wasWhole = this.view.scale <= this.fit;
    this.canvas.width = Math.round(clientWidth * devicePixelRatio);
    this.canvas.height = Math.round(clientHeight * devicePixelRatio);
    this.fit = this.whole;
    this.show(wasWhole ? { x: 0, y: 0, scale: this.fit } : this.view);
  }

  /**
   * Show a view, kept within the mosaic; what is narrower than the canvas stands in its middle.
   *
   * @param {View} view
   */
  show({ x, y, scale }) {
    const { canvas, study } = this;
    scale = Math.min(this.closest, Math.max(this.whole, scale));
    /** @type {(start: number, room: number, length: number) => number} */
    const within = (start, room, length) =>
      room >= length ? (length - room) / 2 : Math.min(length - room, Math.max(0, start));
    this.view = {
      scale,
      x: within(x, canvas.clientWidth / scale, study.width),
      y: within(y, canvas.clientHeight / scale, study.height),
    };
    this.draw();
  }

  /**
   * Go to a view in a short movement, or at once where movement is unwelcome.
   *
   * @param {View} goal
   */
  glide(goal) {
    const from = this.view;
    const start = performance.now();
    const own = {};
    this.gliding = own;
    /** @param {number} now */
    const step = (now) => {
      if (this.gliding !== own) return;
      const part = CALM.matches ? 1 : Math.min(1, Math.max(0, (now - start) / GLIDE_MS));
      /** @param {keyof View} name */
      const mix = (name) => from[name] + (goal[name] - from[name]) * part * (2 - part);
      this.show({ x: mix("x"), y: mix("y"), scale: mix("scale") });
      if (part < 1) requestAnimationFrame(step);
    };
    step(start);
  }

  /**
   * Change the scale around a point of the canvas.
   *
   * @param {number} factor
   * @param {Point} point
   * @param {"glide" | "show"} move
   */
  zoom(factor, [left, top] = this.middle, move = "glide") {
    const { x, y, scale } = this.view;
    const next = Math.min(this.closest, Math.max(this.whole, scale * factor));
    this[move]({ x: x + left / scale - left / next, y: y + top / scale - top / next, scale: next });
  }

  /**
   * Change the scale with the current tile in the middle.
   *
   * @param {number} factor
   */
  zoomCurrent(factor) {
    const scale = Math.min(this.closest, Math.max(this.whole, this.view.scale * factor));
    const [x, y] = this.corner(this.current).map(
      (edge, axis) => edge + this.study.tile / 2 - this.middle[axis] / scale,
    );
    this.glide({ x, y, scale });
  }

  /** @returns {Point} */
  get middle() {
    return [this.canvas.clientWidth / 2, this.canvas.clientHeight / 2];
  }

  showWhole() {
    this.glide({ x: 0, y: 0, scale: this.whole });
  }

  /**
   * Make a tile the current one and bring it into sight.
   *
   * @param {number} place
   */
  go(place) {
    const { study, canvas } = this;
    this.current = Math.min(study.cards.length - 1, Math.max(0, place));
    const { x, y, scale } = this.view;
    const [left, top] = this.corner(this.current);
    /** @type {(start: number, room: number, edge: number) => number} */
    const nearest = (start, room, edge) =>
      edge < start ? edge : edge + study.tile > start + room ? edge + study.tile - room : start;
    this.glide({
      x: nearest(x, canvas.clientWidth / scale, left),
      y: nearest(y, canvas.clientHeight / scale, top),
      scale,
    });
    this.dispatchEvent(new Event("current"));
  }

  /**
   * @param {number} place
   * @returns {Point}
   */
  corner(place) {
    const { columns, tile } = this.study;
    return [(place % columns) * tile, Math.floor(place / columns) * tile];
  }

  /**
   * Return the tile under a point of the canvas, or -1.
   *
   * @param {Point} point
   */
  under([left, top]) {
    const { columns, tile, cards } = this.study;
    const { x, y, scale } = this.view;
    const column = Math.floor((x + left / scale) / tile);
    const place = Math.floor((y + top / scale) / tile) * columns + column;
    return column >= 0 && column < columns && place >= 0 && place < cards.length ? place : -1;
  }

  draw() {
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => this.paint());
  }

  paint() {
    const { canvas, pen, study, view } = this;
    const dense = view.scale * devicePixelRatio;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.setTransform(dense, 0, 0, dense, -view.x * dense, -view.y * dense);
    const wanted = Math.max(0, Math.min(study.top, study.top + Math.ceil(Math.log2(dense))));
    for (let level = 0; level <= wanted; level++) this.paintLevel(level, level === wanted || level === 0);
    if (dense > SHARP_FROM) this.paintImages();
    this.paintRing(pen, dense);
  }

  /** Paint the previews of the tiles in sight over them, but for those with a notice of their own. */
  paintImages() {
    const { canvas, pen, study, view } = this;
    const room = study.tile - 2 * study.margin;
    const [right, low] = [view.x + canvas.clientWidth / view.scale, view.y + canvas.clientHeight / view.scale];
    for (let row = Math.max(0, Math.floor(view.y / study.tile)); row * study.tile < low; row++) {
      for (let column = Math.max(0, Math.floor(view.x / study.tile)); column * study.tile < right; column++) {
        const place = row * study.columns + column;
        const card = column < study.columns ? study.cards[place] : undefined;
        if (!card || card.reason || card.row.notice) continue;
        const preview = this.square(`images/${place}`, true);
        if (!preview?.naturalWidth) continue;
        const shrink = Math.min(1, room / Math.max(preview.naturalWidth, preview.naturalHeight));
        const [width, height] = [preview.naturalWidth * shrink, preview.naturalHeight * shrink];
        const [left, top] = this.corner(place);
        pen.drawImage(preview, left + (study.tile - width) / 2, top + (study.tile - height) / 2, width, height);
      }
    }
  }

  /**
   * Paint the squares of a level that are in sight and at hand; ask for those that are not.
   *
   * @param {number} level
   * @param {boolean} ask
   */
  paintLevel(level, ask) {
    const { canvas, pen, study, view } = this;
    const step = study.side * 2 ** (study.top - level);
    const last = { x: view.x + canvas.clientWidth / view.scale, y: view.y + canvas.clientHeight / view.scale };
    for (let row = Math.max(0, Math.floor(view.y / step)); row * step < Math.min(last.y, study.height); row++) {
      for (
        let column = Math.max(0, Math.floor(view.x / step));
        column * step < Math.min(last.x, study.width);
        column++
      ) {
        const square = this.square(`tiles/${level}/${column}_${row}`, ask);
        if (!square?.naturalWidth) continue;
        const grow = 2 ** (study.top - level);
        const width = Math.min(square.naturalWidth * grow, study.width - column * step);
        const height = Math.min(square.naturalHeight * grow, study.height - row * step);
        pen.drawImage(square, column * step, row * step, width, height);
      }
    }
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {number} dense
   */
  paintRing(pen, dense) {
    if (document.activeElement !== this.canvas) return;
    const [x, y] = this.corner(this.current);
    const side = Math.max(this.study.tile, (8 * devicePixelRatio) / dense);
    for (const [colour, width] of /** @type {const} */ ([
      ["sheet", 5],
      ["sheet-accent", 3],
    ])) {
      pen.strokeStyle = getComputedStyle(this.canvas).getPropertyValue(`--rk-${colour}`);
      pen.lineWidth = (width * devicePixelRatio) / dense;
      pen.strokeRect(x, y, side, side);
    }
  }

  /**
   * Return a square that has come, asking for it where that is wanted; the ones used last are kept.
   *
   * @param {string} name
   * @param {boolean} ask
   */
  square(name, ask) {
    let square = this.squares.get(name);
    if (!square && !ask) return undefined;
    if (square) {
      this.squares.delete(name);
    } else {
      square = new Image();
      square.onload = () => this.draw();
      square.src = this.urlOf(name);
      const [oldest] = this.squares.keys();
      if (this.squares.size > KEPT_SQUARES) this.squares.delete(oldest);
    }
    this.squares.set(name, square);
    return square;
  }

  /** @param {PointerEvent} event */
  press(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
    this.gliding = undefined;
    this.travelled = this.pointers.size > 1 ? Infinity : 0;
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    /** @type {Point} */
    const now = [event.offsetX, event.offsetY];
    const moved = [now[0] - before[0], now[1] - before[1]];
    const [other] = this.otherThan(event.pointerId);
    this.pointers.set(event.pointerId, now);
    this.travelled += Math.hypot(...moved);
    if (other) {
      /** @param {Point} point */
      const apart = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]);
      if (apart(before))
        this.zoom(apart(now) / apart(before), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2], "show");
    } else if (this.travelled > CLICK_PX) {
      const { x, y, scale } = this.view;
      this.show({ x: x - moved[0] / scale, y: y - moved[1] / scale, scale });
    }
  }

  /** @param {number} pointer */
  otherThan(pointer) {
    return [...this.pointers].filter(([id]) => id !== pointer).map(([, point]) => point);
  }

  /** @param {PointerEvent} event */
  release(event) {
    const pressed = this.pointers.delete(event.pointerId);
    if (!pressed || event.type !== "pointerup" || this.travelled > CLICK_PX) return;
    const place = this.under([event.offsetX, event.offsetY]);
    if (place >= 0) this.open(place);
  }

  /** @param {number} place */
  open(place) {
    this.go(place);
    this.dispatchEvent(new Event("open"));
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    const farther = event.deltaY > 0;
    if (farther && this.view.scale <= this.whole) return; // The page scrolls on.
    event.preventDefault();
    this.gliding = undefined;
    const lines = event.deltaMode ? 24 : 1;
    this.zoom(2 ** ((-event.deltaY * lines) / 240), [event.offsetX, event.offsetY], "show");
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { columns, cards } = this.study;
    /** @type {Record<string, number>} */
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    /** @type {Record<string, number>} */
    const ends = { Home: 0, End: cards.length - 1 };
    /** @type {Record<string, () => void>} */
    const acts = {
      Enter: () => this.open(this.current),
      "+": () => this.zoomCurrent(2),
      "=": () => this.zoomCurrent(2),
      "-": () => this.zoomCurrent(0.5),
      0: () => this.showWhole(),
    };
    const place = ends[event.key] ?? this.current + (steps[event.key] ?? NaN);
    if (place >= 0 && place < cards.length) this.go(place);
    else if (acts[event.key]) acts[event.key]();
    else if (!(event.key in steps)) return;
    event.preventDefault();
  }
}
