/**
 * What `packing.py` has compressed: a stream of LZMA, as its public specification describes it, with three bits of
 * the byte before a literal as its context and none of the place. Browsers can unpack deflate alone, which looks
 * back 32 kilobytes; the words of a dictionary come again farther away.
 */

const STATES = 12;
const AFTER_MATCH = 7; // States from here on: what was written last was a copy.
const HALF = 1024; // A chance is of 2048.
const CONTEXT_BITS = 3;
const LITERAL = 0x300;

/** @param {number} size */
const chances = (size) => new Uint16Array(size).fill(HALF);

class Bits {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 5;
    this.range = 0xffffffff;
    this.code = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  }

  refill() {
    if (this.range >= 0x1000000) return;
    this.range *= 256;
    this.code = this.code * 256 + (this.bytes[this.at] ?? 0);
    this.at += 1;
  }

  /**
   * @param {Uint16Array} table
   * @param {number} at
   */
  next(table, at) {
    const chance = table[at];
    const bound = (this.range >>> 11) * chance;
    const bit = this.code < bound ? 0 : 1;
    if (bit) {
      this.range -= bound;
      this.code -= bound;
      table[at] = chance - (chance >> 5);
    } else {
      this.range = bound;
      table[at] = chance + ((2048 - chance) >> 5);
    }
    this.refill();
    return bit;
  }

  /**
   * Return so many bits, the highest first, each with a chance of its own for all bits before it.
   *
   * @param {Uint16Array} table
   * @param {number} count
   */
  tree(table, count) {
    let node = 1;
    for (let left = count; left; left -= 1) node = node * 2 + this.next(table, node);
    return node - (1 << count);
  }

  /**
   * The same, the lowest bit first.
   *
   * @param {Uint16Array} table
   * @param {number} count
   * @param {number} offset
   */
  reversed(table, count, offset) {
    let node = 1;
    let found = 0;
    for (let bit = 0; bit < count; bit += 1) {
      const next = this.next(table, offset + node);
      node = node * 2 + next;
      found += next * 2 ** bit;
    }
    return found;
  }

  /** @param {number} count */
  even(count) {
    let found = 0;
    for (let left = count; left; left -= 1) {
      this.range = this.range >>> 1;
      const bit = this.code < this.range ? 0 : 1;
      if (bit) this.code -= this.range;
      found = found * 2 + bit;
      this.refill();
    }
    return found;
  }
}

/** How long a copy is: from 2 to 273. */
class Length {
  choices = chances(2);
  low = chances(8);
  middle = chances(8);
  high = chances(256);

  /** @param {Bits} bits */
  read(bits) {
    if (!bits.next(this.choices, 0)) return 2 + bits.tree(this.low, 3);
    if (!bits.next(this.choices, 1)) return 10 + bits.tree(this.middle, 3);
    return 18 + bits.tree(this.high, 8);
  }
}

/** How far back a copy lies. */
class Distance {
  slots = Array.from({ length: 4 }, () => chances(64));
  near = chances(128);
  lowest = chances(16);

  /**
   * @param {Bits} bits
   * @param {number} length
   */
  read(bits, length) {
    const slot = bits.tree(this.slots[Math.min(length - 2, 3)], 6);
    if (slot < 4) return slot;
    const more = (slot >> 1) - 1;
    const base = (2 + (slot & 1)) * 2 ** more;
    if (slot < 14) return base + bits.reversed(this.near, more, base - slot);
    return base + bits.even(more - 4) * 16 + bits.reversed(this.lowest, 4, 0);
  }
}

class Unpacking {
  state = 0;
  before = [0, 0, 0, 0];
  isCopy = chances(STATES);
  isOld = chances(STATES);
  older = [chances(STATES), chances(STATES), chances(STATES)];
  isLong = chances(STATES);
  literals = chances(LITERAL << CONTEXT_BITS);
  newLength = new Length();
  oldLength = new Length();
  distance = new Distance();

  /**
   * @param {Uint8Array} bytes
   * @param {number} size
   */
  constructor(bytes, size) {
    this.bits = new Bits(bytes);
    this.found = new Uint8Array(size);
    this.at = 0;
  }

  all() {
    const { bits, found } = this;
    while (this.at < found.length)
      if (!bits.next(this.isCopy, this.state)) this.literal();
      else this.copy(bits.next(this.isOld, this.state) ? this.old() : this.fresh());
    return found;
  }

  literal() {
    const { bits, found, at } = this;
    const offset = LITERAL * (at ? found[at - 1] >> (8 - CONTEXT_BITS) : 0);
    const table = this.literals.subarray(offset, offset + LITERAL);
    let node = 1;
    if (this.state >= AFTER_MATCH) {
      let beside = found[at - 1 - this.before[0]];
      while (node < 0x100) {
        const expected = (beside >> 7) & 1;
        beside <<= 1;
        const bit = bits.next(table, 0x100 * (1 + expected) + node);
        node = node * 2 + bit;
        if (bit !== expected) break;
      }
    }
    while (node < 0x100) node = node * 2 + bits.next(table, node);
    found[at] = node - 0x100;
    this.at += 1;
    this.state = this.state < 4 ? 0 : this.state < 10 ? this.state - 3 : this.state - 6;
  }

  /** Return the length of a copy from a new distance. */
  fresh() {
    const length = this.newLength.read(this.bits);
    this.before = [this.distance.read(this.bits, length), ...this.before.slice(0, 3)];
    this.state = this.state < AFTER_MATCH ? 7 : 10;
    return length;
  }

  /** Return the length of a copy from one of the last four distances, which becomes the last. */
  old() {
    const { bits, state } = this;
    const late = state >= AFTER_MATCH;
    if (!bits.next(this.older[0], state)) {
      if (!bits.next(this.isLong, state)) {
        this.state = late ? 11 : 9;
        return 1;
      }
    } else {
      const which = bits.next(this.older[1], state) ? 2 + bits.next(this.older[2], state) : 1;
      const [distance] = this.before.splice(which, 1);
      this.before.unshift(distance);
    }
    this.state = late ? 11 : 8;
    return this.oldLength.read(bits);
  }

  /** @param {number} length */
  copy(length) {
    const { found, before } = this;
    const end = Math.min(this.at + length, found.length);
    for (; this.at < end; this.at += 1) found[this.at] = found[this.at - 1 - before[0]];
  }
}

/**
 * Return what was compressed: its length in four bytes, then the stream.
 *
 * @param {Uint8Array} packed
 */
export function unpack(packed) {
  const size = new DataView(packed.buffer, packed.byteOffset).getUint32(0);
  return new Unpacking(packed.subarray(4), size).all();
}
