/**
 * The teacher's page: what is open, where everybody is led, how much time there is, what stands on the wall and what is
 * taken off it, the way in, and the end. People are numbers here. What they say is put on the page as text.
 */

import { gettext, marked, ngettext } from "../../widgets/languages.js";
import { element, trigger } from "../../widgets/parts.js";
import { confirmed } from "./confirming.js";
import { connection } from "./connection.js";
import { ask, image, listen, memory, place, told } from "./http.js";
import { ImageChoice } from "./images.js";
import { offerLanguages, speakToReader } from "./language.js";
import { Countdown } from "./lesson.js";
import { SaidList } from "./said.js";

/**
 * @typedef {{ title: string, images: number[] }} Item
 * @typedef {{ name: string, title: string, items: Item[], of_item: number, chosen: string[] }} Activity
 * @typedef {{ title: string, link: string, code: string, activities: Activity[] }} About
 *
 * @typedef {object} News
 * @property {number} present
 * @property {number} answers
 * @property {number} refusals
 * @property {number} about
 * @property {import("./lesson.js").Lesson} lesson
 * @property {{ wrong_codes: number, shut: number }} strain
 * @property {boolean} approving
 * @property {number} waiting
 * @property {number} hidden
 * @property {Record<string, [number, number]>} said
 * @property {number} stops_in_s
 */

const AWAY = marked("The class is away. This page finds it again by itself.");
const STATES = { open: marked("Open"), paused: marked("Paused"), closed: marked("Closed") };
const TIMES_S = [20, 30, 60, 180, 300, 600];
const MINUTE_S = 60;
const TICK_MS = 250;
const LEADS = marked("Everybody is led to {place}.");
const ROAMS = marked("Everybody goes where they like.");
const FROZEN = marked("The wall keeps to what it has. What you hide still leaves it.");
const APPROVING = marked("What is typed is shown to others once you let it, on the wall and on phones.");
const LIVING = marked("What is said is on the wall at once.");
const END = {
  title: marked("End the class?"),
  words: marked(
    "Nothing can be answered any more. All pages offer the answers as files. You can still go on after that.",
  ),
  yes: marked("Yes, end it"),
};
const STOP = {
  title: marked("Stop the machine?"),
  words: marked("Whoever has not taken their answers along by now cannot do it here any more."),
  yes: marked("Yes, stop it"),
};
const CODE = {
  title: marked("Make a new code?"),
  words: marked("Whoever is in stays in. The wall shows the new code at once."),
  yes: marked("Yes, a new code"),
};
const REVEAL = {
  title: marked("Show everything at once?"),
  words: marked("What waits now is then shown, too. Hide first what is not for others."),
  yes: marked("Yes, show everything"),
};

class TeacherPage {
  /** @type {About} */
  about = { title: "", link: "", code: "", activities: [] };
  /** @type {News | null} */
  news = null;
  countdown = new Countdown();
  /** @type {Map<number, Promise<string>>} */
  urls = new Map();
  said = new SaidList(
    (act) => this.does(act),
    () => this.options,
  );
  choice = new ImageChoice(
    (act) => this.act(act),
    () => this.options,
  );

  constructor() {
    this.on("open-door", { act: "open-door" });
    this.on("roam", { act: "roam" });
    this.on("no-time", { act: "time", seconds: 0 });
    this.on("go-on", { act: "go-on" });
    place("freeze").addEventListener("click", () => this.does({ act: this.news?.lesson.frozen ? "thaw" : "freeze" }));
    place("approve").addEventListener("click", () => this.turnApproval());
    place("new-code").addEventListener("click", () => this.doesIf(CODE, { act: "code" }));
    place("end").addEventListener("click", () => this.doesIf(END, { act: "end" }));
    place("stop").addEventListener("click", () => this.doesIf(STOP, { act: "stop" }));
    place("own-time").addEventListener("submit", (event) => {
      event.preventDefault();
      this.time(/** @type {HTMLInputElement} */ (place("minutes")).value);
    });
    for (const button of document.querySelectorAll("[data-does=answers]"))
      button.addEventListener("click", () => this.takeAnswers());
    connection.addEventListener("change", () => {
      place("away").hidden = !connection.away;
      place("away").textContent = gettext(AWAY);
    });
    for (const link of place("parts").querySelectorAll("a"))
      link.addEventListener("click", (event) => {
        event.preventDefault();
        const part = document.querySelector(link.getAttribute("href") ?? "");
        part?.scrollIntoView();
        /** @type {HTMLElement | null | undefined} */ (part?.querySelector("h2"))?.focus({ preventScroll: true });
      });
    addEventListener("hashchange", () => location.reload());
    setInterval(() => this.tick(), TICK_MS);
    offerLanguages(() => this.drawAll());
  }

  /** The secret is in the link alone, and leaves the address at once. */
  async open() {
    const secret = location.hash.slice(1);
    if (secret) memory.set("teacher", secret);
    history.replaceState(null, "", location.pathname);
    await speakToReader();
    try {
      await this.renew();
    } catch (error) {
      place("refused").textContent = /** @type {Error} */ (error).message;
      return;
    }
    place("inside").hidden = false;
    listen(
      `/teacher/events?secret=${encodeURIComponent(memory.get("teacher"))}`,
      (news) => this.hear(news),
      () => location.reload(),
    );
  }

  get options() {
    return { token: memory.get("teacher") };
  }

  async renew() {
    this.about = await told("/teacher/about", this.options);
    this.drawAll();
  }

  // -- doing -----------------------------------------------------------------------------------------

  /**
   * @param {string} id
   * @param {object} act
   */
  on(id, act) {
    place(id).addEventListener("click", () => this.does(act));
  }

  /**
   * Do something; what goes wrong is said.
   *
   * @param {object} act
   */
  async does(act) {
    try {
      await this.act(act);
      this.tell("");
    } catch (error) {
      this.tell(/** @type {Error} */ (error).message);
    }
  }

  /** @param {object} act */
  act(act) {
    return told("/teacher/do", { body: act, ...this.options });
  }

  /**
   * @param {import("./confirming.js").Question} question
   * @param {object} act
   */
  async doesIf(question, act) {
    if (await confirmed(question)) await this.does(act);
  }

  async turnApproval() {
    const { approving = false, waiting = 0 } = this.news ?? {};
    if (!approving) await this.does({ act: "approve-first" });
    else if (waiting) await this.doesIf(REVEAL, { act: "show-at-once" });
    else await this.does({ act: "show-at-once" });
  }

  /** @param {string} minutes */
  async time(minutes) {
    const seconds = Math.round(Number(minutes.replace(",", ".")) * MINUTE_S);
    if (seconds > 0) await this.does({ act: "time", seconds });
    else this.tell(gettext("Write how many minutes, as 5 or 1.5."));
  }

  async takeAnswers() {
    try {
      const response = await ask("/teacher/answers", this.options);
      const url = URL.createObjectURL(await response.blob());
      element("a", { href: url, download: "answers.jsonl" }).click();
      setTimeout(() => URL.revokeObjectURL(url), MINUTE_S * 1000);
    } catch (error) {
      this.tell(/** @type {Error} */ (error).message);
    }
  }

  /** @param {string} words */
  tell(words) {
    place("told").textContent = words;
    if (words) place("told").scrollIntoView({ block: "nearest" });
  }

  // -- hearing ---------------------------------------------------------------------------------------

  /** @param {News} news */
  async hear(news) {
    const before = this.news;
    this.news = news;
    this.countdown.hear(news.lesson.timer);
    if (before && before.about !== news.about) await this.renew();
    else this.drawNews();
    this.said.hear(news);
  }

  drawAll() {
    const { title, link, code } = this.about;
    place("title").textContent = title;
    place("link").textContent = link;
    place("code").textContent = code;
    this.drawTimes();
    this.drawExercises();
    this.said.offer(this.about.activities);
    this.drawNews();
  }

  drawNews() {
    const { news } = this;
    if (!news) return;
    const { present, answers, refusals, lesson, strain, approving, waiting, stops_in_s: stops } = news;
    const lines = [
      ngettext("{count} page is open", "{count} pages are open", present),
      ngettext("{count} answer", "{count} answers", answers),
      ngettext("{count} of them a refusal", "{count} of them refusals", refusals),
    ];
    place("counts").replaceChildren(...lines.map((line) => element("li", {}, line)));
    place("door").hidden = !strain.shut;
    const shut = ngettext("{count} place is shut out.", "{count} places are shut out.", strain.shut);
    const wrong = ngettext("{count} wrong code came.", "{count} wrong codes came.", strain.wrong_codes);
    write("shut", strain.shut ? `${shut} ${wrong}` : "");
    write("leads", lesson.lead ? gettext(LEADS, { place: this.nameOf(lesson.lead) }) : gettext(ROAMS));
    place("roam").hidden = !lesson.lead;
    press("freeze", lesson.frozen);
    press("approve", approving);
    const words = [
      lesson.frozen ? gettext(FROZEN) : "",
      ...(approving ? [gettext(APPROVING), ngettext("{count} waits.", "{count} wait.", waiting)] : []),
    ];
    write("wall-words", words.filter(Boolean).join(" ") || gettext(LIVING));
    const ends = lesson.over && place("over").hidden;
    place("over").hidden = !lesson.over;
    for (const id of ["exercises-part", "time-part"]) place(id).inert = lesson.over;
    if (ends) {
      place("over").scrollIntoView({ block: "nearest" });
      place("over-title").focus();
    }
    place("ending").hidden = lesson.over;
    const minutes = Math.ceil(stops / MINUTE_S);
    const left = ngettext(
      "In {count} minute the machine stops by itself. Until then pages take their answers along.",
      "In {count} minutes the machine stops by itself. Until then pages take their answers along.",
      minutes,
    );
    write("stops", lesson.over ? left : "");
    for (const button of document.querySelectorAll("[data-state-of]")) {
      const { stateOf = "", state } = /** @type {HTMLElement} */ (button).dataset;
      button.setAttribute("aria-pressed", String(lesson.exercises[stateOf] === state));
    }
    for (const button of document.querySelectorAll("[data-leads]")) {
      const leads = lesson.lead && `${lesson.lead.exercise} ${lesson.lead.index}`;
      button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset.leads === leads));
    }
    for (const button of document.querySelectorAll("[data-chooses]")) {
      const name = /** @type {HTMLElement} */ (button).dataset.chooses ?? "";
      button.setAttribute("aria-disabled", String(lesson.exercises[name] === "open"));
    }
    this.tick();
  }

  tick() {
    write("time", this.countdown.text);
    place("no-time").hidden = !this.countdown.of;
  }

  // -- exercises -------------------------------------------------------------------------------------

  /** @param {import("./lesson.js").Place} at */
  nameOf({ exercise, index }) {
    const activity = this.about.activities.find(({ name }) => name === exercise);
    return activity ? `${activity.title}, ${activity.items[index]?.title ?? ""}` : "";
  }

  drawTimes() {
    const buttons = TIMES_S.map((seconds) => {
      const minutes = seconds / MINUTE_S;
      const words =
        minutes < 1
          ? ngettext("{count} second", "{count} seconds", seconds)
          : ngettext("{count} minute", "{count} minutes", minutes);
      return trigger(words, () => this.does({ act: "time", seconds }));
    });
    place("times").replaceChildren(...buttons);
  }

  drawExercises() {
    place("exercises").replaceChildren(...this.about.activities.map((activity) => this.exercise(activity)));
  }

  /** @param {Activity} activity */
  exercise(activity) {
    const { name, title, items, of_item: choosable } = activity;
    const states = Object.entries(STATES).map(([state, words]) =>
      trigger(gettext(words), () => this.does({ act: "state", exercise: name, state }), {
        "data-state-of": name,
        "data-state": state,
        "aria-label": gettext("{what}: {of_what}", { what: title, of_what: gettext(words) }),
      }),
    );
    const choose = trigger(gettext("Choose its images"), () => this.choose(activity), { "data-chooses": name });
    const list = element("ol", { class: "rk-items", tabindex: "0", "aria-label": gettext("Lead everybody to") });
    list.append(...items.map((item, index) => element("li", {}, this.item(activity, item, index))));
    return element(
      "section",
      { class: "rk-exercise", "aria-label": title },
      element("h3", {}, title),
      element("div", { class: "rk-row" }, ...states, ...(choosable ? [choose] : [])),
      list,
    );
  }

  /**
   * @param {Activity} activity
   * @param {Item} item
   * @param {number} index
   */
  item({ name, title }, { title: words, images }, index) {
    const button = trigger("", () => this.lead(name, index), {
      class: "rk-button rk-item",
      "data-leads": `${name} ${index}`,
      "aria-label": gettext("Lead everybody to {place}", { place: `${title}, ${words}` }),
    });
    const shown = images.map((number) => {
      const node = element("img", { alt: "" });
      this.url(number).then(
        (url) => node.setAttribute("src", url),
        () => {},
      );
      return node;
    });
    button.replaceChildren(element("div", {}, ...shown), element("span", {}, words));
    return button;
  }

  /**
   * @param {string} exercise
   * @param {number} index
   */
  lead(exercise, index) {
    const lead = this.news?.lesson.lead;
    const there = lead?.exercise === exercise && lead.index === index;
    return this.does(there ? { act: "roam" } : { act: "lead", exercise, index });
  }

  /** @param {Activity} activity */
  choose(activity) {
    if (this.news?.lesson.exercises[activity.name] === "open")
      this.tell(gettext("Pause or close this exercise first: somebody may be answering to its images."));
    else this.choice.open(activity);
  }

  /** @param {number} number */
  url(number) {
    const known = this.urls.get(number) ?? image(number, this.options).then(urlOf);
    this.urls.set(number, known);
    return known;
  }
}

/** @param {{ data: ArrayBuffer, media_type: string }} image */
const urlOf = ({ data, media_type: type }) => URL.createObjectURL(new Blob([data], { type }));

/**
 * @param {string} id
 * @param {string} words
 */
function write(id, words) {
  if (place(id).textContent !== words) place(id).textContent = words;
}

/**
 * @param {string} id
 * @param {boolean} pressed
 */
function press(id, pressed) {
  place(id).setAttribute("aria-pressed", String(pressed));
}

new TeacherPage().open();
