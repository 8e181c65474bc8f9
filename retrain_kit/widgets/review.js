/**
 * Images to be looked at, one by one, before they are handed out: accept, replace, remove.
 *
 * An image counts as shown once it stands uncovered in sight. Nothing is decided for many at once, and nothing
 * in advance. What data sets and people say is put on the page as text.
 */

import { button, control, element, shelter } from "./parts.js";

/**
 * @import { Model } from "./types.d.ts"
 *
 * @typedef {"accept" | "replace" | "remove"} Verdict
 * @typedef {{ verdict: Verdict, reason: string, by: string }} Decision
 *
 * @typedef {object} Item
 * @property {string} key
 * @property {string} study
 * @property {string} image
 * @property {string} sha256
 * @property {string} title
 * @property {string} alt
 * @property {string} notice
 * @property {boolean} gated
 * @property {string} labels
 * @property {string} credit
 * @property {BufferSource} data
 * @property {string} media_type
 * @property {number} width
 * @property {number} height
 *
 * @typedef {{ items: Item[], decided: Record<string, Decision>, notice: string, by: string }} Traits
 * @typedef {{ fault?: string, told?: string }} Heard
 * @typedef {{ act: "decide", key: string, verdict: Verdict | "undo", reason: string, by: string }} Decide
 * @typedef {{ act: "shown", key: string } | Decide} Said
 * @typedef {Pick<Model<Traits, Heard, Said>, "get" | "on" | "off" | "send">} ReviewModel
 */

/** @type {Verdict[]} */
const ALL = ["accept", "replace", "remove"];
const VERDICTS = { accept: "Accept", replace: "Replace", remove: "Remove" };
const DONE = { accept: "accepted", replace: "to be replaced", remove: "removed" };
/** @type {Record<string, Verdict>} */
const KEYS = { a: "accept", r: "replace", x: "remove" };
const HELP =
  "Arrows go from image to image. a accepts, r replaces, x removes, u undoes the last one. Enter, or a click on an image, shows it large.";

/** One card of the grid: its cover, its image, what is known of it, and what was decided. */
class Card {
  shown = false;
  /** @type {Verdict | ""} */
  asking = "";
  /** @type {HTMLImageElement | undefined} */
  image = undefined;
  url = "";
  frame = element("div", { class: "rk-frame" });
  said = element("p", { class: "rk-verdict" });
  reason = control("input", { type: "text", maxlength: "500", dir: "auto", autocomplete: "off" });
  asked = element("span");
  keep = button("", { type: "submit" });
  form = element("form", { class: "rk-reason", hidden: "" }, element("label", {}, this.asked, this.reason), this.keep);

  /**
   * @param {Review} review
   * @param {Item} item
   * @param {number} place
   */
  constructor(review, item, place) {
    this.review = review;
    this.item = item;
    this.place = place;
    this.buttons = ALL.map((verdict) => {
      const label = VERDICTS[verdict];
      const node = button(label, { "aria-label": `${label}: ${item.title}` });
      node.addEventListener("click", () => review.choose(this, verdict));
      return node;
    });
    this.undo = button("Undo", { "aria-label": `Undo: ${item.title}` });
    this.undo.addEventListener("click", () => review.undo(this));
    this.root = control("li", { class: "rk-card", tabindex: place ? "-1" : "0", "aria-label": this.name });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      review.finish(this);
    });
    this.root.append(
      this.frame,
      this.buildWords(),
      this.form,
      element("div", { class: "rk-row" }, this.said, this.undo),
      element("div", { class: "rk-row" }, ...this.buttons),
    );
    if (item.notice || item.gated) this.cover(item.notice || "Its data set has a notice: see above.");
    else this.uncover();
  }

  get name() {
    return `${this.item.title}. ${this.item.notice || this.item.gated ? "It is covered." : this.item.alt}`;
  }

  /** @returns {Decision | undefined} */
  get decided() {
    return this.review.decided[this.item.key];
  }

  buildWords() {
    const { title, credit, labels } = this.item;
    return element(
      "div",
      { class: "rk-words" },
      element("p", { class: "rk-name", dir: "auto" }, title),
      ...(labels ? [element("p", { class: "rk-quiet", dir: "auto" }, labels)] : []),
      element("p", { class: "rk-credit", dir: "auto" }, credit),
    );
  }

  /** @param {string} notice */
  cover(notice) {
    const open = button("Show it");
    open.addEventListener("click", () => {
      this.uncover();
      this.root.focus();
    });
    this.frame.replaceChildren(element("div", { class: "rk-cover" }, element("p", { dir: "auto" }, notice), open));
  }

  uncover() {
    if (this.image) return;
    const { width, height, alt, data, media_type } = this.item;
    this.url = URL.createObjectURL(new Blob([data], { type: media_type }));
    const image = element("img", { src: this.url, alt, width, height, draggable: "false", class: "rk-image" });
    image.addEventListener("click", () => {
      this.review.hold(this);
      this.review.enlarge(this);
    });
    if (Math.max(width, height) < 240) image.classList.add("rk-coarse");
    this.frame.replaceChildren(image);
    this.image = image;
    this.root.setAttribute("aria-label", `${this.item.title}. ${alt}`);
    image.decode().then(
      () => this.review.watch(image),
      () => this.review.broken(this),
    );
  }

  /** @param {Verdict} verdict */
  ask(verdict) {
    this.asking = verdict;
    this.asked.textContent = `Why ${verdict} it? A word is enough.`;
    this.keep.textContent = `${VERDICTS[verdict]} it`;
    this.form.hidden = false;
    this.reason.focus();
  }

  stopAsking() {
    this.asking = "";
    this.reason.value = "";
    this.form.hidden = true;
  }

  draw() {
    const { decided } = this;
    this.root.dataset.verdict = decided?.verdict ?? "";
    this.undo.hidden = !decided;
    this.said.hidden = !decided;
    this.said.textContent = decided ? inWords(decided) : "";
    this.buttons.forEach((node, at) => node.setAttribute("aria-pressed", String(ALL[at] === decided?.verdict)));
  }

  close() {
    if (this.url) URL.revokeObjectURL(this.url);
  }
}

/** @param {Decision} decision */
function inWords({ verdict, reason, by }) {
  return [DONE[verdict], by && `by ${by}`].filter(Boolean).join(" ") + (reason ? `: ${reason}` : "");
}

/** All images, on a page or in a notebook. */
export class Review {
  /** @type {Card[]} */
  past = [];
  at = 0;
  closing = new AbortController();
  sight = new IntersectionObserver((entries) => this.see(entries), { threshold: 0.5 });
  by = control("input", { type: "text", maxlength: "100", autocomplete: "off", dir: "auto" });
  count = element("p", { class: "rk-count" });
  status = element("p", { class: "rk-status", role: "status" });
  root = control("div", {
    class: "rk-widget rk-review-widget",
    role: "group",
    "aria-label": "Look before you hand out",
  });
  drawing = () => this.draw();
  /** @param {Heard} heard */
  hearing = ({ fault, told }) => this.tell(fault ?? told ?? "");

  /** @param {ReviewModel} model */
  constructor(model) {
    this.model = model;
    this.cards = model.get("items").map((item, place) => new Card(this, item, place));
    this.build();
    this.listen();
  }

  /** @param {HTMLElement} host */
  open(host) {
    host.append(this.root);
    this.draw();
  }

  close() {
    this.closing.abort();
    this.sight.disconnect();
    this.model.off("change:decided", this.drawing);
    this.model.off("msg:custom", this.hearing);
    for (const card of this.cards) card.close();
    this.root.remove();
  }

  get decided() {
    return this.model.get("decided");
  }

  // -- building ------------------------------------------------------------------------------------

  build() {
    this.by.value = this.model.get("by");
    const who = element("label", {}, "Who looks (may stay empty) ", this.by);
    const header = element(
      "div",
      { class: "rk-header" },
      element("p", { class: "rk-title" }, "Look before you hand out"),
      this.count,
    );
    const grid = element("ul", { class: "rk-grid", "aria-label": "Images" }, ...this.cards.map((card) => card.root));
    this.root.append(
      header,
      ...this.buildGate(),
      element("div", { class: "rk-row" }, who, element("p", { class: "rk-quiet" }, HELP)),
      this.status,
      grid,
    );
  }

  /** What to know before looking at a data set's images, and the way past it. */
  buildGate() {
    const notice = this.model.get("notice");
    if (!notice) return [];
    const open = button("Show the images");
    open.addEventListener("click", () => {
      for (const card of this.cards) if (!card.item.notice) card.uncover();
      open.hidden = true;
      this.tell("");
      this.go(this.at);
    });
    return [element("div", { class: "rk-notice" }, element("p", { dir: "auto" }, notice), open)];
  }

  listen() {
    const { signal } = this.closing;
    this.root.addEventListener("keydown", (event) => this.press(event), { signal });
    for (const card of this.cards) card.root.addEventListener("focusin", () => this.hold(card), { signal });
    this.model.on("change:decided", this.drawing);
    this.model.on("msg:custom", this.hearing);
  }

  // -- seeing --------------------------------------------------------------------------------------

  /** @param {HTMLImageElement} image */
  watch(image) {
    this.sight.observe(image);
  }

  /** @param {Card} card */
  broken(card) {
    card.frame.replaceChildren(element("p", { class: "rk-cover" }, "This image cannot be shown."));
  }

  /** @param {IntersectionObserverEntry[]} entries */
  see(entries) {
    for (const { isIntersecting, target } of entries) {
      const card = this.cards.find(({ image }) => image === target);
      if (!isIntersecting || !card || card.shown) continue;
      card.shown = true;
      this.sight.unobserve(target);
      this.model.send({ act: "shown", key: card.item.key });
    }
  }

  // -- deciding ------------------------------------------------------------------------------------

  /**
   * @param {Card} card
   * @param {Verdict} verdict
   */
  choose(card, verdict) {
    if (!card.shown) return this.tell(`Look at it first: ${card.item.title}.`);
    const asked = card.asking;
    card.stopAsking();
    if (verdict === "accept") return this.decide(card, verdict);
    return asked === verdict ? card.root.focus() : card.ask(verdict);
  }

  /** @param {Card} card */
  finish(card) {
    const reason = card.reason.value.trim();
    if (!reason) return this.tell("Say why, in a word or more.");
    const verdict = card.asking;
    card.stopAsking();
    return verdict && this.decide(card, verdict, reason);
  }

  /**
   * @param {Card} card
   * @param {Verdict} verdict
   */
  decide(card, verdict, reason = "") {
    this.past.push(card);
    this.model.send({ act: "decide", key: card.item.key, verdict, reason, by: this.by.value.trim() });
    this.go(Math.min(card.place + 1, this.cards.length - 1));
  }

  undo(card = this.past.pop()) {
    if (!card) return this.tell("Nothing to undo.");
    this.past = this.past.filter((each) => each !== card);
    this.model.send({ act: "decide", key: card.item.key, verdict: "undo", reason: "", by: this.by.value.trim() });
    return this.go(card.place);
  }

  // -- moving --------------------------------------------------------------------------------------

  /** @param {KeyboardEvent} event */
  press(event) {
    const card = this.cards[this.at];
    const typing = event.target instanceof HTMLInputElement;
    shelter(event);
    if (event.key === "Escape" && typing && card.asking) {
      card.stopAsking();
      card.root.focus();
    } else if (!(typing || event.ctrlKey || event.metaKey || event.altKey) && this.act(event)) {
      event.preventDefault();
    }
  }

  /**
   * Do what a key stands for; say whether it stands for anything.
   *
   * @param {KeyboardEvent} event
   */
  act({ key, target }) {
    const card = this.cards[this.at];
    const onCard = target === card.root;
    /** @type {Record<string, number>} */
    const steps = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -this.columns,
      ArrowDown: this.columns,
      Home: -this.at,
      End: this.cards.length,
    };
    if (key in steps) this.go(Math.max(0, Math.min(this.cards.length - 1, this.at + steps[key])));
    else if (KEYS[key]) this.choose(card, KEYS[key]);
    else if (key === "u") this.undo();
    else if ((key === "Enter" || key === " ") && onCard) this.enlarge(card);
    else return false;
    return true;
  }

  /** @param {Card} card */
  enlarge(card) {
    if (card.image) card.root.classList.toggle("rk-large");
    else card.uncover();
    card.root.scrollIntoView({ block: "nearest" });
  }

  get columns() {
    const top = this.cards[0].root.offsetTop;
    return this.cards.filter(({ root }) => root.offsetTop === top).length;
  }

  /** @param {number} place */
  go(place) {
    this.cards[place].root.focus();
  }

  /** @param {Card} card */
  hold(card) {
    this.cards[this.at].root.setAttribute("tabindex", "-1");
    this.at = card.place;
    card.root.setAttribute("tabindex", "0");
  }

  // -- drawing -------------------------------------------------------------------------------------

  /** @param {string} text */
  tell(text) {
    this.status.textContent = text;
  }

  draw() {
    for (const card of this.cards) card.draw();
    const verdicts = this.cards.map(({ decided }) => decided?.verdict).filter(Boolean);
    const told = ALL.filter((verdict) => verdicts.includes(verdict)).map(
      (verdict) => `${verdicts.filter((each) => each === verdict).length} ${DONE[verdict]}`,
    );
    this.count.textContent = [`${verdicts.length} of ${this.cards.length} decided`, ...told].join(", ");
  }
}

/** @param {{ model: ReviewModel, el: HTMLElement }} place */
function render({ model, el }) {
  const review = new Review(model);
  review.open(el);
  return () => review.close();
}

export default { render };
