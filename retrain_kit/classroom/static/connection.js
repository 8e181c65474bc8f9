/**
 * Whether the class can be reached. A page hears that it is away at once, waits for it, and is told when it is back.
 */

/** How long a stream may be silent: the class sends something every five seconds. */
const SILENT_MS = 12_000;
/** How soon a stream is opened again. Not all pages come at the same moment. */
const AGAIN_MS = 1000;
/** A stream that ends and is there again at once, as at a proxy, is no reason to tell anybody. */
const GRACE_MS = 600;

class Connection extends EventTarget {
  away = false;

  lost() {
    this.become(true);
  }

  found() {
    this.become(false);
  }

  /** @param {boolean} away */
  become(away) {
    if (away === this.away) return;
    this.away = away;
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Wait until the class is back, or so long.
   *
   * @param {number} ms
   */
  wait(ms) {
    return new Promise((resolve) => {
      const done = () => {
        this.removeEventListener("change", done);
        clearTimeout(timer);
        resolve(undefined);
      };
      const timer = setTimeout(done, ms);
      this.addEventListener("change", done);
    });
  }
}

export const connection = new Connection();
addEventListener("offline", () => connection.lost());

/** News of the class, as long as the page is open: what ends is opened again, at once where somebody looks again. */
export class Stream {
  /** @type {EventSource | null} */
  source = null;
  /** @type {ReturnType<typeof setTimeout>[]} */
  timers = [];
  heard = Date.now();
  closed = false;
  looks = () => this.look();
  returns = () => this.open();

  /**
   * @param {string} path
   * @param {(news: any) => void} hear
   * @param {() => void} refused where the class answers, but not to this page
   */
  constructor(path, hear, refused) {
    this.path = path;
    this.hear = hear;
    this.refused = refused;
    addEventListener("online", this.returns);
    addEventListener("pageshow", this.looks);
    document.addEventListener("visibilitychange", this.looks);
    this.watch = setInterval(this.looks, SILENT_MS / 2);
    this.open();
  }

  open() {
    this.drop();
    const source = new EventSource(this.path);
    this.source = source;
    this.heard = Date.now();
    source.addEventListener("open", () => this.reached());
    source.addEventListener("ping", () => this.reached());
    source.addEventListener("news", (event) => {
      this.reached();
      this.hear(JSON.parse(event.data));
    });
    source.addEventListener("error", () => this.failed(source));
  }

  reached() {
    for (const timer of this.timers.splice(0)) clearTimeout(timer);
    this.heard = Date.now();
    connection.found();
  }

  /** @param {EventSource} source */
  failed(source) {
    const { readyState } = source;
    source.close();
    if (this.closed || source !== this.source) return;
    if (readyState === EventSource.CLOSED) {
      this.close();
      this.refused();
      return;
    }
    this.timers.push(
      setTimeout(() => connection.lost(), GRACE_MS),
      setTimeout(() => this.open(), AGAIN_MS * (1 + Math.random())),
    );
  }

  /** Open it again where it is silent for too long, as after a sleep, or was lost while nobody looked. */
  look() {
    if (document.visibilityState === "hidden" || this.closed) return;
    const silent = Date.now() - this.heard > SILENT_MS;
    if (silent) connection.lost();
    if (silent || this.source?.readyState === EventSource.CLOSED) this.open();
  }

  drop() {
    for (const timer of this.timers.splice(0)) clearTimeout(timer);
    this.source?.close();
  }

  close() {
    this.closed = true;
    this.drop();
    clearInterval(this.watch);
    removeEventListener("online", this.returns);
    removeEventListener("pageshow", this.looks);
    document.removeEventListener("visibilitychange", this.looks);
  }
}
