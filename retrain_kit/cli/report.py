"""`retrain-kit report`: notebooks in, self-contained pages out."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import re
import signal
import sys
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from retrain_kit.annotations import rejections
from retrain_kit.cli.group import UnwrappedHelpCommand, kit, print_faults
from retrain_kit.cli.rejections import REJECTED_STATUS, strict_option
from retrain_kit.errors import Fault, KitError, ParameterError, ReportError
from retrain_kit.reports import notebooks
from retrain_kit.reports.parameters import TypedValue
from retrain_kit.storage.home import home_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Future, ProcessPoolExecutor
    from types import FrameType

_PATIENCE_S = 20


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


def _named_values(_: click.Context, __: click.Parameter, pairs: tuple[str, ...]) -> dict[str, TypedValue]:
    for pair in pairs:
        if not re.match(r"\w+=", pair):
            message = f"'{pair}' is not of the form name=value."
            raise click.BadParameter(message)
    return {name: TypedValue(value) for name, _, value in (pair.partition("=") for pair in pairs)}


_NAMED = f"{__name__}.named"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


class ReportCommand(UnwrappedHelpCommand):
    """The command whose help shows the parameters of the notebooks that are named before or behind it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the names of notebooks, as the help is asked for before they are looked at."""
        ctx.meta[_NAMED] = ()
        with suppress(click.UsageError):
            named = self.make_parser(ctx).parse_args(list(args))[0].get("names")
            ctx.meta[_NAMED] = named if isinstance(named, tuple) else ()
        return super().parse_args(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each parameter with its default, its meaning and what it takes."""
        named = ctx.meta.get(_NAMED, ())
        for path in _found(named):
            with formatter.section(f"Parameters of {path.stem}"):
                formatter.write_dl(
                    [
                        (f"{each.name}={_shown(each.default)}", f"{each.help}  [{each.type_name}]".strip())
                        for each in notebooks.read_parameters(path)
                    ]
                )
        if not named:
            formatter.write("\n  Parameters of a notebook: retrain-kit report 01 --help\n")


@kit.command(cls=ReportCommand)
@click.argument("names", metavar="[NOTEBOOK]...", nargs=-1)
@click.option(
    "-p",
    "values",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_named_values,
    help="Set a parameter; repeatable.",
)
@click.option(
    "-y", "files", multiple=True, type=_FILE, help="Take parameters from a YAML file; -p has the last word."
)
@click.option(
    "--study",
    "studies",
    multiple=True,
    metavar="NAME",
    help="Set the parameter study; several make a report each.",
)
@click.option(
    "-o", "folder", type=_FOLDER, default="reports", show_default=True, help="Write the reports here."
)
@click.option(
    "-j", "jobs", type=click.IntRange(1), help="How many to make at once; one for each core if left out."
)
@click.option("--pdf", is_flag=True, help="Print each report to PDF as well; needs Chromium or Chrome.")
@click.option(
    "--list", "listing", is_flag=True, help="List the notebooks and their parameters, and run nothing."
)
@strict_option
def report(  # noqa: PLR0913 - one argument an option
    *,
    names: tuple[str, ...],
    values: dict[str, TypedValue],
    files: tuple[Path, ...],
    studies: tuple[str, ...],
    folder: Path,
    jobs: int | None,
    pdf: bool,
    listing: bool,
) -> None:
    """Run notebooks and write each as one self-contained HTML page.

    NOTEBOOK is a number (01), a name or a path. Without one, the notebooks and their parameters are listed.
    Several notebooks and several studies make a report for each pair, side by side. All parameters are
    checked before anything runs. The last lines printed are the paths of the reports.
    """
    paths = _found(names)
    if listing or not paths:
        _list(paths or notebooks.available_notebooks())
        return
    runs = _plan(paths, studies, _given(files, values), folder, pdf=pdf)
    home_folder()  # each report would say for itself that there is none
    _check_strictly(runs)
    outcomes = _make_all(runs, min(jobs or _cores(), len(runs)))
    for error in outcomes:
        if isinstance(error, KitError):
            print_faults(error)
    made = [outcome for outcome in outcomes if not isinstance(outcome, KitError)]
    for each in made:
        click.echo("\n".join(map(str, each.files)))
    _say_rejected(made)
    if len(made) < len(outcomes):
        sys.exit(1)
    if any(each.rejected for each in made):
        sys.exit(REJECTED_STATUS)


def _say_rejected(made: Iterable[MadeReport]) -> None:
    for each in made:
        if each.rejected:
            count = rejections.annotations_in_words(each.rejected)
            words = f"{each.files[0].name}: {count} could not be taken; the report lists them"
            click.echo(f"retrain-kit: {words}", err=True)


def _check_strictly(runs: Iterable[ReportJob]) -> None:
    """Read the studies that are to be reported on, where that is to end with what could not be taken."""
    watch = rejections.current_watch()
    if not (watch and watch.strict):
        return
    from retrain_kit import datasets, fiftyone  # noqa: PLC0415 - an edge
    from retrain_kit.studies import manifests  # noqa: PLC0415 - the same

    keys = ("study", "second_study", "hands_study")
    for study in dict.fromkeys(str(run.values[key]) for run in runs for key in keys if run.values.get(key)):
        if study.startswith("fiftyone:"):
            fiftyone.rejections(fiftyone.open_study(study)[1]).check()
        else:
            datasets.read(manifests.load(study))


# What is asked for


def _found(names: Iterable[str]) -> list[Path]:
    """Return the notebooks of these names, each once; all unknown names are said together."""
    paths: list[Path] = []
    faults: list[Fault] = []
    for name in names:
        try:
            paths.append(notebooks.find_notebook(name))
        except ParameterError as error:
            faults.extend(error.faults)
    if faults:
        raise ParameterError(*faults)
    return list(dict.fromkeys(paths))


def _given(files: Iterable[Path], values: dict[str, TypedValue]) -> dict[str, object]:
    given: dict[str, object] = {}
    for file in files:
        given |= _mapping(file)
    return given | values


def _mapping(file: Path) -> dict[str, object]:
    import yaml  # type: ignore[import-untyped] # noqa: PLC0415 - comes with papermill

    expected = "lines such as `name: value`"
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ParameterError(Fault(str(file), "no YAML", expected, " ".join(str(error).split()))) from error
    if not isinstance(content, dict):
        raise ParameterError(Fault(str(file), f"{type(content).__name__} in YAML", expected))
    return {str(name): value for name, value in content.items()}


def _plan(
    paths: Sequence[Path], studies: Sequence[str], given: dict[str, object], folder: Path, *, pdf: bool
) -> list[ReportJob]:
    """Return a run for each notebook and study, all parameters checked; all faults are raised together."""
    runs: list[ReportJob] = []
    faults: list[Fault] = []
    for path, study in itertools.product(paths, dict.fromkeys(studies) or [None]):
        name = (
            f"{path.stem}--{_slug(study.removesuffix('.toml'))}.html"
            if study and len(studies) > 1
            else f"{path.stem}.html"
        )
        asked = given if study is None else given | {"study": TypedValue(study)}
        try:
            runs.append(ReportJob(path, notebooks.check_parameters(path, asked), folder / name, pdf))
        except ParameterError as error:
            faults.extend(error.faults)
    for target, count in Counter(run.target for run in runs).items():
        if count > 1:
            faults.append(Fault(str(target), f"{count} reports of this name", "one", "Make them one by one."))
    if faults:
        raise ParameterError(*dict.fromkeys(faults))
    return runs


def _shown(default: object) -> str:
    """Return a default as one types it behind `-p name=`."""
    return ",".join(map(str, default)) if isinstance(default, list) else str(default)


def _slug(text: str) -> str:
    return re.sub(r"[^\w.-]+", "-", text).strip("-.")


def _list(paths: Iterable[Path]) -> None:
    for path in paths:
        rows = [
            (each.name, each.type_name, repr(each.default), each.help)
            for each in notebooks.read_parameters(path)
        ]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        click.echo(f"{path.stem}  {notebooks.notebook_title(notebooks.load_notebook(path))}".rstrip())
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            click.echo(f"    {'  '.join(cells)}".rstrip())


# What is made


def _make(run: ReportJob) -> ReportOutcome:
    """Make one report, with its PDF where asked; an error of the kit is returned, not raised."""
    from retrain_kit.reports import render  # noqa: PLC0415 - an edge

    try:
        made = [render.write_report(run.notebook, run.values, run.target, Path.cwd())]
        if run.pdf:
            made.append(render.print_pdf(run.target, run.target.with_suffix(".pdf")))
            render.note_derived_files(made, run.values, Path.cwd())
    except KitError as error:
        return error
    return MadeReport(made, render.rejected_count(run.target))


def _make_all(runs: Sequence[ReportJob], jobs: int) -> list[ReportOutcome]:
    """Make all reports, several in processes of their own; the outcomes are in the order of `runs`."""
    if len(runs) == 1:
        with _ended_as_interrupted():
            return [_make(runs[0])]
    from concurrent.futures import as_completed  # noqa: PLC0415 - one report needs no pool

    from tqdm import tqdm  # noqa: PLC0415 - the same

    with _pool(jobs) as pool, tqdm(total=len(runs), unit="report", file=sys.stderr) as bar:
        futures = [pool.submit(_work, run) for run in runs]
        for _ in as_completed(futures):
            bar.update()
    return [_outcome(run, future) for run, future in zip(runs, futures, strict=True)]


def _outcome(run: ReportJob, future: Future[ReportOutcome]) -> ReportOutcome:
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 - see above

    try:
        return future.result()
    except BrokenProcessPool:
        do = "Perhaps the memory was full: try fewer at once, with -j 1."
        return ReportError(
            Fault(str(run.target), "a process that was ended from outside", "one that ends itself", do)
        )


@contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Give a pool whose processes are ended, and waited for, when the block is interrupted."""
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - see above

    context = multiprocessing.get_context("spawn")
    with _ended_as_interrupted(), ProcessPoolExecutor(jobs, context, _leave_interrupts_to_parent) as pool:
        try:
            yield pool
        except KeyboardInterrupt:
            _end(multiprocessing.active_children())
            pool.shutdown(cancel_futures=True)
            raise


def _end(children: Sequence[multiprocessing.process.BaseProcess]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        child.join(_PATIENCE_S)
        if child.is_alive():
            child.kill()


def _work(run: ReportJob) -> ReportOutcome:
    """Make one report in a process of the pool; when ended, the kernel is ended first."""
    try:
        with _ended_as_interrupted():
            return _make(run)
    except KeyboardInterrupt:
        os._exit(1)


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _ended_as_interrupted() -> Iterator[None]:
    """Take the signal to end as Ctrl-C, so that kernels and temporary files do not stay behind."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_: int, __: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
