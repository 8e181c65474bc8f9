"""Disclosure: what a study says about the making of its annotations, and what nobody has said."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

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

CONSENT_QUESTIONS = ("people_shown", "photographers", "annotators")
"""Of whom a manifest can say, in its table `[consent]`, whether they were asked and what they agreed to."""

SOURCE_NAMES = ("hand", "checked", "people", "machine", "unknown")
"""The annotation sources: ways in which annotations come to be. `analysis.annotators` explains each."""


@dataclass(frozen=True)
class AnnotationProcess:
    """How a study's annotations were made, as far as is known; `undisclosed`: what was never said.

    `annotators` explains each word that the data set has for an annotator, in a sentence. `sources` gives
    each word its annotation source, one of `SOURCE_NAMES`. `took` and `paid`: how long it took, and what was
    paid, as the authors of the data set say it.
    """

    who: str = ""
    when: str = ""
    how: str = ""
    status: str = ""
    annotators: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    undisclosed: tuple[str, ...] = ()
    took: str = ""
    paid: str = ""


def parse_annotation_process(table: Mapping[str, Any], where: str, faults: list[Fault]) -> AnnotationProcess:
    """Return how the annotations were made, as the manifest's table `[annotation]` says; list its faults."""
    texts = texts_of(table, _PROCESS_TEXTS, where, faults)
    faults += unknown_names(table, (*_PROCESS_TEXTS, "annotators", "sources", "undisclosed"), where)
    faults += [
        Fault(f"{where}, {key}", "nothing", "a text; write unknown where nobody has said", "Add the field.")
        for key in ("who", "when", "how")
        if not table.get(key) or table.get(key) == texts[key] == ""
    ]
    annotators, sources = (subtexts(table, key, where, faults) for key in ("annotators", "sources"))
    faults += [
        Fault(f"{where}, sources, {annotator}", repr(name), f"one of {', '.join(SOURCE_NAMES)}")
        for annotator, name in sources.items()
        if name not in SOURCE_NAMES
    ]
    undisclosed = list_of_texts(table, "undisclosed", where, faults)
    return AnnotationProcess(**texts, annotators=annotators, sources=sources, undisclosed=undisclosed)


def parse_labour(table: Mapping[str, Any], where: str, faults: list[Fault]) -> dict[str, str]:
    """Return what a data set's authors have said of the work in it, by the names in `LABOUR_QUESTIONS`."""
    faults += unknown_names(table, LABOUR_QUESTIONS, where)
    return texts_of(table, tuple(table), where, faults)


def parse_consent(table: Mapping[str, Any], where: str, faults: list[Fault]) -> dict[str, str]:
    """Return what is said of who was asked, by the names in `CONSENT_QUESTIONS`."""
    faults += unknown_names(table, CONSENT_QUESTIONS, where)
    return texts_of(table, tuple(table), where, faults)


_PROCESS_TEXTS = ("who", "when", "how", "status", "took", "paid")


def unknown_names(table: Mapping[str, Any], known: Collection[str], where: str) -> list[Fault]:
    """Return a fault for each name of a table that is not among the known ones, in alphabetical order."""
    return [
        Fault(f"{where}, {key}", "a name the kit does not know", f"one of {', '.join(known)}")
        for key in sorted(table.keys() - set(known))
    ]


def texts_of(
    table: Mapping[str, Any],
    keys: Iterable[str],
    where: str,
    faults: list[Fault],
    also: tuple[type, ...] = (),
) -> dict[str, str]:
    """Return the texts under keys, empty where there is none; list a fault for what is no text.

    Parameters
    ----------
    table, keys, where
        The table, the keys, and how the table's place is called in a fault.
    faults
        The list that the faults go to.
    also
        What may stand there beside texts, such as dates.
    """
    may = (str, *also)
    wrong = [key for key in keys if key in table and type(table[key]) not in may]
    faults += [Fault(f"{where}, {key}", shown(table[key]), "a text") for key in wrong]
    return {key: "" if key in wrong else str(table.get(key, "")).strip() for key in keys}


def list_of_texts(
    table: Mapping[str, Any], key: str, where: str, faults: list[Fault], kind: str = "texts"
) -> tuple[str, ...]:
    """Return the list of texts under a key, an empty one without it; list a fault where it is none."""
    found = table.get(key, [])
    if isinstance(found, list) and all(isinstance(text, str) for text in found):
        return tuple(found)
    faults.append(Fault(f"{where}, {key}", shown(found), f"a list of {kind}"))
    return ()


def subtable(table: Mapping[str, Any], key: str, where: str, faults: list[Fault]) -> Mapping[str, Any]:
    """Return the table under a key, an empty one where it is missing; list a fault where it is none."""
    found = table.get(key, {})
    if isinstance(found, dict):
        return found
    faults.append(Fault(f"{where}, {key}", shown(found), "a table of names and texts"))
    return {}


def subtexts(table: Mapping[str, Any], key: str, where: str, faults: list[Fault]) -> dict[str, str]:
    """Return the texts of the table under a key; list a fault for each that is none."""
    found = subtable(table, key, where, faults)
    faults += [
        Fault(f"{where}, {key}, {name}", shown(value), "a text")
        for name, value in found.items()
        if not isinstance(value, str)
    ]
    return {name: value for name, value in found.items() if isinstance(value, str)}


def shown(value: object) -> str:
    """Return how a value of a TOML is shown in a fault: its beginning, where it is long."""
    try:
        text = value.isoformat() if isinstance(value, date | time) else repr(value)
    except (RecursionError, ValueError):
        return "a value too large to show"
    return text if len(text) <= _SHOWN_SIGNS else f"{text[:_SHOWN_SIGNS]}…"


_SHOWN_SIGNS = 80
NOT_TAKEN_BACK = "noted as withdrawn, but taken back by no source"
"""Why images are left out that an earlier version of the kit noted in `[[withdrawn]]`."""
_NOT_TAKEN_BACK = re.compile(r"no file |no image|an image (that cannot|too large)|40[13] |451 |5\d\d ")
"""How reasons begin that a pull once wrote of images that no source had taken back."""


def parse_withdrawn(rows: object, where: str, faults: list[Fault]) -> dict[str, str]:
    """Return the reason for each image that its source took back, from the tables `[[withdrawn]]`.

    Earlier versions of the kit also noted there what was missing or broken on a disk, or what a server did
    not give. No source took these back: they do not count as withdrawn, whoever wrote the reason.
    """
    if isinstance(rows, list) and all(
        isinstance(row, dict) and isinstance(row.get("id"), str) and isinstance(row.get("reason"), str)
        for row in rows
    ):
        stated = {row["id"]: row["reason"] for row in rows}
        return {name: reason for name, reason in stated.items() if is_taken_back(reason)}
    faults.append(Fault(where, shown(rows), "tables [[withdrawn]] with an id and a reason each"))
    return {}


def is_taken_back(reason: str) -> bool:
    """Say whether a reason in `[[withdrawn]]` is a source's word, and not what once was missing on a disk."""
    return not _NOT_TAKEN_BACK.match(reason)


def parse_left_out(
    table: Mapping[str, Any], withdrawn: object, where: str, faults: list[Fault]
) -> dict[str, int]:
    """Return how many files or images were left out for each reason.

    Parameters
    ----------
    table
        The table `[left_out]`, as a pull writes it.
    withdrawn
        The tables `[[withdrawn]]`: those that are no source's word count here.
    where, faults
        The place of the table, and the list that its faults go to.
    """
    wrong = [key for key, value in table.items() if type(value) is not int or value < 0]
    faults += [Fault(f"{where}, {key}", shown(table[key]), "how many files") for key in wrong]
    counts = {key: value for key, value in table.items() if key not in wrong}
    rows = withdrawn if isinstance(withdrawn, list) else []
    reasons = [row.get("reason") for row in rows if isinstance(row, dict)]
    doubted = sum(isinstance(reason, str) and not is_taken_back(reason) for reason in reasons)
    return counts | ({NOT_TAKEN_BACK: doubted} if doubted else {})
