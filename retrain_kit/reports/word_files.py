"""Files of a label system: the map, its static twin as SVG or PNG, and the table of all its words.

The notice that goes with the words is in every file: in a page, in the drawing's description, in the PNG's
text, and beside a CSV, which has no place for it.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image, PngImagePlugin

from retrain_kit.display import icicle
from retrain_kit.reports import label_tables, typesetting
from retrain_kit.reports.data_table import DataTable
from retrain_kit.reports.word_map import word_map_html
from retrain_kit.storage.files import writing

if TYPE_CHECKING:
    from pathlib import Path

    from retrain_kit.analysis.label_use import LabelUse
    from retrain_kit.annotations.label_tree import LabelTree
    from retrain_kit.annotations.veil import Veil

ENDINGS = (".html", ".svg", ".png", ".csv")


def write_words(path: Path, tree: LabelTree, title: str, veil: Veil, use: LabelUse | None) -> list[Path]:
    """Write a label system in the form that the file's ending names; return what was written.

    Parameters
    ----------
    path
        A file with one of `ENDINGS`.
    tree, title, veil, use
        As for `word_map_html`.
    """
    ending = path.suffix.lower()
    if ending == ".csv":
        table = DataTable.from_rows(label_tables.system_rows(tree, veil, use), path.stem)
        return write_table(path, table, tree.taxonomy.notice)
    drawing = icicle.icicle_svg(tree, veil, use.images_below if use else None)
    with writing(path) as place:
        if ending == ".html":
            place.write_bytes(word_map_html(tree, title, veil, use))
        elif ending == ".svg":
            place.write_text(drawing, encoding="utf-8")
        else:
            place.write_bytes(_png(drawing, tree.taxonomy.notice))
    return [path]


def write_table(path: Path, table: DataTable, notice: str) -> list[Path]:
    """Write a table as CSV, and beside it the notice that goes with its words; return what was written."""
    with writing(path) as place:
        place.write_text(table.csv, encoding="utf-8-sig", errors="replace", newline="")
    if not notice:
        return [path]
    beside = path.with_suffix(".notice.txt")
    with writing(beside) as place:
        place.write_text(f"{notice}\n", encoding="utf-8")
    return [path, beside]


def _png(drawing: str, notice: str) -> bytes:
    data = typesetting.svg_as_png(drawing, icicle.WIDTH_PX, icicle.HEIGHT_PX)
    told, out = PngImagePlugin.PngInfo(), io.BytesIO()
    if notice:
        told.add_itxt("Copyright", notice)
    with Image.open(io.BytesIO(data)) as image:
        image.save(out, "PNG", pnginfo=told)
    return out.getvalue()
