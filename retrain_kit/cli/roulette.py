"""`retrain-kit roulette`: the label system of a study, read for a room on a wall."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from retrain_kit.cli import naming, words_veil
from retrain_kit.cli.group import kit
from retrain_kit.cli.rejections import strict_option
from retrain_kit.cli.shared_options import FILE, lists_options
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage.files import PAGE_ENDINGS, check_endings, writing

if TYPE_CHECKING:
    from retrain_kit.analysis.roulette import By, Wheel


@kit.command()
@naming.study_argument
@click.option(
    "-o",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="OUT.html",
    help="Write this page.",
)
@click.option("-n", "number", type=click.IntRange(1), default=12, show_default=True, help="How many images.")
@click.option(
    "--by",
    type=click.Choice(["lot", "label", "depth"]),
    default="lot",
    show_default=True,
    help="Which: by lot, those of one label, or those of the deepest labels.",
)
@click.option("--label", default="", help="Which label, its id or its word; of a veiled word its id.")
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True, help="Another draws others.")
@click.option(
    "--seconds",
    type=click.IntRange(5, 600),
    default=12,
    show_default=True,
    help="How long an image stays, with its tags and again without.",
)
@click.option(
    "--label-system",
    "system",
    type=FILE,
    help="The label system; that of the study, or its own words, if left out.",
)
@lists_options
@click.option(
    "--person",
    "persons",
    multiple=True,
    metavar="ID",
    help="An id or a word that counts as person, too; repeatable.",
)
@click.option("--real", type=FILE, help="ReaL's real.json: second labels of ImageNet's validation.")
@click.option("--classes", type=FILE, help="LOC_synset_mapping.txt: what the numbers in real.json mean.")
@click.option("--imagenet-x", type=FILE, help="A file of ImageNet-X: an annotator's own sentences.")
@click.option("--show-people", is_flag=True, help="Do not make regions of people coarse.")
@strict_option
def roulette(  # noqa: PLR0913 - one argument an option
    *,
    study: str,
    out: Path,
    number: int,
    by: By,
    label: str,
    seed: int,
    seconds: int,
    **options: Any,  # noqa: ANN401 - what tells the label system
) -> None:
    """Make a page for a wall: images of STUDY, each with a label hanging on it, then without what was tagged.

    The page is one screen and turns slowly by itself. It says what the label means, the way down to it, what
    else it could have been, how many images share it and who gave it. It needs nothing else and asks no host
    for anything; beside a class, open it in the projector's browser.

    Nobody who stands before it is classified: there is no camera and no upload. Regions of people are made
    coarse, and words for people are veiled.
    """
    from tqdm.auto import tqdm  # noqa: PLC0415 - see the package's docstring

    from retrain_kit.analysis.roulette import draw_turns  # noqa: PLC0415 - the same
    from retrain_kit.widgets.roulette_wall import roulette_wall_html  # noqa: PLC0415 - the same

    check_endings([out], PAGE_ENDINGS)
    wheel = _wheel(study, **options)
    turns = draw_turns(wheel, number, seed, by, label)
    if not turns:
        raise DataError(_no_turn(study, wheel))
    watched = tqdm(turns, unit="image", desc="roulette", delay=1, leave=False)
    page = roulette_wall_html(watched, wheel, seconds)
    with writing(out) as path:
        path.write_text(page, encoding="utf-8")
    click.echo(
        f"images: {len(turns)}; veiled words: {sum(map(wheel.veil.hides, wheel.taxonomy.synsets)):,}\n{out}"
    )
    for name, licence in wheel.second.licences.items():
        click.echo(f"{name}: {licence}")


def _no_turn(study: str, wheel: Wheel) -> Fault:
    """Return why no image can be shown: nothing has a label, or nothing that the label system has."""
    if any(sample.regions or sample.labels or sample.points for sample in wheel.samples):
        found, do = (
            "no image with a label of the label system",
            "Does the system fit the study? See --label-system.",
        )
    else:
        found, do = "no label on any image", "Nothing can hang on an image that nobody has labelled."
    return Fault(study, found, "some", do)


def _wheel(  # noqa: PLR0913 - one argument an option
    study: str,
    *,
    system: Path | None,
    names: Path | None,
    withdrawn: Path | None,
    wounding: Path | None,
    persons: tuple[str, ...],
    real: Path | None,
    classes: Path | None,
    imagenet_x: Path | None,
    show_people: bool,
) -> Wheel:
    from retrain_kit import datasets  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.analysis import label_use, own_labels, person_words  # noqa: PLC0415 - the same
    from retrain_kit.analysis.roulette import Wheel  # noqa: PLC0415 - the same
    from retrain_kit.datasets import second_labels, study_systems  # noqa: PLC0415 - the same

    manifest = naming.load_unveiled(study)
    samples = datasets.read(manifest)
    second = second_labels.read_second_labels(real, classes, imagenet_x)
    taxonomy, ids = study_systems.read_study_system(manifest, samples, system, names, withdrawn)
    listed = study_systems.read_listed(manifest, wounding)
    tops = own_labels.persons_meant(taxonomy, persons)
    accepted = words_veil.current().accepted
    veil = own_labels.people_veil(taxonomy, listed, accepted=accepted, persons=tops)
    use = label_use.count_label_use(taxonomy, samples, ids)
    words = person_words.find_person_words(taxonomy, tops)
    wheel = Wheel(samples, manifest, taxonomy, use, words, veil, ids, not show_people, second)
    words_veil.current().note(manifest.name, wheel.veiled)
    return wheel
