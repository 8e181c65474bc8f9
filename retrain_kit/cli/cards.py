"""`retrain-kit sheets` and `card`: images to live with, on paper, and the way back from the paper."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from retrain_kit.cli.group import kit
from retrain_kit.errors import Fault, KitError, ParameterError
from retrain_kit.exercises.living_with_images import allocation
from retrain_kit.studies import codes, manifests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.studies.manifests import Manifest

_FORMATS = ("a5", "a6", "a4", "half-letter", "quarter-letter", "letter")


@kit.command()
@click.argument("studies", metavar="STUDY...", nargs=-1, required=True)
@click.option("--people", type=click.IntRange(1), required=True, help="How many people get a set.")
@click.option("--each", type=click.IntRange(1), default=3, show_default=True, help="Images for each.")
@click.option("--seed", type=int, required=True, help="Another seed, other sets.")
@click.option(
    "--odds",
    type=click.Choice(["images", "datasets"]),
    default="images",
    show_default=True,
    help="What is alike in chance: all images, or first all studies.",
)
@click.option(
    "--from",
    "chosen",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Only the images of this table, as a mosaic's page gives it.",
)
@click.option(
    "--format",
    "name",
    type=click.Choice(_FORMATS),
    default="a5",
    show_default=True,
    help="a5, half-letter: one image a page; a6, quarter-letter: four postcards a sheet, with crop marks; "
    "a4, letter: one sheet a person.",
)
@click.option(
    "--back",
    type=click.Choice(["postcard", "notes", "none"]),
    default="notes",
    show_default=True,
    help="What the other side has room for.",
)
@click.option(
    "--duplex",
    type=click.Choice(["long", "short"]),
    default="long",
    show_default=True,
    help="The edge over which your printer turns the sheet.",
)
@click.option("--decanonized", is_flag=True, help="Without the tagged areas.")
@click.option(
    "-o",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    default="sheets.pdf",
    show_default=True,
    help="Write this PDF, and a .csv of which card is which image.",
)
def sheets(  # noqa: PLR0913 - one argument an option
    *,
    studies: tuple[str, ...],
    people: int,
    each: int,
    seed: int,
    odds: allocation.Odds,
    chosen: Path | None,
    name: str,
    back: str,
    duplex: str,
    decanonized: bool,
    target: Path,
) -> None:
    """Make printable cards: for each person a set of images from STUDY..., none twice in the class.

    The same seed gives the same sets, and the same bytes. Cards are printed once a person has looked at every
    image on them; retrain-kit review shows them. Each card bears a code that leads back to its image.
    """
    from retrain_kit.batch.mosaic import zoom  # noqa: PLC0415 - the same
    from retrain_kit.exercises.living_with_images import cards as paper  # noqa: PLC0415 - see the package's docstring

    options = paper.CardOptions(name, back, duplex, decanonized)  # type: ignore[arg-type] # click has checked them
    terms = allocation.AllocationTerms(people, each, seed, odds)
    only = zoom.read_chosen_ids(chosen) if chosen else None
    loaded = [manifests.load(study) for study in dict.fromkeys(studies)]
    for path in paper.write_cards(allocation.allocate_reviewed(loaded, terms, only), loaded, target, options):
        click.echo(path)


@kit.command()
@click.argument("code")
@click.option("--study", "studies", multiple=True, metavar="STUDY", help="Look only here; repeatable.")
def card(*, code: str, studies: tuple[str, ...]) -> None:
    """Say which image the card with CODE shows, and all that its study says of it.

    Looks in all studies that the kit finds by name, and in those of the working folder.
    """
    from retrain_kit import datasets  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.analysis import trajectories  # noqa: PLC0415 - see the package's docstring

    sought = codes.parse_card_code(code)
    found = False
    for manifest in {study.name: study for study in _studies(studies)}.values():
        ids = {image.id for image in manifest.images if codes.card_code(manifest.name, image.id) == sought}
        every = (sample for sample in datasets.stream(manifest) if sample.id in ids)
        for sample in islice(every, len(ids)):
            click.echo(f"{manifest.title} ({manifest.name})\n{sample.path}")
            click.echo(repr(trajectories.trajectory_card(sample, manifest)))
            found = True
    if not found:
        do = "Name the study with --study, as it was when the card was made."
        raise ParameterError(Fault("code", sought, "an image of a study that is here", do))


def _studies(names: tuple[str, ...]) -> Iterator[Manifest]:
    """Yield the studies of these names; without names all that are here and have their images."""
    if names:
        yield from map(manifests.load, names)
        return
    own = (path for path in sorted(Path().glob("*.toml")) if path.with_suffix(".csv").is_file())
    for study in (*map(str, own), *manifests.study_names()):
        try:
            yield manifests.load(study)
        except KitError:
            continue
