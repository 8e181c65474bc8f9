"""Options that several commands have: published figures, and files that tell more of a label system."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

Command = TypeVar("Command", bound="Callable[..., Any]")
FILE = click.Path(exists=True, path_type=Path)
_EXERCISES_OF = {
    "named": "what-if",
    "second_study": "polyphony",
    "questions": "conversation",
    "guests": "recoding-art",
    "captions": "recoding-art",
    "model": "recoding-art",
}
"""For which exercise an option is, by the name of its parameter."""


def check_exercise_options(exercises: Collection[str]) -> None:
    """Refuse options of the running command that were typed for an exercise that is not done."""
    ctx = click.get_current_context()
    for each in ctx.command.params:
        exercise = _EXERCISES_OF.get(each.name or "", "")
        if exercise and exercise not in exercises and ctx.params[each.name or ""]:
            name = max(each.opts, key=len)
            raise click.UsageError(
                f"{name} is for {exercise}. Add --exercise {exercise}, or leave {name} out."
            )


def figures_options(command: Command) -> Command:
    """Give a command `--figures` and `--use`: what `batch.work_ledger.choose_figures` takes."""
    return _with_options(
        command,
        click.option(
            "--figures",
            "files",
            multiple=True,
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="More figures, a TOML with tables [[figure]]; repeatable.",
        ),
        click.option("--use", "chosen", multiple=True, metavar="ID", help="Only this figure; repeatable."),
    )


def lists_options(command: Command) -> Command:
    """Give a command `--names`, `--withdrawn` and `--wounding`."""
    wounding = "A list of ids whose words may wound: only these are veiled."
    return _with_options(
        command,
        click.option("--names", type=FILE, help="What ids are called, as Open Images' class descriptions."),
        click.option("--withdrawn", type=FILE, help="A list of ids that were withdrawn, as published."),
        click.option("--wounding", type=FILE, help=wounding),
    )


def _with_options(command: Command, *options: Callable[[Command], Command]) -> Command:
    for option in reversed(options):
        command = option(command)
    return command
