/**
 * Tag and describe an image while the pointer on it is recorded; then look at the track alone.
 *
 * Nothing is recorded before a person begins, and nothing leaves this page before they keep it.
 */

import { gettext, sentence } from "../../widgets/languages.js";
import { control, download, element, MAIN, row, said, textField, trigger } from "../../widgets/parts.js";
import { ExerciseWidget, rendering } from "../common/widget.js";
import { BoxDrawing, layOver } from "./boxes.js";
import { record } from "./recorder.js";
import { replayOf } from "./replay.js";

/**
 * @typedef {import("./boxes.js").Edges} Edges
 * @typedef {import("./recorder.js").Point} Point
 * @typedef {import("../common/widget.js").ImageItem & { image: string, size: [number, number] }} Item
 * @typedef {import("../common/widget.js").Setting & {
 *   asked: string[], recorded: string, devices: string[], study: string, files: [string, string],
 *   most: { text: number, label: number, tags: number },
 * }} Setting
 * @typedef {import("../common/widget.js").Own & { refusal: boolean }} OwnRecord
 * @typedef {import("../common/widget.js").Page<OwnRecord> & { number: number }} Page
 * @typedef {{ name: string, alt: string, src: string }} View
 * @typedef {{ number: number, edges: Edges, t: number, device: string, input: HTMLInputElement, box: HTMLElement, line: HTMLElement }} Tag
 * @typedef {"before" | "recording" | "after" | "kept"} State
 */

const rows = (/** @type {Point[][]} */ pieces) => pieces.map((piece) => piece.map(({ x, y, t }) => [x, y, t]));

/** @extends {ExerciseWidget<Item, Setting, Page>} */
class Sitting extends ExerciseWidget {
  /** @type {State} */
  state = "before";
  /** @type {Tag[]} */
  tags = [];
  /** The moments of the first and the last letter typed. @type {[number, number] | null} */
  written = null;
  /** @type {[number, number]} */
  frame = [0, 0];
  /** The recording as the session reads it. @type {ReturnType<Sitting["collect"]> | null} */
  taken = null;
  /** @type {ReturnType<typeof replayOf> | null} */
  replay = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  ticking;
  toldFull = false;

  frames = element("span", { "aria-hidden": "true" });
  surface = control("div", { class: "rk-surface", role: "application" }, this.frames);
  stage = element("div", { class: "rk-stage" }, this.image, this.surface);
  sheet = element("div");
  where = element("p", { class: "rk-unseen", "aria-live": "polite" });
  asked = element(
    "div",
    { class: "rk-asked" },
    ...this.setting.asked.map((line) => element("p", { class: "rk-prompt" }, line)),
    element("p", { class: "rk-quiet" }, this.setting.recorded),
  );
  beginning = trigger(gettext("Begin: record my pointer"), () => this.begin(), MAIN);
  before = row(this.beginning);
  list = element("ul", { class: "rk-tags", "aria-label": gettext("Your boxes") });
  text = control("textarea", { rows: 4, maxlength: this.setting.most.text, dir: "auto", spellcheck: "false" });
  clock = element("span", { class: "rk-reading" });
  task = this.buildTask();
  keeping = trigger(gettext("Keep it"), () => this.keep(), MAIN);
  throwing = trigger(gettext("Throw it away"), () => this.throwAway());
  again = trigger(gettext("Record again"), () => this.startAnew());
  views = element("div", { class: "rk-maps" });
  after = this.buildAfter();
  refusing = this.buildRefusals(gettext("Or refuse, which is an answer, and leaves no track:"));
  recorder = record(this.surface, { onChange: () => this.followRecorder() });
  drawing = new BoxDrawing(this.surface, this.recorder, {
    onBox: (edges, device) => this.addTag(edges, device),
    tell: (text) => this.tell(text),
  });

  /** @param {import("../common/widget.js").Model} model */
  constructor(model) {
    const [previous, next] = [gettext("Previous image"), gettext("Next image")];
    super(model, { style: "surfaces", name: gettext("Informational surfaces"), previous, next });
    this.text.addEventListener("input", () => this.write());
    this.image.lang = ""; // its alternative text is the study's
  }

  /** @override */
  close() {
    clearInterval(this.ticking);
    this.recorder.cleanup();
    this.drawing.close();
    this.replay?.close();
    super.close();
  }

  // -- building ------------------------------------------------------------------------------------

  /** @override */
  build() {
    const sections = element(
      "div",
      { class: "rk-sections" },
      this.asked,
      this.consent,
      this.before,
      this.task,
      this.after,
      this.status,
      this.refusing,
      this.buildPerson(),
    );
    const seen = element("div", { class: "rk-seen" }, this.stage, this.sheet, this.where, this.credit);
    return [this.header, element("div", { class: "rk-body" }, seen, sections)];
  }

  buildTask() {
    return element(
      "div",
      { class: "rk-task" },
      element(
        "p",
        { class: "rk-quiet" },
        gettext(
          "Draw with mouse, pen or finger; or by keys: arrows move over the image, Shift makes them finer, Enter sets two corners, Escape lets go.",
        ),
      ),
      this.list,
      element(
        "label",
        { class: "rk-field" },
        element("span", { class: "rk-label" }, gettext("Your description")),
        this.text,
      ),
      element("label", {}, gettext("I write in"), " ", this.language),
      row(
        trigger(gettext("I have finished"), () => this.finish(), MAIN),
        trigger(gettext("Throw it away"), () => this.throwAway()),
        this.clock,
      ),
    );
  }

  buildAfter() {
    return element(
      "div",
      { class: "rk-after" },
      element(
        "p",
        { class: "rk-quiet" },
        gettext("The image is gone from view: what is left of it here is the way of your hand."),
      ),
      this.views,
      row(this.keeping, this.throwing, this.again),
      row(
        element("span", { class: "rk-quiet" }, gettext("Take it with you, by this browser alone:")),
        trigger(gettext("the track"), () => this.saveTrack()),
        trigger(gettext("boxes and the rest"), () => this.saveRest()),
      ),
    );
  }

  // -- the sitting ---------------------------------------------------------------------------------

  /** @override */
  get busy() {
    return this.state === "recording" || this.state === "after";
  }

  begin() {
    this.clear();
    this.become("recording");
    const { width, height } = this.surface.getBoundingClientRect();
    this.frame = [width, height];
    this.recorder.start();
    this.ticking = setInterval(() => this.tick(), 500);
    this.tick();
    this.surface.focus({ preventScroll: true });
    this.stage.scrollIntoView({ block: "nearest" });
    this.tell(gettext("The recording runs."));
  }

  finish() {
    const nameless = this.tags.find(({ input }) => !input.value.trim());
    if (nameless) this.tell(gettext("A box has no word yet: give it one, or take it away."), nameless.input);
    else if (!this.text.value.trim())
      this.tell(gettext("Describe the image in a few words. Who has nothing to say can refuse."), this.text);
    else this.end();
  }

  end() {
    this.recorder.stop();
    clearInterval(this.ticking);
    this.taken = this.collect();
    this.become("after");
    this.showTrack();
    this.send({ act: "draw", recording: this.taken });
    this.tell(gettext("The recording has ended. It is nowhere but here until you keep it."));
    this.keeping.focus({ preventScroll: true });
    this.sheet.scrollIntoView({ block: "nearest" });
  }

  /** Return the recording as the session reads it. */
  collect() {
    const tags = this.tags.map(({ input, edges, t, device }) => ({ label: input.value.trim(), edges, t, device }));
    const { pieces, focus, devices, seconds } = this.recorder;
    const { written, frame } = this;
    return {
      text: this.text.value,
      size: this.item.size,
      pieces: rows(pieces),
      focus: rows(focus),
      tags,
      devices,
      seconds,
      written,
      frame,
    };
  }

  showTrack() {
    this.replay?.close();
    const { pieces, focus, seconds } = this.recorder;
    this.replay = replayOf({ pieces, focus, seconds, size: this.item.size });
    this.sheet.replaceChildren(this.replay.root);
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.replay.play();
  }

  keep() {
    this.ask({ act: "keep", recording: this.taken });
  }

  clear() {
    this.tags = [];
    this.written = null;
    this.text.value = "";
    this.frames.replaceChildren();
    this.list.replaceChildren();
  }

  /** Go back to where nothing is recorded; what was, is gone. */
  forget() {
    this.recorder.stop();
    this.recorder.clear();
    clearInterval(this.ticking);
    this.replay?.close();
    this.replay = this.taken = null;
    this.drawing.letGo();
    this.clear();
    this.views.replaceChildren();
    this.become("before");
  }

  throwAway() {
    this.forget();
    this.tell(gettext("Nothing of it is left here."), this.beginning);
  }

  /** What is kept stays; another recording can begin. */
  startAnew() {
    this.forget();
    this.tell("", this.beginning);
  }

  /** @param {State} state */
  become(state) {
    this.state = state;
    const track = state === "after" || state === "kept";
    this.before.hidden = state !== "before";
    this.task.hidden = state !== "recording";
    this.after.hidden = this.sheet.hidden = !track;
    this.stage.hidden = this.asked.hidden = track;
    this.surface.hidden = state !== "recording";
    this.surface.tabIndex = state === "recording" ? 0 : -1;
    this.consent.hidden = this.keeping.hidden = this.throwing.hidden = this.refusing.hidden = state === "kept";
    this.again.hidden = state !== "kept";
    this.drawSteps();
  }

  tick() {
    this.clock.textContent = gettext("recording, {seconds} s", { seconds: Math.floor(this.recorder.seconds) });
  }

  write() {
    const now = this.recorder.seconds;
    this.written = [this.written?.[0] ?? now, now];
  }

  // -- boxes ---------------------------------------------------------------------------------------

  /**
   * @param {Edges} edges
   * @param {string} device
   */
  addTag(edges, device) {
    const { tags, label } = this.setting.most;
    if (this.tags.length >= tags) return this.tell(gettext("There is room for {count} boxes.", { count: tags }));
    const number = (this.tags.at(-1)?.number ?? 0) + 1;
    const known = this.setting.devices.includes(device) ? device : "";
    const input = textField(gettext("Word for box {number}", { number }), { maxlength: label });
    const box = element("span", { class: "rk-box" }, element("span", { class: "rk-number" }, String(number)));
    const line = element("li", {}, element("span", { class: "rk-number" }, String(number)), input);
    const tag = { number, edges, t: this.recorder.seconds, device: known, input, box, line };
    line.append(
      trigger(gettext("Take away"), () => this.removeTag(tag), {
        "aria-label": gettext("Take away box {number}", { number }),
      }),
    );
    layOver(box, edges);
    this.tags.push(tag);
    this.frames.append(box);
    this.list.append(line);
    return this.tell(gettext("Box {number}: which word?", { number }), input);
  }

  /** @param {Tag} tag */
  removeTag(tag) {
    this.tags = this.tags.filter((each) => each !== tag);
    tag.box.remove();
    tag.line.remove();
    this.tell(gettext("Box {number} is gone.", { number: tag.number }), this.surface);
  }

  /** The recorder has kept something: follow the keyboard's cell, and say when there is no more room. */
  followRecorder() {
    const { cell, looking, full, running } = this.recorder;
    this.drawing.follow();
    if (looking && looking.length > 1)
      this.where.textContent = gettext("{left} % from the left, {top} % from the top", {
        left: Math.round(cell.x * 100),
        top: Math.round(cell.y * 100),
      });
    if (running && full && !this.toldFull)
      this.tell(gettext("The recording is full: what comes now is not recorded. Finish when you like."));
    this.toldFull = running && full;
  }

  // -- hearing and drawing -------------------------------------------------------------------------

  /**
   * @override
   * @param {any} message
   */
  hear(message) {
    if (message.views) this.drawViews(message.views);
    else super.hear(message);
  }

  /** @override */
  drawItem() {
    super.drawItem();
    const { alt } = this.item;
    const name = gettext("Draw boxes here. {image} Arrows move, Enter sets a corner.", { image: alt });
    this.surface.setAttribute("aria-label", name);
    this.forget();
  }

  /**
   * @override
   * @param {Page} before
   */
  draw(before) {
    super.draw(before);
    const { done } = this.page;
    if (done === "keep") this.become("kept");
    const leaves = ["withdraw", "somebody-else"].includes(done) && !this.busy;
    if (done === "refuse" || leaves) this.forget();
  }

  /** @param {View[]} views */
  drawViews(views) {
    this.views.replaceChildren(
      ...views.map(({ name, alt, src }) =>
        element("figure", {}, element("img", { alt, src }), element("figcaption", {}, name)),
      ),
    );
  }

  /**
   * @override
   * @param {OwnRecord} own
   */
  ownLine(own) {
    const parts = { text: said(own.text, "q") };
    const words = own.refusal ? sentence("You refused: {text}", parts) : sentence("You said {text}", parts);
    return element("li", {}, ...words, " ", ...this.amending(own));
  }

  // -- taking it along -----------------------------------------------------------------------------

  /** Save the recording in the format of Localized Narratives. */
  saveTrack() {
    if (!this.taken) return;
    const { text, pieces, seconds, written } = this.taken;
    const [start, end] = written ?? [0, seconds];
    const traces = pieces.map((piece) => piece.map(([x, y, t]) => ({ x, y, t })));
    const utterances = [{ utterance: text, start_time: start, end_time: end }];
    this.save(this.setting.files[0], { caption: text, timed_caption: utterances, traces, voice_recording: "" });
  }

  /** Save what Localized Narratives have no room for. */
  saveRest() {
    if (!this.taken) return;
    const { size, focus, tags, devices, seconds, written, frame } = this.taken;
    this.save(this.setting.files[1], { who: this.page.who, size, focus, tags, devices, seconds, written, frame });
  }

  /**
   * @param {string} name
   * @param {object} line
   */
  save(name, line) {
    const about = { dataset_id: this.setting.study, image_id: this.item.image, annotator_id: this.page.number };
    download(name, `${JSON.stringify({ ...about, ...line })}\n`, "application/jsonl");
  }
}

const render = rendering(Sitting);

export default { render };
