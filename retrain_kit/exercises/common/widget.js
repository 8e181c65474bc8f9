/**
 * What every exercise is to a person, whatever it asks: an image, consent, refusals, what they said, their key.
 *
 * The session keeps and decides: it sends the whole page that a person may see now, and an exercise draws it and
 * reports what people do. What people say comes and goes by message alone, and is put on the page as text. Nothing
 * is chosen in advance, consent least of all.
 */

import { gettext, interfaceLanguage, marked, ngettext, speak, unreviewed } from "../../widgets/languages.js";
import {
  control,
  downloadAnswers,
  downloadKey,
  element,
  folded,
  MAIN,
  MOST_TYPED,
  once,
  row,
  shelter,
  textField,
  trigger,
} from "../../widgets/parts.js";
import { FilePart } from "./file_part.js";

/**
 * @typedef {object} Model what a widget talks to: the notebook's kernel, or the class
 * @property {(name: string) => any} get `items` and `setting`; `agreed` where the page around asks for consent, once
 *   for all exercises: the uses that whoever sits here agreed to
 * @property {(event: string, handler: (message: any) => void) => void} on
 * @property {(event: string, handler: (message: any) => void) => void} off
 * @property {(content: object, callbacks?: undefined, buffers?: ArrayBuffer[]) => void} send
 *
 * @typedef {{ data: BufferSource, media_type: string }} Image
 *
 * @typedef {object} Item what is gone through
 * @property {string} title
 * @property {string} credit
 *
 * @typedef {Item & Image & { alt: string, width: number, height: number }} ImageItem
 *
 * @typedef {object} Setting what stays the same
 * @property {[string, string][]} uses what a person can agree to, and in which words
 * @property {Record<string, string>} [needs] uses without which nothing can be kept, and why
 * @property {[string, string][]} refusals ways to refuse, and their words
 * @property {[string, string][]} [languages] tags and names, where the exercise asks for the language
 * @property {string} [language] the one that stands chosen, or stands beside the English
 * @property {import("../../widgets/languages.js").Speech} [speech] in a notebook, the words of this script
 *
 * @typedef {object} Own an answer as its author sees it
 * @property {string} record
 * @property {string} text
 * @property {string} [name] what it is called, where that is not its text
 *
 * @typedef {object} Kind
 * @property {string} style the word in the name of its class
 * @property {string} name
 * @property {string} previous what leads to the one before
 * @property {string} next what leads to the one behind
 */

/**
 * @template {Own} [O=Own]
 * @typedef {object} Page what a person may see now
 * @property {number} index of the item that is shown
 * @property {string} who the person's pseudonym; empty before they have said anything
 * @property {string} key
 * @property {{ name: string, text: string, people: string[] }} file what they can take along
 * @property {O[]} mine
 * @property {number} [deleted] how much of it the keeper of a class has deleted
 * @property {string} told what came of the last act
 * @property {string} fault why nothing came of it
 * @property {string} done the last act; empty where nothing was done
 * @property {string} [needs] the use that was not agreed to, where nothing came of it for that
 */

/** @type {Page} */
const BLANK = {
  index: 0,
  who: "",
  key: "",
  file: { name: "", text: "", people: [] },
  mine: [],
  deleted: 0,
  told: "",
  fault: "",
  done: "",
};
/** What whoever leads a class does with what one said. @type {Record<string, string>} */
export const KEEPER = {
  hidden: marked("The keeper of this class has taken this off the wall."),
  waiting: marked("This waits until the teacher shows it to others."),
};
/** Who sees what one says, by the uses that one agreed to. @type {Record<string, string>} */
const REACH = {
  "": marked("Only you and whoever keeps the answers see this."),
  class: marked("Those who take part see this."),
  publication: marked("Those who take part do not see this. It may be published, with your pseudonym."),
  "class publication": marked("Those who take part see this. It may also be published, with your pseudonym."),
  book: marked("Those who take part do not see this. It may be bound as a book, with your pseudonym."),
  "class book": marked("Those who take part see this. It may also be bound as a book, with your pseudonym."),
};
/** The acts by which somebody else takes the place. */
const COMES = new Set(["return", "bring", "somebody-else", "leave"]);

/**
 * @template {Item} I
 * @template {Setting} S
 * @template {Page} P
 */
export class ExerciseWidget {
  page = /** @type {P} */ (BLANK);
  target = 0;
  /** @type {string[]} */
  urls = [];
  /** @type {Map<string, { content: string, once: string }>} */
  acts = new Map();
  /** @type {Map<string, Set<string>>} */
  agreed = new Map();
  /** What was begun about items and waits there, by their places. @type {Map<number, string>} */
  unsent = new Map();
  /** What lists were drawn from, line by line. @type {WeakMap<HTMLElement, { key: string, node: Element }[]>} */
  drawn = new WeakMap();

  reach = element("p", { class: "rk-reach" });
  status = control("p", { class: "rk-status", role: "status", tabindex: "-1" });
  title = element("p", { class: "rk-title", dir: "auto" });
  position = element("span", { class: "rk-position", "aria-live": "polite" });
  image = element("img", { class: "rk-image", draggable: "false" });
  credit = element("p", { class: "rk-credit", dir: "auto", lang: "en" });
  mine = element("ul", { "aria-label": gettext("What you said here") });
  key = element("code");
  known = textField(gettext("Your key: eight words"), { spellcheck: "false" });
  own = element("div", { class: "rk-own" });
  takeaway = new Takeaway();
  somebody = trigger(gettext("Somebody else answers now"), () => this.makeRoom());
  parting = new Parting();
  knownPart = folded(
    gettext("I have a key"),
    row(
      this.known,
      trigger(gettext("Go on with it"), () => this.send({ act: "return", key: this.known.value })),
    ),
  );
  filePart = new FilePart((act) => this.send(act));
  /** @param {object} message */
  hearing = (message) => this.hear(message);
  agreeing = () => this.drawReach();

  /**
   * @param {Model} model
   * @param {Kind} kind
   */
  constructor(model, { style, name, previous, next }) {
    this.model = model;
    /** @type {S} */
    this.setting = model.get("setting");
    /** @type {I[]} */
    this.items = model.get("items");
    this.name = name;
    this.root = control("div", { class: `rk-widget rk-${style}-widget`, role: "group", "aria-label": name });
    this.previous = trigger("‹", () => this.step(-1), { "aria-label": previous });
    this.next = trigger("›", () => this.step(1), { "aria-label": next });
    this.steps = element("div", { class: "rk-steps rk-row" }, this.previous, this.position, this.next);
    this.header = element("div", { class: "rk-header" }, this.title, this.steps);
    this.boxes = this.setting.uses.map(([use]) => this.buildBox(use));
    this.consent = this.buildConsent();
    this.language = this.buildLanguage();
    this.speech = this.buildSpeech();
    this.keyNote = folded(gettext("Your key"), element("p", {}, this.aboutKey), this.key);
    this.keyNote.className = "rk-key";
  }

  /** @param {HTMLElement} host */
  open(host) {
    this.root.lang = interfaceLanguage();
    this.root.append(...this.build());
    this.header.append(this.speech);
    this.root.addEventListener("keydown", (event) => this.press(event));
    this.model.on("msg:custom", this.hearing);
    this.model.on("change:agreed", this.agreeing);
    this.drawReach();
    host.append(this.root);
    this.drawItem();
    this.model.send({ act: "look" });
  }

  close() {
    this.model.off("msg:custom", this.hearing);
    this.model.off("change:agreed", this.agreeing);
    this.revoke();
    this.root.remove();
  }

  get item() {
    return this.items[this.page.index];
  }

  // -- building ------------------------------------------------------------------------------------

  /**
   * Return all that the widget shows, in its order.
   *
   * @returns {HTMLElement[]}
   */
  build() {
    return [this.header];
  }

  /** @param {string} use */
  buildBox(use) {
    const box = control("input", { type: "checkbox", value: use });
    box.addEventListener("change", () => {
      if (box.checked) this.agreements.add(use);
      else this.agreements.delete(use);
      this.drawReach();
    });
    return box;
  }

  /** Return who sees what one says, below the question what they may; or the way to where that was asked before. */
  buildConsent() {
    if (this.isAskedAround)
      return row(
        this.reach,
        trigger(gettext("What I agreed to"), () => this.model.send({ act: "consent" })),
      );
    const lines = this.setting.uses.map(([, words], at) =>
      element("label", { class: "rk-use" }, this.boxes[at], ` ${words}`),
    );
    return element(
      "fieldset",
      {},
      element("legend", {}, gettext("What I agree to. It stays mine: I can withdraw it.")),
      ...lines,
      this.reach,
    );
  }

  /** Return the choice of the language that somebody writes in: theirs, or another where the kit has no words in it. */
  buildLanguage() {
    const { languages = [], language = "" } = this.setting;
    const select = control("select");
    if (!language) select.append(element("option", { value: "" }, gettext("not said")));
    for (const [tag, name] of languages) select.append(element("option", { value: tag, lang: tag }, name));
    if (language) select.append(element("option", { value: "" }, gettext("another language")));
    const theirs = navigator.language.split("-")[0].toLowerCase();
    select.value = languages.some(([tag]) => tag.split("-")[0] === theirs) ? language : "";
    return select;
  }

  /** Return the choice of the language that somebody reads, in a notebook; a class has its own, for all exercises. */
  buildSpeech() {
    const { speech } = this.setting;
    if (!speech?.languages) return element("span", { hidden: "" });
    const select = control("select", { "aria-label": gettext("Language") });
    for (const [tag, name] of speech.languages) select.append(element("option", { value: tag, lang: tag }, name));
    select.value = speech.language;
    select.addEventListener("change", () => this.send({ act: "speak", language: select.value }));
    return element("span", { class: "rk-row" }, select, element("span", { class: "rk-quiet" }, unreviewed()));
  }

  buildRefusals(words = gettext("Or refuse, which is an answer:")) {
    const ways = this.setting.refusals.map(([refusal, name]) => trigger(name, () => this.refuse(refusal)));
    return row(element("span", { class: "rk-quiet" }, words), ...ways);
  }

  /** Return what a person has here: what they said, their key, what they take along; and the way back with a key. */
  buildPerson() {
    this.own.append(this.mine, this.keyNote, this.takeaway.root, this.somebody, this.parting.root);
    return element("div", {}, this.own, this.knownPart, this.filePart.root);
  }

  get aboutKey() {
    return gettext(
      "With these words you can withdraw or amend what you said, later and elsewhere. They are kept nowhere: write them down.",
    );
  }

  /**
   * Return words in English, and what stands beside them in another language.
   *
   * @param {string} english
   * @param {string} beside
   */
  words(english, beside) {
    const lines = [element("span", { lang: "en" }, english)];
    if (beside) lines.push(element("span", { class: "rk-beside", lang: this.setting.language }, beside));
    return lines;
  }

  // -- doing ---------------------------------------------------------------------------------------

  /** Whether something would be lost by going on to another item. */
  get busy() {
    return false;
  }

  /** @param {number} by */
  step(by) {
    const index = this.target + by;
    if (this.busy || index < 0 || index >= this.items.length) return;
    this.target = index;
    this.send({ act: "go", index });
  }

  /** @param {string} refusal */
  refuse(refusal) {
    this.ask({ act: "refuse", refusal });
  }

  /**
   * Ask for something of which nothing is kept.
   *
   * @param {{ act: string, [field: string]: unknown }} content
   * @param {ArrayBuffer[]} [buffers]
   */
  send(content, buffers) {
    this.model.send({ index: this.page.index, ...content }, undefined, buffers);
  }

  /**
   * Ask for something that is kept. What is asked again as it was, after a fault or a lost reply, is the same act.
   *
   * @param {{ act: string, [field: string]: unknown }} asked
   */
  ask(asked) {
    const language = this.setting.languages ? { language: this.language.value } : {};
    const made = { index: this.page.index, ...asked, uses: [...this.agreements], ...language };
    const content = JSON.stringify(made);
    const known = this.acts.get(asked.act);
    const name = known?.content === content ? known.once : once();
    this.acts.set(asked.act, { content, once: name });
    // What came of the act before is no word on this one.
    if (this.status.textContent === this.page.told) this.tell("");
    this.send({ ...made, once: name });
  }

  /** Whether the page around the widget asks what people agree to. */
  get isAskedAround() {
    return this.model.get("agreed") !== undefined;
  }

  /** What whoever sits here agrees to. */
  get agreements() {
    if (this.isAskedAround) return new Set(/** @type {string[]} */ (this.model.get("agreed")));
    const agreed = this.agreed.get(this.page.who) ?? new Set();
    this.agreed.set(this.page.who, agreed);
    return agreed;
  }

  /** Let somebody else answer. */
  makeRoom() {
    this.giveUp(() => this.send({ act: "somebody-else" }));
  }

  /**
   * Do something by which this screen lets go of a key, once whoever's it is has seen it and says yes.
   *
   * @param {() => void} go
   */
  giveUp(go) {
    if (!this.page.key) {
      go();
      return;
    }
    this.keyNote.open = true;
    this.parting.ask(go);
  }

  /**
   * @param {string} text
   * @param {HTMLElement} [focus]
   */
  tell(text, focus) {
    this.status.textContent = text;
    this.status.dataset.kind = "told";
    focus?.focus();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    shelter(event);
  }

  // -- hearing -------------------------------------------------------------------------------------

  /**
   * Hear a page; or, where none can be had, why.
   *
   * @param {any} message
   */
  hear(message) {
    if (message.brought) this.filePart.hear(message.brought);
    else if (message.index === undefined) this.stay(message.fault);
    else this.turnTo(message);
  }

  /** @param {string} fault */
  stay(fault) {
    this.target = this.page.index;
    this.tellFault(fault);
  }

  /** @param {P} page */
  turnTo(page) {
    const { page: before, held } = this;
    const moves = page.index !== before.index;
    if (moves) this.unsent.set(before.index, this.draftField?.value ?? "");
    this.page = { ...BLANK, ...page };
    this.follow(before);
    if (moves) this.drawItem();
    if (moves) this.goOnWriting();
    this.draw(before);
    this.tellWhatCame();
    this.holdOn(held);
  }

  /** The field whose words wait for their item while another one is shown. @type {Field | null} */
  get draftField() {
    return null;
  }

  /** Put back what was begun about the item that is shown now, and nothing that was begun about another. */
  goOnWriting() {
    const { draftField } = this;
    if (!draftField) return;
    draftField.value = "";
    retype(draftField, this.unsent.get(this.page.index));
  }

  /**
   * Whoever has spoken takes along what they agreed to; whoever comes finds nothing of anybody else's.
   *
   * @param {P} before
   */
  follow(before) {
    const { index, who, done } = this.page;
    this.target = index;
    this.acts.delete(done);
    const comes = COMES.has(done);
    if (comes) {
      this.acts.clear();
      this.unsent.clear();
    }
    const spoke = who && !before.who && !comes && done !== "sit";
    if (spoke) this.agreed.set(who, this.agreed.get("") ?? new Set());
    if (spoke || comes) this.agreed.delete("");
    for (const box of this.boxes) box.checked = this.agreements.has(box.value);
    this.drawReach();
  }

  tellWhatCame() {
    const { told, fault, needs } = this.page;
    if (fault) this.tellFault(fault);
    else if (told || this.acted) this.tell(told);
    if (needs) this.leadToConsent(needs, fault);
  }

  /** @param {string} fault */
  tellFault(fault) {
    this.tell(fault);
    this.status.dataset.kind = "fault";
  }

  /**
   * Lead to where one can agree to what was needed.
   *
   * @param {string} use
   * @param {string} why
   */
  leadToConsent(use, why) {
    if (this.isAskedAround) this.model.send({ act: "consent", use, why });
    else this.boxes.find((box) => box.value === use)?.focus();
  }

  /** Whether the page came of something that was done, and not of a look at it. */
  get acted() {
    return !["", "look"].includes(this.page.done);
  }

  // -- focus ---------------------------------------------------------------------------------------

  /** What in the widget has the keys. */
  get held() {
    const { activeElement } = /** @type {Document | ShadowRoot} */ (this.root.getRootNode());
    return this.root.contains(activeElement) ? /** @type {HTMLElement} */ (activeElement) : null;
  }

  /** Where whoever did something goes on from, when what they did it with is gone. */
  get resting() {
    return this.status;
  }

  /**
   * Nothing that had the keys goes without giving them to what is still here.
   *
   * @param {HTMLElement | null} held
   */
  holdOn(held) {
    if (!held || this.held?.checkVisibility()) return;
    const there = held.isConnected && held.checkVisibility() ? held : this.acted ? null : this.sameAs(held);
    (there ?? this.resting).focus({ preventScroll: true });
  }

  /**
   * Return what has taken the place of a control that was drawn anew.
   *
   * @param {HTMLElement} gone
   */
  sameAs(gone) {
    const name = (/** @type {HTMLElement} */ node) => node.getAttribute("aria-label") ?? node.textContent;
    const alike = /** @type {HTMLElement[]} */ ([...this.root.querySelectorAll(gone.tagName)]);
    return alike.find((node) => name(node) === name(gone) && node.checkVisibility()) ?? null;
  }

  // -- drawing -------------------------------------------------------------------------------------

  /**
   * Draw what is new on the page.
   *
   * @param {P} before
   */
  draw(before) {
    this.drawMine();
    this.drawPerson(before);
  }

  get heading() {
    return `${this.name}. ${this.item.title}`;
  }

  drawReach() {
    const { agreements } = this;
    const { uses, needs = {} } = this.setting;
    const agreed = uses.flatMap(([use]) => (agreements.has(use) ? [use] : []));
    const missing = Object.keys(needs).find((use) => !agreements.has(use));
    const reach = REACH[agreed.join(" ")];
    this.reach.textContent = missing ? needs[missing] : reach ? gettext(reach) : "";
  }

  drawItem() {
    this.title.textContent = this.heading;
    this.credit.textContent = this.item.credit;
    this.drawSteps();
    this.revoke();
    this.drawImage();
  }

  drawImage() {
    const item = /** @type {ImageItem} */ (/** @type {unknown} */ (this.item));
    const { alt, width, height } = item;
    Object.assign(this.image, { alt, width, height, src: this.address(item) });
  }

  /**
   * Return the address of an image, until the next item is shown.
   *
   * @param {Image} image
   */
  address({ data, media_type: type }) {
    const url = URL.createObjectURL(new Blob([data], { type }));
    this.urls.push(url);
    return url;
  }

  revoke() {
    for (const url of this.urls.splice(0)) URL.revokeObjectURL(url);
  }

  drawSteps() {
    const { index } = this.page;
    this.position.textContent = gettext("{number} of {count}", { number: index + 1, count: this.items.length });
    this.steps.hidden = this.items.length === 1;
    this.previous.setAttribute("aria-disabled", String(this.busy || index === 0));
    this.next.setAttribute("aria-disabled", String(this.busy || index === this.items.length - 1));
  }

  /**
   * Draw those lines of a list that have changed: nobody's typing in another is lost, and a long list stays quick.
   *
   * @template T
   * @param {HTMLElement} list
   * @param {T[]} lines
   * @param {(line: T) => Element} draw
   * @param {boolean} [anew] whether every line is drawn anew
   */
  drawList(list, lines, draw, anew = false) {
    const past = this.drawn.get(list) ?? [];
    const known = anew ? [] : [...past];
    const drawn = lines.map((line) => {
      const key = JSON.stringify(line);
      const at = known.findIndex((each) => each.key === key);
      return at < 0 ? { key, node: draw(line) } : known.splice(at, 1)[0];
    });
    this.drawn.set(list, drawn);
    for (const each of past) if (!drawn.includes(each)) each.node.remove();
    drawn.forEach(({ node }, at) => {
      if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
    });
  }

  drawMine() {
    const { deleted } = this.page;
    const lines = [...this.ownLines, ...(deleted ? [{ deleted }] : [])];
    this.drawList(this.mine, lines, (line) => this.toldLine(line), this.acted);
  }

  /** What the person said, with all that a line of it is drawn from. @returns {any[]} */
  get ownLines() {
    return this.page.mine;
  }

  /**
   * Return an answer as its author sees it, with what whoever keeps the answers did with it.
   *
   * @param {any} line
   */
  toldLine({ deleted, ...record }) {
    if (deleted) {
      const words = ngettext(
        "The keeper of this class has deleted {count} thing you said here.",
        "The keeper of this class has deleted {count} things you said here.",
        deleted,
      );
      return element("li", {}, element("strong", {}, words));
    }
    const own = this.ownLine(record);
    const words = KEEPER[record.keeper];
    if (words) own.prepend(element("strong", { class: "rk-keeper" }, gettext(words)), " ");
    return own;
  }

  /**
   * Return an answer as its author sees it.
   *
   * @param {any} record
   * @returns {HTMLElement}
   */
  ownLine(record) {
    return element("li", {}, ...this.amending(record));
  }

  /**
   * Return what people may do with what they said: withdraw it, or add a footnote.
   *
   * @param {Own} own
   */
  amending({ record, text, name = text }) {
    const withdraw = trigger(gettext("Withdraw"), () => this.ask({ act: "withdraw", record }), {
      "aria-label": gettext("Withdraw: {name}", { name }),
    });
    const note = textField(gettext("Footnote to: {name}", { name }), { maxlength: MOST_TYPED });
    const keep = trigger(
      gettext("Keep the footnote"),
      () => note.value.trim() && this.ask({ act: "footnote", record, text: note.value }),
    );
    return [withdraw, folded(gettext("Footnote"), row(note, keep))];
  }

  /** @param {P} before */
  drawPerson(before) {
    const { who, key, file } = this.page;
    this.own.hidden = !who;
    this.knownPart.hidden = this.filePart.root.hidden = Boolean(who);
    this.key.textContent = key;
    this.keyNote.hidden = !key;
    if (who !== before.who) this.known.value = "";
    if (who !== before.who || this.acted) this.parting.root.hidden = true;
    if (who !== before.who) this.filePart.forget();
    this.takeaway.hold(file, key, who);
  }
}

/**
 * Two buttons: what people at this screen have said, as a file, and, apart from it, the key of whoever sits here.
 * Both give what was acknowledged last, whether or not there is a kernel still.
 */
class Takeaway {
  answers = trigger(gettext("Download my answers"), () => downloadAnswers(this.file));
  key = trigger(gettext("Download my key"), () => downloadKey(this.who, this.secret));
  root = element(
    "div",
    { class: "rk-takeaway", hidden: "" },
    row(this.answers, this.key),
    element(
      "p",
      { class: "rk-quiet" },
      gettext("Yours to take along. Where nothing is kept, as on Binder, take both before you leave."),
    ),
  );
  file = BLANK.file;
  secret = "";
  who = "";

  /**
   * @param {Page["file"]} file
   * @param {string} key
   * @param {string} who
   */
  hold(file, key, who) {
    Object.assign(this, { file, secret: key, who });
    this.root.hidden = !file.text;
    this.answers.textContent = gettext(
      file.people.length > 1 ? marked("Download our answers") : marked("Download my answers"),
    );
    this.key.hidden = !key;
  }
}

/** The question before a key goes from this screen, below the key itself. */
class Parting {
  go = () => {};
  yes = trigger(gettext("Yes, somebody else answers now"), () => this.go(), MAIN);
  root = element(
    "div",
    { class: "rk-asking", hidden: "" },
    element("p", {}, gettext("Only with the key above can you come back. Write it down first, or download it.")),
    row(
      this.yes,
      trigger(gettext("No, I go on"), () => this.close()),
    ),
  );

  /** @param {() => void} go */
  ask(go) {
    this.go = go;
    this.root.hidden = false;
    this.yes.focus();
  }

  close() {
    this.root.hidden = true;
    /** @type {HTMLElement | null} */ (this.root.previousElementSibling)?.focus();
  }
}

/**
 * @typedef {HTMLInputElement | HTMLTextAreaElement} Field
 *
 * @param {HTMLElement} host
 * @returns {Field[]}
 */
const typedFields = (host) => [.../** @type {any} */ (host.querySelectorAll("input[type=text], textarea"))];

/**
 * @param {Field} field
 * @param {string | undefined} text
 */
function retype(field, text) {
  if (!text) return;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * Return how a notebook, or the class, shows a widget: anew, where another language is spoken.
 *
 * @param {new (model: Model) => ExerciseWidget<any, any, any>} Widget
 */
export function rendering(Widget) {
  return (/** @type {{ model: Model, el: HTMLElement }} */ { model, el }) => {
    const open = (index = 0) => {
      const { speech } = model.get("setting");
      if (speech) speak(speech);
      const widget = new Widget(model);
      widget.page = { ...BLANK, index };
      widget.open(el);
      return widget;
    };
    let widget = open();
    const anew = () => {
      const typed = typedFields(el).map(({ value }) => value);
      widget.close();
      widget = open(widget.page.index);
      for (const [at, field] of typedFields(el).entries()) retype(field, typed[at]);
    };
    model.on("change:setting", anew);
    const close = () => {
      model.off("change:setting", anew);
      widget.close();
    };
    // The page around may lead elsewhere, but not out of what would be lost.
    return Object.assign(close, { isBusy: () => widget.busy });
  };
}
