"""Disclosure: what a study says about the making of its annotations, and what nobody has said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

LABOUR_QUESTIONS = (
    "protocol",
    "platform",
    "analysis",
    "per_item",
    "demographics",
    "machine_tools",
    "biases",
    "social_impact",
    "sensitive",
    "limitations",
    "uses",
    "maintenance",
)
"""Names for what Croissant's vocabulary for responsible AI asks of the work in a data set."""

SOURCE_NAMES = ("hand", "checked", "people", "machine", "unknown")
"""The annotation sources: ways in which annotations come to be. `analysis.annotators` explains each."""


@dataclass(frozen=True)
class AnnotationProcess:
    """How a study's annotations were made, as far as is known; `undisclosed`: what was never said.

    `annotators` explains each word that the data set has for an annotator, in a sentence. `sources` gives
    each word its annotation source, one of `SOURCE_NAMES`.
    """

    who: str = ""
    when: str = ""
    how: str = ""
    status: str = ""
    annotators: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    undisclosed: tuple[str, ...] = ()


def parse_annotation_process(table: Mapping[str, Any], where: str, faults: list[Fault]) -> AnnotationProcess:
    """Return how the annotations were made, as the manifest's table `[annotation]` says; list its faults."""
    texts = {key: str(table.get(key, "")).strip() for key in ("who", "when", "how", "status")}
    faults += [
        Fault(f"{where}, {key}", "nothing", "a text; write unknown where nobody has said", "Add the field.")
        for key in ("who", "when", "how")
        if not texts[key]
    ]
    annotators, sources = (
        {name: str(text) for name, text in subtable(table, key, where, faults).items()}
        for key in ("annotators", "sources")
    )
    faults += [
        Fault(f"{where}, sources, {annotator}", repr(name), f"one of {', '.join(SOURCE_NAMES)}")
        for annotator, name in sources.items()
        if name not in SOURCE_NAMES
    ]
    undisclosed = table.get("undisclosed", [])
    if not isinstance(undisclosed, list):
        faults.append(Fault(f"{where}, undisclosed", repr(undisclosed), "a list of texts"))
        undisclosed = []
    return AnnotationProcess(
        **texts, annotators=annotators, sources=sources, undisclosed=tuple(map(str, undisclosed))
    )


def parse_labour(table: Mapping[str, Any], where: str, faults: list[Fault]) -> dict[str, str]:
    """Return what a data set's authors have said of the work in it, by the names in `LABOUR_QUESTIONS`."""
    unknown = sorted(table.keys() - set(LABOUR_QUESTIONS))
    faults += [
        Fault(f"{where}, {key}", "a name the kit does not know", f"one of {', '.join(LABOUR_QUESTIONS)}")
        for key in unknown
    ]
    return {key: str(text).strip() for key, text in table.items()}


def subtable(table: Mapping[str, Any], key: str, where: str, faults: list[Fault]) -> Mapping[str, Any]:
    """Return the table under a key, an empty one where it is missing; list a fault where it is none."""
    found = table.get(key, {})
    if isinstance(found, dict):
        return found
    faults.append(Fault(f"{where}, {key}", repr(found), "a table of names and texts"))
    return {}


def parse_withdrawn(rows: object, where: str, faults: list[Fault]) -> dict[str, str]:
    """Return the reason for each image that was taken back, from the tables `[[withdrawn]]`."""
    if isinstance(rows, list) and all(
        isinstance(row, dict) and {"id", "reason"} <= row.keys() for row in rows
    ):
        return {str(row["id"]): str(row["reason"]) for row in rows}
    faults.append(Fault(where, repr(rows), "tables [[withdrawn]] with an id and a reason each"))
    return {}
