/** A question before something is done by which a key is lost; it shows the key, and a way to take it along. */

import { confirmed } from "./confirming.js";
import { memory, place } from "./http.js";

/**
 * Return whether the person says yes.
 *
 * @param {import("./confirming.js").Question} question
 */
export function askFirst(question) {
  place("owner").textContent = memory.get("who");
  place("asking-key").textContent = memory.get("key");
  return confirmed(question);
}
