"""Fitting: a label is one page whatever its study says; what is longer goes on in the datasheet.

Texts are measured in columns, as terminals do: a sign of Chinese, Japanese or Korean is two wide, a mark
above or below another none. Lines are taken to be wider than they are on most machines.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from itertools import accumulate, combinations
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrain_kit.reports.nutrition_label.contents import Line, NutritionLabel, Section

MORE = "…"
"""Ends a text that goes on in the datasheet."""
LONG_FIELDS = ("annotation.who", "annotation.how")
COLUMNS_OF_TITLE, COLUMNS_OF_LEAD, COLUMNS_OF_NOTICE = 110, 110, 420
COLUMNS_OF_LONG, COLUMNS_OF_TEXT, COLUMNS_OF_NAME, COLUMNS_OF_PART = 230, 130, 52, 40
COLUMNS_OF_SILENCE = 120
"""So many columns a text has at most."""


def width(text: str) -> int:
    """Return how wide a text is, in columns."""
    return sum(map(_width, text))


def _width(sign: str) -> int:
    if unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1


def shortened(text: str, columns: int) -> str:
    """Return a text of at most so many columns; one that is cut ends with `MORE`, if it can after a word."""
    if width(text) <= columns and len(text) <= _SIGNS_PER_COLUMN * columns:
        return text
    taken = accumulate(map(_width, text[: _SIGNS_PER_COLUMN * columns - 1]))
    end = sum(columns_taken < columns for columns_taken in taken)
    head, space, _ = text[:end].rpartition(" ")
    kept = head if space and len(head) > end // 2 else text[:end]
    return f"{kept.rstrip(' ,;:.–-(')}{MORE}"


_SIGNS_PER_COLUMN = 4


def fit_label(label: NutritionLabel) -> NutritionLabel:
    """Return a label on which every text is as short as its place."""
    return replace(
        label,
        study=shortened(label.study, COLUMNS_OF_NAME),
        title=shortened(label.title, COLUMNS_OF_TITLE),
        lead=shortened(label.lead, COLUMNS_OF_LEAD),
        notice=shortened(label.notice, COLUMNS_OF_NOTICE),
        sections=tuple(replace(each, lines=tuple(map(_fit_line, each.lines))) for each in label.sections),
        never_said=tuple(shortened(text, COLUMNS_OF_SILENCE) for text in label.never_said),
    )


def _fit_line(line: Line) -> Line:
    columns = COLUMNS_OF_LONG if line.source in LONG_FIELDS else COLUMNS_OF_TEXT
    name = shortened(line.name, COLUMNS_OF_PART if line.part else COLUMNS_OF_NAME)
    return replace(line, name=name, text=shortened(line.text, columns))


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
    below = sum(_lines(text, across) + 0.2 for text in label.never_said) + _lines(label.notice, across)
    head = 7 + 2 * _lines(label.title, across / 1.6)
    foot = 10
    return (head + high + below + foot) * _LEADING * size_pt


def _section_lines(section: Section, columns: float) -> float:
    return 2.4 + sum(_line_lines(line, columns) for line in section.lines)


def _line_lines(line: Line, columns: float) -> float:
    if line.number:
        return _lines(f"{line.name}   {line.text or line.blank}", columns) + 0.25
    return _lines(f"{line.name}. {line.text or line.blank}", columns) + 0.45


def _lines(text: str, columns: float) -> int:
    return ceil(width(text) / columns) if text else 0
