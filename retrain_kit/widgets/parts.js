/**
 * Parts that widgets share: elements, and files that the browser alone makes.
 */

export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** An element that can be focused: JupyterLab leaves the keys typed in it alone. */
export function control(tag, attributes = {}, ...children) {
  return element(tag, { "data-lm-suppress-shortcuts": "true", ...attributes }, ...children);
}

export function button(label, attributes = {}) {
  return control("button", { type: "button", class: "rk-button", ...attributes }, label);
}

/** Return 32 hexadecimal digits at random: a request that comes twice with them is kept once. */
export function once() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Keep a letter typed, or Enter, from the page around a widget, which may take it for a command. */
export function shelter(event) {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (plain && (event.key.length === 1 || event.key === "Enter")) event.stopPropagation();
}

/** How many letters a field takes: more than any answer may have, so that nothing is cut off without a word. */
export const MOST_TYPED = 10_000;

/** Return what people may do with a text of theirs: withdraw it, or add a footnote; `ask` is told which. */
export function amends(text, most, ask) {
  const withdraw = button("Withdraw", { "aria-label": `Withdraw: ${text}` });
  withdraw.addEventListener("click", () => ask({ act: "withdraw" }));
  const note = control("input", { type: "text", maxlength: most, dir: "auto", "aria-label": `Footnote to: ${text}` });
  const keep = button("Keep the footnote");
  keep.addEventListener("click", () => note.value.trim() && ask({ act: "footnote", text: note.value }));
  return [withdraw, element("details", {}, control("summary", {}, "Footnote"), note, keep)];
}

/** Hand a text to the person as a file; nothing is asked of anybody. */
function download(name, text, type) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/**
 * Two buttons: what people at this screen have said, as a file that `retrain-kit merge` takes, and, apart from
 * it, the key of whoever sits here. Both give what was acknowledged last, whether or not there is a kernel still.
 */
export class Takeaway {
  constructor() {
    this.answers = button("Download my answers");
    this.key = button("Download my key");
    this.answers.addEventListener("click", () => download(this.file.name, this.file.text, "application/octet-stream"));
    this.key.addEventListener("click", () => download(`key-${this.who}.txt`, this.letter, "text/plain"));
    const words = "Yours to take along. Where nothing is kept, as on Binder, take both before you leave.";
    const row = element("div", { class: "rk-row" }, this.answers, this.key);
    this.root = element("div", { class: "rk-takeaway", hidden: "" }, row, element("p", { class: "rk-quiet" }, words));
  }

  /** Hold a file, `{ name, text, people }`, and the key and the pseudonym of whoever sits here. */
  hold(file, key, who = file.people[0]) {
    Object.assign(this, { file, secret: key, who });
    this.root.hidden = !file.text;
    this.answers.textContent = file.people.length > 1 ? "Download our answers" : "Download my answers";
    this.key.hidden = !key;
  }

  get letter() {
    return [
      `The key of ${this.who}`, "", this.secret, "",
      "With these eight words, and with nothing else, you can come back, add a footnote or withdraw what you said:",
      "in the exercise's notebook, over the store that has your answers, where it asks for your key;",
      "or, to withdraw all of it, on the computer with that store: retrain-kit withdraw FOLDER.",
      "Nobody else has them. Keep this file to yourself; your answers are in another one.", "",
    ].join("\n");
  }
}
