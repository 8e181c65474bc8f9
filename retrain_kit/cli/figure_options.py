"""How commands are told which published figures count: more of them in files, and only some of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_OPTIONS = (
    click.option(
        "--figures",
        "files",
        multiple=True,
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="More figures, a TOML with tables [[figure]]; repeatable.",
    ),
    click.option("--use", "chosen", multiple=True, metavar="ID", help="Only this figure; repeatable."),
)

Command = TypeVar("Command", bound="Callable[..., Any]")


def figures_options(command: Command) -> Command:
    """Give a command `--figures` and `--use`: what `batch.work_ledger.choose_figures` takes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
