/**
 * What one person may keep of an image, on a page that has no server: what `session.py` and
 * `annotations/recordings.py` decide for everybody. The map of a track is drawn where the answers come together.
 */

import { gettext } from "../../widgets/languages.js";
import { HandoutSession } from "../common/handout.js";
import { checkLength } from "../common/letters.js";

/**
 * @typedef {import("../common/handout.js").Sent} Sent
 * @typedef {{ text: string, pieces: number[][][], focus: number[][][], devices: string[], seconds: number,
 *   tags: { label: string, edges: number[], t: number | null, device: string }[],
 *   written: number[] | null, frame: number[] | null }} Recording
 * @typedef {import("../common/handout.js").Carried & {
 *   most: { text: number, label: number, tags: number, points: number, seconds: number } }} Carried
 */

/** @extends {HandoutSession<any>} */
export class SurfacesHandout extends HandoutSession {
  /** @override */
  get acts() {
    return {
      ...super.acts,
      draw: () => ({ views: [] }),
      keep: (/** @type {Sent} */ sent) => this.keep(sent),
    };
  }

  /** @param {Sent} sent */
  async keep({ recording, ...sent }) {
    const details = this.details(recording);
    checkLength(gettext("Your description"), recording.text, this.carried.most.text, 1);
    const said = await this.own.say({
      text: recording.text,
      asked: this.asked,
      ...this.voice(/** @type {Sent} */ (sent)),
      details,
    });
    return this.kept(/** @type {import("../common/handout.js").Answer} */ (said), this.carried.told.answer);
  }

  /**
   * Return all of a recording but its text, as the kit keeps it.
   *
   * @param {Recording} recording
   */
  details({ pieces, focus, tags, devices, seconds, written, frame }) {
    const { most } = this.carried;
    const points = [...pieces, ...focus].reduce((count, piece) => count + piece.length, 0);
    const labels = tags.map(({ label }) => [...label.trim()].length);
    if (points > most.points || seconds > most.seconds || tags.length > most.tags)
      throw new Error(gettext("This recording is too long to be kept."));
    if (labels.some((count) => count < 1 || count > most.label))
      throw new Error(gettext("Each box has a word of at most {most} letters.", { most: most.label }));
    const boxes = tags.map(({ label, edges, t, device }) => ({ label, edges, t, device }));
    const ways = (/** @type {number[][][]} */ found) => found.filter(({ length }) => length);
    const rest = { devices: [...new Set(devices)], seconds, written, frame };
    return { size: this.item.size, pieces: ways(pieces), focus: ways(focus), tags: boxes, ...rest };
  }

  /** @override */
  async refuse(/** @type {Sent} */ { text: _, ...sent }) {
    return await super.refuse(/** @type {Sent} */ (sent));
  }

  /** @override */
  view() {
    const mine = this.mine.map((record) => ({
      record: record.id,
      text: this.words(record),
      refusal: Boolean(record.refusal),
    }));
    return { number: this.number, mine };
  }
}
