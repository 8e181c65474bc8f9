/** Names over the landscape: of districts, of the mast, and of the house that is chosen. */

import { onScreen } from "./camera.js";

/**
 * @typedef {import("./camera.js").Pose} Pose
 * @typedef {import("./city.js").City} City
 * @typedef {import("./city.js").District} District
 * @typedef {{ text: string, x: number, y: number, size: number, strong?: boolean }} Name
 */

const MOST = 28;
const MOST_SIGNS = 30;
/** Whoever is in a street sees the names of what is near. */
const STREET_M = 25;
const STREET_FAR_M = 220;
const LEAST_PX = 13;
const MOST_PX = 22;

/** @param {string} text */
const shortened = (text) => {
  const signs = [...text];
  return signs.length > MOST_SIGNS ? `${signs.slice(0, MOST_SIGNS - 1).join("")}…` : text;
};

export class Names {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {City} city
   */
  constructor(canvas, city) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.city = city;
    this.ink = "";
    this.paper = "";
    this.accent = "";
    this.font = "";
  }

  /**
   * @param {Pose} pose
   * @param {Name[]} more names of other things, which go before those of districts
   * @param {number} ratio
   */
  draw(pose, more, ratio) {
    const { canvas, context } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.scale(ratio, ratio);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    /** @type {number[][]} */
    const taken = [];
    for (const name of [...more, ...this.districts(pose)]) {
      if (taken.length >= MOST) break;
      this.write(name, taken);
    }
  }

  /**
   * Return the names of districts, those first that are largest on the screen.
   *
   * @param {Pose} pose
   * @returns {Name[]}
   */
  districts(pose) {
    const { lot } = this.city;
    const found = [];
    for (const district of this.city.districts) {
      const { left, top, right, bottom, label } = district;
      const x = Math.min(Math.max(pose.eye[0], left * lot), right * lot);
      const y = Math.min(Math.max(pose.eye[1], top * lot), bottom * lot);
      const far = Math.hypot(x - pose.eye[0], y - pose.eye[1], pose.eye[2]);
      if (pose.eye[2] < STREET_M && far > STREET_FAR_M) continue;
      const wide = ((right - left + bottom - top) * lot * pose.focal) / 2 / far;
      if (wide < 26) continue;
      const at = this.sign(pose, district);
      if (at) found.push({ text: shortened(label), x: at.x, y: at.y, size: wide });
    }
    return found.sort((one, two) => two.size - one.size).slice(0, MOST * 3);
  }

  /**
   * Return where the sign of a district is: over its nearest edge, where the eye sees it.
   *
   * @param {Pose} pose
   * @param {District} district
   */
  sign(pose, { left, top, right, bottom }) {
    const { lot } = this.city;
    const [x, y, z] = pose.eye;
    const middle = [((left + right) / 2) * lot, ((top + bottom) / 2) * lot];
    const edgeY = y > bottom * lot ? bottom * lot : y < top * lot ? top * lot : middle[1];
    const edgeX =
      edgeY === middle[1] ? (x > right * lot ? right * lot : x < left * lot ? left * lot : middle[0]) : middle[0];
    const up = Math.min(4, z * 0.1 + 2.5);
    let at = onScreen(pose, [edgeX, edgeY, up]);
    for (const share of [0.25, 0.75, 0.1, 0.9]) {
      if (at && at.x > 20 && at.x < pose.width - 20) break;
      at = onScreen(pose, [(left + (right - left) * share) * lot, edgeY, up]);
    }
    return at && at.x > 0 && at.x < pose.width && at.y > 10 && at.y < pose.height - 10 ? at : null;
  }

  /**
   * @param {Name} name
   * @param {number[][]} taken
   */
  write({ text, x, y, size, strong }, taken) {
    const { context } = this;
    let px = strong ? 15 : Math.min(MOST_PX, Math.max(LEAST_PX, Math.sqrt(size) * 1.1));
    context.font = `600 ${px}px ${this.font}`;
    const room = this.canvas.clientWidth - 10;
    const wide = context.measureText(text).width;
    if (wide > room) {
      px *= room / wide;
      context.font = `600 ${px}px ${this.font}`;
    }
    const half = Math.min(wide, room) / 2 + 5;
    const at = Math.max(half, Math.min(x, this.canvas.clientWidth - half));
    const box = [at - half, y - px * 0.75, at + half, y + px * 0.75];
    if (taken.some((each) => each[0] < box[2] && box[0] < each[2] && each[1] < box[3] && box[1] < each[3])) return;
    taken.push(box);
    context.strokeStyle = this.paper;
    context.lineWidth = 4;
    context.strokeText(text, at, y);
    context.fillStyle = strong ? this.accent : this.ink;
    context.fillText(text, at, y);
  }
}
