"""Studies in FiftyOne: built from manifests, read as samples, and studies of any dataset that is there."""

from __future__ import annotations

import atexit
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from retrain_kit import datasets
from retrain_kit.annotations.rejections import Rejections
from retrain_kit.datasets import digests
from retrain_kit.errors import DatabaseError, DataError, Fault, KitError, ParameterError
from retrain_kit.fiftyone import answers, app_guard, database, documents, foreign
from retrain_kit.fiftyone.app_guard import HOST, HUB_PREFIX_VARIABLE
from retrain_kit.fiftyone.library import fo, progress_bar
from retrain_kit.studies import manifests
from retrain_kit.studies.disclosure import AnnotationProcess
from retrain_kit.studies.sampling import UNSTATED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from retrain_kit.annotations.samples import RejectedAnnotation, Sample
    from retrain_kit.studies.manifests import Manifest


FIFTYONE_PREFIX = "fiftyone:"
UNMATCHED_KEY = "retrain_kit_unmatched"
"""Where a dataset's info keeps the annotations that match no image."""


def open_study(study: str) -> tuple[Manifest, fo.Dataset]:
    """Return a study and its dataset, by name or path as `manifests.load`, or by `fiftyone:NAME`.

    Raises
    ------
    ParameterError
        When there is no study, or no dataset, of that name.
    DataError
        With the faults of the study's files or images.
    """
    if not study.startswith(FIFTYONE_PREFIX):
        manifest = manifests.load(study)
        return manifest, study_dataset(manifest)
    database.ensure_running()
    answers.strike_remembered()
    name = study.removeprefix(FIFTYONE_PREFIX)
    if not fo.dataset_exists(name):
        do = f"There are: {', '.join(fo.list_datasets()) or 'none'}."
        raise ParameterError(Fault("study", repr(study), "the name of a dataset in FiftyOne", do))
    dataset = fo.load_dataset(name)
    return manifest_of_dataset(dataset), dataset


def study_dataset(manifest: Manifest) -> fo.Dataset:
    """Return the study as a persistent FiftyOne dataset: verified always, built once.

    The dataset's name holds a digest of everything the study says; a changed study is another dataset. It
    is built under another name and renamed when whole, so that a cut leaves no half dataset.

    Raises
    ------
    DatabaseError
        When there is no database.
    DataError
        When images are missing or changed, or annotations cannot be read.
    """
    digests.verify_images(manifest, progress_bar("verifying images"))
    name = dataset_name(manifest.name, manifest.digest, manifest.folder.resolve())
    return build_dataset(name, lambda dataset: _fill(dataset, manifest))


def fill_dataset(dataset: fo.Dataset, manifest: Manifest) -> None:
    """Add a study to an empty dataset: verified, in the kit's layout.

    Raises
    ------
    DataError
        When images are missing or changed, or annotations cannot be read.
    """
    digests.verify_images(manifest, progress_bar("verifying images"))
    _fill(dataset, manifest)


def write_study_info(dataset: fo.Dataset, manifest: Manifest, **more: str) -> None:
    """Say in a dataset which study it holds."""
    said = {"study": manifest.name, "title": manifest.title, "licence": manifest.licence, **more}
    dataset.info = {**dataset.info, **said}  # a new dictionary: FiftyOne does not see one that grows in place
    dataset.description = manifest.why
    dataset.save()


def _fill(dataset: fo.Dataset, manifest: Manifest) -> None:
    unmatched: list[RejectedAnnotation] = []
    add_samples(dataset, datasets.read(manifest, unmatched))
    dataset.info = {**dataset.info, UNMATCHED_KEY: [documents.rejected_fields(each) for each in unmatched]}
    write_study_info(dataset, manifest)


def rejections(dataset: fo.Dataset) -> Rejections:
    """Return what could not be taken of the annotations of a dataset when it was read."""
    if not documents.has_kit_layout(dataset):
        return Rejections.of_samples(samples(dataset))
    stored = (row for rows in dataset.values("rejected") for row in rows or ())
    unmatched = dataset.info.get(UNMATCHED_KEY) or ()
    return Rejections(*(tuple(map(documents.rejected_annotation, rows)) for rows in (stored, unmatched)))


def dataset_name(name: str, *key: object) -> str:
    """Return a dataset's name with a digest of all it is made from."""
    text = " ".join(map(str, (documents.LAYOUT_VERSION, *key)))
    return f"retrain-kit-{name}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def build_dataset(name: str, fill: Callable[[fo.Dataset], None]) -> fo.Dataset:
    """Return the persistent dataset of that name, filled where it is not there yet, whole or not at all."""
    database.ensure_running()
    answers.strike_remembered()
    with database.lock(database.cache_folder() / "locks" / name):
        if not fo.dataset_exists(name):
            building = f"{name}-building"
            if fo.dataset_exists(building):
                fo.delete_dataset(building)
            dataset = documents.empty_dataset(building)
            fill(dataset)
            dataset.name = name
            dataset.persistent = True
        return fo.load_dataset(name)


def add_samples(dataset: fo.Dataset, samples: Iterable[Sample]) -> None:
    """Add samples to a dataset, in the kit's layout."""
    documents.declare_fields(dataset)
    dataset.add_samples(
        [documents.to_document(sample) for sample in progress_bar("filling FiftyOne")(samples)]
    )


def samples(dataset: Any, id_field: str = "id", slice_name: str = "") -> list[Sample]:  # noqa: ANN401 - FiftyOne has no types
    """Return the samples of any dataset or view of images, in its order.

    What the kit has stored comes back as it was. Everything else is read as `foreign` says, so that also a
    dataset of FiftyOne's zoo, or of your own, can be studied.

    Parameters
    ----------
    dataset
        A FiftyOne dataset or view.
    id_field
        Which field names the images of a dataset that is not the kit's; `filepath` for the names of files.
    slice_name
        Which slice of a grouped dataset; its default slice when empty.

    Raises
    ------
    DataError
        When the dataset has other media than images, or with each image that has no size or id.
    """
    view = _images(dataset, slice_name)
    if not dataset.has_sample_field(id_field):
        raise DataError(Fault(f"dataset {dataset.name}", f"no field {id_field}", "the field of an id"))
    ours = documents.has_kit_layout(dataset)
    targets = {**dataset.mask_targets, "": dataset.default_mask_targets}
    found: list[Sample] = []
    faults: list[Fault] = []
    for document in view.iter_samples():
        try:
            stored = ours and document.image_id is not None
            one = (
                documents.to_sample(document) if stored else foreign.read_sample(document, targets, id_field)
            )
            found.append(one)
        except KitError as error:
            faults += error.faults
    if faults:
        raise DataError(*faults)
    return found


def manifest_of_dataset(dataset: fo.Dataset, id_field: str = "id") -> Manifest:
    """Return the manifest of a dataset that only FiftyOne knows: what nobody has said there is unknown.

    Where it states no digests of images, nothing can be verified; its own is one of what the samples say.
    """
    found = samples(dataset, id_field)
    folder = Path(os.path.commonpath([sample.path.parent for sample in found] or [Path.cwd()]))
    images = tuple(_image(sample, folder) for sample in found)
    unknown = AnnotationProcess(who=UNSTATED, when=UNSTATED, how=UNSTATED)
    digest = hashlib.sha256(repr(found).encode()).hexdigest()
    why = dataset.description or UNSTATED
    licence = str(dataset.info.get("licence") or dataset.info.get("license") or UNSTATED)
    about = {"title": dataset.name, "why": why, "dataset": "fiftyone", "version": UNSTATED}
    about |= {"licence": licence, "retrieved": UNSTATED}
    return manifests.Manifest(
        name=dataset.slug, **about, folder=folder, files={}, annotation=unknown, images=images, digest=digest
    )


def _image(sample: Sample, folder: Path) -> manifests.ImageRow:
    whence = sample.provenance
    return manifests.ImageRow(
        id=sample.id,
        file=str(sample.path.relative_to(folder)),
        sha256=whence.sha256,
        width_px=sample.width_px,
        height_px=sample.height_px,
        licence=whence.licence or UNSTATED,
        author=whence.author or UNSTATED,
        source=whence.source or UNSTATED,
        note=whence.note,
        alt=sample.alt,
        notice=sample.notice,
        leaves_out=sample.leaves_out,
    )


def _images(dataset: Any, slice_name: str) -> Any:  # noqa: ANN401 - FiftyOne has no types
    """Return the images of a dataset: all, or one slice of a grouped one."""
    where, expected = f"dataset {dataset.name}", "a dataset of images"
    if dataset.media_type in {"image", None}:
        return dataset
    if dataset.media_type != "group":
        raise DataError(Fault(where, f"media of the type {dataset.media_type}", expected))
    media = dataset.group_media_types
    name = slice_name or dataset.default_group_slice
    if media.get(name) != "image":
        there = ", ".join(f"{each} ({kind})" for each, kind in media.items())
        raise DataError(Fault(where, f"the slice {name} among {there}", "a slice of images"))
    return dataset.select_group_slices(name)


# -- fiftyOne's App, on this machine alone.


PORT = 5151
_PAUSE_S, _PATIENCE_S = 0.1, 10


def open_app(dataset: Any, port: int = PORT, *, browser: bool = True) -> fo.Session:  # noqa: ANN401 - FiftyOne has no types
    """Open a dataset or a view in the App.

    The App hands out any file of this machine that its user may read. So it listens on the loopback
    address alone, behind a guard (`app_guard`) that answers only this machine's own pages and lets the App's
    page ask no other host. Under JupyterHub, as on Binder, it is reached through the hub's own proxy, which
    asks who is there.

    Parameters
    ----------
    dataset
        A FiftyOne dataset or view.
    port
        Where the App listens.
    browser
        Whether to open a browser's window; in a notebook the App opens in the page.
    """
    database.ensure_running()
    answers.strike_remembered()
    _serve_guarded(port)
    config = fo.app_config.copy()
    if prefix := os.environ.get(HUB_PREFIX_VARIABLE):
        config.proxy_url = proxy_url(prefix, port)
    remote = not browser and not _in_notebook()
    return fo.launch_app(dataset, port=port, address=HOST, remote=remote, config=config)


def _serve_guarded(port: int) -> None:
    """Start the App's server behind the guard, where none answers on the port yet; it ends with this program.

    Raises
    ------
    DatabaseError
        When it does not start.
    """
    if _app_answers(port):
        return
    server = subprocess.Popen(
        [sys.executable, "-m", app_guard.__name__, str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    atexit.register(server.terminate)
    while server.poll() is None:
        if _app_answers(port):
            return
        time.sleep(_PAUSE_S)
    do = "Is the port free? Choose another with port=."
    raise DatabaseError(Fault(f"FiftyOne's App, port {port}", "a server that ended", "one that answers", do))


def _app_answers(port: int) -> bool:
    try:
        return requests.get(f"http://{HOST}:{port}/fiftyone", timeout=_PATIENCE_S).ok
    except requests.RequestException:
        return False


def proxy_url(prefix: str, port: int) -> str:
    """Return where jupyter-server-proxy shows a port, below the hub's prefix for a user."""
    return f"{prefix.rstrip('/')}/proxy/{port}/"


def _in_notebook() -> bool:
    return bool(fo.core.context.is_notebook_context())
