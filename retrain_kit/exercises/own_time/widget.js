/**
 * Annotate an image, piece by piece, and see how long each piece took.
 *
 * Nothing is noted before a person begins. Moments go to the kernel, which counts the time by its one rule and keeps
 * nothing of it; only what a person keeps is kept. What is drawn on an image waits while they are at another.
 */

import { gettext, sentence } from "../../widgets/languages.js";
import { download, element, folded, MAIN, row, said, textField, trigger } from "../../widgets/parts.js";
import { ExerciseWidget, rendering } from "../common/widget.js";
import { cocoOf } from "./coco.js";
import { Moments } from "./moments.js";
import { Pieces } from "./pieces.js";
import { Sketch } from "./sketch.js";
import { Surface } from "./surface.js";

/**
 * @typedef {import("./pieces.js").Piece} Piece
 * @typedef {import("./pieces.js").PieceKind} PieceKind
 * @typedef {import("./pieces.js").Place} Place
 * @typedef {import("../common/widget.js").ImageItem & { image: string, size: [number, number] }} Item
 * @typedef {import("../common/widget.js").Setting & {
 *   asked: string, rule: string, kinds: [PieceKind, string][], study: string,
 *   most: { label: number, drawn: number, points: number, moments: number },
 * }} Setting
 * @typedef {{ kind: string, pieces: number, own: [number, number], idle: number, published: [number, number] | null }} Pace
 * @typedef {import("../common/widget.js").Own & { refusal: boolean }} OwnRecord
 * @typedef {import("../common/widget.js").Page<OwnRecord> & { kept: Pace[] }} Page
 * @typedef {[number, number, number] | null} Spent active, idle and away, in seconds
 * @typedef {{ pieces: { shape: Spent, word: Spent, notes: string[] }[], rest: Spent, paces: Pace[], count: string }} Counted
 * @typedef {{ drawn: object[], moments: [number, string, string][] }} Drawing
 * @typedef {{ line: HTMLElement, input: HTMLInputElement, told: HTMLElement }} Line
 */

/** What somebody does on one image. */
class Draft {
  /** The lines of the list, by the names of pieces. @type {Map<string, Line>} */
  lines = new Map();
  /** What the kernel counted last. @type {Counted | null} */
  counted = null;

  /** What was asked to be kept. @type {Drawing | null} */
  asked = null;

  /** @param {Setting["most"]} most */
  constructor(most) {
    this.pieces = new Pieces(most);
    this.moments = new Moments({ most: most.moments });
  }

  /**
   * Return what is to be kept: what is asked again as it was drawn, after a fault or a lost reply, has the moments that
   * it had, so that it is the same act.
   *
   * @param {Drawing} drawing
   */
  asKept(drawing) {
    if (JSON.stringify(this.asked?.drawn) !== JSON.stringify(drawing.drawn)) this.asked = structuredClone(drawing);
    return this.asked;
  }
}

/** What is not kept yet, by the index of the image, for each model: a new view of it finds it. @type {WeakMap<object, Map<number, Draft>>} */
const waiting = new WeakMap();

/** @extends {ExerciseWidget<Item, Setting, Page>} */
class Workplace extends ExerciseWidget {
  closing = new AbortController();
  shownIndex = -1;
  /** What was asked to be counted, by the names of pieces. */
  asking = { count: "", names: /** @type {string[]} */ ([]) };
  sketch = new Sketch();
  surface = new Surface(this.image, this.sketch.root, {
    onPoint: (start, end, device, dragged) => this.point(start, end, device, dragged),
    onMove: (start, place) => this.sketchToward(start, place),
    onUndo: () => this.undo(),
    onLetGo: () => this.letGo(),
    tell: (text) => {
      this.where.textContent = text;
    },
  });
  where = element("p", { class: "rk-unseen", "aria-live": "polite" });
  hint = element("p", { class: "rk-hint rk-quiet" });
  tools = this.setting.kinds.map(([kind, name]) =>
    trigger(name, () => this.choose(kind), { "aria-pressed": "false", "data-kind": kind }),
  );
  hand = trigger(gettext("Move the view"), () => this.toggleHand(), { "aria-pressed": "false" });
  undoing = trigger(gettext("Undo"), () => this.undo());
  closingOutline = trigger(gettext("Close the outline"), () => this.closeOutline());
  beginning = trigger(gettext("Begin: start the clock"), () => this.begin(), MAIN);
  before = row(this.beginning);
  list = element("ul", { class: "rk-pieces", "aria-label": gettext("What you drew") });
  rest = element("p", { class: "rk-quiet" });
  times = element("div", { class: "rk-times" });
  keptTimes = element("div", { class: "rk-times" });
  keeping = trigger(gettext("Keep it"), () => this.keep(), MAIN);
  throwing = trigger(gettext("Throw it away"), () => this.throwAway());
  bar = this.buildBar();
  task = this.buildTask();
  refusing = this.buildRefusals();

  /** @param {import("../common/widget.js").Model} model */
  constructor(model) {
    const [previous, next] = [gettext("Previous image"), gettext("Next image")];
    super(model, { style: "own-time", name: gettext("One's own time"), previous, next });
    this.image.lang = ""; // its alternative text is the study's
    const { signal } = this.closing;
    for (const name of ["pointerdown", "pointermove", "keydown", "input", "wheel"])
      this.root.addEventListener(name, (event) => this.note(event), { signal, passive: true, capture: true });
    document.addEventListener("visibilitychange", () => this.noteSight(), { signal });
  }

  /** @override */
  close() {
    this.pause();
    this.closing.abort();
    this.surface.close();
    super.close();
  }

  // -- building ------------------------------------------------------------------------------------

  /** @override */
  build() {
    const seen = element(
      "div",
      { class: "rk-seen" },
      this.bar,
      this.surface.root,
      this.credit,
      this.status,
      this.hint,
      this.where,
      this.task,
      this.times,
      this.keptTimes,
    );
    const sections = element(
      "div",
      { class: "rk-sections" },
      this.buildAsked(),
      this.before,
      this.consent,
      this.refusing,
      this.buildPerson(),
    );
    return [this.header, element("div", { class: "rk-body" }, seen, sections)];
  }

  buildAsked() {
    const keys = gettext(
      "By keys, on the image: arrows move a cross, Shift makes them finer; Enter sets a point, and Enter again at the same place closes an outline; Backspace undoes, Escape lets go; Enter in a word leads back to the image; + and − bring nearer and farther, 0 shows all. Two fingers move and enlarge the view. Once a pen has drawn, one finger draws nothing.",
    );
    return element(
      "div",
      { class: "rk-asked" },
      element("p", { class: "rk-prompt" }, this.setting.asked),
      element("p", { class: "rk-quiet" }, this.setting.rule),
      folded(gettext("Keys and fingers"), element("p", { class: "rk-quiet" }, keys)),
    );
  }

  buildBar() {
    const closer = trigger("+", () => this.surface.step(1.5), { "aria-label": gettext("Nearer") });
    const farther = trigger("−", () => this.surface.step(1 / 1.5), { "aria-label": gettext("Farther") });
    const whole = trigger(gettext("Whole image"), () => this.surface.whole());
    const tools = element(
      "div",
      { class: "rk-row", role: "group", "aria-label": gettext("What you draw") },
      ...this.tools,
    );
    return element(
      "div",
      { class: "rk-bar" },
      tools,
      row(this.undoing, this.closingOutline, closer, farther, whole, this.hand),
    );
  }

  buildTask() {
    const along = gettext("Take it with you, by this browser alone, with or without a kernel:");
    return element(
      "div",
      { class: "rk-task" },
      this.list,
      this.rest,
      row(this.keeping, this.throwing),
      row(
        element("span", { class: "rk-quiet" }, along),
        trigger(gettext("as COCO"), () => this.saveCoco()),
      ),
    );
  }

  // -- the clock -----------------------------------------------------------------------------------

  /** What is drawn on the image that is shown; nothing before its clock runs. */
  get draft() {
    return this.drafts.get(this.page.index);
  }

  get drafts() {
    const kept = waiting.get(this.model) ?? new Map();
    waiting.set(this.model, kept);
    return /** @type {Map<number, Draft>} */ (kept);
  }

  /** Note that somebody does something, and what they are at. @param {Event} event */
  note(event) {
    const { draft } = this;
    if (!draft || document.hidden) return;
    const field = event.target instanceof Element ? event.target.closest("[data-piece]") : null;
    const named = field instanceof HTMLElement ? field.dataset.piece : undefined;
    draft.moments.put("act", named ?? draft.pieces.at);
  }

  noteSight() {
    this.draft?.moments.put(document.hidden ? "hide" : "show", this.draft.pieces.at);
  }

  /** Time does not count from now on: another image is shown, or this widget goes. */
  pause() {
    const draft = this.drafts.get(this.shownIndex);
    draft?.moments.put("hide", draft.pieces.at);
  }

  begin() {
    const draft = new Draft(this.setting.most);
    this.drafts.set(this.page.index, draft);
    this.surface.penWasHere = false;
    draft.moments.put("act", draft.pieces.at);
    this.choose(draft.pieces.tool);
    this.drawDraft();
    this.surface.root.focus({ preventScroll: true });
    this.surface.root.scrollIntoView({ block: "nearest" });
    this.tell(gettext("The clock runs. {hint}", { hint: draft.pieces.hint }));
  }

  throwAway() {
    this.drafts.delete(this.page.index);
    this.drawDraft();
    this.tell(gettext("Nothing of it is left here."), this.beginning);
  }

  /**
   * Say something; the hint waits where it says the same, and keeps its place: what is below, as a button that is being
   * pressed, stays where it is.
   *
   * @override
   * @param {string} text
   * @param {HTMLElement} [focus]
   */
  tell(text, focus) {
    super.tell(text, focus);
    this.hint.ariaHidden = String(text.includes(this.hint.textContent));
  }

  // -- drawing -------------------------------------------------------------------------------------

  /** @param {PieceKind} kind */
  choose(kind) {
    const { draft } = this;
    if (!draft) return;
    draft.pieces.choose(kind);
    if (kind === "word" && !draft.pieces.full) {
      const piece = draft.pieces.addWord("");
      draft.pieces.tool = "box";
      this.drawDraft();
      this.addLine(draft, piece);
      return;
    }
    this.drawDraft();
    this.tell(draft.pieces.hint);
  }

  toggleHand() {
    this.surface.moves = !this.surface.moves;
    this.hand.setAttribute("aria-pressed", String(this.surface.moves));
  }

  /**
   * Take a point that was set, or a drag from one to the other.
   *
   * @param {Place} start
   * @param {Place} end
   * @param {string} device
   * @param {boolean} dragged
   */
  point(start, end, device, dragged) {
    const { draft } = this;
    if (!draft) return;
    const { pieces } = draft;
    const near = this.surface.nearness(device);
    if (dragged && pieces.tool === "box" && !pieces.open) pieces.put(start, device, near);
    const { told, finished } = pieces.put(end, device, near);
    this.drawDraft();
    if (finished) this.addLine(draft, finished);
    const border = end.outside ? gettext("That was outside the image: the point is on its border.") : "";
    if (!finished || border)
      this.tell([border, told].filter(Boolean).join(" "), finished && this.lineOf(finished)?.input);
  }

  /**
   * Show where the next point would be.
   *
   * @param {Place | null} start
   * @param {Place} place
   */
  sketchToward(start, place) {
    const { draft } = this;
    if (!draft) return;
    const { open, done, tool } = draft.pieces;
    /** @type {Piece | null} */
    const dragged = start && tool === "box" ? { name: "", kind: "box", points: [start], label: "", device: "" } : null;
    this.sketch.draw(done, open ?? dragged, place);
  }

  closeOutline() {
    const { draft } = this;
    if (!draft) return;
    const { told, finished } = draft.pieces.close();
    this.drawDraft();
    if (finished) this.addLine(draft, finished);
    else this.tell(told);
  }

  undo() {
    const { draft } = this;
    if (!draft) return;
    const { told, reopened } = draft.pieces.undo();
    if (reopened) draft.lines.delete(reopened.name);
    this.drawDraft();
    this.tell(told);
    this.count();
  }

  letGo() {
    this.draft?.pieces.letGo();
    this.drawDraft();
    this.tell(gettext("Nothing is open."));
  }

  // -- the list ------------------------------------------------------------------------------------

  /**
   * Put a finished piece on the list, and ask for its word.
   *
   * @param {Draft} draft
   * @param {Piece} piece
   */
  addLine(draft, piece) {
    const named = { number: piece.name };
    const part = piece.kind === "word" ? piece.name : `${piece.name}:word`;
    const input = textField(gettext("Word for piece {number}", named), {
      maxlength: this.setting.most.label,
      "data-piece": part,
    });
    input.value = piece.label;
    input.addEventListener("input", () => {
      piece.label = input.value;
    });
    input.addEventListener("change", () => {
      this.tell(draft.pieces.hint);
      this.count();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.surface.root.focus();
    });
    const told = element("p", { class: "rk-quiet" });
    const kind = this.setting.kinds.find(([each]) => each === piece.kind)?.[1] ?? "";
    const away = trigger(gettext("Take away"), () => this.takeAway(draft, piece), {
      "aria-label": gettext("Take away piece {number}", named),
    });
    const head = element("span", {}, element("span", { class: "rk-number" }, piece.name), ` ${kind}`);
    const line = element("li", {}, head, input, away, told);
    draft.lines.set(piece.name, { line, input, told });
    this.drawDraft();
    this.tell(gettext("{kind} {number}: which word?", { kind, number: piece.name }), input);
    this.count();
  }

  /** @param {Piece} piece */
  lineOf(piece) {
    return this.draft?.lines.get(piece.name);
  }

  /** @param {Draft} draft @param {Piece} piece */
  takeAway(draft, piece) {
    draft.pieces.takeAway(piece);
    draft.lines.delete(piece.name);
    this.drawDraft();
    this.tell(gettext("Piece {number} is gone.", { number: piece.name }), this.surface.root);
    this.count();
  }

  // -- counting and keeping ------------------------------------------------------------------------

  /**
   * Return pieces and moments as the session reads them.
   *
   * @param {Draft} draft
   * @param {Piece[]} pieces
   */
  collect(draft, pieces) {
    const drawn = pieces.map(({ name, kind, points, label, device }) => ({
      name,
      kind,
      label: label.trim(),
      points: points.map(({ x, y }) => [x, y]),
      device,
    }));
    return { drawn, moments: draft.moments.rows };
  }

  /** Ask the kernel how long the pieces took that have a word by now; it keeps nothing of it. */
  count() {
    const { draft } = this;
    if (!draft) return;
    const pieces = draft.pieces.done.filter(({ label }) => label.trim());
    const count = String(Number(this.asking.count) + 1);
    this.asking = { count, names: pieces.map(({ name }) => name) };
    draft.counted = pieces.length ? draft.counted : null;
    if (pieces.length) this.send({ act: "count", count, drawing: this.collect(draft, pieces) });
    else this.drawTimes();
  }

  keep() {
    const { draft } = this;
    if (!draft) return;
    const { done, open } = draft.pieces;
    const nameless = done.find(({ label }) => !label.trim());
    if (open)
      this.tell(gettext("A piece is not finished yet: finish it, or let go of it with Escape."), this.surface.root);
    else if (!done.length)
      this.tell(gettext("Nothing is drawn yet. Who has nothing to draw can refuse."), this.surface.root);
    else if (nameless)
      this.tell(gettext("A piece has no word yet: give it one, or take it away."), this.lineOf(nameless)?.input);
    else this.ask({ act: "keep", drawing: draft.asKept(this.collect(draft, done)) });
  }

  /**
   * Ask the kernel; where there is none any more, say so.
   *
   * @override
   * @param {{ act: string, [field: string]: unknown }} content
   * @param {ArrayBuffer[]} [buffers]
   */
  send(content, buffers) {
    try {
      super.send(content, buffers);
    } catch {
      this.tellFault(
        gettext("No kernel answers any more: no time is counted, and nothing is kept. Take it along as COCO."),
      );
    }
  }

  // -- hearing and showing -------------------------------------------------------------------------

  /**
   * @override
   * @param {any} message
   */
  hear(message) {
    if (message.counted) this.takeCount(message.counted);
    else super.hear(message);
  }

  /** @param {Counted} counted */
  takeCount(counted) {
    const { draft } = this;
    if (!draft || counted.count !== this.asking.count) return;
    draft.counted = counted;
    this.drawTimes();
  }

  /** @override */
  drawItem() {
    this.pause();
    this.shownIndex = this.page.index;
    super.drawItem();
    const { alt, size } = this.item;
    this.surface.show(size);
    this.sketch.show(size);
    this.surface.root.setAttribute(
      "aria-label",
      gettext("Draw here. {image} Arrows move, Enter sets a point.", { image: alt }),
    );
    this.draft?.moments.put("show", this.draft.pieces.at);
    this.drawDraft();
    this.count();
  }

  /**
   * @override
   * @param {Page} before
   */
  draw(before) {
    super.draw(before);
    const { done, kept = [] } = this.page;
    const leaves = ["keep", "refuse", "somebody-else", "return", "bring"].includes(done);
    if (leaves) this.drafts.delete(this.page.index);
    if (["somebody-else", "return", "bring"].includes(done)) this.drafts.clear();
    if (leaves) this.drawDraft();
    this.keptTimes.replaceChildren(...this.timesOf(kept, gettext("All that you have kept here")));
  }

  /** Show what is drawn, and what can be done now. */
  drawDraft() {
    const { draft } = this;
    const { done = [], open = null, tool = "box", hint = "" } = draft?.pieces ?? {};
    this.before.hidden = Boolean(draft);
    this.task.hidden = this.bar.hidden = !draft;
    this.surface.allow(Boolean(draft));
    this.sketch.draw(done, open);
    this.hint.textContent = hint;
    for (const button of this.tools) button.setAttribute("aria-pressed", String(button.dataset.kind === tool));
    this.undoing.setAttribute("aria-disabled", String(!open && !done.length));
    this.closingOutline.hidden = tool !== "outline";
    const lines = done.map((piece) => this.lineOf(piece)?.line).filter((line) => line !== undefined);
    if (lines.length !== this.list.children.length || lines.some((line, at) => this.list.children[at] !== line))
      this.list.replaceChildren(...lines);
    this.drawTimes();
  }

  drawTimes() {
    const counted = this.draft?.counted ?? null;
    for (const { told } of this.draft?.lines.values() ?? []) told.textContent = "";
    for (const [at, name] of counted ? this.asking.names.entries() : []) {
      const found = counted?.pieces[at];
      const line = this.draft?.lines.get(name);
      if (found && line) line.told.textContent = [...timesInWords(found.shape, found.word), ...found.notes].join(" ");
    }
    const [active = 0, idle = 0] = counted?.rest ?? [];
    this.rest.textContent =
      active + idle ? gettext("For what is not on this list: {seconds} s.", { seconds: rounded(active + idle) }) : "";
    this.rest.hidden = !this.rest.textContent;
    this.times.replaceChildren(...this.timesOf(counted?.paces ?? [], gettext("Your seconds, beside published ones")));
  }

  /**
   * Return one's own seconds beside the published ones, as a table; nothing where there are none.
   *
   * @param {Pace[]} paces
   * @param {string} name
   */
  timesOf(paces, name) {
    if (!paces.length) return [];
    const heads = [
      gettext("Work"),
      gettext("Pieces"),
      gettext("Yours, active, s each"),
      gettext("Idle, s in all"),
      gettext("Published, s each"),
    ];
    const cell = (/** @type {string} */ text) => element("td", {}, text);
    const rows = paces.map(({ kind, pieces, own, idle, published }) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, kind),
        cell(String(pieces)),
        cell(limits(own)),
        cell(rounded(idle)),
        cell(published ? limits(published) : gettext("no figure")),
      ),
    );
    const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)));
    const table = element(
      "table",
      {},
      element("caption", {}, name),
      element("thead", {}, head),
      element("tbody", {}, ...rows),
    );
    return [element("div", { class: "rk-scroll", tabindex: "0", role: "group", "aria-label": name }, table)];
  }

  /**
   * @override
   * @param {OwnRecord} own
   */
  ownLine(own) {
    const parts = { text: said(own.text) };
    const words = own.refusal ? sentence("You refused: {text}", parts) : sentence("You kept {text}", parts);
    return element("li", {}, ...words, " ", ...this.amending(own));
  }

  /** @override */
  drawReach() {
    super.drawReach();
    if (this.reach.textContent) return;
    this.reach.textContent = this.agreements.has("publication")
      ? gettext(
          "Only you and whoever keeps the answers see this. It may also be written as annotations, and published.",
        )
      : gettext("Only you and whoever keeps the answers see this.");
  }

  // -- taking it along -----------------------------------------------------------------------------

  /** Save what is drawn as COCO has it; no time is in it. */
  saveCoco() {
    const { draft, item } = this;
    if (!draft) return;
    const table = cocoOf(item, draft.pieces.done);
    download("drawn.coco.json", `${JSON.stringify(table)}\n`, "application/json");
  }
}

const rounded = (/** @type {number} */ seconds) => seconds.toFixed(1);

/** @param {[number, number]} interval */
function limits([low, high]) {
  return [...new Set([rounded(low), rounded(high)])].join("–");
}

/** @param {Spent} shape @param {Spent} word */
function timesInWords(shape, word) {
  const told = [];
  if (shape) told.push(gettext("Shape: {active} s active, {idle} s idle.", spentParts(shape)));
  if (word) told.push(gettext("Word: {active} s active, {idle} s idle.", spentParts(word)));
  return told;
}

/** @param {[number, number, number]} spent */
const spentParts = ([active, idle]) => ({ active: rounded(active), idle: rounded(idle) });

const render = rendering(Workplace);

export default { render };
