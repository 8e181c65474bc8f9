"""`retrain-kit report`: notebooks in, self-contained pages out."""

from __future__ import annotations

import itertools
import os
import re
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from retrain_kit.annotations import rejections
from retrain_kit.cli import naming, words_veil
from retrain_kit.cli.group import UnwrappedHelpCommand, kit, print_faults
from retrain_kit.cli.naming import study_option
from retrain_kit.cli.rejections import REJECTED_STATUS, strict_option
from retrain_kit.errors import Fault, KitError, ParameterError
from retrain_kit.reports import making, notebooks, summary
from retrain_kit.reports.making import MadeReport, ReportJob
from retrain_kit.reports.parameters import TypedValue
from retrain_kit.storage.home import home_folder
from retrain_kit.studies import manifests

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrain_kit.reports.making import ReportOutcome


def _named_values(_: click.Context, __: click.Parameter, pairs: tuple[str, ...]) -> dict[str, TypedValue]:
    for pair in pairs:
        if not re.match(r"\w+=", pair):
            message = f"'{pair}' is not of the form name=value."
            raise click.BadParameter(message)
    return {name: TypedValue(value) for name, _, value in (pair.partition("=") for pair in pairs)}


ACCEPTED = "accepted"
"""The parameter of notebooks that says that the content notice was accepted."""
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
@study_option(
    "--study", "studies", multiple=True, help="Set the parameter study; several make a report each."
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
    Several notebooks and several studies make a report for each pair, side by side, and a page, index.html,
    that links them. All parameters are checked before anything runs. The last lines printed are the paths
    of the reports, and of that page.
    """
    paths = _found(names)
    if listing or not paths:
        _list(paths or notebooks.available_notebooks())
        return
    runs = _plan(paths, studies, _given(files, values), folder, pdf=pdf)
    home_folder()  # each report would say for itself that there is none
    for study in _studies_asked(runs):
        if manifests.find_folder(study):
            naming.find_study(study)
    _check_strictly(runs)
    outcomes = _make(runs, min(jobs or _cores(), len(runs)))
    for error in outcomes:
        if isinstance(error, KitError):
            print_faults(error)
    made = [outcome for outcome in outcomes if not isinstance(outcome, KitError)]
    for each in made:
        click.echo("\n".join(map(str, each.files)))
    if len(runs) > 1:
        click.echo(summary.write_summary(runs, outcomes, folder))
    _say_rejected(made)
    if len(made) < len(outcomes):
        sys.exit(1)
    if any(each.rejected for each in made):
        sys.exit(REJECTED_STATUS)


def _make(runs: Sequence[ReportJob], jobs: int) -> list[ReportOutcome]:
    from tqdm import tqdm  # noqa: PLC0415 - one report needs none

    from retrain_kit.fiftyone import database  # noqa: PLC0415 - the same

    if len(runs) == 1:
        return [making.make_report(runs[0])]
    if any("fiftyone" in run.notebook.read_text(encoding="utf-8") for run in runs):
        with suppress(KitError):
            database.ensure_running()  # one user of it that stays: it does not end between two reports
    with tqdm(total=len(runs), unit="report", file=sys.stderr) as bar:
        return making.make_reports(runs, jobs, bar.update)


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
    from retrain_kit import datasets  # noqa: PLC0415 - an edge

    for study in _studies_asked(runs):
        datasets.read(naming.load_study(study))


def _studies_asked(runs: Iterable[ReportJob]) -> list[str]:
    """Return the studies that reports are asked for, each once."""
    keys = ("study", "other", "second_study", "hands_study")
    return list(dict.fromkeys(str(run.values[key]) for run in runs for key in keys if run.values.get(key)))


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
        asked |= {} if ACCEPTED in asked else _acceptance(path)
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


def _acceptance(path: Path) -> dict[str, TypedValue]:
    """Return the value by which a notebook is told that the notice was accepted, where it was and it asks."""
    asks = words_veil.current().accepted and any(
        each.name == ACCEPTED for each in notebooks.read_parameters(path)
    )
    return {ACCEPTED: TypedValue("True")} if asks else {}


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


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
