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
from retrain_kit.fiftyone import database, documents, named_anew, studies
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
    slices = SliceWriter(samples, manifest, fill, shape)
    for number in progress_bar("decanonizing")(range(len(slices))):
        slices.write_images(number)
    return slices.dataset()


class SliceWriter:
    """The slices of samples, made image by image, so that whoever has them made can say how far it is.

    Parameters
    ----------
    samples, manifest, fill, shape
        As `grouped_dataset` takes them.
    """

    def __init__(
        self, samples: Iterable[Sample], manifest: Manifest, fill: str, shape: masking.Shape
    ) -> None:
        self._samples, self._manifest, self._fill, self._shape = list(samples), manifest, fill, shape
        key = map(_key, self._samples)
        self._name = studies.dataset_name(
            f"{manifest.name}-slices", manifest.digest, fill, shape, _FORM, *key
        )
        self._left_out: set[int] = set()
        folder = database.cache_folder() / "slices" / self._name
        self._places = [folder / f"{number:06}" for number in range(1, len(self) + 1)]

    def __len__(self) -> int:
        return len(self._samples)

    def write_images(self, number: int) -> None:
        """Write the three images of a sample, where they are not there yet.

        Raises
        ------
        ParameterError
            When fill or shape is unknown.
        DataError
            When the image is missing or broken.
        """
        _write(self._samples[number], self._places[number], self._fill, self._shape)

    def leave_out(self, number: int) -> None:
        """Leave a sample out of the dataset, as one whose image is broken."""
        self._left_out.add(number)

    def dataset(self) -> fo.Dataset:
        """Return the dataset of the images, once they are written; the same inputs give the same again."""
        return studies.build_dataset(self._name, self._add_to)

    def _add_to(self, dataset: fo.Dataset) -> None:
        dataset.add_group_field(GROUP_FIELD, default=TAGGED)
        made = {"fill": self._fill, "shape": self._shape}
        pairs = zip(self._samples, self._places, strict=True)
        kept = [pair for number, pair in enumerate(pairs) if number not in self._left_out]
        rows = [_documents(*pair, made) for pair in kept]
        dataset.add_samples([document for row in rows for document in row])
        studies.write_study_info(dataset, self._manifest, **made)


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
    tagged["original"] = str(named_anew.whole_path(sample.path))
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
