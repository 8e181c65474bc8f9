/**
 * A sketch over an image: what was drawn on it, as lines that are as thick on the screen however near one looks.
 *
 * Each line is drawn twice, light on dark, so that it can be seen on every image.
 */

import { element } from "../../widgets/parts.js";
import { edgesOf, POINTS } from "./pieces.js";

/**
 * @typedef {import("./pieces.js").Place} Place
 * @typedef {import("./pieces.js").Piece} Piece
 */

const SVG = "http://www.w3.org/2000/svg";

/** The line of a piece. @param {Piece["kind"]} kind @param {Place[]} points @param {boolean} open */
function lineOf(kind, points, open) {
  if (kind === "outline" || points.length < 2) return pathOf(points, !open && kind === "outline");
  if (points.length < POINTS[kind]) return "";
  const [left, top, right, bottom] = edgesOf(points);
  return `M${left} ${top}H${right}V${bottom}H${left}Z`;
}

/** @param {Place[]} points @param {boolean} closed */
function pathOf(points, closed) {
  const steps = points.map(({ x, y }, at) => `${at ? "L" : "M"}${x} ${y}`);
  return steps.join("") + (closed ? "Z" : "");
}

/** Dots, each a line of no length with a round end. @param {Place[]} points */
const dotsOf = (points) => points.map(({ x, y }) => `M${x} ${y}h0`).join("");

export class Sketch {
  lines = document.createElementNS(SVG, "svg");
  numbers = element("span", { "aria-hidden": "true" });
  /** What is finished, and what is being drawn. */
  still = document.createElementNS(SVG, "g");
  moving = document.createElementNS(SVG, "g");
  /** The names of what is drawn as finished. */
  drawn = "";
  root = element("div", { class: "rk-sketch" });

  constructor() {
    this.lines.append(this.still, this.moving);
    this.lines.setAttribute("preserveAspectRatio", "none");
    this.lines.setAttribute("aria-hidden", "true");
    this.root.append(this.lines, this.numbers);
  }

  /** @param {[number, number]} size */
  show([width, height]) {
    this.size = [width, height];
    this.drawn = "";
    this.still.replaceChildren();
    this.numbers.replaceChildren();
    this.lines.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }

  /**
   * Draw what is there. What is finished is drawn anew only where it has changed: a pointer moves often.
   *
   * @param {Piece[]} done
   * @param {Piece | null} open
   * @param {Place | null} [toward] where the next point would be
   */
  draw(done, open, toward = null) {
    const names = done.map(({ name }) => name).join();
    if (names !== this.drawn) {
      this.drawn = names;
      this.drawStill(done);
    }
    const goesOn = toward && open && open.kind !== "extreme clicks";
    const points = goesOn ? [...open.points, toward] : (open?.points ?? []);
    this.moving.replaceChildren(...(open ? pathsOf(lineOf(open.kind, points, true), dotsOf(open.points)) : []));
  }

  /** @param {Piece[]} done */
  drawStill(done) {
    const shapes = done.map(({ kind, points }) => lineOf(kind, points, false));
    const dots = done.map(({ kind, points }) => (kind === "box" ? "" : dotsOf(points)));
    this.still.replaceChildren(...pathsOf(shapes.join(""), dots.join("")));
    this.numbers.replaceChildren(...done.filter(({ points }) => points.length).map((piece) => this.number(piece)));
  }

  /** @param {Piece} piece */
  number({ name, points }) {
    const node = element("span", { class: "rk-number" }, name);
    const [width, height] = this.size ?? [1, 1];
    const left = Math.min(...points.map(({ x }) => x)) / width;
    const top = Math.min(...points.map(({ y }) => y)) / height;
    Object.assign(node.style, { left: `${left * 100}%`, top: `${top * 100}%` });
    return node;
  }
}

/**
 * Return lines and dots, each dark below light.
 *
 * @param {string} shapes
 * @param {string} dots
 */
function pathsOf(shapes, dots) {
  return [
    pathNode("rk-under", shapes),
    pathNode("rk-over", shapes),
    pathNode("rk-under rk-dots", dots),
    pathNode("rk-over rk-dots", dots),
  ];
}

/** @param {string} style @param {string} line */
function pathNode(style, line) {
  const node = document.createElementNS(SVG, "path");
  node.setAttribute("class", style);
  node.setAttribute("d", line);
  node.setAttribute("vector-effect", "non-scaling-stroke");
  return node;
}
