/**
 * Asking: requests to the class, and what this page remembers until it is closed: the seat, the person's key, drafts.
 */

import { gettext } from "../../widgets/languages.js";
import { connection, Stream } from "./connection.js";

const PREFIX = "retrain-kit ";
const WAITS_MS = [500, 1000, 2000, 4000];

/** Where the class's addresses begin: behind a proxy that need not be the root of a server. */
const HOME = new URL("../../../", import.meta.url);

/**
 * Return the whole address of a path of the class, as "/about", wherever the class lies.
 *
 * @param {string} path
 */
export const address = (path) => new URL(path.slice(1), HOME).href;

export const memory = {
  /** @param {string} name */
  get: (name) => sessionStorage.getItem(PREFIX + name) ?? "",
  /**
   * @param {string} name
   * @param {string} value
   */
  set: (name, value) =>
    value ? sessionStorage.setItem(PREFIX + name, value) : sessionStorage.removeItem(PREFIX + name),
  /**
   * Forget everything whose name begins so.
   *
   * @param {string} start
   */
  forget(start) {
    for (const name of Object.keys(sessionStorage))
      if (name.startsWith(PREFIX + start)) sessionStorage.removeItem(name);
  },
};

/** What the class answers instead of what was asked for. */
export class Refusal extends Error {
  /**
   * @param {string} words
   * @param {number} status
   */
  constructor(words, status) {
    super(words);
    this.status = status;
  }
}

/** What a proxy says in the place of a class that is away. */
const AWAY = new Set([502, 503, 504]);
/** After so long nothing comes any more, however slow the line is. */
const NOTHING_COMES_MS = 120_000;
/** What is on its way now. @type {Set<AbortController>} */
const underway = new Set();

connection.addEventListener("change", () => {
  // What was asked before the class went away is asked again, now that it is back.
  if (!connection.away) for (const each of underway) each.abort();
});

/**
 * Ask until something comes back, whenever that is: an act that came twice counts once.
 *
 * @param {string} path
 * @param {RequestInit} options
 */
async function reach(path, options) {
  for (let round = 0; ; round += 1) {
    const response = await tried(path, options);
    if (response) return response;
    await connection.wait(WAITS_MS[Math.min(round, WAITS_MS.length - 1)]);
  }
}

/**
 * Ask once; return nothing where the class is away.
 *
 * @param {string} path
 * @param {RequestInit} options
 */
async function tried(path, options) {
  const going = new AbortController();
  const late = setTimeout(() => going.abort(), NOTHING_COMES_MS);
  underway.add(going);
  try {
    const response = await fetch(address(path), { ...options, signal: going.signal });
    underway.delete(going);
    if (!AWAY.has(response.status)) {
      connection.found();
      return response;
    }
    connection.lost();
  } catch {
    if (!going.signal.aborted) connection.lost();
  } finally {
    clearTimeout(late);
    underway.delete(going);
  }
  return null;
}

/**
 * Return what the class answers; `body` makes it a request that brings something, `data` one that brings bytes.
 *
 * @param {string} path
 * @param {{ body?: object, data?: ArrayBuffer, token?: string }} [options]
 */
export async function ask(path, { body, data, token = memory.get("seat") } = {}) {
  const language = memory.get("language") || navigator.languages.join(",");
  const headers = {
    Authorization: `Bearer ${token}`,
    "Accept-Language": language,
    ...(body ? { "Content-Type": "application/json" } : {}),
  };
  const brought = data ?? (body && JSON.stringify(body));
  const response = await reach(path, brought ? { method: "POST", headers, body: brought } : { headers });
  if (response.ok) return response;
  const { fault } = await response.json().catch(() => ({}));
  const ownFault = gettext("That went wrong in the class's own machine. Try again in a while.");
  throw new Refusal(fault ?? ownFault, response.status);
}

/**
 * @param {string} path
 * @param {{ body?: object, data?: ArrayBuffer, token?: string }} [options]
 */
export const told = async (path, options) => (await ask(path, options)).json();

/**
 * Return an image of the class as bytes and their type.
 *
 * @param {number} number
 * @param {{ token?: string }} [options]
 */
export async function image(number, options) {
  const response = await ask(`/images/${number}`, options);
  return { data: await response.arrayBuffer(), media_type: response.headers.get("Content-Type") ?? "" };
}

/**
 * Hear whenever something is new, as long as the page is open; `lost` where the class does not know it any more.
 *
 * @param {string} path
 * @param {(news: any) => void} hear
 * @param {() => void} lost
 */
export const listen = (path, hear, lost) => new Stream(address(path), hear, lost);

/**
 * Return a part of the page that is written in its HTML.
 *
 * @param {string} id
 */
export const place = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
