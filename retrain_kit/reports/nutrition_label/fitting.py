"""Fitting: a label is one page whatever its study says; what is longer goes on in the datasheet.

Texts are measured in columns, as terminals do: a wide sign is two, a mark above or below another none. Lines
are taken to be as wide as in the widest faces that browsers use. Where much is said of everything, all texts
become shorter together, so that the type does not become too small to be read on a wall.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from itertools import accumulate, combinations
from math import ceil
from typing import TYPE_CHECKING

from retrain_kit.reports.nutrition_label.contents import LABOUR

if TYPE_CHECKING:
    from retrain_kit.reports.nutrition_label.contents import Line, NutritionLabel, Section

MORE = "…"
"""Ends a text that goes on in the datasheet."""
LONG_FIELDS = ("annotation.who", "annotation.how")
COLUMNS_OF_TITLE, COLUMNS_OF_LEAD, COLUMNS_OF_NOTICE = 110, 110, 640
COLUMNS_OF_LONG, COLUMNS_OF_TEXT, COLUMNS_OF_NAME, COLUMNS_OF_PART = 230, 130, 52, 38
COLUMNS_OF_SILENCE = 120
"""So many columns a text has at most."""
SHARES = (1.0, 0.85, 0.7, 0.55, 0.4, 0.28)
"""What may be left of that, the most first, until all is one page in type of `LEAST_PT`."""
LEAST_PT = 6.5


def width(text: str) -> int:
    """Return how wide a text is, in columns."""
    return sum(map(_width, text))


def _width(sign: str) -> int:
    if sign.isascii():
        return 2 if sign in _WIDE else 1
    kind = unicodedata.category(sign)
    if kind in {"Mn", "Me", "Cf"}:
        return 0
    far = kind == "Lo" and unicodedata.bidirectional(sign) == "L"
    return 2 if far or kind == "So" or unicodedata.east_asian_width(sign) in {"W", "F"} else 1


_WIDE = frozenset("MW@%")


def shortened(text: str, columns: int) -> str:
    """Return a text of at most so many columns; one that is cut ends with `MORE`, if it can after a word."""
    if width(text) <= columns and len(text) <= _SIGNS_PER_COLUMN * columns:
        return text
    taken = accumulate(map(_width, text[: _SIGNS_PER_COLUMN * columns - 1]))
    end = sum(columns_taken < columns for columns_taken in taken)
    head, space, _ = text[: end + 1].rpartition(" ")
    kept = _STUMP.sub("", head) if space and len(head) > end // 2 else text[:end]
    return f"{kept.rstrip(' ,;:.–-(')}{MORE}"


_SIGNS_PER_COLUMN = 2
_STUMP = re.compile(r"\s\w{1,2}$")
"""A short word at the end, as an article, that says nothing without the next."""


def fit_label(label: NutritionLabel) -> NutritionLabel:
    """Return a label on which every text is as short as its place."""
    fitted = (_fitted(label, share) for share in SHARES)
    return next(
        (each for each in fitted if _height_pt(each, LEAST_PT) <= _HEIGHT_PT), _fitted(label, SHARES[-1])
    )


def _fitted(label: NutritionLabel, share: float) -> NutritionLabel:
    def short(text: str, columns: int) -> str:
        return shortened(text, round(columns * share))

    def line(each: Line) -> Line:
        columns = COLUMNS_OF_LONG if each.source in LONG_FIELDS else COLUMNS_OF_TEXT
        narrow = each.part or each.source == LABOUR
        name = shortened(each.name, COLUMNS_OF_PART if narrow else COLUMNS_OF_NAME)
        return replace(each, name=name, text=short(each.text, columns))

    return replace(
        label,
        study=shortened(label.study, COLUMNS_OF_NAME),
        title=short(label.title, COLUMNS_OF_TITLE),
        lead=short(label.lead, COLUMNS_OF_LEAD),
        notice=short(label.notice, COLUMNS_OF_NOTICE),
        sections=tuple(replace(each, lines=tuple(map(line, each.lines))) for each in label.sections),
        never_said=tuple(short(text, COLUMNS_OF_SILENCE) for text in label.never_said),
    )


def goes_on(label: NutritionLabel) -> bool:
    """Whether a text of a fitted label goes on in the datasheet, or silences are left to it."""
    texts = [label.title, label.lead, label.notice, *label.never_said]
    texts += [text for line in label.lines for text in (line.name, line.text)]
    return bool(label.more_never_said) or any(text.endswith(MORE) for text in texts)


# -- how large a browser may print it


SIZES_PT = tuple(quarters / 4 for quarters in range(44, 21, -1))
"""Sizes of type that a label may have, the largest first."""
_COLUMN_PT, _PAGE_PT, _HEIGHT_PT = 245.0, 510.0, 725.0
"""How wide a column is, how wide the page within the frame, and how high, on the smaller of A4 and Letter."""
_USUAL_PT = 8.5
_SIGN, _LEADING = 0.6, 1.32
_FIXED_LINES, _HEADING_LINES, _BAND_LINES, _RULE_LINES = 18.4, 2.3, 2.7, 0.33
"""How wide a sign is, and how high a line, in sizes of its type."""


def two_columns(label: NutritionLabel) -> tuple[tuple[Section, ...], tuple[Section, ...]]:
    """Return the sections of a fitted label in two columns as even as can be, in their order in each."""
    first, *rest = label.sections
    heights = {each.title: _section_lines(each, _COLUMN_PT / (_SIGN * _USUAL_PT)) for each in label.sections}
    total = sum(heights.values())
    chosen = min(
        (combination for number in range(len(rest) + 1) for combination in combinations(rest, number)),
        key=lambda left: abs(2 * sum(heights[each.title] for each in (first, *left)) - total),
    )
    return (first, *chosen), tuple(each for each in rest if each not in chosen)


def printed_size_pt(label: NutritionLabel) -> float:
    """Return the largest size of type in which a fitted label is one page, in points."""
    return next((size for size in SIZES_PT if _height_pt(label, size) <= _HEIGHT_PT), SIZES_PT[-1])


def _height_pt(label: NutritionLabel, size_pt: float) -> float:
    """Return how high a label is: its head, its two columns, and what was never said."""
    columns = _COLUMN_PT / (_SIGN * size_pt)
    high = max(sum(_section_lines(each, columns) for each in side) for side in two_columns(label))
    across = _PAGE_PT / (_SIGN * size_pt)
    notice = _lines(label.notice, across) + _BAND_LINES if label.notice else 0
    silences = sum(_lines(text, across) + _RULE_LINES for text in label.never_said)
    title = 1.4 * _lines(label.title, across / 1.6)
    return (_FIXED_LINES + title + notice + high + silences) * _LEADING * size_pt


def _section_lines(section: Section, columns: float) -> float:
    texts = (f"{line.name}   {line.text or line.blank} m" for line in section.lines)
    return _HEADING_LINES + sum(_lines(text, columns) + _RULE_LINES for text in texts)


def _lines(text: str, columns: float) -> int:
    return ceil(width(text) / columns) if text else 0
