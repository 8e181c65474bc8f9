"""The entries of Visual Genome's files, each with its image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import RejectedAnnotation
from retrain_kit.datasets.formats import json_entries, values
from retrain_kit.errors import DataError, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrain_kit.studies.manifests import Manifest

Row = dict[str, Any]

_MAX_ROWS = 1000
"""Of so many entries that match no image what they say is kept in memory."""


def by_image(path: Path, unmatched: list[RejectedAnnotation] | None = None) -> Iterator[tuple[str, Row]]:
    """Yield a file's entries with the ids of their images; list those that name none."""
    number = named = 0
    for number, entry in enumerate(_entries(path), start=1):
        key = _key_of(entry)
        if key is not None:
            named += 1
            yield key, entry
        elif unmatched is not None:
            reason = "no image_id or id that is a number"
            row = entry if len(unmatched) < _MAX_ROWS else None
            unmatched.append(RejectedAnnotation("", reason, place=f"{path.name}, entry {number}", row=row))
    if not number:
        raise DataError(Fault(str(path), "no list, or an empty one", "a JSON list with an entry per image"))
    if not named:
        raise DataError(Fault(str(path), f"no image_id in any of {number} entries", "image_id, a number"))


def _entries(path: Path) -> Iterator[Any]:
    try:
        yield from json_entries.stream_list(path)
    except (OSError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        fault = Fault(str(path), f"no JSON ({reason})", "a file of Visual Genome", "Is the file whole?")
        raise DataError(fault) from None


def _key_of(entry: Any) -> str | None:  # noqa: ANN401 - whatever JSON holds
    """Remove and return the id of an entry's image; None where it has none."""
    if not isinstance(entry, dict):
        return None
    name = next((name for name in ("image_id", "id") if entry.get(name) is not None), "")
    key = values.number_id(entry.get(name))
    if key is not None:
        del entry[name]
    return key


def file_of(manifest: Manifest, name: str) -> Path:
    """Return one of the data set's files, which a study has to name.

    Raises
    ------
    DataError
        When it does not.
    """
    if name in manifest.files:
        return manifest.files[name]
    where = f"{manifest.name}.toml, files"
    raise DataError(Fault(where, f"no {name}", f"{name} = Visual Genome's {name}.json, or its .zip"))
