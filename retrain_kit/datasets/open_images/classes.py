"""The words of Open Images: names of its machine ids, and which word is below which.

A word may be below several others, and below none. `Subcategory` says what a thing is (a bird is an animal),
`Part` what it belongs to (a wheel is no car); each is read as it is written.
"""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from retrain_kit.datasets.formats import listings
from retrain_kit.errors import DataError, Fault, reason_of
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    Parents = Mapping[str, tuple[str, ...]]

HEADERS = (["LabelName", "DisplayName"],)
_LISTS = ("Subcategory", "Part")


def class_names(path: Path) -> dict[str, str]:
    """Read a list of machine ids and their names, with a header or without.

    Raises
    ------
    DataError
        With each line that is no machine id and a name, or names an id otherwise than one before.
    """
    found: dict[str, str] = {}
    faults = []
    try:
        with path.open(encoding=texts.encoding_of(path), newline="") as file:
            reader = csv.reader(file)
            for row in reader:
                if len(row) == 2 and all(map(str.strip, row)) and row not in HEADERS:  # noqa: PLR2004 - an id and a name
                    if found.setdefault(row[0], row[1]) != row[1]:
                        named = f"{row[1]!r} for {row[0]}"
                        expected = f"{found[row[0]]!r}, as before"
                        faults.append(Fault(f"{path}, line {reader.line_num}", named, expected))
                elif row and row not in HEADERS:
                    where = f"{path}, line {reader.line_num}"
                    faults.append(Fault(where, repr(",".join(row))[:80], "a machine id and a name"))
    except (OSError, ValueError, csv.Error) as error:
        faults = [
            Fault(str(path), f"no list of classes ({reason_of(error)})", "a CSV of machine ids and names")
        ]
    if faults:
        raise DataError(*faults)
    return found


def class_parents(path: Path, relation: str = "Subcategory") -> Parents:
    """Read the hierarchy: for each machine id in it those directly above it.

    Parameters
    ----------
    path
        `bbox_labels_600_hierarchy.json`, or one of its form.
    relation
        `Subcategory` for what a thing is, `Part` for what it is a part of.

    Raises
    ------
    DataError
        When the file is no hierarchy.
    """
    expected = "a JSON of LabelName, Subcategory and Part, as Open Images writes it"
    try:
        root = json.loads(path.read_bytes())
        found: dict[str, dict[str, None]] = {root["LabelName"]: {}}
        for above, kind, below in _links(root):
            found.setdefault(below, {}).update({above: None} if kind == relation else {})
    except KeyError as error:
        raise DataError(Fault(str(path), f"a class without {error}", expected)) from None
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(Fault(str(path), f"no hierarchy ({reason_of(error)})", expected)) from None
    return {mid: tuple(above) for mid, above in found.items()}


def with_descendants(mids: Iterable[str], above: Parents) -> set[str]:
    """Return these machine ids and all that are below one of them."""
    children: dict[str, list[str]] = {}
    for mid, over in above.items():
        for parent in over:
            children.setdefault(parent, []).append(mid)
    found: set[str] = set()
    left = list(mids)
    while left:
        mid = left.pop()
        if mid not in found:
            found.add(mid)
            left += children.get(mid, [])
    return found


def matching_classes(labels: Iterable[str], known: Mapping[str, str], above: Parents) -> set[str]:
    """Return the machine ids that words or machine ids mean, and all below them in the hierarchy.

    Raises
    ------
    ParameterError
        With each label that the data set does not know, and those near it.
    """
    by_name: dict[str, set[str]] = {}
    for mid, name in known.items():
        by_name.setdefault(name, set()).add(mid)
    labels = list(labels)
    listings.check_words("labels", labels, {*by_name, *known, *above})
    return with_descendants({mid for label in labels for mid in by_name.get(label, {label})}, above)


def _links(root: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield, for each link of the tree, the id above, the kind of the link and the id below."""
    left = [root]
    while left:
        node = left.pop()
        for kind in _LISTS:
            for child in node.get(kind, ()):
                if not isinstance(child["LabelName"], str) or not isinstance(node["LabelName"], str):
                    raise TypeError(f"LabelName: {child['LabelName']!r}, no machine id")
                yield node["LabelName"], kind, child["LabelName"]
                left.append(child)
