"""VOC's XML: one file read whole, as texts and tables, in the encoding it declares; no entity is expanded."""

from __future__ import annotations

import codecs
import os
import re
import xml.etree.ElementTree as ET
from contextlib import suppress
from itertools import chain, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.datasets.formats import values
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from retrain_kit.studies.manifests import Manifest

LISTS = {"object", "part"}
MOST_LEVELS = 50
"""Elements stand in each other at most so deep; annotations need about five."""
SUFFIX = ".xml"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"))
_DECLARED = re.compile(r"""\A<\?xml\s[^>]*?\bencoding\s*=\s*["']\s*([^"'>]*?)\s*["']""")
_DECLARATION_BYTES = 400
_NO_ENCODINGS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}


def read_xml(path: Path) -> dict[str, Any]:
    """Return what a file says.

    Raises
    ------
    DataError
        When it is no annotation, with the reason.
    """
    try:
        return _parse(_decoded(path.read_bytes()))
    except (OSError, ValueError, LookupError, ET.ParseError) as error:
        expected = "<annotation> in plain XML, in the encoding that it declares, else UTF-8"
        raise DataError(Fault(str(path), f"no annotation ({_reason(error)})", expected)) from None


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        at = error.object[error.start]
        return f"the byte 0x{at:02X} at place {error.start + 1}, which is no {error.encoding.upper()}"
    return " ".join(str(error).split())[:200]


def _decoded(data: bytes) -> str:
    """Return a file's text, as its mark or its declaration says it is written.

    Raises
    ------
    ValueError
        When the bytes are none of that encoding, or mark and declaration disagree.
    LookupError
        When the declaration names no encoding.
    """
    if data[:1] == b"<" and data[1:5].isalpha():  # <annotation
        return data.decode()
    mark, marked = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", ""))
    marked = marked or next((name for start, name in _WIDE if data.startswith(start)), "")
    body = data[len(mark) :]
    start = body[:_DECLARATION_BYTES].decode(marked or "latin-1", "ignore")
    declared = _DECLARED.match(start)
    name = _codec(declared[1]) if declared else "utf-8"
    if marked:
        if declared and not _agree(name, marked):
            raise ValueError(f"it declares {declared[1]}, its first bytes are {marked.upper()}")
        return body.decode(marked)
    if declared and name.startswith(("utf-16", "utf-32")):
        raise ValueError(f"it declares {declared[1]}, its first bytes are none of it")
    return body.decode(name)


def _codec(declared: str) -> str:
    """Return Python's name of a declared encoding.

    Raises
    ------
    LookupError
        When it is none of texts.
    """
    name = codecs.lookup(declared).name
    with suppress(LookupError):
        b"<".decode(name, "ignore")
        if name.replace("_", "-") not in _NO_ENCODINGS:
            return name
    raise LookupError(f"it declares {declared}, no encoding of XML")


def _agree(declared: str, marked: str) -> bool:
    """Return whether a declared encoding may be the one that the first bytes announce."""
    if marked == "utf-8":
        return declared in {"utf-8", "ascii"}
    return declared in {marked, marked.rpartition("-")[0]}


def _parse(text: str) -> dict[str, Any]:
    if "<!DOCTYPE" in text:
        raise ValueError("a document type declaration, which may hide other files")
    root = ET.fromstring(text)  # noqa: S314 - without a document type there are no entities to expand
    if root.tag != "annotation":
        raise ValueError(f"<{root.tag}>")
    said = _said(root)
    return said if isinstance(said, dict) else {}


def _said(element: ET.Element, level: int = 1) -> Any:  # noqa: ANN401 - a text, or a table of texts and tables
    """Return an element's text, or its children by name; a list where a name recurs."""
    if level > MOST_LEVELS:
        raise ValueError(f"elements within elements, more than {MOST_LEVELS} deep")
    text = (element.text or "").strip()
    if not len(element) and not element.attrib:
        return text
    grouped: dict[str, list[Any]] = {f"@{key}": [value] for key, value in element.attrib.items()}
    grouped |= {"#text": [text]} if text else {}
    for child in element:
        plain = not len(child) and not child.attrib
        grouped.setdefault(child.tag, []).append(
            (child.text or "").strip() if plain else _said(child, level + 1)
        )
    return {tag: values if len(values) > 1 or tag in LISTS else values[0] for tag, values in grouped.items()}


def xml_files(
    place: Path, wanted: Container[str] | None = None, others: list[tuple[str, str]] | None = None
) -> Iterator[Path]:
    """Yield the XML files of a folder, in any order, or those that bear wanted names.

    Of the others folder and name are listed. What macOS puts beside each file is none.
    """
    for folder, _, names in os.walk(place):
        for name in names:
            stem, _, ending = name.rpartition(".")
            if not stem or (ending != "xml" and ending.lower() != "xml") or name.startswith("._"):
                continue
            if wanted is None or stem in wanted:
                yield Path(folder, name)
            elif others is not None:
                others.append((folder, name))


def split_of(name: str) -> str:
    """Return the split whose XMLs a study's file of that name has: `train` of `annotations_train`."""
    return name.partition("_")[2] if name.startswith("annotations_") else ""


def has_any_xml(manifest: Manifest) -> bool:
    """Return whether any image of the whole study has an XML, if this is a part: it may be without then."""
    if not manifest.part_of:
        return False
    named = manifest.part_of.files.items()
    files = ((split_of(name), path) for name, place in named for path in chain([place], _all_below(place)))
    xmls = ((split, path.stem) for split, path in files if path.suffix.lower() in {"", SUFFIX})
    stems = (hash(each) for split, stem in xmls for each in (stem, f"{split}-{stem}"))
    ids = (hash(image.id) for image in manifest.part_of.images)
    return bool(np.isin(np.fromiter(ids, np.int64), np.fromiter(stems, np.int64)).any())


def _all_below(place: Path) -> Iterator[Path]:
    return (Path(folder, name) for folder, _, names in os.walk(place) for name in names)


# -- outlines, in the ways that tools write them into VOC's files; the corners of all their points.


MIN_VERTICES = 3
_POINT_LISTS = ("pt", "point", "points")


def outline_corners(outline: object) -> list[float]:
    """Return the smallest and the greatest x and y of an outline: xmin, ymin, xmax, ymax.

    It is written as points (`<pt><x>…</x><y>…</y></pt>`), as numbered coordinates (`<x1>…</x1><y1>…</y1>`),
    as rows of `<x>` and `<y>`, or as a text of numbers in pairs; several outlines have one extent.

    Raises
    ------
    ValueError
        When it has fewer than three points, or one without a place.
    """
    xs: list[float] = []
    ys: list[float] = []
    for each in outline if isinstance(outline, list) else [outline]:
        pairs = _pairs(each)
        if len(pairs) < MIN_VERTICES:
            raise ValueError(f"an outline of fewer than three vertices: {values.shown(each)}")
        xs += [values.number(x, "an outline's x") for x, _ in pairs]
        ys += [values.number(y, "an outline's y") for _, y in pairs]
    return [min(xs), min(ys), max(xs), max(ys)]


def _pairs(outline: object) -> list[tuple[object, object]]:
    """Return the points of one outline as they stand there; a coordinate that is missing is None."""
    if isinstance(outline, str):
        numbers = [part for part in re.split(r"[\s,;]+", outline) if part]
        return list(zip_longest(numbers[::2], numbers[1::2]))
    if not isinstance(outline, dict):
        return []
    if listed := next((outline[name] for name in _POINT_LISTS if outline.get(name)), None):
        if isinstance(listed, str):
            return _pairs(listed)
        points = listed if isinstance(listed, list) else [listed]
        return [(each.get("x"), each.get("y")) if isinstance(each, dict) else (each, None) for each in points]
    if isinstance(outline.get("x"), list) and isinstance(outline.get("y"), list):
        return list(zip_longest(outline["x"], outline["y"]))
    numbered = {int(found[1]) for found in map(_NUMBERED.fullmatch, outline) if found}
    return [(outline.get(f"x{each}"), outline.get(f"y{each}")) for each in sorted(numbered)]


_NUMBERED = re.compile(r"[xy]([0-9]{1,6})")
