/**
 * A conversation on the wall: one thread at a time, what was said, and beside it the footnotes that expand or challenge
 * it. The thread in which somebody spoke last stays until somebody pages on.
 */

import { gettext, ngettext } from "../../widgets/languages.js";
import { element } from "../../widgets/parts.js";
import { cut, enlarge, overflows } from "../../widgets/wall.js";
import { doesInWords, partsOf } from "./parts.js";

/** How many seconds a thread stays, once somebody has paged on. */
export const TURN_S = 20;

export const STAYS = true;

const [LARGEST, LARGEST_NOTE] = [4.6, 3.3];

/**
 * @typedef {import("./widget.js").Message} Message
 * @typedef {import("./parts.js").Note} Note
 * @typedef {{ threads: number, number: number, messages: Message[], more: number, said: number, noted: number }} Page
 */

/**
 * @param {HTMLElement} host
 * @param {Page} page
 */
export function draw(host, page) {
  let count = 0;
  /** @type {[number, Note][]} */
  const notes = [];
  const lines = page.messages.map((message) => {
    const from = count;
    count += message.notes.length;
    notes.push(...message.notes.map((note, at) => /** @type {[number, Note]} */ ([from + at + 1, note])));
    return line(message, from);
  });
  const [first, ...rest] = lines;
  const list = element("ol", { class: "rk-talk" }, ...(first ? [first] : []), ...between(page.more), ...rest);
  const margin = element("ol", { class: "rk-margin" }, ...notes.map(([number, note]) => footnote(number, note)));
  const root = element("div", { class: "rk-conversation" }, head(page), list, margin);
  if (!notes.length) root.classList.add("rk-alone");
  host.replaceChildren(root);
  fill(list, LARGEST);
  fill(margin, LARGEST_NOTE);
}

/** How many messages of the thread are not on the wall. @param {number} count */
const between = (count) =>
  count
    ? [
        element(
          "li",
          { class: "rk-more" },
          ngettext("{count} more stands in between.", "{count} more stand in between.", count),
        ),
      ]
    : [];

/** @param {Page} page */
function head({ threads, number, said, noted }) {
  const words = [
    ngettext("{count} message", "{count} messages", said),
    ...(noted ? [ngettext("{count} footnote", "{count} footnotes", noted)] : []),
  ].join(", ");
  const which = gettext("Thread {number} of {count}", { number: number + 1, count: threads });
  return element("p", { class: "rk-steps" }, element("strong", {}, which), ` · ${words}`);
}

/**
 * Set a column in the largest letters in which it has room; else each text in it is cut, and its marks with it.
 *
 * @param {HTMLElement} column
 * @param {number} largest
 */
function fill(column, largest) {
  enlarge(column, largest);
  if (!overflows(column)) return;
  column.classList.add("rk-cut");
  for (const node of /** @type {NodeListOf<HTMLElement>} */ (column.querySelectorAll(".rk-sentence"))) {
    const { text, write } = writing.get(node) ?? { text: node.textContent ?? "" };
    cut(node, text, write);
  }
}

/** How the text of an element is written. @type {WeakMap<HTMLElement, { text: string, write: (text: string) => void }>} */
const writing = new WeakMap();

/**
 * @param {Message} message
 * @param {number} from how many footnotes stand before its own
 */
function line({ gone, who, text, language, refused, notes, answers }, from) {
  const words = element("p", { class: "rk-sentence", dir: "auto" });
  if (language) words.lang = language;
  const instead = gone || refused ? [element("em", {}, gone || `(${refused})`), text ? " " : ""] : [];
  const write = (/** @type {string} */ shown) => {
    const parts = partsOf(
      shown,
      notes.filter(({ at }) => at <= [...shown].length),
    );
    const marked = parts.flatMap(([part, numbers]) => [part, ...(numbers.length ? [marks(numbers, from)] : [])]);
    words.replaceChildren(...instead, ...marked);
  };
  write(text);
  writing.set(words, { text, write });
  const whose = who ? [element("h3", {}, element("bdi", {}, who))] : [];
  return element("li", { class: answers ? "rk-answer" : "" }, ...whose, words);
}

/** @param {number[]} numbers @param {number} from */
const marks = (numbers, from) => element("sup", {}, numbers.map((number) => from + number).join(", "));

/**
 * @param {number} number
 * @param {Note} note
 */
function footnote(number, { who, text, language, kind }) {
  const does = doesInWords(kind);
  const words = element("p", { class: "rk-sentence", dir: "auto" }, text);
  if (language) words.lang = language;
  return element(
    "li",
    {},
    element("h3", {}, element("sup", {}, String(number)), " ", element("bdi", {}, who), ` ${does}`),
    words,
  );
}

/** What an empty wall says beside the question. */
export const invitation = () => gettext("Write from your phone. What you agree to show appears here.");
