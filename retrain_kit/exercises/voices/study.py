"""The study of voices: what it is, who keeps it, and which situations its small strategies answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import DataError, Fault
from retrain_kit.exercises.voices import telling, terms
from retrain_kit.storage import texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

STUDY_FILE = "voices.toml"
_FIELDS = ("name", "title", "why", "keeper", "demonstration", "situations", "voice")


@dataclass(frozen=True)
class VoicesStudy:
    """What a study of voices says of itself.

    Parameters
    ----------
    name
        Under which its voices are kept; the folder's where the file states none.
    title, why
        What it is, and the reason for it.
    keeper
        Who holds the store and the keys, in words.
    situations
        What small strategies answer: each word of the study's own, with what it means.
    demonstration
        Whether no worker said any of it.
    """

    name: str
    title: str
    why: str = ""
    keeper: str = terms.NOT_STATED
    situations: Mapping[str, str] = field(default_factory=dict)
    demonstration: bool = False


def read_document(path: Path) -> dict[str, Any]:
    """Return what a study's file holds.

    Raises
    ------
    DataError
        When it is not there, or no TOML.
    """
    if not path.is_file():
        do = "Say there the study's title, and the situations that its small strategies answer."
        raise DataError(Fault(str(path), "no file", "a study of voices", do))
    return texts.read_toml(path, "a study of voices, in TOML")


def study_of(document: Mapping[str, Any], folder: Path, path: Path, faults: list[Fault]) -> VoicesStudy:
    """Return what a study says of itself, and list what is wrong with that."""
    if unknown := [name for name in document if name not in _FIELDS]:
        faults.append(Fault(str(path), ", ".join(unknown), f"no fields but {', '.join(_FIELDS)}"))
    stated = {
        name: text_field(document, name, str(path), faults) for name in ("name", "title", "why", "keeper")
    }
    if not stated["title"]:
        faults.append(Fault(str(path), "no title", "one"))
    situations, demonstration = document.get("situations", {}), document.get("demonstration", False)
    if not isinstance(situations, dict) or not all(isinstance(each, str) for each in situations.values()):
        expected = "a table: a word for each situation, and what it means"
        faults.append(Fault(f"{path}, situations", "something else", expected))
        situations = {}
    said = {**stated, **{f"situations, {word!a}": f"{word} {each}" for word, each in situations.items()}}
    faults += filter(None, (telling.steering_sign(f"{path}, {name}", text) for name, text in said.items()))
    if not isinstance(demonstration, bool):
        faults.append(Fault(f"{path}, demonstration", repr(demonstration), "true or false"))
    told = {name: value for name, value in stated.items() if value}
    name = told.pop("name", folder.resolve().name)
    title = told.pop("title", name)
    made_up = demonstration is True
    return VoicesStudy(name, title, situations=situations, demonstration=made_up, **told)


def text_field(row: Mapping[str, Any], name: str, where: str, faults: list[Fault]) -> str:
    """Return a text of a table, or a day as text; empty where there is none; another type is a fault."""
    value = row.get(name, "")
    if isinstance(value, date) and name in ("until", "asked_on"):
        return value.isoformat()[:10]
    if isinstance(value, str):
        return texts.composed(value.strip()) if name in ("id", "pseudonym") else value.strip()
    faults.append(Fault(f"{where}, {name}", f"something of type {type(value).__name__}", "a text"))
    return ""
