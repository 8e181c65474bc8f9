/**
 * The pieces that somebody draws on an image, point by point: boxes, extreme clicks, outlines, and words for all of it.
 *
 * It knows no page. Places are whole pixels of the image, from its top left corner: the corners between pixels. What is
 * said of each step is for whoever drew it, whether they see the image or not.
 */

import { gettext } from "../../widgets/languages.js";

/**
 * @typedef {{ x: number, y: number, outside?: boolean }} Place
 * @typedef {"box" | "extreme clicks" | "outline" | "word"} PieceKind
 * @typedef {{ name: string, kind: PieceKind, points: Place[], label: string, device: string }} Piece
 */

const LEAST_OUTLINE = 3;
/** How many points a shape that is no outline has. */
export const POINTS = { box: 2, "extreme clicks": 4, word: 0 };

/** @param {Place} one @param {Place} other */
const isSame = (one, other) => one.x === other.x && one.y === other.y;

/**
 * Whether points lie in one line, or are fewer than three.
 *
 * @param {Place[]} points
 */
function isFlat(points) {
  const [first] = points;
  const second = points.find((point) => !isSame(point, first));
  if (!second) return true;
  const turn = (/** @type {Place} */ { x, y }) =>
    (second.x - first.x) * (y - first.y) - (second.y - first.y) * (x - first.x);
  return points.every((point) => turn(point) === 0);
}

/** Return what to do next with extreme clicks, by how many there are. @param {number} count */
function nextExtreme(count) {
  return [
    gettext("Click on the topmost point of the thing."),
    gettext("Click on its leftmost point."),
    gettext("Click on its bottommost point."),
    gettext("Click on its rightmost point."),
  ][count];
}

/** Return left, top, right and bottom of what points span, whichever came first. @param {Place[]} points */
export function edgesOf(points) {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

export class Pieces {
  /** What is finished. @type {Piece[]} */
  done = [];
  /** What is being drawn. @type {Piece | null} */
  open = null;
  next = 1;
  /** @type {PieceKind} */
  tool = "box";

  /** @param {{ drawn: number, points: number }} most */
  constructor(most) {
    this.most = most;
  }

  /** What somebody is at: the piece that is open, or the one that comes next. */
  get at() {
    return this.open?.name ?? String(this.next);
  }

  get full() {
    return this.done.length >= this.most.drawn;
  }

  /** What to do now. */
  get hint() {
    const count = this.open?.points.length ?? 0;
    if (this.tool === "box")
      return count ? gettext("Set the opposite corner.") : gettext("Drag from corner to corner, or set two corners.");
    if (this.tool === "extreme clicks") return nextExtreme(count);
    if (this.tool === "word") return gettext("Type a word for the whole image.");
    if (count < LEAST_OUTLINE) return gettext("Set points along the edge of the thing: three at least.");
    return gettext("Go on along the edge, or close the outline: at its first point, or at the last one again.");
  }

  /** @param {PieceKind} tool */
  choose(tool) {
    this.letGo();
    this.tool = tool;
  }

  letGo() {
    this.open = null;
  }

  /** Begin a piece. @param {string} device @returns {Piece} */
  begin(device) {
    this.open = { name: String(this.next), kind: this.tool, points: [], label: "", device };
    this.next += 1;
    return this.open;
  }

  /**
   * Set a point; return what is to be said. `finished` is the piece, once it is whole.
   *
   * @param {Place} place
   * @param {string} device
   * @param {(one: Place, other: Place) => boolean} [near] whether two places are one to whoever points there
   * @returns {{ told: string, finished?: Piece }}
   */
  put(place, device, near = isSame) {
    const point = { x: place.x, y: place.y };
    if (this.full) return { told: gettext("There is room for {count} pieces.", { count: this.most.drawn }) };
    const piece = this.open ?? this.begin(device);
    const { points } = piece;
    if (piece.kind === "outline" && points.length) {
      if (points.length >= LEAST_OUTLINE && near(points[0], place)) return this.close();
      if (isSame(/** @type {Place} */ (points.at(-1)), point)) return this.close();
      if (points.length >= this.most.points)
        return { told: gettext("There is room for {count} points: close the outline.", { count: this.most.points }) };
    }
    points.push(point);
    const fault = this.faultOf(piece);
    if (fault) {
      points.pop();
      return { told: fault };
    }
    if (piece.kind !== "outline" && points.length === POINTS[piece.kind]) return this.finish(piece);
    return { told: this.hint };
  }

  /**
   * Return why the last point of a piece can't stand; nothing where it can.
   *
   * @param {Piece} piece
   */
  faultOf({ kind, points }) {
    const [first, second, third, fourth] = points;
    if (kind === "box" && second && (first.x === second.x || first.y === second.y))
      return gettext("That would be a box without width or height. Set the opposite corner elsewhere.");
    if (kind !== "extreme clicks") return "";
    if (third && third.y <= first.y)
      return gettext("The bottommost point has to lie below the topmost one: set it again.");
    if (fourth && fourth.x <= second.x)
      return gettext("The rightmost point has to lie to the right of the leftmost one: set it again.");
    return "";
  }

  /** Close the outline that is open. @returns {{ told: string, finished?: Piece }} */
  close() {
    const { open } = this;
    if (open?.kind !== "outline") return { told: gettext("No outline is open.") };
    if (isFlat(open.points))
      return { told: gettext("An outline needs three points that are not in one line. Go on, or undo.") };
    return this.finish(open);
  }

  /** @param {Piece} piece */
  finish(piece) {
    this.done.push(piece);
    this.open = null;
    return { told: "", finished: piece };
  }

  /** Add a word for the whole image. @param {string} device @returns {Piece} */
  addWord(device) {
    const piece = this.begin(device);
    this.finish(piece);
    return piece;
  }

  /** @param {Piece} piece */
  takeAway(piece) {
    this.done = this.done.filter((each) => each !== piece);
  }

  /**
   * Take back the last step: a point; or, of a piece that is finished, that it is. Return what is to be said, and the
   * piece that is no longer finished.
   *
   * @returns {{ told: string, reopened?: Piece }}
   */
  undo() {
    if (this.open) return { told: this.takeBack(this.open) };
    const piece = this.done.pop();
    if (!piece) return { told: gettext("Nothing to undo.") };
    if (piece.kind === "word") return { told: gettext("The word is gone."), reopened: piece };
    this.open = piece;
    this.tool = piece.kind;
    if (piece.kind === "outline") return { told: gettext("The outline is open again."), reopened: piece };
    return { told: this.takeBack(piece), reopened: piece };
  }

  /** @param {Piece} piece */
  takeBack(piece) {
    piece.points.pop();
    if (!piece.points.length) this.open = null;
    return gettext("The last point is gone. {hint}", { hint: this.hint });
  }
}
