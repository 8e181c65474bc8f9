"""VOC's XML: one file read whole, as texts and tables; no entity is expanded."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from retrain_kit.studies.manifests import Manifest

LISTS = {"object", "part"}


def read_xml(path: Path, faults: list[Fault]) -> dict[str, Any]:
    """Return what a file says; nothing, with a fault listed, where it is no annotation."""
    try:
        return _parse(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError, ET.ParseError) as error:
        faults.append(Fault(str(path), f"no annotation ({error})", "<annotation> in plain XML, UTF-8"))
        return {}


def _parse(text: str) -> dict[str, Any]:
    if "<!DOCTYPE" in text:
        raise ValueError("a document type declaration, which may hide other files")
    root = ET.fromstring(text)  # noqa: S314 - without a document type there are no entities to expand
    if root.tag != "annotation":
        raise ValueError(f"<{root.tag}>")
    said = _said(root)
    return said if isinstance(said, dict) else {}


def _said(element: ET.Element) -> Any:  # noqa: ANN401 - a text, or a table of texts and tables
    """Return an element's text, or its children by name; a list where a name recurs."""
    text = (element.text or "").strip()
    if not len(element) and not element.attrib:
        return text
    grouped: dict[str, list[Any]] = {f"@{key}": [value] for key, value in element.attrib.items()}
    grouped |= {"#text": [text]} if text else {}
    for child in element:
        grouped.setdefault(child.tag, []).append(_said(child))
    return {tag: values if len(values) > 1 or tag in LISTS else values[0] for tag, values in grouped.items()}


def xml_files(place: Path, wanted: Collection[str] | None = None) -> Iterator[Path]:
    """Yield the XML files of a folder, in any order, or those that bear wanted names."""
    for path in _all_below(place):
        if path.suffix == ".xml" and (wanted is None or path.stem in wanted):
            yield path


def has_any_xml(manifest: Manifest) -> bool:
    """Return whether any image of the whole study has an XML, if this is a part: it may be without then."""
    if not manifest.part_of:
        return False
    files = (path for place in manifest.part_of.files.values() for path in chain([place], _all_below(place)))
    stems = (hash(path.stem) for path in files if path.suffix in {"", ".xml"})
    ids = (hash(image.id) for image in manifest.part_of.images)
    return bool(np.isin(np.fromiter(ids, np.int64), np.fromiter(stems, np.int64)).any())


def _all_below(place: Path) -> Iterator[Path]:
    return (Path(folder, name) for folder, _, names in os.walk(place) for name in names)
