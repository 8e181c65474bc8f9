"""`retrain-kit review`: look at every image before it is handed out."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from retrain_kit.cli.group import kit
from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from retrain_kit.exercises.living_with_images.allocation import StudyImage
    from retrain_kit.studies.manifests import Manifest


@kit.command()
@click.argument("studies", nargs=-1, metavar="STUDY...")
@click.option("--people", type=click.IntRange(1), help="How many people get a set.")
@click.option("--each", type=click.IntRange(1), default=3, show_default=True, help="Images in a set.")
@click.option("--seed", type=int, help="That of the sheets.")
@click.option(
    "--odds",
    type=click.Choice(["images", "datasets"]),
    default="images",
    show_default=True,
    help="That of the sheets.",
)
@click.option("--from", "chosen", type=click.Path(path_type=Path), help="The list that a mosaic's page gave.")
@click.option("--all", "every", is_flag=True, help="Show those again on which somebody has decided.")
@click.option("--by", default="", help="Who looks: any name, or none.")
@click.option(
    "-o",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    default="review.html",
    show_default=True,
    help="Write the page here.",
)
@click.option(
    "--take",
    "taken",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take in the decisions that the page gave, and make no page.",
)
def review(  # noqa: PLR0913 - one argument an option
    *,
    studies: tuple[str, ...],
    people: int | None,
    each: int,
    seed: int | None,
    odds: str,
    chosen: Path | None,
    every: bool,
    by: str,
    out: Path,
    taken: Path | None,
) -> None:
    """Make a page of the images that `sheets` would hand out, to accept, replace or remove each.

    The page works offline, with the mouse or the keys. Its decisions are downloaded as a file, which --take
    brings to the studies. In the place of a replaced image comes the next lot, so look again until all are
    accepted: nothing is printed that nobody has seen.
    """
    if taken:
        _take(taken, studies)
        return
    if people is None or seed is None or not studies:
        do = "Or name a file of decisions with --take."
        raise ParameterError(
            Fault("review", "too little", "STUDY, --people and --seed, as for the sheets", do)
        )
    from retrain_kit.batch.mosaic import zoom  # noqa: PLC0415 - the same
    from retrain_kit.exercises.living_with_images import allocation  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.studies import manifests  # noqa: PLC0415 - see the package's docstring

    loaded = [manifests.load(study) for study in dict.fromkeys(studies)]
    terms = allocation.AllocationTerms(people, each, seed, odds)  # type: ignore[arg-type] # click has checked them
    hands = allocation.allocate_reviewed(loaded, terms, zoom.read_chosen_ids(chosen) if chosen else None)
    lots = [lot for hand in hands for lot in hand.lots]
    left = lots if every else list(allocation.unreviewed_images(hands, loaded))
    if not left:
        click.echo(f"All {len(lots)} images are accepted.")
        return
    take = shlex.join(["retrain-kit", "review", *studies, "--take", "review.jsonl"])
    _write(loaded, left, out, (by, take))
    click.echo(f"{len(left)} of {len(lots)} images to look at: {out}")
    click.echo(f"Open the page, decide, download the decisions, then: {take}")


def _write(studies: list[Manifest], lots: list[StudyImage], out: Path, told: tuple[str, str]) -> None:
    from tqdm.auto import tqdm  # noqa: PLC0415 - see the package's docstring

    from retrain_kit import datasets  # noqa: PLC0415 - the same
    from retrain_kit.storage import files  # noqa: PLC0415 - the same
    from retrain_kit.widgets import review as widgets_review  # noqa: PLC0415 - the same
    from retrain_kit.widgets.review import Shown  # noqa: PLC0415 - the same

    wanted = {lot.name for lot in lots}
    found = {
        (study.name, sample.id): Shown(study, sample)
        for study in studies
        for sample in datasets.stream(study)
        if (study.name, sample.id) in wanted
    }
    shown = [found[lot.name] for lot in lots]
    bar = tqdm(shown, unit="image", desc="review", delay=1, leave=False)
    by, take = told
    page = widgets_review.html(shown, by, bar, take)
    with files.writing(out) as temporary:
        temporary.write_text(page, encoding="utf-8")


def _take(path: Path, studies: tuple[str, ...]) -> None:
    """Bring decisions to their studies: all of them, or with their faults none."""
    from retrain_kit.studies import manifests, reviews  # noqa: PLC0415 - see the package's docstring

    decisions = reviews.read_decisions(path)
    named = {manifest.name: manifest for manifest in map(manifests.load, studies)}
    for name in dict.fromkeys(decision.study for decision in decisions):
        named.setdefault(name, manifests.load(name))
    by_study = {name: [decision for decision in decisions if decision.study == name] for name in named}
    faults = [
        fault for name, each in by_study.items() for fault in reviews.decision_faults(named[name], each)
    ]
    if faults:
        raise ParameterError(*faults)
    for name, each in by_study.items():
        new = reviews.keep_decisions(named[name], each)
        found = reviews.load_reviews(named[name])
        counts = (
            f"{len(found.accepted)} accepted, {len(found.replaced)} replaced, {len(found.removed)} removed"
        )
        click.echo(f"{name}: {new} decisions are new; {counts} in all: {reviews.reviews_path(named[name])}")
