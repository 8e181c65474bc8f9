/**
 * The words of a label system, as `packing.py` wrote them: each synset before all that stand below it.
 *
 * A synset is known by its place. Those below it are the places that follow, `below[place]` of them.
 */

import { unpack } from "./lzma.js";
import { bytesOf } from "./signs.js";

export const INSTANCE = 1;
export const WITHDRAWN = 2;
export const VEILED = 4;

/** @param {Uint8Array} bytes */
function numbersOf(bytes) {
  const found = [];
  let value = 0;
  let factor = 1;
  for (const byte of bytes) {
    value += (byte & 127) * factor;
    factor *= 128;
    if (byte < 128) {
      found.push(value);
      value = 0;
      factor = 1;
    }
  }
  return found;
}

/** @param {string} text */
export function readTree(text) {
  const data = unpack(bytesOf(text));
  const end = data.indexOf(10);
  const read = (/** @type {Uint8Array} */ bytes) => new TextDecoder().decode(bytes);
  const { prefix, parts } = JSON.parse(read(data.subarray(0, end)));
  /** @type {Record<string, Uint8Array>} */
  const found = {};
  let start = end + 1;
  for (const [name, length] of parts) {
    found[name] = data.subarray(start, start + length);
    start += length;
  }
  const ids = prefix === null ? read(found.ids).split("\n") : numberedIds(prefix, numbersOf(found.ids));
  return new Tree(read(found.words).split("\n"), ids, {
    children: numbersOf(found.children),
    kinds: numbersOf(found.kinds),
    also: numbersOf(found.also),
    images: numbersOf(found.images),
    imagesBelow: numbersOf(found.imagesBelow),
    annotations: numbersOf(found.annotations),
    annotationsBelow: numbersOf(found.annotationsBelow),
  });
}

/**
 * @param {string} prefix
 * @param {number[]} steps
 */
function numberedIds(prefix, steps) {
  let value = 0;
  return steps.map((step) => {
    value += step % 2 ? -(step + 1) / 2 : step / 2;
    return prefix + String(value).padStart(8, "0");
  });
}

export class Tree {
  /**
   * @param {string[]} lines
   * @param {string[]} ids
   * @param {{ children: number[], kinds: number[], also: number[], images: number[], imagesBelow: number[],
   *   annotations: number[], annotationsBelow: number[] }} numbers
   */
  constructor(lines, ids, { children, kinds, also, images, imagesBelow, annotations, annotationsBelow }) {
    this.ids = ids;
    this.kinds = kinds;
    this.size = ids.length;
    this.below = new Int32Array(this.size);
    this.parent = new Int32Array(this.size).fill(-1);
    this.depth = new Int32Array(this.size);
    this.stand(children);
    this.words = this.spelled(lines);
    /** The other parents of each, and those that stand elsewhere and have it as another parent. */
    this.alsoAbove = new Map();
    this.alsoBelow = new Map();
    for (let at = 0; at < also.length; at += 2) {
      put(this.alsoAbove, also[at], also[at + 1]);
      put(this.alsoBelow, also[at + 1], also[at]);
    }
    /** In how many images each is, it alone, and it or what is below it; and how many annotations bear it. */
    this.images = images;
    this.imagesBelow = imagesBelow;
    this.annotations = annotations;
    this.annotationsBelow = annotationsBelow;
  }

  get counted() {
    return this.images.length > 0;
  }

  /**
   * Find out what stands below what.
   *
   * @param {number[]} children
   */
  stand(children) {
    /** @type {number[]} */
    const above = [];
    const left = children.slice();
    for (let place = 0; place < this.size; place += 1) {
      while (above.length && !left[above[above.length - 1]]) above.pop();
      if (above.length) {
        this.parent[place] = above[above.length - 1];
        left[above[above.length - 1]] -= 1;
      }
      this.depth[place] = above.length;
      above.push(place);
    }
    for (let place = this.size - 1; place >= 0; place -= 1)
      if (this.parent[place] >= 0) this.below[this.parent[place]] += 1 + this.below[place];
  }

  /** @param {string[]} lines */
  spelled(lines) {
    /** @type {string[][]} */
    const words = [];
    for (const [place, line] of lines.entries()) {
      const above = this.parent[place] < 0 ? "" : (words[this.parent[place]][0] ?? "");
      words.push(line ? line.replaceAll("\u0001", ` ${above}`).split("\t") : []);
    }
    return words;
  }

  /** @param {number} place */
  name(place) {
    if (this.kinds[place] & VEILED) return `▒▒▒ ${this.ids[place]}`;
    return this.words[place].join(", ") || this.ids[place];
  }

  /** @param {number} place */
  firstWord(place) {
    return this.words[place][0] ?? this.name(place);
  }

  /** @param {number} place */
  *children(place) {
    const end = place + this.below[place];
    for (let child = place + 1; child <= end; child += 1 + this.below[child]) yield child;
  }

  *tops() {
    for (let place = 0; place < this.size; place += 1 + this.below[place]) yield place;
  }

  /** @param {number} place */
  path(place) {
    const found = [place];
    while (this.parent[found[0]] >= 0) found.unshift(this.parent[found[0]]);
    return found;
  }

  /**
   * Return the places whose words, or whose id, have a text in them: those that begin with it first.
   *
   * @param {string} text
   * @param {number} most
   */
  find(text, most) {
    const wanted = text.trim().toLowerCase();
    /** @type {number[][]} */
    const ranks = [[], [], []];
    let all = 0;
    if (wanted)
      for (let place = 0; place < this.size; place += 1) {
        const rank = this.rank(place, wanted);
        if (rank < 0) continue;
        all += 1;
        if (ranks[rank].length < most) ranks[rank].push(place);
      }
    return { all, places: ranks.flat().slice(0, most) };
  }

  /**
   * @param {number} place
   * @param {string} wanted
   */
  rank(place, wanted) {
    let best = this.ids[place] === wanted ? 0 : -1;
    for (const word of this.words[place]) {
      const at = word.toLowerCase().indexOf(wanted);
      const rank = at < 0 ? -1 : at > 0 ? 2 : word.length === wanted.length ? 0 : 1;
      if (rank >= 0 && (best < 0 || rank < best)) best = rank;
    }
    return best;
  }
}

/**
 * @param {Map<number, number[]>} map
 * @param {number} key
 * @param {number} value
 */
function put(map, key, value) {
  map.set(key, [...(map.get(key) ?? []), value]);
}
