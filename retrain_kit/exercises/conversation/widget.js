/**
 * A conversation: people write with each other about a subject, read again, and add footnotes that expand or challenge.
 */

import { gettext, marked, ngettext, sentence } from "../../widgets/languages.js";
import { control, element, folded, MOST_TYPED, once, row, said, sends, trigger } from "../../widgets/parts.js";
import { ExerciseWidget, KEEPER, rendering } from "../common/widget.js";
import { doesInWords, partsOf, sentencesOf } from "./parts.js";

/**
 * @typedef {import("./parts.js").Note} Note
 * @typedef {import("../common/widget.js").Image & { name: string, alt: string }} Panel
 * @typedef {import("../common/widget.js").Item & { question: string, beside: string, notice: string, panels: Panel[] }} Item
 * @typedef {import("../common/widget.js").Setting & { unreviewed: string, asked: Record<string, [string, string]> }} Setting
 * @typedef {object} Message
 * @property {string} record
 * @property {string} answers the message that it answers; empty where it opens a thread
 * @property {string} to whose that is
 * @property {string} gone what stands in its place, where it is not here
 * @property {string} who
 * @property {string} day
 * @property {string} text
 * @property {string} language
 * @property {string} refused
 * @property {Note[]} notes
 * @property {string} [keeper] what whoever leads the class did with it
 * @typedef {import("../common/widget.js").Page & { threads: { messages: Message[] }[], earlier: number }} Page
 *
 * @typedef {{ message: Message, notes: boolean } | null} Target what is being answered, or noted beside
 */

const EXPAND = marked("It expands what is said");
const CHALLENGE = marked("It challenges what is said");
const ALONE = marked(
  "The message that you wrote to is not here any more. What stands in the field would be a message of its own.",
);
/** From so many messages on, a button above them leads to the field below. */
const LONG = 8;
const BRIEF = 60;
const QUOTED = 240;

/** @param {string} text @param {number} most */
const shortened = (text, most) => {
  const signs = [...text.trim().replace(/\s+/g, " ")];
  return signs.length > most ? `${signs.slice(0, most).join("")}…` : signs.join("");
};

/** @extends {ExerciseWidget<Item, Setting, Page>} */
class Talk extends ExerciseWidget {
  /** @type {Target} */
  chosen = null;
  /** To what somebody was writing about other subjects, by their places. @type {Map<number, Target>} */
  aims = new Map();

  images = element("div", { class: "rk-pair" });
  question = element("div", { class: "rk-question" });
  earlier = element("p", { class: "rk-quiet" });
  list = element("ol", { class: "rk-threads", "aria-label": gettext("What was said") });
  leading = element(
    "div",
    { class: "rk-leading", hidden: "" },
    trigger(gettext("Go to the field below and write"), () => this.field.focus()),
  );
  field = control("textarea", { rows: 3, maxlength: MOST_TYPED, dir: "auto" });
  aim = element("div");
  passage = control("select");
  label = element("span", { class: "rk-prompt" });
  group = once();
  kinds = ["expands", "challenges"].map((value) => control("input", { type: "radio", name: this.group, value }));
  saying = trigger("", () => this.say(), { class: "rk-button rk-say" });
  noting = element(
    "fieldset",
    { hidden: "" },
    element("legend", {}, gettext("Your footnote")),
    ...[EXPAND, CHALLENGE].map((words, at) =>
      element("label", { class: "rk-use" }, this.kinds[at], ` ${gettext(words)}`),
    ),
    element("label", { class: "rk-field" }, gettext("It is about"), this.passage),
  );
  mineFolded = folded(gettext("What you have said"), this.mine);
  refusing = this.buildRefusals();

  /** @param {import("../common/widget.js").Model} model */
  constructor(model) {
    const [previous, next] = [gettext("Previous subject"), gettext("Next subject")];
    super(model, { style: "conversation", name: gettext("A conversation"), previous, next });
    this.status.classList.add("rk-live");
    this.language.addEventListener("change", () => {
      this.field.lang = this.language.value;
    });
    this.field.addEventListener("input", () => this.aimAgain());
  }

  // -- building ------------------------------------------------------------------------------------

  /** @override */
  build() {
    const { knownPart, filePart } = this;
    this.own.append(this.mineFolded, this.keyNote, this.takeaway.root, this.somebody, this.parting.root);
    const asked = Object.values(this.setting.asked).map(([english, beside]) =>
      element("p", {}, ...this.words(english, beside)),
    );
    const notes = this.setting.unreviewed ? [element("small", {}, this.setting.unreviewed)] : [];
    const form = element(
      "div",
      { class: "rk-writing" },
      this.aim,
      this.noting,
      element("label", { class: "rk-entry" }, this.label, this.field),
      row(element("label", {}, gettext("I write in"), " ", this.language)),
      this.consent,
      row(this.saying),
      this.refusing,
    );
    return [
      this.header,
      this.images,
      this.credit,
      this.question,
      element("div", { class: "rk-asks rk-quiet" }, ...asked, ...notes),
      this.leading,
      this.earlier,
      this.list,
      form,
      this.status,
      element("div", {}, this.own, knownPart, filePart.root),
    ];
  }

  // -- doing ---------------------------------------------------------------------------------------

  /**
   * @override
   * @param {string} refusal
   */
  refuse(refusal) {
    this.ask({ act: "refuse", refusal, text: this.field.value, record: this.chosen?.message.record ?? "" });
  }

  say() {
    this.saying.disabled = true;
    const { chosen, field } = this;
    const record = chosen?.message.record ?? "";
    if (!chosen?.notes) {
      this.ask({ act: "say", text: field.value, record });
      return;
    }
    const kind = this.kinds.find(({ checked }) => checked)?.value ?? "";
    if (kind) this.ask({ act: "note", text: field.value, record, kind, at: Number(this.passage.value) });
    else this.stay(gettext("Say first whether your footnote expands what is said, or challenges it."));
    if (!kind) this.kinds[0].focus();
    this.saying.disabled = Boolean(kind);
  }

  /**
   * Begin to answer a message, or to note something beside it.
   *
   * @param {Target} target
   */
  choose(target) {
    this.aimAt(target);
    for (const box of this.kinds) box.checked = false;
    this.drawAim();
    // A draft keeps to what it was written.
    if (this.field.value) this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.field.focus();
  }

  /** @param {Target} target */
  aimAt(target) {
    this.chosen = target;
    this.field.dataset.aim = target ? `${target.message.record} ${target.notes ? "note" : "reply"}` : "";
  }

  /** Write again to what a draft was written to, when a page that was loaded anew puts it back. */
  aimAgain() {
    const [record, kind] = (this.field.dataset.aim ?? "").split(" ");
    if (!record || record === this.chosen?.message.record) return;
    const message = this.readable(record);
    this.aimAt(message ? { message, notes: kind === "note" } : null);
    this.drawAim();
    if (!message) this.tellFault(gettext(ALONE));
  }

  /** Return a message of this subject that can be read here. @param {string | undefined} name */
  readable(name) {
    const every = this.page.threads.flatMap(({ messages }) => messages);
    return every.find(({ record, gone }) => record === name && !gone);
  }

  /**
   * @override
   * @param {KeyboardEvent} event
   */
  press(event) {
    if (sends(event, this.field)) this.say();
  }

  // -- hearing -------------------------------------------------------------------------------------

  /**
   * @override
   * @param {any} message
   */
  hear(message) {
    this.saying.disabled = false;
    if (["say", "note", "refuse"].includes(message.done)) this.field.value = "";
    super.hear(message);
  }

  /**
   * Whoever has spoken, or comes, begins with nothing aimed at; each subject keeps to what one was writing there.
   *
   * @override
   * @param {Page} before
   */
  follow(before) {
    super.follow(before);
    const { index, done } = this.page;
    const comes = ["return", "bring", "somebody-else"].includes(done);
    if (comes) {
      this.field.value = "";
      this.aims.clear();
    }
    const moves = index !== before.index;
    if (moves && !comes) this.aims.set(before.index, this.chosen);
    const chosen = moves ? (this.aims.get(index) ?? null) : this.chosen;
    const past = comes || ["say", "note", "refuse"].includes(done);
    const message = past ? undefined : this.readable(chosen?.message.record);
    this.aimAt(chosen && message ? { ...chosen, message } : null);
    if (chosen && !message && !past) this.tellFault(gettext(ALONE));
    if (moves) for (const box of this.kinds) box.checked = false;
  }

  /** @override */
  get draftField() {
    return this.field;
  }

  // -- drawing -------------------------------------------------------------------------------------

  /** @override */
  get heading() {
    return this.item.title;
  }

  /** @override */
  drawImage() {
    const { panels, notice, question, beside, credit } = this.item;
    const views = panels.map((panel) =>
      element("figure", {}, element("img", { src: this.address(panel), alt: panel.alt, lang: "", draggable: "false" })),
    );
    const seen = notice && views.length ? [folded(notice, ...views)] : views;
    this.images.replaceChildren(...seen);
    this.question.replaceChildren(element("p", { class: "rk-prompt" }, ...this.words(question, beside)));
    this.credit.textContent = credit;
  }

  /**
   * @override
   * @param {Page} before
   */
  draw(before) {
    super.draw(before);
    const { threads, earlier, who } = this.page;
    this.leading.hidden = threads.flatMap(({ messages }) => messages).length < LONG;
    this.earlier.hidden = !earlier;
    this.earlier.textContent = ngettext(
      "{count} earlier thread is kept and not shown here.",
      "{count} earlier threads are kept and not shown here.",
      earlier,
    );
    const anew = who !== before.who || this.page.index !== before.index;
    this.drawList(this.list, this.withKeeper(threads), (thread) => this.thread(thread), anew);
    this.drawAim(before);
  }

  /**
   * Return threads with what whoever leads the class did with what the person wrote in them.
   *
   * @param {Page["threads"]} threads
   */
  withKeeper(threads) {
    const did = new Map(this.page.mine.map((own) => [own.record, /** @type {any} */ (own).keeper]));
    const kept = (/** @type {any} */ line) => ({ ...line, keeper: did.get(line.record) });
    return threads.map((thread) => ({
      ...thread,
      messages: thread.messages.map((message) => ({ ...kept(message), notes: message.notes.map(kept) })),
    }));
  }

  /** Draw what is being written: a message, an answer, a footnote. @param {Page} [before] */
  drawAim(before) {
    const { chosen } = this;
    this.noting.hidden = !chosen?.notes;
    this.refusing.hidden = Boolean(chosen?.notes);
    const kind = chosen ? (chosen.notes ? "note" : "reply") : "message";
    this.label.textContent = {
      message: gettext("Your message"),
      reply: gettext("Your answer"),
      note: gettext("The words of your footnote"),
    }[kind];
    this.saying.textContent = chosen?.notes ? gettext("Keep the footnote") : gettext("Say it");
    const key = `${kind} ${chosen?.message.record ?? ""}`;
    if (before && this.aim.dataset.key === key) return;
    this.aim.dataset.key = key;
    this.aim.replaceChildren(...(chosen ? this.quoted(chosen) : []));
    if (chosen?.notes) this.drawPassages(chosen.message);
    else this.passage.replaceChildren(); // it holds others' words
  }

  /** @param {NonNullable<Target>} target */
  quoted({ message: { who, text, refused, language }, notes }) {
    const words = notes
      ? gettext("A footnote to what {who} wrote:", { who })
      : gettext("An answer to what {who} wrote:", { who });
    const quoted = element("blockquote", { dir: "auto" }, shortened(text || refused, QUOTED));
    if (language) quoted.lang = language;
    return [
      element("p", {}, words),
      quoted,
      row(trigger(gettext("No, write a message of your own"), () => this.choose(null))),
    ];
  }

  /** @param {Message} message */
  drawPassages({ text, language }) {
    const sentences = sentencesOf(text, language);
    const all = element("option", { value: "0" }, gettext("all of it"));
    const each = sentences.length > 1 ? sentences : [];
    this.passage.replaceChildren(
      all,
      ...each.map(([words, at]) => element("option", { value: at, lang: language }, shortened(words, BRIEF))),
    );
  }

  /** @param {{ messages: Message[] }} thread */
  thread({ messages }) {
    return element("li", {}, element("ol", {}, ...messages.map((message) => this.message(message, messages[0]))));
  }

  /**
   * @param {Message} message
   * @param {Message} first the one that opened the thread
   */
  message(message, first) {
    const { gone, who, day, answers, to, notes, keeper } = message;
    const kind = message === first ? "first" : "answer";
    const beside = notes.length ? [element("ol", { class: "rk-notes" }, ...notes.map((note) => this.note(note)))] : [];
    if (gone)
      return element(
        "li",
        { class: `rk-message rk-${kind} rk-gone` },
        element("p", { class: "rk-quiet" }, element("em", {}, gone)),
        ...beside,
      );
    const elsewhere = answers && answers !== first.record && to;
    const line = element(
      "p",
      { class: "rk-quiet" },
      element("bdi", { class: "rk-name" }, who),
      ...(this.page.who === who ? [" ", gettext("(you)")] : []),
      " · ",
      element("time", { datetime: day }, day),
      ...(elsewhere ? [" · ", ...sentence("to {who}", { who: element("bdi", {}, to) })] : []),
      ...told(keeper),
    );
    return element(
      "li",
      { class: `rk-message rk-${kind}` },
      line,
      this.text(message),
      this.buttons(message),
      ...beside,
    );
  }

  /** @param {Message} message */
  text({ text, refused, language, notes }) {
    const node = said("", "p");
    if (language) node.lang = language;
    if (refused) node.append(element("em", {}, `(${refused})`), text ? " " : "");
    for (const [part, numbers] of partsOf(text, notes)) node.append(part, ...(numbers.length ? [mark(numbers)] : []));
    return node;
  }

  /** @param {Message} message */
  buttons(message) {
    const { text, refused, who } = message;
    const name = `${who}: ${shortened(text || refused, BRIEF)}`;
    const answer = trigger(gettext("Answer"), () => this.choose({ message, notes: false }), {
      "aria-label": gettext("Answer {name}", { name }),
    });
    const note = trigger(gettext("Footnote"), () => this.choose({ message, notes: true }), {
      "aria-label": gettext("Footnote to {name}", { name }),
    });
    return row(answer, note);
  }

  /** @param {Note} note */
  note({ who, day, text, language, kind, keeper }) {
    const words = said(text);
    if (language) words.lang = language;
    const does = element("b", {}, doesInWords(kind));
    const whose = element("span", { class: "rk-quiet" }, element("bdi", {}, who), ` · ${day}`);
    return element("li", { "data-kind": kind }, does, " ", words, " ", whose, ...told(keeper));
  }

  /**
   * @override
   * @param {any} record
   */
  ownLine({ record, text }) {
    const [withdraw] = this.amending({ record, text, name: shortened(text, BRIEF) });
    return element("li", {}, said(text), " ", withdraw);
  }

  /**
   * @override
   * @param {Page} before
   */
  drawPerson(before) {
    super.drawPerson(before);
    this.mineFolded.hidden = !this.page.mine.length && !this.page.deleted;
  }
}

/** What whoever leads the class did with something, in words. @param {string} [keeper] */
const told = (keeper) =>
  keeper ? [" ", element("strong", { class: "rk-keeper" }, gettext(KEEPER[keeper] ?? keeper))] : [];

/** The marks of footnotes at one place. @param {number[]} numbers */
const mark = (numbers) =>
  element("sup", {}, element("span", { class: "rk-unseen" }, " ", gettext("footnote"), " "), numbers.join(", "));

const render = rendering(Talk);

export default { render };
