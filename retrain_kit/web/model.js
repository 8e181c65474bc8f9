/**
 * Models: what a widget of the notebooks talks to here, in the place of a kernel. Its messages become requests, which
 * bring the person's key along; what comes back is what the kernel would have sent.
 */

import { memory, told } from "./asking.js";
import { once } from "./parts.js";

/** Fields that a widget makes anew whenever it draws; nobody's typing in them is to be lost. */
const FLEETING = ":is(.rk-own, .rk-plain, .rk-people) :is(input[type=text], textarea)";
const PERSON = new Set(["return", "somebody-else", "come", "leave"]);

export class Model {
  /** `turn(key)` is called where another person, or one with a key, takes this page. */
  constructor(part, items, host, turn) {
    Object.assign(this, { name: part.name, host, turn, heard: {}, handlers: new Map(), queue: Promise.resolve() });
    this.traits = { items, setting: part.setting, index: 0, scene: {} };
    this.stale = false;
    host.addEventListener("input", (event) => this.keep(event.target));
    host.addEventListener("focusout", () => setTimeout(() => this.stale && this.news()));
  }

  get(name) {
    return this.traits[name];
  }

  set(name, value) {
    this.traits[name] = value;
    this.emit(`change:${name}`);
  }

  on(name, handler) {
    this.handlers.set(name, [...(this.handlers.get(name) ?? []), handler]);
  }

  off(name, handler) {
    this.handlers.set(name, (this.handlers.get(name) ?? []).filter((each) => each !== handler));
  }

  emit(name, ...told) {
    for (const handler of this.handlers.get(name) ?? []) handler(...told);
  }

  save_changes() { // eslint-disable-line camelcase
    this.send({ act: "look" });
  }

  /** Ask for something, after what was asked for before. */
  send(message) {
    this.queue = this.queue.then(() => this.exchange(message, (reply) => this.hear(reply)));
  }

  /** Something is new: look, and draw it where it is not what stands here already. */
  news() {
    this.stale = this.busy;
    if (!this.stale) this.look();
  }

  /** Look once, however often it is asked for before its turn comes. */
  look() {
    if (this.looking) return;
    this.looking = true;
    this.queue = this.queue.then(() => this.exchange({ act: "look" }, (reply) => this.freshen(reply)));
  }

  get busy() {
    return [...this.host.querySelectorAll(FLEETING)].some((field) => field.value || field === document.activeElement);
  }

  async exchange(message, hear) {
    if (message.act === "look") this.looking = false;
    if (PERSON.has(message.act)) return this.turnTo(message);
    if (message.act === "go") this.traits.index = message.index;
    const asked = ["go", "sit"].includes(message.act) ? { act: "look" } : message;
    const [index, draft] = [message.index ?? this.traits.index, this.draft];
    const body = { exercise: this.name, index, key: memory.get("key"), message: { once: once(), ...asked } };
    try {
      const reply = await told("/act", { body });
      if (reply.message.done && reply.message.done !== "look") memory.set(draft, "");
      hear(reply);
      return undefined;
    } catch (error) {
      return this.fail(error);
    }
  }

  async turnTo({ key = "" }) {
    try {
      await this.turn(key);
    } catch (error) {
      this.fail(error);
    }
  }

  /** What went wrong is said where the widget says it; what stands there stays. */
  fail(error) {
    this.emit("msg:custom", { ...this.heard, said: undefined, told: undefined, done: undefined, fault: error.message });
  }

  hear({ message, traits, look = false }) {
    const { said, told: words, done, fault, views, ...stays } = message;
    if (!views) this.heard = stays;
    this.emit("msg:custom", message);
    for (const [name, value] of Object.entries(traits)) this.set(name, value);
    if (look) this.look();
    this.restore();
  }

  freshen({ message, traits }) {
    const { said, done, fault, ...stays } = message;
    const held = document.activeElement;
    if (JSON.stringify(stays) !== JSON.stringify(this.heard)) this.hear({ message: stays, traits: {} });
    for (const [name, value] of Object.entries(traits)) {
      if (JSON.stringify(value) !== JSON.stringify(this.traits[name])) this.set(name, value);
    }
    this.restore();
    this.focusAgain(held);
  }

  /** Whoever stood on a control that was drawn anew stands on it still. */
  focusAgain(held) {
    if (!held || document.contains(held)) return;
    const name = (node) => node.getAttribute("aria-label") ?? node.textContent;
    const same = [...this.host.querySelectorAll(held.tagName)].find((node) => name(node) === name(held));
    same?.focus({ preventScroll: true });
  }

  // -- drafts --------------------------------------------------------------------------------------

  get draft() {
    return `draft ${this.name} ${this.traits.index} ${this.heard.turn ?? ""}`;
  }

  get field() {
    return this.host.querySelector(".rk-entry textarea, .rk-form .rk-field input[type=text]");
  }

  keep(field) {
    if (field === this.field) memory.set(this.draft, field.value);
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
