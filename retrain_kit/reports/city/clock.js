/** The clock: how long it takes to walk past all images, one a second, without sleep. */

const UNITS = /** @type {[string, number][]} */ ([
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
]);

/** @param {number} seconds */
export function spelled(seconds) {
  const at = UNITS.findIndex(([, length]) => seconds >= length);
  if (at < 0) return "0 seconds";
  const [name, size] = UNITS[at];
  const first = Math.floor(seconds / size);
  const parts = [[first, name]];
  const next = UNITS[at + 1];
  if (next) parts.push([Math.floor((seconds - first * size) / next[1]), next[0]]);
  return parts
    .filter(([many]) => many)
    .map(([many, unit]) => `${Number(many).toLocaleString("en")} ${unit}${many === 1 ? "" : "s"}`)
    .join(" and ");
}

/**
 * Return what the clock says.
 *
 * @param {number} passed
 * @param {number} all
 */
export function clockTold(passed, all) {
  const seen = Math.min(passed, all);
  const left = all - seen;
  const said = `One image a second: by now ${seen.toLocaleString("en")} of ${all.toLocaleString("en")}.`;
  return left ? `${said} Still ${spelled(left)}, without sleep.` : `${said} That was all.`;
}
