/** A question before something is done by which a key is lost; it shows the key, and a way to take it along. */

import { gettext } from "../../widgets/languages.js";
import { memory, place } from "./http.js";

const dialog = () => /** @type {HTMLDialogElement} */ (place("asking"));

/**
 * Return whether the person says yes.
 *
 * @param {{ title: string, words: string, yes: string }} question
 * @returns {Promise<boolean>}
 */
export function askFirst({ title, words, yes }) {
  place("asking-title").textContent = gettext(title);
  place("asking-words").textContent = gettext(words);
  place("asking-yes").textContent = gettext(yes);
  place("owner").textContent = memory.get("who");
  place("asking-key").textContent = memory.get("key");
  const shown = dialog();
  shown.returnValue = "";
  shown.showModal();
  place("asking-title").focus();
  place("asking-yes").onclick = () => shown.close("yes");
  place("asking-no").onclick = () => shown.close();
  return new Promise((resolve) => {
    shown.addEventListener("close", () => resolve(shown.returnValue === "yes"), { once: true });
  });
}
