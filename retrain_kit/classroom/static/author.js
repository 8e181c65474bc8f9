/**
 * Authors in the browser: a key of eight words, and what follows from it, as `answers/authors.py` derives it. The key
 * signs here and goes nowhere. `docs/answers.md` says what is signed, to the byte.
 */

import { gettext } from "../../widgets/languages.js";

const CONSONANTS = "bdfghjklmnprstvz";
const VOWELS = "aiou";
const WORD = `[${CONSONANTS}][${VOWELS}][${CONSONANTS}][${VOWELS}][${CONSONANTS}]`;
const KEY = new RegExp(`^${WORD}(-${WORD}){7}$`);
const KEY_BYTES = 16;
const WHO_BYTES = 8;
const CONTEXT = "retrain-kit answers 2";
/** What stands before the 32 bytes of an Ed25519 seed in PKCS #8. */
const PKCS8 = "302e020100300506032b657004220420";

/** @param {string} text */
const bytesOf = (text) => /** @type {Uint8Array<ArrayBuffer>} */ (new TextEncoder().encode(text));
/** @param {ArrayBuffer | Uint8Array} data */
const hex = (data) => Array.from(new Uint8Array(data), (byte) => byte.toString(16).padStart(2, "0")).join("");
/** @param {string} digits */
const fromHex = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
/** @param {string} text */
const sha256 = async (text) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytesOf(text)));

/** @param {string} text */
export const digestOf = async (text) => hex(await sha256(text));

/** Return whether this browser can sign: an old one cannot, and none can on a page that is not encrypted. */
export async function canSign() {
  try {
    await pairOf(new Uint8Array(32));
    return true;
  } catch {
    return false;
  }
}

/**
 * Return the private and the public half of a pair of keys.
 *
 * @param {Uint8Array} seed
 */
async function pairOf(seed) {
  const known = new Uint8Array([...fromHex(PKCS8), ...seed]);
  const secret = await crypto.subtle.importKey("pkcs8", known, "Ed25519", true, ["sign"]);
  const { x = "" } = await crypto.subtle.exportKey("jwk", secret);
  const halves = atob(x.replaceAll("-", "+").replaceAll("_", "/"));
  return { secret, publicKey: hex(Uint8Array.from(halves, (letter) => letter.charCodeAt(0))) };
}

export class Author {
  /** @typedef {{ secret: CryptoKey, publicKey: string }} Pair */

  /**
   * Use `Author.of`.
   *
   * @param {string} key
   * @param {CryptoKey} words
   */
  constructor(key, words) {
    this.key = key;
    this.words = words;
    this.publicKey = "";
    this.who = "";
  }

  /**
   * Return the author of a key as people type it.
   *
   * @param {string} typed
   */
  static async of(typed) {
    const key = typed
      .trim()
      .toLowerCase()
      .split(/[\s-]+/)
      .join("-");
    if (!KEY.test(key))
      throw new Error(gettext("That is no key: it has eight words of five letters. Type it as it was handed out."));
    const hmac = { name: "HMAC", hash: "SHA-256" };
    const author = new Author(key, await crypto.subtle.importKey("raw", bytesOf(key), hmac, false, ["sign"]));
    author.publicKey = (await author.pair("")).publicKey;
    author.who = wordsOf((await sha256(`who ${author.publicKey}`)).slice(0, WHO_BYTES));
    return author;
  }

  /** Return somebody nobody has met. */
  static create() {
    return Author.of(wordsOf(crypto.getRandomValues(new Uint8Array(KEY_BYTES))));
  }

  /**
   * Return the signature of words, with the author's own key, or with that of a record.
   *
   * @param {string} words
   * @param {string} [record]
   */
  async signWords(words, record = "") {
    return hex(await crypto.subtle.sign("Ed25519", (await this.pair(record)).secret, bytesOf(words)));
  }

  /**
   * Return the signature of a line of a file of answers.
   *
   * @param {string} statement
   * @param {string} [record] the id of what a withdrawal withdraws
   */
  async sign(statement, record = "") {
    return this.signWords(`${CONTEXT}\n${await digestOf(statement)}`, record);
  }

  /**
   * Return what the record of an id carries.
   *
   * @param {string} record
   */
  async lock(record) {
    return (await this.pair(record)).publicKey;
  }

  /**
   * Return what only this author can make of words.
   *
   * @param {string} words
   */
  async digest(words) {
    return hex(await this.secret(`digest ${words}`));
  }

  /** @param {string} record */
  async pair(record) {
    return pairOf(await this.secret(record ? `record ${record}` : "author"));
  }

  /** @param {string} words */
  async secret(words) {
    return new Uint8Array(await crypto.subtle.sign("HMAC", this.words, bytesOf(words)));
  }
}

/**
 * Return two bytes a word.
 *
 * @param {Uint8Array} data
 */
function wordsOf(data) {
  const words = [];
  for (let at = 0; at < data.length; at += 2) words.push(word(data[at] * 256 + data[at + 1]));
  return words.join("-");
}

/** @param {number} number */
function word(number) {
  const consonants = [12, 6, 0].map((by) => CONSONANTS[(number >> by) & 15]);
  const vowels = [10, 4].map((by) => VOWELS[(number >> by) & 3]);
  return consonants[0] + vowels[0] + consonants[1] + vowels[1] + consonants[2];
}
