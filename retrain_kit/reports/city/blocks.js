/**
 * Blocks: what is drawn of a city. Near houses are drawn one by one; what is far as ever larger blocks, each of the
 * volume of its houses, so that the sum of the work is the same however much of it is drawn as one.
 */

/**
 * @typedef {import("./city.js").City} City
 * @typedef {import("./city.js").District} District
 * @typedef {{ left: number, top: number, right: number, bottom: number }} Rect
 * @typedef {{ x: number, y: number, z: number, focal: number, finest: number,
 *   sees: (rect: Rect) => boolean }} Eye
 */

/** What is written of a block: its rectangle, the ends of its solid parts, its top, the colour of its glass, and more. */
export const FLOATS = 13;
/** The annotation sources whose work has a least time, from the ground up. */
const SOLID = ["hand", "checked", "people"];

/** How much glass has of the colours of the work that it stands for. */
const TINT = 0.32;

/** A tower is so many times as high as the smallest block is wide, and is drawn down to so many pixels. */
const TOWER = 2;
const TOWER_PX = 3;

export class Blocks {
  many = 0;
  pixel = 1;
  side = 1;
  data = new Float32Array(FLOATS * 4096);
  /** All seconds in blocks that were made, at the least and at the most. */
  low = 0;
  high = 0;

  /**
   * @param {City} city
   * @param {Record<string, number[]>} colours of annotation sources
   * @param {number[]} glass
   * @param {number} minute how many metres a minute is high
   */
  constructor(city, colours, glass, minute) {
    this.city = city;
    this.scale = minute / 60;
    this.byHand = false;
    /** @type {{ at: number, low: number, high: number, byHand: number, colour: number[] }[]} */
    this.kinds = [];
    this.glass = glass;
    this.paint(colours, glass);
    this.sums = new Float64Array(city.storeys.length);
    this.ends = new Float64Array(SOLID.length);
  }

  /**
   * @param {Record<string, number[]>} colours
   * @param {number[]} glass
   */
  paint(colours, glass) {
    this.kinds = this.city.storeys.map(({ source, low, high, byHand }) => ({
      at: SOLID.indexOf(source),
      low,
      high,
      byHand: byHand[1],
      colour: colours[source],
    }));
    this.glass = glass;
  }

  /**
   * Make the blocks for an eye.
   *
   * @param {Eye} eye places in metres
   */
  make(eye) {
    this.many = 0;
    this.low = 0;
    this.high = 0;
    this.eye = eye;
    for (const [start, end] of this.city.strips) this.strip(start, end);
    return this.many;
  }

  /**
   * Return whether a rectangle is so small to the eye that it is drawn as one.
   *
   * @param {Rect} rect in lots
   */
  isSmall(rect) {
    const { lot } = this.city;
    const { x, y, z, focal, finest } = /** @type {Eye} */ (this.eye);
    const dx = Math.max(rect.left * lot - x, 0, x - rect.right * lot);
    const dy = Math.max(rect.top * lot - y, 0, y - rect.bottom * lot);
    const far = Math.hypot(dx, dy, z * 0.5);
    const side = Math.max(rect.right - rect.left, rect.bottom - rect.top) * lot;
    this.pixel = far / focal;
    this.side = side;
    return side < finest * this.pixel;
  }

  /**
   * Draw districts that lie in a row, or all of them as one where they are far away.
   *
   * @param {number} start
   * @param {number} end
   */
  strip(start, end) {
    const { districts, before } = this.city;
    if (end - start === 1) {
      this.district(districts[start]);
      return;
    }
    const first = districts[start];
    const last = districts[end - 1];
    const rect = {
      left: first.left,
      top: first.top,
      right: Math.max(first.right, last.right),
      bottom: Math.max(first.bottom, last.bottom),
    };
    if (this.isSmall(rect)) {
      before.forEach((sums, storey) => {
        this.sums[storey] = sums[end] - sums[start];
      });
      this.put(rect, -1);
      return;
    }
    const middle = (start + end) >> 1;
    this.strip(start, middle);
    this.strip(middle, end);
  }

  /** @param {District} district */
  district(district) {
    const levels = this.city.levelsOf(district);
    this.block(district, levels.length, 0, 0);
  }

  /**
   * @param {District} district
   * @param {number} number of its level: 0 is one house, 1 is two by two
   * @param {number} column
   * @param {number} row
   */
  block(district, number, column, row) {
    const side = 2 ** number;
    const rect = this.city.placeOf(district, side, column, row);
    if (number === 0) {
      this.house(district, rect, column, row);
      return;
    }
    if (!this.eye?.sees(rect)) {
      this.skip(district, number, column, row);
      return;
    }
    if (this.isSmall(rect)) {
      this.gather(district, number, column, row);
      if (!this.isTall(rect)) {
        this.put(rect, -1);
        return;
      }
    }
    const below = number - 1;
    const columns = Math.ceil(district.columns / 2 ** below);
    const rows = Math.ceil(district.rows / 2 ** below);
    for (let down = row * 2; down < Math.min(row * 2 + 2, rows); down += 1)
      for (let right = column * 2; right < Math.min(column * 2 + 2, columns); right += 1)
        this.block(district, below, right, down);
  }

  /**
   * Return whether the block whose pieces of work are in `sums` is a tower: those are drawn finer, so that the
   * line where the city meets the sky stays what it is.
   *
   * @param {Rect} rect
   */
  isTall(rect) {
    let seconds = 0;
    for (let storey = 0; storey < this.sums.length; storey += 1) seconds += this.sums[storey] * this.kinds[storey].high;
    const top = (seconds * this.scale) / ((rect.right - rect.left) * (rect.bottom - rect.top));
    const finest = /** @type {Eye} */ (this.eye).finest * this.pixel;
    return top > TOWER * finest && this.side > TOWER_PX * this.pixel;
  }

  /**
   * @param {District} district
   * @param {number} number
   * @param {number} column
   * @param {number} row
   */
  gather(district, number, column, row) {
    const level = this.city.levelsOf(district)[number - 1];
    for (let storey = 0; storey < this.sums.length; storey += 1)
      this.sums[storey] = level.sums[storey][row * level.columns + column];
  }

  /**
   * Count what is out of sight, and draw nothing.
   *
   * @param {District} district
   * @param {number} number
   * @param {number} column
   * @param {number} row
   */
  skip(district, number, column, row) {
    this.gather(district, number, column, row);
    this.count();
  }

  count() {
    this.sums.forEach((pieces, storey) => {
      this.low += pieces * this.kinds[storey].low;
      this.high += pieces * this.kinds[storey].high;
    });
  }

  /**
   * @param {District} district
   * @param {Rect} rect
   * @param {number} column
   * @param {number} row
   */
  house(district, rect, column, row) {
    const house = this.city.houseAt(district, column, row);
    if (house < 0) return;
    for (let storey = 0; storey < this.sums.length; storey += 1) this.sums[storey] = this.city.counts[storey][house];
    if (this.eye?.sees(rect) && !this.isInside(rect)) this.put(rect, house);
    else this.count();
  }

  /**
   * Write a block whose pieces of work are in `sums`.
   *
   * @param {Rect} rect in lots
   * @param {number} house its number where it is one; -1 for several
   */
  put(rect, house) {
    this.count();
    const { lot } = this.city;
    const area = (rect.right - rect.left) * (rect.bottom - rect.top);
    const scale = this.scale / area;
    let glass = 0;
    let red = 0;
    let green = 0;
    let blue = 0;
    this.ends.fill(0);
    for (let storey = 0; storey < this.sums.length; storey += 1) {
      const { at, low, high, byHand, colour } = this.kinds[storey];
      const pieces = this.sums[storey];
      const more = pieces * (this.byHand ? high - low + byHand : high - low);
      if (at >= 0) this.ends[at] += pieces * low * scale;
      glass += more;
      red += more * colour[0];
      green += more * colour[1];
      blue += more * colour[2];
    }
    const solid = this.ends[0] + this.ends[1] + this.ends[2];
    if (glass === 0 && solid === 0) return;
    this.grow();
    const { data } = this;
    const at = this.many * FLOATS;
    const tinted = glass > 0 ? TINT / glass : 0;
    data[at] = rect.left * lot;
    data[at + 1] = rect.top * lot;
    data[at + 2] = rect.right * lot;
    data[at + 3] = rect.bottom * lot;
    data[at + 4] = this.ends[0];
    data[at + 5] = this.ends[0] + this.ends[1];
    data[at + 6] = solid;
    data[at + 7] = solid + glass * scale;
    data[at + 8] = red * tinted + this.glass[0] * (1 - TINT);
    data[at + 9] = green * tinted + this.glass[1] * (1 - TINT);
    data[at + 10] = blue * tinted + this.glass[2] * (1 - TINT);
    data[at + 11] = this.stripes(rect, house);
    data[at + 12] = house < 0 ? 0 : 1;
    this.many += 1;
  }

  /**
   * Return the stripes of a house near the eye, as one number: five bits for each, 0 for none.
   *
   * @param {Rect} rect
   * @param {number} house
   */
  stripes(rect, house) {
    if (house < 0) return 0;
    const { x, y } = /** @type {Eye} */ (this.eye);
    const { lot } = this.city;
    if (Math.hypot(rect.left * lot - x, rect.top * lot - y) > lot * 60) return 0;
    return this.city.stripesOf(house).reduce((sum, label, place) => sum + (1 + (label % 16)) * 32 ** place, 0);
  }

  /**
   * Return whether the eye is in a house: walls are open to who walks through them.
   *
   * @param {Rect} rect
   */
  isInside({ left, top, right, bottom }) {
    const { x, y } = /** @type {Eye} */ (this.eye);
    const { lot } = this.city;
    return x > left * lot && x < right * lot && y > top * lot && y < bottom * lot;
  }

  grow() {
    if ((this.many + 1) * FLOATS > this.data.length) this.enlarge();
  }

  enlarge() {
    const larger = new Float32Array(this.data.length * 2);
    larger.set(this.data);
    this.data = larger;
  }
}
