/**
 * The parts of a message: its text, cut where the marks of footnotes stand, and the sentences that a footnote may be
 * about. Places are counted in whole characters, as Python counts them.
 */

import { gettext, marked } from "../../widgets/languages.js";

/**
 * @typedef {{ record: string, who: string, day: string, text: string, language: string, kind: string, at: number,
 *   keeper?: string }} Note
 */

/** What a footnote does to what it stands beside. @type {Record<string, string>} */
const DOES = { expands: marked("expands"), challenges: marked("challenges") };
const ADDS = marked("adds");

/** @param {string} kind */
export const doesInWords = (kind) => gettext(DOES[kind] ?? ADDS);

/**
 * Return a text in parts, each with the numbers of the footnotes whose marks stand behind it.
 *
 * @param {string} text
 * @param {Note[]} notes in the order of their places
 * @returns {[string, number[]][]}
 */
export function partsOf(text, notes) {
  const signs = [...text];
  /** @type {[string, number[]][]} */
  const parts = [];
  let from = 0;
  for (const [number, { at }] of notes.entries()) {
    const last = parts.at(-1);
    if (last && at === from) last[1].push(number + 1);
    else parts.push([signs.slice(from, at).join(""), [number + 1]]);
    from = at;
  }
  const rest = signs.slice(from).join("");
  return rest ? [...parts, [rest, []]] : parts;
}

/**
 * Return the sentences of a text, each with the place of its end.
 *
 * @param {string} text
 * @param {string} language
 * @returns {[string, number][]}
 */
export function sentencesOf(text, language) {
  let at = 0;
  return [...new Intl.Segmenter(language || undefined, { granularity: "sentence" }).segment(text)].flatMap(
    ({ segment }) => {
      const before = at;
      at += [...segment].length;
      const words = segment.trim();
      return words ? [[words, before + [...segment.trimEnd()].length]] : [];
    },
  );
}
