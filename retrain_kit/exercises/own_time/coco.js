/**
 * What somebody drew as COCO has it, made by the browser alone: the kit's own export says more (`exercises/training`).
 */

import { edgesOf } from "./pieces.js";

/**
 * @typedef {import("./pieces.js").Place} Place
 * @typedef {import("./pieces.js").Piece} Piece
 */

/**
 * Return the table of an image; words for all of it have no place there.
 *
 * @param {{ image: string, size: [number, number] }} item
 * @param {Piece[]} pieces
 */
export function cocoOf({ image, size: [width, height] }, pieces) {
  const shapes = pieces.filter(({ kind }) => kind !== "word");
  const labels = [...new Set(shapes.map(({ label }) => label.trim()))].sort();
  return {
    images: [{ id: 1, file_name: image, width, height }],
    categories: labels.map((name, at) => ({ id: at + 1, name })),
    annotations: shapes.map((piece, at) => ({
      id: at + 1,
      image_id: 1,
      category_id: labels.indexOf(piece.label.trim()) + 1,
      iscrowd: 0,
      ...shapeOf(piece),
    })),
  };
}

/** @param {Piece} piece */
function shapeOf({ kind, points }) {
  const [left, top, right, bottom] = edgesOf(points);
  const bbox = [left, top, right - left, bottom - top];
  if (kind !== "outline") return { bbox, area: bbox[2] * bbox[3], segmentation: [] };
  return { bbox, area: areaOf(points), segmentation: [points.flatMap((point) => [point.x, point.y])] };
}

/** @param {Place[]} points */
function areaOf(points) {
  const twice = points.map((point, at) => {
    const next = points[(at + 1) % points.length];
    return point.x * next.y - next.x * point.y;
  });
  return Math.abs(twice.reduce((sum, each) => sum + each, 0)) / 2;
}
