/**
 * What somebody gives back to an image they lived with: words, a file dropped here, or a refusal.
 *
 * Files travel to the session in pieces, each asked for.
 */

import { gettext } from "../../../widgets/languages.js";
import { button, control, element, MAIN, once, row, said, textField, trigger } from "../../../widgets/parts.js";
import { ExerciseWidget, rendering } from "../../common/widget.js";
import { CardChooser } from "../card.js";

const PIECE_BYTES = 1 << 20;
const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
let groups = 0;

/**
 * @typedef {import("../../common/widget.js").ImageItem & { image: string, notice: string }} Item
 * @typedef {{ credit: string, questions: [string, string, string][] }} Asked whose questions; of each its key, the English,
 *   and what stands beside
 * @typedef {import("../../common/widget.js").Setting & {
 *   bytes: number, letters: number, asked: Asked[], cards?: boolean, alone?: boolean,
 * }} Setting `alone` is a page that has no server
 * @typedef {import("../../common/widget.js").Own & { image: string }} OwnGift
 * @typedef {import("../../common/widget.js").Page<OwnGift> & { burnt: string[] | boolean, goes?: string[] }
 *   & import("../card.js").CardPage} Page `goes` are the records that burning takes
 */

/** @extends {ExerciseWidget<Item, Setting, Page>} */
class GiveBack extends ExerciseWidget {
  /** @type {File | null} */
  file = null;
  /** The name of the file's way to the session. */
  upload = "";
  sending = false;
  uncovered = -1;

  chooser = new CardChooser((act) => this.send(act));
  ash = element("p", { class: "rk-ash" }, gettext("You burnt this one. It is no longer in your set."));
  notice = element("p", { dir: "auto" });
  cover = element(
    "div",
    { class: "rk-cover" },
    this.notice,
    trigger(gettext("Show it"), () => this.uncover()),
  );
  /** @type {HTMLInputElement[]} */
  choices = [];
  questions = this.buildQuestions();
  text = control("textarea", { rows: 4, maxlength: this.setting.letters, dir: "auto" });
  choosing = this.buildChoosing();
  chosen = element("span", { class: "rk-chosen", dir: "auto" });
  without = trigger(gettext("Without the file"), () => this.choose(null), { hidden: "" });
  progress = element("progress", { max: 1, value: 0, hidden: "", "aria-label": gettext("Sending the file") });
  zone = element("div", { class: "rk-zone" }, this.choosing, row(this.chosen, this.without), this.progress);
  pseudonym = textField("", { maxlength: 100 });
  refusing = this.buildRefusals();
  sure = trigger(gettext("Yes, burn it for good"), () => this.burn());
  asking = element(
    "div",
    { class: "rk-row rk-asking", hidden: "" },
    element(
      "p",
      {},
      gettext("It leaves your set, and all you said of it goes. What stays is that something was refused, and when."),
    ),
    this.sure,
    trigger(gettext("No"), () => this.spare()),
  );
  giving = element("div", { class: "rk-giving" }, this.buildForm(), element("div", {}, this.refusing, this.asking));

  /** @param {import("../../common/widget.js").Model} model */
  constructor(model) {
    const [previous, next] = [gettext("Previous card"), gettext("Next card")];
    super(model, { style: "returns", name: gettext("What comes back"), previous, next });
    this.mine.setAttribute("aria-label", gettext("What you gave back"));
    for (const type of /** @type {const} */ (["dragenter", "dragover", "dragleave", "drop"])) {
      this.root.addEventListener(type, (event) => this.drag(event));
    }
  }

  // -- building ------------------------------------------------------------------------------------

  /** @override */
  build() {
    const seen = element("div", { class: "rk-seen" }, this.image, this.cover, this.ash, this.credit);
    const sections = element("div", { class: "rk-sections" }, this.giving, this.status, this.buildPerson());
    if (!this.setting.cards) return [this.header, element("div", { class: "rk-body" }, seen, sections)];
    this.header.append(this.chooser.root);
    sections.prepend(this.ash);
    sections.append(this.credit);
    return [this.header, element("div", { class: "rk-body" }, sections)];
  }

  buildForm() {
    const { cards } = this.setting;
    const words = element(
      "label",
      { class: "rk-field rk-entry" },
      element("span", { class: "rk-label" }, gettext("Your words (may stay empty beside a file)")),
      this.text,
    );
    const called = element(
      "label",
      { class: "rk-field" },
      element("span", {}, gettext("What you call yourself here (may stay empty)")),
      this.pseudonym,
    );
    const form = element(
      "form",
      { class: "rk-form" },
      this.questions,
      words,
      this.zone,
      ...(cards ? [] : [called]),
      this.consent,
      row(button(gettext("Give it back"), { type: "submit", ...MAIN })),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    return form;
  }

  /** Return the questions of the assignment and of Acapulco, beside each other: which one is answered may be said. */
  buildQuestions() {
    groups += 1;
    const name = `rk-question-${groups}`;
    const parts = this.setting.asked.map(({ credit, questions }) =>
      element(
        "div",
        {},
        ...questions.map((each) => this.buildQuestion(name, each)),
        element("p", { class: "rk-credit" }, credit),
      ),
    );
    const legend = element("legend", {}, gettext("What do you answer? You need not choose."));
    return element("fieldset", { class: "rk-questions" }, legend, element("div", { class: "rk-two" }, ...parts));
  }

  /**
   * @param {string} name
   * @param {[string, string, string]} question
   */
  buildQuestion(name, [key, english, beside]) {
    const box = control("input", { type: "radio", name, value: key });
    this.choices.push(box);
    return element("label", { class: "rk-use" }, box, element("span", {}, ...this.words(english, beside)));
  }

  /** Return where a file is chosen: in a class, a photo or a sound of one's phone. */
  buildChoosing() {
    const { cards, alone, bytes } = this.setting;
    const choice = (/** @type {string} */ words, /** @type {object} */ kinds) => {
      const input = control("input", { type: "file", class: "rk-file", ...kinds });
      input.addEventListener("change", () => this.choose(input.files?.[0] ?? null));
      return element("label", {}, `${words} `, input);
    };
    if (alone)
      return element(
        "div",
        {},
        choice(gettext("Drop a file here: an image or a text. Or choose one:"), { accept: "image/*,text/plain,.txt" }),
        element(
          "p",
          { class: "rk-quiet" },
          gettext(
            "Where an image was made, when and by which device is taken out of it. This page takes no sound, video or PDF: hand them in beside your answers.",
          ),
        ),
      );
    if (!cards)
      return element(
        "div",
        {},
        choice(gettext("Drop a file here: image, sound, video, PDF or text. Or choose one:"), {}),
      );
    return element(
      "div",
      { class: "rk-choices" },
      choice(gettext("A photo:"), { accept: "image/*" }),
      choice(gettext("Or a sound:"), { accept: "audio/*" }),
      element(
        "p",
        { class: "rk-quiet" },
        gettext("At most {size}. Where it was made, when and by which device is taken out of it.", {
          size: megabytes(bytes),
        }),
      ),
    );
  }

  // -- doing ---------------------------------------------------------------------------------------

  /** @override */
  get busy() {
    return this.sending;
  }

  /** @param {DragEvent} event */
  drag(event) {
    event.preventDefault();
    event.stopPropagation();
    this.zone.classList.toggle("rk-over", event.type === "dragenter" || event.type === "dragover");
    const files = event.type === "drop" ? (event.dataTransfer?.files ?? []) : [];
    if (files.length > 1) this.tell(gettext("One file at a time; the first was taken."));
    if (files.length) this.choose(files[0]);
  }

  /** @param {File | null} file */
  choose(file) {
    const most = this.setting.bytes;
    const isLarge = Boolean(file && file.size > most);
    this.file = isLarge ? null : file;
    this.upload = once();
    this.drawFile();
    if (file && isLarge)
      this.tell(
        gettext("{name}: {size} are too much; at most {most}.", {
          name: file.name,
          size: megabytes(file.size),
          most: megabytes(most),
        }),
      );
  }

  /** @returns {HTMLInputElement[]} */
  get inputs() {
    return [...this.choosing.querySelectorAll("input")];
  }

  drawFile() {
    const { file, held, inputs } = this;
    if (!file) for (const input of inputs) input.value = "";
    this.chosen.textContent = file ? `${file.name}, ${megabytes(file.size)}` : "";
    this.choosing.hidden = Boolean(file);
    this.without.hidden = !file;
    if (file && inputs.some((input) => input === held)) this.without.focus();
    if (held === this.without && !file) inputs[0].focus();
  }

  submit() {
    const { file, upload, text } = this;
    if (this.sending) return;
    if (file) {
      this.sending = true;
      this.tell(gettext("Sending {name}.", { name: file.name }));
      this.drawSteps();
      this.send({ act: "begin", upload, name: file.name, size: file.size });
    } else if (text.value.trim()) {
      this.give({});
    } else {
      this.tell(
        this.setting.cards
          ? gettext("Write something, choose a photo or a sound, or refuse.")
          : gettext("Write something, drop a file, or refuse."),
      );
    }
  }

  /** What stands beside a file: words, a name, the question that is answered. */
  get beside() {
    const question = this.choices.find((each) => each.checked)?.value ?? "";
    return { text: this.text.value, pseudonym: this.pseudonym.value.trim(), question };
  }

  /** @param {{ upload?: string }} file */
  give(file) {
    this.ask({ act: "give", ...this.beside, ...file });
  }

  /**
   * Send the piece of the file that the session asks for; when there is none left, give it back.
   *
   * @param {{ upload: string, next: number }} asked
   */
  async piece({ upload, next }) {
    const { file } = this;
    if (!this.sending || !file || upload !== this.upload) return;
    this.progress.hidden = false;
    this.progress.value = next / file.size;
    if (next >= file.size) {
      this.tell(gettext("It is here. It is looked through and kept."));
      this.give({ upload });
    } else this.send({ act: "piece", upload, at: next }, [await file.slice(next, next + PIECE_BYTES).arrayBuffer()]);
  }

  /**
   * @override
   * @param {string} refusal
   */
  refuse(refusal) {
    if (refusal === "burn") {
      this.asking.hidden = false;
      this.sure.focus();
    } else {
      this.ask({ act: "refuse", refusal, ...this.beside });
    }
  }

  burn() {
    this.asking.hidden = true;
    this.status.focus();
    const { goes } = this.page;
    this.ask({ act: "refuse", refusal: "burn", ...(goes ? { goes } : {}) });
  }

  spare() {
    this.asking.hidden = true;
    /** @type {HTMLElement} */ (this.refusing.lastElementChild).focus();
  }

  reset() {
    this.text.value = "";
    for (const choice of this.choices) choice.checked = false;
    this.asking.hidden = true;
    this.choose(null);
  }

  // -- hearing and drawing -------------------------------------------------------------------------

  /**
   * @override
   * @param {any} message
   */
  hear(message) {
    if (message.next === undefined) super.hear(message);
    else this.piece(message);
  }

  /**
   * The way to the session was lost: all that was chosen and written stays, and goes on where it stood.
   *
   * @override
   * @param {string} fault
   */
  stay(fault) {
    this.rest();
    super.stay(fault);
  }

  /** Nothing is on its way. */
  rest() {
    this.sending = false;
    this.progress.hidden = true;
    this.drawSteps();
  }

  /** @override */
  get item() {
    if (!this.setting.cards) return super.item;
    const { code = "", credit = "", notice = "" } = this.page.card ?? {};
    const title = code ? gettext("Card {code}", { code }) : this.items[0].title;
    return { ...this.items[0], title, credit, notice };
  }

  /** @override */
  drawItem() {
    super.drawItem();
    this.reset();
  }

  /**
   * @override
   * @param {Page} before
   */
  draw(before) {
    super.draw(before);
    const { fault, done } = this.page;
    if (fault || this.acted) this.rest();
    if (done === "give" || done === "refuse") this.reset();
    this.drawSeen();
  }

  uncover() {
    this.uncovered = this.page.index;
    this.drawSeen();
    this.status.focus();
  }

  /** Show the image, or in its place what covers it, or that it was burnt. */
  drawSeen() {
    if (this.setting.cards) {
      this.drawCard();
      return;
    }
    const { notice, image } = this.item;
    const burnt = Array.isArray(this.page.burnt) && this.page.burnt.includes(image);
    const covered = !burnt && Boolean(notice) && this.uncovered !== this.page.index;
    this.ash.hidden = !burnt;
    this.giving.hidden = this.credit.hidden = burnt;
    this.notice.textContent = notice;
    this.cover.hidden = !covered;
    this.image.hidden = burnt || covered;
    if (this.image.hidden) this.revoke();
    if (this.image.hidden) this.image.removeAttribute("src");
    else if (!this.image.hasAttribute("src")) super.drawImage();
  }

  /** Show what can be given back to a card; before one is said, or after it was burnt, nothing. */
  drawCard() {
    const { page } = this;
    const code = page.card?.code ?? "";
    if (page.card) this.chooser.draw(page, this.sending);
    this.ash.hidden = !code || !page.burnt;
    this.giving.hidden = this.credit.hidden = !code || Boolean(page.burnt);
  }

  /** @override */
  drawImage() {
    this.image.removeAttribute("src");
    this.drawSeen();
  }

  /** @override */
  get heading() {
    return this.setting.cards ? this.item.title : `${this.name}: ${this.item.title}`;
  }

  /**
   * @override
   * @param {OwnGift} record
   */
  ownLine(record) {
    return element("li", {}, said(record.text), record.image ? ` (${record.image}) ` : " ", ...this.amending(record));
  }
}

const render = rendering(GiveBack);

export default { render };
