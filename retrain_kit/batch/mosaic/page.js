import { Viewer } from "./viewer.js";

/** @import { Card, Study } from "./viewer.js" */

const MOST = 3;
const PAGE_ROWS = 50;

const parts = {
  room: byId("room", HTMLElement),
  mosaic: byId("mosaic", HTMLCanvasElement),
  current: byId("current", HTMLElement),
  card: byId("card", HTMLDialogElement),
  slots: byId("slots", HTMLOListElement),
  rows: byId("rows", HTMLTextAreaElement),
  told: byId("told", HTMLElement),
  download: byId("download", HTMLButtonElement),
  copy: byId("copy", HTMLButtonElement),
  list: byId("list", HTMLDetailsElement),
  find: byId("find", HTMLInputElement),
  found: byId("found", HTMLElement),
  foundList: byId("found-list", HTMLOListElement),
  earlier: byId("earlier", HTMLButtonElement),
  later: byId("later", HTMLButtonElement),
};

/** @type {Study} */
const study = JSON.parse(byId("study", HTMLScriptElement).text);
const gate = document.getElementById("gate");
const seen = new Set(); // Images whose own notice was read and left behind.
/** @type {number[]} */
const three = [];
/** @type {Viewer} */
let viewer;

/**
 * Return the element that the page has under this name.
 *
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
function byId(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`the page has no ${kind.name} ${id}`);
  return found;
}

/** @param {string} name */
function urlOf(name) {
  return study.embedded ? study.embedded[name] : `${name}.jpg`;
}

/**
 * Make an element; its children are elements or texts, never markup.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Partial<HTMLElementTagNameMap[Name]>} properties
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** @type {(count: number, word: string) => string} */
const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
/** @param {Card} card */
const annotationsOf = ({ annotations }) =>
  annotations.map(([label, annotator, count]) => `${label}${count > 1 ? ` × ${count}` : ""} (annotator: ${annotator})`);
/** @param {Card} card */
const wordsOf = ({ words }) =>
  words.map(
    ([label, present, annotator]) =>
      `${label}: ${present === null ? "not said" : present ? "yes" : "no"} (annotator: ${annotator})`,
  );

/** @param {number} place */
function shortly(place) {
  const card = study.cards[place];
  const labels = [...new Set(card.annotations.map(([label]) => label))].join(", ");
  return `${card.row.id}: ${card.reason ? "could not be shown" : labels || "no annotations"}`;
}

/** @param {string} text */
function origin(text) {
  if (!/^https?:\/\//.test(text)) return text;
  return element("a", { href: text, rel: "noreferrer noopener", target: "_blank" }, text);
}

/** @param {Card} card */
function terms(card) {
  const { row } = card;
  /** @param {string[]} texts */
  const listed = (texts) =>
    texts.length ? element("ul", {}, ...texts.map((text) => element("li", {}, text))) : "none";
  /** @type {[name: string, text: Node | string][]} */
  const said = [
    ["tagged", listed(annotationsOf(card))],
    ["said of the whole image", card.words.length ? listed(wordsOf(card)) : ""],
    ["author", row.author || "not said"],
    ["licence", row.licence || "not said"],
    ["source", row.source ? origin(row.source) : "not said"],
    ["left out by the annotations", row.leaves_out],
    ["note", row.note],
    ["notice", row.notice],
    ["size", row.width_px ? `${row.width_px} × ${row.height_px} px` : ""],
    ["split", row.split],
    ["sha256", row.sha256 ? element("code", {}, row.sha256) : "not yet computed"],
  ];
  return element(
    "dl",
    {},
    ...said.flatMap(([name, text]) => (text ? [element("dt", {}, name), element("dd", {}, text)] : [])),
  );
}

/**
 * @param {number} place
 * @returns {HTMLElement}
 */
function image(place) {
  const { row, reason } = study.cards[place];
  if (reason) return element("p", { className: "rk-note" }, `This image could not be shown: ${reason}.`);
  if (row.notice && !seen.has(place)) {
    const show = element("button", { type: "button", className: "rk-button rk-main" }, "Show the image");
    const notice = element("div", { className: "rk-note" }, element("p", {}, row.notice), show);
    show.onclick = () => {
      seen.add(place);
      notice.replaceWith(image(place));
      closing().focus();
    };
    return notice;
  }
  return element("img", {
    className: "rk-image",
    src: urlOf(`images/${place}`),
    alt: `${study.view}. The whole image: ${row.alt || `${row.id}, not described`}`,
  });
}

function closing() {
  return /** @type {HTMLButtonElement} */ (parts.card.querySelector(".close"));
}

/** @param {number} place */
function openCard(place) {
  const { row } = study.cards[place];
  const held = document.activeElement?.textContent;
  /** @type {(text: string, onclick: () => void, className?: string) => HTMLButtonElement} */
  const button = (text, onclick, className = "") =>
    element("button", { type: "button", className: `rk-button ${className}`, onclick }, text);
  const live = button("", () => toggle(place), "rk-main live");
  /** @type {(text: string, by: number) => HTMLButtonElement} */
  const step = (text, by) =>
    Object.assign(
      button(text, () => viewer.open(place + by)),
      {
        disabled: !study.cards[place + by],
      },
    );
  parts.card.replaceChildren(
    element(
      "header",
      {},
      element("h2", { id: "card-title" }, row.id),
      button("Close", () => parts.card.close(), "close"),
    ),
    element(
      "div",
      { className: "rk-columns" },
      element(
        "div",
        {},
        image(place),
        row.alt ? element("p", { className: "rk-quiet" }, `${study.view}. The whole image: ${row.alt}`) : "",
      ),
      terms(study.cards[place]),
    ),
    element("div", { className: "rk-row rk-actions" }, live, step("Previous", -1), step("Next", 1)),
  );
  parts.card.dataset.place = String(place);
  tellThree();
  if (!parts.card.open) {
    parts.card.showModal();
    return;
  }
  const again = [...parts.card.querySelectorAll("button")].find((one) => one.textContent === held && !one.disabled);
  (again ?? closing()).focus();
}

/** @param {number} place */
function toggle(place) {
  if (three.includes(place)) three.splice(three.indexOf(place), 1);
  else if (three.length < MOST) three.push(place);
  tellThree();
}

function tellThree() {
  const live = parts.card.querySelector(".live");
  if (live instanceof HTMLButtonElement) {
    const place = Number(parts.card.dataset.place);
    const mine = three.includes(place);
    const full = three.length === MOST && !mine;
    live.textContent = mine ? "Put back" : full ? "Three are chosen; put one back first" : "Live with this";
    live.disabled = full;
  }
  parts.slots.replaceChildren(...Array.from({ length: MOST }, (_, number) => slot(three[number])));
  parts.rows.value = three.length ? csv() : "";
  parts.told.textContent = `${three.length} of ${MOST} chosen`;
  for (const button of [parts.download, parts.copy]) button.disabled = !three.length;
}

/** @param {number | undefined} place */
function slot(place) {
  if (place === undefined) return element("li", { className: "rk-quiet" }, "not chosen yet");
  const { row } = study.cards[place];
  const open = element("button", { type: "button", className: "rk-link", onclick: () => viewer.open(place) }, row.id);
  const back = element("button", { type: "button", className: "rk-button", onclick: () => toggle(place) }, "Put back");
  back.setAttribute("aria-label", `Put back ${row.id}`);
  const hidden = study.cards[place].reason || (row.notice && !seen.has(place));
  const small = hidden ? "" : element("img", { src: urlOf(`images/${place}`), alt: "" });
  return element("li", {}, small, open, back);
}

function csv() {
  /** @param {string} text */
  const cell = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = three.map((place) => study.table.map((column) => cell(String(study.cards[place].row[column]))));
  return [study.table, ...rows].map((cells) => `${cells.join(",")}\n`).join("");
}

function download() {
  const href = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
  element("a", { href, download: `${study.name}-to-live-with.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}

async function copy() {
  try {
    await navigator.clipboard.writeText(csv());
    parts.told.textContent = "Copied";
  } catch {
    parts.rows.select();
    parts.told.textContent = "Selected: copy it with your keyboard";
  }
}

/** The same images as texts, some at a time, for those who read rather than look. */
function listImages() {
  const texts = study.cards.map((card) =>
    [...Object.values(card.row), ...annotationsOf(card), ...wordsOf(card)].join("\n").toLowerCase(),
  );
  let first = 0;
  const fill = () => {
    const sought = parts.find.value.trim().toLowerCase();
    const found = texts.flatMap((text, place) => (text.includes(sought) ? [place] : []));
    first = Math.max(0, Math.min(first, found.length - 1));
    first -= first % PAGE_ROWS;
    const shown = found.slice(first, first + PAGE_ROWS);
    parts.found.textContent = shown.length
      ? `${plural(found.length, "image")}, here ${first + 1} to ${first + shown.length}`
      : "No image";
    parts.foundList.start = first + 1;
    parts.foundList.replaceChildren(
      ...shown.map((place) =>
        element(
          "li",
          {},
          element(
            "button",
            { type: "button", className: "rk-link", onclick: () => viewer.open(place) },
            shortly(place),
          ),
        ),
      ),
    );
    parts.earlier.disabled = first === 0;
    parts.later.disabled = first + PAGE_ROWS >= found.length;
  };
  /** @param {number} by */
  const turn = (by) => () => {
    first += by;
    fill();
  };
  parts.find.oninput = () => {
    first = 0;
    fill();
  };
  parts.earlier.onclick = turn(-PAGE_ROWS);
  parts.later.onclick = turn(PAGE_ROWS);
  fill();
}

function enter() {
  gate?.remove();
  parts.room.hidden = false;
  viewer = new Viewer(parts.mosaic, study, urlOf);
  viewer.addEventListener("current", () => {
    parts.current.textContent = `${viewer.current + 1} of ${study.cards.length}: ${shortly(viewer.current)}`;
  });
  viewer.addEventListener("open", () => openCard(viewer.current));
  byId("closer", HTMLButtonElement).onclick = () => viewer.zoom(2);
  byId("farther", HTMLButtonElement).onclick = () => viewer.zoom(0.5);
  byId("whole", HTMLButtonElement).onclick = () => viewer.showWhole();
  parts.download.onclick = download;
  parts.copy.onclick = copy;
  parts.list.addEventListener("toggle", listImages, { once: true });
  tellThree();
}

if (gate) {
  gate.hidden = false;
  byId("enter", HTMLButtonElement).onclick = () => {
    enter();
    parts.mosaic.focus();
  };
} else {
  enter();
}
