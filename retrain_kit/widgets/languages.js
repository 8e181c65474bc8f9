/**
 * Languages: the words of widgets and pages in the language of whoever reads them. Words are written in English where
 * they are shown, as whole sentences with named places. Without a catalogue they stay so; no server is needed.
 */

/**
 * @typedef {object} Speech
 * @property {string} language the one that was chosen
 * @property {string} interface the one that the words are in
 * @property {Record<string, string | string[]>} words by their English
 * @property {[string, string][]} [languages] those to choose from: tags and their own names
 */

/** @type {Speech} */
let speech = { language: "", interface: "en", words: {} };
let plurals = new Intl.PluralRules("en");

/**
 * Speak a language from now on.
 *
 * @param {Speech} spoken
 */
export function speak(spoken) {
  speech = spoken;
  plurals = new Intl.PluralRules(spoken.interface);
}

/** Return the tag of the language that words are in. */
export const interfaceLanguage = () => speech.interface;

/** Return what stands beside words that nobody has reviewed; nothing beside English ones. */
export const unreviewed = () => (speech.interface === "en" ? "" : gettext("translation, not reviewed"));

/**
 * Return a message, with its named places filled.
 *
 * @param {string} message
 * @param {Record<string, unknown>} [values]
 */
export function gettext(message, values) {
  const found = speech.words[message];
  return filled(typeof found === "string" ? found : message, values);
}

/**
 * Return a message about a number of things; `{count}` is the number.
 *
 * @param {string} one
 * @param {string} many
 * @param {number} count
 * @param {Record<string, unknown>} [values]
 */
export function ngettext(one, many, count, values = {}) {
  const found = speech.words[one];
  const [first, others] = Array.isArray(found) ? found : [one, many];
  return filled(plurals.select(count) === "one" ? first : others, { count, ...values });
}

/**
 * Return a message that has elements in its named places.
 *
 * @param {string} message
 * @param {Record<string, Node | string>} parts
 * @returns {(Node | string)[]}
 */
export function sentence(message, parts) {
  const split = gettext(message).split(/\{(\w+)\}/);
  return split.map((part, at) => (at % 2 ? parts[part] : part)).filter((part) => part !== "");
}

/**
 * Return a message as it is: it stands in the catalogues, and `gettext` is asked for it where it is shown.
 *
 * @param {string} message
 */
export const marked = (message) => message;

/**
 * @param {string} message
 * @param {Record<string, unknown>} [values]
 */
function filled(message, values) {
  return values ? message.replace(/\{(\w+)\}/g, (_, name) => String(values[name])) : message;
}

const NAMED = ["aria-label", "alt", "placeholder", "title"];
const SILENT = new Set(["SCRIPT", "STYLE", "CODE"]);

/** What is written in the HTML of this page, in English, and how to put it there. @type {(() => void)[] | undefined} */
let writing;

/**
 * Say what is written in the HTML of a page, now and whenever another language is spoken. The first time is before
 * anything else is put there. An element among words is a named place: `{id}`.
 */
export function speakHtml() {
  const { documentElement: root } = document;
  writing ??= [root, ...root.querySelectorAll("*")].filter((node) => !SILENT.has(node.tagName)).flatMap(writingOf);
  root.lang = speech.interface;
  for (const write of writing) write();
}

/** @param {Element} node */
function writingOf(node) {
  const message = written(node);
  const parts = Object.fromEntries([...node.children].map((child) => [child.id, child]));
  const writes = NAMED.filter((name) => node.getAttribute(name)).map((name) => {
    const value = /** @type {string} */ (node.getAttribute(name));
    return () => node.setAttribute(name, gettext(value));
  });
  return message ? [...writes, () => node.replaceChildren(...sentence(message, parts))] : writes;
}

/**
 * Return the message of an element that has words of its own; nothing of one that only holds others.
 *
 * @param {Element} node
 */
function written({ childNodes }) {
  const parts = [...childNodes].map((child) => (child instanceof Element ? `{${child.id}}` : (child.nodeValue ?? "")));
  const own = [...childNodes].some((child) => child instanceof Text && /\p{L}/u.test(child.data));
  return own ? parts.join("").replace(/\s+/g, " ").trim() : "";
}
