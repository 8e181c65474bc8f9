/**
 * The wall of a class: what is asked, how to join, how many are here, and what was said, as it is said. It is one
 * screen, for looking at; whoever teaches leads it from a page of their own. What people say is put on the page as
 * text, or as a drawing in which nothing can run.
 */

import { gettext, marked, ngettext, speak, speakHtml, unreviewed } from "../../widgets/languages.js";
import { element, trigger } from "../../widgets/parts.js";
import { calm, cut, enlarge, LEAST, reach, unit } from "../../widgets/wall.js";
import { connection } from "./connection.js";
import { image, listen, memory, place, told } from "./http.js";

/**
 * @typedef {{ name: string, title: string, wall: string, items: unknown[] }} Activity
 * @typedef {object} Shown
 * @property {string} title
 * @property {{ text: string, beside: string }[]} prompts
 * @property {{ image: number, alt: string }[]} panels
 * @property {number} pages
 * @property {any} page what the exercise's script draws
 * @property {boolean} empty
 * @property {string[]} notes
 * @property {string[]} refusals
 * @property {number} refused
 * @property {string} credit
 * @typedef {object} Drawing what an exercise's script for the wall does
 * @property {(host: HTMLElement, page: any) => void} draw
 * @property {(page: any) => string} invitation
 * @property {(page: any) => Node[]} [legend] how to read it, and what is not in the drawing
 * @property {number} TURN_S how many seconds a page stays
 * @property {boolean} [PROMPTS_ARE_STEPS] whether each prompt is asked on its own
 * @property {boolean} [STAYS] whether the first page stays until somebody pages on
 * @typedef {{ fingerprint: string[], browsers: { browser: string, says: string, taps: string[] }[] }} Certificate
 * @typedef {object} About
 * @property {string} link
 * @property {string} code
 * @property {string} image
 * @property {Certificate | null} certificate what browsers do not know
 * @property {Activity[]} activities
 * @typedef {object} Lesson
 * @property {Record<string, "open" | "paused" | "closed">} exercises
 * @property {{ exercise: string, index: number } | null} lead
 * @property {{ left_s: number, of_s: number } | null} timer
 * @property {boolean} frozen
 * @property {boolean} over
 * @typedef {{ present: number, answers: number, refusals: number, strain: { shut: string[] }, lesson?: Lesson, about: number }} News
 */

const AWAY = marked("The class cannot be reached at the moment. This is what was said before.");
const OVER = marked("The class has ended.");
const FROZEN = marked("The wall stands still for now.");
const PAUSED = marked("Paused: answers wait.");
const CLOSED = marked("Closed: nothing more is answered here.");
const NOTHING_YET = marked("Nobody has said anything yet.");
const WARNED = marked("Your phone will warn you once, since nobody vouches for a machine in a classroom. Tap:");
const IMAGE_LEAST = 20;
const IMAGE_GAP = 1.2;
const NOTE_LINES = 3;
const LEGEND_LINES = 5;
const CODE = 4.4;
const CODE_ALONE = 8;

class ProjectorPage {
  /** @type {Map<number, string>} */
  urls = new Map();
  /** @type {Activity[]} */
  activities = [];
  /** @type {HTMLButtonElement[]} */
  buttons = [];
  activity = /** @type {Activity} */ ({ name: "", title: "", wall: "", items: [] });
  index = 0;
  page = 0;
  queue = Promise.resolve();
  looks = false;
  /** What stands on the wall. @type {{ shown: Shown, drawing: Drawing } | null} */
  last = null;
  lastText = "";
  led = "";
  /** @type {Lesson | undefined} */
  lesson;
  /** Which of its states the class has told about itself. @type {number | undefined} */
  version;
  endsAt = 0;
  /** @type {number | undefined} */
  turn;

  constructor() {
    place("previous").addEventListener("click", () => this.go(-1));
    place("next").addEventListener("click", () => this.go(1));
    place("back").addEventListener("click", () => this.pageTo(this.page - 1));
    place("on").addEventListener("click", () => this.pageTo(this.page + 1));
    place("turning").addEventListener("click", () => this.keepPages());
    window.addEventListener("resize", () => this.redraw());
    reach(place("wall"));
  }

  /** The secret is in the link alone, and leaves the address before anybody reads it from the wall. */
  async open() {
    const secret = location.hash.slice(1);
    if (secret) memory.set("projector", secret);
    history.replaceState(null, "", location.pathname);
    // The wall speaks the class's language, not that of whoever's browser shows it.
    memory.set("language", "*");
    try {
      await this.drawAbout(await told("/projector/about", this.options));
    } catch (error) {
      place("refused").hidden = false;
      place("refused").textContent = /** @type {Error} */ (error).message;
      return;
    }
    this.show(memory.get("projector activity"));
    const address = `/projector/events?secret=${encodeURIComponent(memory.get("projector"))}`;
    listen(
      address,
      (news) => this.hear(news),
      () => location.reload(),
    );
    connection.addEventListener("change", () => this.drawLesson());
    setInterval(() => this.drawTimer(), 250);
  }

  get options() {
    return { token: memory.get("projector") };
  }

  /** @param {About} about */
  async drawAbout({ link, code, image: address, certificate, activities }) {
    speak(await told("/words", this.options));
    speakHtml();
    place("wall").hidden = false;
    place("image").setAttribute("src", address);
    place("link").replaceChildren(...breakable(link));
    place("code").textContent = code;
    place("warned").replaceChildren(...(certificate ? warning(certificate) : []));
    this.activities = activities;
    this.buttons = activities.map((activity) => trigger(activity.title, () => this.show(activity.name)));
    place("activities").replaceChildren(...this.buttons);
  }

  /** @param {News} news */
  async hear({ present, answers, refusals, strain, lesson, about }) {
    if (about !== this.version) await this.askAnew(about);
    const lines = [
      ngettext("{count} is here", "{count} are here", present),
      ngettext("{count} answer", "{count} answers", answers),
      ...(refusals ? [ngettext("{count} of them a refusal", "{count} of them refusals", refusals)] : []),
    ];
    const shut = strain.shut.length ? [this.shutDoor()] : [];
    place("counts").replaceChildren(...lines.map((line) => element("li", {}, line)), ...shut);
    this.lesson = lesson;
    this.endsAt = lesson?.timer ? performance.now() + 1000 * lesson.timer.left_s : 0;
    this.drawTimer();
    this.drawLesson();
    this.follow();
    this.look();
  }

  /**
   * Ask what the class does, and how to join: a teacher may have chosen other images, or a new code.
   *
   * @param {number} version
   */
  async askAnew(version) {
    const known = this.version !== undefined;
    this.version = version;
    if (!known) return;
    await this.drawAbout(await told("/projector/about", this.options));
    this.urls.clear();
    this.lastText = "";
    this.show(this.activity.name, this.index);
  }

  /** What stands there while nobody new gets in, after many wrong codes. */
  shutDoor() {
    const open = trigger(gettext("Open the door"), () =>
      told("/projector/door", { body: {}, ...this.options }).catch(() => {}),
    );
    const words = gettext("Too many wrong codes: nobody new gets in from where they came.");
    return element("li", {}, words, " ", open);
  }

  // -- the lesson ----------------------------------------------------------------------------------

  drawLesson() {
    const state = this.lesson?.exercises[this.activity.name];
    const words = [
      connection.away ? AWAY : "",
      this.lesson?.over ? OVER : "",
      this.lesson?.frozen ? FROZEN : "",
      state === "paused" ? PAUSED : "",
      state === "closed" && !this.lesson?.over ? CLOSED : "",
    ];
    const text = words
      .filter(Boolean)
      .map((word) => gettext(word))
      .join(" ");
    if (place("lesson").textContent !== text) place("lesson").textContent = text;
  }

  drawTimer() {
    const timer = place("timer");
    timer.hidden = !this.lesson?.timer;
    const left = Math.max(0, Math.ceil((this.endsAt - performance.now()) / 1000));
    const text = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (!timer.hidden && timer.textContent !== text) timer.textContent = text;
  }

  /** Go where everybody is led, once each time. */
  follow() {
    const lead = this.lesson?.lead;
    const led = lead ? `${lead.exercise} ${lead.index}` : "";
    if (lead && led !== this.led) this.show(lead.exercise, lead.index);
    this.led = led;
  }

  // -- what is shown -------------------------------------------------------------------------------

  /**
   * @param {string} name
   * @param {number} [index]
   */
  show(name, index = 0) {
    this.activity = this.activities.find((activity) => activity.name === name) ?? this.activities[0];
    memory.set("projector activity", this.activity.name);
    for (const [number, activity] of this.activities.entries())
      this.buttons[number].setAttribute("aria-pressed", String(activity === this.activity));
    this.index = Math.min(index, this.activity.items.length - 1);
    this.page = 0;
    this.drawLesson();
    this.look();
  }

  /** @param {number} by */
  go(by) {
    const index = this.index + by;
    if (index < 0 || index >= this.activity.items.length) return;
    this.index = index;
    this.page = 0;
    this.look();
  }

  /** @param {number} page */
  pageTo(page) {
    const pages = this.last?.shown.pages ?? 1;
    this.page = (page + pages) % pages;
    this.look();
  }

  keepPages() {
    const button = place("turning");
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    this.waitForTurn();
  }

  /** Draw what is new; what comes meanwhile is drawn once, afterwards. */
  look() {
    if (this.looks) return;
    this.looks = true;
    const draw = () => {
      this.looks = false;
      return this.draw();
    };
    this.queue = this.queue.then(draw, draw);
  }

  async draw() {
    const { activity, index, page } = this;
    const asked = `/projector/shown?exercise=${activity.name}&index=${index}&page=${page}`;
    /** @type {Shown | null} */
    const shown = await told(asked, this.options).catch(() => null);
    if (!shown || activity !== this.activity || index !== this.index || page !== this.page) return;
    const text = `${asked} ${JSON.stringify(shown)}`;
    if (text === this.lastText) return;
    const anew = this.lastText.split(" ", 1)[0] !== asked;
    const panels = await Promise.all(shown.panels.map((panel) => this.panel(panel)));
    /** @type {Drawing} */
    const drawing = await import(`../../${activity.wall}`);
    this.lastText = text;
    this.last = { shown, drawing };
    place("panels").replaceChildren(...panels);
    this.redraw();
    if (anew || !this.turn) this.waitForTurn();
  }

  redraw() {
    if (!this.last) return;
    const { shown, drawing } = this.last;
    const wall = place("wall");
    wall.dataset.state = shown.empty ? "invites" : "shows";
    wall.dataset.exercise = this.activity.name;
    place("panels").hidden = !shown.panels.length;
    place("beside").hidden = shown.empty && !shown.panels.length;
    place("warned").hidden = !(shown.empty && place("warned").childNodes.length);
    this.drawAsked(shown, drawing.PROMPTS_ARE_STEPS ? "p" : "span");
    this.drawNow(shown);
    enlarge(place("code"), shown.empty ? CODE_ALONE : CODE);
    const said = place("said");
    if (shown.empty) drawInvitation(said, shown, drawing);
    else drawing.draw(said, shown.page);
    this.drawBeside(shown, (!shown.empty && drawing.legend?.(shown.page)) || []);
  }

  /**
   * @param {Shown} shown
   * @param {"p" | "span"} tag
   */
  drawAsked({ prompts }, tag) {
    const [first, ...rest] = prompts;
    const more = rest.flatMap(({ text }) => [element(tag, { lang: "en" }, text), " "]);
    place("asked").replaceChildren(element("h1", { lang: "en" }, first.text), element("div", {}, ...more));
    const beside = prompts.flatMap((prompt) => (prompt.beside ? [prompt.beside] : []));
    place("translation").replaceChildren(...beside.map((text) => element("p", {}, text)));
  }

  /** @param {Shown} shown */
  drawNow({ title, credit }) {
    const { activity, index } = this;
    const { title: exercise, items } = activity;
    const where = { exercise, title, number: index + 1, count: items.length };
    place("now").textContent =
      items.length > 1 ? gettext("{exercise} · {title} ({number} of {count})", where) : exercise;
    cut(place("credit"), [unreviewed(), credit].filter(Boolean).join(" · "));
    place("previous").setAttribute("aria-disabled", String(index === 0));
    place("next").setAttribute("aria-disabled", String(index === activity.items.length - 1));
  }

  /**
   * Give images what room is left beside translation and notes. Where that is too little, the translation of the first
   * prompt stands alone; all of them stand on the phones.
   *
   * @param {Shown} shown
   * @param {Node[]} legend
   */
  drawBeside({ refusals, refused, notes }, legend) {
    const px = unit();
    const words = [...new Set([...refusals].reverse())].join(" · ");
    const all = refused
      ? [ngettext("{count} refusal: {words}", "{count} refusals: {words}", refused, { words }), ...notes]
      : notes;
    place("notes").replaceChildren(...all.map((note) => element("p", { dir: "auto" }, note)));
    place("legend").replaceChildren(...legend);
    for (const [nodes, most] of /** @type {[Iterable<Node>, number][]} */ ([
      [place("notes").children, NOTE_LINES],
      [legend, LEGEND_LINES],
    ]))
      for (const node of nodes) if (node instanceof HTMLParagraphElement) shorten(node, most * 1.25 * LEAST * px);
    this.fitBeside(legend);
  }

  /** @param {Node[]} legend */
  fitBeside(legend) {
    const px = unit();
    const translation = place("translation");
    for (const line of /** @type {NodeListOf<HTMLElement>} */ (translation.querySelectorAll("p"))) line.hidden = false;
    const images = /** @type {NodeListOf<HTMLElement>} */ (place("panels").querySelectorAll("img"));
    const beside = place("beside");
    const heights = () => ["translation", "notes", "legend"].reduce((sum, id) => sum + place(id).offsetHeight, 0);
    const rows = place("wall").dataset.state === "invites" ? 1 : images.length;
    const room = () => (beside.clientHeight - heights() - (3 + rows) * IMAGE_GAP * px) / Math.max(1, rows);
    const least = images.length ? (2 * IMAGE_LEAST * px) / (1 + rows) : 0;
    for (const line of [...translation.querySelectorAll("p")].slice(1).reverse()) line.hidden ||= room() < least;
    for (const node of images) node.style.maxHeight = `${Math.max(least, room())}px`;
    const over = () => beside.scrollHeight - beside.clientHeight;
    const row = 1.25 * LEAST * px;
    for (const node of legend)
      if (node instanceof HTMLParagraphElement && over() > 1)
        shorten(node, row * Math.max(1, Math.floor((node.clientHeight - over()) / row)));
    const height = Math.max(least, room()) - Math.max(0, over()) / Math.max(1, rows);
    for (const node of images) node.style.maxHeight = `${height}px`;
  }

  /** @param {{ image: number, alt: string }} panel */
  async panel({ image: number, alt }) {
    const src = this.urls.get(number) ?? (await this.fetched(number));
    const node = element("img", { src, alt });
    await node.decode().catch(() => {});
    return element("figure", {}, node);
  }

  /** @param {number} number */
  async fetched(number) {
    const { data, media_type: type } = await image(number, this.options);
    const url = URL.createObjectURL(new Blob([data], { type }));
    this.urls.set(number, url);
    return url;
  }

  // -- pages in turn, and the buttons ---------------------------------------------------------------

  /** Turn the page after a while, unless somebody has said that pages stay, or asks for less motion. */
  waitForTurn() {
    clearTimeout(this.turn);
    this.turn = 0;
    if (!this.last) return;
    const { shown, drawing } = this.last;
    if (shown.pages < 2 || (drawing.STAYS && this.page === 0)) return;
    if (calm() || place("turning").getAttribute("aria-pressed") === "true") return;
    this.turn = setTimeout(() => {
      this.turn = 0;
      if (this.lesson?.frozen) this.waitForTurn();
      else this.pageTo(this.page + 1);
    }, 1000 * drawing.TURN_S);
  }
}

/**
 * Return what to tap where browsers warn, and by what the certificate is known.
 *
 * @param {Certificate} certificate
 */
function warning({ browsers, fingerprint }) {
  const lines = browsers.map(({ browser, taps }) =>
    element("li", {}, element("b", {}, browser), `: ${taps.join(" › ")}`),
  );
  const known = element("p", { class: "rk-fingerprint" }, `SHA-256: ${fingerprint.join(" ")}`);
  return [element("p", {}, gettext(WARNED)), element("ul", {}, ...lines), known];
}

/**
 * @param {HTMLElement} node
 * @param {number} height in pixels
 */
function shorten(node, height) {
  if (node.clientHeight <= height + 1) return;
  node.style.height = `${height}px`;
  cut(node, node.textContent ?? "");
}

/**
 * @param {HTMLElement} host
 * @param {Shown} shown
 * @param {Drawing} drawing
 */
function drawInvitation(host, { page, refused }, drawing) {
  const more = drawing.invitation(page);
  const line = element("p", { class: "rk-more" });
  host.replaceChildren(
    element(
      "div",
      { class: "rk-invitation" },
      ...(refused ? [] : [element("p", {}, element("strong", {}, gettext(NOTHING_YET)))]),
      ...(more ? [line] : []),
    ),
  );
  cut(line, more);
}

/**
 * Return an address that may be broken where it has a part, and nowhere else: not within numbers.
 *
 * @param {string} link
 */
function breakable(link) {
  return link
    .split(/(?<=\/\/)|(?=:\d)|(?=\.\D)/)
    .flatMap((part, number) => (number ? [document.createElement("wbr"), part] : [part]));
}

new ProjectorPage().open();
