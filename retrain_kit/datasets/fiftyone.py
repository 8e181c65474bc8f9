"""A dataset in FiftyOne, as it was when its study was made: every sample whole, with all that its labels say.

FiftyOne itself is not needed to read it. `retrain_kit.fiftyone.kept` writes the study: beside its TOML and
its table lies `NAME.samples.jsonl`, a line an image in the form of `kit_json.sample_record`, under `sample`;
and a line for each annotation that matches no image, under `unmatched`. Where the images are, and what is
known of their licences, the table says.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.samples import RejectedAnnotation
from retrain_kit.datasets.formats import kit_json
from retrain_kit.errors import DataError, Fault, reason_of
from retrain_kit.storage import files
from retrain_kit.storage.spill import SpilledValues

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import ImageRow, Manifest

SAMPLES_SUFFIX = ".samples.jsonl"


def samples_path(toml: Path) -> Path:
    """Return where the samples of a study lie, beside its TOML."""
    return toml.with_suffix(SAMPLES_SUFFIX)


def write_samples(
    path: Path, samples: Iterable[Sample], unmatched: Iterable[RejectedAnnotation] = ()
) -> None:
    """Write samples, and the annotations that match none of them, whole or not at all."""
    with files.writing(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        for sample in samples:
            file.write(json.dumps({"sample": kit_json.sample_record(sample)}, default=repr) + "\n")
        for each in unmatched:
            file.write(json.dumps({"unmatched": vars(each)}, default=repr) + "\n")


def read(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> list[Sample]:
    """Return the samples of a study, in the order of its manifest.

    Raises
    ------
    DataError
        With every fault of the file of samples.
    """
    return list(stream(manifest, unmatched))


def stream(manifest: Manifest, unmatched: list[RejectedAnnotation] | None = None) -> Iterator[Sample]:
    """Yield what `read` returns, in little memory: the samples lie on the disk meanwhile.

    Raises
    ------
    DataError
        At the end, with every fault of the file of samples.
    """
    path = samples_path(manifest.toml)
    shelf, faults, lost = SpilledValues(), list[Fault](), list[RejectedAnnotation]()
    for number, line in _lines(path, faults):
        if isinstance(record := line.get("sample"), dict):
            shelf.put(str(record.get("id")), (number, record))
        elif isinstance(said := line.get("unmatched"), dict) and said.keys() == _OF_REJECTED:
            lost.append(RejectedAnnotation(**{**said, **{name: str(said[name]) for name in _TEXTS}}))
        else:
            faults.append(Fault(f"{path}, line {number}", "something else", "a sample", _ANEW))
    if unmatched is not None:
        unmatched += lost
    for image in manifest.images:
        stored = shelf.get(image.id)
        if not stored:
            faults.append(
                Fault(str(path), f"nothing of the image {image.id}", "a line of every image", _ANEW)
            )
            continue
        number, record = stored[0]
        try:
            sample = kit_json.sample_from_record(record, f"{path}, line {number}")
        except DataError as error:
            faults += error.faults
        else:
            yield _placed(sample, manifest, image)
    if faults:
        raise DataError(*faults)


_OF_REJECTED = RejectedAnnotation.__dataclass_fields__.keys()
_TEXTS = _OF_REJECTED - {"row"}
_ANEW = "Name the study as fiftyone:NAME again, and it is made anew."


def _lines(path: Path, faults: list[Fault]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects of a file with their lines' numbers; list the faults of the others."""
    try:
        with path.open(encoding="utf-8") as file:
            for number, text in enumerate(file, start=1):
                try:
                    line = json.loads(text)
                except (ValueError, RecursionError) as error:
                    faults.append(Fault(f"{path}, line {number}", f"no JSON ({error})", "a sample", _ANEW))
                    continue
                yield number, line if isinstance(line, dict) else {}
    except (OSError, UnicodeError) as error:
        raise DataError(
            Fault(str(path), f"no samples ({reason_of(error)})", "JSON Lines in UTF-8", _ANEW)
        ) from None


def _placed(sample: Sample, manifest: Manifest, image: ImageRow) -> Sample:
    """Return a sample with what the table says: where it is, how large, whose."""
    said = manifest.sample(image)
    return replace(
        sample,
        path=said.path,
        width_px=said.width_px,
        height_px=said.height_px,
        provenance=said.provenance,
        alt=said.alt,
        notice=said.notice,
        leaves_out=said.leaves_out,
    )
