/**
 * Parts that all widgets and pages are made of: elements, and files that the browser alone makes.
 */

import { gettext } from "./languages.js";

/** How many letters a field takes: more than any answer may have, so that nothing is cut off without a word. */
export const MOST_TYPED = 10_000;

/** What makes a button the one that is most likely wanted. */
export const MAIN = { class: "rk-button rk-main" };

/**
 * Make an element. What people say goes in as text: no string ever becomes markup.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/**
 * Make an element that can be focused: JupyterLab leaves the keys typed in it alone.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function control(tag, attributes = {}, ...children) {
  return element(tag, { "data-lm-suppress-shortcuts": "true", ...attributes }, ...children);
}

/**
 * @param {string} label
 * @param {Record<string, unknown>} [attributes]
 */
export function button(label, attributes = {}) {
  return control("button", { type: "button", class: "rk-button", ...attributes }, label);
}

/**
 * Make a button that does something.
 *
 * @param {string} label
 * @param {() => unknown} action
 * @param {Record<string, unknown>} [attributes]
 */
export function trigger(label, action, attributes = {}) {
  const node = button(label, attributes);
  node.addEventListener("click", action);
  return node;
}

/**
 * Make a row, which breaks where it is too long.
 *
 * @param {...(Node | string)} children
 */
export function row(...children) {
  return element("div", { class: "rk-row" }, ...children);
}

/**
 * Make what opens by its summary.
 *
 * @param {string} summary
 * @param {...(Node | string)} children
 */
export function folded(summary, ...children) {
  return element("details", {}, control("summary", {}, summary), ...children);
}

/**
 * Make a field for one line of text.
 *
 * @param {string} name what it is called for those who cannot see it; empty where a label stands around it
 * @param {Record<string, unknown>} [attributes]
 */
export function textField(name, attributes = {}) {
  const named = name ? { "aria-label": name } : {};
  return control("input", { type: "text", autocomplete: "off", dir: "auto", ...named, ...attributes });
}

/**
 * Make an element for words of people, of any script and direction.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {string} text
 * @param {T} [tag]
 */
export function said(text, tag = /** @type {T} */ ("span")) {
  return element(tag, { class: "rk-said-text", dir: "auto" }, text);
}

/**
 * Keep a letter typed, or Enter, from the page around a widget, which may take it for a command.
 *
 * @param {KeyboardEvent} event
 */
export function shelter(event) {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (plain && (event.key.length === 1 || event.key === "Enter")) event.stopPropagation();
}

/**
 * Say whether Ctrl and Enter send what is typed into a field; the page around a widget does not hear of it.
 *
 * @param {KeyboardEvent} event
 * @param {HTMLElement} field
 */
export function sends(event, field) {
  shelter(event);
  if (event.target !== field || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

/** Return 32 hexadecimal digits at random: an act that comes twice with them counts once. */
export function once() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Hand a text to the person as a file; nothing is asked of anybody.
 *
 * @param {string} name
 * @param {string} text
 * @param {string} type
 */
export function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/**
 * Hand people their answers, as a file that `retrain-kit merge` takes; no key is in it.
 *
 * @param {{ name: string, text: string }} file
 */
export function downloadAnswers({ name, text }) {
  download(name, text, "application/octet-stream");
}

/**
 * Hand a person their key, with what it is good for, in a file apart from their answers.
 *
 * @param {string} who
 * @param {string} key
 */
export function downloadKey(who, key) {
  const lines = [
    gettext("The key of {who}", { who }),
    "",
    key,
    "",
    gettext(
      "With these eight words, and with nothing else, you can come back, add a footnote or withdraw what you said:",
    ),
    gettext("in the exercise's notebook, over the store that has your answers, where it asks for your key;"),
    gettext("or, to withdraw all of it, on the computer with that store: retrain-kit withdraw FOLDER."),
    gettext("Nobody else has them. Keep this file to yourself; your answers are in another one."),
    "",
  ];
  download(`key-${who}.txt`, lines.join("\n"), "text/plain");
}
