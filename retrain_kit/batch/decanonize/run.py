"""Decanonizing a whole data set; it may be stopped at any moment and goes on where it was."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit import __version__
from retrain_kit.analysis.veiled_study import StudyVeil
from retrain_kit.annotations.rejections import Rejections
from retrain_kit.batch.decanonize import dask_workers, inputs, journals, locations, output, workers
from retrain_kit.batch.decanonize.journals import Journal
from retrain_kit.batch.decanonize.options import DecanonizeOptions
from retrain_kit.batch.decanonize.workers import BATCH_IMAGES, Job, WorkerPool
from retrain_kit.errors import DataError, Fault, without_secrets
from retrain_kit.imaging.jpeg import turbo
from retrain_kit.storage import locks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from retrain_kit.batch.decanonize.inputs import BatchInputs, Task
    from retrain_kit.batch.decanonize.journals import JournalEntry
    from retrain_kit.batch.decanonize.locations import StorageFolder


@dataclass(frozen=True)
class BatchResult:
    """What came of a batch.

    Parameters
    ----------
    manifest
        The result's own study.
    journal
        What was done to each image.
    ways
        How many images took each way.
    skipped
        How many were skipped; the journal says why.
    before
        How many were done before this run.
    whole
        How many are as they were: nothing was taken out of them.
    partial
        Of how many files, of several frames or pages, only the first one was done.
    left_out
        Why files of a folder were not taken as images, by their paths.
    rejections
        What could not be taken of the annotations: nothing was taken out for it.
    veil
        The veil over the study's words.
    """

    manifest: str
    journal: Path
    ways: Counter[str] = field(default_factory=Counter)
    skipped: int = 0
    before: int = 0
    whole: int = 0
    partial: int = 0
    left_out: Mapping[str, str] = field(default_factory=dict)
    rejections: Rejections = field(default_factory=Rejections)
    veil: StudyVeil = field(default_factory=StudyVeil)


def decanonize(  # noqa: PLR0913 - what, where to, how, by whom, and two switches
    study: str,
    out: str,
    options: DecanonizeOptions | None = None,
    crew: WorkerPool | None = None,
    *,
    accepted: bool = False,
    verify: bool = False,
    progress: bool = True,
) -> BatchResult:
    """Take out of all images of a study what their annotations cover.

    Parameters
    ----------
    study
        Name or path of a study, or a folder of images with `annotations.jsonl`; it may be an address with `://`.
    out
        The folder of the result, or an address with `://`. What is there of the same batch is not done again.
    options
        What is done to every image.
    crew
        Who does it.
    accepted
        Whether the content notice was accepted: then all words are written as they are, else under the veil.
    verify
        Compare all that was written before with the journal's digests, and try again what was skipped.
    progress
        Show how far it is, where the standard error is a terminal.

    Raises
    ------
    ParameterError
        When a parameter is wrong, or other than those this folder was begun with.
    DataError
        When the study cannot be read, another process is at work here, or nothing more can be written; all
        that was finished stays, and the same call goes on where it was.
    jpegs.turbo.LibraryError
        When the JPEG way is wanted and its library is missing.
    """
    options, crew, place = options or DecanonizeOptions(), crew or WorkerPool(), locations.storage_folder(out)
    options.check()
    crew.check()
    if options.way in {"auto", "jpeg", "pixel"} and options.colour:
        turbo.ensure_library()
    found = inputs.find_inputs(study, place, options.shape, accepted=accepted, shown=progress)
    path = _journal_path(place)
    with ExitStack() as stack:
        stack.enter_context(_alone(path))
        place.clean()
        journal = stack.enter_context(Journal(path, _pins(found, options), len(found)))
        journal.read_entries(lambda record: _counts(record, place, verify=verify))
        before = journal.done_count
        _work(found, journal, Job(place.root, options), crew, shown=progress)
        manifest = output.write_result_manifest(found, journal, options, place)
        output.write_rejections(found, place)
        if not place.folder:
            place.put_file(journals.JOURNAL_NAME, path)
        place.clean()
        return replace(
            _outcome(journal, len(found), f"{place.root}/{manifest}", path, before),
            rejections=found.shown_rejections(),
            left_out=found.shown_left_out(),
            veil=found.veil,
        )


def _work(study: BatchInputs, journal: Journal, job: Job, crew: WorkerPool, *, shown: bool) -> None:
    from tqdm import tqdm  # noqa: PLC0415 - slow to load

    todo = (task for task in study.tasks() if not journal.done(task.row))
    done = journal.done_count
    with tqdm(total=len(study), initial=done, unit=" images", disable=None if shown else True) as bar:
        if done == len(study):
            return
        for records in _records(job, _batches(todo), crew):
            for record in records:
                skipped = study.veil.text(record.skipped)
                journal.add(replace(record, skipped=skipped) if skipped != record.skipped else record)
            bar.update(len(records))


def _records(job: Job, batches: Iterable[list[Task]], crew: WorkerPool) -> Iterator[list[JournalEntry]]:
    if crew.scheduler or crew.local_cluster:
        return dask_workers.run_on_dask(job, batches, crew.scheduler, crew.local_cluster)
    return workers.run_batches(job, batches, crew.workers)


def _batches(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    tasks = iter(tasks)
    while batch := list(islice(tasks, BATCH_IMAGES)):
        yield batch


def _counts(record: JournalEntry, place: StorageFolder, *, verify: bool) -> bool:
    """Say whether what a record says is so."""
    if record.skipped:
        return not verify
    written = {record.output: record.output_sha256, record.mask: record.mask_sha256}
    written.pop("", None)
    sizes = {name: place.size_bytes(name) for name in written}
    if sizes[record.output] != record.size_bytes or None in sizes.values():
        return False
    return not verify or all(place.sha256(name) == digest for name, digest in written.items())


def _pins(study: BatchInputs, options: DecanonizeOptions) -> dict[str, object]:
    begun = {"kit": f"retrain-kit {__version__}", "study": study.name, "digest": study.digest}
    words = {} if study.veil.lifted or study.veil.hides_nothing else {"words": "veiled"}
    return begun | options.record() | words


def _outcome(journal: Journal, count: int, manifest: str, path: Path, before: int) -> BatchResult:
    ways, partial, whole = Counter[str](), 0, 0
    for row in range(count):
        entry = journal[row]
        ways[entry.way] += 1
        partial += any(name.startswith("first of ") for name in entry.gone)
        whole += bool(entry.way) and not entry.effective
    skipped = ways.pop("", 0)
    return BatchResult(manifest, path, ways, skipped, before, whole, partial)


def _journal_path(place: StorageFolder) -> Path:
    """Return where the journal is: in the result's folder, or here where that is on no disk of ours."""
    if place.folder:
        return place.folder / journals.JOURNAL_NAME
    return Path(f"{without_secrets(place.root).rpartition('/')[2]}.{journals.JOURNAL_NAME}").resolve()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock of a batch for the block; the kernel frees it when its holder dies.

    Raises
    ------
    DataError
        When another process holds it, or the folder cannot be written.
    """
    with ExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locks.exclusive_lock(path.with_name(f".{path.name}.lock"), wait=False))
        except locks.HeldError:
            found, expected = "another process at work on it", "a folder that nobody works on"
            do = "Wait for it to end, or choose another folder with -o."
            raise DataError(Fault(str(path.parent), found, expected, do)) from None
        except OSError as error:
            raise locations.unwritable_error(str(path.parent), error) from error
        yield
