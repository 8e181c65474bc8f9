"""Drawings: what a person drew on an image and which words they gave, with how long each piece took.

All places are in pixels of the upright image, however small it was on the screen. A place outside the image
is moved to its border, and that is said. An outline that crosses itself is kept as it was drawn, and that is
said too; of it, what is covered by an odd number of its turns counts, as in every outline of the kit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.annotations import working_time
from retrain_kit.annotations.json_values import image_size, is_number, kind_of
from retrain_kit.annotations.recordings import DEVICES
from retrain_kit.annotations.samples import Box, Click, ImageLabel, Region
from retrain_kit.annotations.working_time import IDLE_AFTER_S, MOMENT_KINDS, Moment, Spent
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.storage.languages import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrain_kit.annotations.samples import Point, Size

BOX, EXTREME, OUTLINE, WORD = DRAWN_KINDS = ("box", "extreme clicks", "outline", "word")
"""Two corners; four clicks on the outermost points; the corners of an outline; a word for the whole image."""
POINTS_OF = {BOX: 2, EXTREME: 4, WORD: 0}
"""How many points a kind has; an outline has three at least."""
LEAST_OUTLINE = 3
WORD_PART = "word"
"""What stands behind a piece's name, after a colon, where a moment is about its word and not its shape."""


@dataclass(frozen=True)
class Drawn:
    """One thing that a person drew or said.

    Parameters
    ----------
    kind
        One of `DRAWN_KINDS`.
    label
        The word that the person gave.
    points
        In pixels: two opposite corners, the four clicks in their order, or the corners of an outline.
    device
        What it was drawn with, one of `recordings.DEVICES`; empty where that is not said.
    moved
        How many of its points lay outside the image, and were moved to its border.
    shape, word
        How long it took to draw it, and to find its word; None where that is not kept.
    """

    kind: str
    label: str
    points: tuple[Point, ...] = ()
    device: str = ""
    moved: int = 0
    shape: Spent | None = None
    word: Spent | None = None

    @property
    def box(self) -> Box:
        """The box around it: of extreme clicks what they span, whichever came first."""
        return Box.around([self.points])

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be said of its shape."""
        found = []
        if self.moved:
            words = ngettext(
                "{count} point lay outside the image: it was moved to the border.",
                "{count} points lay outside the image: they were moved to the border.",
                self.moved,
            )
            found.append(words)
        if self.kind == OUTLINE and crosses_itself(self.points):
            found.append(gettext("The outline crosses itself. It is kept as you drew it."))
        return tuple(found)

    def region(self, name: str, annotator: str) -> Region:
        """Return it as a region of the image; a `WORD` is none."""
        said: dict[str, Any] = {"drawn_as": self.kind, "device": self.device}
        said |= {"points_moved_to_the_border": self.moved} if self.moved else {}
        said |= _said_times(self.shape, "") | _said_times(self.word, "word_")
        clicks = tuple(Click(x, y) for x, y in self.points) if self.kind == EXTREME else ()
        polygons = (self.points,) if self.kind == OUTLINE else ()
        return Region(self.label, self.box, name, annotator, polygons, clicks=clicks, said=said)

    def image_label(self, annotator: str) -> ImageLabel:
        """Return it as a word for the whole image."""
        return ImageLabel(self.label, present=True, annotator=annotator, said=_said_times(self.word, "word_"))


@dataclass(frozen=True)
class Drawing:
    """All that one person drew on an image in one go.

    Parameters
    ----------
    size
        Of the upright image, in pixels.
    rest
        How long was spent on what is not here: taken away, or never finished; None where times are not kept.
    idle_after_s
        The rule that times were told by: see `working_time`.
    """

    image: str
    size: Size
    drawn: tuple[Drawn, ...] = ()
    rest: Spent | None = None
    idle_after_s: float = IDLE_AFTER_S

    @property
    def words(self) -> str:
        """The words that were given, a line each."""
        return "\n".join(each.label for each in self.drawn)

    @property
    def untimed(self) -> Drawing:
        """The same without any time."""
        drawn = tuple(replace(each, shape=None, word=None) for each in self.drawn)
        return replace(self, drawn=drawn, rest=None)

    def regions(self, annotator: str, first: int = 1) -> tuple[Region, ...]:
        """Return what was drawn as regions of the image, numbered from `first`."""
        shapes = [each for each in self.drawn if each.kind != WORD]
        return tuple(each.region(str(number), annotator) for number, each in enumerate(shapes, first))

    def image_labels(self, annotator: str) -> tuple[ImageLabel, ...]:
        """Return the words for the whole image."""
        return tuple(each.image_label(annotator) for each in self.drawn if each.kind == WORD)


def crosses_itself(outline: Sequence[Point]) -> bool:
    """Say whether two sides of a closed outline cross; sides that only touch do not."""
    corners = np.array(outline, dtype=np.float64)
    if len(corners) <= LEAST_OUTLINE:
        return False
    starts, ends = corners, np.roll(corners, -1, axis=0)
    turn = _turns(starts[:, None], ends[:, None], starts[None]) * _turns(
        starts[:, None], ends[:, None], ends[None]
    )
    return bool(((turn < 0) & (turn.T < 0)).any())


def _turns(start: Any, end: Any, point: Any) -> Any:  # noqa: ANN401 - arrays of points, of any shape
    """Return on which side of each line each point lies: above 0, below 0, or on it."""
    along, beside = end - start, point - start
    return np.sign(along[..., 0] * beside[..., 1] - along[..., 1] * beside[..., 0])


def _said_times(spent: Spent | None, prefix: str) -> dict[str, float]:
    if spent is None:
        return {}
    return {f"{prefix}active_s": spent.active_s, f"{prefix}idle_s": spent.idle_s}


# -- JSON: as a store keeps it, and as a browser sends it; both are checked before they are a drawing.


MAX_DRAWN, MAX_POINTS, MAX_MOMENTS = 200, 1_000, 100_000
MAX_LABEL_CHARS, MAX_NAME_CHARS = 80, 20
_TIME_DIGITS, _AXES, _ROW = 3, 2, 3


def to_details(drawing: Drawing) -> dict[str, Any]:
    """Return all of a drawing but its image, as JSON."""
    drawn = [
        {
            "kind": each.kind,
            "label": each.label,
            "points": [list(point) for point in each.points],
            "device": each.device,
            "moved": each.moved,
            "shape": _row_of(each.shape),
            "word": _row_of(each.word),
        }
        for each in drawing.drawn
    ]
    rest = _row_of(drawing.rest)
    return {"size": list(drawing.size), "drawn": drawn, "rest": rest, "idle_after_s": drawing.idle_after_s}


def from_details(image: str, details: Mapping[str, Any]) -> Drawing:
    """Return the drawing that JSON tells: the reverse of `to_details`.

    Raises
    ------
    DataError
        With everything that is wrong.
    """
    faults: list[Fault] = []
    size = image_size(details.get("size"), faults)
    drawn = [
        replace(each, shape=_spent(row.get("shape"), faults), word=_spent(row.get("word"), faults))
        for row, each in _drawn_rows(details.get("drawn"), size, faults)
    ]
    idle = details.get("idle_after_s", IDLE_AFTER_S)
    if not is_number(idle) or idle <= 0:
        faults.append(Fault("idle_after_s", _kind(idle), "seconds, more than 0"))
    rest = _spent(details.get("rest"), faults)
    if faults:
        raise DataError(*faults)
    return Drawing(image, size, tuple(drawn), rest, float(idle))


def from_sent(image: str, size: Size, sent: Mapping[str, Any]) -> Drawing:
    """Return what a browser sends: pieces with their names, and moments, of which the times are counted here.

    Raises
    ------
    DataError
        With everything that is wrong, whoever sent it.
    """
    faults: list[Fault] = []
    rows = _drawn_rows(sent.get("drawn"), size, faults)
    spent = _counted(sent.get("moments"), faults)
    names = [row.get("name") for row, _ in rows]
    if not all(isinstance(name, str) and 0 < len(name) <= MAX_NAME_CHARS for name in names) or len(
        set(map(str, names))
    ) < len(names):
        faults.append(Fault("drawn", "names that are none", "a name of its own for each piece"))
    if faults:
        raise DataError(*faults)
    drawn = [_timed(each, str(row["name"]), spent) for row, each in rows]
    return Drawing(image, size, tuple(drawn), working_time.total_spent(spent.values()))


def _timed(drawn: Drawn, name: str, spent: dict[str, Spent]) -> Drawn:
    """Return a piece with its times, which are taken out of all times."""
    shape, word = (spent.pop(key, Spent()) for key in (name, f"{name}:{WORD_PART}"))
    if drawn.kind == WORD:
        return replace(drawn, word=shape + word)
    return replace(drawn, shape=shape, word=word)


def _counted(moments: object, faults: list[Fault]) -> dict[str, Spent]:
    if not isinstance(moments, list) or len(moments) > MAX_MOMENTS or not all(map(_is_moment, moments)):
        found = f"{len(moments)} rows" if isinstance(moments, list) else _kind(moments)
        faults.append(Fault("moments", found, f"at most {MAX_MOMENTS}: time, kind, piece"))
        return {}
    try:
        return working_time.spent_by_piece([Moment(*row) for row in moments])
    except ParameterError as error:
        faults += error.faults
        return {}


def _is_moment(row: object) -> bool:
    if not isinstance(row, list) or len(row) != _ROW:
        return False
    t, kind, about = row
    known = isinstance(kind, str) and kind in MOMENT_KINDS and isinstance(about, str)
    return known and is_number(t) and len(about) <= MAX_NAME_CHARS + len(WORD_PART) + 1


def _drawn_rows(rows: object, size: Size, faults: list[Fault]) -> list[tuple[dict[str, Any], Drawn]]:
    if not isinstance(rows, list) or not 0 < len(rows) <= MAX_DRAWN:
        found = gettext("nothing") if rows in (None, []) else _kind(rows)
        expected = gettext("from 1 to {most} things", most=MAX_DRAWN)
        faults.append(Fault(gettext("what was drawn"), found, expected))
        return []
    read = [(row, _drawn(row, size, str(number), faults)) for number, row in enumerate(rows, 1)]
    return [(row, each) for row, each in read if each]


def _drawn(row: object, size: Size, number: str, faults: list[Fault]) -> Drawn | None:
    if not isinstance(row, dict) or not isinstance(row.get("kind"), str) or row["kind"] not in DRAWN_KINDS:
        faults.append(Fault(number, _kind(row), f"one of {', '.join(DRAWN_KINDS)}"))
        return None
    before = len(faults)
    kind, label, device = row["kind"], row.get("label"), row.get("device", "")
    if not isinstance(label, str) or not 1 <= len(label.strip()) <= MAX_LABEL_CHARS:
        expected = gettext("a word of at most {count} letters", count=MAX_LABEL_CHARS)
        faults.append(Fault(gettext("{number}, word", number=number), _kind(label), expected))
    if device not in ("", *DEVICES):
        faults.append(Fault(f"{number}, device", _kind(device), f"one of {', '.join(DEVICES)}, or empty"))
    points, moved = _points(row.get("points"), size, number, faults)
    faults += _shape_faults(kind, points, number) if len(faults) == before else []
    if len(faults) > before:
        return None
    already = row.get("moved", 0)
    counted = already if isinstance(already, int) and 0 < already <= len(points) else 0
    return Drawn(kind, str(label).strip(), points, str(device), max(moved, int(counted)))


def _points(rows: object, size: Size, number: str, faults: list[Fault]) -> tuple[tuple[Point, ...], int]:
    """Return points inside the image, and how many of them had to be moved to its border."""
    if not isinstance(rows, list) or len(rows) > MAX_POINTS or not all(map(_is_point, rows)):
        expected = gettext("at most {count} points", count=MAX_POINTS)
        found = gettext("{count} points", count=len(rows)) if isinstance(rows, list) else _kind(rows)
        faults.append(Fault(gettext("{number}, points", number=number), found, expected))
        return (), 0
    points = [(float(x), float(y)) for x, y in rows]
    inside = [(min(max(x, 0.0), float(size[0])), min(max(y, 0.0), float(size[1]))) for x, y in points]
    return tuple(inside), sum(one != other for one, other in zip(points, inside, strict=True))


def _shape_faults(kind: str, points: Sequence[Point], number: str) -> list[Fault]:
    """Return what is wrong with a shape: it covers nothing, or it is none."""
    where = gettext("{number}, points", number=number)
    count = gettext("{count} points", count=len(set(points)) if kind == OUTLINE else len(points))
    if kind == OUTLINE:
        if len(set(points)) < LEAST_OUTLINE or _in_a_line(points):
            return [Fault(where, count, gettext("three points or more, that are not in one line"))]
        return []
    if len(points) != POINTS_OF[kind]:
        return [Fault(where, count, gettext("{count} points", count=POINTS_OF[kind]))]
    if kind == BOX and any(one == other for one, other in zip(*points, strict=True)):
        return [Fault(where, gettext("a box without width or height"), gettext("two opposite corners"))]
    if kind == EXTREME and not _spans(points):
        expected = gettext("top, left, bottom, right, in this order")
        return [Fault(where, gettext("clicks that span no box"), expected)]
    return []


def _spans(points: Sequence[Point]) -> bool:
    top, left, bottom, right = points
    return left[0] < right[0] and top[1] < bottom[1]


def _in_a_line(points: Iterable[Point]) -> bool:
    corners = np.array(list(points), dtype=np.float64)
    far = corners[np.abs(corners - corners[0]).sum(axis=1).argmax()]
    return not _turns(corners[0], far, corners).any()


def _row_of(spent: Spent | None) -> list[float] | None:
    if spent is None:
        return None
    return [round(each, _TIME_DIGITS) for each in (spent.active_s, spent.idle_s, spent.away_s)]


def _spent(row: object, faults: list[Fault]) -> Spent | None:
    if row is None:
        return None
    if isinstance(row, list) and len(row) == _ROW and all(is_number(each) and each >= 0 for each in row):
        return Spent(*map(float, row))
    faults.append(Fault("time", _kind(row), "seconds: active, idle, away"))
    return None


def _is_point(row: object) -> bool:
    return isinstance(row, list | tuple) and len(row) == _AXES and all(map(is_number, row))


def _kind(value: object) -> str:
    """Return what kind of thing was found, never what somebody said."""
    if isinstance(value, str):
        return ngettext("{count} letter", "{count} letters", len(value.strip()))
    return kind_of(value)
