/**
 * Walls: what the scripts have in common that draw for a whole room. Everything is measured in hundredths of the
 * screen's height, on a screen at least as wide as 4 : 3; no letters are smaller than `LEAST` of them.
 */

/** The height of the smallest letters: a fortieth of the screen's. */
export const LEAST = 2.5;

/** Return how many pixels a hundredth of the screen's height has; on a narrow screen, of what a 4 : 3 one would have. */
export const unit = () => Math.min(window.innerHeight / 100, (window.innerWidth * 3) / 400);

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element of a drawing.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string)} children
 */
export function drawn(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return /** @type {SVGElement} */ (node);
}

/** @param {HTMLElement} node */
export const overflows = (node) => node.scrollHeight > node.clientHeight + 1 || node.scrollWidth > node.clientWidth + 1;

/**
 * Set letters as large as they fit, at most `most` and at least `LEAST` hundredths of the screen's height.
 *
 * @param {HTMLElement} node of a given height, whose letters follow its own
 * @param {number} most
 */
export function enlarge(node, most) {
  const px = unit();
  for (let size = most; ; size = Math.max(LEAST, size * 0.93)) {
    node.style.fontSize = `${size * px}px`;
    if (size === LEAST || !overflows(node)) return;
  }
}

/**
 * Shorten a text until it fits, and say so by an ellipsis; whole letters alone are left out.
 *
 * @param {HTMLElement} node of a given height
 * @param {string} text
 * @param {(text: string) => void} [write] puts a shorter text where it belongs
 */
export function cut(node, text, write = (shorter) => node.replaceChildren(shorter)) {
  write(text);
  if (!overflows(node)) return;
  const letters = Array.from(new Intl.Segmenter().segment(text.slice(0, 2000)), ({ segment }) => segment);
  let [fits, fails] = [0, letters.length];
  while (fails - fits > 1) {
    const half = (fits + fails) >> 1;
    write(`${letters.slice(0, half).join("").trimEnd()}…`);
    if (overflows(node)) fails = half;
    else fits = half;
  }
  write(`${letters.slice(0, fits).join("").trimEnd()}…`);
}

const REACHED_MS = 4000;

/** Let the buttons of a wall be seen while the mouse moves. @param {HTMLElement} wall */
export function reach(wall) {
  /** @type {number | undefined} */
  let reached;
  window.addEventListener("pointermove", () => {
    wall.classList.add("rk-reached");
    clearTimeout(reached);
    reached = setTimeout(() => wall.classList.remove("rk-reached"), REACHED_MS);
  });
}

/** Whether people ask for less motion: nothing moves by itself then. */
export const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
