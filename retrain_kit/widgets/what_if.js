/**
 * A blank area, the growing list of what might exist in it, and a form for one's own addition.
 *
 * The kernel keeps and checks; this module draws and sends what the person does. Everything that people say is
 * put on the page as text. Nothing is chosen in advance: no likelihood, no consent.
 */

import { MOST_TYPED, Takeaway, amends, button, control, element, once, shelter } from "./parts.js";

/** Words of people: of any script and direction. */
const said = (text, tag = "span") => element(tag, { class: "rk-said-text", dir: "auto" }, text);

class BlankArea {
  constructor(model, host) {
    this.model = model;
    this.closing = new AbortController();
    this.about = { act: "add" };
    this.likely = null;
    this.pending = null;
    this.setting = model.get("setting");
    this.build();
    this.listen();
    host.append(this.root);
    this.draw();
    this.model.send({ act: "look" });
  }

  close() {
    this.closing.abort();
    for (const trait of ["index", "items", "scene"]) this.model.off(`change:${trait}`, this.drawing);
    this.model.off("msg:custom", this.hearing);
    this.revoke();
    this.root.remove();
  }

  // -- building ------------------------------------------------------------------------------------

  build() {
    this.status = element("p", { class: "rk-status", role: "status", tabindex: "-1" });
    this.picture = element("img", { class: "rk-picture", draggable: "false" });
    this.credit = element("p", { class: "rk-credit" });
    const seen = element("div", { class: "rk-seen" }, this.picture, this.credit);
    this.sections = element("div", { class: "rk-sections" }, this.buildAsked(), this.buildList(), this.buildForm(),
      this.status, this.buildRefusals(), this.buildQuestions(), this.buildOwn());
    const body = element("div", { class: "rk-body" }, seen, this.sections);
    this.root = control("div", { class: "rk-widget rk-what-if-widget", role: "group", "aria-label": "What If…?" });
    this.root.append(this.buildHeader(), body);
  }

  buildHeader() {
    this.title = element("p", { class: "rk-title" });
    this.previous = button("‹", { "aria-label": "Previous blank area" });
    this.next = button("›", { "aria-label": "Next blank area" });
    this.position = element("span", { class: "rk-position", "aria-live": "polite" });
    this.steps = element("div", { class: "rk-steps" }, this.previous, this.position, this.next);
    return element("div", { class: "rk-header" }, this.title, this.steps);
  }

  buildAsked() {
    const { asked, language, unreviewed, credit } = this.setting;
    const lines = asked.map(([english, beside]) => element("p", { class: "rk-prompt" },
      element("span", { lang: "en" }, english), ...(beside ? [element("span", { class: "rk-beside", lang: language }, beside)] : [])));
    const notes = language === "en" ? credit : `${credit} Shown beside the English: ${unreviewed}.`;
    return element("div", { class: "rk-asked" }, ...lines, element("p", { class: "rk-credit" }, notes));
  }

  buildList() {
    this.list = element("ul", { class: "rk-list", "aria-label": "What might exist there" });
    this.outside = element("p", { class: "rk-outside" });
    this.aside = element("p", { class: "rk-quiet" });
    return element("div", {}, this.list, this.outside, this.aside);
  }

  buildForm() {
    this.label = element("span", { class: "rk-label" });
    this.text = control("input", { type: "text", maxlength: MOST_TYPED, autocomplete: "off", dir: "auto" });
    this.field = element("label", { class: "rk-field" }, this.label, this.text);
    this.own = button("Rather add an option of my own");
    this.send = button("", { type: "submit", class: "rk-button rk-main" });
    this.form = element("form", { class: "rk-form" }, this.field, this.buildLikelihood(), this.buildConsent(),
      element("div", { class: "rk-row" }, this.send, this.own));
    return this.form;
  }

  buildLikelihood() {
    const { scale } = this.setting;
    this.words = control("input", { type: "range", min: 0, max: scale.length - 1, step: 1, "aria-label": "How likely, in words" });
    this.number = control("input", { type: "range", min: 0, max: 100, step: 1, "aria-label": "How likely, in a number" });
    this.wordSaid = element("span", { class: "rk-reading" });
    this.numberSaid = element("span", { class: "rk-reading" });
    const line = (name, range, output) => element("div", { class: "rk-slider" }, element("span", {}, name), range, output);
    return element("fieldset", {}, element("legend", {}, "How likely does it seem? In words, or in a number."),
      line("in words", this.words, this.wordSaid), line("in a number", this.number, this.numberSaid));
  }

  buildConsent() {
    this.uses = Object.fromEntries(this.setting.uses.map(([use]) => [use, control("input", { type: "checkbox" })]));
    const lines = this.setting.uses.map(([use, words]) => element("label", { class: "rk-use" }, this.uses[use], words));
    return element("fieldset", {}, element("legend", {}, "What I agree to. It stays mine: I can withdraw it."), ...lines);
  }

  buildRefusals() {
    this.refusalButtons = this.setting.refusals.map(([refusal, words]) => [refusal, button(words)]);
    this.refusals = element("ul", { class: "rk-plain", "aria-label": "Refusals" });
    return element("div", { class: "rk-refusing" },
      element("div", { class: "rk-row" }, element("span", { class: "rk-quiet" }, "Or refuse, which is an answer:"),
        ...this.refusalButtons.map(([, node]) => node)), this.refusals);
  }

  buildQuestions() {
    this.questions = element("ul", { class: "rk-plain", "aria-label": "Are these the same?" });
    this.merged = element("ul", { class: "rk-plain", "aria-label": "Called the same" });
    return element("div", {}, this.questions, this.merged);
  }

  buildOwn() {
    this.mine = element("ul", { class: "rk-plain", "aria-label": "What you said here" });
    this.key = element("code", {});
    this.keyNote = element("details", { class: "rk-key" }, control("summary", {}, "Your key"),
      element("p", {}, "With these words you can withdraw or amend what you said, later and elsewhere. They are kept nowhere: write them down."), this.key);
    this.somebody = button("Somebody else answers now");
    this.ownPart = element("div", { class: "rk-own" }, this.mine, this.keyNote, this.somebody);
    this.known = control("input", { type: "text", autocomplete: "off", spellcheck: "false", "aria-label": "Your key: eight words" });
    this.goOn = button("Go on with it");
    this.knownPart = element("details", {}, control("summary", {}, "I have a key"), this.known, this.goOn);
    this.takeaway = new Takeaway();
    return element("div", {}, this.ownPart, this.takeaway.root, this.knownPart);
  }

  listen() {
    const on = (target, type, handler) => target.addEventListener(type, handler, { signal: this.closing.signal });
    on(this.root, "keydown", (event) => this.press(event));
    on(this.previous, "click", () => this.step(-1));
    on(this.next, "click", () => this.step(1));
    on(this.words, "input", () => this.say(this.setting.scale[this.words.value][0]));
    on(this.number, "input", () => this.say(Number(this.number.value)));
    // A slider that stands where it is wanted already says so by a click or the space bar.
    on(this.words, "click", () => this.say(this.setting.scale[this.words.value][0]));
    on(this.number, "click", () => this.say(Number(this.number.value)));
    on(this.form, "submit", (event) => { event.preventDefault(); this.submit(); });
    on(this.own, "click", () => this.turn({ act: "add" }));
    for (const [refusal, node] of this.refusalButtons) on(node, "click", () => this.ask({ act: "refuse", refusal }));
    on(this.goOn, "click", () => this.ask({ act: "return", key: this.known.value }));
    on(this.somebody, "click", () => this.ask({ act: "somebody-else" }));
    this.drawing = () => this.draw();
    this.hearing = (message) => this.hear(message);
    for (const trait of ["index", "items", "scene"]) this.model.on(`change:${trait}`, this.drawing);
    this.model.on("msg:custom", this.hearing);
  }

  // -- doing ---------------------------------------------------------------------------------------

  get item() {
    return this.model.get("items")[this.model.get("index")];
  }

  step(by) {
    const index = this.model.get("index") + by;
    if (index < 0 || index >= this.model.get("items").length) return;
    this.tell("");
    this.reset();
    this.model.set("index", index);
    this.model.save_changes();
  }

  say(likely) {
    this.likely = likely;
    this.drawLikelihood();
  }

  /** Turn the form to another option, the elephant, or one's own addition. */
  turn(about) {
    this.about = about;
    this.drawForm();
    (about.act === "place" ? this.words : this.text).focus();
  }

  submit() {
    if (this.about.act === "add" && !this.text.value.trim()) return this.tell("Write what might exist there.", this.text);
    if (this.likely === null) return this.tell("Say how likely it seems, in words or in a number.", this.words);
    const { act, ref } = this.about;
    return this.ask({ act, ...(ref ? { ref } : {}), text: this.text.value, likely: this.likely });
  }

  ask(content) {
    const uses = Object.keys(this.uses).filter((use) => this.uses[use].checked);
    this.model.send({ ...content, uses, once: once() });
  }

  hear({ fault, told, key, done, file }) {
    if (key !== undefined) this.showKey(key);
    if (file) this.takeaway.hold(file, this.key.textContent);
    if (told === undefined && !fault) return;
    if (done === this.about.act) this.reset();
    if (key === "") for (const box of Object.values(this.uses)) box.checked = false;
    this.tell(fault ?? told ?? "");
    if (!this.root.contains(document.activeElement)) this.status.focus();
  }

  reset() {
    this.about = { act: "add" };
    this.likely = null;
    this.text.value = "";
    this.draw();
  }

  showKey(key) {
    this.key.textContent = key;
    this.keyNote.hidden = !key;
    this.known.value = "";
  }

  tell(text, focus) {
    this.status.textContent = text;
    focus?.focus();
  }

  press(event) {
    shelter(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.tagName === "INPUT" && event.target.type === "text";
    if (typing || !this.root.contains(event.target)) return;
    if (event.key === " " && event.target === this.words) this.say(this.setting.scale[this.words.value][0]);
    if (event.key === " " && event.target === this.number) this.say(Number(this.number.value));
    const by = { "[": -1, PageUp: -1, "]": 1, PageDown: 1 }[event.key];
    if (!by || (event.key.startsWith("Page") && event.target.type === "range")) return;
    event.preventDefault();
    event.stopPropagation();
    this.step(by);
  }

  // -- drawing -------------------------------------------------------------------------------------

  draw() {
    this.drawItem();
    this.drawForm();
    const scene = this.model.get("scene");
    this.sections.setAttribute("aria-busy", scene.place !== this.item.place);
    if (scene.place === this.item.place) this.drawScene(scene);
  }

  drawItem() {
    const { title, credit, alt, width, height } = this.item;
    const [index, count] = [this.model.get("index"), this.model.get("items").length];
    this.title.textContent = `What If…? ${title}`;
    this.credit.textContent = credit;
    this.position.textContent = `${index + 1} of ${count}`;
    this.steps.hidden = count === 1;
    this.previous.setAttribute("aria-disabled", index === 0);
    this.next.setAttribute("aria-disabled", index === count - 1);
    this.picture.alt = alt;
    this.picture.width = width;
    this.picture.height = height;
    if (this.drawn === this.item) return;
    this.revoke();
    this.drawn = this.item;
    this.url = URL.createObjectURL(new Blob([this.item.data], { type: this.item.media_type }));
    this.picture.src = this.url;
  }

  drawForm() {
    const { act, text } = this.about;
    const labels = {
      add: ["Another option"],
      elephant: ["The elephant comes in. Why? (may stay empty)"],
      place: ["How likely: ", element("bdi", {}, text ?? "")],
    };
    const sends = { add: "Add it to the list", elephant: "Let the elephant in", place: "Say how likely" };
    this.label.replaceChildren(...labels[act]);
    this.text.hidden = act === "place";
    this.send.textContent = sends[act];
    this.own.hidden = act === "add";
    this.drawLikelihood();
  }

  drawLikelihood() {
    const [none, inWords] = [this.likely === null, typeof this.likely === "string"];
    const [, low, high] = this.setting.scale.find(([word]) => word === this.likely) ?? [];
    const word = inWords ? `${this.likely}, ${low}–${high} %` : "not said";
    const number = !none && !inWords ? `${this.likely} %` : "not said";
    this.wordSaid.textContent = word;
    this.numberSaid.textContent = number;
    this.words.setAttribute("aria-valuetext", word);
    this.number.setAttribute("aria-valuetext", number);
    this.words.classList.toggle("rk-unsaid", !inWords);
    this.number.classList.toggle("rk-unsaid", none || inWords);
    if (none) this.words.value = (this.setting.scale.length - 1) / 2;
    if (none) this.number.value = 50;
  }

  drawScene(scene) {
    this.list.replaceChildren(...scene.options.map((option) => this.optionLine(option)));
    this.drawOutside(scene.outside);
    const lines = [scene.demonstration, scene.aside ? `Not shown, since their authors have not agreed to it: ${scene.aside}.` : ""];
    this.aside.textContent = lines.filter(Boolean).join(" ");
    this.refusals.replaceChildren(...scene.refusals.map((words) =>
      element("li", {}, element("span", { class: "rk-quiet" }, "refused: "), said(words))));
    this.questions.replaceChildren(...scene.questions.map((question) => this.questionLine(question)));
    this.merged.replaceChildren(...scene.merged.map((merging) => this.mergedLine(merging)));
    this.mine.replaceChildren(...scene.mine.map((record) => this.ownLine(record)));
    this.ownPart.hidden = !scene.who;
    this.knownPart.hidden = Boolean(scene.who);
    this.keyNote.hidden = !this.key.textContent;
  }

  optionLine({ ref, text, beside, told, footnotes }) {
    const ask = button("How likely?", { "aria-label": `How likely: ${text}` });
    ask.addEventListener("click", () => this.turn({ act: "place", ref, text }));
    const words = element("div", {}, said(text));
    if (beside) words.append(element("span", { class: "rk-beside", lang: this.setting.language }, beside));
    if (told) words.append(element("span", { class: "rk-told" }, told));
    for (const note of footnotes) words.append(element("span", { class: "rk-footnote" }, "* ", element("bdi", {}, note)));
    return element("li", {}, words, ask);
  }

  drawOutside(outside) {
    this.outside.hidden = !outside;
    this.outside.replaceChildren();
    if (!outside) return;
    const open = button("Let it in");
    open.addEventListener("click", () => this.turn({ act: "elephant" }));
    const words = element("span", {}, said(outside.text));
    if (outside.beside) words.append(element("span", { class: "rk-beside", lang: this.setting.language }, outside.beside));
    this.outside.append(words, element("span", { class: "rk-quiet" }, "outside the range"), open);
  }

  questionLine({ one, other, texts }) {
    const same = button("They are the same", { "aria-label": `They are the same: ${texts.join(", ")}` });
    same.addEventListener("click", () => this.ask({ act: "same", one, other }));
    return element("li", {}, "Are ", said(texts[0], "q"), " and ", said(texts[1], "q"), " the same? ", same);
  }

  mergedLine({ record, texts, who }) {
    const apart = button("Take apart", { "aria-label": `Take apart: ${texts.join(", ")}` });
    apart.addEventListener("click", () => this.ask({ act: "apart", record }));
    return element("li", {}, said(texts[0], "q"), " and ", said(texts[1], "q"), `: called the same by ${who} `, apart);
  }

  ownLine({ record, text }) {
    const [withdraw, more] = amends(text, MOST_TYPED, (act) => this.ask({ ...act, record }));
    return element("li", {}, "You said ", said(text, "q"), " ", withdraw, more);
  }

  revoke() {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = null;
  }
}

function render({ model, el }) {
  const area = new BlankArea(model, el);
  return () => area.close();
}

export default { render };
