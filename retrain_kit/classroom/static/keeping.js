/**
 * Who this device is: in this page's session; in the other pages of the class that are open here; and, where the
 * person says so and not before, kept on the device. One device is one person.
 */

import { address, memory } from "./http.js";

/** Of this class alone: another one may lie beside it, at another path of the same server. */
const KEPT = `retrain-kit person ${address("/")}`;
/** How long a page waits for another one to say who is here. */
const ASKS_MS = 400;

/**
 * @typedef {{ key: string, who: string, seat: string, agreed: string }} Person
 */

/** Return the device's own memory; null where the browser gives none. */
function store() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/** Who is here. @returns {Person} */
const here = () => {
  const who = memory.get("who");
  return { key: memory.get("key"), who, seat: memory.get("seat"), agreed: memory.get(`agreed ${who}`) };
};

/**
 * Be somebody in this page's session.
 *
 * @param {Person} person
 */
function be({ key, who, seat, agreed }) {
  memory.set("key", key);
  memory.set("who", who);
  memory.set("seat", seat);
  memory.set(`agreed ${who}`, agreed);
}

/**
 * Return a person as they were kept, or told by another page; null where it is none.
 *
 * @param {any} found
 * @returns {Person | null}
 */
const personIn = (found) =>
  ["key", "who", "seat", "agreed"].every((name) => typeof found?.[name] === "string") && found.key ? found : null;

export class Keeping extends EventTarget {
  tabs = new BroadcastChannel(KEPT);

  constructor() {
    super();
    this.tabs.addEventListener("message", ({ data }) => this.hear(data));
  }

  get canKeep() {
    return store() !== null;
  }

  /** The person whose key this device keeps. */
  get kept() {
    try {
      return personIn(JSON.parse(store()?.getItem(KEPT) ?? "null"));
    } catch {
      return null;
    }
  }

  get keepsThisKey() {
    return this.kept?.key === memory.get("key");
  }

  /** Keep the person on the device; return whether the browser does so. */
  keep() {
    try {
      store()?.setItem(KEPT, JSON.stringify(here()));
    } catch {
      return false;
    }
    this.tell({ changed: here() });
    return this.keepsThisKey;
  }

  /** Something of the person has changed: what is kept follows, and so do the other pages. */
  update() {
    if (this.kept && !this.keepsThisKey) store()?.removeItem(KEPT);
    else if (this.kept) store()?.setItem(KEPT, JSON.stringify(here()));
    this.tell({ changed: here() });
  }

  forget() {
    store()?.removeItem(KEPT);
    memory.forget("");
    this.tell({ forgotten: true });
  }

  /** Be who is here already, in another page or as the device keeps it; return how that is known. */
  async find() {
    const found = (await this.asked()) ?? this.kept;
    if (found) be(found);
    return found;
  }

  // -- other pages of the class on this device ------------------------------------------------------

  /** @param {object} words */
  tell(words) {
    this.tabs.postMessage(words);
  }

  /** Return who is here in another page. @returns {Promise<Person | null>} */
  asked() {
    return new Promise((resolve) => {
      const done = (/** @type {Person | null} */ person) => {
        clearTimeout(timer);
        this.tabs.removeEventListener("message", heard);
        resolve(person);
      };
      const heard = (/** @type {MessageEvent} */ { data }) => {
        const person = personIn(data?.here);
        if (person) done(person);
      };
      const timer = setTimeout(() => done(null), ASKS_MS);
      this.tabs.addEventListener("message", heard);
      this.tell({ ask: true });
    });
  }

  /** @param {{ ask?: boolean, here?: object, changed?: object, forgotten?: boolean }} words */
  hear({ ask, changed, forgotten }) {
    if (ask && memory.get("key") && memory.get("seat")) this.tell({ here: here() });
    const person = personIn(changed);
    if (person) this.follow(person);
    if (forgotten) {
      memory.forget("");
      this.dispatchEvent(new Event("forgotten"));
    }
  }

  /** @param {Person} person */
  follow(person) {
    const other = person.key !== memory.get("key");
    if (other) memory.forget("draft ");
    be(person);
    this.dispatchEvent(new CustomEvent("changed", { detail: { other } }));
  }
}
