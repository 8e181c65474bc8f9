import { element } from "./parts.js";
import { Review } from "./review.js";

/**
 * @import { Decide, Heard, Item, Said, Traits } from "./review.js"
 *
 * A decision as the file has it.
 *
 * @typedef {Omit<Decide, "act" | "key"> & { image: string, sha256: string, study: string, when: string }} Made
 */

/** The model of a page that has no kernel: it keeps what is decided, until the person takes it along as a file. */
class Page {
  /** @type {Map<string, Made>} */
  made = new Map();
  saved = true;
  /** @type {[event: string, handler: (message: Heard, buffers: DataView[]) => void][]} */
  handlers = [];

  /** @param {Traits} state */
  constructor(state) {
    this.state = state;
  }

  /**
   * @template {keyof Traits} Name
   * @param {Name} name
   */
  get(name) {
    return this.state[name];
  }

  /**
   * @param {string} event
   * @param {(message: Heard, buffers: DataView[]) => void} handler
   */
  on(event, handler) {
    this.handlers.push([event, handler]);
  }

  /**
   * @param {string} event
   * @param {(message: Heard, buffers: DataView[]) => void} handler
   */
  off(event, handler) {
    this.handlers = this.handlers.filter(([name, each]) => name !== event || each !== handler);
  }

  /**
   * @param {string} event
   * @param {Heard} message
   */
  tell(event, message = {}) {
    for (const [name, handler] of this.handlers) if (name === event) handler(message, []);
  }

  /** @param {Said} said */
  send(said) {
    if (said.act === "decide") this.decide(said);
  }

  /** @param {Decide} decision */
  decide({ key, verdict, reason, by }) {
    const { study, image, sha256 } = /** @type {Item} */ (this.state.items.find((item) => item.key === key));
    const when = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    this.made.set(key, { by, image, reason, sha256, study, verdict, when });
    const { [key]: _before, ...rest } = this.state.decided;
    this.state.decided = verdict === "undo" ? rest : { ...rest, [key]: { verdict, reason, by } };
    this.saved = false;
    this.tell("change:decided");
    this.tell("msg:custom", { told: verdict === "undo" ? `Undone: ${image}.` : "" });
  }

  get file() {
    return [...this.made.values()].map((decision) => `${JSON.stringify(decision)}\n`).join("");
  }
}

/**
 * Return the element that the page has under this name.
 *
 * @param {string} id
 */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * Return what the page is about; its images stand in it as letters.
 *
 * @returns {Traits}
 */
function read() {
  const state = JSON.parse(byId("state").textContent);
  for (const item of state.items) item.data = Uint8Array.from(atob(item.data), (letter) => letter.charCodeAt(0));
  return state;
}

const page = new Page(read());
new Review(page).open(byId("room"));

byId("download").addEventListener("click", () => {
  const told = byId("told");
  if (!page.made.size) {
    told.textContent = "Nothing is decided yet.";
    return;
  }
  const url = URL.createObjectURL(new Blob([page.file], { type: "application/octet-stream" }));
  element("a", { href: url, download: "review.jsonl" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  page.saved = true;
  const left = page.state.items.length - Object.keys(page.state.decided).length;
  told.textContent = left ? `Downloaded. ${left} are not decided yet.` : "Downloaded. All are decided.";
});

window.addEventListener("beforeunload", (event) => {
  if (!page.saved) event.preventDefault();
});
