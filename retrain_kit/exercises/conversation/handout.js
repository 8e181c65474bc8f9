/**
 * What one person writes in a conversation, on a page that has no server: to those whose words the page was made with.
 * What the others write meanwhile comes with the next page, once all files were merged.
 */

import { gettext } from "../../widgets/languages.js";
import { HandoutSession } from "../common/handout.js";
import { checkLength } from "../common/letters.js";

/**
 * @typedef {import("../common/handout.js").Sent} Sent
 * @typedef {import("../common/handout.js").Answer} Answer
 * @typedef {import("./parts.js").Note} Note
 * @typedef {{ record: string, answers: string, to: string, gone: string, who: string, day: string, text: string,
 *   language: string, refused: string, notes: Note[] }} Message
 * @typedef {{ id: string, messages: Message[] }} Thread
 */

/** @extends {HandoutSession<any>} */
export class ConversationHandout extends HandoutSession {
  /** @override */
  get acts() {
    const [say, note] = [(/** @type {Sent} */ sent) => this.say(sent), (/** @type {Sent} */ sent) => this.note(sent)];
    return { ...super.acts, say, note };
  }

  /** @override */
  get mine() {
    const { asked } = this;
    const alike = (/** @type {Answer} */ said) =>
      String(said.asked.images) === String(asked.images) && (asked.images.length || said.asked.prompt === asked.prompt);
    return this.said.filter(alike);
  }

  /** @param {Answer} record */
  isNote({ refusal, details, asked }) {
    return !refusal && this.carried.notes.includes(details.act) && asked.record !== "";
  }

  /** @param {Sent} sent */
  async say({ text = "", record = "", ...sent }) {
    checkLength(gettext("Your message"), text, this.carried.most, 1);
    const said = { text, ...this.answering(record), ...this.voice(/** @type {Sent} */ (sent)) };
    return this.kept(/** @type {Answer} */ (await this.own.say(said)), this.carried.told.answer);
  }

  /** @param {Sent} sent */
  async note({ text = "", record = "", kind = "", at = 0, ...sent }) {
    checkLength(gettext("Your footnote"), text, this.carried.most, 1);
    const target = this.target(record);
    if (!this.carried.notes.includes(kind) || !Number.isInteger(at) || at < 0 || at > [...target.text].length)
      throw new Error(gettext("Say first whether your footnote expands what is said, or challenges it."));
    const details = { act: kind, at, thread: target.thread };
    const asked = { ...this.asked, record };
    const said = { text, asked, details, ...this.voice(/** @type {Sent} */ (sent)) };
    return this.kept(/** @type {Answer} */ (await this.own.say(said)), this.carried.told.footnote);
  }

  /**
   * @override
   * @param {Sent} sent
   */
  refusal({ refusal = "", text = "", record = "", ...sent }) {
    checkLength(gettext("Your words"), text, this.carried.most);
    this.checkRefusal(refusal);
    const { language, ...voice } = this.voice(/** @type {Sent} */ (sent));
    return this.own.say({ text, ...this.answering(record), ...voice, language: text ? language : "", refusal });
  }

  /** What a message says that it answers. @param {string} record */
  answering(record) {
    if (!record) return { asked: this.asked, details: { act: "message" } };
    return { asked: { ...this.asked, record }, details: { act: "reply", thread: this.target(record).thread } };
  }

  /**
   * A message that can be answered here, and the thread that it is in.
   *
   * @param {string} record
   * @returns {{ text: string, thread: string }}
   */
  target(record) {
    const own = this.mine.find((said) => said.id === record && !this.isNote(said));
    if (own) return { text: own.text, thread: threadOf(own) };
    for (const { id: thread, messages } of this.item.threads)
      for (const { record: id, text, gone } of /** @type {Message[]} */ (messages))
        if (id === record && !gone) return { text, thread };
    throw new Error(gettext("It may have been withdrawn. What you wrote still stands in the field."));
  }

  /** @override */
  view() {
    const mine = this.mine.map((said) => ({ record: said.id, text: this.words(said) }));
    return { threads: this.threads, earlier: this.item.earlier, mine };
  }

  /** What the page was made with, without what the person has withdrawn of it here. @returns {Thread[]} */
  get carriedThreads() {
    const { gone } = this.own;
    const { withdrawn } = this.carried.told;
    return this.item.threads.map((/** @type {Thread} */ { id, messages }) => ({
      id,
      messages: messages.map((message) => {
        const notes = message.notes.filter(({ record }) => !gone.has(record));
        return gone.has(message.record)
          ? { ...NOBODY, record: message.record, gone: withdrawn, notes }
          : { ...message, notes };
      }),
    }));
  }

  /** What the page was made with, and what the person has written since. */
  get threads() {
    const threads = this.carriedThreads;
    const own = this.mine.filter(({ id }) => !carries(threads, id));
    const { withdrawn, absent } = this.carried.told;
    const gone = (/** @type {string} */ id) => (this.own.gone.has(id) ? withdrawn : absent);
    for (const said of own) {
      const thread = threadOf(said);
      let found = threads.find(({ id }) => id === thread);
      if (!found) {
        found = { id: thread, messages: [] };
        threads.push(found);
      }
      const { messages } = found;
      const to = said.asked.record;
      if (to && !messages.some(({ record }) => record === to)) messages.push({ ...NOBODY, record: to, gone: gone(to) });
      if (!this.isNote(said)) messages.push(this.message(said, messages));
    }
    for (const said of own.filter((each) => this.isNote(each)))
      for (const { messages } of threads) for (const message of messages) this.annotate(message, said);
    return threads;
  }

  /**
   * @param {Answer} said
   * @param {Message[]} thread
   */
  message({ id, text, when, language, refusal, asked }, thread) {
    const to = thread.find(({ record }) => record === asked.record)?.who ?? "";
    const refused = this.carried.refused[refusal] ?? "";
    const notes = this.added(id, [...text].length);
    const about = { record: id, answers: asked.record, to, gone: "", who: this.own.who, day: when.slice(0, 10) };
    return { ...about, text, language, refused, notes };
  }

  /** What the person added to something of theirs. @param {string} id @param {number} at @returns {Note[]} */
  added(id, at) {
    return this.own.notes(id).map((note) => ({
      record: note.id ?? "",
      who: this.own.who,
      day: (note.when ?? "").slice(0, 10),
      text: note.text ?? "",
      language: note.language ?? "",
      kind: "",
      at,
    }));
  }

  /**
   * @param {Message} message
   * @param {Answer} said
   */
  annotate(message, { id, text, when, language, asked, details }) {
    if (message.record !== asked.record) return;
    const at = Number(details.at) || [...message.text].length;
    const note = { record: id, who: this.own.who, day: when.slice(0, 10), text, language, kind: details.act, at };
    message.notes = [...message.notes, note, ...this.added(id, at)].sort((one, other) => one.at - other.at);
  }
}

const NOBODY = { answers: "", to: "", who: "", day: "", text: "", language: "", refused: "", notes: [] };

/** @param {Answer} said */
const threadOf = ({ id, details, asked }) => details.thread || asked.record || id;

/**
 * Whether a page was made with something already.
 *
 * @param {Thread[]} threads
 * @param {string} id
 */
const carries = (threads, id) =>
  threads.some(({ messages }) =>
    messages.some(({ record, gone, notes }) => (record === id && !gone) || notes.some((note) => note.record === id)),
  );
