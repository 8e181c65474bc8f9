/**
 * Models: what a widget of the notebooks talks to here, in the place of a kernel. Its acts become requests, which
 * the person signs; what comes back is the page that the kernel would have sent.
 */

import { memory } from "./http.js";
import { askAsPerson } from "./person.js";

/** The acts by which somebody else takes the place, which the page of the class does. */
const PERSON = new Set(["return", "somebody-else", "leave"]);

/**
 * @typedef {HTMLInputElement | HTMLTextAreaElement} Field
 * @typedef {{ act: string, index?: number, text?: string, key?: string }} Act
 * @typedef {(message: object) => void} Hears
 */

export class Model {
  /** @type {Record<string, any>} the page that was heard last */
  heard = {};
  /** @type {Set<Hears>} */
  hearers = new Set();
  queue = Promise.resolve();
  looking = false;

  /**
   * @param {{ name: string, setting: object }} activity
   * @param {object[]} items
   * @param {HTMLElement} host
   * @param {(key: string) => Promise<void>} turn where another person, or one with a key, takes this page
   */
  constructor({ name, setting }, items, host, turn) {
    this.name = name;
    /** @type {Record<string, any>} */
    this.traits = { items, setting };
    this.host = host;
    this.turn = turn;
    host.addEventListener("input", (event) => this.keep(event.target));
  }

  /** @param {string} name */
  get(name) {
    return this.traits[name];
  }

  /**
   * @param {string} event
   * @param {Hears} hearer
   */
  on(event, hearer) {
    if (event === "msg:custom") this.hearers.add(hearer);
  }

  /**
   * @param {string} _
   * @param {Hears} hearer
   */
  off(_, hearer) {
    this.hearers.delete(hearer);
  }

  /** @param {object} message */
  emit(message) {
    for (const hear of this.hearers) hear(message);
  }

  /**
   * Ask for something, after what was asked for before.
   *
   * @param {object} act
   */
  send(act) {
    this.queue = this.queue.then(() => this.exchange(/** @type {Act} */ (act)));
  }

  /** Something is new: look at it once, however often that is said before its turn comes. */
  news() {
    if (this.looking) return;
    this.looking = true;
    this.queue = this.queue.then(() => {
      this.looking = false;
      return this.exchange({ act: "look" });
    });
  }

  get index() {
    return this.heard.index ?? 0;
  }

  /** @param {Act} act */
  async exchange(act) {
    try {
      if (PERSON.has(act.act)) await this.turn(act.key ?? "");
      else await this.ask(act);
    } catch (error) {
      // What went wrong is said where the widget says it; what stands there stays.
      this.emit({ fault: /** @type {Error} */ (error).message });
    }
  }

  /** @param {Act} act */
  async ask({ index = this.index, ...act }) {
    const { draft } = this;
    const message = { index, ...act };
    const reply = await askAsPerson("/act", { exercise: this.name, index, message }, message);
    // What is said is no draft any more.
    if (reply.done && act.text === memory.get(draft)) memory.set(draft, "");
    this.hear(reply);
  }

  /**
   * Hand on what was asked for, and of news only what is not what stands here already.
   *
   * @param {Record<string, any>} reply
   */
  hear(reply) {
    const { told: _, fault, done, ...page } = reply;
    const known = JSON.stringify(page) === JSON.stringify(this.heard);
    if ("index" in page) this.heard = page;
    if (!known || fault || done !== "look") this.emit(reply);
    this.restore();
  }

  // -- drafts --------------------------------------------------------------------------------------

  get draft() {
    return `draft ${this.name} ${this.index} ${this.heard.turn ?? ""}`;
  }

  get field() {
    return /** @type {Field | null} */ (
      this.host.querySelector(".rk-entry textarea, .rk-form .rk-field input[type=text]")
    );
  }

  /** @param {EventTarget | null} field */
  keep(field) {
    if (field && field === this.field) memory.set(this.draft, this.field.value);
  }

  /** Put back what was being written when the page was loaded anew. */
  restore() {
    const { field } = this;
    const written = memory.get(this.draft);
    if (!field || field.value || !written) return;
    field.value = written;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
