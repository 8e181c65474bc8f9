"""`retrain-kit city`: a study as a landscape, each image a house, as high as others worked at it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from retrain_kit.cli import naming, words_veil
from retrain_kit.cli.group import kit
from retrain_kit.cli.naming import study_argument
from retrain_kit.cli.rejections import strict_option
from retrain_kit.cli.shared_options import figures_options
from retrain_kit.storage.files import check_endings

if TYPE_CHECKING:
    from collections.abc import Iterable


@kit.command()
@study_argument
@click.option(
    "-o",
    "outs",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT",
    help="Write the page (.html), a still (.png) or a flight (.apng) here; repeatable.",
)
@click.option("--house", type=int, metavar="NUMBER", help="Say what is known of this house, by its number.")
@click.option(
    "--view",
    type=click.Choice(["afar", "middle", "street"]),
    default="afar",
    show_default=True,
    help="From where a still is seen.",
)
@click.option("--image", default="", metavar="ID", help="Mark the house of this image in stills and flights.")
@click.option("--night", is_flag=True, help="Stills and flights by night.")
@figures_options
@strict_option
def city(  # noqa: PLR0913 - one argument an option
    *,
    study: str,
    outs: tuple[Path, ...],
    house: int | None,
    view: str,
    image: str,
    night: bool,
    files: tuple[Path, ...],
    chosen: tuple[str, ...],
) -> None:
    """Show all images of STUDY as a city to walk through, each a house, as high as others worked at it.

    A house is solid up to the least time that published figures give for its annotations, and glass from
    there to the most. It stands in the district of the label with the largest area. Of a study of Open Images
    the whole table of boxes is shown, of every other study its own images. The page is one file that asks no
    host for anything; stills and flights need no browser.
    """
    from retrain_kit.batch import work_city, work_ledger  # noqa: PLC0415 - see the package's docstring

    if not outs and house is None:
        raise click.UsageError("Say what to write (-o), or which house to speak of (--house).")
    check_endings(outs, work_city.ENDINGS)
    manifest = naming.load_study(study, pinned=False, keep=False)
    figures = work_ledger.choose_figures(files, chosen)
    asked = _asked(study, files, chosen)
    found = work_city.study_city(manifest, figures, accepted=words_veil.current().accepted)
    if house is not None:
        click.echo(repr(work_city.house_card(found, house, asked)))
    look = work_city.Look(view, manifest.meant_id(image) if image else "", night)
    for out in outs:
        work_city.write_city(found, out, shlex.join(["retrain-kit", "city", *asked]), look)
        click.echo(out)


def _asked(study: str, files: Iterable[Path], chosen: Iterable[str]) -> list[str]:
    """Return how a command is told all by which a house has its number and its time."""
    words = [word for file in files for word in ("--figures", str(file))]
    words += [word for figure in chosen for word in ("--use", figure)]
    return [study, *words, *([words_veil.ACCEPT] if words_veil.current().accepted else [])]
