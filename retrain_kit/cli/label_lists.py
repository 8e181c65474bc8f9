"""The files that tell more of a label system, as options: what its ids are called, and two lists of ids."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

FILE = click.Path(exists=True, path_type=Path)

_OPTIONS = (
    click.option("--names", type=FILE, help="What ids are called, as Open Images' class descriptions."),
    click.option("--withdrawn", type=FILE, help="A list of ids that were withdrawn, as published."),
    click.option("--wounding", type=FILE, help="A list of ids whose words may wound: only these are veiled."),
)

Command = TypeVar("Command", bound="Callable[..., Any]")


def lists_options(command: Command) -> Command:
    """Give a command `--names`, `--withdrawn` and `--wounding`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
