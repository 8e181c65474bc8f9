/**
 * What one person has said, in lines as the kit's own: each is signed here, as `docs/answers.md` says to the byte.
 * It is in this page alone, until it is taken along as a file that `retrain-kit merge` takes.
 */

import { checkLength } from "../../exercises/common/letters.js";
import { gettext } from "../../widgets/languages.js";
import { Author } from "../static/author.js";

export const HEADER = '{"demonstration":false,"format":"retrain-kit answers","schema":2}';
const ID = /^[0-9a-f]{32}$/;

/**
 * @typedef {{ study: string, exercise: string, prompt: string, images: string[], record: string }} Asked
 * @typedef {{ agreed: string[], version: string, when: string }} Consent
 * @typedef {object} Line an answer, a footnote, a withdrawal or a file that was given
 * @property {string} kind
 * @property {string} [id]
 * @property {string} [of]
 * @property {string} [of_lock]
 * @property {string} [by]
 * @property {string} [text]
 * @property {string} [who]
 * @property {string} [when]
 * @property {Asked} [asked]
 * @property {Consent} [consent]
 * @property {string} [language]
 * @property {string} [refusal]
 * @property {Record<string, any>} [details]
 * @property {string} [lock]
 * @property {string} [public_key]
 * @property {string} [signature]
 * @property {string} [sha256]
 * @property {string} [data]
 *
 * @typedef {Line & Required<Pick<Line, "id" | "text" | "who" | "when" | "asked" | "consent" | "language" | "refusal" | "details" | "lock">>} Answer
 * @typedef {{ text: string, asked: Asked, consent: Consent, language: string, refusal?: string, details?: object, once: string }} Said
 */

/** The time in UTC, to the second, as records have it. */
export const now = () => `${new Date().toISOString().slice(0, 19)}Z`;

/**
 * Return a value as the kit writes it: keys sorted, no spaces, numbers as Python writes them.
 *
 * @param {any} value
 * @returns {string}
 */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value && typeof value === "object") {
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  }
  // JSON.parse reads 1e-05 and 0.00001 alike; Python writes the one, JavaScript the other.
  const small = typeof value === "number" && value !== 0 && Math.abs(value) < 1e-4;
  if (small) return value.toExponential().replace(/e-(\d)$/, "e-0$1");
  return JSON.stringify(value);
}

/**
 * Return the lines of a file of answers.
 *
 * @param {string} text
 * @returns {Line[]}
 */
export function linesOf(text) {
  const [first, ...rest] = text.split(/\r?\n/).filter((line) => line.trim());
  if (!first || !isHeader(first))
    throw new Error(gettext("This is no file of answers: those are called answers….jsonl."));
  return rest.filter((line) => !isHeader(line)).map((line) => JSON.parse(line));
}

/** @param {string} line */
function isHeader(line) {
  try {
    const { format, schema, demonstration } = JSON.parse(line);
    return format === "retrain-kit answers" && schema === 2 && !demonstration;
  } catch {
    return false;
  }
}

export class OwnAnswers {
  /** @type {Line[]} */
  lines = [];
  /** The ids of what a file that was taken along holds. @type {Set<string>} */
  taken = new Set();
  /** The ids of what was withdrawn before anybody had it. @type {Set<string>} */
  gone = new Set();
  /** What was done and left nothing here by which to know it again: the act, and its `once`. @type {Set<string>} */
  done = new Set();
  /** Whether all of it is in the file that was taken last. */
  whole = true;

  /** @param {Author} author */
  constructor(author) {
    this.author = author;
  }

  get who() {
    return this.author.who;
  }

  /** Whether the person has said anything. */
  get empty() {
    return !this.lines.length;
  }

  /**
   * What was said in an exercise, in the order in which it was said.
   *
   * @param {string} exercise
   * @param {string} study
   */
  answers(exercise, study) {
    return this.every.filter(({ asked }) => asked.exercise === exercise && asked.study === study);
  }

  /** @returns {Answer[]} */
  get every() {
    return /** @type {Answer[]} */ (this.lines.filter(({ kind }) => kind === "answer"));
  }

  /** @param {string} id */
  notes(id) {
    return this.lines.filter(({ kind, of }) => kind === "footnote" && of === id);
  }

  /**
   * Whether an act of this name was done before, withdrawn since or not.
   *
   * @param {string} once
   */
  came(once) {
    return (
      this.gone.has(once) ||
      this.lines.some(({ id, kind, of }) => id === once || (kind === "withdrawal" && of === once))
    );
  }

  /** @param {Said} said */
  async say({ text, asked, consent, language, refusal = "", details = {}, once }) {
    if (!refusal) checkLength(gettext("Your answer"), text, Number.POSITIVE_INFINITY, 1);
    const { who, publicKey } = this.author;
    const said = { id: once, text, who, when: now(), asked, consent, language, refusal, details };
    const lock = await this.author.lock(once);
    return this.keep({ kind: "answer", ...said, lock, public_key: publicKey });
  }

  /**
   * Add a footnote to an answer.
   *
   * @param {string} of
   * @param {{ text: string, language: string, once: string }} note
   */
  async amend(of, { text, language, once }) {
    const { consent, lock } = this.own(of);
    const note = { id: once, of, of_lock: lock, text, when: now(), language, consent };
    return this.keep({
      kind: "footnote",
      ...note,
      lock: await this.author.lock(once),
      public_key: this.author.publicKey,
    });
  }

  /** @param {string} id */
  own(id) {
    const found = this.every.find((line) => line.id === id);
    if (!found) throw new Error(gettext("This is not here."));
    return found;
  }

  /**
   * Take an answer or a footnote back. Where a file that was taken along holds it, a signed line says so; else nothing is left.
   *
   * @param {string} of
   */
  async withdraw(of) {
    const footnote = this.lines.find(({ kind, id }) => kind === "footnote" && id === of);
    const { lock } = footnote ?? this.own(of);
    const notes = this.notes(of).map(({ id }) => id);
    this.lines = this.lines.filter((line) => line.id !== of && line.of !== of);
    for (const id of [of, ...notes]) this.gone.add(/** @type {string} */ (id));
    this.sweep();
    if (this.taken.has(of)) await this.keep({ kind: "withdrawal", of, when: now(), by: "author", lock }, of);
    this.whole = this.empty;
  }

  /** Keep a file that is given, beside the answer that speaks of it. @param {string} sha256 @param {string} data */
  give(sha256, data) {
    if (!this.lines.some((line) => line.sha256 === sha256)) this.lines.push({ kind: "file", sha256, data });
  }

  /** Let go of the files of which no answer speaks. */
  sweep() {
    const spoken = new Set(this.every.map(({ details }) => details.file?.sha256));
    this.lines = this.lines.filter(({ kind, sha256 }) => kind !== "file" || spoken.has(sha256));
  }

  /**
   * @param {Line} line
   * @param {string} [record] whose key signs, where that is not the author's
   */
  async keep(line, record = "") {
    const signed = { ...line, signature: await this.author.sign(canonical(line), record) };
    this.lines.push(signed);
    this.whole = false;
    return signed;
  }

  /**
   * Take in what the person said elsewhere; return how much of it is new.
   *
   * @param {Line[]} lines
   */
  take(lines) {
    const { publicKey, who } = this.author;
    const own = lines.filter(
      (line) => line.public_key === publicKey && ID.test(line.id ?? "") && (line.who ?? who) === who,
    );
    const withdrawn = lines.filter(({ kind }) => kind === "withdrawal");
    const left = [...this.lines, ...withdrawn].filter(({ kind }) => kind === "withdrawal").map(({ of }) => of);
    const fresh = own.filter(({ id, of }) => !(this.came(id ?? "") || left.includes(id) || left.includes(of)));
    const known = new Set(this.lines.map(canonical));
    const files = lines.filter(({ kind }) => kind === "file");
    this.lines.push(...[...fresh, ...withdrawn, ...files].filter((line) => !known.has(canonical(line))));
    this.lines = this.lines.filter(
      ({ kind, id, of }) => kind === "withdrawal" || !(left.includes(id) || left.includes(of)),
    );
    this.sweep();
    for (const { id } of own) this.taken.add(/** @type {string} */ (id));
    return fresh.length;
  }

  /** All of it, as a file. */
  get text() {
    return `${[HEADER, ...this.lines.map(canonical)].join("\n")}\n`;
  }

  /** Note that it was taken along as it is. */
  noteTaken() {
    for (const { id } of this.lines) if (id) this.taken.add(id);
    this.whole = true;
  }
}
