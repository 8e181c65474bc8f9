/**
 * The camera: it looks at a place on the ground, from far or near. The nearer, the lower it is: from far above as on
 * a map, down to the eyes of somebody in the street.
 */

/**
 * @typedef {{ eye: number[], view: Float32Array, back: Float32Array, focal: number, haze: number, forward: number[],
 *   right: number[], up: number[], width: number, height: number }} Pose
 * @typedef {{ width: number, depth: number, x: number, y: number, tall: number, top: number }} Extent
 * @typedef {{ x: number, y: number, away: number, heading: number, tilt: number }} Stand
 */

const NEAREST_M = 9;
const EYE_M = 1.7;
const LOW = 0.07;
const HIGH = 0.5;
const LENS = 0.95;

/** @param {number} value */
const clamp = (value, low = 0, high = 1) => Math.min(Math.max(value, low), high);

/**
 * @param {number[]} one
 * @param {number[]} two
 */
const cross = (one, two) => [
  one[1] * two[2] - one[2] * two[1],
  one[2] * two[0] - one[0] * two[2],
  one[0] * two[1] - one[1] * two[0],
];
/**
 * @param {number[]} one
 * @param {number[]} two
 */
const dot = (one, two) => one[0] * two[0] + one[1] * two[1] + one[2] * two[2];

export class Camera {
  /** @param {Extent} extent of the city, in metres */
  constructor(extent) {
    this.extent = extent;
    this.farthest = Math.max(extent.width, extent.depth, extent.tall, 60) * 3;
    this.whole = 60;
    /** @type {Stand} */
    this.stand = this.afar();
    this.shape = [0, 0];
  }

  /**
   * Find from how far away the whole city is seen, with its towers. Who is elsewhere stays there.
   *
   * @param {number} width of what it is drawn on, in pixels
   * @param {number} height
   */
  fit(width, height) {
    if (this.shape[0] === width && this.shape[1] === height) return;
    this.shape = [width, height];
    const { stand } = this;
    const isAfar = stand.away === this.whole;
    const { x, y, width: wide, depth, top } = this.extent;
    const corners = [x, x + wide].flatMap((right) =>
      [y, y + depth].flatMap((ahead) => [0, top].map((up) => [right, ahead, up])),
    );
    const isSeen = (/** @type {Pose} */ pose, /** @type {number[]} */ corner) => {
      const at = onScreen(pose, corner);
      return at && Math.abs(at.x / width - 0.5) < 0.49 && Math.abs(at.y / height - 0.5) < 0.49;
    };
    this.whole = Math.max(top, 60);
    this.stand = this.afar();
    while (!corners.every((corner) => isSeen(this.pose(width, height), corner))) {
      this.whole *= 1.04;
      this.stand.away = this.whole;
    }
    this.farthest = Math.max(this.farthest, this.whole * 1.5);
    if (!isAfar) this.stand = stand;
  }

  /** @returns {Stand} */
  afar() {
    const { width, depth, x, y } = this.extent;
    return { x: x + width / 2, y: y + depth / 2, away: this.whole, heading: 0.5, tilt: 0 };
  }

  /** How much of the way from the street to afar it is: 0 to 1. */
  get share() {
    return clamp(Math.log(this.stand.away / NEAREST_M) / Math.log(this.whole / NEAREST_M));
  }

  /** How steeply it looks down, in radians. */
  get pitch() {
    return clamp(LOW + (HIGH - LOW) * this.share ** 2 + this.stand.tilt, -0.35, 1.45);
  }

  /**
   * Go ahead and to the side, by parts of the distance.
   *
   * @param {number} ahead
   * @param {number} aside
   */
  walk(ahead, aside) {
    const { stand } = this;
    const step = Math.max(stand.away, 14);
    const x = Math.sin(stand.heading);
    const y = -Math.cos(stand.heading);
    this.place(stand.x + (x * ahead - y * aside) * step, stand.y + (y * ahead + x * aside) * step);
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  place(x, y) {
    const { extent, stand } = this;
    const margin = Math.max(extent.width, extent.depth, 100) * 0.5;
    stand.x = clamp(x, extent.x - margin, extent.x + extent.width + margin);
    stand.y = clamp(y, extent.y - margin, extent.y + extent.depth + margin);
  }

  /** @param {number} factor */
  near(factor) {
    this.stand.away = clamp(this.stand.away * factor, NEAREST_M, this.farthest);
  }

  /**
   * @param {number} right
   * @param {number} down
   */
  turn(right, down) {
    this.stand.heading += right;
    this.stand.tilt = clamp(this.stand.tilt + down, -0.7, 1.2);
  }

  /**
   * Return all that drawing needs.
   *
   * @param {number} width in pixels
   * @param {number} height
   * @returns {Pose}
   */
  pose(width, height) {
    const { heading, away, x, y } = this.stand;
    const { pitch } = this;
    const level = Math.cos(pitch);
    const forward = [Math.sin(heading) * level, -Math.cos(heading) * level, -Math.sin(pitch)];
    const { tall, top } = this.extent;
    const middle = top * 0.45 * Math.min(away / this.whole, 1) ** 2;
    const lift = EYE_M + Math.max(middle, Math.min(away * 0.04, tall * 0.35));
    const eye = [x - forward[0] * away, y - forward[1] * away, lift - forward[2] * away];
    eye[2] = Math.max(eye[2], EYE_M);
    const right = [Math.cos(heading), Math.sin(heading), 0];
    const up = cross(forward, right);
    const focal = LENS * Math.max(width, height * 0.9);
    const near = Math.max(0.3, Math.min(away * 0.05, eye[2] * 0.4));
    const reach = Math.max(this.farthest * 4, this.extent.tall * 4, 20_000);
    const view = projected({ eye, right, up, forward }, [(2 * focal) / width, (2 * focal) / height], near, reach);
    const haze = Math.max(this.extent.width, this.extent.depth, 400, away * 0.8) * 2.2;
    return { eye, view, back: inverted(view), focal, haze, forward, right, up, width, height };
  }
}

/**
 * @param {{ eye: number[], right: number[], up: number[], forward: number[] }} frame
 * @param {number[]} scales across and up
 * @param {number} near
 * @param {number} far
 */
function projected({ eye, right, up, forward }, [sx, sy], near, far) {
  const a = (far + near) / (far - near);
  const b = (-2 * far * near) / (far - near);
  const rows = [
    [...right.map((each) => each * sx), -dot(right, eye) * sx],
    [...up.map((each) => each * sy), -dot(up, eye) * sy],
    [...forward.map((each) => each * a), -dot(forward, eye) * a + b],
    [...forward, -dot(forward, eye)],
  ];
  return new Float32Array([0, 1, 2, 3].flatMap((column) => rows.map((row) => row[column])));
}

/** @param {Float32Array} matrix */
function inverted(matrix) {
  return new Float32Array(new DOMMatrixReadOnly([...matrix]).inverse().toFloat32Array());
}

/**
 * Return where a place is on the screen, and how far ahead; null where it is behind.
 *
 * @param {Pose} pose
 * @param {number[]} place
 */
export function onScreen({ eye, right, up, forward, focal, width, height }, place) {
  const away = place.map((each, at) => each - eye[at]);
  const far = dot(away, forward);
  if (far <= 0.1) return null;
  return { x: width / 2 + (focal * dot(away, right)) / far, y: height / 2 - (focal * dot(away, up)) / far, far };
}

/**
 * Return the direction of a pixel.
 *
 * @param {Pose} pose
 * @param {number} x
 * @param {number} y
 */
export function ray({ right, up, forward, focal, width, height }, x, y) {
  const across = (x - width / 2) / focal;
  const rise = (height / 2 - y) / focal;
  return forward.map((each, at) => each + right[at] * across + up[at] * rise);
}

/**
 * Return a function that says whether a rectangle of ground, with all above it, may be seen.
 *
 * @param {Pose} pose
 * @param {number} lot
 */
export function sight(pose, lot) {
  const { eye, right, up, forward, focal, width, height } = pose;
  const side = width / 2 / focal;
  const rise = height / 2 / focal;
  const walls = [
    forward,
    forward.map((each, at) => each * side + right[at]),
    forward.map((each, at) => each * side - right[at]),
    forward.map((each, at) => each * rise - up[at]),
  ];
  return (/** @type {import("./blocks.js").Rect} */ rect) =>
    walls.every((wall) => {
      const x = (wall[0] > 0 ? rect.right : rect.left) * lot - eye[0];
      const y = (wall[1] > 0 ? rect.bottom : rect.top) * lot - eye[1];
      // What is above the ground is in sight as soon as its foot is, or the wall leans towards the sky.
      const z = wall[2] > 0 ? Number.POSITIVE_INFINITY : -eye[2];
      return wall[0] * x + wall[1] * y + (z === Number.POSITIVE_INFINITY ? z : wall[2] * z) > 0;
    });
}
