/**
 * What a person agrees to: asked once, before the first exercise, in the words of all exercises; remembered for the
 * person, and changed in the same place.
 */

import { control, element } from "../../widgets/parts.js";
import { memory, place } from "./http.js";

/**
 * @typedef {[string, string][]} Uses uses, and their words
 * @typedef {{ title: string, setting: { uses: Uses } }} Asks an exercise
 */

const name = () => `agreed ${memory.get("who")}`;

export class Agreements {
  dialog = /** @type {HTMLDialogElement} */ (place("agreeing"));
  /** @type {HTMLInputElement[]} */
  boxes = [];

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    place("agreements").addEventListener("submit", (event) => {
      event.preventDefault();
      this.take();
    });
    place("agreeing-back").addEventListener("click", () => this.dialog.close());
  }

  get wereAsked() {
    return memory.get(name()) !== "";
  }

  /** The uses that the person has agreed to. @returns {string[]} */
  get uses() {
    return JSON.parse(memory.get(name()) || "[]");
  }

  /**
   * Write what can be agreed to: the words of all, and those of an exercise where they are others.
   *
   * @param {Uses} uses
   * @param {Asks[]} exercises
   */
  draw(uses, exercises) {
    const lines = uses.map(([use, words]) => this.line(use, words, exercises));
    this.boxes = lines.map(({ box }) => box);
    place("agreeing-uses").replaceChildren(...lines.map(({ label }) => label));
  }

  /**
   * @param {string} use
   * @param {string} words
   * @param {Asks[]} exercises
   */
  line(use, words, exercises) {
    const box = control("input", { type: "checkbox", value: use });
    const others = exercises.flatMap(({ title, setting }) => {
      const own = setting.uses.find(([each]) => each === use)?.[1] ?? words;
      return own === words ? [] : [element("span", { class: "rk-beside" }, element("b", {}, title), `: ${own}`)];
    });
    const label = element("label", { class: "rk-use" }, box, element("span", {}, words, ...others));
    return { box, label };
  }

  /** Ask for the first time; the exercises wait. */
  ask() {
    this.show();
    this.dialog.show();
    place("agreeing-title").focus();
  }

  /**
   * Let the person change what they agreed to.
   *
   * @param {string} [use] what they would have to agree to, for what they wanted
   * @param {string} [why] in words
   */
  change(use = "", why = "") {
    this.show();
    place("agreeing-why").textContent = why;
    if (!this.dialog.open) this.dialog.showModal();
    (this.boxes.find(({ value }) => value === use) ?? place("agreeing-title")).focus();
  }

  show() {
    const agreed = new Set(this.uses);
    for (const box of this.boxes) box.checked = agreed.has(box.value);
    place("agreeing-later").hidden = !this.wereAsked;
    place("agreeing-back").hidden = !this.wereAsked;
  }

  take() {
    const agreed = this.boxes.flatMap(({ checked, value }) => (checked ? [value] : []));
    memory.set(name(), JSON.stringify(agreed));
    this.dialog.close();
    this.changed();
  }
}
