"""Drawn annotations: what people drew in *One's own time*, as a study with a file of COCO in the same folder.

    <folder>/labels.json         COCO, as `datasets.coco.export` writes it
    <folder>/data/               the images that were drawn on, upright
    <folder>/drawn.jsonl         the kit's own form: words for an image, clicks, seconds where they are kept
    <folder>/<name>.toml, .csv   the study: who annotated, by which annotation source

Only what its author agreed to have written so is in it. The annotator is a pseudonym, the annotation source a
hand. Images go along as they do in every export of a study: look at their licences before you pass them on.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import tomlkit

from retrain_kit.annotations.samples import Sample
from retrain_kit.answers import deriving
from retrain_kit.answers.records import utc_timestamp
from retrain_kit.datasets import pinning
from retrain_kit.datasets.coco import export as coco
from retrain_kit.datasets.formats import kit_json
from retrain_kit.display.figures import Note
from retrain_kit.errors import Fault, ParameterError, count_in_words
from retrain_kit.exercises.own_time.own_time import PUBLICATION, find_drawings
from retrain_kit.exercises.training.export import DEMONSTRATION_PREFIX
from retrain_kit.storage import files
from retrain_kit.studies.image_table import ImageRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from retrain_kit.annotations.samples import ImageLabel, Region, Size
    from retrain_kit.exercises.own_time.own_time import KeptDrawing, OwnTime
    from retrain_kit.studies.manifests import Manifest

ANNOTATIONS_FILE = "drawn.jsonl"
_IMAGES, _NUMBERED = "data", re.compile(r"\d{12}\.\w+")
"""The folder of images, and how each is named there."""
_HOW = (
    "Drawn in the kit's widget, by mouse, pen, finger or keys: a box from corner to corner, four clicks on"
    " the outermost points of a thing, or an outline point by point; and words, as they were typed. Nobody"
    " checked any of it."
)


def write_drawn(
    exercise: OwnTime, samples: Sequence[Sample], manifest: Manifest, folder: Path, who: str = ""
) -> Path:
    """Write what people drew on the images of a study, as a study; return its TOML.

    The store is told of every file that says anything of them, so that a withdrawal deletes it.

    Parameters
    ----------
    samples
        The images, of which those that nobody drew on are left out.
    folder
        Where it goes; what an earlier time wrote there is replaced.
    who
        Only what this person drew, by the pseudonym; what all drew who agreed to it when empty.

    Raises
    ------
    ParameterError
        When nobody who agreed to it drew on these images, or the folder holds something else.
    DataError
        When images are missing or broken, or the folder cannot be written.
    """
    store = exercise.store
    prefix = DEMONSTRATION_PREFIX if store.demonstration else ""
    name = f"{prefix}{manifest.name}-drawn"
    toml = folder / f"{name}.toml"
    made = [folder / coco.LABELS_FILE, folder / ANNOTATIONS_FILE, toml.with_suffix(".csv"), toml]
    _check_folder(folder, toml, {path.name for path in made})

    def make() -> Path:
        kept = _consented(exercise, who)
        drawn, unfit = drawn_samples(samples, kept), unfit_notes(samples, kept)
        if not drawn:
            do = "Draw something, and agree to have it written as annotations."
            found = unfit[0].title.lower() if unfit else "nothing that may be written"
            raise ParameterError(Fault("own time", found, "annotations", do))
        names = deriving.ids_of(each.record for each in kept)
        for path in made:
            store.note_made(path)
        _write(drawn, manifest, folder, toml, sum(len(note.lines) for note in unfit))
        for path in made:
            store.note_made(path, path, names)
        return toml

    return deriving.make_settled(store, make)


def _check_folder(folder: Path, toml: Path, made: set[str]) -> None:
    """Refuse a folder with anything but what an earlier time wrote; images of that may have stayed alone."""
    there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    other = there - made - {_IMAGES} if toml.is_file() else there - {_IMAGES}
    other |= {path.name for path in (folder / _IMAGES).glob("*") if not _NUMBERED.fullmatch(path.name)}
    if other:
        expected = "a new folder, an empty one, or one written so before"
        raise ParameterError(Fault(str(folder), f"{min(other)} and the like", expected))


def _consented(exercise: OwnTime, who: str) -> list[KeptDrawing]:
    kept, _ = find_drawings(exercise.records(who or None))
    demonstration = exercise.store.demonstration
    return [each for each in kept if demonstration or PUBLICATION in each.record.consent.agreed]


def drawn_samples(samples: Sequence[Sample], kept: Sequence[KeptDrawing]) -> list[Sample]:
    """Return the images that were drawn on, with what was drawn and nothing else.

    What was drawn on an image of another size is left out: see `unfit_notes`.
    """
    found = []
    for sample in samples:
        own = [each for each in kept if _fits(each, sample)]
        if own and (drawn := _drawn_sample(sample, own)):
            found.append(drawn)
    return found


def unfit_notes(samples: Sequence[Sample], kept: Sequence[KeptDrawing]) -> list[Note]:
    """Return what was drawn on images that have another size by now, so that it would lie elsewhere."""
    by_id = {sample.id: sample for sample in samples}
    rows = [
        (sample.id, f"drawn on {_size(each.drawing.size)}, and it has {_size(sample.size)} now")
        for each in kept
        if (sample := by_id.get(each.drawing.image)) and not _fits(each, sample)
    ]
    return [Note("Left out: drawn on an image of another size", tuple(rows))] if rows else []


def _fits(kept: KeptDrawing, sample: Sample) -> bool:
    return kept.drawing.image == sample.id and tuple(kept.drawing.size) == tuple(sample.size)


def _size(size: Size) -> str:
    return f"{size[0]:,} × {size[1]:,} pixels"


def _drawn_sample(sample: Sample, kept: Sequence[KeptDrawing]) -> Sample:
    regions: list[Region] = []
    for each in kept:
        regions += each.drawing.regions(each.record.who, len(regions) + 1)
    labels = [label for each in kept for label in each.drawing.image_labels(each.record.who)]
    return Sample(
        sample.id,
        sample.path,
        *sample.size,
        regions=tuple(regions),
        labels=tuple(labels),
        provenance=sample.provenance,
        alt=sample.alt,
        notice=sample.notice,
        rotation_deg=sample.rotation_deg,
    )


def _write(samples: Sequence[Sample], manifest: Manifest, folder: Path, toml: Path, unfit: int) -> None:
    labels = coco.write_coco(samples, folder)
    shown = [image["file_name"] for image in json.loads(labels.read_text("utf-8"))["images"]]
    for old in (folder / _IMAGES).glob("*"):
        if old.name not in shown:
            old.unlink()
    rows = [kit_json.annotation_record(name, each) for name, each in _annotations(samples)]
    with files.writing(folder / ANNOTATIONS_FILE) as temporary:
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        temporary.write_text("".join(lines), encoding="utf-8")
    with files.writing(toml.with_suffix(".csv")) as temporary:
        images = [
            _row(sample, folder, f"{_IMAGES}/{name}") for sample, name in zip(samples, shown, strict=True)
        ]
        pinning.write_table(temporary, images)
    with files.writing(toml) as temporary:
        temporary.write_text(tomlkit.dumps(_document(samples, manifest, unfit)), encoding="utf-8")


def _annotations(samples: Sequence[Sample]) -> Iterator[tuple[str, Region | ImageLabel]]:
    """Yield all that was drawn and said, each with the image's id."""
    for sample in samples:
        yield from ((sample.id, region) for region in sample.regions)
        yield from ((sample.id, label) for label in sample.labels)


def _row(sample: Sample, folder: Path, name: str) -> ImageRow:
    told = sample.provenance
    return ImageRow(
        sample.id,
        name,
        files.sha256(folder / name),
        *sample.size,
        licence=told.licence or "unknown",
        author=told.author or "unknown",
        source=told.source or "unknown",
        note=told.note,
        alt=sample.alt,
        notice=sample.notice,
    )


def _document(samples: Sequence[Sample], manifest: Manifest, unfit: int) -> tomlkit.TOMLDocument:
    annotators = dict.fromkeys(each.annotator for _, each in _annotations(samples))
    left = f" Left out: {count_in_words(unfit, 'drawing')} on an image of another size." if unfit else ""
    document = tomlkit.document()
    document["title"] = f"{manifest.title}, as it was drawn by those who took part"
    document["why"] = "What people drew themselves, to see how long it takes: it is theirs."
    document["dataset"], document["version"], document["folder"] = "folder", "1", "."
    document["licence"] = "images: see the table; annotations: not stated by those who drew them"
    document["retrieved"] = utc_timestamp()[:10]
    if manifest.own_notice:
        document["content_notice"] = manifest.own_notice
    document["files"] = {"annotations": ANNOTATIONS_FILE}
    document["annotation"] = {
        "who": "Those who took part, under pseudonyms made at random.",
        "when": "Not said of each: a store of answers keeps it.",
        "how": f"{_HOW}{left}",
        "undisclosed": ["Who they are.", "Whether they would draw the same again."],
        "annotators": dict.fromkeys(annotators, "a person who took part, under this pseudonym"),
        "sources": dict.fromkeys(annotators, "hand"),
    }
    return document
