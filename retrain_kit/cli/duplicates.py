"""`retrain-kit duplicates`: the same image, or nearly the same, over all studies on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from retrain_kit.cli import naming, words_veil
from retrain_kit.cli.group import kit
from retrain_kit.cli.naming import studies_argument
from retrain_kit.errors import Fault, ParameterError


@kit.command()
@studies_argument(required=False)
@click.option(
    "-o",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default="near-duplicates",
    show_default=True,
    help="Write page and table into this folder.",
)
@click.option(
    "--bits",
    "most_bits",
    type=click.IntRange(0, 128),
    default=48,
    show_default=True,
    help="How many of the 256 bits of two hashes may differ.",
)
@click.option(
    "--judgements",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where people have judged pairs.  [default: near-duplicates/judgements.csv in the data folder]",
)
def duplicates(*, studies: tuple[str, ...], folder: Path, most_bits: int, judgements: Path | None) -> None:
    """Find copies and near copies of images in STUDY…, or in all studies on this machine.

    Copies are the same file, byte for byte. Near copies look alike by a perceptual hash: saved again, made
    smaller, mirrored, cut a little. What is in two splits of one data set comes first. Nothing is merged or
    deleted: the page shows each pair side by side, for people to judge, and the table lists all of them.

    Hashes are kept in the data folder, so that no file is read twice. A search that was stopped goes on
    where it was.
    """
    from retrain_kit.batch.near_duplicates import judgements as judging  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.batch.near_duplicates import page, places, search  # noqa: PLC0415 - the same

    own = judgements or judging.judgements_path()
    judged = judging.load_judgements(own)
    looked = naming.load_studies(studies, unveiled=True) or places.studies_here()
    if not looked:
        raise ParameterError(Fault("STUDY", "no study with images here", "one", "retrain-kit pull gets one."))
    found = search.search_studies(looked, most_bits=most_bits)
    result = search.shown_result(found, words_veil.current().over_what_is_here)
    for name, told in result.lines:
        click.echo(f"{name}: {told}" if told else "", nl=bool(told))
    judging.begin_judgements(own)
    for path in (*page.write_result(result, judged, folder, own), own):
        click.echo(path)
