"""Worker pools: who does the work. Batches go to them a few at a time, and come back in their order.

A batch whose process was killed is done again; an image that ends every process it is given to is skipped.
"""

from __future__ import annotations

import ctypes
import hashlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from retrain_kit.batch.decanonize import inputs, locations, methods
from retrain_kit.batch.decanonize.journals import JournalEntry
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.imaging.jpeg.turbo import LibraryError
from retrain_kit.storage import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from retrain_kit.batch.decanonize.encoded import EncodedImage
    from retrain_kit.batch.decanonize.inputs import Task
    from retrain_kit.batch.decanonize.locations import StorageFolder
    from retrain_kit.batch.decanonize.options import DecanonizeOptions

    Batch = Sequence[Task]


@dataclass(frozen=True)
class Job:
    """What is done to a batch of images, wherever.

    Parameters
    ----------
    root
        The place of the result.
    options
        What is done to every image.
    """

    root: str
    options: DecanonizeOptions

    @cached_property
    def place(self) -> StorageFolder:
        """Where the result goes."""
        return locations.storage_folder(self.root)

    def __call__(self, batch: Sequence[Task]) -> list[JournalEntry]:
        """Do every image of a batch; one that cannot be done is skipped with the reason.

        Raises
        ------
        locations.UnwritableError
            When nothing more can be written.
        jpegs.turbo.LibraryError
            When a library is missing.
        """
        return [_with_rejected(decanonize_image(task, self.options, self.place), task) for task in batch]


def _with_rejected(entry: JournalEntry, task: Task) -> JournalEntry:
    return replace(entry, rejected=task.rejected) if task.rejected else entry


def decanonize_image(task: Task, options: DecanonizeOptions, place: StorageFolder) -> JournalEntry:
    """Read an image, take out what the annotations cover and write it; return the record of it."""
    digest = ""
    try:
        data = locations.read_bytes(task.source)
        digest = hashlib.sha256(data).hexdigest()
        _check_digest(task, digest)
        made, why = methods.encode_decanonized(data, task, options)
    except LibraryError:
        raise
    except DataError as error:
        return skipped_entry(task, _reason(error), digest)
    except FileNotFoundError:
        near = "" if "://" in task.source else files.similar_file(Path(task.source))
        return skipped_entry(task, f"no file. {near}" if near else "no file")
    except Exception as error:  # noqa: BLE001 - one strange image must not stop a million others
        return skipped_entry(
            task, f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}", digest
        )
    return JournalEntry(
        task.row,
        task.id,
        task.file,
        digest,
        **_write(made, task, options, place),
        width_px=made.size[0],
        height_px=made.size[1],
        way=made.way,
        why=why,
        removed=made.removed,
        effective=made.effective,
        fill=made.fill,
        gone=made.gone,
        still_holds=made.original,
    )


def skipped_entry(task: Task, reason: str, digest: str = "") -> JournalEntry:
    """Return the record of an image that was skipped."""
    return JournalEntry(task.row, task.id, task.file, digest, skipped=reason, rejected=task.rejected)


def _write(
    made: EncodedImage, task: Task, options: DecanonizeOptions, place: StorageFolder
) -> dict[str, Any]:
    """Write what was made and return what the record says of it."""
    name = inputs.output_name(task.file, made.ending)
    about: dict[str, Any] = {"output": name, "size_bytes": len(made.data)}
    if options.masks or made.original:
        mask = made.mask_png(methods.mask_notes(task, options))
        place.put(inputs.mask_name(name), mask)
        about |= {"mask": inputs.mask_name(name), "mask_sha256": hashlib.sha256(mask).hexdigest()}
    if made.original:
        place.put_original(name, task.source, made.data)
    else:
        place.put(name, made.data)
    return {**about, "output_sha256": hashlib.sha256(made.data).hexdigest()}


def _check_digest(task: Task, digest: str) -> None:
    if task.sha256 not in {"", digest}:
        do = "It is another file than the study was made with."
        raise DataError(Fault(task.id, f"sha256 {digest[:12]}…", f"{task.sha256[:12]}…", do))


def _reason(error: DataError) -> str:
    """Return what is wrong with an image, without where: that stands in the record."""
    return "; ".join(f"{fault.found}; expected {fault.expected}" for fault in error.faults)


BATCH_IMAGES = 16
_AHEAD = 4
_RECYCLE = 1000
_TRIM, _MMAP, _KEPT_BYTES = -1, -3, 1 << 28
_DEADLY = "the process that worked on it ended, twice"

Future = TypeVar("Future")


@dataclass(frozen=True)
class WorkerPool:
    """Who does the work; the result is the same, byte for byte.

    Parameters
    ----------
    workers
        How many processes of this machine; 0: one a core, 1: none but this one.
    scheduler
        The address of a Dask scheduler whose workers see the same files.
    local_cluster
        How many workers a Dask cluster on this machine is to have.
    """

    workers: int = 0
    scheduler: str = ""
    local_cluster: int = 0

    def check(self) -> None:
        """Raise a `ParameterError` with all that is wrong."""
        numbers = {"workers": self.workers, "local-cluster": self.local_cluster}
        faults = [Fault(name, str(number), "0 or more") for name, number in numbers.items() if number < 0]
        if self.scheduler and self.local_cluster:
            faults.append(Fault("local-cluster", "beside --scheduler", "one of the two"))
        if faults:
            raise ParameterError(*faults)


def run_batches(job: Job, batches: Iterable[Batch], workers: int) -> Iterator[list[JournalEntry]]:
    """Do all batches here, by so many processes (0: one a core), and yield their records, in order."""
    workers = workers or _cores()
    return map(job, batches) if workers == 1 else _by_processes(job, batches, workers)


def submit_in_order(
    batches: Iterable[Batch], submit: Callable[[Batch], Future], ahead: int
) -> Iterator[tuple[Batch, Future]]:
    """Submit batches, so many ahead of what is taken, and yield them in their order."""
    waiting: deque[tuple[Batch, Future]] = deque()
    for batch in batches:
        waiting.append((batch, submit(batch)))
        if len(waiting) > ahead:
            yield waiting.popleft()
    while waiting:
        yield waiting.popleft()


def retry_one_by_one(
    batch: Batch, do: Callable[[Batch], list[JournalEntry]], deadly: type[Exception]
) -> list[JournalEntry]:
    """Do a batch again whose process ended; where that ends another, each image by itself."""
    with suppress(deadly):
        return do(batch)
    records = []
    for task in batch:
        try:
            records += do([task])
        except deadly:
            records.append(skipped_entry(task, _DEADLY))
    return records


def _by_processes(job: Job, batches: Iterable[Batch], workers: int) -> Iterator[list[JournalEntry]]:
    pool = _Pool(workers)
    try:
        for batch, future in submit_in_order(
            batches, lambda batch: pool.submit(job, batch), _AHEAD * workers
        ):
            try:
                yield future.result()
            except BrokenProcessPool:
                yield retry_one_by_one(batch, lambda part: _alone(job, part), BrokenProcessPool)
    finally:
        pool.end()


class _Pool:
    """Processes that are replaced after a while, and when one of them was killed."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._left = 0
        self._executor: ProcessPoolExecutor | None = None

    def submit(self, job: Job, batch: Batch) -> Any:  # noqa: ANN401 - a future of records
        with _deaf(), suppress(BrokenProcessPool):
            if self._left and self._executor:
                self._left -= 1
                return self._executor.submit(job, batch)
        if self._executor:
            self._executor.shutdown(wait=False)
        self._executor, self._left = _executor(self._workers), _RECYCLE * self._workers - 1
        with _deaf():
            return self._executor.submit(job, batch)

    def end(self) -> None:
        if self._executor:
            self._executor.shutdown(cancel_futures=True)


def _alone(job: Job, batch: Batch) -> list[JournalEntry]:
    """Do a batch in a process of its own."""
    with _executor(1) as executor:
        with _deaf():
            future = executor.submit(job, batch)
        return future.result()


def _executor(workers: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin)


def _begin() -> None:
    """Make ready a process that works: it keeps its memory, is deaf to Ctrl-C, and ends with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(AttributeError, OSError, TypeError):
        for setting in (_TRIM, _MMAP):
            ctypes.CDLL(None).mallopt(setting, _KEPT_BYTES)
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent:
            parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


@contextmanager
def _deaf() -> Iterator[None]:
    """Keep Ctrl-C from processes that are started in the block: this one hears it after it, and ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
