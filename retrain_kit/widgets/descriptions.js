/**
 * Describe an image in a given time: at first sight, and after living with it.
 *
 * Nothing runs before the person starts it. When the time is up the text is locked, not taken away, and sent as it
 * stands. Who needs more time chooses it before, or takes it while writing. What people write comes and goes by
 * message alone, and is put on the page as text.
 */

import { Takeaway, button, control, element, once, shelter } from "./parts.js";

const WARN_MS = 5000;
const folded = (summary, ...children) => element("details", {}, control("summary", {}, summary), ...children);

class Sheet {
  constructor(model, host) {
    this.model = model;
    this.setting = model.get("setting");
    this.items = model.get("items");
    this.page = { index: null, own: {} };
    this.run = null;
    this.draft = null;
    this.build();
    this.listen();
    host.append(this.root);
    this.model.send({ act: "look" });
  }

  close() {
    this.stop();
    this.model.off("msg:custom", this.hearing);
    this.revoke();
    this.root.remove();
  }

  // -- building ------------------------------------------------------------------------------------

  build() {
    this.status = control("p", { class: "rk-status", role: "status", tabindex: "-1" });
    this.own = element("div", { class: "rk-own" });
    const column = element("div", { class: "rk-sections" }, this.buildAsked(), this.buildBefore(), this.buildWriting(),
      this.status, this.buildRefusals());
    this.body = element("div", { class: "rk-body" }, this.buildSeen(), column);
    this.root = control("div", { class: "rk-widget rk-descriptions-widget", role: "group", "aria-label": "Living with images" });
    this.root.append(this.buildHeader(), this.body, this.own, this.buildWho());
  }

  buildHeader() {
    this.title = element("p", { class: "rk-title" });
    this.previous = button("‹", { "aria-label": "Previous image" });
    this.next = button("›", { "aria-label": "Next image" });
    this.position = element("span", { class: "rk-position" });
    this.steps = element("div", { class: "rk-row" }, this.previous, this.position, this.next);
    return element("div", { class: "rk-header" }, this.title, this.steps);
  }

  buildSeen() {
    this.picture = element("img", { class: "rk-picture", draggable: "false" });
    this.credit = element("p", { class: "rk-credit" });
    this.notice = element("p", { class: "rk-notice" });
    this.veil = element("p", { class: "rk-veil" }, "The image appears when you start.");
    return element("div", { class: "rk-seen" }, this.notice, this.veil, this.picture, this.credit);
  }

  words([english, beside]) {
    const lines = [element("span", { lang: "en" }, english)];
    if (beside) lines.push(element("span", { class: "rk-beside", lang: this.setting.language }, beside));
    return lines;
  }

  buildAsked() {
    const { asked, credit } = this.setting;
    return element("div", {}, element("p", { class: "rk-prompt" }, ...this.words(asked)), element("p", { class: "rk-credit" }, credit));
  }

  select(options, chosen) {
    const node = control("select");
    for (const [value, name, language] of options) node.append(element("option", { value, ...(language ? { lang: value } : {}) }, name));
    node.value = chosen;
    return node;
  }

  buildBefore() {
    const { times, chosen, languages, language } = this.setting;
    this.time = this.select(times, chosen);
    this.language = this.select([...languages.map(([tag, name]) => [tag, name, true]), ["", "another language"]], language);
    this.start = button("Start", { class: "rk-button rk-main" });
    const choices = element("div", { class: "rk-row" }, element("label", {}, "My time: ", this.time),
      element("label", {}, "I write in ", this.language));
    this.before = element("div", { class: "rk-before" }, choices, this.buildConsent(), element("div", {}, this.start));
    return this.before;
  }

  buildConsent() {
    this.uses = this.setting.uses.map(([use]) => control("input", { type: "checkbox", value: use }));
    const lines = this.setting.uses.map(([, words], at) => element("label", { class: "rk-use" }, this.uses[at], words));
    return element("fieldset", {}, element("legend", {}, "What I agree to. It stays mine: I can withdraw it."), ...lines);
  }

  buildWriting() {
    this.field = control("textarea", { rows: 4, maxlength: this.setting.most, dir: "auto", "aria-label": "What I see" });
    this.left = element("div", { class: "rk-left" });
    this.bar = element("div", { class: "rk-bar", "aria-hidden": "true" }, this.left);
    this.done = button("I have finished", { class: "rk-button rk-main" });
    this.more = button("More time");
    this.again = button("Send it again", { class: "rk-button rk-main" });
    this.running = element("div", { class: "rk-row" }, this.done, this.more);
    this.writing = element("div", { class: "rk-writing" }, this.field, this.bar, this.running, this.again);
    return this.writing;
  }

  buildRefusals() {
    this.refusing = this.setting.refusals.map(([refusal, words]) => [refusal, button(words)]);
    this.refusals = element("div", { class: "rk-row" }, element("span", { class: "rk-quiet" }, "Or refuse, which is an answer:"),
      ...this.refusing.map(([, node]) => node));
    return this.refusals;
  }

  buildWho() {
    this.key = element("code");
    const why = this.setting.which === "first"
      ? "Keep these words, on the back of a card for instance: in the second class they lead back to your first description. With them, and with nothing else, you can withdraw what you wrote."
      : "With these words, and with nothing else, you can withdraw what you wrote.";
    this.keyNote = folded("Your key", element("p", {}, why), this.key);
    this.somebody = button("Somebody else writes now");
    this.takeaway = new Takeaway();
    this.here = element("div", { class: "rk-here" }, this.keyNote, this.takeaway.root, this.somebody);
    this.known = control("input", { type: "text", autocomplete: "off", spellcheck: "false", "aria-label": "Your key: eight words" });
    this.goOn = button("Go on with it");
    this.back = folded("I have a key", element("div", { class: "rk-row" }, this.known, this.goOn));
    this.back.open = this.setting.which === "second";
    this.whose = element("div", { class: "rk-whose" }, this.here, this.back);
    return this.whose;
  }

  listen() {
    const on = (node, type, handler) => node.addEventListener(type, handler);
    on(this.root, "keydown", (event) => this.press(event));
    on(this.previous, "click", () => this.step(-1));
    on(this.next, "click", () => this.step(1));
    on(this.start, "click", () => this.begin());
    on(this.done, "click", () => this.finish("Finished."));
    on(this.more, "click", () => this.extend());
    on(this.again, "click", () => this.deliver());
    on(this.field, "beforeinput", (event) => this.guard(event));
    on(this.goOn, "click", () => this.send({ act: "return", key: this.known.value }));
    on(this.somebody, "click", () => this.send({ act: "somebody-else" }));
    for (const [refusal, node] of this.refusing) on(node, "click", () => this.refuse(refusal));
    this.hearing = (page) => this.draw(page);
    this.model.on("msg:custom", this.hearing);
  }

  // -- time ----------------------------------------------------------------------------------------

  begin() {
    const ms = Number(this.time.value) * this.setting.seconds * 1000;
    this.field.value = "";
    this.field.lang = this.language.value;
    this.draft = null;
    this.run = { start: performance.now(), limit: ms || Infinity, timers: [] };
    this.schedule();
    this.drawStage();
    this.body.scrollIntoView({ block: "nearest" });
    this.field.focus();
    this.tell(ms ? `${ms / 1000} seconds. Write what you see.` : "No limit. Write what you see.");
  }

  schedule() {
    const { run } = this;
    run.timers.forEach(clearTimeout);
    if (run.limit === Infinity) return;
    const rest = run.start + run.limit - performance.now();
    run.timers = [setTimeout(() => this.tell("5 seconds left."), Math.max(0, rest - WARN_MS)),
      setTimeout(() => this.finish("Time is up."), rest)];
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    run.bar?.cancel();
    run.bar = this.left.animate([{ transform: `scaleX(${rest / run.limit})` }, { transform: "scaleX(0)" }],
      { duration: rest, fill: "forwards", easing: still ? "steps(4, end)" : "linear" });
  }

  extend() {
    const more = this.setting.seconds;
    this.run.limit += more * 1000;
    this.schedule();
    this.field.focus();
    this.tell(`${more} more seconds.`);
  }

  /** A sleeping page may miss the moment; nothing is typed after it all the same. */
  guard(event) {
    if (!this.run || performance.now() < this.run.start + this.run.limit) return;
    event.preventDefault();
    this.finish("Time is up.");
  }

  stop() {
    this.run?.timers.forEach(clearTimeout);
    this.run?.bar?.cancel();
    this.run = null;
  }

  /** Lock the text and send it as it stands; an empty one is not an answer yet. */
  finish(how) {
    if (!this.run) return;
    const { start, limit } = this.run;
    const typed = Math.min(performance.now() - start, limit) / 1000;
    const seconds = limit === Infinity ? null : limit / 1000;
    this.stop();
    const text = this.field.value;
    if (text.trim()) this.draft = { text, typed, seconds, once: once(), how };
    this.drawStage();
    if (this.draft) this.deliver();
    else this.tell(`${how} Nothing stands there: you can begin again, or refuse.`);
    if (!this.draft) this.start.focus();
  }

  deliver() {
    const { text, typed, seconds, once: name, how } = this.draft;
    this.tell(how);
    this.field.focus();
    this.send({ act: "say", text, typed, seconds, once: name });
  }

  refuse(refusal) {
    this.stop();
    this.draft = null;
    this.drawStage();
    this.send({ act: "refuse", refusal, once: once() });
  }

  send(content) {
    const uses = this.uses.filter((box) => box.checked).map((box) => box.value);
    this.model.send({ index: this.page.index, uses, language: this.language.value, ...content });
  }

  step(by) {
    const index = this.page.index + by;
    if (!this.run && index >= 0 && index < this.items.length) this.send({ act: "go", index });
  }

  tell(text) {
    this.status.textContent = text;
  }

  press(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target === this.field) {
      event.preventDefault();
      event.stopPropagation();
      this.finish("Finished.");
    } else {
      shelter(event);
    }
  }

  // -- drawing -------------------------------------------------------------------------------------

  draw(page) {
    const turned = page.index !== this.page.index;
    const other = turned || page.who !== this.page.who;
    const held = this.root.contains(this.root.getRootNode().activeElement);
    this.page = page;
    if (other && page.done !== "say") this.draft = null;
    if (page.done === "withdraw" && !this.said) this.draft = null;
    if (page.done === "somebody-else") for (const box of this.uses) box.checked = false;
    if (turned) this.drawItem();
    this.drawStage();
    this.drawOwn();
    this.drawWho();
    if (page.fault || page.told) this.tell(this.draft && page.done === "say" ? `${this.draft.how} ${page.told}` : page.fault ?? page.told);
    if (held && !this.root.contains(this.root.getRootNode().activeElement)) this.status.focus();
  }

  get said() {
    return this.page.own[this.setting.which];
  }

  drawItem() {
    const { title, credit, notice, alt, width, height, data, media_type: type } = this.items[this.page.index];
    this.revoke();
    this.url = URL.createObjectURL(new Blob([data], { type }));
    Object.assign(this.picture, { alt, width, height, src: this.url });
    this.title.textContent = `${title}, ${this.setting.name}`;
    this.credit.textContent = credit;
    this.notice.textContent = notice ? `Notice: ${notice}` : "";
    this.position.textContent = `${this.page.index + 1} of ${this.items.length}`;
    this.steps.hidden = this.items.length === 1;
  }

  /** What can be done now: start, write, read what is locked, or nothing more. */
  drawStage() {
    const { run, draft, said } = this;
    const before = !run && !draft && !said;
    const held = this.root.getRootNode().activeElement;
    this.before.hidden = !before;
    this.writing.hidden = !run && !draft;
    this.field.readOnly = !run;
    this.running.hidden = !run;
    this.bar.hidden = run?.limit === Infinity || !run;
    this.more.hidden = run?.limit === Infinity;
    this.again.hidden = !draft || Boolean(said);
    this.refusals.hidden = Boolean(said);
    const veiled = before && this.setting.which === "first";
    this.veil.hidden = !veiled;
    this.picture.hidden = veiled;
    this.own.hidden = this.whose.hidden = Boolean(run);
    const { index } = this.page;
    this.previous.setAttribute("aria-disabled", Boolean(run) || index === 0);
    this.next.setAttribute("aria-disabled", Boolean(run) || index === this.items.length - 1);
    // Nothing that had the keys goes without giving them to what is still here.
    if (this.root.contains(held) && !held.checkVisibility()) (before ? this.start : this.status).focus();
  }

  drawOwn() {
    const { own, changes } = this.page;
    const texts = element("div", { class: "rk-two" }, ...Object.entries(own).map(([which, each]) => this.ownText(which, each)));
    const lines = changes.map(([kind, words]) => [element("dt", {}, kind), this.wordList(words)]).flat();
    const parts = Object.keys(own).length ? [element("h3", {}, "What you wrote"), texts] : [];
    if (lines.length) parts.push(element("dl", {}, ...lines));
    if (Object.keys(own).length === 2) parts.push(this.difference());
    this.own.replaceChildren(...parts);
  }

  wordList(words) {
    if (!words.length) return element("dd", { class: "rk-quiet" }, "no word");
    return element("dd", {}, ...words.flatMap((word, at) => [...(at ? [", "] : []), element("bdi", {}, word)]));
  }

  difference() {
    const words = element("p", { class: "rk-prompt" }, ...this.words(this.setting.difference));
    return element("div", {}, words, element("p", { class: "rk-quiet" }, "If you want to, say it as a footnote to one of the two."));
  }

  ownText(which, { record, name, when, hidden, parts, refused, language, footnotes }) {
    const text = element("p", { class: "rk-said-text", dir: "auto", lang: language });
    if (hidden) text.append("It is kept. You see it when the second one is there.");
    if (refused) text.append(element("em", {}, `(${refused}) `));
    text.append(...parts.map(([part, chosen]) => (chosen ? element("mark", {}, part) : part)));
    const notes = footnotes.map((note) => element("p", { class: "rk-footnote", dir: "auto" }, `* ${note}`));
    const head = element("p", { class: "rk-quiet" }, `${name}, ${when}`);
    return element("div", {}, head, text, ...notes, ...this.amending(record, name, hidden));
  }

  amending(record, name, hidden) {
    const withdraw = button("Withdraw", { "aria-label": `Withdraw: ${name}` });
    withdraw.addEventListener("click", () => this.send({ act: "withdraw", record }));
    const note = control("input", { type: "text", maxlength: this.setting.most, dir: "auto", "aria-label": `Footnote, ${name}` });
    const keep = button("Keep the footnote");
    keep.addEventListener("click", () => note.value.trim() && this.send({ act: "footnote", record, text: note.value, once: once() }));
    return [withdraw, ...(hidden ? [] : [folded("Footnote", element("div", { class: "rk-row" }, note, keep))])];
  }

  drawWho() {
    const { who, key, file } = this.page;
    this.here.hidden = !who;
    this.back.hidden = Boolean(who);
    this.key.textContent = key;
    this.known.value = "";
    this.takeaway.hold(file, key, who);
  }

  revoke() {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = null;
  }
}

function render({ model, el }) {
  const sheet = new Sheet(model, el);
  return () => sheet.close();
}

export default { render };
