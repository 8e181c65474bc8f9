"""Datasheets: how training data came about, what its authors agreed to, and what it cannot be used for.

What people typed, and what files of answers say of studies and prompts, is text here and never markup.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from retrain_kit import __version__
from retrain_kit.exercises import circles, informational_surfaces, polyphony, prompts, reading, what_if
from retrain_kit.exercises.common import consent
from retrain_kit.exercises.common.refusals import TOLD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from retrain_kit.answers import Record
    from retrain_kit.training.gathering import Gathered

_FOLDER = Path(__file__).parent
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#+!|~&$])")
_AGREED = {
    what_if.CONSENT_VERSION: consent.USES["publication"],
    polyphony.CONSENT_VERSION: polyphony.USES["publication"],
    informational_surfaces.CONSENT_VERSION: informational_surfaces.USES["publication"],
}


@cache
def words() -> dict[str, Any]:
    """Return what is said: `kinds` with `title`, `about` and `notes`, `notes` by name, `columns` by table."""
    with (_FOLDER / "words.toml").open("rb") as file:
        return tomllib.load(file)


def markdown(kind: str, files: Mapping[str, tuple[str, int]], gathered: Gathered, **more: object) -> str:
    """Return the datasheet of what was gathered, as Markdown.

    Parameters
    ----------
    kind
        One of the kinds of `words`.
    files
        For each table of `words`, where it is and how many rows it has.
    more
        What `words` leaves open.
    """
    known, every = words()["kinds"][kind], words()
    rows = [(path, count, every["columns"][name]) for name, (path, count) in files.items()]
    text = (
        _environment()
        .get_template("sheet.md.j2")
        .render(
            title=known["title"],
            about=known["about"].strip().format(**more),
            notes=[every["notes"][name].format(**more) for name in known["notes"]],
            files=rows,
            said=gathered,
            version=__version__,
            **facts(gathered),
        )
    )
    return re.sub(r"\n{3,}", "\n\n", text)


def facts(gathered: Gathered) -> dict[str, list[str] | int]:
    """Return what follows from the answers: counts, days and words, no pseudonym and no time of day."""
    records = gathered.records
    refusals = Counter(record.refusal for record in records if record.refusal)
    return {
        "exercises": _counted(record.asked.exercise for record in records),
        "studies": list(gathered.studies),
        "people": len({record.who for record in records}),
        "days": sorted({record.when[:10] for record in records}),
        "languages": _counted(record.language or "not said" for record in records if _worded(record)),
        "prompts": sorted({record.asked.prompt for record in records if record.asked.prompt}),
        "credits": _credits({record.asked.exercise for record in records}),
        "agreed": sorted({_agreed(record) for record in records}),
        "refusals": [f"{count} × {TOLD[kind]}" for kind, count in sorted(refusals.items())],
    }


def plain(text: str) -> str:
    """Return a text on one line that Markdown takes for nothing else."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def quoted(text: str) -> str:
    """Return a text of several lines as a block of Markdown in which nothing is markup."""
    return "\n".join(f"    {line}" for line in text.splitlines())


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=False,  # noqa: S701 - Markdown; `plain` and `quoted` make text of what people typed
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"plain": plain, "quoted": quoted}
    return environment


def _credits(exercises: set[str]) -> list[str]:
    """Return whose words the prompts are."""
    found = []
    if exercises & {reading.EXERCISE, circles.EXERCISE}:
        found.append(prompts.credit())
    if informational_surfaces.EXERCISE in exercises:
        found.append("What is asked in *Informational surfaces* is in the kit's own words.")
    return found


def _agreed(record: Record) -> str:
    version = record.consent.version
    return f"{_AGREED.get(version, 'Publication, in words of its own.')} (text {version})"


def _worded(record: Record) -> bool:
    """Say whether a record holds words of its author; an act without any repeats its name, or its degree."""
    return bool(record.text) and record.details.get("act") not in (reading.PLACED, record.text)


def _counted(texts: Iterable[str]) -> list[str]:
    found = Counter(texts)
    return [f"{plain(text)} ({count:,})" for text, count in sorted(found.items())]
