
/** The model of a page that has no kernel: it keeps what is decided, until the person takes it along as a file. */
class Page {
  constructor(state) {
    this.state = state;
    this.made = new Map();
    this.saved = true;
    this.handlers = [];
  }

  get(name) {
    return this.state[name];
  }

  on(event, handler) {
    this.handlers.push([event, handler]);
  }

  off(event, handler) {
    this.handlers = this.handlers.filter(([name, each]) => name !== event || each !== handler);
  }

  tell(event, value) {
    for (const [name, handler] of this.handlers) if (name === event) handler(value);
  }

  send({ act, key, verdict, reason, by }) {
    if (act !== "decide") return;
    const { study, image, sha256 } = this.state.items.find((item) => item.key === key);
    const when = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    this.made.set(key, { by, image, reason, sha256, study, verdict, when });
    const { [key]: _, ...rest } = this.state.decided;
    this.state.decided = verdict === "undo" ? rest : { ...rest, [key]: { verdict, reason, by } };
    this.saved = false;
    this.tell("change:decided");
    this.tell("msg:custom", { told: verdict === "undo" ? `Undone: ${image}.` : "" });
  }

  get file() {
    return [...this.made.values()].map((decision) => `${JSON.stringify(decision)}\n`).join("");
  }
}

const state = JSON.parse(document.getElementById("state").textContent);
for (const item of state.items) item.data = Uint8Array.from(atob(item.data), (letter) => letter.charCodeAt(0));
const page = new Page(state);
render({ model: page, el: document.getElementById("room") });

document.getElementById("download").addEventListener("click", () => {
  const told = document.getElementById("told");
  if (!page.made.size) {
    told.textContent = "Nothing is decided yet.";
    return;
  }
  const url = URL.createObjectURL(new Blob([page.file], { type: "application/octet-stream" }));
  element("a", { href: url, download: "review.jsonl" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  page.saved = true;
  const left = state.items.length - Object.keys(state.decided).length;
  told.textContent = left ? `Downloaded. ${left} are not decided yet.` : "Downloaded. All are decided.";
});

window.addEventListener("beforeunload", (event) => {
  if (!page.saved) event.preventDefault();
});
