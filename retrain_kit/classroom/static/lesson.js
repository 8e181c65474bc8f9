/**
 * The lesson on a phone: what the teacher of the class has done, in a bar above the exercise. A time that runs is
 * counted here from what the class said was left. Where nothing can be answered, what one answers with rests; looking
 * and withdrawing do not.
 */

import { gettext, marked } from "../../widgets/languages.js";
import { downloadAnswers } from "../../widgets/parts.js";
import { place } from "./http.js";
import { askAsPerson } from "./person.js";

/**
 * @typedef {{ exercise: string, index: number }} Place
 * @typedef {object} Lesson
 * @property {Record<string, "open" | "paused" | "closed">} exercises
 * @property {Place | null} lead
 * @property {{ left_s: number, of_s: number } | null} timer
 * @property {boolean} frozen
 * @property {boolean} over
 *
 * @typedef {object} Around the page of the class, as far as a lesson moves it
 * @property {string} current which exercise is shown
 * @property {boolean} busy whether something would be lost by going on
 * @property {(name: string) => unknown} show
 * @property {(index: number) => unknown} go
 * @property {(place: Place) => string} nameOf
 */

const TICK_MS = 250;
/** A time that ends so much earlier or later than the one before is another. */
const ANOTHER_MS = 2000;
/** So long before the end those who are read to are told, once. */
const SOON_S = 10;
/** So long it stands there that the time is up: whoever comes late, or begins alone, has a time of their own. */
const UP_S = 30;
const WORDS = {
  open: "",
  paused: marked("The teacher has paused this exercise. What you wrote stays here."),
  closed: marked("The teacher has closed this exercise. You can look, and withdraw what you said."),
};
const OVER = marked("The class has ended. Take your answers along now: its machine stops in a while.");
const NOTHING_SAID = marked("The class has ended. You have said nothing that could be taken along.");
const LEADS = marked("The teacher leads: {place}.");
const PARTS = ["lesson-time", "lesson-words", "lesson-lead"];
const CONTROLS = "button, input, textarea, select";
/** Where controls never rest: on the way to other images, and among what one said oneself. */
const ALWAYS = ".rk-header, .rk-own, .rk-takeaway, .rk-mine";

/**
 * Return a time as minutes and seconds.
 *
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** A time that runs on a page: its end is known by this page's own clock, which nobody sets. */
export class Countdown {
  ends = 0;
  of = 0;

  /** @param {Lesson["timer"]} timer */
  hear(timer) {
    const { of_s: of, left_s: left } = timer ?? { of_s: 0, left_s: 0 };
    const wasUp = of > 0 && of === this.of && !left && !this.left;
    this.of = of;
    if (!wasUp) this.ends = performance.now() + left * 1000;
  }

  get left() {
    return Math.max(0, (this.ends - performance.now()) / 1000);
  }

  /** For how many seconds it has been up. */
  get up() {
    return this.of ? Math.max(0, (performance.now() - this.ends) / 1000) : 0;
  }

  get text() {
    if (!this.of) return "";
    return this.left > 0 ? clock(this.left) : gettext("Time is up.");
  }
}

export class LessonBar {
  /** @type {Lesson | null} */
  lesson = null;
  countdown = new Countdown();
  /** What those who are read to were told of this time. */
  told = "";
  /** Where the page was led last. */
  led = "";
  /** @type {Promise<{ text: string, name: string }> | null} */
  file = null;

  /** @param {Around} around */
  constructor(around) {
    this.around = around;
    place("lesson-take").addEventListener("click", () => this.take());
    new MutationObserver(() => this.rest()).observe(place("exercise"), { childList: true, subtree: true });
    setInterval(() => this.tick(), TICK_MS);
  }

  /** @param {Lesson} lesson */
  hear(lesson) {
    this.lesson = lesson;
    const { ends, of } = this.countdown;
    this.countdown.hear(lesson.timer);
    const isNew = of !== this.countdown.of || Math.abs(ends - this.countdown.ends) > ANOTHER_MS;
    if (isNew) this.told = "";
    if (isNew && lesson.timer && this.countdown.left > SOON_S) this.say("start", this.countdown.text);
    if (lesson.over) this.file ??= this.fetch();
    else this.file = null;
    this.draw();
  }

  /** An exercise was put on the page anew: it stands where the teacher leads, and rests where nothing can be said. */
  drawn() {
    this.led = "";
    this.draw();
  }

  draw() {
    const { lesson } = this;
    if (!lesson) return;
    this.follow();
    const { lead, over } = lesson;
    const words = over ? gettext(OVER) : gettext(WORDS[this.state]);
    const leads = lead ? gettext(LEADS, { place: this.around.nameOf(lead) }) : "";
    put("lesson-words", words);
    put("lesson-lead", leads);
    place("lesson-take").hidden = !over;
    this.rest();
    this.tick();
  }

  /** Whether the exercise that is shown can be answered. */
  get state() {
    return this.lesson?.exercises[this.around.current] ?? "open";
  }

  // -- where the teacher leads -----------------------------------------------------------------------

  follow() {
    const lead = this.lesson?.lead;
    const wanted = lead ? `${lead.exercise} ${lead.index}` : "";
    if (!lead || wanted === this.led) {
      this.led = wanted;
    } else if (!this.around.busy) {
      if (lead.exercise === this.around.current) {
        this.led = wanted;
        this.around.go(lead.index);
      } else this.around.show(lead.exercise);
    }
  }

  // -- what rests ------------------------------------------------------------------------------------

  rest() {
    const exercise = place("exercise");
    const resting = this.state !== "open";
    const held = /** @type {HTMLElement | null} */ (document.activeElement);
    exercise.classList.toggle("rk-resting", resting);
    for (const control of /** @type {NodeListOf<HTMLElement>} */ (exercise.querySelectorAll(CONTROLS))) {
      const inert = resting && !control.closest(ALWAYS);
      if (control.inert !== inert) control.inert = inert;
    }
    const led = Boolean(this.lesson?.lead);
    for (const way of [
      place("activities"),
      .../** @type {NodeListOf<HTMLElement>} */ (exercise.querySelectorAll(".rk-steps")),
    ])
      if (way.inert !== led) way.inert = led;
    if (held?.closest("[inert]")) place("lesson-words").focus();
  }

  // -- time ------------------------------------------------------------------------------------------

  tick() {
    put("lesson-time", this.countdown.up > UP_S ? "" : this.countdown.text);
    place("lesson").hidden = PARTS.every((id) => place(id).hidden);
    const { of, left } = this.countdown;
    if (of && left <= SOON_S && left > 0 && of > SOON_S) this.say("soon", gettext("10 seconds are left."));
    if (of && left <= 0) this.say("end", gettext("Time is up."));
    place("lesson-time").classList.toggle("rk-soon", of > 0 && left <= SOON_S);
    this.follow();
  }

  /**
   * Tell those who are read to something about the time, once.
   *
   * @param {"start" | "soon" | "end"} when
   * @param {string} words
   */
  say(when, words) {
    const order = ["", "start", "soon", "end"];
    if (when !== "start" && order.indexOf(when) <= order.indexOf(this.told)) return;
    this.told = when;
    place("lesson-said").textContent = words;
  }

  // -- the end ---------------------------------------------------------------------------------------

  /** Fetch what the person said while the class is still there. */
  async fetch() {
    const file = await askAsPerson("/mine", {}, { act: "download" });
    if (!file.text) {
      put("lesson-words", gettext(NOTHING_SAID));
      place("lesson-take").hidden = true;
    }
    return file;
  }

  async take() {
    this.file ??= this.fetch();
    const found = this.file;
    try {
      const file = await found;
      if (file.text) downloadAnswers(/** @type {any} */ (file));
    } catch (error) {
      this.file = null;
      put("lesson-words", /** @type {Error} */ (error).message);
    }
  }
}

/**
 * Put words on the page where they are not there already: nobody is read the same twice.
 *
 * @param {string} id
 * @param {string} words
 */
export function put(id, words) {
  const node = place(id);
  if (node.textContent !== words) node.textContent = words;
  node.hidden = !words;
}
