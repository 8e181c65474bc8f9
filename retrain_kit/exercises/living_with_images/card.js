/**
 * The card in somebody's hand: they type the code that stands on it, or go back to one of their cards. In a class
 * alone; the image is on the card and nowhere else.
 */

import { gettext } from "../../widgets/languages.js";
import { button, element, MAIN, row, textField, trigger } from "../../widgets/parts.js";

/**
 * @typedef {object} CardPage what a page says of cards
 * @property {{ code: string, credit: string, notice: string }} card the one that is spoken of; its code is empty before
 * @property {[number, string][]} cards place and code of those that the person has spoken of
 * @property {string} who
 */

const LAST = "retrain-kit card";

/** The card that was spoken of last in this page, and by whom: the next part begins with it. */
const last = {
  /** @param {string} who */
  of(who) {
    const [whose, code] = (sessionStorage.getItem(LAST) ?? "").split(" ");
    return whose === who ? (code ?? "") : "";
  },
  /**
   * @param {string} who
   * @param {string} code
   */
  set: (who, code) => sessionStorage.setItem(LAST, `${who} ${code}`),
};

export class CardChooser {
  code = textField("", {
    id: "rk-card-code",
    autocapitalize: "characters",
    spellcheck: "false",
    maxlength: 20,
    placeholder: "XXX-XXX-XXX",
  });
  own = element("div", { class: "rk-row", hidden: "" });
  form = element(
    "form",
    { class: "rk-card-form" },
    element(
      "label",
      { class: "rk-card-code" },
      element("span", { class: "rk-label" }, gettext("The code on your card")),
      this.code,
    ),
    element("p", { class: "rk-quiet" }, gettext("Nine signs, as they stand on the card. Hyphens may be left out.")),
    row(button(gettext("This is my card"), { type: "submit", ...MAIN })),
    this.own,
  );
  another = trigger(gettext("Another card"), () => this.leave());
  root = element("div", { class: "rk-card" }, this.form, this.another);
  tried = "";

  /** @param {(act: { act: string, code?: string, index?: number }) => void} send */
  constructor(send) {
    this.send = send;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send({ act: "card", code: this.code.value });
    });
  }

  leave() {
    last.set("", "");
    this.send({ act: "go", index: 0 });
  }

  /**
   * @param {CardPage} page
   * @param {boolean} busy whether no other card can be taken now
   */
  draw({ card, cards, who }, busy) {
    if (card.code) {
      this.tried = "";
      last.set(who, card.code);
      this.code.value = "";
    }
    this.form.hidden = Boolean(card.code);
    this.another.hidden = !card.code || busy;
    const buttons = cards.map(([index, code]) => trigger(code, () => this.send({ act: "go", index })));
    this.own.hidden = !cards.length;
    this.own.replaceChildren(element("span", { class: "rk-quiet" }, gettext("Or one of yours:")), ...buttons);
    this.goOn(card.code, who);
  }

  /**
   * Go on with the card that this person spoke of in another part, or before the teacher led everybody here.
   *
   * @param {string} code
   * @param {string} who
   */
  goOn(code, who) {
    const known = last.of(who);
    if (code || !known || this.tried === known) return;
    this.tried = known;
    this.send({ act: "card", code: known });
  }
}
