/**
 * Letters: how many a text has, and whether anybody can see one, as `answers/letters.py` and `answers/messages.py` say.
 */

import { gettext } from "../../widgets/languages.js";

/** Characters that count as letters and show nothing, as `answers/letters.py` has them. */
const UNSEEN =
  /\p{Cc}|\p{Cf}|\p{Cs}|\p{Z}|\u034f|[\u115f\u1160]|[\u17b4\u17b5]|[\u2065\u2800\u3164\uffa0]|[\u180b-\u180f]|[\ufe00-\ufe0f]|[\ufff0-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/**
 * How many letters a text has, as Python counts them.
 *
 * @param {string} text
 */
const letters = (text) => [...text].length;

/**
 * Refuse a text that is too long, or nothing where there must be something.
 *
 * @param {string} name
 * @param {string} text
 * @param {number} most
 * @param {number} [least]
 */
export function checkLength(name, text, most, least = 0) {
  const found = letters(text);
  if (!text.isWellFormed()) throw new Error(gettext("{name}: something in it is no letter of any script.", { name }));
  if (found > most)
    throw new Error(gettext("{name}: {found} letters are too many; there is room for {most}.", { name, found, most }));
  const seen = text.replace(UNSEEN, "") ? letters(text.trim()) : 0;
  if (seen < least)
    throw new Error(
      gettext("{name}: nothing to be seen in it. Who has nothing to say can refuse: that is an answer too.", { name }),
    );
}
