/**
 * Describe a work, and say whether it is art: two questions, each of which may stay open, and both may be refused.
 *
 * What the museum and machines say of it comes when nothing is left open. What others say never comes here.
 */

import { gettext } from "../../widgets/languages.js";
import { control, element, MAIN, row, said, sends, trigger } from "../../widgets/parts.js";
import { ExerciseWidget, rendering } from "../common/widget.js";

/**
 * @typedef {import("../common/widget.js").ImageItem & { notice: string }} Item
 * @typedef {import("../common/widget.js").Setting & {
 *   asked: [[string, string], [string, string]], answers: [string, string, string][], unreviewed: string, credit: string,
 *   most: number }} Setting
 * @typedef {import("../common/widget.js").Own & { art: string, language: string, footnotes: string[] }} Answer
 * @typedef {{ text: string, credit: string, words: string }} Line
 * @typedef {{ label: string, lines: Line[] }} Beside what the museum says, and machines
 * @typedef {import("../common/widget.js").Page<Answer> & {
 *   open: { describe: boolean, art: boolean }, beside: Beside | null }} Page
 */

/** @extends {ExerciseWidget<Item, Setting, Page>} */
class Work extends ExerciseWidget {
  /** What is chosen and not sent yet. */
  art = "";

  notice = element("p", { class: "rk-notice" });
  text = control("textarea", { rows: 4, maxlength: this.setting.most, dir: "auto" });
  answers = this.setting.answers.map((words) => this.buildAnswer(...words));
  describing = this.buildDescribing();
  choosing = this.buildChoosing();
  sending = trigger(gettext("Send my answer"), () => this.submit(), MAIN);
  refusing = this.buildRefusals();
  form = element(
    "div",
    { class: "rk-form" },
    this.describing,
    this.choosing,
    this.consent,
    row(this.sending),
    element("p", { class: "rk-quiet" }, gettext("Each of the two may stay open.")),
  );
  beside = element("section", { class: "rk-note rk-after" });

  /** @param {import("../common/widget.js").Model} model */
  constructor(model) {
    const [previous, next] = [gettext("Previous image"), gettext("Next image")];
    super(model, { style: "recoding-art", name: gettext("Recoding Art"), previous, next });
  }

  // -- building ------------------------------------------------------------------------------------

  /** @override */
  build() {
    const { language, unreviewed, credit } = this.setting;
    const note = gettext("Shown beside the English: {note}.", { note: unreviewed });
    const notes = element("p", { class: "rk-credit" }, language === "en" ? credit : `${credit} ${note}`);
    const sections = element(
      "div",
      { class: "rk-sections" },
      this.form,
      this.status,
      this.refusing,
      this.beside,
      this.buildPerson(),
      notes,
    );
    this.image.lang = ""; // its alternative text is the study's
    const seen = element("div", { class: "rk-seen" }, this.notice, this.image, this.credit);
    return [this.header, element("div", { class: "rk-body" }, seen, sections)];
  }

  buildDescribing() {
    const [words] = this.setting.asked;
    const label = element("label", { class: "rk-field rk-entry" });
    label.append(element("span", { class: "rk-prompt" }, ...this.words(...words)), this.text);
    return element("div", { class: "rk-field" }, label, this.writingIn());
  }

  writingIn() {
    return element("label", { class: "rk-quiet" }, gettext("I write in"), " ", this.language);
  }

  buildChoosing() {
    const [, words] = this.setting.asked;
    const question = element("legend", { class: "rk-prompt" }, ...this.words(...words));
    return element("fieldset", {}, question, element("div", { class: "rk-answers" }, ...this.answers));
  }

  /**
   * @param {string} answer
   * @param {string} english
   * @param {string} beside
   */
  buildAnswer(answer, english, beside) {
    const node = trigger("", () => this.choose(answer), { value: answer, "aria-pressed": "false" });
    node.replaceChildren(...this.words(english, beside));
    return node;
  }

  // -- doing ---------------------------------------------------------------------------------------

  /**
   * Choose an answer; chosen again, it is open again.
   *
   * @param {string} answer
   */
  choose(answer) {
    this.art = this.art === answer ? "" : answer;
    this.drawAnswers();
  }

  submit() {
    const { describe, art } = this.page.open;
    const text = describe ? this.text.value : "";
    const chosen = art ? this.art : "";
    if (!text.trim() && !chosen) this.tell(gettext("Describe it, or say whether it is art. Or refuse."), this.first);
    else this.ask({ act: "say", text: text.trim() ? text : "", art: chosen });
  }

  /** Where an answer begins. */
  get first() {
    return this.page.open.describe ? this.text : this.answers[0];
  }

  /** @override */
  get draftField() {
    return this.text;
  }

  reset() {
    this.text.value = "";
    this.art = "";
    this.drawAnswers();
  }

  /**
   * @override
   * @param {KeyboardEvent} event
   */
  press(event) {
    if (sends(event, this.text)) this.submit();
  }

  // -- drawing -------------------------------------------------------------------------------------

  /** @override */
  get heading() {
    return `${this.name}: ${this.item.title}`;
  }

  /** @override */
  drawItem() {
    super.drawItem();
    this.notice.textContent = this.item.notice ? gettext("Notice: {notice}", { notice: this.item.notice }) : "";
    this.reset();
  }

  drawAnswers() {
    for (const node of this.answers) node.setAttribute("aria-pressed", String(node.value === this.art));
  }

  /**
   * @override
   * @param {Page} before
   */
  draw(before) {
    super.draw(before);
    const { open, beside, done, who } = this.page;
    if (done === "say" || who !== before.who) this.reset();
    this.describing.hidden = !open.describe;
    this.choosing.hidden = !open.art;
    this.form.hidden = this.refusing.hidden = !(open.describe || open.art);
    if (JSON.stringify(beside) !== JSON.stringify(before.beside)) this.drawBeside(beside);
  }

  /** @param {Beside | null} beside */
  drawBeside(beside) {
    const { label = "", lines = [] } = beside ?? {};
    this.beside.hidden = !(label || lines.length);
    const museum = label ? [element("h3", {}, gettext("What is written beside it")), said(label, "p")] : [];
    const machines = lines.length
      ? [element("h3", {}, gettext("What machines say")), ...lines.map((line) => machineLine(line))]
      : [];
    this.beside.replaceChildren(...museum, ...machines);
  }

  /**
   * @override
   * @param {Answer} answer
   */
  ownLine({ text, art, language, footnotes, ...own }) {
    const words = said(text, "p");
    if (language) words.lang = language;
    const notes = footnotes.map((note) => element("p", { class: "rk-footnote", dir: "auto" }, `* ${note}`));
    const answer = art ? [element("p", {}, gettext("Is it art? {answer}", { answer: art }))] : [];
    const name = [text, art].filter(Boolean).join(", ");
    return element("li", {}, ...(text ? [words] : []), ...answer, ...notes, ...this.amending({ ...own, text, name }));
  }
}

/**
 * A machine's line, under its name, and the words it has.
 *
 * @param {Line} line
 */
function machineLine({ text, credit, words }) {
  const notes = [credit, words].filter(Boolean).map((note) => element("span", { class: "rk-told" }, note));
  return element("p", {}, said(text, "q"), ...notes);
}

const render = rendering(Work);

export default { render };
