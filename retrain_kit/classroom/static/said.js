/**
 * What is said, as its teacher reads it: the newest first, so much at a time. Nothing moves under a hand: while somebody
 * points at the list, or goes through it by keys, what is new waits behind a button.
 */

import { gettext, marked, ngettext } from "../../widgets/languages.js";
import { element, row, trigger } from "../../widgets/parts.js";
import { confirmed } from "./confirming.js";
import { place, told } from "./http.js";

/**
 * @typedef {{ id: string, index: number, text: string, kind: string, state: string }} Entry
 * @typedef {{ entries: Entry[], start: number, end: number, total: number, private: number }} Listed
 * @typedef {import("./teacher.js").Activity} Activity
 */

const WHICH = { all: marked("Everything"), waiting: marked("What waits"), hidden: marked("What you took off") };
/** @type {Record<string, string>} */
const KINDS = { refusal: marked("refusal"), footnote: marked("footnote") };
const DELETES = {
  title: marked("Delete this for good?"),
  yes: marked("Yes, delete it"),
};

export class SaidList {
  /** @type {Activity[]} */
  activities = [];
  /** @type {Activity | null} */
  activity = null;
  which = "all";
  /** Before which place of the list the page begins; null where it shows the newest. @type {number | null} */
  before = null;
  /** @type {Listed | null} */
  listed = null;
  /** What the class said last that changes the list. */
  known = "";
  queue = Promise.resolve();
  /** @type {HTMLButtonElement[]} */
  ofExercise = [];
  /** @type {Map<string, HTMLButtonElement>} */
  ofWhich = new Map();

  /**
   * @param {(act: object) => Promise<void>} does
   * @param {() => { token: string }} options
   */
  constructor(does, options) {
    this.does = does;
    this.options = options;
    place("older").addEventListener("click", () => this.turn(this.listed?.start ?? null));
    place("newer").addEventListener("click", () => this.newer());
    place("more-came").addEventListener("click", () => this.turn(null));
    place("let-all").addEventListener("click", () => this.letAll());
  }

  /** @param {Activity[]} activities */
  offer(activities) {
    this.activities = activities;
    this.activity = activities.find(({ name }) => name === this.activity?.name) ?? activities[0];
    this.ofExercise = activities.map((activity) => trigger(activity.title, () => this.choose(activity)));
    place("of-exercise").replaceChildren(...this.ofExercise);
    const ways = Object.entries(WHICH).map(
      ([which, words]) => /** @type {const} */ ([which, trigger(gettext(words), () => this.pick(which))]),
    );
    this.ofWhich = new Map(ways);
    place("which").replaceChildren(...ways.map(([, button]) => button));
    this.look();
  }

  /** @param {import("./teacher.js").News} news */
  hear(news) {
    const counts = Object.entries(news.said).map(([name, [count]]) => `${name} ${count}`);
    const known = JSON.stringify([counts, news.approving, news.waiting, news.hidden]);
    for (const [at, { name, title }] of this.activities.entries())
      this.ofExercise[at].textContent = gettext("{name} ({count})", {
        name: title,
        count: news.said[name]?.[0] ?? 0,
      });
    for (const [which, count] of Object.entries({ waiting: news.waiting, hidden: news.hidden }))
      this.ofWhich
        .get(which)
        ?.replaceChildren(
          gettext("{name} ({count})", { name: gettext(WHICH[/** @type {"waiting"} */ (which)]), count }),
        );
    const which = /** @type {HTMLElement} */ (this.ofWhich.get("waiting"));
    which.hidden = !news.approving;
    if (!news.approving && this.which === "waiting") this.which = "all";
    if (known !== this.known) this.look();
    this.known = known;
  }

  /** @param {Activity} activity */
  choose(activity) {
    this.activity = activity;
    this.turn(null);
  }

  /** @param {string} which */
  pick(which) {
    this.which = which;
    this.turn(null);
  }

  /** @param {number | null} before */
  turn(before) {
    this.before = before;
    this.listed = null;
    this.look();
  }

  newer() {
    const { listed } = this;
    if (!listed) return;
    const next = listed.end + (listed.end - listed.start);
    this.turn(next >= listed.total ? null : next);
  }

  look() {
    this.queue = this.queue
      .then(() => this.fetch())
      .catch(() => {
        this.known = ""; // The next news asks again.
      });
  }

  async fetch() {
    const { activity, which, before } = this;
    if (!activity) return;
    const asked = new URLSearchParams({ exercise: activity.name, which });
    if (before !== null) asked.set("before", String(before));
    /** @type {Listed} */
    const listed = await told(`/teacher/said?${asked}`, this.options());
    if (activity !== this.activity || which !== this.which || before !== this.before) return;
    this.hold(listed);
  }

  /**
   * Draw the list; what is new in it waits while somebody's hand is on it.
   *
   * @param {Listed} listed
   */
  hold(listed) {
    const here = new Set(this.listed?.entries.map(({ id }) => id));
    const fresh = this.listed ? listed.entries.filter(({ id }) => !here.has(id)).length : 0;
    const waits = fresh > 0 && here.size > 0 && this.isTouched;
    const words = ngettext("{count} new answer", "{count} new answers", fresh);
    place("more-came").textContent = words;
    place("more-came").hidden = !waits;
    if (waits) {
      const states = new Map(listed.entries.map(({ id, state }) => [id, state]));
      const entries = (this.listed?.entries ?? []).map((entry) => ({
        ...entry,
        state: states.get(entry.id) ?? entry.state,
      }));
      this.draw({ .../** @type {Listed} */ (this.listed), entries });
    } else this.draw(listed);
  }

  get isTouched() {
    const list = place("said");
    const points = matchMedia("(hover: hover)").matches && list.matches(":hover");
    return points || list.contains(document.activeElement);
  }

  /** @param {Listed} listed */
  draw(listed) {
    const before = new Map(this.listed?.entries.map((entry) => [entry.id, JSON.stringify(entry)]));
    const now = /** @type {HTMLElement[]} */ ([...place("said").children]);
    const nodes = new Map(now.map((node) => [node.dataset.id, node]));
    const held = /** @type {HTMLElement | null} */ (document.activeElement);
    const line = /** @type {HTMLElement | null | undefined} */ (held?.closest("#said > li"));
    this.listed = listed;
    const lines = listed.entries.map((entry) => {
      const known = nodes.get(entry.id);
      return known && before.get(entry.id) === JSON.stringify(entry) ? known : this.line(entry);
    });
    place("said").replaceChildren(...lines);
    this.holdOn(line?.dataset.id);
    this.drawAround(listed);
  }

  /** Whoever goes through the list by keys stays where they were. @param {string | undefined} id */
  holdOn(id) {
    if (!id || place("said").contains(document.activeElement)) return;
    const same = place("said").querySelector(`[data-id="${CSS.escape(id)}"] button`);
    /** @type {HTMLElement} */ (same ?? place("said-title")).focus();
  }

  /** @param {Listed} listed */
  drawAround({ entries, start, end, total, private: kept }) {
    for (const [at, activity] of this.activities.entries())
      this.ofExercise[at].setAttribute("aria-pressed", String(activity === this.activity));
    for (const [which, button] of this.ofWhich) button.setAttribute("aria-pressed", String(which === this.which));
    place("nothing").textContent = entries.length ? "" : gettext("Nothing.");
    place("older").hidden = start === 0;
    place("newer").hidden = this.before === null;
    place("range").textContent =
      total > entries.length
        ? gettext("{from} to {to} of {total}", { from: total - end + 1, to: total - start, total })
        : "";
    const more = ngettext(
      "{count} more has an author who shows it to nobody here.",
      "{count} more have authors who show them to nobody here.",
      kept,
    );
    place("private").textContent = kept && this.which === "all" ? more : "";
    place("let-all").hidden = !(this.which === "waiting" && entries.length);
  }

  /** @param {Entry} entry */
  line(entry) {
    const { id, index, text, kind, state } = entry;
    const at = this.activity?.items[index]?.title ?? "";
    const words = [at, KINDS[kind] ? gettext(KINDS[kind]) : ""].filter(Boolean).join(" · ");
    const head = element("p", { class: "rk-quiet" }, words);
    const hide = this.button(marked("Hide"), text, { act: "hide", ids: [id] });
    const show = this.button(marked("Show it again"), text, { act: "let", ids: [id] });
    const letThrough = this.button(marked("Show it"), text, { act: "let", ids: [id] });
    const ways = { shown: [hide], hidden: [show], waiting: [letThrough, hide] }[state] ?? [hide];
    const remove = trigger(gettext("Delete"), () => this.remove(entry), {
      "aria-label": gettext("{what}: {of_what}", { what: gettext("Delete"), of_what: text }),
    });
    const said = element("p", { class: "rk-words", dir: "auto" }, text);
    return element("li", { "data-id": id, "data-state": state }, head, said, row(...ways, remove));
  }

  /**
   * @param {string} words
   * @param {string} text
   * @param {object} act
   */
  button(words, text, act) {
    const label = gettext("{what}: {of_what}", { what: gettext(words), of_what: text });
    return trigger(gettext(words), () => this.does(act), { "aria-label": label });
  }

  /** @param {Entry} entry */
  async remove({ id, text }) {
    if (await confirmed({ ...DELETES, words: text })) await this.does({ act: "delete", ids: [id] });
  }

  async letAll() {
    const ids = this.listed?.entries.map(({ id }) => id) ?? [];
    await this.does({ act: "let", ids });
  }
}
