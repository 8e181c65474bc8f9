"""`retrain-kit replay`: how the annotations of images came, as a page for a wall or as a film."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from retrain_kit.cli import naming, words_veil
from retrain_kit.cli.group import kit
from retrain_kit.cli.rejections import strict_option
from retrain_kit.cli.shared_options import figures_options
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.storage.files import PAGE_ENDINGS, check_endings, writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrain_kit.analysis.replay import Order
    from retrain_kit.analysis.study_replay import StudyReplay
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.timelines import End
    from retrain_kit.display.figures import Panel
    from retrain_kit.display.replay_screen import Ground
    from retrain_kit.studies.manifests import Manifest

FILMS = (".png", ".apng")
SCREENS, WALL_PX = 12, 960


@kit.command()
@naming.study_argument
@click.option(
    "-o",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="OUT.html|OUT.png",
    help="A page for a wall, or a film: an animated PNG.",
)
@click.option("--image", "ids", multiple=True, metavar="ID", help="This image, by id or file; repeatable.")
@click.option(
    "-n",
    "--number",
    type=click.IntRange(1),
    help="How many images, drawn by the seed.  [default: 12 on a page, in a film the one with most corners]",
)
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True, help="Another draws others.")
@click.option(
    "--end",
    type=click.Choice(["least", "most"]),
    default="most",
    show_default=True,
    help="At which end of the published seconds.",
)
@click.option(
    "--factor",
    type=click.FloatRange(0, min_open=True),
    help="How many times faster than these.  [default: the smallest with which all is drawn within 40 s]",
)
@click.option(
    "--order",
    type=click.Choice(["largest", "listed", "lot"]),
    default="largest",
    show_default=True,
    help="Which drawing comes first, where nobody says.",
)
@click.option("--by-hand", is_flag=True, help="Play what a machine drew as if by hand, and say so.")
@click.option(
    "--ground",
    type=click.Choice(["dark", "light"]),
    default="dark",
    show_default=True,
    help="What it is drawn on.",
)
@click.option(
    "--width", type=click.IntRange(64, 2048), default=960, show_default=True, help="Of a film, in px."
)
@figures_options
@click.option(
    "--show-image-at-end",
    "show",
    is_flag=True,
    help="Put the images into the page, people veiled, for the end.",
)
@strict_option
def replay(  # noqa: PLR0913 - one argument an option
    *,
    study: str,
    out: Path,
    ids: tuple[str, ...],
    number: int | None,
    seed: int,
    end: End,
    factor: float | None,
    order: Order,
    by_hand: bool,
    ground: Ground,
    width: int,
    files: tuple[Path, ...],
    chosen: tuple[str, ...],
    show: bool,
) -> None:
    """Play how the annotations of images of STUDY came, outline after outline, and show no image.

    The pace is that of published seconds, or so many times faster. Each image has its own; their sum is
    counted. Clicks and recorded traces come in their own order; any other order is made up, and the replay
    says by which rule. What a machine drew alone is there at once: it took nobody's time.

    OUT.html is one offline page for a wall, with as many screens as there are images. OUT.png, or OUT.apng,
    is a film for talks.
    """
    from retrain_kit import datasets  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.analysis import study_replay  # noqa: PLC0415 - the same
    from retrain_kit.batch import work_ledger  # noqa: PLC0415 - the same

    film = _is_film(out, show=show)
    chosen_figures = work_ledger.choose_figures(files, chosen)
    unveiled = naming.load_unveiled(study)
    manifest = words_veil.current().over(unveiled)
    samples = _chosen(
        datasets.read(manifest), manifest.meant_ids(ids), number or (0 if film else SCREENS), seed
    )
    made = study_replay.make_replay(
        samples,
        manifest,
        chosen_figures,
        end=end,
        factor=factor or 0.0,
        order=order,
        seed=seed,
        by_hand=by_hand,
    )
    if film:
        _write_film(made, out, width, ground)
    else:
        _write_page(made, out, ground, _shown(unveiled, manifest, samples) if show else {})
    click.echo(f"{made.note!r}\n{out}")


def _is_film(out: Path, *, show: bool) -> bool:
    """Say whether a film is asked for, and not a page.

    Raises
    ------
    ParameterError
        When neither is, or an image at the end of a film.
    """
    ending = out.suffix.lower()
    check_endings([out], (*PAGE_ENDINGS, *FILMS))
    if show and ending in FILMS:
        raise ParameterError(Fault("--show-image-at-end", out.name, "a page: a film has too few colours"))
    return ending in FILMS


def _chosen(every: Sequence[Sample], ids: Sequence[str], number: int, seed: int) -> list[Sample]:
    """Return the images that are asked for, so many by lot, or with 0 the one with most drawings."""
    from retrain_kit.analysis import study_replay  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.studies import sampling  # noqa: PLC0415 - the same

    if ids:
        return study_replay.choose_samples(every, ids)
    found = sampling.draw_samples(every, number, seed) if number else study_replay.most_drawn(every)
    if not found:
        raise DataError(Fault("study", "no image", "one at least"))
    return found


def _write_film(made: StudyReplay, out: Path, width_px: int, ground: Ground) -> None:
    from tqdm.auto import tqdm  # noqa: PLC0415 - see the package's docstring

    from retrain_kit.display import replay_film  # noqa: PLC0415 - the same

    sheet = replay_film.lay_out(made.timelines, width_px, ground)
    patches = replay_film.film_patches(sheet, made.play, made.caption)
    count = replay_film.frame_count(sheet, made.play)
    watched = tqdm(patches, unit="frame", desc="film", total=count, delay=1, leave=False)
    with writing(out) as path, path.open("wb") as file:
        replay_film.write_film(file, watched)


def _write_page(made: StudyReplay, out: Path, ground: Ground, shown: Mapping[str, Panel]) -> None:
    from retrain_kit.widgets.replay_wall import replay_wall_html  # noqa: PLC0415 - the same

    page = replay_wall_html(made, ground, shown)
    with writing(out) as path:
        path.write_text(page, encoding="utf-8")


def _shown(unveiled: Manifest, manifest: Manifest, samples: Sequence[Sample]) -> dict[str, Panel]:
    """Return the images themselves, people made coarse, by the ids that the page has for them."""
    from retrain_kit import datasets  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.analysis import own_labels, people_in_images  # noqa: PLC0415 - the same
    from retrain_kit.datasets import study_systems  # noqa: PLC0415 - the same
    from retrain_kit.display.figures import Panel  # noqa: PLC0415 - the same
    from retrain_kit.imaging import decoding  # noqa: PLC0415 - the same

    own = datasets.read(unveiled)
    taxonomy, ids = study_systems.read_study_system(unveiled, own)
    veil = own_labels.people_veil(taxonomy, study_systems.read_listed(unveiled))
    people = people_in_images.people_of_study(unveiled, taxonomy, veil, ids)
    names = {sample.id for sample in samples}
    found = {}
    for sample in own:
        name = manifest.veil.name(sample.id) if manifest.veil else sample.id
        if name in names:
            image, told = people_in_images.veil_people(decoding.load_sample(sample), sample, people)
            found[name] = Panel.from_image(image, name, told, WALL_PX)
    return found
