"""`retrain-kit merge`: what people said, brought together from several laptops or sessions."""

from __future__ import annotations

from pathlib import Path

import click

from retrain_kit.cli.group import kit, say
from retrain_kit.errors import KitError


@kit.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o",
    "store",
    type=click.Path(file_okay=False, path_type=Path),
    default="answers",
    show_default=True,
    help="The store to merge into; made where it is not there.",
)
@click.option(
    "--accept-deletions",
    is_flag=True,
    help="Also delete what the keepers of other stores deleted; authors' own withdrawals always count.",
)
def merge(*, files: tuple[Path, ...], store: Path, accept_deletions: bool) -> None:
    """Bring answers of several people together: FILES are stores, or files that a store or a page gave.

    They may come in any order, and any number of times. What was withdrawn stays withdrawn when an older file
    comes in. No answer is lost.
    """
    from retrain_kit import answers  # noqa: PLC0415 - see the package's docstring

    merged = answers.merge(files, store, accept_deletions=accept_deletions)
    say(KitError(*merged.faults))
    new = f"{merged.answers} answers, {merged.footnotes} footnotes, {merged.withdrawals} withdrawals are new"
    click.echo(f"{new}; {merged.known} lines were known, {merged.kept_out} stay withdrawn")
    click.echo(store)
