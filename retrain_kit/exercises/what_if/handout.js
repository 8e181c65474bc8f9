/**
 * What one person may do at a blank area, on a page that has no server: what `session.py` and `aggregate.py` decide
 * for everybody. Which wordings mean the same is asked where the answers of several people come together.
 */

import { gettext, ngettext } from "../../widgets/languages.js";
import { HandoutSession } from "../common/handout.js";
import { checkLength } from "../common/letters.js";

/**
 * @typedef {import("../common/handout.js").Sent} Sent
 * @typedef {import("../common/handout.js").Answer} Answer
 * @typedef {{ ref: string, also: string[], text: string, beside: string, told: string, footnotes: string[] }} Option
 * @typedef {import("../common/handout.js").Carried & { elephant: string[] }} Carried
 */

const ELEPHANT = "original:elephant";
const ARTICLES = ["a", "an", "the", "some"];
const WITHDRAWN = "(wording withdrawn)";

/** @param {string} text */
const wording = (text) => text.normalize("NFC").split(/\s+/).filter(Boolean).join(" ");

/** @extends {HandoutSession<Carried>} */
export class WhatIfHandout extends HandoutSession {
  /** @override */
  get acts() {
    const own = {
      add: (/** @type {Sent} */ sent) => this.add(sent),
      place: (/** @type {Sent} */ sent) => this.place(sent),
      elephant: (/** @type {Sent} */ sent) => this.letIn(sent),
    };
    return { ...super.acts, ...own };
  }

  /** @override */
  get mine() {
    return super.mine.filter(({ refusal, details }) => refusal || (details.hole ?? "") === this.item.hole);
  }

  /** @param {Sent} sent */
  async add({ text = "", likely, ...sent }) {
    checkLength(gettext("Your option"), text, this.carried.most, 1);
    if (this.isAnchor(text))
      throw new Error(gettext("This is outside the range. Let it in: that is an act of its own."));
    return this.kept(await this.say(text, { act: "added", likely }, sent), this.carried.told.answer);
  }

  /** @param {Sent} sent */
  async place({ ref = "", likely, ...sent }) {
    if (!this.list().options.some(({ refs }) => refs.includes(ref)))
      throw new Error(gettext("This is not on the list."));
    const begun = /^(original|start|anchor):/.test(ref);
    const details = { act: "placed", likely, ...(begun ? { option: ref } : {}) };
    return this.kept(await this.say("", details, sent, begun ? "" : ref), this.carried.told.answer);
  }

  /** @param {Sent} sent */
  async letIn({ text = "", likely, ...sent }) {
    checkLength(gettext("Your reason"), text, this.carried.most);
    const { anchor } = this.item;
    if (!anchor) throw new Error(gettext("This is not on the list."));
    const elephant = anchor === ELEPHANT;
    const act = elephant ? { act: "let the elephant in" } : { act: "let in", option: anchor };
    const { told } = this.carried;
    return this.kept(await this.say(text, { ...act, likely }, sent), elephant ? told.elephant : told.anchor);
  }

  /**
   * A refusal here says in which language the exercise was read.
   *
   * @override
   * @param {Sent} sent
   */
  refusal({ refusal = "", text = "", ...sent }) {
    checkLength(gettext("Your words"), text, this.carried.most);
    this.checkRefusal(refusal);
    return this.own.say({
      text,
      asked: this.asked,
      ...this.voice(/** @type {Sent} */ (sent)),
      refusal,
      details: this.item.start,
    });
  }

  /**
   * @param {string} text
   * @param {{ act: string, likely: unknown }} details
   * @param {Sent | object} sent
   * @param {string} [record]
   */
  say(text, details, sent, record = "") {
    const { likely, act } = details;
    const fits = typeof likely === "number" ? likely >= 0 && likely <= 100 : this.degree(likely);
    if (!fits) throw new Error(gettext("Say how likely it seems, in words or in a number."));
    const { language, ...voice } = this.voice(/** @type {Sent} */ (sent));
    const words = text || (act === "placed" ? String(likely) : act);
    const asked = { ...this.asked, record };
    const said = {
      text: words,
      asked,
      ...voice,
      language: text ? language : "",
      details: { ...details, hole: this.item.hole, ...this.item.start },
    };
    return /** @type {Promise<Answer>} */ (this.own.say(said));
  }

  /** Whether a text is of what is improbable here: as `StartList.is_anchor`. @param {string} text */
  isAnchor(text) {
    const all = text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
    if (this.item.anchor !== ELEPHANT) {
      const words = all.filter((word) => !ARTICLES.includes(word));
      return this.item.anchor !== "" && words.join(" ") === this.item.anchor_words;
    }
    const last = all.at(-1) ?? "";
    return this.carried.elephant.includes(last) || this.carried.elephant.includes(last.replace(/s$/, ""));
  }

  /** @param {unknown} likely */
  degree(likely) {
    if (typeof likely === "number") return `${likely} %`;
    const [word, low, high, shown] = this.setting.scale.find((/** @type {string[]} */ [each]) => each === likely) ?? [];
    return word ? `${shown} (${low}–${high} %)` : "";
  }

  /**
   * The list as it stands with what the person agreed to show: as `aggregate.range_from_answers`.
   *
   * @returns {{ options: (Option & { refs: string[], degree: string })[], outside: Option | null, refusals: string[], withheld: number }}
   */
  list() {
    const { first } = this.item;
    const said = this.mine.filter(({ consent }) => consent.agreed.includes("class"));
    const listed = (/** @type {Option} */ option) => ({ ...option, refs: [option.ref], degree: "" });
    const options = first.options.map(listed);
    const elephant = first.outside ? listed(first.outside) : null;
    const find = (/** @type {string} */ ref) => [...options, elephant].find((option) => option?.refs.includes(ref));
    for (const record of said) {
      const { act, option, likely } = record.details;
      if (act === "added") this.put(options, record);
      const letIn = { "let the elephant in": ELEPHANT, "let in": option };
      const ref = { added: record.id, placed: record.asked.record || option, ...letIn }[/** @type {string} */ (act)];
      if (ref && !find(ref))
        options.push({ ref, refs: [ref], also: [], text: WITHDRAWN, beside: "", told: "", footnotes: [], degree: "" });
      if (ref) Object.assign(find(ref), { degree: this.degree(likely) });
    }
    const inside =
      elephant && said.some(({ details }) => ["let the elephant in", "let in"].includes(String(details.act)));
    return {
      options: inside ? [...options, elephant] : options,
      outside: inside ? null : first.outside,
      refusals: said.filter(({ refusal }) => refusal).map((record) => this.words(record)),
      withheld: this.mine.length - said.length,
    };
  }

  /**
   * Put an option on the list, or beside the same wording.
   *
   * @param {(Option & { refs: string[] })[]} options
   * @param {Answer} record
   */
  put(options, { id, text }) {
    const footnotes = this.own.notes(id).map((note) => note.text ?? "");
    const known = options.find((option) => wording(option.text) === wording(text));
    if (known) Object.assign(known, { refs: [...known.refs, id], footnotes: [...known.footnotes, ...footnotes] });
    else
      options.push(
        /** @type {any} */ ({ ref: id, refs: [id], also: [], text, beside: "", told: "", footnotes, degree: "" }),
      );
  }

  /**
   * What the person said; where it was how likely an option seems, `of` is its reference.
   *
   * @param {Answer} record
   */
  owned(record) {
    const { act, option, likely } = record.details;
    const placed = act === "placed";
    const text = placed ? this.degree(likely) : this.words(record);
    return { record: record.id, text, of: placed ? option || record.asked.record : "" };
  }

  /** @override */
  view() {
    const { options, outside, refusals, withheld } = this.list();
    const spoken = this.mine.length > 0;
    const shown = options.map(({ refs: _, degree, ...option }) => ({
      ...option,
      told:
        spoken && degree
          ? ngettext("{count} person: {degrees}", "{count} people: {degrees}", 1, { degrees: degree })
          : option.told,
    }));
    const prompts = options.length ? this.item.listed : this.item.first.prompts;
    const begun = options.length ? this.item.listed_notes : this.item.first.begun;
    const rest = { prompts, begun, questions: [], merged: [], demonstration: this.item.first.demonstration };
    const mine = this.mine.map((record) => this.owned(record));
    return { mine, options: shown, outside, refusals, withheld, ...rest };
  }
}
