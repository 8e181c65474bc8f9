/**
 * What one person may write in a given time, on a page that has no server: what `session.py` and
 * `living_with_images.py` decide for everybody. Which words stay and which go is told where the answers come together.
 */

import { gettext } from "../../widgets/languages.js";
import { HandoutSession } from "../common/handout.js";
import { checkLength } from "../common/letters.js";

/**
 * @typedef {import("../common/handout.js").Sent} Sent
 * @typedef {import("../common/handout.js").Answer} Answer
 * @typedef {import("../common/handout.js").Carried & { which: "first" | "second", names: Record<string, string> }} Carried
 */

/** @extends {HandoutSession<Carried>} */
export class DescriptionsHandout extends HandoutSession {
  /** @override */
  get acts() {
    return { ...super.acts, say: (/** @type {Sent} */ sent) => this.say(sent) };
  }

  /** What the person wrote about the image: the first of each, which is all there can be. */
  get described() {
    const found = (/** @type {string} */ which) => this.mine.find(({ details }) => details.which === which);
    return { first: found("first"), second: found("second") };
  }

  checkTurn() {
    const { first, second } = this.described;
    if (this.described[this.carried.which])
      throw new Error(gettext("It is there already. Add a footnote to it, or withdraw it."));
    if (this.carried.which === "first" && second && !first)
      throw new Error(gettext("What one sees at first sight cannot be written after the second text."));
  }

  /** @param {Sent} sent */
  async say({ text = "", seconds, typed, ...sent }) {
    this.checkTurn();
    checkLength(gettext("Your text"), text, this.carried.most, 1);
    const said = await this.own.say({
      text,
      asked: this.asked,
      ...this.voice(/** @type {Sent} */ (sent)),
      details: this.time(seconds, typed),
    });
    return this.kept(/** @type {Answer} */ (said), this.carried.told.answer);
  }

  /**
   * What is kept of the time: as `WritingTime.details`.
   *
   * @param {number | null} seconds the limit; null for none
   * @param {number} typed
   */
  time(seconds, typed) {
    const usual = this.setting.seconds;
    if (!(seconds === null || seconds >= usual) || !(typed >= 0 && typed <= (seconds ?? Number.POSITIVE_INFINITY)))
      throw new Error(gettext("The time cannot be right."));
    const limit = seconds === null ? "off" : seconds === usual ? "as asked" : "extended";
    const stated = { which: this.carried.which, asked_seconds: usual, seconds: seconds ?? 0, limit };
    return { ...stated, typed_seconds: Number(typed.toFixed(1)) };
  }

  /**
   * @override
   * @param {Sent} sent
   */
  refusal({ refusal = "", ...sent }) {
    this.checkTurn();
    this.checkRefusal(refusal);
    const { language: _, ...voice } = this.voice(/** @type {Sent} */ (sent));
    const details = { which: this.carried.which };
    return this.own.say({ text: "", asked: this.asked, ...voice, language: "", refusal, details });
  }

  /** @override */
  view() {
    const { first, second } = this.described;
    const hidden = this.carried.which === "second" && !second;
    const mine = [first, second].filter((record) => record !== undefined).map((record) => this.owned(record, hidden));
    return { mine, changes: [] };
  }

  /**
   * @param {Answer} record
   * @param {boolean} veiled whether the first is not to be seen yet
   */
  owned({ id, text, when, details, refusal, language }, veiled) {
    const { which } = details;
    const hidden = veiled && which === "first";
    return {
      record: id,
      which,
      name: this.carried.names[which],
      text: "",
      when: when.slice(0, 10),
      hidden,
      parts: hidden ? [] : [[text, false]],
      refused: hidden ? "" : (this.carried.refused[refusal] ?? ""),
      language,
      footnotes: hidden ? [] : this.own.notes(id).map((note) => note.text),
    };
  }
}
