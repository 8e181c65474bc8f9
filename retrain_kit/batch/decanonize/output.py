"""The result: the manifest of what was made, so that the kit reads it as any other study."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit

from retrain_kit import __version__
from retrain_kit.batch.decanonize.locations import unwritable_error
from retrain_kit.datasets import pinning
from retrain_kit.errors import DataError, Fault
from retrain_kit.studies import starts
from retrain_kit.studies.manifests import REQUIRED_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from retrain_kit.batch.decanonize.inputs import BatchInputs, Credit
    from retrain_kit.batch.decanonize.journals import Journal, JournalEntry
    from retrain_kit.batch.decanonize.locations import StorageFolder
    from retrain_kit.batch.decanonize.options import DecanonizeOptions

_MORE = ("note", "alt", "notice", "leaves_out")
_DROPPED = ("downloads", "draw", "fiftyone", "files", "image_url", "folder", "label_system", "listing")
REJECTIONS_NAME = "rejected.jsonl"
STILL_HOLDS_NOTICE = "This file still holds what was removed; the mask beside it says what. Never pass it on."


def write_result_manifest(
    study: BatchInputs, journal: Journal, options: DecanonizeOptions, place: StorageFolder
) -> str:
    """Write the result's table and its TOML; return the TOML's name below the place.

    Raises
    ------
    locations.UnwritableError
        When they cannot be written.
    """
    name = f"{study.name}-decanonized"
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "table.csv"
        try:
            _write_table(table, _rows(study, journal, counts))
        except OSError as error:
            raise unwritable_error(folder, error) from error
        place.put_file(f"{name}.csv", table)
    if study.left_out:
        place.put(f"{name}.left_out.csv", pinning.left_out_table(study.shown_left_out()).encode())
    _put_starts(study, journal, name, place)
    place.put(f"{name}.toml", tomlkit.dumps(_document(study, options, counts)).encode())
    return f"{name}.toml"


def _put_starts(study: BatchInputs, journal: Journal, name: str, place: StorageFolder) -> None:
    """Write what the study's lists begin with beside the result, of the images that are in it."""
    if not (study.manifest and starts.starts_path(study.manifest.toml).is_file()):
        return
    made = {credit.id for row, credit in enumerate(study.credits()) if journal[row].output}
    if table := starts.starts_table(study.manifest.toml, made, study.veil.name):
        place.put(f"{name}.starts.csv", table.encode())


def write_rejections(study: BatchInputs, place: StorageFolder) -> None:
    """Write what could not be taken of the annotations, a line of JSON each, where there is any of it.

    Raises
    ------
    locations.UnwritableError
        When it cannot be written.
    """
    if len(study.rejections):
        place.put(
            REJECTIONS_NAME, "".join(study.shown_rejections().lines()).encode("utf-8", "backslashreplace")
        )


def _write_table(path: Path, rows: Iterable[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*REQUIRED_COLUMNS, *_MORE])
        writer.writerows(rows)


def _rows(study: BatchInputs, journal: Journal, counts: Counter[str]) -> Iterator[list[object]]:
    for row, credit in enumerate(study.credits()):
        record = journal[row]
        if record.id != credit.id:
            found = f"{record.id!r} as image {row}"
            raise DataError(Fault("journal", found, f"{credit.id!r}, as the study has it now"))
        counts[record.way or "skipped"] += 1
        if record.output:
            yield _row(record, credit)


def _row(record: JournalEntry, credit: Credit) -> list[object]:
    share = f"{record.effective:.1%}"
    note = f"decanonized, {record.way} way: {share} of the image taken out"
    if record.rejected:
        note += f"; not what could not be read as an annotation: see {REJECTIONS_NAME}"
    alt = f"What is left of an image when its tagged areas, {share} of it, are taken out."
    notices = [credit.notice, STILL_HOLDS_NOTICE if record.still_holds else ""]
    return [
        *(record.id, record.output, record.output_sha256, record.width_px, record.height_px),
        *(credit.licence, credit.author, credit.source),
        *(
            "; ".join(filter(None, [credit.note, note])),
            alt,
            " ".join(filter(None, notices)),
            credit.leaves_out,
        ),
    ]


def _document(study: BatchInputs, options: DecanonizeOptions, counts: Counter[str]) -> tomlkit.TOMLDocument:
    document = _begun(study)
    document["title"] = f"{document['title']}, decanonized"
    document["dataset"] = "images"
    document["folder"] = "."
    if options.way == "beside":
        before = str(document.get("content_notice", "")).strip()
        document["content_notice"] = " ".join(filter(None, [before, STILL_HOLDS_NOTICE]))
    told = tomlkit.table()
    told.update({"kit": f"retrain-kit {__version__}", "study": study.name, "study_digest": study.digest})
    told.update(options.record())
    told.update({"skipped": counts["skipped"], "journal": "decanonized.jsonl"})
    if len(study.rejections):
        told.update(
            {"rejected": len(study.rejections.of_images), "unmatched": len(study.rejections.unmatched)}
        )
    ways = tomlkit.table()
    ways.update({way: counts[way] for way in sorted(counts) if way != "skipped"})
    told["images"] = ways
    document["decanonized"] = told
    if study.left_out:
        document["left_out"] = pinning.left_out_counts(study.shown_left_out())
    return document


def _veil(table: Any, told: Callable[[str], str]) -> None:  # noqa: ANN401 - tomlkit's tables and lists
    """Put texts under the veil, in their places: what has no veiled word stays to the letter."""
    places = list(table) if isinstance(table, dict) else range(len(table))
    for place in places:
        value = table[place]
        if isinstance(value, dict | list):
            _veil(value, told)
        elif isinstance(value, str) and told(value) != value:
            table[place] = told(value)
        if isinstance(place, str) and told(place) != place:
            table[told(place)] = table.pop(place)


def _begun(study: BatchInputs) -> tomlkit.TOMLDocument:
    """Return the study's own TOML without what is not true of the result; of a folder, what is known."""
    if study.manifest:
        document = pinning.read_document(study.manifest.toml)
        for key in _DROPPED:
            document.pop(key, None)
        _veil(document, study.veil.told)
        return document
    document = tomlkit.document()
    known: dict[str, Any] = {"title": study.name, "why": "Nobody has said so yet.", "dataset": "images"}
    document.update(known | dict.fromkeys(("version", "licence", "retrieved"), "unknown"))
    document["annotation"] = dict.fromkeys(("who", "when", "how"), "unknown")
    return document
