/**
 * Models: what a widget of the notebooks talks to here, in the place of a kernel. Its acts become requests, which
 * the person signs; what comes back is the page that the kernel would have sent.
 */

import { memory, told } from "./http.js";
import { askAsPerson } from "./person.js";

/** The acts by which somebody else takes the place, which the page of the class does. */
const PERSON = new Set(["return", "somebody-else", "leave"]);
/** The act by which somebody changes what they agreed to, for a use where one is needed: the page's too. */
const CONSENT = "consent";

/**
 * @typedef {HTMLInputElement | HTMLTextAreaElement} Field
 * @typedef {{ act: string, index?: number, text?: string, key?: string, use?: string, why?: string,
 *   upload?: string, at?: number, data?: ArrayBuffer }} Act
 * @typedef {(message: any) => void} Hears
 *
 * @typedef {object} Around what the page around does
 * @property {string[]} agreed what the person has agreed to
 * @property {(key: string) => Promise<void>} turn another person, or one with a key, takes this page
 * @property {(use?: string, why?: string) => void} consent the person changes what they agreed to
 * @property {(mine: object[]) => void} said something of the person is kept
 */

export class Model {
  /** @type {Record<string, any>} the page that was heard last */
  heard = {};
  /** By event. @type {Map<string, Set<Hears>>} */
  hearers = new Map();
  queue = Promise.resolve();
  looking = false;

  /**
   * @param {{ name: string, version: string, setting: object }} activity
   * @param {object[]} items
   * @param {HTMLElement} host
   * @param {Around} around
   */
  constructor({ name, version, setting }, items, host, around) {
    this.name = name;
    this.version = version;
    /** @type {Record<string, any>} */
    this.traits = { items, setting, agreed: around.agreed };
    this.host = host;
    this.around = around;
    host.addEventListener("input", (event) => this.keep(event.target));
  }

  /** @param {string} name */
  get(name) {
    return this.traits[name];
  }

  /** @param {string[]} agreed */
  agree(agreed) {
    this.traits.agreed = agreed;
    this.tell("change:agreed", agreed);
  }

  /**
   * @param {string} event
   * @param {Hears} hearer
   */
  on(event, hearer) {
    const hearers = this.hearers.get(event) ?? new Set();
    this.hearers.set(event, hearers.add(hearer));
  }

  /**
   * @param {string} event
   * @param {Hears} hearer
   */
  off(event, hearer) {
    this.hearers.get(event)?.delete(hearer);
  }

  /**
   * @param {string} event
   * @param {unknown} value
   */
  tell(event, value) {
    for (const hear of this.hearers.get(event) ?? []) hear(value);
  }

  /** @param {object} message */
  emit(message) {
    this.tell("msg:custom", message);
  }

  /**
   * Ask for something, after what was asked for before.
   *
   * @param {object} act
   * @param {undefined} [_]
   * @param {ArrayBuffer[]} [buffers] the piece of a file that goes with it
   */
  send(act, _, buffers) {
    const asked = /** @type {Act} */ ({ ...act, ...(buffers ? { data: buffers[0] } : {}) });
    if (asked.act === CONSENT) this.around.consent(asked.use, asked.why);
    else this.queue = this.queue.then(() => this.exchange(asked));
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
      if (PERSON.has(act.act)) await this.around.turn(act.key ?? "");
      else if (act.data) await this.sendPiece(act);
      else await this.ask(act);
    } catch (error) {
      // What went wrong is said where the widget says it; what stands there stays.
      this.emit({ fault: /** @type {Error} */ (error).message });
    }
  }

  /**
   * Send a piece of a file, which nobody signs: what is given is signed when all of it is there.
   *
   * @param {Act} act
   */
  async sendPiece({ upload = "", at = 0, data }) {
    const which = new URLSearchParams({ exercise: this.name, upload, at: String(at) });
    this.emit(await told(`/piece?${which}`, { data }));
  }

  /** @param {Act} act */
  async ask({ index = this.index, ...act }) {
    const { draft } = this;
    const message = { index, ...act };
    const reply = await askAsPerson("/act", { exercise: this.name, version: this.version, index, message }, message);
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
    this.around.said(page.mine ?? []);
  }

  // -- drafts --------------------------------------------------------------------------------------

  get draft() {
    return `draft ${this.name} ${this.version} ${this.index} ${this.heard.turn ?? ""}`;
  }

  get field() {
    return /** @type {Field | null} */ (
      this.host.querySelector(".rk-entry textarea, .rk-form .rk-field input[type=text]")
    );
  }

  /** @param {EventTarget | null} field */
  keep(field) {
    if (!field || field !== this.field) return;
    memory.set(this.draft, this.field.value);
    memory.set(`${this.draft} aim`, this.field.dataset.aim ?? "");
  }

  /** Put back what was being written when the page was loaded anew. */
  restore() {
    const { field } = this;
    const written = memory.get(this.draft);
    if (!field || field.value || !written) return;
    field.value = written;
    const aim = memory.get(`${this.draft} aim`);
    if (aim) field.dataset.aim = aim;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
