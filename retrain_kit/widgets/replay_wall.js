/**
 * The replay for a wall: as many screens as there are images, each at its own pace, and one sum of seconds.
 *
 * It plays by itself and begins anew when all is over, unless people ask for less motion: then it goes by steps.
 */

import { element } from "./parts.js";
import { Player } from "./replay_player.js";
import { clock, speed } from "./replay_screen.js";
import { calm, reach, unit } from "./wall.js";

/**
 * @import { End } from "./replay_player.js"
 * @import { Given } from "./replay.js"
 *
 * @typedef {{ given: Given, end: End, factor: number }} State
 */

const AGAIN_MS = 3000;
/** Room between screens, and for the line below each: hundredths of the screen's height. */
const [GAP, LINE] = [1.2, 3.8];
/** On narrower screens there is room for the clock alone, and on still narrower ones for nothing. */
const NAME_ROOM = 36;
const CLOCK_ROOM = 13;
/** @type {End[]} */
const ENDS = ["least", "most"];

const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

class Wall {
  /** @type {HTMLElement[]} */
  clocks = [];
  /** @type {number | undefined} */
  again;

  /** @param {State} state */
  constructor({ given, end, factor }) {
    this.given = given;
    this.player = new Player(given, () => this.drawn());
    this.player.factor = factor;
    for (const { canvas, timeline } of this.player.screens) {
      const reading = element("span", { class: "rk-reading" });
      const name = element("figcaption", {}, element("bdi", {}, timeline.image), reading);
      const figure = element("figure", { class: "rk-screen", title: timeline.credit }, canvas, name);
      this.clocks.push(reading);
      part("beside").append(figure);
    }
    this.end = end;
  }

  open() {
    this.listen();
    part("wall").hidden = false;
    this.pace(this.end);
    this.fit();
    if (calm()) this.player.seek(Math.max(0, ...this.player.screens.map(({ end_s }) => end_s)));
    else this.player.play();
  }

  listen() {
    const { player } = this;
    /** @type {Record<string, () => void>} */
    const actions = {
      back: () => this.step(-1),
      on: () => this.step(1),
      playing: () => this.toggle(),
      slower: () => this.faster(-1),
      faster: () => this.faster(1),
      least: () => this.pace("least"),
      most: () => this.pace("most"),
      more: () => this.say(),
    };
    for (const [id, action] of Object.entries(actions)) part(id).addEventListener("click", action);
    window.addEventListener("resize", () => this.fit());
    reach(part("wall"));
    window.addEventListener("keydown", (event) => player.press(event, this));
    window
      .matchMedia("(prefers-reduced-motion: reduce)")
      .addEventListener("change", () => player.playing && this.toggle());
  }

  toggle() {
    clearTimeout(this.again);
    this.player.toggle();
  }

  /** @param {number} by */
  step(by) {
    clearTimeout(this.again);
    this.player.pause();
    this.player.step(by);
  }

  /** @param {number} by */
  faster(by) {
    this.player.faster(by);
  }

  /** @param {End} end */
  pace(end) {
    for (const each of ENDS) part(each).setAttribute("aria-pressed", String(each === end));
    this.end = end;
    this.player.pace(end);
    const lines = this.given.told[end];
    part("lines").replaceChildren(
      ...lines.flatMap(([name, text]) => [element("dt", {}, name), element("dd", {}, text)]),
    );
    const told = lines.filter(([name]) => name === "order" || name === "drawings").map(([, text]) => text);
    part("told").textContent = told.join(" · ");
  }

  /** Show all lines over the screens, or take them away again. */
  say() {
    const said = part("said");
    said.hidden = !said.hidden;
    part("more").setAttribute("aria-pressed", String(!said.hidden));
  }

  /** Lay the screens in as many columns as make them largest, each within room of the middle one's shape. */
  fit() {
    const { screens } = this.player;
    if (!screens.length) return;
    const room = part("beside");
    const gap = GAP * unit();
    let line = LINE * unit();
    const shapes = screens.map(({ timeline: { size } }) => size[0] / size[1]).sort((one, other) => one - other);
    const shape = shapes[screens.length >> 1];
    const wide = (/** @type {number} */ abreast) => {
      const rows = Math.ceil(screens.length / abreast);
      const across = (room.clientWidth - gap * (abreast - 1)) / abreast;
      const down = (room.clientHeight - gap * (rows - 1)) / rows - line;
      return Math.min(across, Math.max(1, down) * shape);
    };
    const best = () =>
      screens.map((_, place) => place + 1).reduce((found, each) => (wide(each) > wide(found) ? each : found), 1);
    let columns = best();
    const isTold = wide(columns) >= CLOCK_ROOM * unit();
    if (!isTold) {
      line = 0;
      columns = best();
    }
    const width = wide(columns);
    for (const name of room.querySelectorAll("figcaption")) name.hidden = !isTold;
    for (const name of room.querySelectorAll("bdi")) name.hidden = width < NAME_ROOM * unit();
    room.style.gridTemplateColumns = `repeat(${columns}, ${width}px)`;
    for (const screen of screens) {
      const [across, down] = screen.timeline.size;
      const own = Math.min(width, ((width / shape) * across) / down);
      screen.canvas.style.width = `${own}px`;
      screen.resize(own);
    }
    this.player.show();
  }

  drawn() {
    const { player } = this;
    const bare = player.screens.length > 1;
    for (const [number, { end_s }] of player.screens.entries()) {
      const now = clock(Math.min(player.work_s, end_s));
      const told = bare ? now : `${now} of ${clock(end_s)}`;
      if (this.clocks[number].textContent !== told) this.clocks[number].textContent = told;
    }
    const wall = part("wall");
    wall.dataset.frames = String(player.frames);
    part("sum").textContent = `${clock(player.sum_s)} of ${clock(player.all_s)}`;
    const pace = `${this.given.whose}, at the ${this.end}; ${speed(player.factor)}`;
    part("pace").textContent = player.all_s ? pace : "";
    part("playing").textContent = player.playing ? "Pause" : "Play";
    const over = player.work_s >= player.whole_s && !player.playing && !calm();
    if (over) this.again = setTimeout(() => player.play(), AGAIN_MS);
  }
}

const wall = new Wall(JSON.parse(part("state").textContent ?? ""));
wall.open();
