/** The page of a city: the landscape, how one moves in it, and what is said of a house. */

import { element, trigger } from "../../widgets/parts.js";
import { Blocks, FLOATS } from "./blocks.js";
import { Camera, onScreen, sight } from "./camera.js";
import { readCity } from "./city.js";
import { clockTold } from "./clock.js";
import { Names } from "./names.js";
import { pick } from "./picking.js";
import { CITY_COLOURS, Scene } from "./scene.js";

/**
 * @typedef {import("./city.js").City} City
 * @typedef {import("./camera.js").Pose} Pose
 * @typedef {{ command: string, minute: number, day: number, byMachines: boolean,
 *   sources: Record<string, { words: string, token: string }> }} Told
 */

const SLOW_MS = 150;
const QUICK_MS = 70;
const FINEST_PX = 3;
const FINE_PX = 8;
const COARSEST_PX = 90;
const LEAST_SCALE = 0.3;
/** How long a frame may take where nothing moves, and how many blocks it has at first, and at least. */
const STILL_MOST_MS = 1500;
const MOST_BLOCKS = 24_000;
const MOST_MOVING = 8000;
const LEAST_BLOCKS = 5000;
/** How many walls of glass are seen behind each other: fewer while one moves. */
const PANES = 6;
const FEW_PANES = 3;
const STILL_MS = 350;
const PERSON_M = 1.7;
const FLIGHT_MS = 1400;
const MARKS = 16;
/** How far from a finger a house may be that is meant. */
const FINGER_PX = 16;
/** What a box is, besides 0 for several houses and 1 for one. */
const PERSON = 2;
const MAST = 3;
const SOLID_KINDS = ["hand", "checked", "people"];

const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const counted = (/** @type {number} */ number) => number.toLocaleString("en");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

/** @param {number} seconds */
function inWords(seconds) {
  const [size, name] = seconds < 60 ? [1, "second"] : seconds < 3600 ? [60, "minute"] : [3600, "hour"];
  const many = seconds / size;
  const shown = many >= 10 || many === Math.round(many) ? Math.round(many) : Math.round(many * 10) / 10;
  return `${counted(shown)} ${name}${shown === 1 ? "" : "s"}`;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @param {number} ratio
 */
function resize(canvas, width, height, ratio) {
  const [wide, high] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width === wide && canvas.height === high) return;
  canvas.width = wide;
  canvas.height = high;
}

/**
 * Show the landscape, and its still on paper alone; or the still and no landscape.
 *
 * @param {boolean} isThere
 */
function landscape(isThere) {
  part("room").hidden = !isThere;
  part("instead").classList.toggle("on-paper", isThere);
}

/**
 * Show the still and the table, and say why.
 *
 * @param {string} why
 */
function instead(why) {
  landscape(false);
  part("why").textContent = why;
}

class Page {
  /** How large a block is at least, and how many pixels are drawn of each that is shown, along a side. */
  finest = 10;
  scale = 0.6;
  most = MOST_BLOCKS;
  glass = true;
  chosen = -1;
  moved = 0;
  frames = 0;
  /** @type {Set<string>} */
  held = new Set();
  walking = 0;
  isDrawn = false;

  /**
   * @param {City} city
   * @param {Told} told
   */
  constructor(city, told) {
    this.city = city;
    this.told = told;
    this.canvas = /** @type {HTMLCanvasElement} */ (part("city"));
    this.scene = new Scene(this.canvas, city);
    this.names = new Names(/** @type {HTMLCanvasElement} */ (part("names")), city);
    this.blocks = new Blocks(city, {}, [0, 0, 0], told.minute);
    this.blocks.byHand = told.byMachines;
    this.camera = new Camera(this.extent());
    this.paint();
  }

  extent() {
    const { bounds, lot, houses } = this.city;
    const tops = [];
    const step = Math.max(1, Math.floor(houses / 5000));
    for (let house = 0; house < houses; house += step) tops.push(this.top(house));
    tops.sort((one, two) => one - two);
    const tall = tops[Math.floor((tops.length - 1) * 0.98)];
    return {
      x: bounds.left * lot,
      y: bounds.top * lot,
      width: (bounds.right - bounds.left) * lot,
      depth: (bounds.bottom - bounds.top) * lot,
      tall,
      top: Math.min(tops[tops.length - 1], tall * 3),
    };
  }

  /**
   * Return how high a house is, with its glass, in metres.
   *
   * @param {number} house
   */
  top(house) {
    let seconds = 0;
    this.city.storeys.forEach(({ high, byHand }, storey) => {
      seconds += this.city.counts[storey][house] * (high + (this.blocks.byHand ? byHand[1] : 0));
    });
    return (seconds / 60) * this.told.minute;
  }

  /**
   * Return how high a house is as it is drawn, in metres.
   *
   * @param {number} house
   */
  drawnTop(house) {
    return this.glass ? this.top(house) : (this.city.timeOf(house).low / 60) * this.told.minute;
  }

  // -- colours: those of the page, by day or by night

  paint() {
    const probe = this.canvas;
    const style = getComputedStyle(probe);
    const words = (/** @type {string} */ name) => {
      probe.style.outlineColor = style.getPropertyValue(`--rk-${name}`);
      return getComputedStyle(probe).outlineColor;
    };
    const colour = (/** @type {string} */ name) => {
      const numbers = words(name).match(/[\d.]+/g) ?? [];
      return numbers.slice(0, 3).map((each) => Number(each) / 255);
    };
    const sources = Object.entries(this.told.sources).map(([name, { token }]) => [name, colour(token)]);
    const kinds = Object.fromEntries(sources);
    this.scene.night = dark.matches;
    this.scene.colours = {
      ...Object.fromEntries(CITY_COLOURS.map((name) => [name, colour(`city-${name}`)])),
      ink: colour("ink"),
      kinds: SOLID_KINDS.flatMap((name) => kinds[name]),
      labels: Array.from({ length: MARKS }, (_, number) => colour(`mark-${number + 1}`)).flat(),
    };
    this.blocks.paint(kinds, colour("city-glass"));
    Object.assign(this.names, { ink: words("ink"), paper: words("paper"), accent: words("accent") });
    probe.style.outlineColor = "";
    this.names.font = style.fontFamily;
  }

  // -- drawing

  open() {
    landscape(true);
    this.tools();
    this.pad();
    this.listen();
    new ResizeObserver(() => this.wake()).observe(this.canvas);
    this.canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.lose();
    });
    this.canvas.addEventListener("webglcontextrestored", () => this.restore());
    dark.addEventListener("change", () => {
      this.paint();
      this.wake();
    });
    this.wake();
  }

  /** Show the still: a browser takes memory away from pages where it has too little. */
  lose() {
    this.halt();
    this.hadFocus = part("room").contains(document.activeElement);
    instead(
      "The browser has stopped drawing the landscape, as it does where memory is short. Where it can, it draws it" +
        " again by itself. Until then here is a still of it, and the table below says what stands there.",
    );
  }

  restore() {
    this.scene = new Scene(this.canvas, this.city);
    this.paint();
    landscape(true);
    if (this.hadFocus) this.canvas.focus();
    this.wake();
  }

  wake() {
    this.moved = performance.now();
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame((now) => this.frame(now));
  }

  /** @param {number} now */
  frame(now) {
    this.isWaiting = false;
    if (this.scene.gl.isContextLost()) return;
    this.steer(now);
    const isStill = now - this.moved > STILL_MS;
    const began = performance.now();
    this.draw(isStill ? Math.max(this.finest / 2.5, FINEST_PX / 2) : this.finest, isStill);
    this.scene.finish();
    const took = performance.now() - began;
    if (!isStill) this.adapt(took);
    else if (took > STILL_MOST_MS) this.most = Math.max(LEAST_BLOCKS, (this.most * STILL_MOST_MS) / took);
    this.frames += 1;
    Object.assign(this.canvas.dataset, {
      frames: this.frames,
      blocks: this.blocks.many,
      frameMs: Math.round(took),
      scale: this.scale,
      low: this.blocks.low,
      high: this.blocks.high,
      away: this.camera.stand.away,
    });
    if (isStill) return;
    this.isWaiting = true;
    if (this.held.size || this.walking || this.isMoving) requestAnimationFrame((next) => this.frame(next));
    else
      setTimeout(
        () => requestAnimationFrame((next) => this.frame(next)),
        Math.max(0, STILL_MS + 20 - (now - this.moved)),
      );
  }

  /**
   * Draw fewer pixels and larger blocks where a frame takes long, and more where it does not.
   *
   * @param {number} took
   */
  adapt(took) {
    if (took > SLOW_MS) {
      this.scale = Math.max(LEAST_SCALE, this.scale * Math.max(0.6, Math.sqrt(SLOW_MS / took)));
      this.finest = Math.min(COARSEST_PX, this.finest * 1.2);
    } else if (took < QUICK_MS) {
      if (this.finest > FINE_PX) this.finest *= 0.85;
      else this.scale = Math.min(1, this.scale * 1.12);
      if (this.scale === 1) this.finest = Math.max(FINEST_PX, this.finest * 0.9);
    }
  }

  /**
   * @param {number} finest
   * @param {boolean} isStill
   */
  draw(finest, isStill) {
    const { canvas, city, blocks } = this;
    const ratio = Math.min(devicePixelRatio, 2);
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (!(width && height)) return;
    resize(canvas, width, height, isStill ? ratio : ratio * this.scale);
    resize(this.names.canvas, width, height, ratio);
    this.camera.fit(width, height);
    const pose = this.camera.pose(width, height);
    this.pose = pose;
    const [x, y, z] = pose.eye;
    const eye = { x, y, z, focal: pose.focal, finest, sees: sight(pose, city.lot) };
    while (blocks.make(eye) > (isStill ? this.most : MOST_MOVING)) eye.finest *= 1.3;
    const panes = isStill ? PANES : FEW_PANES;
    this.scene.draw(blocks.data, this.figures(), pose, { panes: this.glass ? panes : 0, isFine: isStill });
    this.names.draw(pose, this.more(pose), ratio);
  }

  /** Add what is no house: the mast of a working day, a person, and the beam over the house that is chosen. */
  figures() {
    const { blocks, city, camera } = this;
    const { lot } = city;
    let many = blocks.many;
    const put = (/** @type {number[]} */ values) => {
      while ((many + 1) * FLOATS > blocks.data.length) blocks.enlarge();
      blocks.data.set(values, many * FLOATS);
      many += 1;
    };
    const box = (/** @type {number[]} */ [x, y], /** @type {number} */ wide, /** @type {number[]} */ [tall, kind]) =>
      put([x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2, tall, tall, tall, tall, 0, 0, 0, 0, kind]);
    const { mast, person } = this;
    box([mast.x, mast.y], Math.max(lot * 0.5, camera.stand.away / 400), [mast.tall, MAST]);
    box([person.x, person.y], 0.42, [PERSON_M - 0.26, PERSON]);
    box([person.x, person.y], 0.24, [PERSON_M, PERSON]);
    return many;
  }

  get mast() {
    const { extent } = this.camera;
    const tall = this.told.minute * 60 * this.told.day;
    return { x: extent.x + extent.width * 0.4, y: extent.y - 4 * this.city.lot, tall };
  }

  /** Where a person stands: at the corner of the district that is nearest to where one looks. */
  get person() {
    const { stand } = this.camera;
    const { lot, districts } = this.city;
    let best = districts[0];
    let least = Number.POSITIVE_INFINITY;
    for (const each of districts) {
      const away = Math.hypot(each.left * lot - stand.x, each.bottom * lot - stand.y);
      if (away < least) {
        least = away;
        best = each;
      }
    }
    return { x: best.left * lot + 3, y: best.bottom * lot + 2.2 };
  }

  /** @param {Pose} pose */
  more(pose) {
    const found = [];
    const { mast, person, city } = this;
    const on = [0.9, 0.6, 0.4, 0.25, 0.12, 0.05, 0.02, 0.005]
      .map((share) => onScreen(pose, [mast.x, mast.y, mast.tall * share]))
      .find((at) => at && at.y > 16 && at.y < pose.height && at.x > 0 && at.x < pose.width);
    if (on) found.push({ text: `a working day, ${this.told.day} hours`, x: on.x, y: on.y, size: 100 });
    const head = onScreen(pose, [person.x, person.y, PERSON_M + 0.3]);
    if (head && head.far < 90) found.push({ text: "a person, 1.7 m", x: head.x, y: head.y - 6, size: 60 });
    if (this.chosen >= 0) {
      const at = onScreen(pose, [...this.middle(this.chosen), this.drawnTop(this.chosen)]);
      if (at) {
        const text = city.ids ? city.ids[this.chosen] : `house ${counted(this.chosen + 1)}`;
        found.unshift({
          text: `▼ ${[...text].slice(0, 40).join("")} · ${this.timeOf(this.chosen)}`,
          x: at.x,
          y: Math.max(at.y - 12, 16),
          size: 200,
          strong: true,
        });
      }
    }
    return found;
  }

  /** @param {number} house */
  middle(house) {
    const { city } = this;
    const district = city.districtOf(house);
    const [column, row] = city.lotOf(district, house);
    const { left, top } = city.placeOf(district, 1, column, row);
    return [(left + 0.5) * city.lot, (top + 0.5) * city.lot];
  }

  // -- moving

  /** @param {number} now */
  steer(now) {
    const passed = Math.min(now - (this.last ?? now), 250) / 1000;
    this.last = now;
    this.isMoving = false;
    if (this.held.size) {
      this.moved = now;
      const has = (/** @type {string} */ name) => (this.held.has(name) ? 1 : 0);
      this.camera.walk((has("ahead") - has("back")) * passed * 0.7, (has("right") - has("left")) * passed * 0.7);
      this.camera.turn((has("clockwise") - has("counter")) * passed, (has("down") - has("up")) * passed * 0.6);
      this.camera.near(2.2 ** ((has("away") - has("near")) * passed));
    }
    if (this.walking) this.stroll(now);
    if (this.flight) this.fly(now);
  }

  /**
   * Go to where one looks from, over a second, or at once where motion is not wanted.
   *
   * @param {import("./camera.js").Stand} goal
   */
  go(goal) {
    this.halt();
    if (calm.matches) this.camera.stand = { ...goal };
    else this.flight = { from: { ...this.camera.stand }, goal, began: performance.now() };
    this.wake();
  }

  /** @param {number} now */
  fly(now) {
    const { from, goal, began } = /** @type {NonNullable<typeof this.flight>} */ (this.flight);
    const gone = Math.min(Math.max((now - began) / FLIGHT_MS, 0), 1);
    const share = gone * gone * (3 - 2 * gone);
    const between = (/** @type {number} */ one, /** @type {number} */ two) => one + (two - one) * share;
    this.camera.stand = {
      x: between(from.x, goal.x),
      y: between(from.y, goal.y),
      away: from.away ** (1 - share) * goal.away ** share,
      heading: between(from.heading, goal.heading),
      tilt: between(from.tilt, goal.tilt),
    };
    this.moved = now;
    this.isMoving = true;
    if (gone >= 1) this.flight = undefined;
  }

  /** @returns {import("./camera.js").Stand} */
  nearby() {
    const { districts, lot } = this.city;
    const { left, right, bottom, top } = districts[0];
    const reach = Math.max(Math.hypot(right - left, bottom - top) * lot * 0.55, this.camera.extent.tall * 1.6, 40);
    return { x: ((left + right) / 2) * lot, y: ((top + bottom) / 2) * lot, away: reach, heading: 0.6, tilt: -0.1 };
  }

  /** @returns {import("./camera.js").Stand} */
  street() {
    const { districts, lot } = this.city;
    const score = (/** @type {import("./city.js").District} */ each) =>
      Math.abs(Math.log((each.end - each.first) / 300));
    const best = districts.reduce((one, two) => (score(two) < score(one) ? two : one));
    return { x: best.left * lot + 4, y: best.bottom * lot + 5, away: 14, heading: 1.3, tilt: 0 };
  }

  /** Walk around a district, past one image a second. */
  walk() {
    if (this.walking) {
      this.walking = 0;
      part("clock").hidden = true;
    } else {
      const start = this.street();
      this.camera.stand = start;
      this.way = { ...start };
      this.flight = undefined;
      this.walking = performance.now();
      part("clock").hidden = false;
    }
    this.walker?.setAttribute("aria-pressed", String(Boolean(this.walking)));
    this.wake();
  }

  /** @param {number} now */
  stroll(now) {
    const passed = Math.max(0, (now - this.walking) / 1000);
    const steps = calm.matches ? Math.floor(passed / 3) * 3 : passed;
    const { lot } = this.city;
    const way = /** @type {import("./camera.js").Stand} */ (this.way);
    const district = this.city.find(way.x / lot, way.y / lot - 1.2)?.district ?? this.city.districts[0];
    const edges = [district.left * lot, district.top * lot, district.right * lot, district.bottom * lot];
    const at = around(edges, 5, steps * lot);
    Object.assign(this.camera.stand, at);
    part("clock").textContent = clockTold(Math.floor(passed), this.city.houses);
    this.moved = now;
  }

  // -- hands

  tools() {
    const look = (/** @type {string} */ name, /** @type {() => import("./camera.js").Stand} */ where) =>
      trigger(name, () => this.go(where()));
    this.walker = trigger("Walk past it", () => this.walk(), { "aria-pressed": "false" });
    const solid = trigger(
      "Without glass",
      () => {
        this.glass = !this.glass;
        solid.setAttribute("aria-pressed", String(!this.glass));
        this.wake();
      },
      { "aria-pressed": "false" },
    );
    part("tools").append(
      look("From afar", () => this.camera.afar()),
      look("A district", () => this.nearby()),
      look("In the street", () => this.street()),
      this.walker,
      solid,
      trigger("House before", () => this.step(-1)),
      trigger("Next house", () => this.step(1)),
    );
    if (this.city.storeys.some(({ byHand }) => byHand[1] > 0)) part("tools").append(this.handTool());
  }

  handTool() {
    const tool = trigger(
      "Machines' work, as if by hand",
      () => {
        this.blocks.byHand = !this.blocks.byHand;
        tool.setAttribute("aria-pressed", String(this.blocks.byHand));
        this.wake();
      },
      { "aria-pressed": String(this.blocks.byHand) },
    );
    return tool;
  }

  pad() {
    for (const [name, sign, said] of [
      ["counter", "⟲", "Turn left"],
      ["ahead", "↑", "Go ahead"],
      ["clockwise", "⟳", "Turn right"],
      ["near", "+", "Come nearer"],
      ["left", "←", "Go left"],
      ["back", "↓", "Go back"],
      ["right", "→", "Go right"],
      ["away", "−", "Go away"],
    ]) {
      const key = trigger(sign, () => {}, { "aria-label": said, title: said });
      key.addEventListener("pointerdown", (event) => {
        key.setPointerCapture(event.pointerId);
        this.hold(name);
      });
      for (const end of ["pointerup", "pointercancel", "lostpointercapture"])
        key.addEventListener(end, () => this.held.delete(name));
      key.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") this.nudge(name);
      });
      part("pad").append(key);
    }
  }

  /** @param {string} name */
  hold(name) {
    this.halt();
    this.held.add(name);
    this.last = performance.now();
    this.wake();
  }

  /** @param {string} name */
  nudge(name) {
    this.hold(name);
    setTimeout(() => this.held.delete(name), 220);
  }

  /** Stop walking and flying: a hand moves now. */
  halt() {
    this.flight = undefined;
    if (this.walking) this.walk();
  }

  listen() {
    const { canvas, camera } = this;
    /** @type {Map<number, { x: number, y: number }>} */
    const fingers = new Map();
    let travelled = 0;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
      travelled = 0;
      this.halt();
    });
    canvas.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const here = { x: event.offsetX, y: event.offsetY };
      const others = [...fingers.entries()].filter(([id]) => id !== event.pointerId).map(([, each]) => each);
      travelled += Math.hypot(here.x - before.x, here.y - before.y);
      if (others.length) {
        const span = (/** @type {{ x: number, y: number }} */ each) =>
          Math.hypot(each.x - others[0].x, each.y - others[0].y);
        camera.near(span(before) / Math.max(span(here), 1));
        camera.walk((here.y - before.y) / 2 / canvas.clientHeight, (before.x - here.x) / 2 / canvas.clientWidth);
      } else if (event.shiftKey || event.buttons === 4)
        camera.walk((here.y - before.y) / canvas.clientHeight, (before.x - here.x) / canvas.clientWidth);
      else
        camera.turn(
          ((before.x - here.x) / canvas.clientWidth) * 1.6,
          ((here.y - before.y) / canvas.clientHeight) * 0.9,
        );
      fingers.set(event.pointerId, here);
      this.wake();
    });
    const lift = (/** @type {PointerEvent} */ event) => {
      if (fingers.delete(event.pointerId) && event.type === "pointerup" && travelled < 6)
        this.choose(this.at(event.offsetX, event.offsetY, event.pointerType === "touch" ? FINGER_PX : 0));
    };
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        this.halt();
        camera.near(1.0015 ** Math.max(-400, Math.min(400, event.deltaY)));
        this.wake();
      },
      { passive: false },
    );
    canvas.addEventListener("keydown", (event) => this.press(event));
    canvas.addEventListener("keyup", (event) => this.held.delete(KEYS[event.key.toLowerCase()] ?? ""));
    canvas.addEventListener("blur", () => this.held.clear());
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const key = event.key.toLowerCase();
    const name = KEYS[key];
    if (name) this.hold(name);
    else if (key === "n" || key === "p") this.step(key === "n" ? 1 : -1);
    else if (event.key === "Enter") this.choose(this.at(this.canvas.clientWidth / 2, this.canvas.clientHeight / 2));
    else if (event.key === "Home") this.go(this.camera.afar());
    else return;
    event.preventDefault();
  }

  // -- what is said of a house

  /**
   * Return the house at a pixel, or else near it; -1 where there is none.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} about so many pixels away at most
   */
  at(x, y, about = 0) {
    const { pose } = this;
    if (!pose) return -1;
    for (const [away, turns] of [
      [0, 1],
      [about / 2, 8],
      [about, 8],
    ])
      for (let turn = 0; turn < turns; turn += 1) {
        const angle = (turn * Math.PI) / 4;
        const place = [x + Math.cos(angle) * away, y + Math.sin(angle) * away];
        const house = pick(this.city, pose, place, (each) => this.drawnTop(each));
        if (house >= 0 || !about) return house;
      }
    return -1;
  }

  /**
   * Read the house that follows in its district, or that before it, and look at it: so all are read, one by one.
   *
   * @param {number} by 1 or -1
   */
  step(by) {
    const { houses } = this.city;
    const house = this.chosen < 0 && by < 0 ? houses - 1 : (this.chosen + by + houses) % houses;
    this.choose(house);
    const [x, y] = this.middle(house);
    this.go({ ...this.camera.stand, x, y });
  }

  /** @param {number} house */
  choose(house) {
    this.chosen = house;
    this.canvas.dataset.chosen = String(house);
    part("about").replaceChildren(...(house < 0 ? [element("p", {}, "No house is there.")] : this.card(house)));
    this.wake();
  }

  /**
   * Return the time of a house in words.
   *
   * @param {number} house
   */
  timeOf(house) {
    const { low, high, pieces, untimed } = this.city.timeOf(house);
    if (untimed && untimed === pieces) return "no published figure";
    return low === high ? inWords(low) : `${inWords(low)} to ${inWords(high)}`;
  }

  /** @param {number} house */
  card(house) {
    const { city } = this;
    const { byHand, pieces, untimed } = city.timeOf(house);
    const others = city.stripesOf(house).map((label) => element("bdi", {}, city.labels[label]));
    const more = city.many[house] - others.length;
    /** @type {[string, string | Node[]][]} */
    const rows = [
      ["time", this.timeOf(house)],
      ["pieces of work", counted(pieces)],
      ["stands under", city.districtOf(house).label],
    ];
    if (others.length) {
      const listed = others.flatMap((label, place) => (place ? [document.createTextNode(", "), label] : [label]));
      if (more > 0) listed.push(document.createTextNode(`, and ${counted(more)} more`));
      rows.push(["its other labels", listed]);
    }
    city.storeys.forEach((storey, number) => {
      const many = city.counts[number][house];
      if (many) rows.push([`${storey.work}, ${this.told.sources[storey.source].words}`, counted(many)]);
    });
    if (byHand) rows.push(["machines' work by hand", `at most ${inWords(byHand)}: nobody's time`]);
    if (untimed) rows.push(["no published figure", `${counted(untimed)} of them`]);
    for (const [name, lines] of Object.entries(city.texts)) if (lines?.[house]) rows.push([name, lines[house]]);
    rows.push(["to look at it", `${this.told.command} --house ${house + 1}`]);
    const title = city.ids ? `Image ${city.ids[house]}` : `House ${counted(house + 1)}`;
    return [
      element("h2", {}, title),
      element("dl", { class: "rk-facts" }, ...rows.map(([name, said]) => fact(name, said))),
    ];
  }
}

/**
 * @param {string} name
 * @param {string | Node[]} said
 */
function fact(name, said) {
  if (typeof said !== "string") return element("div", {}, element("dt", {}, name), element("dd", {}, ...said));
  const isLink = /^https?:\/\/\S+$/.test(said);
  const shown = isLink ? element("a", { href: said, rel: "noreferrer" }, said) : element("bdi", {}, said);
  return element(
    "div",
    {},
    element("dt", {}, name),
    element("dd", {}, name === "to look at it" ? element("code", {}, said) : shown),
  );
}

/**
 * Return where one is who has gone so far around a rectangle, at a distance from it, against the clock.
 *
 * @param {number[]} edges left, top, right and bottom
 * @param {number} away
 * @param {number} gone
 */
function around([left, top, right, bottom], away, gone) {
  const sides = [right - left, bottom - top, right - left, bottom - top].map((each) => each + 2 * away);
  let rest = gone % (sides[0] + sides[1] + sides[2] + sides[3]);
  let side = 0;
  while (rest > sides[side]) {
    rest -= sides[side];
    side += 1;
  }
  const places = [
    [left - away + rest, bottom + away],
    [right + away, bottom + away - rest],
    [right + away - rest, top - away],
    [left - away, top - away + rest],
  ];
  return { x: places[side][0], y: places[side][1], heading: Math.PI / 2 - (side * Math.PI) / 2 - 0.25 };
}

/** @type {Record<string, string>} */
const KEYS = {
  arrowup: "ahead",
  arrowdown: "back",
  arrowleft: "left",
  arrowright: "right",
  q: "counter",
  e: "clockwise",
  "+": "near",
  "=": "near",
  "-": "away",
  _: "away",
  pageup: "up",
  pagedown: "down",
};

async function begin() {
  const told = JSON.parse(/** @type {string} */ (part("told").textContent));
  try {
    const city = await readCity(/** @type {string} */ (part("packed").textContent));
    new Page(city, told).open();
  } catch (fault) {
    instead(
      `This browser cannot show the landscape (${fault instanceof Error ? fault.message : fault}). Here is a still of it, and the table below says what stands there.`,
    );
  }
}

begin();
