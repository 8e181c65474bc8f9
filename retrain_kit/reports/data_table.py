"""Data tables: rows as a plain table with its CSV in it, and in JupyterLab as one that sorts and filters.

The plain table needs no script: it is what reports show, and what a notebook keeps. Its CSV lies in the page
as the address of a link. Where a notebook runs in JupyterLab the same rows are shown by DataTables, through
itables, which asks no host for anything.

Spreadsheets take a text that begins with =, +, -, @, a tab or a line's end for a formula and run it. In the
CSV such a text has an apostrophe before it, as OWASP advises; numbers are numbers and have none.
"""

from __future__ import annotations

import csv
import io
import textwrap
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pandas as pd
from pandas.io.formats.style import Styler

from retrain_kit.display import assets, signs
from retrain_kit.display.assets import MATHJAX_IGNORE
from retrain_kit.display.figures import NOTHING
from retrain_kit.storage.texts import FORMULA_SIGNS, path_of

if TYPE_CHECKING:
    from collections.abc import Iterable


MIN_SHOWN_SHARE = 0.0005
MOST_ROWS = 200
"""A page shows so many rows of a table; its CSV has all."""
_LINE_SIGNS, _SENTENCE_SIGNS = 80, 60
_LONGEST_LINE = 110
_PAGES = [10, 25, 100, -1]


@dataclass(frozen=True)
class DataTable:
    """Rows under names.

    Parameters
    ----------
    data
        The rows. Floats are shares from 0 to 1 and shown in per cent.
    name
        What the CSV is called, without its ending.
    caption
        A line over the table.
    attributes
        More attributes of the table, as `data-…="…"`.
    most
        How many rows a page shows; the caption says so where there are more.
    figures
        Names of columns of texts that are figures.
    """

    data: pd.DataFrame
    name: str
    caption: str = ""
    attributes: str = ""
    most: int = MOST_ROWS
    figures: tuple[str, ...] = ()

    @classmethod
    def from_rows(cls, rows: Iterable[dict[str, Any]], name: str, **more: Any) -> DataTable:  # noqa: ANN401 - its own fields
        """Return a table of rows that all have the same names."""
        return cls(pd.DataFrame(list(rows)), name, **more)

    @property
    def csv(self) -> str:
        """All rows as CSV (RFC 4180): shares and counts as numbers, in full."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(map(without_formula, self.data.columns))
        for row in self.data.itertuples(index=False):
            writer.writerow("" if value is None else without_formula(value) for value in row)
        return text.getvalue()

    @property
    def csv_address(self) -> str:
        """The CSV as an address, with the mark by which spreadsheets know UTF-8."""
        data = self.csv.encode("utf-8-sig", errors="replace")
        return assets.data_address("text/csv;charset=utf-8", data)

    @property
    def csv_link(self) -> str:
        """A link that has the whole CSV in its address."""
        file, address = escape(f"{self.name}.csv"), self.csv_address
        return f'<a class="rk-csv" download="{file}" href="{address}">{self._csv_words}</a>'

    @property
    def _csv_words(self) -> str:
        return f"Table as CSV, {len(self.data):,} {'row' if len(self.data) == 1 else 'rows'}"

    @property
    def html(self) -> str:
        """The table, which is scrolled by mouse, finger or arrow keys where it is wide, and its CSV."""
        if self.data.empty:
            return NOTHING._repr_html_()
        label = escape(self.name.replace("-", " "))
        scrolled = f'<div class="rk-scroll" tabindex="0" role="group" aria-label="Table: {label}">'
        return f'<div class="rk-data">{scrolled}{self.to_html()}</div>{self.csv_link}</div>'

    def to_html(self) -> str:
        """Return the table alone: shares as percentages, figures to the right, addresses as links."""
        shown = self.data.head(self.most)
        shares, counts, texts = self._kinds
        style = Styler(shown, uuid=self.name, cell_ids=False).hide(axis="index")
        style = style.set_table_attributes(f'class="{MATHJAX_IGNORE}" {self.attributes}'.strip())
        style = (
            style.format(percent, subset=shares).format("{:,}", subset=counts).format(_linked, subset=texts)
        )
        words = [column for column in texts if column not in self.figures]
        style = style.set_td_classes(_long_cells(shown[words]))
        sides = ["left" if column in words else "right" for column in self.data.columns]
        style = style.set_table_styles(
            [{"selector": f".col{place}", "props": f"text-align: {side}"} for place, side in enumerate(sides)]
        )
        return str(_captioned(style, self._told).to_html())

    @property
    def _told(self) -> str:
        more = f"The first {self.most:,} of {len(self.data):,} rows; the CSV has all."
        return " ".join(filter(None, (self.caption, more if len(self.data) > self.most else "")))

    @property
    def _kinds(self) -> tuple[list[str], list[str], list[str]]:
        """Names of the columns of shares, of counts and of texts."""
        shares = list(self.data.select_dtypes("float").columns)
        counts = list(self.data.select_dtypes("integer").columns)
        return shares, counts, [name for name in self.data.columns if name not in shares + counts]

    @property
    def _has_sentences(self) -> bool:
        """Whether a cell holds more than a line: then cells wrap, else they stay on one."""
        texts = (value for name in self._kinds[2] for value in self.data[name])
        return any(len(str(text)) > _LINE_SIGNS for text in texts)

    @cached_property
    def _widget(self) -> Any:  # noqa: ANN401 - ipywidgets has no types
        """The rows as a table that sorts by its numbers and filters, and the link to its CSV."""
        from ipywidgets import HTML, VBox  # noqa: PLC0415 - for JupyterLab alone
        from itables import JavascriptFunction  # noqa: PLC0415
        from itables.widget import ITable  # noqa: PLC0415

        from retrain_kit.reports.csv_link import CsvLink  # noqa: PLC0415

        shares, counts, texts = self._kinds
        words = [name for name in texts if name not in self.figures]
        shown = [(shares, _SHARE, "dt-right"), (counts, _COUNT, "dt-right")]
        shown += [(words, _TEXT, "dt-left"), ([*self.figures], _TEXT, "dt-right")]
        table = ITable(
            self.data,
            showIndex=False,
            maxBytes=0,
            format_floats_in_python=False,
            order=[],
            text_in_header_can_be_selected=False,  # else a click on a name would not sort
            lengthMenu=_PAGES,
            style="table-layout:auto;width:auto;margin:0",
            classes="display compact" if self._has_sentences else "display nowrap compact",
            columnDefs=[
                {
                    "targets": [self.data.columns.get_loc(name) for name in names if name in self.data],
                    "render": JavascriptFunction(render),
                    "className": side,
                }
                for names, render, side in shown
            ],
        )
        link = CsvLink(address=self.csv_address, file=f"{self.name}.csv", text=self._csv_words)
        return VBox([HTML(escape(self.caption)), table, link])

    def _repr_html_(self) -> str:
        return assets.lab_style() + self.html

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        """Return the plain table, and in JupyterLab the widget that takes its place there."""
        data = self._widget._repr_mimebundle_() if assets.is_in_lab() and not self.data.empty else {}
        return {**data, "text/plain": repr(self), "text/html": self._repr_html_()}

    def __repr__(self) -> str:
        return repr(NOTHING) if self.data.empty else "\n".join(filter(None, (self._told, self._plain)))

    @property
    def _plain(self) -> str:
        """The rows as text, under each other; where a line would be too long for a terminal, part by part."""
        shown = self.data.head(self.most)
        table: str = shown.to_string(index=False)
        if max(map(len, table.splitlines())) <= _LONGEST_LINE:
            return table
        rows = shown.itertuples(index=False)
        return "\n\n".join("\n".join(map(_named, shown.columns, row)) for row in rows)


def _named(name: str, value: object) -> str:
    """Return a cell under its name, wrapped, for a terminal."""
    text = f"{name}: {value}"
    return textwrap.fill(
        text, _LINE_SIGNS, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def without_formula(value: object) -> object:
    """Return a value for a CSV: a text that a spreadsheet would run has an apostrophe before it.

    Examples
    --------
    >>> without_formula("=1+1"), without_formula(-1), without_formula("a-b")
    ("'=1+1", -1, 'a-b')
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value


def percent(share: float) -> str:
    """Return a share in per cent; a small one is not rounded to nothing."""
    return "< 0.1%" if 0 < share < MIN_SHOWN_SHARE else f"{share:.1%}"


def _long_cells(words: pd.DataFrame) -> pd.DataFrame:
    """Return the class of each cell of columns that hold sentences: such a column is not made narrow."""
    lengths = words.map(lambda cell: len(str(cell))).max()
    return pd.DataFrame("rk-long", words.index, [name for name in words if lengths[name] > _SENTENCE_SIGNS])


def _captioned(style: Styler, caption: str) -> Styler:
    return style.set_caption(escape(caption)) if caption else style


def _linked(text: object) -> str:
    """Return a text for HTML, visible; an address as a link that shows what it leads to."""
    text = signs.visible("" if text is None else str(text))
    if not text.startswith(("https://", "http://")):
        return escape(text)
    name = unquote(path_of(text).rpartition("/")[2]).removeprefix("File:").replace("_", " ")
    return f'<a href="{escape(text)}">{escape(name or text)}</a>'


# How DataTables shows values; it sorts and filters by what they are.
_SHARE = """function(share, type) {
  if (type !== "display" || share === null) return share;
  return share > 0 && share < MIN ? "< 0.1%" : `${(100 * share).toFixed(1)}%`;
}""".replace("MIN", str(MIN_SHOWN_SHARE))
_COUNT = """function(count, type) {
  return type === "display" && count !== null ? Number(count).toLocaleString("en") : count;
}"""
_TEXT = """function(text, type) {
  if (type !== "display" || text === null) return text;
  const place = document.createElement("span");
  const link = /^https?:/.test(text) ? place.appendChild(document.createElement("a")) : place;
  link.textContent = text;
  if (link !== place) link.href = text;
  return place.innerHTML;
}"""
