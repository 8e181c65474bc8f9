/** Which house is under a pixel: a ray goes from lot to lot until it meets a wall, or a roof. */

import { ray } from "./camera.js";

/**
 * @typedef {import("./camera.js").Pose} Pose
 * @typedef {import("./city.js").City} City
 */

const MOST_STEPS = 6000;

/**
 * Return the house that a pixel shows; where none is, that on whose ground it is; -1 for streets and sky.
 *
 * @param {City} city
 * @param {Pose} pose
 * @param {number[]} pixel x and y
 * @param {(house: number) => number} top how high a house is, in metres
 */
export function pick(city, pose, [x, y], top) {
  const { lot } = city;
  const way = ray(pose, x, y);
  const [dx, dy] = [way[0] / lot, way[1] / lot];
  let at = entry(city, [pose.eye[0] / lot, pose.eye[1] / lot], [dx, dy]);
  for (let step = 0; step < MOST_STEPS && at < Number.POSITIVE_INFINITY; step += 1) {
    const place = [pose.eye[0] / lot + dx * at, pose.eye[1] / lot + dy * at];
    const next = Math.min(edge(place[0], dx), edge(place[1], dy));
    const after = at + next + 1e-6;
    const low = Math.min(pose.eye[2] + way[2] * at, pose.eye[2] + way[2] * after);
    const found = city.find(place[0] + (dx * next) / 2, place[1] + (dy * next) / 2);
    const house = found ? city.houseAt(found.district, found.column, found.row) : -1;
    if (house >= 0 && low <= Math.max(top(house), 0)) return house;
    if (low < 0 || outside(city, place, [dx, dy])) return -1;
    at = after;
  }
  return -1;
}

/**
 * Return how far it is to where a ray comes into the city.
 *
 * @param {City} city
 * @param {number[]} start
 * @param {number[]} way
 */
function entry({ bounds }, start, way) {
  let first = 0;
  for (const [low, high, from, along] of [
    [bounds.left, bounds.right, start[0], way[0]],
    [bounds.top, bounds.bottom, start[1], way[1]],
  ]) {
    if (Math.abs(along) < 1e-9) continue;
    first = Math.max(first, Math.min((low - from) / along, (high - from) / along));
  }
  return first + 1e-6;
}

/**
 * @param {number} value
 * @param {number} along
 */
function edge(value, along) {
  if (Math.abs(along) < 1e-9) return Number.POSITIVE_INFINITY;
  return along > 0 ? (Math.floor(value) + 1 - value) / along : (value - Math.ceil(value) + 1) / -along;
}

/**
 * @param {City} city
 * @param {number[]} place
 * @param {number[]} way
 */
function outside({ bounds }, [x, y], [dx, dy]) {
  return (
    (x > bounds.right && dx > 0) ||
    (x < bounds.left && dx < 0) ||
    (y > bounds.bottom && dy > 0) ||
    (y < bounds.top && dy < 0)
  );
}
