/** What the graphics card is told: boxes, ground and sky, by day or by night, in the colours of the page. */

const COMMON = `#version 300 es
precision highp float;
uniform mat4 view;
uniform vec3 eye;
uniform vec3 horizon, sky, sun, window, street, ground;
uniform vec2 toSun;
uniform float haze, night, pixel, lot;
`;

const AIR = `
vec3 air(vec3 colour, float far) { return mix(horizon, colour, exp(-far / haze)); }
`;

export const BOX_VERTEX = `${COMMON}
in vec4 rect;
in vec4 tops;
in vec3 glass;
in vec2 more;
uniform float part;
flat out vec4 ends;
flat out vec3 tint;
flat out vec2 marks;
flat out int side;
out vec3 place;
out vec2 along;
invariant gl_Position;
void main() {
  int face = gl_VertexID / 4;
  vec2 corner = vec2(gl_VertexID & 1, (gl_VertexID >> 1) & 1);
  float low = part > 0.5 ? tops.z : 0.0;
  float high = part > 0.5 ? tops.w : tops.z;
  vec2 size = rect.zw - rect.xy;
  bool east = eye.x > (rect.x + rect.z) * 0.5;
  bool south = eye.y > (rect.y + rect.w) * 0.5;
  if (face == 0) {
    place = vec3(rect.xy + corner * size, high);
    along = corner;
  } else if (face == 1) {
    place = vec3(east ? rect.z : rect.x, rect.y + corner.x * size.y, mix(low, high, corner.y));
    along = vec2(corner.x, place.z);
  } else {
    place = vec3(rect.x + corner.x * size.x, south ? rect.w : rect.y, mix(low, high, corner.y));
    along = vec2(corner.x, place.z);
  }
  side = face;
  ends = tops;
  tint = glass;
  marks = more;
  gl_Position = high > low ? view * vec4(place, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
}`;

export const BOX_FRAGMENT = `${COMMON}
uniform float part;
uniform vec3 kinds[3];
uniform vec3 labels[16];
uniform vec3 ink;
flat in vec4 ends;
flat in vec3 tint;
flat in vec2 marks;
flat in int side;
in vec3 place;
in vec2 along;
out vec4 colour;
${AIR}
const float LIGHT[3] = float[3](1.08, 0.94, 0.7);
vec3 facade(vec3 wall) {
  float floorAt = fract(place.z / 3.0);
  float code = marks.x;
  for (int number = 0; number < 3; number += 1) {
    float label = mod(code, 32.0);
    if (label > 0.5 && abs(along.x - 0.78 + 0.1 * float(number)) < 0.035)
      wall = labels[int(label) - 1] * LIGHT[side];
    code = floor(code / 32.0);
  }
  if (along.x > 0.12 && along.x < 0.42 && floorAt > 0.35 && floorAt < 0.8)
    wall = night > 0.5 ? window : wall * 0.45 + window * 0.3;
  if (floorAt < 0.1) wall *= 0.72;
  if (abs(along.x - 0.5) > 0.475) wall *= 0.7;
  return wall;
}
void main() {
  float far = distance(eye, place);
  float width = far * pixel;
  bool one = marks.y > 0.5;
  if (marks.y > 1.5) {
    vec3 plain = ink;
    if (marks.y > 2.5) plain = mod(floor(place.z / 720.0), 2.0) < 0.5 ? ink : sun;
    colour = vec4(air(plain * (marks.y > 2.5 ? LIGHT[side] : 1.0), far), 1.0);
    return;
  }
  if (part < 0.5) {
    vec3 wall = place.z <= ends.x ? kinds[0] : place.z <= ends.y ? kinds[1] : kinds[2];
    if (side == 0) wall = (kinds[0] * ends.x + kinds[1] * (ends.y - ends.x) + kinds[2] * (ends.z - ends.y)) / max(ends.z, 1e-6);
    wall *= LIGHT[side] * (night > 0.5 ? 0.6 : 1.0);
    if (side > 0) {
      if (one && width < 0.5) wall = mix(facade(wall), wall, clamp(width / 0.5, 0.0, 1.0));
      wall *= 0.72 + 0.28 * clamp(place.z / 9.0, 0.0, 1.0);
    }
    colour = vec4(air(wall, far), 1.0);
    return;
  }
  float clear = side == 0 ? 0.34 : 0.27;
  vec3 pane = tint * LIGHT[side];
  if (one && width < 0.6) {
    float line = 0.0;
    vec2 edge = side == 0 ? min(along, 1.0 - along) : vec2(min(along.x, 1.0 - along.x), 1.0);
    if (min(edge.x, edge.y) < 0.025) line = 1.0;
    else if (side > 0 && (ends.w - place.z < 0.25 || fract(place.z / 12.0) < 0.02)) line = 0.8;
    float seen = line * clamp(1.0 - width / 0.6, 0.0, 1.0);
    clear = mix(clear, 0.75, seen);
    pane *= 1.0 - 0.25 * seen;
  }
  colour = vec4(air(pane, far) * clear, clear);
}`;

export const NO_FRAGMENT = `${COMMON}
void main() {}`;

export const GROUND_VERTEX = `${COMMON}
in vec2 corner;
in vec4 rect;
in vec4 plot;
flat out vec4 origin;
out vec2 at;
void main() {
  at = mix(rect.xy, rect.zw, corner);
  origin = plot;
  gl_Position = view * vec4(at, 0.0, 1.0);
}`;

/** `plot`: the left and upper edge of a district in metres, the number of its label's colour or -1, and its columns. */
export const GROUND_FRAGMENT = `${COMMON}
uniform vec3 labels[16];
flat in vec4 origin;
in vec2 at;
out vec4 colour;
${AIR}
void main() {
  float far = distance(eye, vec3(at, 0.0));
  vec3 earth = ground;
  if (origin.z > -1.5) earth = street;
  if (origin.z > -0.5) {
    earth = ground * 0.72 + labels[int(origin.z)] * 0.28;
    vec2 lots = (at - origin.xy) / lot;
    vec2 block = mod(lots, 9.0);
    float width = far * pixel / lot;
    float fade = clamp(1.0 - width / 0.4, 0.0, 1.0);
    vec2 within = abs(fract(lots) - 0.5);
    if (block.x < 8.0 && block.y < 8.0 && max(within.x, within.y) < 0.4) earth = mix(earth, mix(earth, street, 0.55), fade);
  }
  colour = vec4(air(earth, far), 1.0);
}`;

export const SKY_VERTEX = `${COMMON}
in vec2 corner;
out vec2 screen;
void main() {
  screen = corner;
  gl_Position = vec4(corner, 1.0, 1.0);
}`;

export const SKY_FRAGMENT = `${COMMON}
uniform mat4 back;
in vec2 screen;
out vec4 colour;
void main() {
  vec4 far = back * vec4(screen, 1.0, 1.0);
  vec3 ray = normalize(far.xyz / far.w - eye);
  float up = clamp(ray.z * 1.6, 0.0, 1.0);
  vec3 shown = mix(horizon, sky, pow(up, 0.7));
  vec3 light = normalize(vec3(toSun, 0.16));
  float away = distance(ray, light);
  float disc = smoothstep(0.026, 0.023, away);
  float glow = exp(-away / 0.12) * 0.45 * clamp(ray.z * 8.0, 0.0, 1.0);
  shown = mix(shown, sun, max(disc * step(0.0, ray.z), glow));
  colour = vec4(shown, 1.0);
}`;
