/**
 * Confirming: a question with yes and no, before what cannot be taken back.
 */

import { gettext } from "../../widgets/languages.js";
import { place } from "./http.js";

/** @typedef {{ title: string, words: string, yes: string }} Question marked messages; `words` may be somebody's own */

/**
 * Ask; return whether the answer is yes.
 *
 * @param {Question} question
 * @returns {Promise<boolean>}
 */
export function confirmed({ title, words, yes }) {
  const dialog = /** @type {HTMLDialogElement} */ (place("asking"));
  place("asking-title").textContent = gettext(title);
  place("asking-words").textContent = gettext(words);
  place("asking-yes").textContent = gettext(yes);
  return new Promise((resolve) => {
    place("asking-yes").onclick = () => dialog.close("yes");
    place("asking-no").onclick = () => dialog.close("no");
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
    dialog.returnValue = "no";
    dialog.showModal();
    place("asking-title").focus();
  });
}
