/**
 * A screen of the replay: what is drawn of an image at a moment. No image comes in here unless it was asked for.
 *
 * Python's `display.replay_screen` draws the same moments of the same timeline. Colours are those of the page around
 * the canvas, light or dark; what is finished is drawn once and kept.
 */

import { element } from "./parts.js";

/**
 * @typedef {[kind: number, points: number[]]} Stroke its points are x, y and the share of the time, in `UNITS` and `SHARES`
 * @typedef {object} Drawing
 * @property {number} label its place in `labels`; -1 for none
 * @property {number} by its place in `annotators`
 * @property {[least: number, most: number]} seconds
 * @property {number | null} start the second at which it began, where the data say so
 * @property {Stroke[]} strokes
 *
 * @typedef {{ shown: string, number: number, line: string, chip: string, text: string }} Key
 * @typedef {object} Timeline
 * @property {string} image
 * @property {[width: number, height: number]} size in units
 * @property {Drawing[]} drawings
 * @property {Key[]} labels
 * @property {Key[]} annotators
 * @property {string} told in words, for those who cannot see it
 * @property {string} credit
 * @property {{ data: BufferSource | string, media_type: string } | null} shown the image, where somebody asked for it
 *
 * @typedef {{ hold_s: number, sweep_s: number, stay_s: number }} Stations
 * @typedef {{ second: number, byLabel: number, byAnnotator: number, shown: boolean }} Moment
 */

const LOOP = 0;
const MARKS = 2;
const [CLICK, YES] = [2, 3];
export const SHARES = 10_000;
/** How much of its colour is in an area: in one colour, by label, by annotator. */
const STAGE_FILLS = [0.1, 0.3, 0.15];
const [IN_ONE, BY_LABEL, BY_ANNOTATOR] = [0, 1, 2];
const MANY_VERTICES = 400;
/** With more drawings lines are thinner. */
const CROWD = 200;
/** On a narrower screen there is no room for words. */
const WORDS_PX = 420;

/**
 * @param {HTMLElement} near
 * @param {string} colour as a style sheet says it, a token perhaps
 */
function resolved(near, colour) {
  near.style.color = colour;
  const found = getComputedStyle(near).color;
  near.style.color = "";
  return found;
}

export class Screen {
  canvas = element("canvas", { role: "img" });
  fills = document.createElement("canvas");
  lines = document.createElement("canvas");
  /** @type {HTMLImageElement | null} */
  image = null;
  /** @type {Moment} */
  last = { second: -1, byLabel: 0, byAnnotator: 0, shown: false };
  done = 0;
  begun = 0;
  drawn = 0;
  /** @type {Set<number>} */
  now = new Set();
  scale = 1;
  line = 1;
  end_s = 0;
  starts = new Float64Array();
  ends = new Float64Array();
  /** @type {number[]} */
  byStart = [];
  /** @type {number[]} */
  byEnd = [];
  /** @type {{ paper: string, ink: string, accent: string, labels: string[], annotators: string[] } | null} */
  palette = null;

  /**
   * @param {Timeline} timeline
   * @param {Stations} stations
   */
  constructor(timeline, stations) {
    this.timeline = timeline;
    this.stations = stations;
    this.canvas.setAttribute("aria-label", timeline.told);
    if (timeline.shown) {
      this.image = new Image();
      this.image.src = imageUrl(timeline.shown);
    }
    this.pace(1);
  }

  /** Play the least of the published seconds, or the most. @param {0 | 1} end */
  pace(end) {
    const { drawings } = this.timeline;
    [this.starts, this.ends] = [new Float64Array(drawings.length), new Float64Array(drawings.length)];
    let at = 0;
    for (const [number, { seconds, start }] of drawings.entries()) {
      this.starts[number] = start ?? at;
      at += seconds[end];
      this.ends[number] = this.starts[number] + seconds[end];
    }
    const order = Array.from(drawings.keys());
    const { starts, ends } = this;
    this.byStart = order.toSorted((one, other) => starts[one] - starts[other]);
    this.byEnd = order.toSorted((one, other) => ends[one] - ends[other]);
    this.end_s = ends.reduce((most, each) => Math.max(most, each), 0);
    this.clear();
  }

  /** How long colours take to come, and the image where it was asked for: seconds of the film. */
  get coda_s() {
    const { hold_s, sweep_s, stay_s } = this.stations;
    return hold_s + (this.image ? 3 : 2) * (sweep_s + stay_s);
  }

  /**
   * Return the moment after so many seconds of work; behind the last of them, colours come in seconds of the film.
   *
   * @param {number} work_s
   * @param {number} factor
   * @returns {Moment}
   */
  momentAt(work_s, factor) {
    const { hold_s, sweep_s, stay_s } = this.stations;
    const after = (work_s - this.end_s) / factor - hold_s;
    const count = this.timeline.drawings.length;
    const share = (/** @type {number} */ late) => Math.floor(Math.min(1, Math.max(0, late / sweep_s)) * count);
    return {
      second: Math.min(work_s, this.end_s),
      byLabel: share(after),
      byAnnotator: share(after - sweep_s - stay_s),
      shown: this.image !== null && after >= 2 * (sweep_s + stay_s),
    };
  }

  /** @param {number} width in CSS pixels */
  resize(width) {
    const [wide, high] = this.timeline.size;
    const px = Math.max(1, Math.min(2048, Math.round(width * (window.devicePixelRatio || 1))));
    if (px === this.canvas.width && this.last.second >= 0) return;
    for (const each of [this.canvas, this.fills, this.lines])
      [each.width, each.height] = [px, Math.max(1, Math.round((px * high) / wide))];
    this.scale = px / wide;
    this.line = Math.max(1.25, px / 480) * Math.min(1, (CROWD / Math.max(1, this.timeline.drawings.length)) ** 0.25);
    this.clear();
  }

  /** Forget what is drawn: the next moment is drawn from the beginning, in the colours of the page. */
  clear() {
    for (const each of [this.fills, this.lines])
      each.getContext("2d")?.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.last = { second: -1, byLabel: 0, byAnnotator: 0, shown: false };
    [this.done, this.begun] = [0, 0];
    this.now.clear();
  }

  colours() {
    const probe = this.canvas;
    const { labels, annotators } = this.timeline;
    this.palette = {
      paper: resolved(probe, "var(--rk-paper)"),
      ink: resolved(probe, "var(--rk-ink)"),
      accent: resolved(probe, "var(--rk-accent)"),
      labels: labels.map(({ line }) => resolved(probe, line)),
      annotators: annotators.map(({ line }) => resolved(probe, line)),
    };
  }

  /** @param {Moment} moment */
  show(moment) {
    const { last } = this;
    if (moment.second < last.second || moment.byLabel < last.byLabel || moment.byAnnotator < last.byAnnotator)
      this.clear();
    const same =
      moment.second === this.last.second &&
      moment.byLabel === last.byLabel &&
      moment.byAnnotator === last.byAnnotator &&
      moment.shown === last.shown;
    if (same) return;
    if (this.last.second < 0) this.colours();
    this.commit(moment);
    this.compose(moment);
  }

  /** Draw what is finished since the last moment, or has another colour now. @param {Moment} moment */
  commit(moment) {
    const { byStart, byEnd, starts, ends, last } = this;
    while (this.begun < byStart.length && starts[byStart[this.begun]] <= moment.second)
      this.now.add(byStart[this.begun++]);
    while (this.done < byEnd.length && ends[byEnd[this.done]] <= moment.second) {
      this.now.delete(byEnd[this.done]);
      this.drawWhole(byEnd[this.done++], IN_ONE);
    }
    this.recolour(BY_LABEL, last.byLabel, moment.byLabel);
    this.recolour(BY_ANNOTATOR, last.byAnnotator, moment.byAnnotator);
    this.last = moment;
  }

  /**
   * Give drawings another colour. With the last of them all are drawn anew: no edge keeps the colour before.
   *
   * @param {number} stage
   * @param {number} from
   * @param {number} to
   */
  recolour(stage, from, to) {
    const all = from < to && to === this.timeline.drawings.length;
    if (all) this.lines.getContext("2d")?.clearRect(0, 0, this.lines.width, this.lines.height);
    for (let number = all ? 0 : from; number < to; number++) this.drawWhole(number, stage);
  }

  /** @param {Moment} moment */
  compose(moment) {
    const context = this.canvas.getContext("2d");
    if (!context || !this.palette) return;
    const { width, height } = this.canvas;
    context.fillStyle = this.palette.paper;
    context.fillRect(0, 0, width, height);
    if (moment.shown && this.image?.complete) context.drawImage(this.image, 0, 0, width, height);
    else context.drawImage(this.fills, 0, 0);
    context.drawImage(this.lines, 0, 0);
    for (const number of this.now) this.drawPart(context, number, moment.second);
    const count = this.timeline.drawings.length;
    if (width < WORDS_PX || !count) return;
    if (moment.byAnnotator === count && !moment.shown) this.writeAnnotators(context);
    else if (moment.byLabel === count && !moment.byAnnotator) this.writeLabels(context);
  }

  /**
   * @param {number} number
   * @param {number} stage by what it has its colour
   */
  drawWhole(number, stage) {
    const { palette } = this;
    const { label, by, strokes } = this.timeline.drawings[number];
    const [fills, lines] = [this.fills.getContext("2d"), this.lines.getContext("2d")];
    if (!palette || !fills || !lines) return;
    const colour = [palette.ink, palette.labels[label] ?? palette.ink, palette.annotators[by]][stage];
    if (label >= 0) this.fill(fills, strokes, colour, STAGE_FILLS[stage]);
    this.pen(lines, colour);
    for (const [kind, points] of strokes) this.drawStroke(lines, kind, points);
  }

  /**
   * Lay a part of a colour over what the loops enclose, and nothing of what was there before.
   *
   * @param {CanvasRenderingContext2D} fills
   * @param {Stroke[]} strokes
   * @param {string} colour
   * @param {number} part
   */
  fill(fills, strokes, colour, part) {
    const enclosed = new Path2D();
    for (const [kind, points] of strokes) if (kind === LOOP) this.trace(enclosed, points, points.length, true);
    fills.fillStyle = this.palette?.paper ?? "";
    fills.fill(enclosed, "evenodd");
    fills.globalAlpha = part;
    fills.fillStyle = colour;
    fills.fill(enclosed, "evenodd");
    fills.globalAlpha = 1;
  }

  /**
   * Draw what is there of a drawing, its corners, and the hand.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} number
   * @param {number} second
   */
  drawPart(context, number, second) {
    const { palette, starts, ends } = this;
    if (!palette) return;
    const long = ends[number] - starts[number];
    const share = long ? ((second - starts[number]) / long) * SHARES : SHARES;
    this.pen(context, palette.ink);
    /** @type {[x: number, y: number] | null} */
    let hand = null;
    for (const [kind, points] of this.timeline.drawings[number].strokes) {
      const count = countUntil(points, share);
      if (!count) continue;
      const reached = kind < MARKS ? tip(kind, points, count, share) : points.slice(3 * count - 3, 3 * count - 1);
      this.drawStroke(context, kind, points, { length: 3 * count, reached });
      if (kind === LOOP && points.length <= 3 * MANY_VERTICES)
        for (let at = 0; at < 3 * count; at += 3) {
          const half = 1.4 * this.line;
          context.fillRect(this.px(points[at]) - half, this.px(points[at + 1]) - half, 2 * half, 2 * half);
        }
      hand = [this.px(reached[0]), this.px(reached[1])];
    }
    if (hand) this.drawHand(context, ...hand);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} x
   * @param {number} y
   */
  drawHand(context, x, y) {
    this.pen(context, this.palette?.accent ?? "");
    const [inner, outer] = [3 * this.line, 7 * this.line];
    context.beginPath();
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]) {
      context.moveTo(x + dx * inner, y + dy * inner);
      context.lineTo(x + dx * outer, y + dy * outer);
    }
    context.stroke();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {string} colour
   */
  pen(context, colour) {
    context.strokeStyle = colour;
    context.fillStyle = colour;
    context.lineWidth = this.line;
    context.lineJoin = "round";
  }

  /** @param {number} units */
  px(units) {
    return units * this.scale;
  }

  /**
   * @param {Path2D | CanvasRenderingContext2D} path
   * @param {number[]} points
   * @param {number} length how many of its numbers
   * @param {boolean} closed
   */
  trace(path, points, length, closed) {
    for (let at = 0; at < length; at += 3) {
      if (at) path.lineTo(this.px(points[at]), this.px(points[at + 1]));
      else path.moveTo(this.px(points[0]), this.px(points[1]));
    }
    if (closed) path.closePath();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} kind
   * @param {number[]} points
   * @param {{ length: number, reached: number[] }} [part] how many of its numbers, and how far the hand has come
   */
  drawStroke(context, kind, points, part) {
    const length = part?.length ?? points.length;
    context.beginPath();
    if (kind >= MARKS) {
      for (let at = 0; at < length; at += 3)
        this.drawClick(context, kind, this.px(points[at]), this.px(points[at + 1]));
    } else {
      this.trace(context, points, length, !part && kind === LOOP);
      if (part) context.lineTo(this.px(part.reached[0]), this.px(part.reached[1]));
    }
    context.stroke();
  }

  /**
   * A dot on an edge or a point, a plus on the thing, a minus beside it.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} kind
   * @param {number} x
   * @param {number} y
   */
  drawClick(context, kind, x, y) {
    const arm = 2.6 * this.line;
    if (kind === CLICK) {
      context.fill(circle(x, y, 1.6 * this.line));
      return;
    }
    context.moveTo(x - arm, y);
    context.lineTo(x + arm, y);
    if (kind !== YES) return;
    context.moveTo(x, y - arm);
    context.lineTo(x, y + arm);
  }

  /** Take the letters of words, and return how high they are. @param {CanvasRenderingContext2D} context */
  writing(context) {
    const text = Math.max(11, this.canvas.width / 60);
    context.font = `600 ${text}px ${getComputedStyle(this.canvas).fontFamily}`;
    context.textBaseline = "middle";
    return text;
  }

  /**
   * Write the words for annotators on their colours, in rows from above, as far as there is room.
   *
   * @param {CanvasRenderingContext2D} context
   */
  writeAnnotators(context) {
    const { width, height } = this.canvas;
    const text = this.writing(context);
    const high = 1.3 * text;
    let [left, top] = [0, 0];
    for (const key of this.timeline.annotators) {
      const wide = context.measureText(key.shown).width + text / 2;
      if (left && left + wide > width) [left, top] = [0, top + high];
      if (top + high > height / 2) return;
      write(context, key, [left, top, wide, high]);
      left += wide + 1;
    }
  }

  /**
   * Write the label of each drawing where there is room, the smallest first.
   *
   * @param {CanvasRenderingContext2D} context
   */
  writeLabels(context) {
    const text = this.writing(context);
    /** @type {number[][]} */
    const placed = [];
    const { drawings, labels } = this.timeline;
    const boxes = drawings
      .filter(({ label }) => label >= 0)
      .map((drawing) => ({ drawing, box: this.extent(drawing) }))
      .sort((one, other) => area(one.box) - area(other.box));
    for (const { drawing, box } of boxes.slice(0, 400)) {
      const key = labels[drawing.label];
      const [wide, high] = [context.measureText(key.shown).width + text / 2, 1.3 * text];
      const [left, top] = [Math.max(0, box[0]), Math.max(0, box[1])];
      const place = [left, top, left + wide, top + high];
      const free = placed.every(([l, t, r, b]) => place[0] >= r || place[2] <= l || place[1] >= b || place[3] <= t);
      if (wide > box[2] - box[0] || high > box[3] - box[1] || place[2] > this.canvas.width || !free) continue;
      placed.push(place);
      write(context, key, [left, top, wide, high]);
    }
  }

  /** @param {Drawing} drawing */
  extent({ strokes }) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [, points] of strokes)
      for (let at = 0; at < points.length; at += 3) {
        const [x, y] = [this.px(points[at]), this.px(points[at + 1])];
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
      }
    return box;
  }
}

const area = (/** @type {number[]} */ [left, top, right, bottom]) => (right - left) * (bottom - top);

/**
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function circle(x, y, radius) {
  const path = new Path2D();
  path.arc(x, y, radius, 0, 2 * Math.PI);
  return path;
}

/**
 * Return how many points are there after a share of the time.
 *
 * @param {number[]} points
 * @param {number} share
 */
function countUntil(points, share) {
  let [fits, fails] = [0, points.length / 3 + 1];
  while (fails - fits > 1) {
    const half = (fits + fails) >> 1;
    if (points[3 * half - 1] <= share) fits = half;
    else fails = half;
  }
  return fits;
}

/**
 * Return how far the hand has come from the last point that is there towards the next, or the first.
 *
 * @param {number} kind
 * @param {number[]} points
 * @param {number} count
 * @param {number} share
 */
function tip(kind, points, count, share) {
  const [x, y, at] = points.slice(3 * count - 3, 3 * count);
  const last = 3 * count === points.length;
  if (last && kind !== LOOP) return [x, y];
  const [nextX, nextY, nextAt] = last ? [points[0], points[1], SHARES] : points.slice(3 * count, 3 * count + 3);
  const part = nextAt > at ? Math.min(1, (share - at) / (nextAt - at)) : 1;
  return [x + (nextX - x) * part, y + (nextY - y) * part];
}

/** @param {{ data: BufferSource | string, media_type: string }} shown */
function imageUrl({ data, media_type: type }) {
  const bytes = typeof data === "string" ? Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)) : data;
  return URL.createObjectURL(new Blob([bytes], { type }));
}

/** Return a time as hours, minutes and seconds. @param {number} seconds */
export function clock(seconds) {
  const whole = Math.floor(seconds + 1e-6);
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${Math.floor(whole / 3600).toLocaleString("en")}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** Return how many times faster than its seconds a replay goes, or slower. @param {number} factor */
export function speed(factor) {
  if (factor === 1) return "as fast as these";
  const [many, way] = factor > 1 ? [factor, "faster"] : [1 / factor, "slower"];
  const shown = many.toLocaleString("en", many < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 });
  return `${shown} × ${way}`;
}

/**
 * Write the words of a key on its colour.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Key} key
 * @param {number[]} place left, top, width and height
 */
function write(context, { shown, chip, text }, [left, top, wide, high]) {
  context.fillStyle = chip;
  context.fillRect(left, top, wide, high);
  context.fillStyle = text;
  context.fillText(shown, left + high / 1.3 / 4, top + high / 2);
}
