/**
 * Polyphony on the wall: one lineage at a time, a first sentence and what others and its author made of it, and beside
 * it in numbers what became of its words. Nobody is named.
 */

import { gettext, marked, ngettext } from "../../widgets/languages.js";
import { element } from "../../widgets/parts.js";
import { cut, enlarge, overflows } from "../../widgets/wall.js";

/** How many seconds a lineage stays. */
export const TURN_S = 20;

/** Each prompt is asked once the one before it is answered. */
export const PROMPTS_ARE_STEPS = true;

/** @type {Record<string, string>} */
const STEPS = {
  first: marked("First sentence"),
  improvement: marked("Improved by somebody else"),
  new: marked("Written anew"),
};
/** @type {Record<string, string>} */
const REFUSED = {
  nothing: marked("nothing to say"),
  "no-answer": marked("chose not to answer"),
  burn: marked("burnt it"),
};
const NO_WORDS = marked("no words");
const BEFORE = marked("What it grew out of");
const LARGEST = 5;

/**
 * @typedef {object} Sentence
 * @property {string} step
 * @property {string} language
 * @property {string} withdrawn
 * @property {string} refusal
 * @property {[string, boolean][]} parts its text, and whether each part is a word that survives all rewritings
 * @typedef {{ word: string, last: number, of: number }} Survival
 * @typedef {{ word: string, dropped: number, kept: number }} Dissent
 * @typedef {object} Page
 * @property {number} lineages
 * @property {number} number
 * @property {[number, number, number]} steps
 * @property {Sentence[]} sentences
 * @property {number} more
 * @property {Survival[]} kept
 * @property {Dissent[]} dropped
 * @property {[number, number]} left how many words more there are under each head
 */

/**
 * @param {HTMLElement} host
 * @param {Page} page
 */
export function draw(host, page) {
  const list = element("ol", { class: "rk-lineage" }, ...page.sentences.map(sentence));
  if (page.more)
    list.append(element("li", { class: "rk-more" }, gettext("{count} more grew out of it.", { count: page.more })));
  const words = element("div", { class: "rk-words" });
  const head = element(
    "p",
    { class: "rk-steps" },
    element("strong", {}, gettext("Lineage {number} of {count}", { number: page.number + 1, count: page.lineages })),
    ` · ${steps(page.steps)}`,
  );
  host.replaceChildren(element("div", { class: "rk-polyphony" }, head, list, words));
  drawSentences(list);
  if (page.sentences.length > 1) drawWords(words, page);
}

/**
 * Say all sentences in the same voice: in the largest letters in which they have room, else cut.
 *
 * @param {HTMLElement} list
 */
function drawSentences(list) {
  enlarge(list, LARGEST);
  if (!overflows(list)) return;
  const said = /** @type {HTMLElement[]} */ ([...list.querySelectorAll(".rk-sentence")]);
  list.classList.add("rk-cut");
  for (const node of said) cut(node, node.textContent ?? "");
}

/** @param {Sentence} said */
function sentence({ step, language, withdrawn, refusal, parts }) {
  const gone = withdrawn ? gettext("Withdrawn, {day}.", { day: withdrawn }) : gettext("It is not here.");
  const none = step ? `(${gettext(REFUSED[refusal] ?? NO_WORDS)})` : gone;
  const words = parts.map(([part, survives]) => (survives ? element("strong", {}, part) : part));
  const node = element("p", { class: "rk-sentence", dir: "auto" }, ...(parts.length ? words : [none]));
  if (language) node.lang = language;
  return element("li", {}, element("h3", {}, gettext(STEPS[step] ?? BEFORE)), node);
}

/** @param {[number, number, number]} counts */
function steps([first, improved, anew]) {
  return [
    ngettext("{count} first sentence", "{count} first sentences", first),
    gettext("{count} improved", { count: improved }),
    gettext("{count} written anew", { count: anew }),
  ].join(", ");
}

/**
 * Show as many words as there is room for; of how many more there are, the number. Where nobody has rewritten a
 * sentence yet, there is nothing to say of its words.
 *
 * @param {HTMLElement} host
 * @param {Page} page
 */
function drawWords(host, { kept, dropped, left }) {
  for (let [some, others] = [kept.length, dropped.length]; ; ) {
    host.replaceChildren(
      ...table(gettext("Agreement"), kept.slice(0, some).map(survival), left[0] + kept.length - some, NO_AGREEMENT),
      ...table(
        gettext("Dissent"),
        dropped.slice(0, others).map(dissent),
        left[1] + dropped.length - others,
        NO_DISSENT,
      ),
    );
    for (const term of /** @type {NodeListOf<HTMLElement>} */ (host.querySelectorAll(".rk-term")))
      cut(term, term.textContent ?? "");
    if (!overflows(host) || some + others < 2) return;
    if (others >= some) others -= 1;
    else some -= 1;
  }
}

const NO_AGREEMENT = marked("No word of it survives all rewritings.");
const NO_DISSENT = marked("No rewriting has dropped a word of it.");

/**
 * @param {string} title
 * @param {HTMLElement[]} rows
 * @param {number} more
 * @param {string} none
 */
function table(title, rows, more, none) {
  const rest = more ? [element("li", {}, ngettext("{count} more word", "{count} more words", more))] : [];
  const body = rows.length + more ? element("ul", {}, ...rows, ...rest) : element("p", {}, gettext(none));
  return [element("h3", {}, title), body];
}

/** @param {Survival} found */
function survival({ word, last, of }) {
  return row(word, gettext("{count} of {all} end on it", { count: last, all: of }), last / Math.max(1, of), 0);
}

/** @param {Dissent} found */
function dissent({ word, dropped, kept }) {
  const every = Math.max(1, dropped + kept);
  return row(word, gettext("{dropped} dropped, {kept} kept", { dropped, kept }), kept / every, dropped / every);
}

/**
 * @param {string} word
 * @param {string} told
 * @param {number} kept
 * @param {number} dropped
 */
function row(word, told, kept, dropped) {
  const bar = element("span", { class: "rk-shares", "aria-hidden": "true" });
  for (const [name, share] of Object.entries({ kept, dropped })) {
    const part = element("span", { class: `rk-${name}` });
    part.style.width = `${100 * share}%`;
    if (share) bar.append(part);
  }
  const term = element("bdi", { class: "rk-term" }, word);
  return element("li", {}, term, element("span", {}, told), bar);
}

/** What an empty wall says beside the prompt: nothing more. */
export const invitation = () => "";
