/**
 * What somebody gives back to an image they lived with: words, a file dropped here, or a refusal.
 *
 * Files travel to the session in pieces, each asked for.
 */

import { gettext } from "../../../widgets/languages.js";
import { button, control, element, MAIN, once, row, said, textField, trigger } from "../../../widgets/parts.js";
import { ExerciseWidget, rendering } from "../../common/widget.js";

const PIECE_BYTES = 1 << 20;
const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * @typedef {import("../../common/widget.js").ImageItem & { image: string, notice: string }} Item
 * @typedef {import("../../common/widget.js").Setting & { bytes: number, letters: number }} Setting
 * @typedef {import("../../common/widget.js").Own & { image: string }} OwnGift
 * @typedef {import("../../common/widget.js").Page<OwnGift> & { burnt: string[] }} Page
 */

/** @extends {ExerciseWidget<Item, Setting, Page>} */
class GiveBack extends ExerciseWidget {
  /** @type {File | null} */
  file = null;
  /** The name of the file's way to the session. */
  upload = "";
  sending = false;
  uncovered = -1;

  ash = element("p", { class: "rk-ash" }, gettext("You burnt this one. It is no longer in your set."));
  notice = element("p", { dir: "auto" });
  cover = element(
    "div",
    { class: "rk-cover" },
    this.notice,
    trigger(gettext("Show it"), () => this.uncover()),
  );
  text = control("textarea", { rows: 4, maxlength: this.setting.letters, dir: "auto" });
  input = control("input", { type: "file", class: "rk-file" });
  choosing = element(
    "label",
    {},
    gettext("Drop a file here: image, sound, video, PDF or text. Or choose one:"),
    " ",
    this.input,
  );
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
    this.input.addEventListener("change", () => this.choose(this.input.files?.[0] ?? null));
    for (const type of /** @type {const} */ (["dragenter", "dragover", "dragleave", "drop"])) {
      this.root.addEventListener(type, (event) => this.drag(event));
    }
  }

  // -- building ------------------------------------------------------------------------------------

  /** @override */
  build() {
    const seen = element("div", { class: "rk-seen" }, this.image, this.cover, this.ash, this.credit);
    const sections = element("div", { class: "rk-sections" }, this.giving, this.status, this.buildPerson());
    return [this.header, element("div", { class: "rk-body" }, seen, sections)];
  }

  buildForm() {
    const field = (/** @type {HTMLElement} */ label, /** @type {HTMLElement} */ input) =>
      element("label", { class: "rk-field" }, label, input);
    const form = element(
      "form",
      { class: "rk-form" },
      field(element("span", { class: "rk-label" }, gettext("Your words (may stay empty beside a file)")), this.text),
      this.zone,
      field(element("span", {}, gettext("What you call yourself here (may stay empty)")), this.pseudonym),
      this.consent,
      row(button(gettext("Give it back"), { type: "submit", ...MAIN })),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    return form;
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
    if (file && file.size > most)
      this.tell(
        gettext("{name}: {size} are too much; at most {most}.", {
          name: file.name,
          size: megabytes(file.size),
          most: megabytes(most),
        }),
      );
    this.file = file && file.size <= most ? file : null;
    this.upload = once();
    this.drawFile();
  }

  drawFile() {
    const { file, held } = this;
    if (!file) this.input.value = "";
    this.chosen.textContent = file ? `${file.name}, ${megabytes(file.size)}` : "";
    this.choosing.hidden = Boolean(file);
    this.without.hidden = !file;
    if (held === this.input && file) this.without.focus();
    if (held === this.without && !file) this.input.focus();
  }

  submit() {
    const { file, upload, text } = this;
    if (this.sending) return;
    if (file) {
      this.sending = true;
      this.drawSteps();
      this.send({ act: "begin", upload, name: file.name, size: file.size });
    } else if (text.value.trim()) {
      this.give({});
    } else {
      this.tell(gettext("Write something, drop a file, or refuse."));
    }
  }

  /** @param {{ upload?: string }} file */
  give(file) {
    this.ask({ act: "give", text: this.text.value, pseudonym: this.pseudonym.value.trim(), ...file });
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
    if (next >= file.size) this.give({ upload });
    else this.send({ act: "piece", upload, at: next }, [await file.slice(next, next + PIECE_BYTES).arrayBuffer()]);
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
      this.ask({ act: "refuse", refusal, text: this.text.value, pseudonym: this.pseudonym.value.trim() });
    }
  }

  burn() {
    this.asking.hidden = true;
    this.status.focus();
    this.ask({ act: "refuse", refusal: "burn" });
  }

  spare() {
    this.asking.hidden = true;
    /** @type {HTMLElement} */ (this.refusing.lastElementChild).focus();
  }

  reset() {
    this.text.value = "";
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
    if (fault || this.acted) {
      this.sending = false;
      this.progress.hidden = true;
      this.drawSteps();
    }
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
    const { notice, image } = this.item;
    const burnt = this.page.burnt?.includes(image) ?? false;
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

  /** @override */
  drawImage() {
    this.image.removeAttribute("src");
    this.drawSeen();
  }

  /** @override */
  get heading() {
    return `${this.name}: ${this.item.title}`;
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
