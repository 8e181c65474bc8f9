"""Making reports: one here, or many side by side, each in a process of its own.

Many reports pay for their imports once. One process loads what all of them need and does nothing else: it is
forked for each report, and each report's process is forked again to be the notebook's kernel
(`kernels.WaitingKernel`). A report that fails, or whose process is ended, harms no other. Where the system
has no such forks, each process starts anew.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from retrain_kit.errors import Fault, KitError, ReportError
from retrain_kit.storage.signals import ended_as_interrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext, SpawnContext
    from multiprocessing.process import BaseProcess

    from retrain_kit.reports.kernels import WaitingKernel

_PATIENCE_S = 20
_FORKS = sys.platform == "linux"
_LOADED = (
    "bs4",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "matplotlib.figure",
    "nbconvert",
    "pandas",
    "papermill",
    "retrain_kit.cli",
    "retrain_kit.fiftyone.studies",
    "retrain_kit.reports.charts",
    "retrain_kit.reports.render",
    "retrain_kit.reports.tables",
    "retrain_kit.widgets.compare",
)
"""What is loaded before the forks; nothing of it may start a thread of Python or connect to anything."""


@dataclass(frozen=True)
class ReportJob:
    """One report to make: a notebook, the values of its parameters, and where the report goes."""

    notebook: Path
    values: dict[str, object]
    target: Path
    pdf: bool


@dataclass(frozen=True)
class MadeReport:
    """A report that was made: its files, and how many annotations it says could not be taken."""

    files: list[Path]
    rejected: int = 0


ReportOutcome: TypeAlias = MadeReport | KitError


def make_report(job: ReportJob) -> ReportOutcome:
    """Make one report, with its PDF where asked; an error of the kit is returned, not raised."""
    with ended_as_interrupted():
        return _make(job)


def make_reports(
    jobs: Sequence[ReportJob], at_once: int, on_made: Callable[[], object] = lambda: None
) -> list[ReportOutcome]:
    """Make several reports, some of them at once; the outcomes are in the order of `jobs`.

    Parameters
    ----------
    jobs
        The reports to make.
    at_once
        So many processes make them, each with a kernel.
    on_made
        Called after each report.

    Raises
    ------
    KeyboardInterrupt
        When it is interrupted or asked to end; all processes have ended then.
    """
    context = _context()
    waiting = deque(enumerate(jobs))
    running: dict[Connection, tuple[int, BaseProcess]] = {}
    outcomes: dict[int, ReportOutcome] = {}
    with ended_as_interrupted():
        try:
            while waiting or running:
                while waiting and len(running) < at_once:
                    number, job = waiting.popleft()
                    receiver, process = _started(context, job)
                    running[receiver] = number, process
                for receiver in _ready(running):
                    number, process = running.pop(receiver)
                    outcomes[number] = _received(receiver, jobs[number])
                    process.join()
                    on_made()
        except KeyboardInterrupt:
            _end([process for _, process in running.values()])
            raise
    return [outcomes[number] for number in range(len(jobs))]


def _context() -> ForkServerContext | SpawnContext:
    """Return what starts processes: forks of one that has loaded everything, where the system can have it."""
    if _FORKS:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(_LOADED))
        with suppress(OSError):  # the folder for temporary files has too long a name for a socket
            forkserver.ensure_running()
            return context
    return multiprocessing.get_context("spawn")


def _ready(running: Iterable[Connection]) -> list[Connection]:
    """Wait for the first that sent something, or ended, and return all that did."""
    ready = wait(list(running))
    return [receiver for receiver in running if receiver in ready]


def _started(context: ForkServerContext | SpawnContext, job: ReportJob) -> tuple[Connection, BaseProcess]:
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(job, sender, context.get_start_method() == "forkserver"))
    process.start()
    sender.close()
    return receiver, process


def _received(receiver: Connection, job: ReportJob) -> ReportOutcome:
    try:
        outcome: ReportOutcome = receiver.recv()
    except EOFError:
        do = "Perhaps the memory was full: try fewer at once, with -j 1."
        return ReportError(
            Fault(str(job.target), "a process that was ended from outside", "one that ends itself", do)
        )
    finally:
        receiver.close()
    return outcome


def _work(job: ReportJob, sender: Connection, forked: bool) -> None:  # noqa: FBT001 - handed to a process
    """Make one report in a process of its own; when ended, the kernel is ended first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the leading process hears it, and ends this one
    try:
        with ended_as_interrupted():
            kernel = _waiting_kernel() if forked else None
            try:
                sender.send(_make(job, kernel))
            finally:
                if kernel:
                    kernel.close()
    except KeyboardInterrupt:
        os._exit(1)


def _waiting_kernel() -> WaitingKernel:
    from retrain_kit.reports.kernels import WaitingKernel  # noqa: PLC0415 - loaded already

    return WaitingKernel(multiprocessing.get_context("fork"))


def _make(job: ReportJob, kernel: WaitingKernel | None = None) -> ReportOutcome:
    from retrain_kit.reports import render  # noqa: PLC0415 - an edge

    try:
        made = [render.write_report(job.notebook, job.values, job.target, Path.cwd(), kernel)]
        if job.pdf:
            made.append(render.print_pdf(job.target, job.target.with_suffix(".pdf")))
            render.note_derived_files(made, job.values, Path.cwd())
    except KitError as error:
        return error
    return MadeReport(made, render.rejected_count(job.target))


def _end(processes: Sequence[BaseProcess]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(_PATIENCE_S)
        if process.is_alive():
            process.kill()
