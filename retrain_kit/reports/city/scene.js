/** The scene: draws blocks, ground and sky with WebGL2. */

import { FLOATS } from "./blocks.js";
import {
  BOX_FRAGMENT,
  BOX_VERTEX,
  GROUND_FRAGMENT,
  GROUND_VERTEX,
  NO_FRAGMENT,
  SKY_FRAGMENT,
  SKY_VERTEX,
} from "./shaders.js";

/**
 * @typedef {import("./camera.js").Pose} Pose
 * @typedef {import("./city.js").City} City
 * @typedef {Record<string, number[]>} Colours
 */

/** The colours around a city, by the names of their tokens behind `city-`. */
export const CITY_COLOURS = ["horizon", "sky", "sun", "window", "street", "ground"];
const STREET = 2;
const GROUND_FLOATS = 8;
const FAR_M = 2_000_000;

/**
 * @param {WebGL2RenderingContext} gl
 * @param {string} vertex
 * @param {string} fragment
 * @param {string[]} names of attributes, in the order of their places
 */
function program(gl, vertex, fragment, names = []) {
  const made = gl.createProgram();
  for (const [kind, text] of /** @type {[number, string][]} */ ([
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ])) {
    const shader = /** @type {WebGLShader} */ (gl.createShader(kind));
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader) ?? "shader");
    gl.attachShader(made, shader);
  }
  names.forEach((name, place) => {
    gl.bindAttribLocation(made, place, name);
  });
  gl.linkProgram(made);
  return made;
}

export class Scene {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {City} city
   */
  constructor(canvas, city) {
    const gl = canvas.getContext("webgl2", {
      alpha: true,
      antialias: false,
      stencil: true,
      powerPreference: "low-power",
    });
    if (!gl) throw new Error("no WebGL2");
    this.gl = gl;
    this.canvas = canvas;
    this.city = city;
    this.box = program(gl, BOX_VERTEX, BOX_FRAGMENT, ["rect", "tops", "glass", "more"]);
    this.depth = program(gl, BOX_VERTEX, NO_FRAGMENT, ["rect", "tops", "glass", "more"]);
    this.ground = program(gl, GROUND_VERTEX, GROUND_FRAGMENT);
    this.sky = program(gl, SKY_VERTEX, SKY_FRAGMENT);
    this.boxes = this.boxArray();
    this.grounds = this.groundArray();
    this.skies = this.skyArray();
    /** @type {Colours} */
    this.colours = {};
    this.night = false;
    this.order = new Uint32Array(0);
  }

  boxArray() {
    const { gl } = this;
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    this.instances = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.instances);
    let at = 0;
    for (const [name, size] of /** @type {[string, number][]} */ ([
      ["rect", 4],
      ["tops", 4],
      ["glass", 3],
      ["more", 2],
    ])) {
      const place = gl.getAttribLocation(this.box, name);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, size, gl.FLOAT, false, FLOATS * 4, at * 4);
      gl.vertexAttribDivisor(place, 1);
      at += size;
    }
    const corners = [0, 4, 8].flatMap((first) => [0, 1, 2, 2, 1, 3].map((each) => first + each));
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, new Uint8Array(corners), gl.STATIC_DRAW);
    return array;
  }

  /** Districts, then the streets around them, then open ground: what is drawn first is seen. */
  groundArray() {
    const { gl, city } = this;
    const { lot } = city;
    const rows = [];
    city.districts.forEach(({ left, top, right, bottom, columns }, number) => {
      rows.push(left, top, right, bottom, left, top, number % 16, columns);
    });
    for (const { left, top, right, bottom } of city.districts)
      rows.push(left - STREET, top - STREET, right + STREET, bottom + STREET, left, top, -1, 0);
    const far = FAR_M / lot;
    rows.push(-far, -far, far, far, 0, 0, -2, 0);
    const data = new Float32Array(rows);
    for (let at = 0; at < data.length; at += GROUND_FLOATS)
      for (let each = 0; each < 6; each += 1) data[at + each] *= lot;
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    this.corner(this.ground, [0, 0, 1, 0, 0, 1, 1, 1]);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
    ["rect", "plot"].forEach((name, number) => {
      const place = gl.getAttribLocation(this.ground, name);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, 4, gl.FLOAT, false, GROUND_FLOATS * 4, number * 16);
      gl.vertexAttribDivisor(place, 1);
    });
    this.groundCount = data.length / GROUND_FLOATS;
    return array;
  }

  skyArray() {
    const array = this.gl.createVertexArray();
    this.gl.bindVertexArray(array);
    this.corner(this.sky, [-1, -1, 1, -1, -1, 1, 1, 1]);
    return array;
  }

  /**
   * @param {WebGLProgram} owner
   * @param {number[]} corners
   */
  corner(owner, corners) {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(corners), gl.STATIC_DRAW);
    const place = gl.getAttribLocation(owner, "corner");
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, 2, gl.FLOAT, false, 0, 0);
  }

  /**
   * Put blocks in the order of their distance, the nearest first, and send them.
   *
   * @param {Float32Array} data
   * @param {number} many
   * @param {Pose} pose
   */
  send(data, many, { eye }) {
    const { gl } = this;
    const far = new Float32Array(many);
    for (let at = 0; at < many; at += 1) {
      const place = at * FLOATS;
      const dx = Math.max(data[place] - eye[0], 0, eye[0] - data[place + 2]);
      const dy = Math.max(data[place + 1] - eye[1], 0, eye[1] - data[place + 3]);
      far[at] = dx * dx + dy * dy;
    }
    const order = Uint32Array.from({ length: many }, (_, at) => at).sort((one, two) => far[one] - far[two]);
    const sorted = new Float32Array(many * FLOATS);
    for (let at = 0; at < many; at += 1)
      sorted.set(data.subarray(order[at] * FLOATS, (order[at] + 1) * FLOATS), at * FLOATS);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.instances ?? null);
    gl.bufferData(gl.ARRAY_BUFFER, sorted, gl.DYNAMIC_DRAW);
  }

  /**
   * Draw it all.
   *
   * @param {Float32Array} data
   * @param {number} many
   * @param {Pose} pose
   * @param {{ panes: number, isFine: boolean }} how how many walls of glass are seen behind each other, and whether
   *   there is time to lay them on in the right order
   */
  draw(data, many, pose, { panes, isFine }) {
    const { gl } = this;
    this.send(data, many, pose);
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.stencilMask(255);
    gl.clearColor(0, 0, 0, 0);
    gl.depthMask(true);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT | gl.STENCIL_BUFFER_BIT);
    gl.enable(gl.DEPTH_TEST);
    gl.enable(gl.STENCIL_TEST);
    gl.depthFunc(gl.LEQUAL);
    if (isFine) this.drawFine(many, pose, panes);
    else this.drawSoon(many, pose, panes);
    gl.disable(gl.STENCIL_TEST);
  }

  /**
   * Lay glass on first, from near to far, and then what is behind it.
   *
   * @param {number} many
   * @param {Pose} pose
   * @param {number} panes
   */
  drawFine(many, pose, panes) {
    const { gl } = this;
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE_MINUS_DST_ALPHA, gl.ONE);
    gl.stencilFunc(gl.ALWAYS, 0, 255);
    gl.stencilOp(gl.KEEP, gl.KEEP, gl.KEEP);
    gl.colorMask(false, false, false, false);
    this.use(this.depth, pose);
    this.boxesOf(this.depth, many, 0);
    gl.colorMask(true, true, true, true);
    gl.depthMask(false);
    this.use(this.box, pose);
    this.panes(many, panes);
    this.once();
    this.boxesOf(this.box, many, 0);
    this.around(pose);
  }

  /**
   * Lay glass on last, which takes a third less: what is behind other glass is a little too clear.
   *
   * @param {number} many
   * @param {Pose} pose
   * @param {number} panes
   */
  drawSoon(many, pose, panes) {
    const { gl } = this;
    gl.disable(gl.BLEND);
    this.use(this.box, pose);
    gl.stencilMask(128);
    gl.stencilFunc(gl.ALWAYS, 128, 128);
    gl.stencilOp(gl.KEEP, gl.KEEP, gl.REPLACE);
    this.boxesOf(this.box, many, 0);
    gl.depthMask(false);
    this.once();
    this.around(pose);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.stencilMask(127);
    this.use(this.box, pose);
    this.panes(many, panes);
  }

  /**
   * @param {number} many
   * @param {number} panes
   */
  panes(many, panes) {
    const { gl } = this;
    if (!panes) return;
    gl.stencilFunc(gl.GREATER, panes, 127);
    gl.stencilOp(gl.KEEP, gl.KEEP, gl.INCR);
    this.boxesOf(this.box, many, 1);
  }

  /** @param {Pose} pose */
  around(pose) {
    const { gl } = this;
    this.use(this.ground, pose);
    gl.bindVertexArray(this.grounds);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.groundCount ?? 0);
    this.use(this.sky, pose);
    gl.uniformMatrix4fv(gl.getUniformLocation(this.sky, "back"), false, pose.back);
    gl.bindVertexArray(this.skies);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  /** From here on each pixel is painted once, behind the glass: what is drawn first is seen. */
  once() {
    const { gl } = this;
    gl.stencilMask(128);
    gl.stencilFunc(gl.NOTEQUAL, 128, 128);
    gl.stencilOp(gl.KEEP, gl.KEEP, gl.REPLACE);
  }

  /**
   * @param {WebGLProgram} made
   * @param {number} many
   * @param {number} part 0 for what is solid, 1 for glass
   */
  boxesOf(made, many, part) {
    const { gl } = this;
    gl.bindVertexArray(this.boxes);
    gl.uniform1f(gl.getUniformLocation(made, "part"), part);
    gl.drawElementsInstanced(gl.TRIANGLES, 18, gl.UNSIGNED_BYTE, 0, many);
  }

  /**
   * @param {WebGLProgram} made
   * @param {Pose} pose
   */
  use(made, pose) {
    const { gl, colours } = this;
    gl.useProgram(made);
    const put = (/** @type {string} */ name) => gl.getUniformLocation(made, name);
    gl.uniformMatrix4fv(put("view"), false, pose.view);
    gl.uniform3fv(put("eye"), pose.eye);
    for (const name of CITY_COLOURS) gl.uniform3fv(put(name), colours[name]);
    gl.uniform3fv(put("ink"), colours.ink);
    gl.uniform2f(put("toSun"), Math.sin(0.9), -Math.cos(0.9));
    gl.uniform3fv(put("kinds"), colours.kinds);
    gl.uniform3fv(put("labels"), colours.labels);
    gl.uniform1f(put("haze"), pose.haze);
    gl.uniform1f(put("night"), this.night ? 1 : 0);
    gl.uniform1f(put("pixel"), 1 / pose.focal);
    gl.uniform1f(put("lot"), this.city.lot);
  }

  /** Wait until all is drawn: the time of a frame is measured by it. */
  finish() {
    this.gl.readPixels(0, 0, 1, 1, this.gl.RGBA, this.gl.UNSIGNED_BYTE, new Uint8Array(4));
  }
}
