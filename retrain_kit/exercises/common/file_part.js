/**
 * *I have a file*: what somebody said elsewhere, as a file that they saved there. It is shown as it is; who gives the
 * key that belongs to it goes on from there.
 */

import { gettext } from "../../widgets/languages.js";
import { control, element, folded, row, said, textField, trigger } from "../../widgets/parts.js";

/** @typedef {{ people: string[], said: string[] }} Brought */

export class FilePart {
  text = "";

  input = control("input", { type: "file", accept: ".jsonl" });
  whose = element("p");
  lines = element("ul");
  key = textField(gettext("The key of this file: eight words"), { spellcheck: "false" });
  seen = element("div", { hidden: "" }, this.whose, this.lines);
  root = folded(
    gettext("I have a file"),
    element("label", {}, gettext("My answers, as I saved them:"), " ", this.input),
    this.seen,
  );

  /** @param {(act: { act: string, [field: string]: unknown }) => void} send */
  constructor(send) {
    this.send = send;
    this.seen.append(
      row(
        this.key,
        trigger(gettext("Go on with it"), () => this.goOn()),
      ),
    );
    this.input.addEventListener("change", () => this.look());
  }

  async look() {
    this.seen.hidden = true;
    const file = this.input.files?.[0];
    if (!file) return;
    this.text = await file.text();
    this.send({ act: "open-file", file: this.text });
  }

  goOn() {
    this.send({ act: "bring", file: this.text, key: this.key.value });
  }

  /** @param {Brought} brought */
  hear({ people, said: texts }) {
    this.seen.hidden = false;
    this.whose.textContent = gettext("What {who} said:", { who: people.join(", ") });
    this.lines.replaceChildren(...texts.map((text) => element("li", {}, said(text))));
    this.key.focus();
  }

  /** Let go of what was shown, as where somebody else sits down. */
  forget() {
    this.text = this.input.value = this.key.value = "";
    this.seen.hidden = true;
    this.root.open = false;
  }
}
