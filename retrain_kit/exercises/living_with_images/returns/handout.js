/**
 * What one person may give back to an image, on a page that has no server: words, a refusal, a picture. What
 * `session.py` and `returns.py` decide for everybody. A picture is painted anew and made smaller before it is kept:
 * so nothing of its place, its day and its device is left in it, and it fits into the file of answers.
 */

import { gettext } from "../../../widgets/languages.js";
import { HandoutSession } from "../../common/handout.js";
import { checkLength } from "../../common/letters.js";

/**
 * @typedef {import("../../common/handout.js").Sent} Sent
 * @typedef {import("../../common/handout.js").Answer} Answer
 */

const LONGEST_PX = 2048;
const MOST_BYTES = 3_500_000;
const MOST_TEXT_BYTES = 60_000;
/** Line ends, and signs that turn the words after them around. */
const NOT_IN_NAMES = /\p{Cc}|[\u2028-\u202e\u2066-\u2069]/u;
const FAMILY = "living-with-images";

/** @extends {HandoutSession<any>} */
export class ReturnsHandout extends HandoutSession {
  /** The pieces of the file that is on its way. @type {{ upload: string, name: string, size: number, pieces: ArrayBuffer[] }} */
  coming = { upload: "", name: "", size: 0, pieces: [] };

  /** @override */
  get acts() {
    return {
      ...super.acts,
      begin: (/** @type {any} */ sent) => this.begin(sent),
      piece: (/** @type {any} */ sent) => this.piece(sent),
      give: (/** @type {Sent} */ sent) => this.give(sent),
    };
  }

  /** @param {{ upload: string, name: string, size: number }} sent */
  begin({ upload, name, size }) {
    this.coming = { upload, name, size, pieces: [] };
    return { upload, next: 0 };
  }

  /** @param {{ upload: string, at: number, data: ArrayBuffer }} sent */
  piece({ upload, at, data }) {
    this.coming.pieces.push(data);
    return { upload, next: at + data.byteLength };
  }

  /** @param {Sent} sent */
  async give({ text = "", pseudonym = "", upload = "", question = "", ...sent }) {
    this.checkName(pseudonym);
    const named = pseudonym ? { pseudonym } : {};
    const { language, ...voice } = this.voice(/** @type {Sent} */ (sent));
    const file = upload ? await this.file() : null;
    const joined = [text, file?.text ?? ""].filter((each) => each.trim()).join("\n\n");
    const words = upload ? joined : text;
    if (new TextEncoder().encode(words).length > MOST_TEXT_BYTES)
      throw new Error(gettext("Your words are too many for one answer."));
    if (!file?.details) checkLength(gettext("What you give back"), words, MOST_TEXT_BYTES, 1);
    const speaks = Boolean(words.trim());
    const details = file?.details ? { ...named, file: file.details, words: speaks } : named;
    if (file?.details) this.own.give(file.details.sha256, file.data ?? "");
    const answer = {
      text: speaks ? words : "image",
      asked: this.questioned(question),
      ...voice,
      language: speaks ? language : "",
      details,
    };
    return this.kept(/** @type {Answer} */ (await this.own.say(answer)), this.carried.told.answer);
  }

  /**
   * Return what is kept of the file that came: its words, or a picture painted anew.
   *
   * @returns {Promise<{ text: string, details?: any, data?: string }>}
   */
  async file() {
    const { name, pieces } = this.coming;
    const blob = new Blob(pieces);
    const picture = await painted(blob);
    if (!picture) return { text: await plainText(blob, name) };
    const data = await picture.arrayBuffer();
    const digest = await crypto.subtle.digest("SHA-256", data);
    const sha256 = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const details = { sha256, type: "image/jpeg", size: picture.size, extension: ".jpg" };
    return { text: "", details, data: base64(new Uint8Array(data)) };
  }

  /** What an answer answers, with the question that the person chose. @param {string} question */
  questioned(question) {
    const { asked } = this.setting;
    const every = asked.flatMap((/** @type {any} */ { questions }) => questions);
    const found = every.find((/** @type {string[]} */ [key]) => key === question);
    return { ...this.asked, prompt: found?.[1] ?? "" };
  }

  /** @param {string} name */
  checkName(name) {
    if ([...name].length > 100 || NOT_IN_NAMES.test(name))
      throw new Error(gettext("What you call yourself is one line of at most 100 letters."));
  }

  /** @override @param {Sent} sent */
  async refuse(sent) {
    const told = await super.refuse(sent);
    return sent.refusal === "burn" ? this.carried.told.burnt : told;
  }

  /**
   * @override
   * @param {Sent} sent
   */
  async refusal({ refusal = "", text = "", pseudonym = "", question = "", ...sent }) {
    this.checkName(pseudonym);
    this.checkRefusal(refusal);
    const named = pseudonym ? { pseudonym } : {};
    const { language, ...voice } = this.voice(/** @type {Sent} */ (sent));
    const burns = refusal === "burn";
    const asked = burns ? { ...this.asked, images: [] } : this.questioned(question);
    const words = burns ? "" : text;
    const details = burns ? { burnt: await this.ash(this.item), ...named } : named;
    const said = await this.own.say({
      text: words,
      asked,
      ...voice,
      language: words ? language : "",
      refusal,
      details,
    });
    if (burns) for (const { id } of this.spoken) await this.own.withdraw(id);
    return said;
  }

  /** All that the person said of the image in this family of exercises. */
  get spoken() {
    const { images } = this.asked;
    return this.own.every.filter(
      ({ asked }) =>
        asked.study === this.study && asked.exercise.startsWith(FAMILY) && String(asked.images) === String(images),
    );
  }

  /** @param {{ ash: string }} item */
  ash({ ash }) {
    return this.own.author.digest(ash);
  }

  /** The burnt images, by what only their author can say of them. */
  ashes = new Map();

  /** @override @param {Sent} sent */
  async answer(sent) {
    for (const item of this.carried.items) if (!this.ashes.has(item)) this.ashes.set(item, await this.ash(item));
    return super.answer(sent);
  }

  /** @override */
  hides(/** @type {string[]} */ agreed) {
    return !agreed.length;
  }

  /** @override */
  view() {
    const burnt = new Set(this.said.map(({ details }) => details.burnt));
    const mine = this.said.map((record) => ({
      record: record.id,
      text: this.words(record),
      image: record.asked.images[0] ?? "",
    }));
    const images = this.carried.items.filter((/** @type {any} */ item) => burnt.has(this.ashes.get(item)));
    return { mine, burnt: images.map((/** @type {any} */ { asked }) => asked.images[0]) };
  }

  /** @override @param {Answer} record */
  words({ refusal, text, details }) {
    const { file, words } = details;
    const kind = file ? `[${this.carried.names.image}, ${Math.max(1, Math.round(file.size / 1000))} kB]` : "";
    return [refusal ? this.carried.refused[refusal] : "", file && !words ? "" : text, kind].filter(Boolean).join(" ");
  }
}

/**
 * Return a picture painted anew as a JPEG, at most `LONGEST_PX` wide and high; null where it is none that shows here.
 *
 * @param {Blob} blob
 */
async function painted(blob) {
  const image = new Image();
  const url = URL.createObjectURL(blob);
  try {
    image.src = url;
    await image.decode();
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
  for (let longest = LONGEST_PX; longest > 100; longest /= 2) {
    const scale = Math.min(1, longest / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    const context = canvas.getContext("2d");
    if (!context) return null;
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--rk-sheet");
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) =>
      canvas.toBlob(resolve, "image/jpeg", 0.85),
    );
    if (made && made.size <= MOST_BYTES) return made;
  }
  return null;
}

/**
 * Return the words of a text file.
 *
 * @param {Blob} blob
 * @param {string} name
 */
async function plainText(blob, name) {
  const text = await blob
    .arrayBuffer()
    .then((data) => new TextDecoder("utf-8", { fatal: true }).decode(data))
    .catch(() => "");
  const markup = /^\s*(<svg|<\?xml|<!doctype|<html|\{\\rtf|%!ps)/i.test(text);
  if (!text.trim() || text.includes("\0") || markup)
    throw new Error(
      gettext(
        "{name}: this page takes pictures that this browser can show, and text. Hand other files in beside your answers.",
        { name },
      ),
    );
  return text;
}

/** @param {Uint8Array} data */
function base64(data) {
  let text = "";
  for (let at = 0; at < data.length; at += 0x8000) text += String.fromCharCode(...data.subarray(at, at + 0x8000));
  return btoa(text);
}
