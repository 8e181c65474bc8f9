/**
 * The person of this page: who asks, and what they sign. The key is in this page's session alone. It leaves the page
 * only where the browser cannot sign: then it comes with each request, and the class forgets it.
 */

import { gettext } from "../../widgets/languages.js";
import { Author, canSign, digestOf } from "./author.js";
import { memory, told } from "./http.js";

/** How often something is signed anew, where others have answered in between. */
const MOST_ROUNDS = 6;

/**
 * @typedef {{ at: string, sign?: string[], locks?: string[], digests?: string[] }} Asked what only the key can make
 * @typedef {{ at: string, sign: Record<string, string>, locks: Record<string, string>, digests: Record<string, string> }} Given
 * @typedef {{ act: string, once?: string, text?: string, recording?: { text: string },
 *   record?: string, refusal?: string, goes?: string[], uses?: string[] }} Message
 */

/** Whether this browser signs; found out once. @type {Promise<boolean> | undefined} */
let signing;
export const signs = () => {
  signing ??= canSign();
  return signing;
};

/**
 * Be somebody from now on: new, or whose key was typed.
 *
 * @param {string} typed
 * @returns {Promise<{ key: string, who: string }>}
 */
export async function person(typed) {
  if (!(await signs())) return told("/person", { body: { key: typed } });
  return typed ? Author.of(typed) : Author.create();
}

/**
 * Ask the class for something in the name of whoever's key is here.
 *
 * @param {string} path
 * @param {object} body
 * @param {Message} message what they do, which alone they sign for
 */
export async function askAsPerson(path, body, message) {
  const key = memory.get("key");
  if (!(await signs())) return told(path, { body: { ...body, key } });
  const author = await Author.of(key);
  const [number] = memory.get("seat").split(".");
  const known = await author.signWords(`retrain-kit seat\n${location.host}\n${number}`);
  const given = await begun(author, message);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const asks = { ...body, public_key: author.publicKey, seat_signature: known, given };
    const reply = await told(path, { body: asks });
    if (!reply.asked) return reply;
    await give(author, given, reply.asked, message);
  }
  throw new Error(gettext("Others were faster each time. Try again in a moment; what you wrote still stands here."));
}

/**
 * Return what the class will ask for in any case.
 *
 * @param {Author} author
 * @param {Message} message
 * @returns {Promise<Given>}
 */
async function begun(author, { once }) {
  return { at: "", sign: {}, locks: once ? { [once]: await author.lock(once) } : {}, digests: {} };
}

/**
 * Add what the class asks for, as far as it belongs to what the person does.
 *
 * @param {Author} author
 * @param {Given} given
 * @param {Asked} asked
 * @param {Message} message
 */
async function give(author, given, { at, sign = [], locks = [], digests = [] }, message) {
  given.at = at;
  for (const record of locks) given.locks[record] = await author.lock(record);
  for (const words of digests) given.digests[words] = await author.digest(words);
  for (const statement of sign) {
    const stated = JSON.parse(statement);
    if (!isMeant(stated, message, author.publicKey))
      throw new Error(gettext("The class asked for another signature. Nothing was signed."));
    const record = stated.kind === "withdrawal" ? stated.of : "";
    given.sign[await digestOf(statement)] = await author.sign(statement, record);
  }
}

/**
 * Return whether a line says what the person does, and agrees to no more than they do.
 *
 * @param {{ kind: string, of?: string, text?: string, public_key?: string, consent?: { agreed: string[] } }} stated
 * @param {Message} message
 * @param {string} publicKey
 */
export function isMeant(stated, { act, text, recording, record, refusal, goes = [], uses = [] }, publicKey) {
  const said = act === "place" ? "" : (text ?? recording?.text);
  const burns = act === "refuse" && refusal === "burn" && goes.includes(stated.of ?? "");
  if (stated.kind === "withdrawal")
    return burns || act === "withdraw-all" || (act === "withdraw" && stated.of === record);
  if (stated.public_key !== publicKey || (said && stated.text !== said)) return false;
  if (stated.kind === "footnote") return act === "footnote" && stated.of === record;
  return stated.kind === "answer" && (stated.consent?.agreed ?? []).every((use) => uses.includes(use));
}
