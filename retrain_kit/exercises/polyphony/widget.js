/**
 * Write about pairs of images, and improve each other's sentences: several people at one screen.
 */

import { gettext, sentence } from "../../widgets/languages.js";
import { control, element, folded, MOST_TYPED, row, sends, trigger } from "../../widgets/parts.js";
import { ExerciseWidget, rendering } from "../common/widget.js";

/**
 * @typedef {import("../common/widget.js").Image & { name: string, alt: string }} Panel
 * @typedef {import("../common/widget.js").Item & { panels: Panel[] }} Item
 * @typedef {import("../common/widget.js").Setting & { unreviewed: string, credit: string }} Setting
 * @typedef {{ text: string, language: string, refused: string, footnotes: string[] }} Sentence
 * @typedef {import("../common/widget.js").Own & Sentence & { step: string }} OwnSentence
 * @typedef {{ kind: "prompt" | "reading" | "entry", text: string, beside: string, read?: Sentence }} Line
 * @typedef {import("../common/widget.js").Page<OwnSentence> & {
 *   turn: string, step: string, moment: string, waits: string, more: boolean, lines: Line[],
 *   seat: number, seats: [string, string][],
 * }} Page
 */

/** @extends {ExerciseWidget<Item, Setting, Page>} */
class Table extends ExerciseWidget {
  /** What is being written, by item and turn: @type {Map<string, string>} */
  drafts = new Map();
  /** @type {HTMLButtonElement[]} */
  places = [];

  leaving = trigger(gettext("I leave"), () => this.giveUp(() => this.ask({ act: "leave" })));
  people = element(
    "div",
    { class: "rk-people", role: "group", "aria-label": gettext("Who sits here") },
    this.somebody,
    this.leaving,
    this.knownPart,
    this.filePart.root,
  );
  said = folded(gettext("What you have said"), this.mine);
  images = element("div", { class: "rk-pair" });
  asked = control("div", { class: "rk-asked", tabindex: "-1" });
  field = control("textarea", { rows: 2, maxlength: MOST_TYPED, dir: "auto" });
  saying = trigger(gettext("Say it"), () => this.say(), { class: "rk-button rk-say" });
  entry = this.buildEntry();

  /** @param {import("../common/widget.js").Model} model */
  constructor(model) {
    const [previous, next] = [gettext("Previous pair"), gettext("Next pair")];
    super(model, { style: "polyphony", name: gettext("Polyphony"), previous, next });
    this.status.classList.add("rk-live");
    this.field.addEventListener("input", () => this.drafts.set(this.draftKey, this.field.value));
    this.language.addEventListener("change", () => {
      this.field.lang = this.language.value;
    });
  }

  // -- building ------------------------------------------------------------------------------------

  /** @override */
  build() {
    this.own.append(this.said, this.keyNote, this.parting.root);
    return [this.header, this.people, this.images, this.credit, this.asked, this.status, this.own, this.takeaway.root];
  }

  buildEntry() {
    const ways = this.buildRefusals();
    ways.prepend(this.saying);
    return [row(element("label", {}, gettext("I write in"), " ", this.language)), this.consent, ways];
  }

  // -- doing ---------------------------------------------------------------------------------------

  /**
   * @override
   * @param {string} refusal
   */
  refuse(refusal) {
    this.say(refusal);
  }

  /** Whoever sits here already keeps their seat, and their key with it. @override */
  makeRoom() {
    this.send({ act: "somebody-else" });
  }

  say(refusal = "") {
    this.saying.disabled = true;
    this.ask({ act: "say", turn: this.page.turn, text: this.field.value, refusal });
  }

  /**
   * @override
   * @param {KeyboardEvent} event
   */
  press(event) {
    if (sends(event, this.field)) this.say();
  }

  // -- hearing -------------------------------------------------------------------------------------

  get draftKey() {
    return `${this.page.index} ${this.page.turn}`;
  }

  /**
   * @override
   * @param {any} message
   */
  hear(message) {
    this.saying.disabled = false;
    if (message.done === "say") this.drafts.delete(this.draftKey);
    super.hear(message);
  }

  /**
   * Who sits down new finds nothing that anybody else has begun to write.
   *
   * @override
   * @param {Page} before
   */
  follow(before) {
    super.follow(before);
    if (!this.takesTurns) return;
    for (const key of this.drafts.keys()) if (/^\d+ {2}/.test(key)) this.drafts.delete(key);
  }

  /** Whether somebody has spoken, come or gone. */
  get takesTurns() {
    return ["say", "return", "bring", "somebody-else", "leave"].includes(this.page.done);
  }

  /** Whoever wrote goes on from what is asked next, not from the top of the page. @override */
  get resting() {
    return this.asked;
  }

  // -- drawing -------------------------------------------------------------------------------------

  /** @override */
  get heading() {
    return this.item.title;
  }

  /** @override */
  drawImage() {
    const views = this.item.panels.map((panel) => {
      const image = element("img", { src: this.address(panel), alt: panel.alt, lang: "", draggable: "false" });
      return element("figure", {}, image, element("figcaption", {}, panel.name));
    });
    this.images.replaceChildren(...views);
    this.credit.textContent = `${this.item.credit} ${this.setting.credit}`;
  }

  /**
   * @override
   * @param {Page} before
   */
  draw(before) {
    super.draw(before);
    const { turn, seat, index } = this.page;
    this.drawPeople();
    if (this.takesTurns || turn !== before.turn || seat !== before.seat || index !== before.index) this.drawAsked();
  }

  drawPeople() {
    const { seats, seat } = this.page;
    for (const left of this.places.splice(seats.length)) left.remove();
    for (const [number, [, state]] of seats.entries()) {
      const place = this.places[number] ?? this.newPlace(number);
      place.textContent = state;
      place.setAttribute("aria-pressed", String(number === seat));
    }
  }

  /** @param {number} number */
  newPlace(number) {
    const place = trigger("", () => this.send({ act: "sit", seat: number }));
    this.places.push(place);
    this.somebody.before(place);
    return place;
  }

  drawAsked() {
    const { step, moment, waits, more, lines } = this.page;
    const parts = [];
    if (moment)
      parts.push(
        element(
          "h3",
          {},
          more ? gettext("Moment {moment}, once more", { moment }) : gettext("Moment {moment}", { moment }),
        ),
      );
    if (lines.some(({ beside }) => beside)) parts.push(element("small", {}, this.setting.unreviewed));
    if (waits) parts.push(element("p", {}, waits));
    parts.push(...lines.flatMap((line) => this.line(line)));
    if (lines.length) parts.push(...this.entry);
    else parts.push(trigger(gettext("Read one sentence more"), () => this.send({ act: "more" })));
    this.asked.dataset.step = step;
    this.asked.replaceChildren(...parts);
  }

  /**
   * @param {Line} line
   * @returns {HTMLElement[]}
   */
  line({ kind, text, beside, read }) {
    const words = this.words(text, beside);
    if (kind !== "entry")
      return [element("p", { class: "rk-prompt" }, ...words), ...(read ? [this.reading(read)] : [])];
    this.field.lang = this.language.value;
    this.field.value = this.drafts.get(this.draftKey) ?? "";
    return [element("label", { class: "rk-entry" }, element("span", { class: "rk-prompt" }, ...words), this.field)];
  }

  /** @param {Sentence} sentence */
  reading({ text, language, refused, footnotes }) {
    const words = refused ? element("em", {}, `(${refused}) ${text}`) : text;
    const notes = footnotes.map((note) =>
      element("small", {}, ...sentence("Footnote: {text}", { text: element("bdi", {}, note) })),
    );
    return element("blockquote", { lang: language, dir: "auto" }, words, ...notes);
  }

  /**
   * @override
   * @param {OwnSentence} record
   */
  ownLine(record) {
    const amending = row(...this.amending({ ...record, name: record.text || record.step }));
    return element("li", {}, this.reading(record), element("small", {}, record.step), amending);
  }

  /**
   * At one screen several people come and go: each finds the way in, and nobody finds open what another has said.
   *
   * @override
   * @param {Page} before
   */
  drawPerson(before) {
    super.drawPerson(before);
    this.own.hidden = !this.page.mine.length && !this.page.key;
    this.knownPart.hidden = this.filePart.root.hidden = false;
    if (this.page.who !== before.who) for (const fold of [this.knownPart, this.said, this.keyNote]) fold.open = false;
  }
}

const render = rendering(Table);

export default { render };
