/**
 * What one person may say of a work, on a page that has no server: what `session.py` and `recoding_art.py` decide for
 * everybody.
 */

import { gettext } from "../../widgets/languages.js";
import { HandoutSession } from "../common/handout.js";
import { checkLength } from "../common/letters.js";

/**
 * @typedef {import("../common/handout.js").Sent} Sent
 * @typedef {import("../common/handout.js").Answer} Answer
 * @typedef {import("../common/handout.js").Carried & { most_words: number }} Carried
 */

/** @extends {HandoutSession<Carried>} */
export class RecodingArtHandout extends HandoutSession {
  /** @override */
  get acts() {
    return { ...super.acts, say: (/** @type {Sent} */ sent) => this.say(sent) };
  }

  /** What is left open of the work. */
  get open() {
    const refused = this.mine.some(({ refusal }) => refusal);
    const describe = !refused && !this.mine.some(({ details }) => details.described);
    return { describe, art: !refused && !this.mine.some(({ details }) => details.art) };
  }

  /** @param {Sent} sent */
  async say({ text = "", art = "", ...sent }) {
    if (this.mine.some(({ refusal }) => refusal)) throw new Error(gettext("You have refused. Withdraw that first."));
    const known = this.setting.answers.some((/** @type {string[]} */ [answer]) => answer === art);
    if (!text && !art) throw new Error(gettext("Describe it, or say whether it is art. Or refuse."));
    if ((text && !this.open.describe) || (art && !this.open.art))
      throw new Error(gettext("It is there already. Add a footnote to it, or withdraw it."));
    if (art && !known) throw new Error(gettext("There is no such answer."));
    if (text) checkLength(gettext("Your description"), text, this.carried.most, 1);
    const { language, ...voice } = this.voice(/** @type {Sent} */ (sent));
    const said = await this.own.say({
      text: text || art,
      asked: this.asked,
      ...voice,
      language: text ? language : "",
      details: { described: Boolean(text), art },
    });
    return this.kept(/** @type {Answer} */ (said), this.carried.told.answer);
  }

  /**
   * @override
   * @param {Sent} sent
   */
  refusal(sent) {
    const { describe, art } = this.open;
    if (!describe && !art) throw new Error(gettext("It is there already. Add a footnote to it, or withdraw it."));
    checkLength(gettext("Your words"), sent.text ?? "", this.carried.most_words);
    return super.refusal(sent);
  }

  /** @override */
  view() {
    const { open } = this;
    const told = open.describe || open.art ? null : this.item.beside;
    return { mine: this.mine.map((record) => this.owned(record)), open, beside: told };
  }

  /** @param {Answer} record */
  owned({ id, text, details, refusal, language }) {
    const [, english = "", beside = ""] =
      this.setting.answers.find((/** @type {string[]} */ [answer]) => answer === details.art) ?? [];
    return {
      record: id,
      text: refusal ? this.words(/** @type {Answer} */ ({ text, refusal })) : details.described ? text : "",
      art: beside || english,
      language,
      footnotes: this.own.notes(id).map((note) => note.text),
    };
  }
}
