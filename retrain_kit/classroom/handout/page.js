/**
 * A page that has no server: exercises, one person, their answers, and a file of them to hand in.
 *
 * The exercises are the widgets of the notebooks; a session in the page answers them. Nothing leaves the page but as
 * a file that the person saves, and nothing stays in the browser unless they say so.
 */

import { DescriptionsHandout } from "../../exercises/living_with_images/handout.js";
import { ReturnsHandout } from "../../exercises/living_with_images/returns/handout.js";
import returns from "../../exercises/living_with_images/returns/widget.js";
import descriptions from "../../exercises/living_with_images/widget.js";
import { PolyphonyHandout } from "../../exercises/polyphony/handout.js";
import polyphony from "../../exercises/polyphony/widget.js";
import { SurfacesHandout } from "../../exercises/surfaces/handout.js";
import surfaces from "../../exercises/surfaces/widget.js";
import { WhatIfHandout } from "../../exercises/what_if/handout.js";
import whatIf from "../../exercises/what_if/widget.js";
import { downloadAnswers, downloadKey, element, said, trigger } from "../../widgets/parts.js";
import { Author, canSign, digestOf } from "../static/author.js";
import { canonical, linesOf, OwnAnswers } from "./own_answers.js";

/**
 * @typedef {{ name: string, title: string, setting: any, carried: any, items: any[] }} Exercise
 * @typedef {{ study: string, exercises: Exercise[], images: { data: string, media_type: string }[] }} Data
 * @typedef {import("./own_answers.js").Line} Line
 */

/** @type {Record<string, [{ render: (about: any) => () => void }, any]>} */
const KINDS = {
  "what-if": [whatIf, WhatIfHandout],
  polyphony: [polyphony, PolyphonyHandout],
  "informational-surfaces": [surfaces, SurfacesHandout],
  "living-with-images": [descriptions, DescriptionsHandout],
  "living-with-images-return": [returns, ReturnsHandout],
};

const place = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const field = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (place(id));
const show = (/** @type {string} */ id, /** @type {boolean} */ shown) => {
  place(id).hidden = !shown;
};

/** What a widget talks to, in the place of a kernel: one act after the other. */
class Model {
  /** @type {Set<(message: object) => void>} */
  hearers = new Set();
  queue = Promise.resolve();

  /**
   * @param {any} session
   * @param {Record<string, any>} traits
   * @param {() => void} changed
   */
  constructor(session, traits, changed) {
    this.session = session;
    this.traits = traits;
    this.changed = changed;
  }

  /** @param {string} name */
  get(name) {
    return this.traits[name];
  }

  /** @param {string} _ @param {(message: object) => void} hearer */
  on(_, hearer) {
    this.hearers.add(hearer);
  }

  /** @param {string} _ @param {(message: object) => void} hearer */
  off(_, hearer) {
    this.hearers.delete(hearer);
  }

  /**
   * @param {object} act
   * @param {undefined} [_]
   * @param {ArrayBuffer[]} [buffers]
   */
  send(act, _, buffers) {
    this.queue = this.queue.then(async () => {
      const reply = await this.session.answer({ ...act, ...(buffers ? { data: buffers[0] } : {}) });
      for (const hear of this.hearers) hear(reply);
      this.changed();
    });
  }
}

/** What stays in this browser, where a person says so; there are browsers that keep nothing. */
const shelf = {
  /** @param {string} name */
  get(name) {
    try {
      return localStorage.getItem(name) ?? "";
    } catch {
      return "";
    }
  },
  /** @param {string} name @param {string} value */
  set(name, value) {
    try {
      if (value) localStorage.setItem(name, value);
      else localStorage.removeItem(name);
      return true;
    } catch {
      return false;
    }
  },
};

/** @param {string} base64 */
const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const counted = (/** @type {number} */ count) => (count === 1 ? "1 answer" : `${count} answers`);

class Page {
  /** @type {HTMLButtonElement[]} */
  buttons = [];
  current = 0;
  /** What a chosen file holds, until its key is given. @type {Line[]} */
  brought = [];
  closeWidget = () => {};

  /**
   * @param {Data} data
   * @param {OwnAnswers} own
   */
  constructor({ study, exercises, images }, own) {
    this.study = study;
    this.own = own;
    this.number = 0;
    const decoded = images.map(({ data, media_type }) => ({ data: bytes(data), media_type }));
    this.exercises = exercises.map((exercise) => ({
      ...exercise,
      items: exercise.items.map((item) => pictured(item, decoded)),
    }));
    this.on("save", () => this.save());
    this.on("save-key", () => downloadKey(this.own.who, this.own.author.key));
    this.on("go-on", () => this.goOn(field("known").value));
    this.on("go-on-file", () => this.goOn(field("file-key").value));
    this.on("delete", () => this.clear());
    field("file").addEventListener("change", () => this.attempt(() => this.look(field("file").files?.[0])));
    field("keep").addEventListener("change", () => this.attempt(() => this.keep()));
    addEventListener("beforeunload", (event) => {
      if (!(this.own.whole || field("keep").checked)) event.preventDefault();
    });
  }

  /** @param {string} id @param {() => Promise<void> | void} act */
  on(id, act) {
    place(id).addEventListener("click", () => this.attempt(act));
  }

  /** Do something; what goes wrong is told. @param {() => Promise<void> | void} act */
  async attempt(act) {
    this.tell("");
    try {
      await act();
    } catch (error) {
      this.tell(/** @type {Error} */ (error).message);
    }
  }

  async open() {
    show("inside", true);
    const known = shelf.get(this.shelf);
    if (known) {
      const { key, text, whole } = JSON.parse(known);
      await this.become(await Author.of(key));
      await this.take(linesOf(text));
      this.own.whole = whole;
      field("keep").checked = true;
    }
    this.buttons = this.exercises.map(({ title }, index) =>
      trigger(title, () => index !== this.current && this.turnTo(index)),
    );
    place("exercises").replaceChildren(...this.buttons);
    show("exercises", this.buttons.length > 1);
    this.number = Number.parseInt((await digestOf(this.own.who)).slice(0, 12), 16);
    this.turnTo(0);
    this.draw();
  }

  get shelf() {
    return `retrain-kit handout ${this.study}`;
  }

  // -- exercises -----------------------------------------------------------------------------------

  /** @param {number} index */
  turnTo(index) {
    const exercise = this.exercises[index];
    const [widget, Session] = KINDS[exercise.name];
    this.current = index;
    for (const [at, button] of this.buttons.entries()) button.setAttribute("aria-pressed", String(at === index));
    this.closeWidget();
    const host = element("div");
    place("exercise").replaceChildren(host);
    const session = new Session({ ...exercise, study: this.study, number: this.number }, this.own);
    const model = new Model(session, { items: exercise.items, setting: exercise.setting }, () => this.draw());
    this.closeWidget = widget.render({ model, el: host });
  }

  // -- the person ----------------------------------------------------------------------------------

  /** @param {Author} author */
  async become(author) {
    this.own = new OwnAnswers(author);
    this.number = Number.parseInt((await digestOf(author.who)).slice(0, 12), 16);
  }

  draw() {
    const { own } = this;
    const count = own.every.length;
    place("who").textContent = own.who;
    place("key").textContent = own.author.key;
    const left = own.whole ? "All of it is in the file that you saved." : "Not all of it is in a file yet.";
    place("state").textContent = own.empty ? "You have said nothing yet." : `${counted(count)} so far. ${left}`;
    show("taking", !own.empty);
    if (field("keep").checked) this.put();
  }

  save() {
    downloadAnswers({ name: `answers-${this.study}-${this.own.who}.jsonl`, text: this.own.text });
    this.own.noteTaken();
    this.draw();
    this.tell("Your answers are saved as a file, without your key. Hand that file in.");
  }

  keep() {
    const kept = field("keep").checked;
    if (kept && !this.put()) {
      field("keep").checked = false;
      throw new Error("This browser keeps nothing for this page. Save your answers and your key as files.");
    }
    if (!kept) shelf.set(this.shelf, "");
    this.tell(kept ? "Kept in this browser, with your key." : "Nothing is kept in this browser any more.");
  }

  put() {
    const { author, text, whole } = this.own;
    return shelf.set(this.shelf, JSON.stringify({ key: author.key, text, whole }));
  }

  /** Show what a file holds, and ask for its key. @param {File | undefined} file */
  async look(file) {
    show("looked", false);
    if (!file) return;
    const lines = linesOf(await file.text());
    const people = new Set(lines.filter(({ kind }) => kind === "answer").map(({ who }) => who ?? ""));
    if (people.has(this.own.who)) {
      await this.take(lines);
      return;
    }
    this.brought = lines;
    show("looked", true);
    const texts = lines.filter(({ kind }) => kind === "answer").map(({ text, refusal }) => text || refusal || "");
    place("file-says").textContent = `Said by ${[...people].join(", ") || "nobody"}:`;
    place("file-lines").replaceChildren(...texts.map((text) => element("li", {}, said(text))));
    field("file-key").focus();
  }

  /** Go on as whoever has a key, with what a file holds of theirs. @param {string} typed */
  async goOn(typed) {
    const author = await Author.of(typed);
    const other = author.publicKey !== this.own.author.publicKey;
    const theirs = this.brought.some((line) => line.public_key === author.publicKey);
    if (this.brought.length && !theirs) throw new Error("This key is not of whoever said what is in the file.");
    if (other && !this.own.whole) throw new Error("What you said here is in no file yet. Save it first.");
    if (other) await this.become(author);
    await this.take(this.brought);
    this.brought = [];
    show("looked", false);
    for (const id of ["file-key", "known"]) field(id).value = "";
    field("file").value = "";
  }

  /**
   * Take in what the person said elsewhere: of what is called theirs, what they have signed just so.
   *
   * @param {Line[]} lines
   */
  async take(lines) {
    const { own } = this;
    const proven = [];
    for (const { signature, ...line } of lines) {
      const record = line.kind === "withdrawal" ? (line.of ?? "") : "";
      const mine = line.kind === "file" || (await own.author.sign(canonical(line), record)) === signature;
      if (mine) proven.push(line.kind === "file" ? line : { ...line, signature });
    }
    const fresh = own.take(proven);
    this.turnTo(this.current);
    this.draw();
    this.tell(`You are ${own.who}. ${counted(fresh)} came back.`);
  }

  async clear() {
    shelf.set(this.shelf, "");
    field("keep").checked = false;
    /** @type {HTMLDetailsElement} */ (place("deleting")).open = false;
    await this.become(await Author.create());
    this.turnTo(this.current);
    this.draw();
    this.tell("Nothing is left in this page. Whoever answers now is somebody new.");
  }

  /** @param {string} words */
  tell(words) {
    place("told").textContent = words;
  }
}

/**
 * Return an item with its images.
 *
 * @param {any} item
 * @param {object[]} images
 */
function pictured({ images: numbers, panels, ...item }, images) {
  const found = numbers.map((/** @type {number} */ number) => images[number]);
  if (!panels) return { ...item, ...found[0] };
  return {
    ...item,
    panels: panels.map((/** @type {object} */ panel, /** @type {number} */ index) => ({ ...panel, ...found[index] })),
  };
}

async function start() {
  if (await canSign()) {
    const data = JSON.parse(place("data").textContent ?? "");
    await new Page(data, new OwnAnswers(await Author.create())).open();
  } else {
    show("unsigned", true);
  }
}

start();
