"""Answers: what people said of a dataset's images, in fields of their own.

Each write takes out what an earlier one put in, so that what was withdrawn by then is gone. The dataset's
`info` lists the fields, and nothing else is ever taken out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrain_kit.errors import DataError, Fault
from retrain_kit.fiftyone import documents
from retrain_kit.fiftyone.library import fo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Rows = Mapping[str, list[dict[str, Any]]]

INFO_KEY = "retrain_kit_answers"
"""Where a dataset's info lists the fields, by what their names begin with."""


def write_answers(dataset: fo.Dataset, fields: Mapping[str, Rows], prefix: str, about: str) -> list[str]:
    """Write rows into fields of lists of documents; return the fields' names.

    Parameters
    ----------
    fields
        By name without the prefix, the rows of each image by its id; images that are not in the dataset
        are passed over.
    prefix
        What the names of the fields begin with, as `answers_`.
    about
        What the dataset's info says about all of them.

    Raises
    ------
    DataError
        With each field of such a name that others have made.
    """
    names = {f"{prefix}{name}": rows for name, rows in fields.items()}
    _refuse_own_fields(dataset, names.keys() - _listed(dataset, prefix), names)
    remove_answers(dataset, prefix)
    listed = {**dataset.info.get(INFO_KEY, {}), prefix: {"fields": list(names), "about": about}}
    dataset.info = {**dataset.info, INFO_KEY: listed}
    dataset.save()
    keys = _keys(dataset)
    for name, rows in names.items():
        _fill(dataset, name, {keys[image]: each for image, each in rows.items() if image in keys})
    return list(names)


def remove_answers(dataset: fo.Dataset, prefix: str) -> None:
    """Take out what was written under a prefix."""
    there = [name for name in _listed(dataset, prefix) if dataset.has_sample_field(name)]
    if there:
        dataset.delete_sample_fields(there)
    listed = {other: each for other, each in dataset.info.get(INFO_KEY, {}).items() if other != prefix}
    dataset.info = {**dataset.info, INFO_KEY: listed}
    dataset.save()


def _fill(dataset: fo.Dataset, name: str, rows: Rows) -> None:
    document = fo.DynamicEmbeddedDocument
    dataset.add_sample_field(
        name, fo.ListField, subfield=fo.EmbeddedDocumentField, embedded_doc_type=document
    )
    values = {key: [document(**row) for row in each] for key, each in rows.items()}
    if values:
        dataset.set_values(name, values, key_field="id")
        dataset.add_dynamic_sample_fields(fields=[name])


def _keys(dataset: fo.Dataset) -> dict[str, str]:
    """Return the document's id for each image's, as `studies.samples` names images."""
    ids = dataset.values("id")
    named = dataset.values("image_id") if documents.has_kit_layout(dataset) else ids
    return {name or key: key for name, key in zip(named, ids, strict=True)}


def _listed(dataset: fo.Dataset, prefix: str) -> list[str]:
    return list(dataset.info.get(INFO_KEY, {}).get(prefix, {}).get("fields", ()))


def _refuse_own_fields(dataset: fo.Dataset, new: Iterable[str], names: Mapping[str, Rows]) -> None:
    do = "Rename it first: dataset.rename_sample_field(old, new)."
    faults = [
        Fault(f"dataset {dataset.name}", f"a field {name} of its own", "none", do)
        for name in names
        if name in new and dataset.has_sample_field(name)
    ]
    if faults:
        raise DataError(*faults)
