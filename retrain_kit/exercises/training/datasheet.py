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

import polars as pl
import yaml  # type: ignore[import-untyped]
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from retrain_kit import __version__
from retrain_kit.exercises.common import consent, prompts
from retrain_kit.exercises.common.refusals import WORDS_OF_SOMEBODY
from retrain_kit.exercises.own_time import own_time
from retrain_kit.exercises.polyphony import polyphony, turns
from retrain_kit.exercises.recoding_art import recoding_art
from retrain_kit.exercises.surfaces import informational_surfaces
from retrain_kit.exercises.what_if import aggregate, what_if

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from polars._typing import PolarsDataType

    from retrain_kit.answers import Record
    from retrain_kit.exercises.training.selection import SelectedAnswers


_FOLDER = Path(__file__).parent
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#+!|~&$])")
_AGREED = {
    what_if.CONSENT_VERSION: consent.USES["publication"],
    polyphony.CONSENT_VERSION: polyphony.USES["publication"],
    informational_surfaces.CONSENT_VERSION: informational_surfaces.USES["publication"],
    recoding_art.CONSENT_VERSION: consent.USES["publication"],
    own_time.CONSENT_VERSION: own_time.USES[own_time.PUBLICATION],
}


@cache
def datasheet_words() -> dict[str, Any]:
    """Return what is said: `kinds` with `title`, `about` and `notes`, `notes` by name, `columns` by table."""
    with (_FOLDER / "words.toml").open("rb") as file:
        return tomllib.load(file)


def datasheet_markdown(
    kind: str, files: Mapping[str, tuple[str, int]], selected: SelectedAnswers, **more: object
) -> str:
    """Return the datasheet of the selected answers, as Markdown.

    Parameters
    ----------
    kind
        One of the kinds of `datasheet_words`.
    files
        For each table of `datasheet_words`, where it is and how many rows it has.
    more
        What `datasheet_words` leaves open.
    """
    known, every = datasheet_words()["kinds"][kind], datasheet_words()
    rows = [(path, count, every["columns"][name]) for name, (path, count) in files.items()]
    text = (
        _environment()
        .get_template("datasheet.md.j2")
        .render(
            title=known["title"],
            about=known["about"].strip().format(**more),
            notes=[every["notes"][name].format(**more) for name in known["notes"]],
            files=rows,
            said=selected,
            version=__version__,
            **datasheet_facts(selected),
        )
    )
    return re.sub(r"\n{3,}", "\n\n", text)


def datasheet_facts(selected: SelectedAnswers) -> dict[str, list[str] | int]:
    """Return what follows from the answers: counts, days and words, no pseudonym and no time of day."""
    records = selected.records
    refusals = Counter(record.refusal for record in records if record.refusal)
    return {
        "exercises": _counted(record.asked.exercise for record in records),
        "studies": list(selected.studies),
        "people": len({record.who for record in records}),
        "days": sorted({record.when[:10] for record in records}),
        "languages": _counted(record.language or "not said" for record in records if _worded(record)),
        "prompts": sorted({record.asked.prompt for record in records if record.asked.prompt}),
        "credits": _credits({record.asked.exercise for record in records}),
        "agreed": sorted({_agreed(record) for record in records}),
        "refusals": [f"{count} × {WORDS_OF_SOMEBODY[kind]}" for kind, count in sorted(refusals.items())],
    }


def plain_line(text: str) -> str:
    """Return a text on one line that Markdown takes for nothing else."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def quoted_block(text: str) -> str:
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
    environment.filters |= {"plain": plain_line, "quoted": quoted_block}
    return environment


def _credits(exercises: set[str]) -> list[str]:
    """Return whose words the prompts are."""
    found = []
    if exercises & {aggregate.EXERCISE, turns.EXERCISE}:
        found.append(prompts.prompts_credit())
    if informational_surfaces.EXERCISE in exercises:
        found.append("What is asked in *Informational surfaces* is in the kit's own words.")
    if recoding_art.EXERCISE in exercises:
        found.append(recoding_art.exercise_credit())
    if own_time.EXERCISE in exercises:
        found.append("What is asked in *One's own time* is in the kit's own words.")
    return found


def _agreed(record: Record) -> str:
    version = record.consent.version
    return f"{_AGREED.get(version, 'Publication, in words of its own.')} (text {version})"


def _worded(record: Record) -> bool:
    """Say whether a record holds words of its author; an act without any repeats its name, or its degree."""
    return (
        bool(record.text)
        and record.details.get("act") not in (aggregate.PLACED, record.text)
        and (record.details.get("described") is not False or bool(record.refusal))
    )


def _counted(texts: Iterable[str]) -> list[str]:
    found = Counter(texts)
    return [f"{plain_line(text)} ({count:,})" for text, count in sorted(found.items())]


# -- cards: the head that makes a folder of Parquet files a data set in the layout of Hugging Face.


_NAMES: dict[PolarsDataType, str] = {pl.String: "string", pl.Float64: "float64", pl.Int64: "int64"}


def card_header(told: Mapping[str, object]) -> str:
    """Return the YAML that stands before the text of a card; what is empty is left out."""
    stated = {key: value for key, value in told.items() if value}
    return f"---\n{yaml.safe_dump(stated, allow_unicode=True, sort_keys=False)}---\n\n"


def card_metadata(title: str, languages: Collection[str]) -> dict[str, object]:
    """Return what a card says of a data set; nobody has said under which licence answers may be passed on."""
    short = sorted({language.lower().partition("-")[0] for language in languages if language})
    return {"pretty_name": title, "license": "unknown", "language": short}


def card_configs(
    tables: Mapping[str, pl.DataFrame], paths: Mapping[str, str], split: str
) -> dict[str, list[dict[str, Any]]]:
    """Return what a card says of its files.

    Parameters
    ----------
    tables
        By name; each becomes a configuration of that name, the first the default one.
    paths
        Where each table is, below the card's folder.
    split
        What its one split is called.
    """
    files = {name: [{"split": split, "path": paths[name]}] for name in tables}
    return {
        "configs": [
            {"config_name": name, "data_files": file, "default": name == next(iter(files))}
            for name, file in files.items()
        ],
        "dataset_info": [
            {"config_name": name, "features": column_features(table)} for name, table in tables.items()
        ],
    }


def column_features(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the columns of a table as a card names them."""
    return [{"name": name, **_feature(kind)} for name, kind in table.schema.items()]


def _feature(kind: PolarsDataType) -> dict[str, Any]:
    if isinstance(kind, pl.List):
        inner = _feature(kind.inner)
        return {"sequence": inner.get("dtype", inner)}
    return {"dtype": _NAMES[kind.base_type()]}
