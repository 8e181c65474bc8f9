/**
 * What somebody gives back to an image they lived with: words, a file dropped here, or a refusal.
 *
 * Files travel to the kernel in pieces, each asked for. Nothing is chosen in advance, consent least of all; what
 * people write is put on the page as text.
 */

import { amends, button, control, element, once, shelter } from "./parts.js";

const PIECE_BYTES = 1 << 20;
const said = (text, tag = "span") => element(tag, { class: "rk-said-text", dir: "auto" }, text);
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

class GiveBack {
  constructor(model, host) {
    this.model = model;
    this.closing = new AbortController();
    this.setting = model.get("setting");
    this.file = null;
    this.sending = null;
    this.build();
    this.listen();
    host.append(this.root);
    this.draw();
    this.model.send({ act: "look" });
  }

  close() {
    this.closing.abort();
    for (const trait of ["index", "scene"]) this.model.off(`change:${trait}`, this.drawing);
    this.model.off("msg:custom", this.hearing);
    this.revoke();
    this.root.remove();
  }

  get item() {
    return this.model.get("items")[this.model.get("index")];
  }

  // -- building ------------------------------------------------------------------------------------

  build() {
    this.picture = element("img", { class: "rk-picture", draggable: "false" });
    this.ash = element("p", { class: "rk-ash" }, "You burnt this one. It is no longer in your set.");
    this.cover = element("div", { class: "rk-cover" });
    this.credit = element("p", { class: "rk-credit", dir: "auto" });
    this.status = element("p", { class: "rk-status", role: "status", tabindex: "-1" });
    const seen = element("div", { class: "rk-seen" }, this.picture, this.cover, this.ash, this.credit);
    this.giving = element("div", { class: "rk-giving" }, this.buildForm(), this.buildRefusals());
    const sections = element("div", { class: "rk-sections" }, this.giving, this.status, this.buildOwn());
    this.root = control("div", { class: "rk-widget rk-returns-widget", role: "group", "aria-label": "What comes back" });
    this.root.append(this.buildHeader(), element("div", { class: "rk-body" }, seen, sections));
  }

  buildHeader() {
    this.title = element("p", { class: "rk-title", dir: "auto" });
    this.previous = button("‹", { "aria-label": "Previous card" });
    this.next = button("›", { "aria-label": "Next card" });
    this.position = element("span", { class: "rk-position", "aria-live": "polite" });
    return element("div", { class: "rk-header" }, this.title, element("div", { class: "rk-steps" }, this.previous, this.position, this.next));
  }

  buildForm() {
    this.text = control("textarea", { rows: "4", maxlength: this.setting.letters, dir: "auto" });
    this.input = control("input", { type: "file", class: "rk-file" });
    this.choosing = element("label", {}, "Drop a file here: picture, sound, video, PDF or text. Or choose one: ", this.input);
    this.chosen = element("span", { class: "rk-chosen", dir: "auto" });
    this.drop = button("Without the file", { hidden: "" });
    this.progress = element("progress", { max: "1", value: "0", hidden: "", "aria-label": "Sending the file" });
    this.zone = element("div", { class: "rk-zone" },
      this.choosing,
      element("div", { class: "rk-row" }, this.chosen, this.drop), this.progress);
    this.name = control("input", { type: "text", maxlength: "100", autocomplete: "off", dir: "auto" });
    this.send = button("Give it back", { type: "submit", class: "rk-button rk-main" });
    this.form = element("form", { class: "rk-form" },
      element("label", { class: "rk-field" }, element("span", { class: "rk-label" }, "Your words (may stay empty beside a file)"), this.text),
      this.zone,
      element("label", { class: "rk-field" }, element("span", {}, "What you call yourself here (may stay empty)"), this.name),
      this.buildConsent(), element("div", { class: "rk-row" }, this.send));
    return this.form;
  }

  buildConsent() {
    this.uses = Object.fromEntries(this.setting.uses.map(([use]) => [use, control("input", { type: "checkbox" })]));
    const lines = this.setting.uses.map(([use, words]) => element("label", { class: "rk-use" }, this.uses[use], words));
    return element("fieldset", {}, element("legend", {}, "What I agree to. It stays mine: I can withdraw it."), ...lines);
  }

  buildRefusals() {
    this.refusals = [["nothing", "Nothing"], ["no-answer", "I choose not to answer"]]
      .map(([refusal, words]) => [refusal, button(words)]);
    this.burn = button("Burn it");
    this.sure = button("Yes, burn it for good");
    this.spare = button("No");
    const asked = "It leaves your set, and all you said of it goes. What stays is that something was refused, and when.";
    this.asking = element("div", { class: "rk-row rk-asking", hidden: "" }, element("p", {}, asked), this.sure, this.spare);
    return element("div", { class: "rk-refusing" }, element("div", { class: "rk-row" },
      element("span", { class: "rk-quiet" }, "Or refuse, which is an answer:"), ...this.refusals.map(([, node]) => node), this.burn), this.asking);
  }

  buildOwn() {
    this.mine = element("ul", { class: "rk-plain", "aria-label": "What you gave back" });
    this.key = element("code", {});
    this.keyNote = element("details", { class: "rk-key" }, control("summary", {}, "Your key"),
      element("p", {}, "With these words you can withdraw or amend what you gave, later and elsewhere. They are kept nowhere: write them down."), this.key);
    this.somebody = button("Somebody else answers now");
    this.ownPart = element("div", { class: "rk-own" }, this.mine, this.keyNote, this.somebody);
    this.known = control("input", { type: "text", autocomplete: "off", spellcheck: "false", "aria-label": "Your key: eight words" });
    this.goOn = button("Go on with it");
    this.knownPart = element("details", {}, control("summary", {}, "I have a key"), this.known, this.goOn);
    return element("div", {}, this.ownPart, this.knownPart);
  }

  listen() {
    const on = (target, type, handler) => target.addEventListener(type, handler, { signal: this.closing.signal });
    on(this.root, "keydown", (event) => shelter(event));
    for (const type of ["dragenter", "dragover", "dragleave", "drop"]) on(this.root, type, (event) => this.drag(event));
    on(this.previous, "click", () => this.step(-1));
    on(this.next, "click", () => this.step(1));
    on(this.input, "change", () => this.choose(this.input.files[0] ?? null));
    on(this.drop, "click", () => this.choose(null));
    on(this.form, "submit", (event) => { event.preventDefault(); this.submit(); });
    for (const [refusal, node] of this.refusals) on(node, "click", () => this.ask({ act: "refuse", refusal, text: this.text.value }));
    on(this.burn, "click", () => { this.asking.hidden = false; this.sure.focus(); });
    on(this.spare, "click", () => { this.asking.hidden = true; this.burn.focus(); });
    on(this.sure, "click", () => { this.asking.hidden = true; this.status.focus(); this.ask({ act: "refuse", refusal: "burn" }); });
    on(this.goOn, "click", () => this.ask({ act: "return", key: this.known.value }));
    on(this.somebody, "click", () => this.ask({ act: "somebody-else" }));
    this.drawing = () => this.draw();
    this.hearing = (message) => this.hear(message);
    for (const trait of ["index", "scene"]) this.model.on(`change:${trait}`, this.drawing);
    this.model.on("msg:custom", this.hearing);
  }

  // -- doing ---------------------------------------------------------------------------------------

  step(by) {
    const index = this.model.get("index") + by;
    if (this.sending || index < 0 || index >= this.model.get("items").length) return;
    this.reset();
    this.tell("");
    this.model.set("index", index);
    this.model.save_changes();
  }

  drag(event) {
    event.preventDefault();
    event.stopPropagation();
    this.zone.classList.toggle("rk-over", event.type === "dragenter" || event.type === "dragover");
    if (event.type !== "drop") return;
    const { files } = event.dataTransfer;
    if (files.length > 1) this.tell("One file at a time; the first was taken.");
    if (files.length) this.choose(files[0]);
  }

  choose(file) {
    const large = file && file.size > this.setting.bytes;
    if (large) this.tell(`${file.name}: ${megabytes(file.size)} are too much; at most ${megabytes(this.setting.bytes)}.`);
    this.file = large ? null : file;
    if (!this.file) this.input.value = "";
    this.chosen.textContent = this.file ? `${file.name}, ${megabytes(file.size)}` : "";
    const held = this.root.getRootNode().activeElement;
    this.choosing.hidden = Boolean(this.file);
    this.drop.hidden = !this.file;
    if (held === this.input && this.file) this.drop.focus();
    if (held === this.drop && !this.file) this.input.focus();
  }

  submit() {
    if (this.sending) return;
    if (!this.file && !this.text.value.trim()) {
      this.tell("Write something, drop a file, or refuse.");
      return;
    }
    if (!this.file) {
      this.ask({ act: "give", text: this.text.value });
      return;
    }
    this.sending = { upload: once(), file: this.file };
    this.model.send({ act: "begin", upload: this.sending.upload, name: this.file.name, size: this.file.size });
  }

  /** Send the piece of the file that the kernel asks for; when there is none left, give it back. */
  async piece({ upload, next }) {
    if (upload !== this.sending?.upload) return;
    const { file } = this.sending;
    this.progress.hidden = false;
    this.progress.value = next / file.size;
    if (next < file.size) {
      const bytes = await file.slice(next, next + PIECE_BYTES).arrayBuffer();
      this.model.send({ act: "piece", upload, at: next }, undefined, [bytes]);
      return;
    }
    this.ask({ act: "give", text: this.text.value, upload });
  }

  ask(content) {
    const uses = Object.keys(this.uses).filter((use) => this.uses[use].checked);
    this.model.send({ ...content, image: this.item.image, pseudonym: this.name.value.trim(), uses, once: once() });
  }

  hear({ fault, told, key, done, upload, next }) {
    if (next !== undefined) {
      this.piece({ upload, next });
      return;
    }
    if (key !== undefined) this.showKey(key);
    if (fault || done) this.progress.hidden = true;
    if (fault || done) this.sending = null;
    if (done) this.reset();
    if (key === "") for (const box of Object.values(this.uses)) box.checked = false;
    if (fault || told) this.tell(fault ?? told);
  }

  reset() {
    this.text.value = "";
    this.asking.hidden = true;
    this.choose(null);
  }

  showKey(key) {
    this.key.textContent = key;
    this.keyNote.hidden = !key;
    this.known.value = "";
  }

  tell(text) {
    this.status.textContent = text;
  }

  // -- drawing -------------------------------------------------------------------------------------

  draw() {
    const { activeElement } = this.root.getRootNode();
    const held = this.root.contains(activeElement) && activeElement;
    const { title, credit } = this.item;
    const [index, count] = [this.model.get("index"), this.model.get("items").length];
    const scene = this.model.get("scene");
    this.title.textContent = `What comes back: ${title}`;
    this.credit.textContent = credit;
    this.position.textContent = `${index + 1} of ${count}`;
    this.previous.setAttribute("aria-disabled", index === 0);
    this.next.setAttribute("aria-disabled", index === count - 1);
    const burnt = scene.burnt.includes(this.item.image);
    this.ash.hidden = !burnt;
    this.giving.hidden = this.credit.hidden = burnt;
    this.drawPicture(burnt);
    this.mine.replaceChildren(...scene.mine.map((record) => this.ownLine(record)));
    this.ownPart.hidden = !scene.who;
    this.knownPart.hidden = Boolean(scene.who);
    this.keyNote.hidden = !this.key.textContent;
    // Nothing that had the keys goes without giving them to what is still here.
    if (held && !(held.isConnected && held.checkVisibility())) this.status.focus();
  }

  drawPicture(burnt) {
    const { notice, image } = this.item;
    const covered = !burnt && notice && this.uncovered !== image;
    this.cover.hidden = !covered;
    this.picture.hidden = burnt || Boolean(covered);
    this.revoke();
    this.cover.replaceChildren();
    if (covered) {
      const open = button("Show it");
      open.addEventListener("click", () => { this.uncovered = image; this.draw(); });
      this.cover.append(element("p", { dir: "auto" }, notice), open);
    }
    if (burnt || covered) {
      this.picture.removeAttribute("src");
      return;
    }
    const { data, media_type, alt, width, height } = this.item;
    this.url = URL.createObjectURL(new Blob([data], { type: media_type }));
    Object.assign(this.picture, { alt, width, height, src: this.url });
  }

  ownLine({ record, text, image }) {
    const [withdraw, more] = amends(text, "2000", (act) => this.ask({ ...act, record }));
    return element("li", {}, said(text), image ? ` (${image}) ` : " ", withdraw, more);
  }

  revoke() {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = null;
  }
}

function render({ model, el }) {
  const back = new GiveBack(model, el);
  return () => back.close();
}

export default { render };
