/**
 * A city as `packing.py` wrote it: districts, and of each house its pieces of work and its stripes.
 *
 * Houses have numbers and need no place: in a district they stand in rings, the first in the outermost, as
 * `plan.py` has it. After every eighth lot there is a lane.
 */

import { bytesOf } from "../word_map/signs.js";

/**
 * @typedef {{ work: string, source: string, low: number, high: number, timed: boolean, byHand: [number, number] }} Storey
 * @typedef {{ label: string, left: number, top: number, columns: number, rows: number, first: number, end: number,
 *   right: number, bottom: number, empty: number, levels: Level[] | null }} District
 * @typedef {{ columns: number, rows: number, sums: Float32Array[] }} Level
 */

const BLOCK = 8;
/** How many houses a block of a level is wide and deep: 2, 4, 8 and so on. */
const MOST_LEVELS = 24;

/** @param {number} lots */
const offset = (lots) => lots + Math.floor(lots / BLOCK);
/** @param {number} lots */
const ground = (lots) => lots + Math.floor(Math.max(lots - 1, 0) / BLOCK);

/** @param {Uint8Array} bytes */
function numbersOf(bytes) {
  let many = 0;
  for (const byte of bytes) if (byte < 128) many += 1;
  const found = new Uint32Array(many);
  let at = 0;
  let value = 0;
  let shift = 0;
  for (const byte of bytes) {
    value += (byte & 127) * 2 ** shift;
    shift += 7;
    if (byte < 128) {
      found[at] = value;
      at += 1;
      value = 0;
      shift = 0;
    }
  }
  return found;
}

/** @param {string} text */
async function unpacked(text) {
  const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (bytesOf(text));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Return the sum of all that stands before each number, and of all of them.
 *
 * @param {ArrayLike<number>} values
 */
function summed(values) {
  const found = new Float64Array(values.length + 1);
  for (let at = 0; at < values.length; at += 1) found[at + 1] = found[at] + values[at];
  return found;
}

export class City {
  /**
   * @param {{ houses: number, storeys: Storey[], districts: number[][], strips: [number, number][], stripes: number,
   *   lot: number }} head
   * @param {Map<string, Uint8Array>} parts
   */
  constructor(head, parts) {
    const part = (/** @type {string} */ name) => parts.get(name) ?? new Uint8Array(0);
    const lines = (/** @type {string} */ name) =>
      parts.has(name) ? new TextDecoder().decode(part(name)).split("\n") : null;
    this.houses = head.houses;
    this.storeys = head.storeys;
    this.strips = head.strips;
    this.lot = head.lot;
    this.labels = lines("labels") ?? [];
    this.ids = lines("ids");
    this.texts = { author: lines("author"), licence: lines("licence"), source: lines("source") };
    this.counts = head.storeys.map((_, number) => numbersOf(part(`counts${number}`)));
    this.many = numbersOf(part("many"));
    this.stripes = Array.from({ length: head.stripes }, (_, number) => numbersOf(part(`stripe${number}`)));
    this.districts = this.laid(head.districts);
    this.bounds = this.around(0, this.districts.length);
    this.edges = head.strips.map(([start, end]) => this.around(start, end));
    this.before = this.counts.map((counts) => {
      const sums = new Float64Array(this.districts.length);
      this.districts.forEach(({ first, end }, number) => {
        for (let house = first; house < end; house += 1) sums[number] += counts[house];
      });
      return summed(sums);
    });
    this.stripeBefore = this.skips();
  }

  /** @param {number[][]} rows */
  laid(rows) {
    let first = 0;
    return rows.map(([left, top, columns, lots, houses], number) => {
      const end = first + houses;
      /** @type {District} */
      const district = {
        label: this.labels[number],
        left,
        top,
        columns,
        rows: lots,
        first,
        end,
        right: left + ground(columns),
        bottom: top + ground(lots),
        empty: columns * lots - houses,
        levels: null,
      };
      first = end;
      return district;
    });
  }

  /**
   * Return the rectangle around districts.
   *
   * @param {number} start
   * @param {number} end
   */
  around(start, end) {
    const { left, top, right, bottom } = this.districts[start];
    const bounds = { left, top, right, bottom };
    for (let number = start + 1; number < end; number += 1) {
      const each = this.districts[number];
      bounds.left = Math.min(bounds.left, each.left);
      bounds.top = Math.min(bounds.top, each.top);
      bounds.right = Math.max(bounds.right, each.right);
      bounds.bottom = Math.max(bounds.bottom, each.bottom);
    }
    return bounds;
  }

  /** Return where the stripes of every thousandth house begin, one list for each place among stripes. */
  skips() {
    return this.stripes.map((_, place) => {
      const found = new Uint32Array((this.houses >> 10) + 1);
      let at = 0;
      for (let house = 0; house < this.houses; house += 1) {
        if ((house & 1023) === 0) found[house >> 10] = at;
        if (this.many[house] > place) at += 1;
      }
      return found;
    });
  }

  /**
   * Return the numbers of the other labels of a house that are kept.
   *
   * @param {number} house
   */
  stripesOf(house) {
    const found = [];
    for (let place = 0; place < Math.min(this.many[house], this.stripes.length); place += 1) {
      let at = this.stripeBefore[place][house >> 10];
      for (let each = house & ~1023; each < house; each += 1) if (this.many[each] > place) at += 1;
      found.push(this.stripes[place][at]);
    }
    return found;
  }

  /**
   * Return the house on a lot, -1 where there is none.
   *
   * @param {District} district
   * @param {number} column
   * @param {number} row
   */
  houseAt({ columns, rows, empty, first }, column, row) {
    const ring = Math.min(column, row, columns - 1 - column, rows - 1 - row);
    const wide = columns - 2 * ring;
    const high = rows - 2 * ring;
    const x = column - ring;
    const y = row - ring;
    let step = 0;
    if (y === 0) step = x;
    else if (x === wide - 1) step = wide - 1 + y;
    else if (y === high - 1) step = wide + high - 2 + (wide - 1 - x);
    else step = 2 * wide + high - 3 + (high - 1 - y);
    const rank = columns * rows - wide * high + step - empty;
    return rank < 0 ? -1 : first + rank;
  }

  /**
   * Return the column and the row of a house in its district.
   *
   * @param {District} district
   * @param {number} house
   */
  lotOf({ columns, rows, empty, first }, house) {
    const rank = house - first + empty;
    const before = (/** @type {number} */ each) =>
      columns * rows - Math.max(columns - 2 * each, 0) * Math.max(rows - 2 * each, 0);
    let ring = Math.floor((columns + rows - Math.sqrt((columns - rows) ** 2 + 4 * (columns * rows - rank))) / 4);
    while (before(ring) > rank) ring -= 1;
    while (before(ring + 1) <= rank) ring += 1;
    const wide = columns - 2 * ring;
    const high = rows - 2 * ring;
    const step = rank - before(ring);
    if (step < wide) return [ring + step, ring];
    if (step < wide + high - 1) return [ring + wide - 1, ring + step - wide + 1];
    if (step < 2 * wide + high - 2) return [ring + 2 * wide + high - 3 - step, ring + high - 1];
    return [ring, ring + 2 * wide + 2 * high - 4 - step];
  }

  /**
   * Return the district of a house.
   *
   * @param {number} house
   */
  districtOf(house) {
    let low = 0;
    let high = this.districts.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.districts[middle].end > house) high = middle;
      else low = middle + 1;
    }
    return this.districts[low];
  }

  /**
   * Return the sums of the blocks of a district, of each kind of work, made where they are first wanted.
   *
   * @param {District} district
   */
  levelsOf(district) {
    district.levels ??= this.merged(district);
    return district.levels;
  }

  /**
   * @param {District} district
   * @returns {Level[]}
   */
  merged(district) {
    const found = [];
    let { columns, rows } = district;
    while (Math.max(columns, rows) > 1 && found.length < MOST_LEVELS) {
      columns = (columns + 1) >> 1;
      rows = (rows + 1) >> 1;
      const size = columns * rows;
      found.push({ columns, rows, sums: this.counts.map(() => new Float32Array(size)) });
    }
    if (found.length > 0) this.fill(district, found[0]);
    for (let number = 1; number < found.length; number += 1) gather(found[number - 1], found[number]);
    return found;
  }

  /**
   * @param {District} district
   * @param {Level} level
   */
  fill(district, level) {
    for (let row = 0; row < district.rows; row += 1)
      for (let column = 0; column < district.columns; column += 1) {
        const house = this.houseAt(district, column, row);
        if (house < 0) continue;
        const at = (row >> 1) * level.columns + (column >> 1);
        for (let storey = 0; storey < this.counts.length; storey += 1)
          level.sums[storey][at] += this.counts[storey][house];
      }
  }

  /**
   * Return where a block of a district lies, in lots: left, top, right and bottom.
   *
   * @param {District} district
   * @param {number} side how many lots it is wide
   * @param {number} column
   * @param {number} row
   */
  placeOf(district, side, column, row) {
    return {
      left: district.left + offset(column * side),
      top: district.top + offset(row * side),
      right: district.left + offset(Math.min((column + 1) * side, district.columns) - 1) + 1,
      bottom: district.top + offset(Math.min((row + 1) * side, district.rows) - 1) + 1,
    };
  }

  /**
   * Return the district at a place, and the column and row of the lot there; null on streets and lanes.
   *
   * @param {number} x in lots
   * @param {number} y
   */
  find(x, y) {
    const strip = this.edges.findIndex(
      ({ left, top, right, bottom }) => x >= left && y >= top && x < right && y < bottom,
    );
    return strip < 0 ? null : this.within(...this.strips[strip], x, y);
  }

  /**
   * @param {number} start
   * @param {number} end
   * @param {number} x
   * @param {number} y
   */
  within(start, end, x, y) {
    for (let low = start, high = end - 1; low <= high; ) {
      const middle = (low + high) >> 1;
      const each = this.districts[middle];
      if (x < each.left || y < each.top) high = middle - 1;
      else if (x >= each.right || y >= each.bottom) low = middle + 1;
      else return lotAt(each, x, y);
    }
    return null;
  }

  /**
   * Return the least and the most time of a house, and the most of machines' work had hands made it, in seconds.
   *
   * @param {number} house
   */
  timeOf(house) {
    const found = { low: 0, high: 0, byHand: 0, pieces: 0, untimed: 0 };
    this.storeys.forEach((storey, number) => {
      const pieces = this.counts[number][house];
      found.low += pieces * storey.low;
      found.high += pieces * storey.high;
      found.byHand += pieces * storey.byHand[1];
      found.pieces += pieces;
      if (!storey.timed) found.untimed += pieces;
    });
    return found;
  }
}

/**
 * @param {District} district
 * @param {number} x
 * @param {number} y
 */
function lotAt(district, x, y) {
  const inside = (/** @type {number} */ value) => {
    const block = Math.floor(value / (BLOCK + 1));
    const rest = Math.floor(value - block * (BLOCK + 1));
    return rest === BLOCK ? -1 : block * BLOCK + rest;
  };
  const column = inside(x - district.left);
  const row = inside(y - district.top);
  return column < 0 || row < 0 ? null : { district, column, row };
}

/**
 * Put the blocks of a level together, four to one.
 *
 * @param {Level} from
 * @param {Level} to
 */
function gather(from, to) {
  from.sums.forEach((sums, storey) => {
    for (let row = 0; row < from.rows; row += 1)
      for (let column = 0; column < from.columns; column += 1)
        to.sums[storey][(row >> 1) * to.columns + (column >> 1)] += sums[row * from.columns + column];
  });
}

/** @param {string} text */
export async function readCity(text) {
  const data = await unpacked(text);
  const size = new DataView(data.buffer, data.byteOffset).getUint32(0);
  const head = JSON.parse(new TextDecoder().decode(data.subarray(4, 4 + size)));
  const parts = new Map();
  let at = 4 + size;
  for (const [name, length] of head.parts) {
    parts.set(name, data.subarray(at, at + length));
    at += length;
  }
  return new City(head, parts);
}
