/**
 * Recoding Art on the wall: how many people said what of a work, and what they wrote. The answers stand in the order in
 * which they are asked, each in the same size and colour whatever its number is: nothing here is a verdict. Nobody is
 * named, but machines are.
 */

import { gettext, marked, ngettext } from "../../widgets/languages.js";
import { element } from "../../widgets/parts.js";
import { cut, enlarge, overflows } from "../../widgets/wall.js";

/** How many seconds a page stays. */
export const TURN_S = 16;

/** The first page has no word of a machine, and stays until somebody pages on. */
export const STAYS = true;

const LARGEST = 4.6;
const LARGEST_COUNT = 7;
/** As in the style sheet: how high a line is, in letters. Of what is too long so many lines are left at most. */
const LINE = 1.25;
const MOST_LINES = 8;
/** Up to so many people each have a mark of their own. */
const MOST_MARKS = 40;
const REFUSED = marked("Refused");
const OPEN = marked("Left open");
const INVITATION = marked("Look at it, and answer on your phone. I don't know is an answer, and so is a refusal.");
const ABOUT = marked("Counts of people, each once. They are no verdict.");

/**
 * @typedef {{ text: string, credit: string, words: string }} Machine
 * @typedef {object} Page
 * @property {number} number
 * @property {number} pages
 * @property {[string, string, number][]} answers in English, what stands beside it, and how many people gave it
 * @property {number} refused
 * @property {number} open
 * @property {number} people
 * @property {{ text: string, language: string }[]} lines
 * @property {number} total of lines
 * @property {string} label what the museum says
 * @property {Machine[]} machines
 */

/**
 * @param {HTMLElement} host
 * @param {Page} page
 */
export function draw(host, page) {
  const counts = element("ul", { class: "rk-art-counts" }, ...answers(page).map((answer) => counted(answer, page)));
  const people = element("section", { class: "rk-art-people" }, element("h3", {}, heading(page)), ...lines(page));
  const beside = besides(page);
  const root = element("div", { class: "rk-recoding-art" }, counts, people, ...beside);
  root.classList.toggle("rk-with-machines", beside.length > 0);
  host.replaceChildren(root);
  enlarge(counts, LARGEST_COUNT);
  settle([people, ...beside]);
}

/** @param {Page} page @returns {[string, string, number][]} */
function answers({ answers: given, refused, open }) {
  return [
    ...given,
    [gettext(REFUSED), "", refused],
    .../** @type {[string, string, number][]} */ (open ? [[gettext(OPEN), "", open]] : []),
  ];
}

/**
 * @param {[string, string, number]} answer
 * @param {Page} page
 */
function counted([english, beside, count], { people }) {
  const marks = people <= MOST_MARKS ? Array.from({ length: count }, () => element("i")) : [];
  const name = element("span", { class: "rk-name" }, english);
  const translated = beside ? [element("span", { class: "rk-beside" }, beside)] : [];
  const number = element("span", { class: "rk-number" }, String(count));
  const row = element("span", { class: "rk-marks", "aria-hidden": "true" }, ...marks);
  return element("li", {}, number, name, ...translated, row);
}

/** @param {Page} page */
function heading({ number, total, lines: shown }) {
  if (!total) return gettext("Nobody has described it yet.");
  if (!number && shown.length < total)
    return gettext("The latest {number} of {count} descriptions", { number: shown.length, count: total });
  return ngettext("{count} description", "{count} descriptions", total);
}

/** @param {Page} page */
function lines({ lines: shown }) {
  return shown.map(({ text, language }) => {
    const node = element("p", { class: "rk-sentence", dir: "auto" }, text);
    if (language) node.lang = language;
    return node;
  });
}

/** @param {Page} page */
function besides({ label, machines }) {
  const museum = label
    ? [
        element("h3", {}, gettext("What is written beside it")),
        element("p", { class: "rk-sentence", dir: "auto" }, label),
      ]
    : [];
  const said = machines.flatMap(({ text, credit, words }) => [
    element("p", { class: "rk-sentence", dir: "auto" }, text),
    element("p", { class: "rk-machine" }, [credit, words].filter(Boolean).join(". ")),
  ]);
  const heard = said.length ? [element("h3", {}, gettext("What machines say")), ...said] : [];
  const all = [...museum, ...heard];
  return all.length ? [element("section", { class: "rk-art-machines" }, ...all)] : [];
}

/**
 * Set people and machines in the same letters, the largest in which all have room; else shorten.
 *
 * @param {HTMLElement[]} columns
 */
function settle(columns) {
  for (const column of columns) enlarge(column, LARGEST);
  const size = Math.min(...columns.map((column) => Number.parseFloat(column.style.fontSize)));
  for (const column of columns) {
    column.style.fontSize = `${size}px`;
    shorten(column);
  }
}

/**
 * Shorten the longest sentences to as many lines as there is room for.
 *
 * @param {HTMLElement} column
 */
function shorten(column) {
  const sentences = /** @type {HTMLElement[]} */ ([...column.querySelectorAll(".rk-sentence")]);
  for (let most = MOST_LINES; most && overflows(column); most -= 1)
    for (const each of sentences) each.style.maxHeight = `${most * LINE}em`;
  for (const each of sentences) cut(each, each.textContent ?? "");
}

/** What an empty wall says beside the prompt. */
export const invitation = () => gettext(INVITATION);

/** What a wall says beside the counts. @param {Page} page */
export const legend = ({ people }) => [
  element("p", {}, `${ngettext("{count} person", "{count} people", people)}. ${gettext(ABOUT)}`),
];
