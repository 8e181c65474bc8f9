/**
 * Informational surfaces on the wall: the tracks of hands, on white, all of an image at once or one at a time. A track
 * grows as the hand went, never faster; one that was seen growing stays whole. Nothing of the image comes in here.
 */

import { gettext, marked, ngettext } from "../../widgets/languages.js";
import { element } from "../../widgets/parts.js";
import { calm, cut, drawn, enlarge, unit } from "../../widgets/wall.js";

/** How many seconds a track stays, once it is whole. */
export const TURN_S = 14;

/** All tracks at once stay until somebody pages on. */
export const STAYS = true;

const LONGEST_S = 60;
const SHORTEST_S = 6;
const GAP = 1.2;
const LINE = 0.35;
const LINE_OF_ONE = 0.55;
const SMALLEST_LINE_PX = 1.6;
const LARGEST = 4.6;
const TEXT_ROOM = 15;

/**
 * @typedef {[number, number, number]} Point x and y in thousandths of the frame's longer side, and seconds
 * @typedef {object} Track
 * @property {string} id
 * @property {[number, number]} size
 * @property {Point[][]} ways
 * @property {Point[]} places
 * @property {number} seconds
 * @property {string} words
 * @typedef {object} Page
 * @property {number} total
 * @property {number} number 0 for all tracks at once
 * @property {Track[]} tracks
 * @property {string} text
 * @property {string} language
 */

/** The tracks that were seen growing. @type {Set<string>} */
const grown = new Set();

/**
 * @param {HTMLElement} host
 * @param {Page} page
 */
export function draw(host, page) {
  const one = page.number > 0;
  const head = element("p", { class: "rk-steps" }, heading(page));
  const sheets = element("ul", { class: "rk-sheets" });
  const text = element("p", { class: "rk-sentence", dir: "auto" }, page.text);
  if (page.language) text.lang = page.language;
  host.replaceChildren(element("div", { class: "rk-surfaces" }, head, sheets, ...(page.text ? [text] : [])));
  if (page.text) {
    text.style.height = `${TEXT_ROOM * unit()}px`;
    enlarge(text, LARGEST);
    cut(text, page.text);
  }
  const line = Math.max(SMALLEST_LINE_PX, (one ? LINE_OF_ONE : LINE) * unit());
  const { width, height, columns } = arranged(page.tracks, sheets.clientWidth, sheets.clientHeight);
  sheets.style.gridTemplateColumns = `repeat(${columns}, max-content)`;
  for (const track of page.tracks) {
    const scale = Math.min(width / track.size[0], height / track.size[1]);
    sheets.append(element("li", {}, sheet(track, scale, line, one)));
  }
}

/** @param {Page} page */
function heading({ total, number, tracks }) {
  if (number) return gettext("Track {number} of {count}", { number, count: total });
  const words = { number: tracks.length, count: total };
  if (tracks.length < total) return gettext("The latest {number} of {count} tracks", words);
  return ngettext("{count} track", "{count} tracks", total);
}

/**
 * Return the number of columns in which sheets are largest, and how large.
 *
 * @param {Track[]} tracks
 * @param {number} width
 * @param {number} height
 */
function arranged(tracks, width, height) {
  const gap = GAP * unit();
  const [wide, high] = [0, 1].map((side) => Math.max(...tracks.map(({ size }) => size[side])));
  const ways = tracks.map((_, number) => {
    const columns = number + 1;
    const rows = Math.ceil(tracks.length / columns);
    const room = { width: (width - gap * (columns - 1)) / columns, height: (height - gap * (rows - 1)) / rows };
    return { ...room, columns, scale: Math.min(room.width / wide, room.height / high) };
  });
  return ways.sort((one, other) => other.scale - one.scale)[0];
}

/**
 * @param {Track} track
 * @param {number} scale
 * @param {number} line
 * @param {boolean} again whether it grows although it was seen growing
 */
function sheet({ id, size, ways, places, seconds, words }, scale, line, again) {
  const [width, height] = size.map((side) => Math.floor(side * scale));
  const root = drawn("svg", { class: "rk-track", width, height, viewBox: `0 0 ${size.join(" ")}`, role: "img" });
  root.setAttribute("aria-label", words);
  const grows = !calm() && (again || !grown.has(id));
  grown.add(id);
  const pace = paced(seconds, ways, places);
  for (const way of ways) {
    const d = `M${way.map(([x, y]) => `${x} ${y}`).join("L")}`;
    const path = drawn("path", { d, "stroke-width": line / scale });
    root.append(path);
    if (grows) grow(path, way, pace);
  }
  for (const [x, y, t] of places) {
    const half = (1.4 * line) / scale;
    const place = drawn("rect", { x: x - half, y: y - half, width: 2 * half, height: 2 * half });
    root.append(place);
    if (grows) appear(place, t * pace);
  }
  return root;
}

/**
 * Return how many times slower than the hand a track grows: it takes so long at least, and a long one is cut short by
 * no more than to a minute.
 *
 * @param {number} seconds
 * @param {Point[][]} ways
 * @param {Point[]} places
 */
function paced(seconds, ways, places) {
  const last = Math.max(seconds, ...ways.map((way) => way.at(-1)?.[2] ?? 0), ...places.map(([, , t]) => t), 0.01);
  return Math.max(1, Math.min(LONGEST_S, Math.max(SHORTEST_S, last)) / last);
}

/**
 * Let a way grow: a moment for each point, and between two of them at one speed.
 *
 * @param {SVGElement} path
 * @param {Point[]} way
 * @param {number} pace
 */
function grow(path, way, pace) {
  const lengths = [0];
  for (const [number, [x, y]] of way.slice(1).entries())
    lengths.push(lengths[number] + Math.hypot(x - way[number][0], y - way[number][1]));
  const whole = lengths[lengths.length - 1];
  const start = way[0][2] * pace * 1000;
  const end = way[way.length - 1][2] * pace * 1000;
  if (!(whole && end > start)) {
    appear(path, start / 1000);
    return;
  }
  const frames = way.map(([, , t], number) => ({
    strokeDasharray: `${lengths[number]} ${whole + 1}`,
    offset: (t * pace * 1000 - start) / (end - start),
  }));
  path.animate(frames, { delay: start, duration: end - start, fill: "backwards" });
}

/**
 * @param {SVGElement} node
 * @param {number} seconds
 */
function appear(node, seconds) {
  node.animate([{ opacity: 0 }, { opacity: 0 }], { duration: seconds * 1000 });
}

const ABOUT = marked("The tracks of hands stand here, on white. The image itself is on your phones, and is not shown.");

/** What an empty wall says beside the prompt. */
export const invitation = () => gettext(ABOUT);

/** What a wall says beside the tracks. */
export const legend = () => [element("p", {}, gettext(ABOUT))];
