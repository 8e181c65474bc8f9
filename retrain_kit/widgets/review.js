/**
 * Pictures to be looked at, one by one, before they are handed out: accept, replace, remove.
 *
 * A picture counts as shown once it stands uncovered in sight. Nothing is decided for many at once, and nothing
 * in advance. What data sets and people say is put on the page as text.
 */

import { button, control, element, shelter } from "./parts.js";

const VERDICTS = { accept: "Accept", replace: "Replace", remove: "Remove" };
const DONE = { accept: "accepted", replace: "to be replaced", remove: "removed" };
const KEYS = { a: "accept", r: "replace", x: "remove" };
const HELP = "Arrows go from picture to picture. a accepts, r replaces, x removes, u undoes the last one. Enter, or a click on a picture, shows it large.";

/** One picture of the grid: its cover, its picture, what is known of it, and what was decided. */
class Card {
  constructor(review, item, place) {
    Object.assign(this, { review, item, place, shown: false, asking: "" });
    this.frame = element("div", { class: "rk-frame" });
    this.buttons = Object.entries(VERDICTS).map(([verdict, label]) => {
      const node = button(label, { "aria-label": `${label}: ${item.title}` });
      node.addEventListener("click", () => review.choose(this, verdict));
      return node;
    });
    this.said = element("p", { class: "rk-verdict" });
    this.undo = button("Undo", { "aria-label": `Undo: ${item.title}` });
    this.undo.addEventListener("click", () => review.undo(this));
    this.root = control("li", { class: "rk-card", tabindex: place ? "-1" : "0", "aria-label": this.name });
    this.root.append(this.frame, this.buildWords(), this.buildReason(),
      element("div", { class: "rk-row rk-decided" }, this.said, this.undo), element("div", { class: "rk-row rk-acts" }, ...this.buttons));
    if (item.notice || item.gated) this.cover(item.notice || "Its data set has a notice: see above.");
    else this.uncover();
  }

  get name() {
    return `${this.item.title}. ${this.item.notice || this.item.gated ? "It is covered." : this.item.alt}`;
  }

  get decided() {
    return this.review.decided[this.item.key];
  }

  buildWords() {
    const { title, credit, labels } = this.item;
    return element("div", { class: "rk-words" }, element("p", { class: "rk-name", dir: "auto" }, title),
      ...(labels ? [element("p", { class: "rk-quiet", dir: "auto" }, labels)] : []),
      element("p", { class: "rk-credit", dir: "auto" }, credit));
  }

  buildReason() {
    this.reason = control("input", { type: "text", maxlength: "500", dir: "auto", autocomplete: "off" });
    this.asked = element("span", {});
    this.keep = button("", { type: "submit" });
    this.form = element("form", { class: "rk-reason", hidden: "" },
      element("label", {}, this.asked, this.reason), this.keep);
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.review.finish(this); });
    return this.form;
  }

  cover(notice) {
    const open = button("Show it");
    open.addEventListener("click", () => { this.uncover(); this.root.focus(); });
    this.frame.replaceChildren(element("div", { class: "rk-cover" }, element("p", { dir: "auto" }, notice), open));
  }

  uncover() {
    if (this.picture) return;
    const { width, height, alt, data, media_type } = this.item;
    this.url = URL.createObjectURL(new Blob([data], { type: media_type }));
    this.picture = element("img", { src: this.url, alt, width, height, draggable: "false", class: "rk-picture" });
    this.picture.addEventListener("click", () => { this.review.hold(this); this.review.open(this); });
    if (Math.max(width, height) < 240) this.picture.classList.add("rk-coarse");
    this.frame.replaceChildren(this.picture);
    this.root.setAttribute("aria-label", `${this.item.title}. ${alt}`);
    this.picture.decode().then(() => this.review.watch(this), () => this.review.broken(this));
  }

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
    const { verdict = "", reason, by } = this.decided ?? {};
    this.root.dataset.verdict = verdict;
    this.undo.hidden = !verdict;
    this.said.hidden = !verdict;
    this.said.textContent = [DONE[verdict], by && `by ${by}`].filter(Boolean).join(" ") + (reason ? `: ${reason}` : "");
    this.buttons.forEach((node, at) => node.setAttribute("aria-pressed", Object.keys(VERDICTS)[at] === verdict));
  }

  close() {
    if (this.url) URL.revokeObjectURL(this.url);
  }
}

class Review {
  constructor(model, host) {
    this.model = model;
    this.closing = new AbortController();
    this.past = [];
    this.at = 0;
    this.sight = new IntersectionObserver((entries) => this.see(entries), { threshold: 0.5 });
    this.build();
    this.listen();
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
    this.cards = this.model.get("items").map((item, place) => new Card(this, item, place));
    this.by = control("input", { type: "text", maxlength: "100", autocomplete: "off", dir: "auto", class: "rk-by" });
    this.by.value = this.model.get("by") ?? "";
    this.count = element("p", { class: "rk-count" });
    this.status = element("p", { class: "rk-status", role: "status" });
    const who = element("label", { class: "rk-who" }, "Who looks (may stay empty) ", this.by);
    const header = element("div", { class: "rk-header" }, element("p", { class: "rk-title" }, "Look before you hand out"), this.count);
    this.grid = element("ul", { class: "rk-grid", "aria-label": "Pictures" }, ...this.cards.map((card) => card.root));
    this.root = control("div", { class: "rk-widget rk-review-widget", role: "group", "aria-label": "Look before you hand out" });
    this.root.append(header, ...this.buildGate(), element("div", { class: "rk-row" }, who, element("p", { class: "rk-quiet" }, HELP)), this.status, this.grid);
  }

  /** What to know before looking at a data set's pictures, and the way past it. */
  buildGate() {
    const notice = this.model.get("notice");
    if (!notice) return [];
    const open = button("Show the pictures");
    open.addEventListener("click", () => {
      for (const card of this.cards) if (!card.item.notice) card.uncover();
      open.hidden = true;
      this.tell("");
      this.go(this.at);
    });
    return [element("div", { class: "rk-notice" }, element("p", { dir: "auto" }, notice), open)];
  }

  listen() {
    const on = (target, type, handler) => target.addEventListener(type, handler, { signal: this.closing.signal });
    on(this.root, "keydown", (event) => this.press(event));
    this.cards.forEach((card) => on(card.root, "focusin", () => this.hold(card)));
    this.drawing = () => this.draw();
    this.hearing = ({ fault, told }) => this.tell(fault ?? told ?? "");
    this.model.on("change:decided", this.drawing);
    this.model.on("msg:custom", this.hearing);
  }

  // -- seeing --------------------------------------------------------------------------------------

  watch(card) {
    this.sight.observe(card.picture);
  }

  broken(card) {
    card.frame.replaceChildren(element("p", { class: "rk-cover" }, "This picture cannot be shown."));
  }

  see(entries) {
    for (const { isIntersecting, target } of entries) {
      const card = this.cards.find(({ picture }) => picture === target);
      if (!isIntersecting || !card || card.shown) continue;
      card.shown = true;
      this.sight.unobserve(target);
      this.model.send({ act: "shown", key: card.item.key });
    }
  }

  // -- deciding ------------------------------------------------------------------------------------

  choose(card, verdict) {
    if (!card.shown) return this.tell(`Look at it first: ${card.item.title}.`);
    const asked = card.asking;
    card.stopAsking();
    if (verdict === "accept") return this.decide(card, verdict);
    return asked === verdict ? card.root.focus() : card.ask(verdict);
  }

  finish(card) {
    const reason = card.reason.value.trim();
    if (!reason) return this.tell("Say why, in a word or more.");
    const verdict = card.asking;
    card.stopAsking();
    return this.decide(card, verdict, reason);
  }

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

  press(event) {
    const typing = event.target.tagName === "INPUT";
    shelter(event);
    if (event.key === "Escape" && typing && this.cards[this.at].asking) {
      this.cards[this.at].stopAsking();
      return this.cards[this.at].root.focus();
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return undefined;
    if (this.act(event)) event.preventDefault();
    return undefined;
  }

  /** Do what a key stands for; say whether it stands for anything. */
  act({ key, target }) {
    const card = this.cards[this.at];
    const onCard = target === card.root;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns, Home: -this.at, End: this.cards.length }[key];
    if (step !== undefined) this.go(Math.max(0, Math.min(this.cards.length - 1, this.at + step)));
    else if (KEYS[key]) this.choose(card, KEYS[key]);
    else if (key === "u") this.undo();
    else if ((key === "Enter" || key === " ") && onCard) this.open(card);
    else return false;
    return true;
  }

  open(card) {
    if (card.picture) card.root.classList.toggle("rk-large");
    else card.uncover();
    card.root.scrollIntoView({ block: "nearest" });
  }

  get columns() {
    const top = this.cards[0].root.offsetTop;
    return this.cards.filter(({ root }) => root.offsetTop === top).length;
  }

  go(place) {
    this.cards[place].root.focus();
  }

  hold(card) {
    this.cards[this.at].root.setAttribute("tabindex", "-1");
    this.at = card.place;
    card.root.setAttribute("tabindex", "0");
  }

  // -- drawing -------------------------------------------------------------------------------------

  tell(text) {
    this.status.textContent = text;
  }

  draw() {
    for (const card of this.cards) card.draw();
    const verdicts = this.cards.map(({ decided }) => decided?.verdict).filter(Boolean);
    const parts = Object.entries(DONE).map(([verdict, words]) => [verdicts.filter((each) => each === verdict).length, words]);
    const told = parts.filter(([count]) => count).map(([count, words]) => `${count} ${words}`);
    this.count.textContent = [`${verdicts.length} of ${this.cards.length} decided`, ...told].join(", ");
  }
}

function render({ model, el }) {
  const review = new Review(model, el);
  return () => review.close();
}

export default { render };
