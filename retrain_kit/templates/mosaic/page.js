const MOST = 3;
const PAGE_ROWS = 50;
const byId = (id) => document.getElementById(id);
const study = JSON.parse(byId("study").textContent);
const urlOf = (name) => (study.embedded ? study.embedded[name] : `${name}.jpg`);
const seen = new Set(); // Pictures whose own notice was read and left behind.
const three = [];
let viewer;

/** Make an element; its children are elements or texts, never markup. */
function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
const marksOf = ({ marks }) => marks.map(([label, maker, count]) =>
  `${label}${count > 1 ? ` × ${count}` : ""} (maker: ${maker})`);
const wordsOf = ({ words }) => words.map(([label, present, maker]) =>
  `${label}: ${present === null ? "not said" : present ? "yes" : "no"} (maker: ${maker})`);

function shortly(place) {
  const card = study.cards[place];
  const labels = [...new Set(card.marks.map(([label]) => label))].join(", ");
  return `${card.row.id}: ${card.reason ? "could not be shown" : labels || "no marks"}`;
}

function origin(text) {
  if (!/^https?:\/\//.test(text)) return text;
  return element("a", { href: text, rel: "noreferrer noopener", target: "_blank" }, text);
}

function terms(card) {
  const { row } = card;
  const listed = (texts) => (texts.length ? element("ul", {}, ...texts.map((text) => element("li", {}, text))) : "none");
  const said = [
    ["tagged", listed(marksOf(card))],
    ["said of the whole", card.words.length && listed(wordsOf(card))],
    ["author", row.author || "not said"],
    ["licence", row.licence || "not said"],
    ["source", row.source ? origin(row.source) : "not said"],
    ["left out by the marks", row.leaves_out],
    ["note", row.note],
    ["notice", row.notice],
    ["size", row.width_px && `${row.width_px} × ${row.height_px} px`],
    ["sha256", row.sha256 && element("code", {}, row.sha256)],
  ];
  return element("dl", {}, ...said.filter(([, text]) => text).flatMap(([name, text]) =>
    [element("dt", {}, name), element("dd", {}, text)]));
}

function picture(place) {
  const { row, reason } = study.cards[place];
  if (reason) return element("p", { className: "rk-note" }, `This picture could not be shown: ${reason}.`);
  if (row.notice && !seen.has(place)) {
    const show = element("button", { type: "button", className: "rk-button rk-main" }, "Show the picture");
    const notice = element("div", { className: "rk-note" }, element("p", {}, row.notice), show);
    show.onclick = () => {
      seen.add(place);
      notice.replaceWith(picture(place));
      byId("card").querySelector(".close").focus();
    };
    return notice;
  }
  return element("img", { className: "rk-picture", src: urlOf(`pictures/${place}`), alt: `${study.view}. The whole picture: ${row.alt || `${row.id}, not described`}` });
}

function openCard(place) {
  const { row } = study.cards[place];
  const held = document.activeElement.textContent;
  const button = (text, onclick, className = "") => element("button", { type: "button", className: `rk-button ${className}`, onclick }, text);
  const live = button("", () => toggle(place), "rk-main live");
  const step = (text, by) => Object.assign(button(text, () => viewer.open(place + by)), {
    disabled: !study.cards[place + by],
  });
  byId("card").replaceChildren(
    element("header", {}, element("h2", { id: "card-title" }, row.id), button("Close", () => byId("card").close(), "close")),
    element("div", { className: "rk-columns" },
      element("div", {}, picture(place), row.alt ? element("p", { className: "rk-quiet" }, `${study.view}. The whole picture: ${row.alt}`) : ""), terms(study.cards[place])),
    element("div", { className: "rk-row rk-actions" }, live, step("Previous", -1), step("Next", 1)),
  );
  byId("card").dataset.place = place;
  tellThree();
  if (!byId("card").open) return byId("card").showModal();
  const again = [...byId("card").querySelectorAll("button")].find((one) => one.textContent === held && !one.disabled);
  (again ?? byId("card").querySelector(".close")).focus();
}

function toggle(place) {
  if (three.includes(place)) three.splice(three.indexOf(place), 1);
  else if (three.length < MOST) three.push(place);
  tellThree();
}

function tellThree() {
  const live = byId("card").querySelector(".live");
  if (live) {
    const place = Number(byId("card").dataset.place);
    const mine = three.includes(place);
    const full = three.length === MOST && !mine;
    live.textContent = mine ? "Put back" : full ? "Three are chosen; put one back first" : "Live with this";
    live.disabled = full;
  }
  byId("slots").replaceChildren(...Array.from({ length: MOST }, (_, number) => slot(three[number])));
  byId("rows").value = three.length ? csv() : "";
  byId("told").textContent = `${three.length} of ${MOST} chosen`;
  for (const id of ["download", "copy"]) byId(id).disabled = !three.length;
}

function slot(place) {
  if (place === undefined) return element("li", { className: "rk-quiet" }, "not chosen yet");
  const { row } = study.cards[place];
  const open = element("button", { type: "button", className: "rk-link", onclick: () => viewer.open(place) }, row.id);
  const back = element("button", { type: "button", className: "rk-button", onclick: () => toggle(place) }, "Put back");
  back.setAttribute("aria-label", `Put back ${row.id}`);
  const hidden = study.cards[place].reason || (row.notice && !seen.has(place));
  const small = hidden ? "" : element("img", { src: urlOf(`pictures/${place}`), alt: "" });
  return element("li", {}, small, open, back);
}

function csv() {
  const cell = (value) => (/[",\r\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  const rows = three.map((place) => study.table.map((column) => cell(study.cards[place].row[column])));
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
    byId("told").textContent = "Copied";
  } catch {
    byId("rows").select();
    byId("told").textContent = "Selected: copy it with your keyboard";
  }
}

/** The same pictures as texts, some at a time, for those who read rather than look. */
function listPictures() {
  const texts = study.cards.map((card) =>
    [...Object.values(card.row), ...marksOf(card), ...wordsOf(card)].join("\n").toLowerCase());
  let first = 0;
  const fill = () => {
    const sought = byId("find").value.trim().toLowerCase();
    const found = texts.flatMap((text, place) => (text.includes(sought) ? [place] : []));
    first = Math.max(0, Math.min(first, found.length - 1));
    first -= first % PAGE_ROWS;
    const shown = found.slice(first, first + PAGE_ROWS);
    byId("found").textContent = shown.length
      ? `${plural(found.length, "picture")}, here ${first + 1} to ${first + shown.length}` : "No picture";
    byId("found-list").start = first + 1;
    byId("found-list").replaceChildren(...shown.map((place) => element("li", {},
      element("button", { type: "button", className: "rk-link", onclick: () => viewer.open(place) }, shortly(place)))));
    byId("earlier").disabled = first === 0;
    byId("later").disabled = first + PAGE_ROWS >= found.length;
  };
  const turn = (by) => () => { first += by; fill(); };
  byId("find").oninput = () => { first = 0; fill(); };
  byId("earlier").onclick = turn(-PAGE_ROWS);
  byId("later").onclick = turn(PAGE_ROWS);
  fill();
}

function enter() {
  byId("gate")?.remove();
  byId("room").hidden = false;
  viewer = new Viewer(byId("mosaic"), study, urlOf);
  viewer.addEventListener("current", () => {
    byId("current").textContent = `${viewer.current + 1} of ${study.cards.length}: ${shortly(viewer.current)}`;
  });
  viewer.addEventListener("open", () => openCard(viewer.current));
  byId("closer").onclick = () => viewer.zoom(2);
  byId("farther").onclick = () => viewer.zoom(0.5);
  byId("whole").onclick = () => viewer.showWhole();
  byId("download").onclick = download;
  byId("copy").onclick = copy;
  byId("list").addEventListener("toggle", listPictures, { once: true });
  tellThree();
}

if (byId("gate")) {
  byId("gate").hidden = false;
  byId("enter").onclick = () => {
    enter();
    byId("mosaic").focus();
  };
} else {
  enter();
}
