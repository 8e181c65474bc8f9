"""Joining: what the kit reads of a data set, beside what FiftyOne's own loader brought."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.errors import DataError, Fault
from retrain_kit.fiftyone import documents, foreign

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.fiftyone.library import fo


@dataclass(frozen=True)
class JoinResult:
    """The ids that were in both, in the dataset alone, and among the samples alone."""

    in_both: tuple[str, ...]
    only_dataset: tuple[str, ...]
    only_samples: tuple[str, ...]


def join_samples(dataset: fo.Dataset, samples: Iterable[Sample], id_field: str = "filepath") -> JoinResult:
    """Add the kit's fields to a dataset that was loaded otherwise, image by image.

    Afterwards `studies.samples` of the dataset gives, for the images in both, what the kit read.

    Parameters
    ----------
    dataset
        Any dataset of images, for example Open Images from FiftyOne's zoo.
    samples
        What the kit reads of the same images.
    id_field
        Which field of the dataset holds the ids of the samples; `filepath`: the file's name without ending
        does, as in Open Images.

    Raises
    ------
    DataError
        When the dataset has no such field, an id twice, or fields of its own under the kit's names.
    """
    by_id = {sample.id: sample for sample in samples}
    ids = _ids(dataset, id_field)
    fields = {name: documents.to_fields(sample) for name, sample in by_id.items() if name in ids}
    if not documents.has_kit_layout(dataset):
        _refuse_own_fields(dataset, {field for row in fields.values() for field in row})
    documents.declare_fields(dataset)
    for field in sorted({field for row in fields.values() for field in row}):
        values = {ids[name]: row[field] for name, row in fields.items()}
        dataset.set_values(field, values, key_field="id")
    return JoinResult(
        in_both=tuple(name for name in ids if name in by_id),
        only_dataset=tuple(name for name in ids if name not in by_id),
        only_samples=tuple(name for name in by_id if name not in ids),
    )


def _ids(dataset: fo.Dataset, id_field: str) -> dict[str, str]:
    """Return the document's id for each image's."""
    where = f"dataset {dataset.name}"
    if not dataset.has_sample_field(id_field):
        raise DataError(Fault(where, f"no field {id_field}", "the field that holds the images' ids"))
    found, ids = dataset.values([id_field, "id"])
    names = [foreign.image_id_in(id_field, name) for name in found]
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise DataError(
            *(Fault(f"{where}, {id_field}", f"{name!r} twice", "every id once") for name in twice)
        )
    return dict(zip(names, ids, strict=True))


def _refuse_own_fields(dataset: fo.Dataset, fields: set[str]) -> None:
    own = sorted(fields & dataset.get_field_schema().keys())
    do = "Rename it first: dataset.rename_sample_field(old, new)."
    faults = [Fault(f"dataset {dataset.name}", f"a field {name} of its own", "none", do) for name in own]
    if faults:
        raise DataError(*faults)
