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
    return new Set(["look", "go", "sit"]);
  }

  /** @override */
  get acts() {
    const more = () => gettext("More to read comes with the next page.");
    return { ...super.acts, more, say: (/** @type {Sent} */ sent) => this.say(sent) };
  }

  /** What was asked of the person when the page was made. @returns {Turn} */
  get carriedTurn() {
    const { turns, steps } = this.item;
    const { read, record = "", ...turn } = turns[this.own.who] ?? turns[""];
    const { asked, lines, ...step } = steps[turn.step];
    const reads = lines.map((/** @type {{ kind: string }} */ line) =>
      read && line.kind === "reading" ? { ...line, read } : line,
    );
    return { ...step, ...turn, lines: reads, asked: asked && { ...asked, record } };
  }

  /** What is asked of the person now. @returns {Turn} */
  get turn() {
    const turn = this.carriedTurn;
    const { asked, more } = turn;
    const past =
      asked &&
      this.mine.some(({ asked: { prompt, record } }) => prompt === asked.prompt && (!more || record === asked.record));
    if (!past) return turn;
    return { turn: "", step: "wait", moment: "", more: false, waits: gettext(NEXT), lines: [], asked: null };
  }

  /** @override */
  get mine() {
    const { images } = this.item.steps.first.asked;
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
