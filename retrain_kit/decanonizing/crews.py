"""Crews: who does the work. Batches go to them a few at a time, and come back in their order.

A batch whose process was killed is done again; a picture that ends every process it is given to is skipped.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from retrain_kit.decanonizing.units import Job, skipped
from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from retrain_kit.decanonizing.journals import Record
    from retrain_kit.decanonizing.tasks import Task

    Batch = Sequence[Task]

BATCH = 16
_AHEAD = 4
_RECYCLE = 1000
_TRIM, _MMAP, _KEPT_BYTES = -1, -3, 1 << 28
_DEADLY = "the process that worked on it ended, twice"

Future = TypeVar("Future")


@dataclass(frozen=True)
class Crew:
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


def do(job: Job, batches: Iterable[Batch], workers: int) -> Iterator[list[Record]]:
    """Do all batches here, by so many processes (0: one a core), and yield their records, in order."""
    workers = workers or _cores()
    return map(job, batches) if workers == 1 else _by_processes(job, batches, workers)


def in_order(
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


def one_by_one(batch: Batch, do: Callable[[Batch], list[Record]], deadly: type[Exception]) -> list[Record]:
    """Do a batch again whose process ended; where that ends another, each picture by itself."""
    with suppress(deadly):
        return do(batch)
    records = []
    for task in batch:
        try:
            records += do([task])
        except deadly:
            records.append(skipped(task, _DEADLY))
    return records


def _by_processes(job: Job, batches: Iterable[Batch], workers: int) -> Iterator[list[Record]]:
    pool = _Pool(workers)
    try:
        for batch, future in in_order(batches, lambda batch: pool.submit(job, batch), _AHEAD * workers):
            try:
                yield future.result()
            except BrokenProcessPool:
                yield one_by_one(batch, lambda part: _alone(job, part), BrokenProcessPool)
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


def _alone(job: Job, batch: Batch) -> list[Record]:
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
