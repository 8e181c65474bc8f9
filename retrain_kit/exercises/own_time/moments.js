/**
 * The moments at which somebody did something, and what they were at; no places, and no keys.
 *
 * The kernel counts the time from them: see `annotations/working_time.py`. Of moments that follow each other within
 * `SPAN_S` about one thing only the first and the last are noted: the pauses between them count as active either way.
 */

/** Less than the longest pause that is active. */
const SPAN_S = 5;

/** @typedef {"act" | "hide" | "show"} Kind */

export class Moments {
  /** Seconds, what happened, and what it is about. @type {[number, Kind, string][]} */
  rows = [];
  began = 0;

  /** @param {{ now?: () => number, most?: number }} [options] */
  constructor({ now = () => performance.now(), most = Number.POSITIVE_INFINITY } = {}) {
    this.now = now;
    this.most = most;
    this.began = now();
  }

  /** Whether so much was noted that nothing more is. */
  get full() {
    return this.rows.length >= this.most;
  }

  /**
   * @param {Kind} kind
   * @param {string} about
   */
  put(kind, about) {
    const [before, last] = this.rows.slice(-2);
    const now = Math.round(this.now() - this.began) / 1000;
    const t = Math.max(now, this.rows.at(-1)?.[0] ?? 0);
    this.began -= (t - now) * 1000; // a clock that was set back goes on from where it was
    const goesOn = before && last && kind === "act" && last[1] === "act" && before[1] !== "hide";
    if (goesOn && last[2] === about && t - before[0] <= SPAN_S) last[0] = t;
    else if (!this.full) this.rows.push([t, kind, about]);
  }
}
