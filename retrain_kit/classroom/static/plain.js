/**
 * What an exercise without a script of its own shows on the wall: drawings, and lists of lines, as many as there is
 * room for; of the rest, the number.
 */

import { overflows } from "../../exercises/common/wall.js";
import { gettext } from "../../widgets/languages.js";
import { element } from "../../widgets/parts.js";

/**
 * @typedef {object} Plain
 * @property {{ title: string, words: string, address: string }[]} drawings
 * @property {{ title: string, lines: string[] }[]} lists
 */

/**
 * @param {HTMLElement} host
 * @param {Plain} shown
 */
export function drawPlain(host, { drawings, lists }) {
  const figures = drawings.map(({ title, words, address }) =>
    element("figure", {}, element("img", { src: address, alt: words }), element("figcaption", {}, title)),
  );
  const root = element("div", { class: "rk-plain" }, ...figures);
  host.replaceChildren(root);
  for (const { title, lines } of lists) {
    const list = element("ul", {});
    root.append(element("section", {}, ...(title ? [element("h2", {}, title)] : []), list));
    fill(list, lines, host);
  }
}

/**
 * @param {HTMLElement} list
 * @param {string[]} lines
 * @param {HTMLElement} host
 */
function fill(list, lines, host) {
  for (const [number, line] of lines.entries()) {
    list.append(element("li", { dir: "auto" }, line));
    if (!overflows(host)) continue;
    while (list.children.length > 1 && overflows(host)) list.lastElementChild?.remove();
    list.lastElementChild?.replaceChildren(
      gettext("{count} more", { count: lines.length - Math.max(0, Math.min(number, list.children.length - 1)) }),
    );
    return;
  }
}
