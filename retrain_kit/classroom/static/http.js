/**
 * Asking: requests to the class, and what this page remembers until it is closed: the seat, the person's key, drafts.
 */

import { gettext } from "../../widgets/languages.js";

const PREFIX = "retrain-kit ";
const WAITS_MS = [500, 1000, 2000, 4000, 8000];

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

const pause = (/** @type {number} */ ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/**
 * Ask again where nothing came back: an act that came twice counts once.
 *
 * @param {string} path
 * @param {RequestInit} options
 */
async function reach(path, options) {
  for (const wait of WAITS_MS) {
    try {
      return await fetch(address(path), options);
    } catch {
      await pause(wait);
    }
  }
  throw new Refusal(gettext("The class cannot be reached. What you wrote still stands here; try again in a while."), 0);
}

/**
 * Return what the class answers; `body` makes it a request that brings something.
 *
 * @param {string} path
 * @param {{ body?: object, token?: string }} [options]
 */
export async function ask(path, { body, token = memory.get("seat") } = {}) {
  const language = memory.get("language") || navigator.languages.join(",");
  const headers = {
    Authorization: `Bearer ${token}`,
    "Accept-Language": language,
    ...(body ? { "Content-Type": "application/json" } : {}),
  };
  const response = await reach(path, body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers });
  if (response.ok) return response;
  const { fault } = await response.json().catch(() => ({}));
  const ownFault = gettext("That went wrong in the class's own machine. Try again in a while.");
  throw new Refusal(fault ?? ownFault, response.status);
}

/**
 * @param {string} path
 * @param {{ body?: object, token?: string }} [options]
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
export function listen(path, hear, lost) {
  const source = new EventSource(address(path));
  source.addEventListener("news", (event) => hear(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) lost();
  });
  return source;
}

/**
 * Return a part of the page that is written in its HTML.
 *
 * @param {string} id
 */
export const place = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
