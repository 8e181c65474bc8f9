/**
 * The language of a page: its reader chooses one, else their browser has. The class is told with each request, and has
 * the words.
 */

import { speak, speakHtml, unreviewed } from "../../widgets/languages.js";
import { element } from "../../widgets/parts.js";
import { memory, place, told } from "./http.js";

/** Speak the reader's language. It comes before anything is put on the page; where it cannot be had, it is English. */
export async function speakToReader() {
  /** @type {import("../../widgets/languages.js").Speech} */
  const speech = await told("/words");
  speak(speech);
  speakHtml();
  drawChoice(speech);
}

/**
 * Let the reader choose another language.
 *
 * @param {() => unknown} follow says anew what is not in the HTML of the page
 */
export function offerLanguages(follow) {
  place("language").addEventListener("change", async ({ target }) => {
    memory.set("language", /** @type {HTMLSelectElement} */ (target).value);
    await speakToReader();
    await follow();
  });
}

/** @param {import("../../widgets/languages.js").Speech} speech */
function drawChoice({ language, languages = [] }) {
  const select = /** @type {HTMLSelectElement} */ (place("language"));
  select.replaceChildren(...languages.map(([tag, name]) => element("option", { value: tag, lang: tag }, name)));
  select.value = language;
  place("unreviewed").textContent = unreviewed();
}
