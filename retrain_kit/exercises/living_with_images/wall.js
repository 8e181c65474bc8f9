/**
 * Living with images on the wall: how many have written, then one card at a time, each first text beside its second, or
 * what came back to it. Nobody is named.
 */

import { gettext, marked, ngettext } from "../../widgets/languages.js";
import { element } from "../../widgets/parts.js";
import { cut, enlarge, overflows } from "../../widgets/wall.js";

/** How many seconds a card stays. */
export const TURN_S = 16;

const LARGEST = 4.4;
/** @type {Record<string, string>} */
const SORTS = {
  first: marked("At first sight"),
  second: marked("After living with it"),
  "living-with-images-return": marked("What comes back"),
};

/**
 * @typedef {{ first: string, second: string }} Pair
 * @typedef {object} Page the first one has `counts` alone: by sort, people, answers and refusals
 * @property {[string, number, number, number][]} [counts]
 * @property {string} card
 * @property {string} image
 * @property {string} alt
 * @property {Pair[]} [pairs]
 * @property {string} text
 * @property {string} language
 * @property {string} given
 * @property {boolean} sound
 * @property {string} question
 */

/**
 * @param {HTMLElement} host
 * @param {Page} page
 */
export function draw(host, page) {
  const { counts, pairs } = page;
  const root = element("div", { class: counts ? "rk-living rk-counts" : "rk-living" });
  host.replaceChildren(root);
  if (counts) root.append(...counts.map(counted));
  else drawCard(root, page, pairs ? pairs.flatMap(pair) : given(page));
}

/** @param {Page} page */
export function invitation({ counts = [] }) {
  const returns = counts.some(([sort]) => sort === "living-with-images-return");
  return returns
    ? gettext("Give back what you wish, from your phone: words, a photo, a sound. Or nothing, or a refusal.")
    : gettext("Take your card in your hand, and type its code on your phone.");
}

/** @param {[string, number, number, number]} counts */
function counted([sort, people, answers, refusals]) {
  const lines = [
    ngettext("{count} person", "{count} people", people),
    ngettext("{count} answer", "{count} answers", answers),
    ...(refusals ? [ngettext("{count} of them a refusal", "{count} of them refusals", refusals)] : []),
  ];
  return element(
    "section",
    {},
    element("h3", {}, gettext(SORTS[sort] ?? sort)),
    ...lines.map((line) => element("p", {}, line)),
  );
}

/**
 * The card on the left, and on the right what people say of it, in the largest letters for which there is room.
 *
 * @param {HTMLElement} root
 * @param {Page} page
 * @param {HTMLElement[]} parts
 */
function drawCard(root, { card, image, alt }, parts) {
  const shown = image ? [element("img", { src: image, alt })] : [];
  const caption = element("figcaption", {}, gettext("Card {code}", { code: card }));
  const said = element("div", { class: "rk-beside-card" }, ...parts);
  root.append(element("figure", {}, ...shown, caption), said);
  enlarge(said, LARGEST);
  if (!overflows(said)) return;
  said.classList.add("rk-cut");
  for (const node of /** @type {NodeListOf<HTMLElement>} */ (said.querySelectorAll(".rk-sentence")))
    cut(node, node.textContent ?? "");
}

/** @param {Pair} pair */
function pair({ first, second }) {
  return [column(gettext(SORTS.first), first), column(gettext(SORTS.second), second)];
}

/**
 * @param {string} head
 * @param {string} text
 */
function column(head, text) {
  return element(
    "section",
    {},
    element("h3", {}, head),
    element("p", { class: "rk-sentence", dir: "auto" }, text || "–"),
  );
}

/** @param {Page} page */
function given({ text, language, given: address, sound, question }) {
  const words = element("p", { class: "rk-sentence", dir: "auto" }, text);
  if (language) words.lang = language;
  const parts = [
    ...(question ? [element("p", { class: "rk-quiet", lang: "en" }, question)] : []),
    ...(address ? [element("img", { src: address, alt: gettext("A photo that was given back.") })] : []),
    ...(sound ? [element("p", {}, gettext("A sound was given back."))] : []),
    ...(text ? [words] : []),
  ];
  return [element("section", { class: "rk-gift" }, ...parts)];
}
