/**
 * Write about pairs of images, and improve each other's sentences: several people at one screen.
 *
 * The kernel keeps the sentences and decides what is asked next; this module draws the page that it sends and
 * reports what people do. What people say comes and goes by message alone, and is put on the page as text.
 */

import { MOST_TYPED, Takeaway, button, control, element, once, shelter } from "./parts.js";

const STEPS = { A: "Moment A", B: "Moment B" };

function trigger(label, action, attributes = {}) {
  const node = button(label, attributes);
  node.addEventListener("click", action);
  return node;
}

function folded(summary, ...children) {
  return element("details", {}, control("summary", {}, summary), ...children);
}

class Table {
  constructor(model, host) {
    this.model = model;
    this.setting = model.get("setting");
    this.items = model.get("items");
    this.urls = [];
    this.page = { turn: null, index: null };
    this.drafts = new Map();
    this.agreed = new Map();
    this.language = this.setting.language;
    this.build();
    host.append(this.root);
    this.hearing = (message) => this.draw(message);
    model.on("msg:custom", this.hearing);
    this.root.addEventListener("keydown", (event) => this.press(event));
    this.send({ act: "look" });
  }

  close() {
    this.model.off("msg:custom", this.hearing);
    this.revoke();
    this.root.remove();
  }

  send(message) {
    this.model.send(message);
  }

  // -- building ------------------------------------------------------------------------------------

  build() {
    this.header = element("div", { class: "rk-header" });
    this.people = element("div", { class: "rk-people", role: "group", "aria-label": "Who sits here" });
    this.pictures = element("div", { class: "rk-pair" });
    this.credit = element("p", { class: "rk-credit" });
    this.asked = element("div", { class: "rk-asked" });
    this.live = element("p", { class: "rk-live", role: "status" });
    this.own = element("div", { class: "rk-own" });
    this.root = element("div", { class: "rk-widget rk-polyphony-widget", role: "group", "aria-label": "Polyphony" });
    this.takeaway = new Takeaway();
    this.root.append(this.header, this.people, this.pictures, this.credit, this.asked, this.live, this.own,
      this.takeaway.root);
  }

  // -- drawing -------------------------------------------------------------------------------------

  draw(page) {
    const other = page.turn !== this.page.turn || page.seat !== this.page.seat || page.index !== this.page.index;
    if (page.done === "say") this.drafts.delete(this.draftKey);
    this.follow(page);
    const turned = page.index !== this.page.index;
    const { activeElement } = this.root.getRootNode();
    const held = this.root.contains(activeElement);
    this.page = page;
    if (turned) this.drawPair();
    this.drawPeople();
    if (other || ["say", "come", "leave"].includes(page.done)) this.drawAsked();
    this.drawOwn();
    this.takeaway.hold(page.file, page.key, this.who);
    if (this.button) this.button.disabled = false;
    this.live.textContent = page.fault ?? page.said ?? "";
    this.live.dataset.kind = page.fault ? "fault" : "said";
    // Whoever wrote goes on from what is asked next, not from the top of the page.
    if (held && !this.root.contains(this.root.getRootNode().activeElement)) this.asked.focus();
  }

  /** Who has spoken takes along what they agreed to; who sits down new finds nothing of anybody else's. */
  follow({ done, seats, seat }) {
    if (done === "say" && this.agreed.has("")) this.agreed.set(seats[seat][0], this.agreed.get(""));
    if (done !== "say" && done !== "come" && done !== "leave") return;
    this.agreed.delete("");
    for (const key of this.drafts.keys()) if (/^\d+ {2}/.test(key)) this.drafts.delete(key);
  }

  drawPair() {
    const { title, credit, panels } = this.items[this.page.index];
    this.revoke();
    const views = panels.map(({ name, alt, data, media_type: type }) => {
      const url = URL.createObjectURL(new Blob([data], { type }));
      this.urls.push(url);
      const caption = element("figcaption", {}, name);
      return element("figure", {}, element("img", { src: url, alt, draggable: "false" }), caption);
    });
    this.pictures.replaceChildren(...views);
    this.credit.textContent = `${credit} ${this.setting.credit}`;
    this.header.replaceChildren(element("p", { class: "rk-title" }, title), ...this.steps());
  }

  steps() {
    const { length } = this.items;
    const { index } = this.page;
    if (length === 1) return [];
    const go = (to) => () => to >= 0 && to < length && this.send({ act: "go", index: to });
    return [element("div", { class: "rk-steps" },
      trigger("‹", go(index - 1), { "aria-label": "Previous pair", "aria-disabled": index === 0 }),
      element("span", {}, `${index + 1} of ${length}`),
      trigger("›", go(index + 1), { "aria-label": "Next pair", "aria-disabled": index === length - 1 }))];
  }

  drawPeople() {
    const { seats, seat } = this.page;
    const people = seats.map(([, state], number) => trigger(`Person ${number + 1} ${state}`,
      () => this.send({ act: "sit", seat: number }), { "aria-pressed": number === seat }));
    const key = control("input", { type: "text", autocomplete: "off", spellcheck: "false", "aria-label": "Your key" });
    const back = folded("I have been here before", element("div", { class: "rk-row" }, key,
      trigger("Sit down", () => this.send({ act: "come", key: key.value }))));
    const others = [trigger("Somebody else", () => this.send({ act: "come" })),
      trigger("I leave", () => this.send({ act: "leave" }))];
    const focus = [...this.people.querySelectorAll("button")].indexOf(this.root.getRootNode().activeElement);
    this.people.replaceChildren(...people, ...others, back);
    if (focus >= 0) this.people.querySelectorAll("button")[Math.min(focus, people.length)]?.focus();
  }

  drawAsked() {
    const { step, moment, told, more, lines } = this.page;
    this.button = null;
    this.asked.tabIndex = -1;
    this.asked.dataset.lmSuppressShortcuts = "true";
    const parts = [];
    if (moment) parts.push(element("h3", {}, more ? `${STEPS[moment]}, once more` : STEPS[moment]));
    if (lines.some(({ beside }) => beside)) parts.push(element("small", {}, this.setting.unreviewed));
    if (told) parts.push(element("p", {}, told));
    parts.push(...lines.flatMap((line) => this.line(line)));
    if (lines.length) parts.push(...this.saying());
    else parts.push(trigger("Read one sentence more", () => this.send({ act: "more" })));
    this.asked.dataset.step = step;
    this.asked.replaceChildren(...parts);
  }

  words({ text, beside }) {
    const { language } = this.setting;
    const english = element("span", { lang: "en" }, text);
    if (!beside) return [english];
    return [english, element("span", { class: "rk-beside", lang: language }, beside)];
  }

  line(line) {
    if (line.kind === "prompt") return [element("p", { class: "rk-prompt" }, ...this.words(line))];
    if (line.kind === "reading") return [element("p", { class: "rk-prompt" }, ...this.words(line)), this.reading(line.read)];
    this.field = control("textarea", { rows: 2, maxlength: MOST_TYPED, lang: this.language, dir: "auto" });
    this.field.value = this.drafts.get(this.draftKey)?.text ?? "";
    this.field.addEventListener("input", () => { this.draft.text = this.field.value; });
    return [element("label", { class: "rk-entry" }, element("span", { class: "rk-prompt" }, ...this.words(line)), this.field)];
  }

  reading(read) {
    if (!read) return "";
    const words = read.refused ? element("em", {}, `(${read.refused}) ${read.text}`) : read.text;
    const notes = read.footnotes.map((note) => element("small", {}, "Footnote: ", element("bdi", {}, note)));
    return element("blockquote", { lang: read.language, dir: "auto" }, words, ...notes);
  }

  /** The pseudonym of whoever sits here; empty before they have said anything. */
  get who() {
    return this.page.seats[this.page.seat][0];
  }

  get draftKey() {
    return `${this.page.index} ${this.page.turn}`;
  }

  get draft() {
    if (!this.drafts.has(this.draftKey)) this.drafts.set(this.draftKey, { text: "", once: once() });
    return this.drafts.get(this.draftKey);
  }

  saying() {
    this.button = trigger("Say it", () => this.say(), { class: "rk-button rk-say" });
    const refusals = this.setting.refusals.map(([name, label]) => trigger(label, () => this.say(name)));
    return [element("div", { class: "rk-row" }, this.languages()), this.consent(),
      element("div", { class: "rk-row" }, this.button, element("span", { class: "rk-or" }, "or refuse:"), ...refusals)];
  }

  languages() {
    const select = control("select");
    for (const [tag, name] of this.setting.languages) select.append(element("option", { value: tag, lang: tag }, name));
    select.append(element("option", { value: "" }, "another language"));
    select.value = this.language;
    select.addEventListener("change", () => {
      this.language = select.value;
      this.field.lang = select.value;
    });
    return element("label", {}, "I write in ", select);
  }

  consent() {
    const { who, agreed: known } = this;
    if (!known.has(who)) known.set(who, new Set());
    const agreed = known.get(who);
    const boxes = this.setting.uses.map(([use, label]) => {
      const box = control("input", { type: "checkbox", value: use });
      box.checked = agreed.has(use);
      box.addEventListener("change", () => (box.checked ? agreed.add(use) : agreed.delete(use)));
      return element("label", { class: "rk-use" }, box, ` ${label}`);
    });
    return element("fieldset", {}, element("legend", {}, "What I agree to"), ...boxes);
  }

  say(refusal = "") {
    const { text, once: name } = this.draft;
    this.button.disabled = true;
    const uses = [...this.agreed.get(this.who)];
    this.send({ act: "say", turn: this.page.turn, text, refusal, uses, language: this.language, once: name });
  }

  drawOwn() {
    const { own, key } = this.page;
    if (!own.length) {
      this.own.replaceChildren();
      return;
    }
    const open = this.own.querySelector("details")?.open ?? false;
    const said = own.map((each) => element("li", {}, this.reading(each), element("small", {}, each.step),
      element("div", { class: "rk-row" }, ...this.amending(each))));
    const keep = element("p", {}, "Your key: ", element("code", {}, key),
      ". Write it down: with it, and with nothing else, you can come back and withdraw what you said.");
    const details = folded("What you have said, and your key", element("ul", {}, ...said), keep);
    details.open = open;
    this.own.replaceChildren(details);
  }

  amending({ record, step }) {
    const note = control("input", { type: "text", "aria-label": `Footnote to your ${step}`, maxlength: MOST_TYPED });
    const add = () => this.send({ act: "footnote", record, text: note.value, language: this.language });
    return [note, trigger("Add as a footnote", add), trigger("Withdraw", () => this.send({ act: "withdraw", record }))];
  }

  // -- keys ----------------------------------------------------------------------------------------

  press(event) {
    if (event.target.tagName === "TEXTAREA" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      this.say();
    } else {
      shelter(event);
    }
  }

  revoke() {
    for (const url of this.urls) URL.revokeObjectURL(url);
    this.urls = [];
  }
}

function render({ model, el }) {
  const table = new Table(model, el);
  return () => table.close();
}

export default { render };
