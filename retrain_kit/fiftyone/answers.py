"""Answers: what people said of a dataset's images, in fields of their own.

Each write takes out what an earlier one put in, so that what was withdrawn by then is gone. The dataset's
`info` lists the fields and their store, and nothing else is ever taken out. `strike_due` takes out what a
withdrawal has to reach, and has the database write anew what held it, so that no byte of it stays.
"""

from __future__ import annotations

import functools
import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pymongo.errors import PyMongoError

from retrain_kit.answers import DerivedDataset, deriving
from retrain_kit.errors import DatabaseError, DataError, Fault, KitError
from retrain_kit.fiftyone import database, documents
from retrain_kit.fiftyone.library import fo
from retrain_kit.storage.files import writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from retrain_kit.answers import Store

    Rows = Mapping[str, list[dict[str, Any]]]

INFO_KEY = "retrain_kit_answers"
"""Where a dataset's info lists the fields, by what their names begin with."""


def write_answers(
    dataset: fo.Dataset, fields: Mapping[str, Rows], prefix: str, about: str, store: Store | None = None
) -> list[str]:
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
    store
        Where the answers are kept: it is told of the dataset, and the dataset of it.

    Raises
    ------
    DataError
        With each field of such a name that others have made.
    """
    names = {f"{prefix}{name}": rows for name, rows in fields.items()}
    _refuse_own_fields(dataset, names.keys() - _listed(dataset, prefix), names)
    remove_answers(dataset, prefix)
    told = {"fields": list(names), "about": about}
    if store:
        told["store"] = _remembered(store)
        store.note_dataset(DerivedDataset(dataset.name, prefix, database.place()))
    listed = {**dataset.info.get(INFO_KEY, {}), prefix: told}
    dataset.info = {**dataset.info, INFO_KEY: listed}
    dataset.save()
    keys = _keys(dataset)
    for name, rows in names.items():
        _fill(dataset, name, {keys[image]: each for image, each in rows.items() if image in keys})
    return list(names)


def images_not_in(dataset: fo.Dataset, fields: Mapping[str, Rows]) -> list[str]:
    """Return the images that somebody spoke of and a dataset has not."""
    return sorted({image for rows in fields.values() for image in rows} - _keys(dataset).keys())


def field_names(dataset: fo.Dataset) -> list[str]:
    """Return the names of all fields that the kit has written answers into."""
    return [name for prefix in dataset.info.get(INFO_KEY, {}) for name in _listed(dataset, prefix)]


def remove_answers(dataset: fo.Dataset, prefix: str) -> None:
    """Take out what was written under a prefix."""
    there = [name for name in _listed(dataset, prefix) if dataset.has_sample_field(name)]
    if there:
        dataset.delete_sample_fields(there)
    listed = {other: each for other, each in dataset.info.get(INFO_KEY, {}).items() if other != prefix}
    dataset.info = {**dataset.info, INFO_KEY: listed}
    dataset.save()


# -- withdrawal: what a store's withdrawals have to reach is taken out, with its bytes.


_STORES_NAME = "answers-in-fiftyone.json"
"""In the cache folder: the stores whose answers were written into the database."""


def strike_due(store: Store) -> list[str]:
    """Take a store's answers out of the datasets that its withdrawals have still to reach; return the names.

    What others said goes with them: write it anew. Copies of a dataset that were made in the same database,
    or other names of it, are reached too.

    Raises
    ------
    DatabaseError
        When the database cannot be used; it is done the next time.
    """
    due = store.datasets_due()
    if not due:
        return []
    database.ensure_running()
    here = [each for each in due if each.place == database.place()]
    with _explained():
        for each in here:
            for dataset in _holding(each, str(store.folder.resolve())):
                remove_answers(dataset, each.prefix)
                _write_anew(dataset)
        if here:
            fo.core.odm.get_db_conn().client.admin.command("fsync")
            database.start_anew()
    for each in here:
        store.note_struck(each)
    return [each.name for each in here]


@functools.cache
def strike_remembered() -> None:
    """Strike, once in a process, what the withdrawals of all stores have still to reach in this database."""
    for folder in _stores():
        try:
            if store := deriving.find_store(Path(folder)):
                with store:
                    strike_due(store)
        except KitError as error:
            sys.stderr.write(f"retrain-kit: FiftyOne may still hold what was withdrawn. {error}\n")


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except PyMongoError as error:
        do = "It is tried again the next time."
        raise DatabaseError(
            Fault("FiftyOne's database", str(error), "one that can be written", do)
        ) from error


def _holding(due: DerivedDataset, store: str) -> list[fo.Dataset]:
    """Return the datasets that hold a store's answers: the one that it knows, and those that say so."""
    kept = fo.core.odm.get_db_conn()["datasets"].find({}, {"name": 1, "info": 1})
    told = {each["name"]: (each.get("info") or {}).get(INFO_KEY, {}).get(due.prefix) for each in kept}
    names = [
        name for name, listed in told.items() if listed and (name == due.name or listed.get("store") == store)
    ]
    return [fo.load_dataset(name) for name in names]


def _write_anew(dataset: fo.Dataset) -> None:
    """Have the database write a dataset's samples into a new file, and drop the old one."""
    samples = fo.core.odm.get_db_conn()[dataset._sample_collection_name]  # noqa: SLF001 - no other way to it
    samples.aggregate([{"$out": samples.name}])


def _remembered(store: Store) -> str:
    folder = str(store.folder.resolve())
    stores = sorted({*_stores(), folder})
    with writing(database.cache_folder() / _STORES_NAME) as temporary:
        temporary.write_text(json.dumps(stores), "utf-8")
    return folder


def _stores() -> list[str]:
    try:
        found = json.loads((database.cache_folder() / _STORES_NAME).read_bytes())
    except (OSError, ValueError):
        return []
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


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
