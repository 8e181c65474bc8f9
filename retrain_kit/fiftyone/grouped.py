"""Grouped slices: each image tagged, decanonized and taken, side by side in the App.

The images are written without loss into the kit's cache folder, upright and with their colour profile, so
that the App shows what the annotations refer to. The slice *tagged* carries all that the sample says, and
`original` leads back to the data set's own file: `studies.samples` of that slice are the samples it was made
from. The other two carry the provenance, how they were made, and what of the file is `gone`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrain_kit.annotations.samples import Sample
from retrain_kit.fiftyone import database, documents, studies
from retrain_kit.fiftyone.library import fo, progress_bar
from retrain_kit.imaging import exact, masking
from retrain_kit.storage import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from retrain_kit.studies.manifests import Manifest

TAGGED, DECANONIZED, TAKEN = SLICES = ("tagged", "decanonized", "taken")
GROUP_FIELD = "group"
_FORM = "own numbers and profile"  # of the images: slices of another form are made anew


def grouped_dataset(
    samples: Iterable[Sample], manifest: Manifest, fill: str = "white", shape: masking.Shape = "box"
) -> fo.Dataset:
    """Return a grouped dataset with the slices *tagged*, *decanonized* and *taken* of every sample.

    It is built under another name and renamed when whole; the same samples, fill and shape give the same
    dataset again. Images that were cleared from the cache folder are made anew.

    Raises
    ------
    ParameterError
        When fill or shape is unknown.
    DataError
        When an image is missing or broken.
    """
    samples = list(samples)
    name = studies.dataset_name(
        f"{manifest.name}-slices", manifest.digest, fill, shape, _FORM, *map(_key, samples)
    )
    folder = database.cache_folder() / "slices" / name
    places = [folder / f"{number:06}" for number in range(1, len(samples) + 1)]
    for sample, place in progress_bar("decanonizing")(list(zip(samples, places, strict=True))):
        _write(sample, place, fill, shape)

    def add(dataset: fo.Dataset) -> None:
        dataset.add_group_field(GROUP_FIELD, default=TAGGED)
        made = {"fill": fill, "shape": shape}
        rows = [_documents(sample, place, made) for sample, place in zip(samples, places, strict=True)]
        dataset.add_samples([document for row in rows for document in row])
        studies.write_study_info(dataset, manifest, **made)

    return studies.build_dataset(name, add)


def _key(sample: Sample) -> str:
    """Return all that a sample says and the state of its file: masks are no part of its repr."""
    state = sample.path.stat() if sample.path.is_file() else None
    masks = [region.mask.tobytes().hex() for region in sample.regions if region.mask is not None]
    return f"{sample!r} {masks} {state and (state.st_size, state.st_mtime_ns)}"


def _write(sample: Sample, place: Path, fill: str, shape: masking.Shape) -> None:
    """Write the three images of a sample, where they are not there yet."""
    paths = [place / f"{name}.png" for name in SLICES]
    if all(path.is_file() for path in paths):
        return
    image = exact.load_exact_sample(sample)
    mask = masking.union_mask(sample.regions, sample.size, shape)
    made = (image, image.remove_pixels(mask, fill), image.keep_pixels(mask, fill))
    for path, one in zip(paths, made, strict=True):
        one.save(path)


def _documents(sample: Sample, place: Path, made: dict[str, str]) -> Sequence[fo.Sample]:
    group = fo.Group()
    tagged, *others = (
        fo.Sample(filepath=str(place / f"{name}.png"), **{GROUP_FIELD: group.element(name)})
        for name in SLICES
    )
    _set(tagged, sample)
    tagged["original"] = str(sample.path.resolve())
    gone = "; ".join(exact.what_goes(sample.path))
    made = {**made, "gone": gone} if gone else made
    for name, document in zip(SLICES[1:], others, strict=True):
        _set(document, _bare(sample, place / f"{name}.png", {"slice": name, **made}))
    return tagged, *others


def _set(document: fo.Sample, sample: Sample) -> None:
    for name, value in documents.to_fields(sample).items():
        document[name] = value


def _bare(sample: Sample, path: Path, said: dict[str, str]) -> Sample:
    """Return the sample of a made image: where it comes from, how it was made, and no annotations."""
    whence = replace(sample.provenance, sha256=files.sha256(path))
    return Sample(
        sample.id, path, *sample.size, provenance=whence, notice=sample.notice, rotation_deg=None, said=said
    )
