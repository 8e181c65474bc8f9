"""Evidence: a table in which each number leads to what it counts, to sentences and small images.

The links lead to places of the same page and need no script. What stands behind a number is bounded: some of
it is shown, and how much there is in all is said beside. Each small image lies in a table once. On a screen a
report shows what stands behind one number at a time, when it was asked for; a notebook and paper show all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from retrain_kit.display import assets, signs, thumbnails
from retrain_kit.display.assets import MATHJAX_IGNORE
from retrain_kit.display.thumbnails import Thumbnail, anchor, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_ROWS = 24
MOST_SHOWN = 6
"""So many rows have a table, and so many images or sentences stand behind a number."""
MOST_BYTES = 250_000
"""The encoded small images of one table weigh no more together; in the page a third is added to that."""
MOST_SIGNS = 400
"""A longer sentence is cut, and says so."""


@dataclass(frozen=True)
class Line:
    """A sentence behind a number, or an image alone where the text is empty.

    Parameters
    ----------
    image
        The image's id: it is looked up, and not shown.
    told
        What the image is called, and who wrote the sentence.
    text
        The sentence.
    """

    image: str
    told: str
    text: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a table: what it says, and what stands behind it.

    Parameters
    ----------
    text
        What is shown.
    lines
        Some of what is counted.
    counted
        How many images there are behind the number in all.
    same_as
        Which column has what stands behind it, from 0, where it is not its own.
    held_back
        What of it is not shown, and why; empty where nothing is held back.
    """

    text: str
    lines: tuple[Line, ...] = ()
    counted: int = 0
    same_as: int | None = None
    held_back: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a table: its name, as it is shown, its cells, and what tells it from all others."""

    head: str
    cells: tuple[Cell, ...]
    key: str = ""


@dataclass(frozen=True)
class Evidence:
    """A table, and what stands behind its numbers.

    Parameters
    ----------
    name
        What tells this table from others of the page.
    heads
        What the columns are called; the first is that of the rows' names.
    rows
        The rows that are shown.
    more
        A sentence on what is not.
    credit
        The study.
    images
        The small images by their ids.
    texts
        Names of columns that hold words, and no figures.
    after
        HTML that follows the table, as a link to all its rows.
    """

    name: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    more: str
    credit: str
    images: Mapping[str, Thumbnail] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    after: str = ""

    @property
    def html(self) -> str:
        """The table, the lines behind each of its numbers, and ways back; without script."""
        heads = "".join(f'<th scope="col"{self._side(head)}>{escape(head)}</th>' for head in self.heads)
        body = "".join(map(self._row, self.rows))
        table = (
            f'<div class="rk-scroll" tabindex="0" role="group" aria-label="Table: {escape(self.name)}">'
            f'<table class="rk-evidence" id="{self._top}"><thead><tr>{heads}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )
        told = " ".join(filter(None, ("A number leads to what it counts.", self.more, self.credit)))
        behind = "".join(self._section(row, place) for row in self.rows for place in range(len(row.cells)))
        stored = thumbnails.store_html(self.images, self.name)
        return (
            f'<div class="rk-around {MATHJAX_IGNORE}">{table}<p class="rk-quiet">{escape(told)}</p>'
            f'{self.after}{stored}<div class="rk-labels rk-behind">{behind}</div></div>'
        )

    @property
    def _top(self) -> str:
        return anchor("evidence", self.name)

    def _side(self, head: str) -> str:
        words = head == self.heads[0] or head in self.texts
        return "" if words else ' class="rk-number"'

    def _place(self, row: Row, column: int) -> str:
        return anchor("behind", self.name, row.key or row.head, self.heads[column + 1])

    def _row(self, row: Row) -> str:
        cells = "".join(self._cell(row, place) for place in range(len(row.cells)))
        return f'<tr><th scope="row">{shown(row.head)}</th>{cells}</tr>'

    def _cell(self, row: Row, place: int) -> str:
        cell, side = row.cells[place], self._side(self.heads[place + 1])
        place = place if cell.same_as is None else cell.same_as
        text = escape(signs.visible(cell.text))
        if row.cells[place].lines or row.cells[place].held_back:
            name = escape(f"{signs.visible(cell.text)}: {signs.visible(row.head)}, {self.heads[place + 1]}")
            text = f'<a href="#{self._place(row, place)}" aria-label="{name}">{text}</a>'
        return f"<td{side}>{text}</td>"

    def _section(self, row: Row, place: int) -> str:
        cell = row.cells[place]
        if not (cell.lines or cell.held_back):
            return ""
        count = f"{cell.counted:,} {'image' if cell.counted == 1 else 'images'}"
        told = count if cell.counted == len(cell.lines) else f"{len(cell.lines)} of {count}"
        told += f"; {cell.held_back}" if cell.held_back else ""
        head = (
            f'{shown(row.head)}<span class="rk-quiet">{escape(f"{self.heads[place + 1]}: {told}")}</span>'
            f'<a href="#{self._top}">to the table</a>'
        )
        kind = "rk-quotes" if any(line.text for line in cell.lines) else "rk-thumbs"
        items = "".join(map(self._line, cell.lines))
        body = f"<h3>{head}</h3>" + (f'<ul class="{kind}">{items}</ul>' if items else "")
        return f'<section id="{self._place(row, place)}">{body}</section>'

    def _line(self, line: Line) -> str:
        thumbnail = self.images.get(line.image)
        image = thumbnails.use_html(thumbnail, self.name, line.image) if thumbnail else ""
        told = f"<span>{shown(line.told)}</span>"
        if not line.text:
            return f"<li>{image}{told}</li>"
        cut = line.text if len(line.text) <= MOST_SIGNS else f"{line.text[:MOST_SIGNS]}… (cut)"
        return f"<li>{image}<div><q>{escape(signs.visible(cut))}</q>{told}</div></li>"

    def _repr_html_(self) -> str:
        return assets.lab_style() + self.html

    def __repr__(self) -> str:
        lines = (f"{row.head}: {', '.join(cell.text for cell in row.cells)}" for row in self.rows)
        return "\n".join(("; ".join(self.heads), *lines, self.more))


def images_behind(rows: tuple[Row, ...]) -> Iterator[str]:
    """Yield the ids of images behind rows, each once: the first of each number, then the second."""
    seen: set[str] = set()
    columns = [cell.lines for row in rows for cell in row.cells]
    for place in range(max(map(len, columns), default=0)):
        for lines in columns:
            if place < len(lines) and lines[place].image not in seen:
                seen.add(lines[place].image)
                yield lines[place].image
