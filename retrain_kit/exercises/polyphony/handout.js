/**
 * What one person is asked about a pair of images, on a page that has no server. Who reads whose sentence was decided
 * when the page was made, by `turns.py`: with each round comes another page.
 */

import { gettext, marked } from "../../widgets/languages.js";
import { HandoutSession } from "../common/handout.js";
import { checkLength } from "../common/letters.js";

/**
 * @typedef {import("../common/handout.js").Sent} Sent
 * @typedef {import("../common/handout.js").Answer} Answer
 * @typedef {import("../../classroom/handout/own_answers.js").Asked} Asked
 * @typedef {{ turn: string, step: string, moment: string, more: boolean, waits: string, lines: object[], asked: Asked | null }} Turn
 */

const NEXT = marked(
  "You have said what is asked in this round. The next page brings what others made of it, once all have handed in.",
);

/** @extends {HandoutSession<any>} */
export class PolyphonyHandout extends HandoutSession {
  /** @override */
  get looks() {
    return new Set(["look", "go", "more", "sit"]);
  }

  /** @override */
  get acts() {
    return { ...super.acts, say: (/** @type {Sent} */ sent) => this.say(sent) };
  }

  /** What was asked of the person when the page was made. @returns {Turn} */
  get carriedTurn() {
    return this.item.turns[this.own.who] ?? this.item.turns[""];
  }

  /** What is asked of the person now. @returns {Turn} */
  get turn() {
    const turn = this.carriedTurn;
    const { asked } = turn;
    const past =
      asked &&
      this.mine.some(
        ({ asked: each }) => each.prompt === asked.prompt && (turn.more ? each.record === asked.record : true),
      );
    return past
      ? { ...turn, turn: "", step: "wait", moment: "", more: false, waits: gettext(NEXT), lines: [], asked: null }
      : turn;
  }

  /** @override */
  get mine() {
    const { images } = this.item.turns[""].asked;
    return this.said.filter(({ asked }) => String(asked.images) === String(images));
  }

  /** @param {Sent} sent */
  async say({ turn, text = "", refusal = "", ...sent }) {
    const { asked, turn: open } = this.turn;
    if (!asked || open !== turn)
      throw new Error(gettext("What you are asked has changed. What you wrote still stands in the field."));
    const voice = this.heardVoice(/** @type {Sent} */ (sent));
    if (refusal) this.checkRefusal(refusal);
    else checkLength(gettext("Your sentence"), text, this.carried.most, 1);
    const said = { text: refusal ? "" : text, asked, ...voice, refusal };
    const { told } = this.carried;
    return this.kept(/** @type {Answer} */ (await this.own.say(said)), refusal ? told.refusal : told.answer);
  }

  /** @override */
  view() {
    const { asked: _, ...turn } = this.turn;
    const mine = this.mine.map(({ id, text, language, refusal, asked }) => ({
      record: id,
      step: this.carried.steps[asked.prompt] ?? "",
      text,
      language,
      refused: this.carried.refused[refusal] ?? "",
      footnotes: this.own.notes(id).map((note) => note.text),
    }));
    return { ...turn, mine, seat: 0, seats: [[this.own.who, ""]] };
  }
}
