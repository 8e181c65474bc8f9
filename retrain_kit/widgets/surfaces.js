/**
 * Tag and describe a picture while the pointer on it is recorded; then look at the track alone.
 *
 * Nothing is recorded before a person begins, and nothing leaves this page before they keep it. What they say comes
 * and goes by message alone, and is put on the page as text.
 */

import { Takeaway, button, control, element, once, shelter } from "./parts.js";
import { record } from "./recorder.js";
import { replayOf } from "./replay.js";

const rows = (pieces) => pieces.map((piece) => piece.map(({ x, y, t }) => [x, y, t]));

function does(label, action, attributes = {}) {
  const node = button(label, attributes);
  node.addEventListener("click", action);
  return node;
}

/** Save a line of JSON as a file, in the browser alone. */
function save(name, line) {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(line)}\n`], { type: "application/jsonl" }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const SMALLEST = 0.005;
const inFrame = (number) => Math.min(1, Math.max(0, number));
const millionth = (number) => Math.round(number * 1e6) / 1e6;

/** Lay an element over a box. */
function layOver(node, [left, top, right, bottom]) {
  const shares = { left, top, width: right - left, height: bottom - top };
  for (const [name, share] of Object.entries(shares)) node.style[name] = `${share * 100}%`;
  node.hidden = false;
}

/**
 * Drawing boxes on a surface: with a pointer from corner to corner, or by keys, where the recorder's arrows lead.
 *
 * `onBox` gets left, top, right and bottom, as fractions of the surface, and the browser's word for what drew the
 * box, or keyboard. Boxes are drawn only while the recorder runs.
 */
class Drawing {
  constructor(surface, recorder, { onBox, tell }) {
    Object.assign(this, { surface, recorder, onBox, tell });
    this.closing = new AbortController();
    this.band = surface.ownerDocument.createElement("span");
    this.band.className = "rk-box rk-band";
    this.band.setAttribute("aria-hidden", "true");
    surface.append(this.band);
    this.letGo();
    const on = (type, handler) => surface.addEventListener(type, handler, { signal: this.closing.signal });
    on("pointerdown", (event) => this.grasp(event));
    on("pointermove", (event) => this.draw(event));
    on("pointerup", (event) => this.release(event));
    on("pointercancel", () => this.letGo());
    on("keydown", (event) => this.press(event));
  }

  close() {
    this.closing.abort();
    this.band.remove();
  }

  letGo() {
    this.anchor = null;
    this.band.hidden = true;
  }

  // -- with a pointer ------------------------------------------------------------------------------

  grasp(event) {
    if (!event.isPrimary || event.button !== 0 || !this.recorder.running) return;
    event.preventDefault(); // the picture is not dragged, no text selected
    this.surface.setPointerCapture(event.pointerId);
    this.anchor = { ...this.place(event), pointer: event.pointerId };
  }

  draw(event) {
    if (this.anchor?.pointer === event.pointerId) layOver(this.band, this.edgesTo(this.place(event)));
  }

  release(event) {
    if (this.anchor?.pointer !== event.pointerId) return;
    const edges = this.edgesTo(this.place(event));
    this.letGo();
    if (this.isBox(edges)) this.onBox(edges, event.pointerType);
  }

  place(event) {
    const frame = this.surface.getBoundingClientRect();
    return { x: inFrame((event.clientX - frame.left) / frame.width), y: inFrame((event.clientY - frame.top) / frame.height) };
  }

  // -- by keys -------------------------------------------------------------------------------------

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.recorder.running) return;
    if (event.key === "Escape" && this.anchor) {
      event.preventDefault();
      event.stopPropagation();
      this.letGo();
      this.tell("No corner is set.");
    }
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (this.anchor) this.setOpposite();
    else this.setCorner();
  }

  setCorner() {
    this.anchor = { ...this.recorder.cell };
    this.tell("A corner is set. Go to the opposite one and press Enter; Escape lets go.");
  }

  setOpposite() {
    const edges = this.edgesTo(this.recorder.cell);
    if (!this.isBox(edges)) return this.tell("Go to the opposite corner first.");
    this.letGo();
    return this.onBox(edges, "keyboard");
  }

  /** Follow the recorder's cell, where a corner was set by keys. */
  follow() {
    if (this.anchor && !("pointer" in this.anchor)) layOver(this.band, this.edgesTo(this.recorder.cell));
  }

  // -- boxes ---------------------------------------------------------------------------------------

  edgesTo({ x, y }) {
    const ends = [[this.anchor.x, x], [this.anchor.y, y]];
    const [[left, right], [top, bottom]] = ends.map((pair) => pair.map(millionth).sort((a, b) => a - b));
    return [left, top, right, bottom];
  }

  isBox([left, top, right, bottom]) {
    return right - left >= SMALLEST && bottom - top >= SMALLEST;
  }
}

class Sitting {
  constructor(model, host) {
    this.model = model;
    this.setting = model.get("setting");
    this.items = model.get("items");
    this.index = 0;
    this.author = { who: "", number: 0 };
    this.closing = new AbortController();
    this.build();
    this.listen();
    host.append(this.root);
    this.turnTo(0);
    this.send({ act: "look" });
  }

  close() {
    this.closing.abort();
    this.model.off("msg:custom", this.hearing);
    clearInterval(this.ticking);
    this.recorder.cleanup();
    this.drawing.close();
    this.replay?.close();
    this.revoke();
    this.root.remove();
  }

  get item() {
    return this.items[this.index];
  }

  // -- building ------------------------------------------------------------------------------------

  build() {
    this.status = element("p", { class: "rk-status", role: "status", tabindex: "-1" });
    const sections = element("div", { class: "rk-sections" }, this.buildAsked(), this.buildConsent(), this.buildBegin(),
      this.buildTask(), this.buildAfter(), this.status, this.buildRefusals(), this.buildOwn());
    this.root = control("div", { class: "rk-widget rk-surfaces-widget", role: "group", "aria-label": "Informational surfaces" });
    this.root.append(this.buildHeader(), element("div", { class: "rk-body" }, this.buildSeen(), sections));
    this.recorder = record(this.surface, { onChange: () => this.follow() });
    const [onBox, tell] = [(edges, device) => this.addTag(edges, device), (text) => this.tell(text)];
    this.drawing = new Drawing(this.surface, this.recorder, { onBox, tell });
  }

  buildHeader() {
    this.title = element("p", { class: "rk-title" });
    this.previous = does("‹", () => this.step(-1), { "aria-label": "Previous picture" });
    this.next = does("›", () => this.step(1), { "aria-label": "Next picture" });
    this.position = element("span", { class: "rk-position", "aria-live": "polite" });
    this.steps = element("div", { class: "rk-steps" }, this.previous, this.position, this.next);
    return element("div", { class: "rk-header" }, this.title, this.steps);
  }

  buildSeen() {
    this.picture = element("img", { class: "rk-picture", draggable: "false" });
    this.boxes = element("span", { "aria-hidden": "true" });
    this.surface = control("div", { class: "rk-surface", role: "application" }, this.boxes);
    this.stage = element("div", { class: "rk-stage" }, this.picture, this.surface);
    this.sheet = element("div", { class: "rk-sheet-room" });
    this.where = element("p", { class: "rk-unseen", "aria-live": "polite" });
    this.credit = element("p", { class: "rk-credit" });
    return element("div", { class: "rk-seen" }, this.stage, this.sheet, this.where, this.credit);
  }

  buildAsked() {
    const lines = this.setting.asked.map((line) => element("p", { class: "rk-prompt" }, line));
    this.asked = element("div", { class: "rk-asked" }, ...lines, element("p", { class: "rk-quiet" }, this.setting.recorded));
    return this.asked;
  }

  buildConsent() {
    this.uses = Object.fromEntries(this.setting.uses.map(([use]) => [use, control("input", { type: "checkbox" })]));
    const lines = this.setting.uses.map(([use, words]) => element("label", { class: "rk-use" }, this.uses[use], words));
    this.consent = element("fieldset", {}, element("legend", {}, "What I agree to. It stays mine: I can withdraw it."), ...lines);
    return this.consent;
  }

  buildBegin() {
    this.beginning = does("Begin: record my pointer", () => this.begin(), { class: "rk-button rk-main" });
    this.before = element("div", { class: "rk-row" }, this.beginning);
    return this.before;
  }

  buildTask() {
    this.list = element("ul", { class: "rk-tags", "aria-label": "Your boxes" });
    this.text = control("textarea", { rows: 4, maxlength: this.setting.most.text, dir: "auto", spellcheck: "false" });
    this.language = control("select", {}, element("option", { value: "" }, "not said"));
    for (const [tag, name] of this.setting.languages) this.language.append(element("option", { value: tag }, name));
    this.clock = element("span", { class: "rk-reading" });
    const how = "Draw with mouse, pen or finger; or by keys: arrows move over the picture, Shift makes them finer, Enter sets two corners, Escape lets go.";
    this.task = element("div", { class: "rk-task" }, element("p", { class: "rk-quiet" }, how), this.list,
      element("label", { class: "rk-field" }, element("span", { class: "rk-label" }, "Your description"), this.text),
      element("label", { class: "rk-inline" }, "I write in ", this.language),
      element("div", { class: "rk-row" }, does("I have finished", () => this.finish(), { class: "rk-button rk-main" }),
        does("Throw it away", () => this.forget()), this.clock));
    return this.task;
  }

  buildAfter() {
    this.keeping = does("Keep it", () => this.keep(), { class: "rk-button rk-main" });
    this.throwing = does("Throw it away", () => this.forget());
    this.again = does("Record again", () => this.startAnew());
    this.views = element("div", { class: "rk-maps" });
    this.after = element("div", { class: "rk-after" },
      element("p", { class: "rk-quiet" }, "The picture is gone from view: what is left of it here is the way of your hand."),
      this.views, element("div", { class: "rk-row" }, this.keeping, this.throwing, this.again),
      element("div", { class: "rk-row" }, element("span", { class: "rk-quiet" }, "Take it with you, by this browser alone:"),
        does("the track", () => this.save("track")), does("boxes and the rest", () => this.save("beside"))));
    return this.after;
  }

  buildRefusals() {
    const ways = this.setting.refusals.map(([refusal, words]) => does(words, () => this.refuse(refusal)));
    this.refusing = element("div", { class: "rk-row" },
      element("span", { class: "rk-quiet" }, "Or refuse, which is an answer, and leaves no track:"), ...ways);
    return this.refusing;
  }

  buildOwn() {
    this.mine = element("ul", { class: "rk-plain", "aria-label": "What you said here" });
    this.key = element("code", {});
    this.keyNote = element("details", {}, control("summary", {}, "Your key"),
      element("p", {}, "With these words you can withdraw or amend what you said, later and elsewhere. They are kept nowhere: write them down."), this.key);
    this.takeaway = new Takeaway();
    this.own = element("div", { class: "rk-own" }, this.mine, this.keyNote, this.takeaway.root,
      does("Somebody else answers now", () => this.send({ act: "leave" })));
    this.known = control("input", { type: "text", autocomplete: "off", spellcheck: "false", "aria-label": "Your key: eight words" });
    this.stranger = element("details", {}, control("summary", {}, "I have a key"), this.known,
      does("Go on with it", () => this.send({ act: "return", key: this.known.value })));
    return element("div", {}, this.own, this.stranger);
  }

  listen() {
    const on = (target, type, handler) => target.addEventListener(type, handler, { signal: this.closing.signal });
    on(this.root, "keydown", shelter);
    on(this.text, "input", () => this.write());
    this.hearing = (message) => this.hear(message);
    this.model.on("msg:custom", this.hearing);
  }

  // -- the sitting ---------------------------------------------------------------------------------

  step(by) {
    const index = this.index + by;
    if (index < 0 || index >= this.items.length || this.busy) return;
    this.tell("");
    this.turnTo(index);
    this.send({ act: "look" });
  }

  /** Whether something would be lost by going on. */
  get busy() {
    return this.state === "recording" || this.state === "after";
  }

  turnTo(index) {
    this.index = index;
    this.forget({ quiet: true });
    this.drawPicture();
  }

  begin() {
    this.tags = [];
    this.written = null;
    this.text.value = "";
    this.boxes.replaceChildren();
    this.list.replaceChildren();
    this.become("recording");
    const { width, height } = this.surface.getBoundingClientRect();
    this.frame = [width, height];
    this.recorder.start();
    this.ticking = setInterval(() => this.tick(), 500);
    this.tick();
    this.surface.focus({ preventScroll: true });
    this.stage.scrollIntoView({ block: "nearest" });
    this.tell("The recording runs.");
  }

  finish() {
    const nameless = this.tags.find((tag) => !tag.label.trim());
    if (nameless) return this.tell("A box has no word yet: give it one, or take it away.", nameless.input);
    if (!this.text.value.trim()) return this.tell("Describe the picture in a few words. Who has nothing to say can refuse.", this.text);
    this.recorder.stop();
    clearInterval(this.ticking);
    this.taken = this.collect();
    this.become("after");
    this.showTrack();
    this.send({ act: "draw", recording: this.taken });
    this.tell("The recording has ended. It is nowhere but here until you keep it.");
    this.keeping.focus({ preventScroll: true });
    this.sheet.scrollIntoView({ block: "nearest" });
  }

  /** Return the recording as the kernel reads it. */
  collect() {
    const tags = this.tags.map(({ label, edges, t, device }) => ({ label: label.trim(), edges, t, device }));
    const { pieces, focus, devices, seconds } = this.recorder;
    const [written, frame] = [this.written, this.frame];
    return { text: this.text.value, size: this.item.size, pieces: rows(pieces), focus: rows(focus), tags, devices, seconds, written, frame };
  }

  showTrack() {
    this.replay?.close();
    const { pieces, focus, seconds } = this.recorder;
    this.replay = replayOf({ pieces, focus, seconds, size: this.item.size });
    this.sheet.replaceChildren(this.replay.root);
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.replay.play();
  }

  keep() {
    this.ask({ act: "keep", recording: this.taken, language: this.language.value });
  }

  refuse(refusal) {
    this.ask({ act: "refuse", refusal });
  }

  /** Go back to where nothing is recorded; what was, is gone. */
  forget({ quiet = false } = {}) {
    this.recorder.stop();
    this.recorder.clear();
    clearInterval(this.ticking);
    this.replay?.close();
    this.replay = this.taken = null;
    this.tags = [];
    this.drawing.letGo();
    this.text.value = "";
    this.boxes.replaceChildren();
    this.list.replaceChildren();
    this.views.replaceChildren();
    this.become("before");
    if (!quiet) this.tell("Nothing of it is left here.", this.beginning);
  }

  /** What is kept stays; another recording can begin. */
  startAnew() {
    this.forget({ quiet: true });
    this.tell("", this.beginning);
  }

  become(state) {
    this.state = state;
    const track = state === "after" || state === "kept";
    this.before.hidden = state !== "before";
    this.task.hidden = state !== "recording";
    this.after.hidden = this.sheet.hidden = !track;
    this.stage.hidden = this.asked.hidden = track;
    this.consent.hidden = state === "kept";
    this.surface.hidden = state !== "recording";
    this.surface.tabIndex = state === "recording" ? 0 : -1;
    this.keeping.hidden = this.throwing.hidden = state === "kept";
    this.again.hidden = state !== "kept";
    this.refusing.hidden = state === "kept";
    this.drawSteps();
  }

  tick() {
    this.clock.textContent = `recording, ${Math.floor(this.recorder.seconds)} s`;
  }

  write() {
    const now = this.recorder.seconds;
    this.written = [this.written?.[0] ?? now, now];
  }

  // -- boxes ---------------------------------------------------------------------------------------

  addTag(edges, device) {
    if (this.tags.length >= this.setting.most.tags) return this.tell(`There is room for ${this.setting.most.tags} boxes.`);
    const known = this.setting.devices.includes(device) ? device : "";
    const tag = { edges, t: this.recorder.seconds, device: known, label: "" };
    tag.number = (this.tags.at(-1)?.number ?? 0) + 1;
    tag.input = control("input", { type: "text", maxlength: this.setting.most.label, autocomplete: "off", dir: "auto", "aria-label": `Word for box ${tag.number}` });
    tag.input.addEventListener("input", () => { tag.label = tag.input.value; });
    tag.box = element("span", { class: "rk-box" }, element("span", { class: "rk-number" }, tag.number));
    layOver(tag.box, edges);
    const away = does("Take away", () => this.removeTag(tag), { "aria-label": `Take away box ${tag.number}` });
    tag.line = element("li", {}, element("span", { class: "rk-number" }, tag.number), tag.input, away);
    this.tags.push(tag);
    this.boxes.append(tag.box);
    this.list.append(tag.line);
    return this.tell(`Box ${tag.number}: which word?`, tag.input);
  }

  removeTag(tag) {
    this.tags = this.tags.filter((each) => each !== tag);
    tag.box.remove();
    tag.line.remove();
    this.tell(`Box ${tag.number} is gone.`, this.surface);
  }

  /** The recorder has kept something: follow the keyboard's cell, and say when there is no more room. */
  follow() {
    const { cell, looking, full, running } = this.recorder;
    this.drawing.follow();
    if (looking?.length > 1) this.where.textContent = `${Math.round(cell.x * 100)} % from the left, ${Math.round(cell.y * 100)} % from the top`;
    if (running && full && !this.toldFull) this.tell("The recording is full: what comes now is not recorded. Finish when you like.");
    this.toldFull = running && full;
  }

  // -- messages ------------------------------------------------------------------------------------

  send(message) {
    this.model.send({ index: this.index, ...message });
  }

  ask(message) {
    const uses = Object.keys(this.uses).filter((use) => this.uses[use].checked);
    this.send({ ...message, uses, once: once() });
  }

  hear({ fault, said, done, views, mine, who, number, key, file }) {
    if (views) return this.drawViews(views);
    this.author = { who, number };
    this.key.textContent = key;
    this.takeaway.hold(file, key, who);
    this.own.hidden = !who;
    this.stranger.hidden = Boolean(who);
    this.known.value = "";
    this.mine.replaceChildren(...mine.map((record) => this.ownLine(record)));
    if (done === "keep" && !fault) this.become("kept");
    if (["refuse", "withdraw", "leave"].includes(done) && !fault && !(done === "leave" && this.busy)) this.forget({ quiet: true });
    if (done === "leave") for (const box of Object.values(this.uses)) box.checked = false;
    if (fault || said) this.tell(fault ?? said);
    if (done && done !== "look" && !this.root.contains(document.activeElement)) this.status.focus();
    return undefined;
  }

  tell(text, focus) {
    this.status.textContent = text;
    focus?.focus();
  }

  // -- drawing -------------------------------------------------------------------------------------

  drawPicture() {
    const { title, credit, alt, width, height, data, media_type: type } = this.item;
    this.title.textContent = `Informational surfaces. ${title}`;
    this.credit.textContent = credit;
    this.revoke();
    this.url = URL.createObjectURL(new Blob([data], { type }));
    Object.assign(this.picture, { alt, width, height, src: this.url });
    this.surface.setAttribute("aria-label", `Draw boxes here. ${alt} Arrows move, Enter sets a corner.`);
    this.drawSteps();
  }

  drawSteps() {
    this.position.textContent = `${this.index + 1} of ${this.items.length}`;
    this.steps.hidden = this.items.length === 1;
    this.previous.setAttribute("aria-disabled", this.busy || this.index === 0);
    this.next.setAttribute("aria-disabled", this.busy || this.index === this.items.length - 1);
  }

  drawViews(views) {
    const figures = views.map(({ name, alt, src }) => element("figure", {}, element("img", { alt, src }), element("figcaption", {}, name)));
    this.views.replaceChildren(...figures);
  }

  ownLine({ record, text, refusal }) {
    const words = element("q", { class: "rk-said-text", dir: "auto" }, text);
    const withdraw = does("Withdraw", () => this.send({ act: "withdraw", record }), { "aria-label": `Withdraw: ${text}` });
    const note = control("input", { type: "text", maxlength: this.setting.most.note, dir: "auto", "aria-label": `Footnote to: ${text}` });
    const keep = does("Keep the footnote", () => note.value.trim() && this.send({ act: "footnote", record, text: note.value, once: once() }));
    return element("li", {}, refusal ? "You refused: " : "You said ", words, " ", withdraw,
      element("details", {}, control("summary", {}, "Footnote"), note, keep));
  }

  // -- taking it along -----------------------------------------------------------------------------

  /** Save the recording in the format of Localized Narratives, or what that has no room for. */
  save(which) {
    const { text, size, pieces, focus, tags, devices, seconds, written, frame } = this.taken;
    const told = { dataset_id: this.setting.study, image_id: this.item.image, annotator_id: this.author.number };
    const [start, end] = written ?? [0, seconds];
    const places = pieces.map((piece) => piece.map(([x, y, t]) => ({ x, y, t })));
    const track = { ...told, caption: text, timed_caption: [{ utterance: text, start_time: start, end_time: end }], traces: places, voice_recording: "" };
    const beside = { ...told, who: this.author.who, size, focus, tags, devices, seconds, written, frame };
    if (which === "track") save(this.setting.files[0], track);
    else save(this.setting.files[1], beside);
  }

  revoke() {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = null;
  }
}

function render({ model, el }) {
  const sitting = new Sitting(model, el);
  return () => sitting.close();
}

export default { render };
