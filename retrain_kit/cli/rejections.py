"""What every command that reads a study says of annotations that could not be taken, and `--strict`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from retrain_kit.annotations import rejections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.annotations.rejections import Watch

REJECTED_STATUS = 3
"""The exit status where all was done, and annotations could not be taken."""


def _be_strict(_: click.Context, __: click.Parameter, strict: bool) -> None:  # noqa: FBT001 - click's signature
    if watch := rejections.current_watch():
        watch.strict = strict


strict_option = click.option(
    "--strict",
    is_flag=True,
    expose_value=False,
    callback=_be_strict,
    help="Stop where an annotation cannot be taken; without it that is said, and the exit status is 3.",
)


@contextmanager
def said_on_screen() -> Iterator[Watch]:
    """Say on screen, for the block, what could not be taken of the studies that are read."""
    with rejections.watching(lambda words: click.echo(f"retrain-kit: {words}", err=True)) as watch:
        yield watch
