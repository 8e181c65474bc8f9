/**
 * A blank area, the growing list of what might exist in it, and a form for one's own addition.
 *
 * Nothing is chosen in advance: no likelihood, no consent.
 */

import { gettext, sentence } from "../../widgets/languages.js";
import {
  button,
  control,
  element,
  MAIN,
  MOST_TYPED,
  row,
  said,
  shelter,
  textField,
  trigger,
} from "../../widgets/parts.js";
import { ExerciseWidget, rendering } from "../common/widget.js";

/**
 * @typedef {import("../common/widget.js").Setting & {
 *   language: string, unreviewed: string, credit: string, scale: [string, number, number, string][],
 * }} Setting
 * @typedef {{ ref: string, also: string[], text: string, beside: string, told: string, footnotes: string[] }} Option
 * @typedef {{ one: string, other: string, texts: [string, string] }} Question
 * @typedef {{ record: string, texts: [string, string], who: string }} Merging
 * @typedef {import("../common/widget.js").Own & { of: string, found?: string }} OwnWords
 *   what somebody said, of which option, and what that option says
 * @typedef {import("../common/widget.js").Page<OwnWords> & {
 *   prompts: [string, string][], begun: string[], options: Option[], outside: Option | null, refusals: string[],
 *   questions: Question[], merged: Merging[],
 *   withheld: number, demonstration: string,
 * }} Page
 * @typedef {{ act: "add" | "place" | "elephant", ref?: string, text?: string }} About what the form asks about
 */

/** @extends {ExerciseWidget<import("../common/widget.js").ImageItem, Setting, Page>} */
class BlankArea extends ExerciseWidget {
  /** @type {About} */
  about = { act: "add" };
  /** @type {string | number | null} */
  likely = null;

  asked = element("div");
  begun = element("div", { class: "rk-quiet" });
  list = element("ul", { class: "rk-list", "aria-label": gettext("What might exist there") });
  outside = element("div");
  withheld = element("p", { class: "rk-quiet" });
  label = element("span", { class: "rk-label" });
  text = textField("", { maxlength: MOST_TYPED });
  sending = button("", { type: "submit", ...MAIN });
  another = trigger(gettext("Rather add an option of my own"), () => this.turn({ act: "add" }));
  inWords = this.buildSlider(gettext("How likely, in words"), this.setting.scale.length - 1);
  inNumber = this.buildSlider(gettext("How likely, in a number"), 100);
  refusals = element("ul", { "aria-label": gettext("Refusals") });
  questions = element("ul", { "aria-label": gettext("Are these the same?") });
  merged = element("ul", { "aria-label": gettext("Called the same") });

  /** @param {import("../common/widget.js").Model} model */
  constructor(model) {
    const [previous, next] = [gettext("Previous blank area"), gettext("Next blank area")];
    super(model, { style: "what-if", name: gettext("What If…?"), previous, next });
  }

  // -- building ------------------------------------------------------------------------------------

  /** @override */
  build() {
    const sections = element(
      "div",
      { class: "rk-sections" },
      this.buildAsked(),
      element("div", {}, this.begun, this.list, this.outside, this.withheld),
      this.buildForm(),
      this.status,
      element("div", {}, this.buildRefusals(), this.refusals),
      element("div", {}, this.questions, this.merged),
      this.buildPerson(),
    );
    const seen = element("div", { class: "rk-seen" }, this.image, this.credit);
    return [this.header, element("div", { class: "rk-body" }, seen, sections)];
  }

  buildAsked() {
    const { language, unreviewed, credit } = this.setting;
    const note = gettext("Shown beside the English: {note}.", { note: unreviewed });
    const notes = language === "en" ? credit : `${credit} ${note}`;
    return element("div", { class: "rk-asked" }, this.asked, element("p", { class: "rk-credit" }, notes));
  }

  buildForm() {
    const form = element(
      "form",
      { class: "rk-form" },
      element("label", { class: "rk-field" }, this.label, this.text),
      this.buildLikelihood(),
      this.consent,
      row(this.sending, this.another),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    return form;
  }

  buildLikelihood() {
    const line = (/** @type {string} */ name, /** @type {Slider} */ { range, reading }) =>
      element("div", { class: "rk-slider" }, element("span", {}, name), range, reading);
    return element(
      "fieldset",
      {},
      element("legend", {}, gettext("How likely does it seem? In words, or in a number.")),
      line(gettext("in words"), this.inWords),
      line(gettext("in a number"), this.inNumber),
    );
  }

  /**
   * @typedef {{ range: HTMLInputElement, reading: HTMLElement }} Slider
   * @param {string} name
   * @param {number} max
   * @returns {Slider}
   */
  buildSlider(name, max) {
    const range = control("input", { type: "range", min: 0, max, step: 1, "aria-label": name });
    // A slider that stands where it is wanted already says so by a click or the space bar.
    for (const type of ["input", "click"]) range.addEventListener(type, () => this.say(range));
    return { range, reading: element("span", { class: "rk-reading" }) };
  }

  // -- doing ---------------------------------------------------------------------------------------

  /** @param {HTMLInputElement} range */
  say(range) {
    this.likely = range === this.inWords.range ? this.setting.scale[range.valueAsNumber][0] : range.valueAsNumber;
    this.drawLikelihood();
  }

  /**
   * Turn the form to another option, the elephant, or one's own addition.
   *
   * @param {About} about
   */
  turn(about) {
    this.about = about;
    this.drawForm();
    (about.act === "place" ? this.inWords.range : this.text).focus();
  }

  submit() {
    const { act, ref } = this.about;
    const text = this.text.value;
    if (act === "add" && !text.trim()) this.tell(gettext("Write what might exist there."), this.text);
    else if (this.likely === null)
      this.tell(gettext("Say how likely it seems, in words or in a number."), this.inWords.range);
    else this.ask({ act, ...(act === "place" ? { ref } : {}), text, likely: this.likely });
  }

  /** @override */
  get draftField() {
    return this.about.act === "add" ? this.text : null;
  }

  reset() {
    this.about = { act: "add" };
    this.likely = null;
    this.text.value = "";
    this.drawForm();
  }

  /**
   * @override
   * @param {KeyboardEvent} event
   */
  press(event) {
    shelter(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { type } = /** @type {HTMLInputElement} */ (event.target);
    if (type === "range" && this.saysBy(event)) return;
    const by = { "[": -1, PageUp: -1, "]": 1, PageDown: 1 }[event.key];
    if (!by || type === "text" || (event.key.startsWith("Page") && type === "range")) return;
    event.preventDefault();
    event.stopPropagation();
    this.step(by);
  }

  /**
   * Say where a slider stands that says nothing yet, by Enter or the space bar; return whether that was meant.
   *
   * @param {KeyboardEvent} event
   */
  saysBy(event) {
    const range = /** @type {HTMLInputElement} */ (event.target);
    const meant = event.key === " " || (event.key === "Enter" && range.classList.contains("rk-unsaid"));
    if (meant) {
      event.preventDefault();
      this.say(range);
    }
    return meant;
  }

  // -- drawing -------------------------------------------------------------------------------------

  /** @override */
  get heading() {
    return `${this.name} ${this.item.title}`;
  }

  /** @override */
  drawItem() {
    super.drawItem();
    this.reset();
  }

  drawForm() {
    const { act, text = "", ref } = this.about;
    const elephant = !ref || ref === "original:elephant";
    const labels = {
      add: [gettext("Another option")],
      elephant: elephant
        ? [gettext("The elephant comes in. Why? (may stay empty)")]
        : sentence("{option} comes in. Why? (may stay empty)", { option: element("bdi", {}, text) }),
      place: sentence("How likely: {option}", { option: element("bdi", {}, text) }),
    };
    const sends = {
      add: gettext("Add it to the list"),
      elephant: elephant ? gettext("Let the elephant in") : gettext("Let it in"),
      place: gettext("Say how likely"),
    };
    this.label.replaceChildren(...labels[act]);
    this.text.hidden = act === "place";
    this.sending.textContent = sends[act];
    this.another.hidden = act === "add";
    this.drawLikelihood();
  }

  drawLikelihood() {
    const { likely } = this;
    const [, low, high, shown] = this.setting.scale.find(([word]) => word === likely) ?? [];
    this.drawSlider(this.inWords, typeof likely === "string" ? `${shown}, ${low}–${high} %` : "");
    this.drawSlider(this.inNumber, typeof likely === "number" ? `${likely} %` : "");
  }

  /**
   * @param {Slider} slider
   * @param {string} text what it says; empty where it says nothing
   */
  drawSlider({ range, reading }, text) {
    reading.textContent = text || gettext("not said yet");
    range.setAttribute("aria-valuetext", reading.textContent);
    range.classList.toggle("rk-unsaid", !text);
    if (this.likely === null) range.value = String(Number(range.max) / 2);
  }

  /**
   * @override
   * @param {Page} before
   */
  draw(before) {
    super.draw(before);
    const { options, outside, refusals, questions, merged, withheld, demonstration, done } = this.page;
    const { prompts, begun } = this.page;
    this.drawList(this.asked, prompts, (line) => element("p", { class: "rk-prompt" }, ...this.words(...line)));
    this.drawList(this.begun, begun, (line) => element("p", {}, line));
    if (done === this.about.act) this.reset();
    this.drawList(this.list, options, (option) => this.optionLine(option));
    this.drawList(this.refusals, refusals, (words) =>
      element("li", { class: "rk-quiet" }, ...sentence("refused: {words}", { words: said(words) })),
    );
    this.drawList(this.questions, questions, (question) => this.questionLine(question));
    this.drawList(this.merged, merged, (merging) => this.mergedLine(merging));
    this.drawList(this.outside, outside ? [outside] : [], (option) => this.outsideLine(option));
    const hidden = gettext("Not shown, since their authors have not agreed to it: {count}.", { count: withheld });
    const lines = [demonstration, withheld ? hidden : ""];
    this.withheld.textContent = lines.filter(Boolean).join(" ");
  }

  /**
   * @param {"div" | "span"} tag
   * @param {{ text: string, beside: string }} option
   */
  optionWords(tag, { text, beside }) {
    const words = element(tag, {}, said(text));
    if (beside) words.append(element("span", { class: "rk-beside", lang: this.setting.language }, beside));
    return words;
  }

  /** @param {Option} option */
  optionLine(option) {
    const { ref, text, told, footnotes } = option;
    const words = this.optionWords("div", option);
    if (told) words.append(element("span", { class: "rk-told" }, told));
    for (const note of footnotes)
      words.append(element("span", { class: "rk-footnote" }, "* ", element("bdi", {}, note)));
    const ask = trigger(gettext("How likely?"), () => this.turn({ act: "place", ref, text }), {
      "aria-label": gettext("How likely: {option}", { option: text }),
    });
    return element("li", {}, words, ask);
  }

  /** @param {Option} outside */
  outsideLine(outside) {
    return element(
      "p",
      { class: "rk-outside" },
      this.optionWords("span", outside),
      element("span", { class: "rk-quiet" }, gettext("outside the range")),
      trigger(gettext("Let it in"), () => this.turn({ act: "elephant", ref: outside.ref, text: outside.text })),
    );
  }

  /** @param {Question} question */
  questionLine({ one, other, texts }) {
    const same = trigger(gettext("They are the same"), () => this.ask({ act: "same", one, other }), {
      "aria-label": gettext("They are the same: {options}", { options: texts.join(", ") }),
    });
    const parts = { one: said(texts[0], "q"), other: said(texts[1], "q") };
    return element("li", {}, ...sentence("Are {one} and {other} the same?", parts), " ", same);
  }

  /** @param {Merging} merging */
  mergedLine({ record, texts, who }) {
    const apart = trigger(gettext("Take apart"), () => this.ask({ act: "apart", record }), {
      "aria-label": gettext("Take apart: {options}", { options: texts.join(", ") }),
    });
    const parts = { one: said(texts[0], "q"), other: said(texts[1], "q"), who };
    return element("li", {}, ...sentence("{one} and {other}: called the same by {who}", parts), " ", apart);
  }

  /**
   * @override
   * @param {OwnWords} record
   */
  ownLine(record) {
    const text = said(record.text, "q");
    if (!record.of) return element("li", {}, ...sentence("You said {text}", { text }), " ", ...this.amending(record));
    const { found } = record;
    const option = found ? said(found, "q") : gettext("an option that is gone");
    const words = sentence("You said {text} of {option}", { text, option });
    return element("li", {}, ...words, " ", ...this.amending({ ...record, name: `${record.text}, ${found}` }));
  }

  /** @override */
  get ownLines() {
    return this.page.mine.map((own) => (own.of ? { ...own, found: this.optionOf(own.of) } : own));
  }

  /**
   * Return the words of an option; none where it is gone.
   *
   * @param {string} ref
   */
  optionOf(ref) {
    const { options, outside } = this.page;
    const every = outside ? [...options, outside] : options;
    return every.find((option) => option.ref === ref || option.also.includes(ref))?.text ?? "";
  }
}

const render = rendering(BlankArea);

export default { render };
