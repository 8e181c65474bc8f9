/**
 * Describe an image in a given time: at first sight, and after living with it.
 *
 * Nothing runs before the person starts it. When the time is up the text is locked, not taken away, and sent as it
 * stands. Who needs more time chooses it before, or takes it while writing.
 */

import { gettext, ngettext } from "../../widgets/languages.js";
import { control, element, MAIN, row, sends, trigger } from "../../widgets/parts.js";
import { ExerciseWidget, rendering } from "../common/widget.js";
import { CardChooser } from "./card.js";

const WARN_MS = 5000;
/** How late the news of a time that runs for everybody may come, for somebody to begin with the others. */
const LATE_S = 6;
/** How far apart two ends of the same time may be, as it is told by seconds that are left. */
const SAME_MS = 3000;

/**
 * @typedef {import("../common/widget.js").ImageItem & { notice: string }} Item
 * @typedef {import("../common/widget.js").Setting & {
 *   which: "first" | "second", name: string, asked: [string, string], difference: [string, string], credit: string,
 *   seconds: number, times: [number, string][], chosen: number, most: number, cards?: boolean,
 * }} Setting
 * @typedef {import("../common/widget.js").Own & {
 *   which: string, name: string, when: string, hidden: boolean, parts: [string, boolean][], refused: string,
 *   language: string, footnotes: string[],
 * }} Description
 * @typedef {import("../common/widget.js").Page<Description> & { changes: [string, string[]][] }
 *   & import("./card.js").CardPage} Page
 * @typedef {{ left_s: number, of_s: number } | null} Time
 * @typedef {{ start: number, limit: number, timers: ReturnType<typeof setTimeout>[], bar?: Animation }} Run
 * @typedef {{ text: string, typed: number, seconds: number | null, how: string }} Draft
 */

/** @extends {ExerciseWidget<Item, Setting, Page>} */
class Sheet extends ExerciseWidget {
  /** @type {Run | null} */
  run = null;
  /** @type {Draft | null} */
  draft = null;
  /** When the time ends that runs for everybody. */
  ends = 0;

  chooser = new CardChooser((act) => this.send(act));
  notice = element("p", { class: "rk-notice" });
  veil = element("p", { class: this.setting.cards ? "" : "rk-veil" }, this.veilWords);
  texts = element("div", { class: "rk-own" });
  /** What stands in the texts. */
  textsDrawn = "";
  body = element("div", { class: "rk-body" });
  time = this.buildTime();
  start = trigger(gettext("Start"), () => this.begin(), MAIN);
  field = control("textarea", {
    rows: 4,
    maxlength: this.setting.most,
    dir: "auto",
    "aria-label": gettext("What I see"),
  });
  left = element("div", { class: "rk-left" });
  bar = element("div", { class: "rk-bar", "aria-hidden": "true" }, this.left);
  more = trigger(gettext("More time"), () => this.extend());
  again = trigger(gettext("Send it again"), () => this.deliver(), MAIN);
  running = row(
    trigger(gettext("I have finished"), () => this.finish(gettext("Finished.")), MAIN),
    this.more,
  );
  together = element("p", { class: "rk-quiet", hidden: "" });
  before = element(
    "div",
    { class: "rk-before" },
    row(
      element("label", {}, gettext("My time:"), " ", this.time),
      element("label", {}, gettext("I write in"), " ", this.language),
    ),
    this.consent,
    this.together,
    element("div", {}, this.start),
  );
  writing = element("div", { class: "rk-writing" }, this.field, this.bar, this.running, this.again);
  refusing = this.buildRefusals();
  whose = element("div", { class: "rk-whose" }, this.own, this.knownPart, this.filePart.root);

  /** @param {import("../common/widget.js").Model} model */
  constructor(model) {
    const [previous, next] = [gettext("Previous image"), gettext("Next image")];
    super(model, { style: "descriptions", name: gettext("Living with images"), previous, next });
    this.knownPart.open = this.setting.which === "second";
    this.field.addEventListener("beforeinput", (event) => this.guard(event));
    this.model.on("change:time", this.heeding);
  }

  heeding = (/** @type {Time} */ time) => this.heed(time);

  /** @override */
  close() {
    this.model.off("change:time", this.heeding);
    // Whoever goes to another part has finished: what stands there is kept.
    if (this.setting.cards) this.finish(gettext("Finished."));
    this.stop();
    super.close();
  }

  // -- building ------------------------------------------------------------------------------------

  /** @override */
  build() {
    const { asked, credit } = this.setting;
    const prompt = element(
      "div",
      {},
      element("p", { class: "rk-prompt" }, ...this.words(...asked)),
      element("p", { class: "rk-credit" }, credit),
    );
    const seen = element("div", { class: "rk-seen" }, this.notice, this.veil, this.image, this.credit);
    const column = element(
      "div",
      { class: "rk-sections" },
      prompt,
      this.before,
      this.writing,
      this.status,
      this.refusing,
    );
    this.own.className = "rk-here";
    this.own.append(this.keyNote, this.takeaway.root, this.somebody, this.parting.root);
    if (this.setting.cards) {
      this.header.append(this.chooser.root);
      this.together.before(this.veil);
      this.body.append(column, seen);
    } else this.body.append(seen, column);
    this.drawStage();
    return [this.header, this.body, this.texts, this.whose];
  }

  buildTime() {
    const select = control("select");
    for (const [times, name] of this.setting.times) select.append(element("option", { value: times }, name));
    select.value = String(this.setting.chosen);
    return select;
  }

  /** @override */
  get aboutKey() {
    const card = gettext(
      "Keep these words, on the back of a card for instance: in the second class they lead back to your first description.",
    );
    return this.setting.which === "first" ? `${card} ${super.aboutKey}` : super.aboutKey;
  }

  // -- time ----------------------------------------------------------------------------------------

  /** @override */
  get busy() {
    return Boolean(this.run || (this.setting.cards && this.draft && !this.said));
  }

  /**
   * A time runs for everybody: whoever can begin begins with the others. It takes no time from anybody, and what each
   * has chosen for themselves counts.
   *
   * @param {Time} time
   */
  heed(time) {
    const { left_s: left, of_s: whole } = time ?? { left_s: 0, of_s: 0 };
    const ends = left ? performance.now() + left * 1000 : 0;
    const known = this.ends && Math.abs(ends - this.ends) < SAME_MS;
    this.ends = ends;
    this.drawTogether();
    if (!ends || known || whole - left > LATE_S) return;
    if (!this.before.hidden) this.begin(whole);
  }

  /** Say whether one starts with the others, or by oneself. */
  drawTogether() {
    const runs = this.ends > performance.now();
    this.together.hidden = !this.setting.cards;
    this.together.textContent = runs
      ? gettext("The others have begun. You can start by yourself, and have the whole time.")
      : gettext("When the teacher starts the time, you begin with the others. Or start by yourself.");
  }

  /** @param {number} [least] how many seconds everybody has */
  begin(least = 0) {
    const ms = Number(this.time.value) && Math.max(Number(this.time.value) * this.setting.seconds, least) * 1000;
    this.field.value = "";
    this.field.lang = this.language.value;
    this.draft = null;
    this.run = { start: performance.now(), limit: ms || Number.POSITIVE_INFINITY, timers: [] };
    this.schedule(this.run);
    this.drawStage();
    this.body.scrollIntoView({ block: "nearest" });
    const limited = ngettext("{count} second. Write what you see.", "{count} seconds. Write what you see.", ms / 1000);
    this.tell(ms ? limited : gettext("No limit. Write what you see."), this.field);
  }

  /** @param {Run} run */
  schedule(run) {
    run.timers.forEach(clearTimeout);
    if (run.limit === Number.POSITIVE_INFINITY) return;
    const rest = run.start + run.limit - performance.now();
    run.timers = [
      setTimeout(() => this.tell(gettext("5 seconds left.")), Math.max(0, rest - WARN_MS)),
      setTimeout(() => this.finish(gettext("Time is up.")), rest),
    ];
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    run.bar?.cancel();
    run.bar = this.left.animate([{ transform: `scaleX(${rest / run.limit})` }, { transform: "scaleX(0)" }], {
      duration: rest,
      fill: "forwards",
      easing: still ? "steps(4, end)" : "linear",
    });
  }

  extend() {
    if (!this.run) return;
    const more = this.setting.seconds;
    this.run.limit += more * 1000;
    this.schedule(this.run);
    this.tell(gettext("{count} more seconds.", { count: more }), this.field);
  }

  /**
   * A sleeping page may miss the moment; nothing is typed after it all the same.
   *
   * @param {Event} event
   */
  guard(event) {
    if (!this.run || performance.now() < this.run.start + this.run.limit) return;
    event.preventDefault();
    this.finish(gettext("Time is up."));
  }

  stop() {
    this.run?.timers.forEach(clearTimeout);
    this.run?.bar?.cancel();
    this.run = null;
  }

  /**
   * Lock the text and send it as it stands; an empty one is not an answer yet.
   *
   * @param {string} how
   */
  finish(how) {
    if (!this.run) return;
    const { start, limit } = this.run;
    const typed = Math.min(performance.now() - start, limit) / 1000;
    const seconds = limit === Number.POSITIVE_INFINITY ? null : limit / 1000;
    this.stop();
    const text = this.field.value;
    if (text.trim()) this.draft = { text, typed, seconds, how };
    this.drawStage();
    if (this.draft) this.deliver();
    else this.tell(`${how} ${gettext("Nothing stands there: you can begin again, or refuse.")}`, this.start);
  }

  deliver() {
    if (!this.draft) return;
    const { text, typed, seconds, how } = this.draft;
    this.tell(how, this.field);
    this.ask({ act: "say", text, typed, seconds });
  }

  /**
   * @override
   * @param {string} refusal
   */
  refuse(refusal) {
    this.stop();
    this.draft = null;
    this.drawStage();
    super.refuse(refusal);
  }

  /**
   * @override
   * @param {KeyboardEvent} event
   */
  press(event) {
    if (sends(event, this.field)) this.finish(gettext("Finished."));
  }

  // -- drawing -------------------------------------------------------------------------------------

  /** What the person has said of the image in this class. */
  get said() {
    return this.page.mine.find(({ which }) => which === this.setting.which);
  }

  /** @override */
  get item() {
    if (!this.setting.cards) return super.item;
    const { code = "", credit = "", notice = "" } = this.page.card ?? {};
    const title = code ? gettext("Card {code}", { code }) : this.items[0].title;
    return { ...this.items[0], title, credit, notice };
  }

  get veilWords() {
    return this.setting.cards
      ? gettext("Your card lies face down until you start.")
      : gettext("The image appears when you start.");
  }

  /** @override */
  get heading() {
    return `${this.item.title}, ${this.setting.name}`;
  }

  /** @override */
  drawImage() {
    if (!this.setting.cards) super.drawImage();
  }

  /** @override */
  drawItem() {
    super.drawItem();
    this.notice.textContent = this.item.notice ? gettext("Notice: {notice}", { notice: this.item.notice }) : "";
  }

  /**
   * @override
   * @param {Page} before
   */
  draw(before) {
    const { index, who, done } = this.page;
    const other = index !== before.index || who !== before.who;
    if ((other && done !== "say") || (done === "withdraw" && !this.said)) this.draft = null;
    super.draw(before);
    this.drawStage();
    if (done === "card" && !this.before.hidden) this.start.focus({ preventScroll: true });
  }

  /** @override */
  tellWhatCame() {
    const { told, done } = this.page;
    if (this.draft && done === "say") this.tell(`${this.draft.how} ${told}`);
    else super.tellWhatCame();
  }

  /** What can be done now: start, write, read what is locked, or nothing more. */
  drawStage() {
    const { run, draft, said, held } = this;
    const inHand = !this.setting.cards || Boolean(this.page.card?.code);
    const before = inHand && !run && !draft && !said;
    if (this.page.card) this.chooser.draw(this.page, Boolean(run || (draft && !said)));
    this.before.hidden = !before;
    this.writing.hidden = !run && !draft;
    this.field.readOnly = !run;
    this.running.hidden = !run;
    this.bar.hidden = this.more.hidden = !run || run.limit === Number.POSITIVE_INFINITY;
    this.again.hidden = !draft || Boolean(said);
    this.refusing.hidden = Boolean(said) || !inHand;
    this.drawTogether();
    const veiled = before && this.setting.which === "first";
    this.veil.hidden = !veiled;
    this.image.hidden = veiled || Boolean(this.setting.cards);
    this.texts.hidden = this.whose.hidden = Boolean(run);
    this.drawSteps();
    // Nothing that had the keys goes without giving them to what is still here.
    if (held && !held.checkVisibility()) (before ? this.start : this.status).focus();
  }

  /** @override */
  drawMine() {
    const { mine, changes, deleted } = this.page;
    const drawn = JSON.stringify([mine, changes, deleted]);
    if (!this.acted && drawn === this.textsDrawn) return;
    this.textsDrawn = drawn;
    /** @type {HTMLElement[]} */
    const parts = deleted ? [element("ul", {}, this.toldLine({ deleted }))] : [];
    if (mine.length)
      parts.push(
        element("h3", {}, gettext("What you wrote")),
        element("div", { class: "rk-two" }, ...mine.map((each) => this.toldLine(each))),
      );
    if (changes.length)
      parts.push(
        element(
          "dl",
          {},
          ...changes.flatMap(([kind, words]) => [element("dt", {}, gettext(kind)), this.wordList(words)]),
        ),
      );
    if (mine.length === 2) parts.push(this.difference());
    this.texts.replaceChildren(...parts);
  }

  /** @param {string[]} words */
  wordList(words) {
    if (!words.length) return element("dd", { class: "rk-quiet" }, gettext("no word"));
    return element("dd", {}, ...words.flatMap((word, at) => [...(at ? [", "] : []), element("bdi", {}, word)]));
  }

  difference() {
    const words = element("p", { class: "rk-prompt" }, ...this.words(...this.setting.difference));
    return element(
      "div",
      {},
      words,
      element("p", { class: "rk-quiet" }, gettext("If you want to, say it as a footnote to one of the two.")),
    );
  }

  /**
   * @override
   * @param {Description} description
   */
  ownLine(description) {
    const { name, when, hidden, parts, refused, language, footnotes } = description;
    const text = element("p", { class: "rk-said-text", dir: "auto", lang: language });
    if (hidden) text.append(gettext("It is kept. You see it when the second one is there."));
    if (refused) text.append(element("em", {}, `(${refused}) `));
    text.append(...parts.map(([part, chosen]) => (chosen ? element("mark", {}, part) : part)));
    const notes = footnotes.map((note) => element("p", { class: "rk-footnote", dir: "auto" }, `* ${note}`));
    const head = element("p", { class: "rk-quiet" }, `${name}, ${when}`);
    const [withdraw, footnote] = this.amending(description);
    return element("div", {}, head, text, ...notes, withdraw, ...(hidden ? [] : [footnote]));
  }
}

const render = rendering(Sheet);

export default { render };
