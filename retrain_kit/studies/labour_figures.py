"""Figures of labour: how long annotation takes and what it is paid, as somebody has published it.

A figure without value, unit and source does not load. Whatever else is missing stays *not stated*, and lowers
how well the figure counts as verified. What is said of workers, and of the conditions that they work under,
does not load without its date either. The kit's own figures are in `labour.toml`; users add theirs in a file
with the same fields. No figure is of a person, and none says who annotated anything.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import DataError, Fault, KitError, advise_names, names_in_words, showable
from retrain_kit.storage.texts import read_toml
from retrain_kit.studies.disclosure import shown
from retrain_kit.studies.quantities import SECOND, Quantity, Unit, is_currency, parse_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = Path(__file__).parents[1] / "data" / "labour.toml"
NOT_STATED = "not stated"
TEXT, DERIVED, QUOTED, HARDLY = "text", "derived", "quoted", "hardly"
STANDINGS = {
    TEXT: "read in its source",
    DERIVED: "computed from what its source says",
    QUOTED: "quoted by others",
    HARDLY: "hardly verified",
}
"""How well a figure is verified, from the best down, and what pages call it."""
ABOUT = ("time", "claimed pay", "pay", "conditions", "people")
"""What a figure can be about."""
OF_WORKERS = ("conditions", "people")
"""What is said of workers themselves, and never without a date."""
WORKS = (
    *("box", "outline", "mask", "box check", "outline check", "mask check", "coverage check", "click"),
    *("image label", "phrase", "point label", "relationship", "scene", "image"),
)
"""What can be done to one thing, and timed; the ledger counts some of them in a study."""
_UNITS = {"s", "month", "worker", "member", "annotation", "task", "point of ten", *WORKS}
"""What can be counted and measured, beside money."""
_MANY = {"point of ten": "points of ten"} | {
    one: f"{one}s" for one in ("month", "worker", "member", "annotation", "task")
}
MOST_BYTES = 2**20
"""Of a larger file nobody could have read the sources."""
MOST = 10**12
"""A figure is at most this, so that no sum of work is endless: in seconds it is 30,000 years for a piece."""
_OPTIONAL = ("statistic", "population", "includes", "date")
_TEXTS = ("id", "about", "work", "unit", "source", "verified", "note", *_OPTIONAL)
_LIMITS = ("value", "low", "high")
_MADE_IN, _FIRST_YEAR, _YEAR_DIGITS = 2026, 1000, 4
_DAY = re.compile(r"([-+]?[0-9]+)(-[0-9]{2}){0,2}([T ][0-9]{2}:.*)?")
"""A date in numbers: a year, or a month or a day in it. Any other is in words, and taken as it is."""


@dataclass(frozen=True)
class LabourFigure:
    """A published figure.

    Parameters
    ----------
    about
        One of `ABOUT`.
    work
        What is done, for times: `box`, `box check`, `outline` …; empty where it is no one kind of work.
    quantity
        The value with its unit; times in seconds.
    written
        The value and the unit as they are published.
    statistic, population, includes, date
        What the value is of, of whom, what it counts, from when; `NOT_STATED` where nobody says it.
    source
        Where it is published.
    verified
        How it was verified: one of `STANDINGS`.
    note
        What else has to be said with it.
    replaces
        Whether it stands in the place of an earlier figure with its id.
    """

    id: str
    about: str
    work: str
    quantity: Quantity
    written: str
    source: str
    verified: str
    statistic: str = NOT_STATED
    population: str = NOT_STATED
    includes: str = NOT_STATED
    date: str = NOT_STATED
    note: str = ""
    replaces: bool = False

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not stated of it."""
        return tuple(name for name in _OPTIONAL if getattr(self, name) == NOT_STATED)

    @property
    def told(self) -> str:
        """The statistic, of whom it is, what it includes and from when; what nobody states is not stated."""
        stated = (("Statistic", self.statistic), ("Of", self.population), ("Includes", self.includes))
        told = " ".join(f"{name}: {text}." for name, text in (*stated, ("From", self.date)))
        replaced = "It stands in the place of an earlier figure with this id." if self.replaces else ""
        return " ".join(filter(None, (told, self.note, replaced)))

    @property
    def named(self) -> str:
        """Its id, and whether it is another than the one that has this id else."""
        return f"{self.id} (replaced)" if self.replaces else self.id

    @property
    def standing(self) -> str:
        """How well it counts as verified: a step lower for each thing that is not stated."""
        ladder = list(STANDINGS)
        step = min(ladder.index(self.verified) + len(self.missing), len(ladder) - 1)
        return STANDINGS[ladder[step]]


@cache
def kit_figures() -> tuple[LabourFigure, ...]:
    """Return the kit's own figures, read once."""
    return load_figures()


def load_figures(*files: Path) -> tuple[LabourFigure, ...]:
    """Return the kit's figures, and those of other files; one with the id of an earlier figure replaces it.

    What replaces another says so.

    Raises
    ------
    DataError
        With all faults of all files.
    """
    faults: list[Fault] = []
    found: dict[str, LabourFigure] = {}
    for path in (FILE, *files):
        for figure in _read(path, faults):
            found[figure.id] = replace(figure, replaces=figure.id in found)
    if faults:
        raise DataError(*faults)
    return tuple(found.values())


def _read(path: Path, faults: list[Fault]) -> list[LabourFigure]:
    try:
        document = _document(path)
    except DataError as error:
        faults += error.faults
        return []
    rows = document.get("figure", [])
    expected = "tables [[figure]] and nothing else"
    others = [name for name in document if name != "figure"]
    faults += [
        Fault(str(path), names_in_words([name]), expected, advise_names(name, ("figure",))) for name in others
    ]
    if not isinstance(rows, list):
        faults.append(
            Fault(str(path), f"figure = {shown(rows)}", expected, "Write its name in two brackets.")
        )
        return []
    if not rows and not others:
        faults.append(Fault(str(path), "no figure", "a table [[figure]] at least"))
    seen: set[str] = set()
    figures = []
    for number, row in enumerate(rows, 1):
        where = f"{path}, figure {number}"
        if not isinstance(row, dict):
            faults.append(Fault(where, shown(row), "a table"))
            continue
        figure = _figure(row, where, faults)
        if figure and figure.id in seen:
            faults.append(Fault(where, f"the id {figure.id} again", "an id of its own"))
        elif figure:
            seen.add(figure.id)
            figures.append(figure)
    return figures


def _document(path: Path) -> dict[str, Any]:
    expected = "a TOML file with tables [[figure]]"
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        found = f"{path.stat().st_size:,} bytes"
        raise DataError(Fault(str(path), found, f"{expected}, of at most {MOST_BYTES:,} bytes"))
    return read_toml(path, expected)


def _figure(row: Mapping[str, Any], where: str, faults: list[Fault]) -> LabourFigure | None:
    before = len(faults)
    texts = {name: _text(row, name, where, faults) for name in _TEXTS}
    faults += [Fault(where, f"no {name}", "one") for name in ("id", "unit", "source") if texts[name] == ""]
    if name := _signs_that_steer(texts["id"] or ""):
        faults.append(Fault(f"{where}, id", name, "an id in one line, of signs that can be seen"))
    known = (*_TEXTS, *_LIMITS)
    faults += [
        Fault(where, names_in_words([name]), "a field of a figure", advise_names(name, known))
        for name in row
        if name not in known
    ]
    if texts["about"] in OF_WORKERS and texts["date"] == "":
        faults.append(Fault(where, "no date", "one, for what is said of workers"))
    faults += _date_faults(texts["date"] or "", f"{where}, date")
    for name, words in (("about", ABOUT), ("work", ("", *WORKS)), ("verified", tuple(STANDINGS))):
        if (text := texts[name]) is not None and text not in words:
            expected = f"one of {', '.join(filter(None, words))}"
            faults.append(Fault(f"{where}, {name}", shown(text), expected))
            texts[name] = None
    quantity = _quantity(row, texts, where, faults)
    if quantity is None or len(faults) > before:
        return None
    said: dict[str, Any] = {name: text or "" for name, text in texts.items() if name != "unit"}
    said |= {name: NOT_STATED for name in _OPTIONAL if not said[name]}
    return LabourFigure(**said, quantity=quantity, written=_written(row))


def _quantity(
    row: Mapping[str, Any], texts: Mapping[str, str | None], where: str, faults: list[Fault]
) -> Quantity | None:
    """Return the value: one number, or a lower and an upper limit."""
    limits: list[Any] = [row["value"]] * 2 if "value" in row else [row.get("low"), row.get("high")]
    if ("value" in row) == ("low" in row or "high" in row) or not all(map(_is_number, limits)):
        given = [f"{name} = {shown(row[name])}" for name in _LIMITS if name in row]
        expected = "a value, or low and high, which are numbers"
        faults.append(Fault(where, " and ".join(given) or "no value", expected))
        limits = [1, 1]  # the unit is looked at all the same
    try:
        unit, scale = parse_unit(texts["unit"]) if texts["unit"] else (Unit(), 1.0)
        quantity = Quantity(_scaled(limits[0], scale), _scaled(limits[1], scale), unit)
    except KitError as error:
        named = {"quantity": f"{where}, {'value' if 'value' in row else 'low and high'}"}
        faults += [
            Fault(named.get(each.where, f"{where}, {each.where}"), each.found, each.expected)
            for each in error.faults
        ]
        return None
    if quantity.high > MOST:
        faults.append(Fault(where, _written(row), f"at most {MOST:,}, times in seconds"))
    if texts["about"] == "time" and not quantity.high:
        faults.append(Fault(where, _written(row), "a time longer than nothing"))
    if expected := _unit_fault(texts, unit):
        faults.append(Fault(f"{where}, unit", shown(texts["unit"]), expected))
    return quantity


def _scaled(limit: float, scale: float) -> float:
    """Return a limit in the unit that is kept; endless where it is too large to reckon with."""
    try:
        return limit * scale + 0.0  # a zero without a sign
    except OverflowError:
        return math.inf


def _unit_fault(texts: Mapping[str, str | None], unit: Unit) -> str:
    """Return which unit is expected, where it is another; an empty text where it is right."""
    if not texts["unit"]:
        return ""
    money = [name for name, _ in unit.powers if is_currency(name)]
    if expected := _part_fault(unit, money):
        return expected
    if texts["about"] in ("pay", "claimed pay") and unit != Unit.of({"".join(money): 1, "s": -1}):
        return "money for a time, as USD2018/h"
    if texts["work"] and unit != Unit.of({"s": 1, texts["work"]: -1}):
        return f"a time for each {texts['work']}, as s/{texts['work']}"
    if texts["about"] == "time" and texts["work"] == "" and unit != SECOND:
        return "a time, as h; a time for each piece has its work beside it"
    return ""


def _part_fault(unit: Unit, money: list[str]) -> str:
    """Return which parts of a unit are expected, where one is none, or money of a year that has not come."""
    if unknown := {name for name, _ in unit.powers} - _UNITS - set(money):
        return f"no {', '.join(sorted(unknown))}, but a unit of {', '.join(sorted(_UNITS))}, or a currency"
    if any(not _FIRST_YEAR <= int(name[-4:]) <= _latest_year() for name in money):
        return f"a currency of a year from {_FIRST_YEAR} to {_latest_year()}"
    return ""


def _written(row: Mapping[str, Any]) -> str:
    """Return a figure as people write it: thousands are parted, and what is counted has its plural."""
    limits = [row.get(name) for name in (("value",) if "value" in row else ("low", "high"))]
    unit = str(row.get("unit", ""))
    counted = unit if limits[-1] == 1 else _MANY.get(unit, unit)
    return f"{' to '.join(map(_number, limits))} {counted}".strip()


def _number(value: object) -> str:
    return f"{value:,}" if type(value) is int else shown(value)


def _signs_that_steer(text: str) -> str:
    """Return a text as it is shown, where it holds signs that a terminal would obey, or has two lines."""
    return "" if showable(text) == text and len(text.splitlines()) < 2 else shown(text)  # noqa: PLR2004 - one line


def _date_faults(text: str, where: str) -> list[Fault]:
    """Return what is wrong with a date in numbers: its year has not come, or is none."""
    found = _DAY.fullmatch(text)
    if not found or (len(found[1]) <= _YEAR_DIGITS and _FIRST_YEAR <= int(found[1]) <= _latest_year()):
        return []
    return [Fault(where, shown(text), f"a year from {_FIRST_YEAR} to {_latest_year()}, or words")]


def _latest_year() -> int:
    """Return the year that a figure can be of: what is printed this year may bear the next."""
    return max(_MADE_IN, datetime.now(UTC).year) + 1


def _text(row: Mapping[str, Any], name: str, where: str, faults: list[Fault]) -> str | None:
    """Return a text without spaces around it, empty where there is none; None where it is something else."""
    value = row.get(name, "")
    if isinstance(value, str):
        return value.strip()
    if name == "date" and isinstance(value, int | date) and not isinstance(value, bool):
        return str(value)
    faults.append(Fault(f"{where}, {name}", shown(value), "a text"))
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
