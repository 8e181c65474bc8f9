/**
 * Sessions of one person alone, on a page that has no server: what `common/session.py` decides for everybody.
 *
 * They keep what the Python sessions would keep, in records of the same words; `tests/browser/test_handout_law.py` holds the two
 * side by side. Nobody sees here what others said, but what the page was made with.
 */

import { gettext, marked } from "../../widgets/languages.js";
import { checkLength } from "./letters.js";

/**
 * @typedef {import("../../classroom/handout/own_answers.js").OwnAnswers} OwnAnswers
 * @typedef {import("../../classroom/handout/own_answers.js").Answer} Answer
 * @typedef {import("../../classroom/handout/own_answers.js").Asked} Asked
 * @typedef {{ act: string, once?: string, index?: number, uses?: string[], text?: string, language?: string,
 *   refusal?: string, record?: string, [field: string]: any }} Sent
 * @typedef {object} Carried what the page was made with
 * @property {string} version which text people agree to
 * @property {number} letters how long a footnote may be
 * @property {string} language of texts of which nobody says it
 * @property {Record<string, string>} refused ways to refuse, as they stand among answers
 * @property {Record<string, string>} told
 * @property {number} most how long an answer may be
 * @property {any[]} items
 */

/** A use to which somebody has to agree, or nothing can be kept. */
class Needed extends Error {
  /**
   * @param {string} words
   * @param {string} needs
   */
  constructor(words, needs) {
    super(words);
    this.needs = needs;
  }
}

/** @template {Carried} C */
export class HandoutSession {
  index = 0;

  /**
   * @param {{ name: string, setting: any, carried: C, study: string, number?: number }} activity
   * @param {OwnAnswers} own
   */
  constructor({ name, setting, carried, study, number = 0 }, own) {
    this.name = name;
    this.setting = setting;
    this.carried = carried;
    this.study = study;
    this.number = number;
    this.own = own;
  }

  /** @type {Record<string, (sent: any) => Promise<string | object> | string | object>} */
  get acts() {
    return {
      refuse: (/** @type {Sent} */ sent) => this.refuse(sent),
      footnote: (/** @type {Sent} */ sent) => this.footnote(sent),
      withdraw: (/** @type {Sent} */ sent) => this.withdraw(sent),
    };
  }

  /** The acts that keep nothing. @type {Set<string>} */
  get looks() {
    return new Set(["look", "go"]);
  }

  /**
   * Do what the page asks for, and return the page that follows.
   *
   * @param {Sent} sent
   */
  async answer(sent) {
    this.index = sent.index ?? this.index;
    try {
      const told = await this.do(sent);
      return typeof told === "string" ? this.page({ told, done: sent.act }) : told;
    } catch (error) {
      const { message, needs } = /** @type {Needed} */ (error);
      return { ...this.page({ fault: message }), ...(needs ? { needs } : {}) };
    }
  }

  /** @param {Sent} sent */
  async do(sent) {
    const { act, once = "" } = sent;
    if (this.looks.has(act)) return "";
    const { own } = this;
    if (once && (own.came(once) || own.done.has(`${act} ${once}`))) return this.carried.told.already;
    const told = await this.acts[act](sent);
    own.done.add(`${act} ${once}`);
    return told;
  }

  /** @param {{ told?: string, fault?: string, done?: string }} came */
  page({ told = "", fault = "", done = "" }) {
    const file = { name: "", text: "", people: [] };
    const about = { index: this.index, who: this.own.who, key: "", file };
    return { ...about, ...this.view(done), told, fault, done };
  }

  /** What a page shows: `mine`, and what the exercise shows beside. @param {string} _ @returns {object} */
  view(_) {
    return { mine: this.mine.map((record) => ({ record: record.id, text: this.words(record) })) };
  }

  /** What the person said of the item. */
  get mine() {
    return this.said.filter(({ asked }) => asked.images[0] === this.asked.images[0]);
  }

  /** What the person said in the exercise. */
  get said() {
    return this.own.answers(this.name, this.study);
  }

  get item() {
    return this.carried.items[this.index];
  }

  /** What an answer to the item answers. @returns {Asked} */
  get asked() {
    return this.item.asked;
  }

  /**
   * An answer in words, as its author sees it.
   *
   * @param {Answer} record
   */
  words({ refusal, text }) {
    return refusal ? [this.carried.refused[refusal], text].filter(Boolean).join(" – ") : text;
  }

  /**
   * What an answer is said with: consent, language, name.
   *
   * @param {Sent} sent
   */
  voice({ uses = [], language = "", once = "" }) {
    const agreed = this.setting.uses
      .map((/** @type {string[]} */ [use]) => use)
      .filter((/** @type {string} */ use) => uses.includes(use));
    const when = `${new Date().toISOString().slice(0, 19)}Z`;
    return {
      consent: { agreed, version: this.carried.version, when },
      language: language || this.carried.language,
      once,
    };
  }

  /**
   * As `voice`, for what is kept only where it may be used so.
   *
   * @param {Sent} sent
   */
  heardVoice(sent) {
    const voice = this.voice(sent);
    const { needs = {} } = this.setting;
    const missing = Object.keys(needs).find((use) => !voice.consent.agreed.includes(use));
    if (missing) throw new Needed(needs[missing], missing);
    return voice;
  }

  /**
   * What a person is told of something that is kept.
   *
   * @param {Answer} said
   * @param {string} told
   */
  kept({ consent }, told) {
    return this.hides(consent.agreed) ? `${told} ${this.carried.told.hidden}` : told;
  }

  /** @param {string[]} agreed */
  hides(agreed) {
    return !agreed.includes("class");
  }

  /** @param {Sent} sent */
  async refuse(sent) {
    return this.kept(await this.refusal(sent), this.carried.told.refusal);
  }

  /**
   * @param {Sent} sent
   * @returns {Promise<any>}
   */
  refusal({ refusal = "", text = "", ...sent }) {
    checkLength(gettext("Your words"), text, this.carried.most);
    this.checkRefusal(refusal);
    const { language, ...voice } = this.voice(sent);
    return this.own.say({ text, asked: this.asked, ...voice, language: text ? language : "", refusal, details: {} });
  }

  /** @param {string} refusal */
  checkRefusal(refusal) {
    const ways = this.setting.refusals.map((/** @type {string[]} */ [way]) => way);
    if (!ways.includes(refusal)) throw new Error(gettext("There is no such way to refuse."));
  }

  /** @param {Sent} sent */
  async footnote({ record = "", text = "", ...sent }) {
    checkLength(gettext("Your footnote"), text, this.carried.letters, 1);
    const { language, once } = this.voice(sent);
    await this.own.amend(record, { text, language, once });
    return this.carried.told.footnote;
  }

  /** @param {Sent} sent */
  async withdraw({ record = "" }) {
    if (this.own.gone.has(record)) return this.carried.told.already;
    const taken = this.own.taken.has(record);
    await this.own.withdraw(record);
    return gettext(taken ? TAKEN_BEFORE : GONE);
  }
}

const GONE = marked("Withdrawn. Nothing of it is left in this page.");
const TAKEN_BEFORE = marked(
  "Withdrawn here. A file that you saved before still holds it: save your answers anew and hand them in again. The new file deletes it there.",
);
