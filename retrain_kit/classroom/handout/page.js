/**
 * A page that has no server: exercises, one person, their answers, and a file of them to hand in.
 *
 * The exercises are the widgets of the notebooks; a session in the page answers them. Nothing leaves the page but as
 * a file that the person saves, and nothing stays in the browser unless they say so.
 */

import { ConversationHandout } from "../../exercises/conversation/handout.js";
import conversation from "../../exercises/conversation/widget.js";
import { DescriptionsHandout } from "../../exercises/living_with_images/handout.js";
import { ReturnsHandout } from "../../exercises/living_with_images/returns/handout.js";
import returns from "../../exercises/living_with_images/returns/widget.js";
import descriptions from "../../exercises/living_with_images/widget.js";
import { PolyphonyHandout } from "../../exercises/polyphony/handout.js";
import polyphony from "../../exercises/polyphony/widget.js";
import { RecodingArtHandout } from "../../exercises/recoding_art/handout.js";
import recodingArt from "../../exercises/recoding_art/widget.js";
import { SurfacesHandout } from "../../exercises/surfaces/handout.js";
import surfaces from "../../exercises/surfaces/widget.js";
import { WhatIfHandout } from "../../exercises/what_if/handout.js";
import whatIf from "../../exercises/what_if/widget.js";
import { gettext, ngettext, speak, speakHtml, unreviewed } from "../../widgets/languages.js";
import { downloadAnswers, downloadKey, element, said, trigger } from "../../widgets/parts.js";
import { Author, canSign, digestOf } from "../static/author.js";
import { canonical, linesOf, OwnAnswers } from "./own_answers.js";

/**
 * @typedef {{ name: string, title: string, setting: any, carried: any, items: any[] }} Exercise
 * @typedef {{ speech: import("../../widgets/languages.js").Speech, exercises: Exercise[] }} Spoken
 * @typedef {{ study: string, keeper: string, again: boolean, language: string, images: { data: string, media_type: string }[],
 *   spoken: Record<string, Spoken> }} Data
 * @typedef {import("./own_answers.js").Line} Line
 */

/** @type {Record<string, [{ render: (about: any) => () => void }, any]>} */
const KINDS = {
  "what-if": [whatIf, WhatIfHandout],
  polyphony: [polyphony, PolyphonyHandout],
  "informational-surfaces": [surfaces, SurfacesHandout],
  "recoding-art": [recodingArt, RecodingArtHandout],
  conversation: [conversation, ConversationHandout],
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

  /** @param {string} event @param {(message: object) => void} hearer */
  on(event, hearer) {
    if (event === "msg:custom") this.hearers.add(hearer);
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

class Page {
  /** @type {HTMLButtonElement[]} */
  buttons = [];
  current = 0;
  language = "en";
  /** What a chosen file holds, until its key is given. @type {Line[]} */
  brought = [];
  closeWidget = () => {};

  /**
   * @param {Data} data
   * @param {OwnAnswers} own
   */
  constructor(data, own) {
    this.data = data;
    this.study = data.study;
    this.own = own;
    this.number = 0;
    this.images = data.images.map(({ data: text, media_type }) => ({ data: bytes(text), media_type }));
    place("language").addEventListener("change", () => this.speak(field("language").value));
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
      this.own.take(await this.proven(linesOf(text)));
      this.own.whole = whole;
      field("keep").checked = true;
    }
    this.number = Number.parseInt((await digestOf(this.own.who)).slice(0, 12), 16);
    this.speak(readersLanguage(this.data));
    show("choosing", true);
  }

  /**
   * Say everything in a language; where the kit has no words in it, the prompts alone.
   *
   * @param {string} language
   */
  speak(language) {
    const { speech } = this.data.spoken[language];
    speak(speech);
    speakHtml();
    const { languages = [] } = speech;
    place("language").replaceChildren(
      ...languages.map(([tag, name]) => element("option", { value: tag, lang: tag }, name)),
    );
    field("language").value = language;
    place("unreviewed").textContent = unreviewed();
    this.language = language;
    this.buttons = this.exercises.map(({ title }, index) =>
      trigger(title, () => index !== this.current && this.turnTo(index)),
    );
    place("exercises").replaceChildren(...this.buttons);
    show("exercises", this.buttons.length > 1);
    this.turnTo(this.current);
    this.draw();
  }

  /** The exercises in the language that is spoken. */
  get exercises() {
    return this.data.spoken[this.language].exercises;
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
    const items = exercise.items.map((item) => pictured(item, this.images));
    const model = new Model(session, { items, setting: exercise.setting }, () => this.draw());
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
    const left = own.whole
      ? gettext("All of it is in the file that you saved.")
      : gettext("Not all of it is in a file yet.");
    const far = ngettext("{count} answer so far.", "{count} answers so far.", count);
    place("state").textContent = own.empty ? gettext("You have said nothing yet.") : `${far} ${left}`;
    const { keeper } = this.data;
    place("keeper").textContent = keeper
      ? gettext("Or turn to {keeper} with your key: they can delete it where it is kept.", { keeper })
      : gettext("Or turn to whoever gave you this page with your key: they can delete it where it is kept.");
    show("taking", !own.empty);
    show("again", this.data.again && own.empty);
    if (field("keep").checked) this.put();
  }

  save() {
    downloadAnswers({ name: `answers-${this.study}-${this.own.who}.jsonl`, text: this.own.text });
    this.own.noteTaken();
    this.draw();
    this.tell(gettext("Your answers are saved as a file, without your key. Hand that file in."));
  }

  keep() {
    const kept = field("keep").checked;
    if (kept && !this.put()) {
      field("keep").checked = false;
      throw new Error(gettext("This browser keeps nothing for this page. Save your answers and your key as files."));
    }
    if (!kept) shelf.set(this.shelf, "");
    this.tell(
      kept ? gettext("Kept in this browser, with your key.") : gettext("Nothing is kept in this browser any more."),
    );
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
    place("file-says").textContent = gettext("What {who} said:", { who: [...people].join(", ") });
    place("file-lines").replaceChildren(...texts.map((text) => element("li", {}, said(text))));
    field("file-key").focus();
  }

  /** Go on as whoever has a key, with what a file holds of theirs. @param {string} typed */
  async goOn(typed) {
    const author = await Author.of(typed);
    const other = author.publicKey !== this.own.author.publicKey;
    const theirs = this.brought.some((line) => line.public_key === author.publicKey);
    if (this.brought.length && !theirs)
      throw new Error(gettext("This key is not of whoever said what is in the file."));
    if (other && !this.own.whole) throw new Error(gettext("What you said here is in no file yet. Save it first."));
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
    const fresh = this.own.take(await this.proven(lines));
    this.turnTo(this.current);
    this.draw();
    const { who } = this.own;
    const more = ngettext("{count} answer or footnote came back.", "{count} answers and footnotes came back.", fresh);
    this.tell(`${gettext("You are {who} again.", { who })} ${more}`);
  }

  /** Return the lines that the person has signed just so. @param {Line[]} lines */
  async proven(lines) {
    const found = [];
    for (const { signature, ...line } of lines) {
      const record = line.kind === "withdrawal" ? (line.of ?? "") : "";
      if (line.kind === "file") found.push(line);
      else if ((await this.own.author.sign(canonical(line), record)) === signature) found.push({ ...line, signature });
    }
    return found;
  }

  async clear() {
    shelf.set(this.shelf, "");
    field("keep").checked = false;
    /** @type {HTMLDetailsElement} */ (place("deleting")).open = false;
    await this.become(await Author.create());
    this.turnTo(this.current);
    this.draw();
    this.tell(gettext("Nothing is left in this page. Whoever answers now is somebody new."));
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

/**
 * Return the language of the reader's browser; where the page has none of them, the one that it was made in.
 *
 * @param {Data} data
 */
function readersLanguage({ spoken, language }) {
  const wanted = navigator.languages.map((tag) => tag.toLowerCase().split("-")[0]);
  return wanted.find((tag) => tag in spoken) ?? language;
}

async function start() {
  const data = JSON.parse(place("data").textContent ?? "");
  speak(data.spoken[readersLanguage(data)].speech);
  speakHtml();
  if (await canSign()) {
    await new Page(data, new OwnAnswers(await Author.create())).open();
  } else {
    show("unsigned", true);
  }
}

start();
