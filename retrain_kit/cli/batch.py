"""`retrain-kit decanonize`, `coverage` and `mosaic`: what is done to all images of a study at once."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from retrain_kit.cli import naming, words_veil
from retrain_kit.cli.group import kit
from retrain_kit.cli.naming import study_argument
from retrain_kit.cli.rejections import strict_option
from retrain_kit.errors import without_secrets
from retrain_kit.studies import manifests

_OUT = click.Path(path_type=Path)
shape_option = click.option(
    "--shape",
    type=click.Choice(["box", "outline"]),
    default="box",
    show_default=True,
    help="What counts as tagged: boxes, or polygons and masks where there are any.",
)


@kit.command()
@study_argument
@click.option("-o", "out", required=True, metavar="OUT", help="Write here: a folder, or an address with ://.")
@click.option(
    "--way",
    type=click.Choice(["auto", "jpeg", "exact", "beside", "pixel"]),
    default="auto",
    show_default=True,
    help="How pixels are taken out; see above.",
)
@click.option(
    "--fill",
    default="white",
    show_default=True,
    help="What takes the place of the tags: a colour, transparent, blur or pixelate.",
)
@shape_option
@click.option(
    "--lossless",
    type=click.Choice(["png", "webp"]),
    default="png",
    show_default=True,
    help="The format in which images are written without loss.",
)
@click.option("--masks", is_flag=True, help="Also write a mask of what is gone, beside each image.")
@click.option(
    "-j",
    "workers",
    type=click.IntRange(0),
    default=0,
    help="How many processes; one for each core if left out.",
)
@click.option("--scheduler", default="", metavar="ADDRESS", help="Work on an existing Dask cluster.")
@click.option(
    "--local-cluster", type=click.IntRange(0), default=0, help="Work on so many Dask workers on this machine."
)
@click.option(
    "--verify",
    is_flag=True,
    help="Check the files that are there against the log, and try skipped images again.",
)
@strict_option
def decanonize(  # noqa: PLR0913 - one argument an option
    *,
    study: str,
    out: str,
    way: str,
    fill: str,
    shape: str,
    lossless: str,
    masks: bool,
    workers: int,
    scheduler: str,
    local_cluster: int,
    verify: bool,
) -> None:
    r"""Take out of all images what their tags cover.

    The result is a study of its own, with a log of what was done to each image. What in a folder is no
    image is left out and listed. Images may also lie at an address with ://, with annotations.jsonl beside
    them. The command can be stopped at any time; typed again, it goes on where it was.

    \b
    auto    JPEGs without decoding them, all else without loss
    jpeg    JPEGs without decoding them; what cannot be done so is skipped
    exact   decoded, and written without loss
    beside  the untouched original beside a one-bit mask: it still holds what was removed
    pixel   JPEGs decoded and encoded again with their own tables
    """
    from retrain_kit.batch.decanonize import DecanonizeOptions, WorkerPool  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.batch.decanonize import decanonize as run  # noqa: PLC0415 - the same
    from retrain_kit.datasets.formats import listings  # noqa: PLC0415 - the same

    options = DecanonizeOptions(way, fill, shape, lossless, masks)  # type: ignore[arg-type] # click has checked them
    crew, veiling = WorkerPool(workers, scheduler, local_cluster), words_veil.current()
    outcome = run(_found(study), out, options, crew, accepted=veiling.accepted, verify=verify)
    veiling.note(Path(without_secrets(study)).stem, outcome.veil)
    ways = ", ".join(f"{count} {name}" for name, count in sorted(outcome.ways.items())) or "none"
    done = f"images: {outcome.ways.total()} ({ways})"
    click.echo(f"{done}; {outcome.before} of them before" if outcome.before else done)
    if outcome.whole:
        click.echo(f"nothing taken out of {outcome.whole} of them: no annotation covers anything there")
    click.echo(f"{outcome.skipped} skipped; the log says why" if outcome.skipped else "none skipped")
    if outcome.partial:
        click.echo(f"files of several frames or pages, of which the first was done: {outcome.partial}")
    for line in listings.left_out_in_words(outcome.left_out):
        click.echo(line)
    click.echo(f"{outcome.journal}\n{without_secrets(outcome.manifest)}")
    if outcome.skipped:
        sys.exit(1)


def _found(study: str) -> str:
    """Return where a batch finds a study: its TOML, or a folder that has the kit's own annotations."""
    from retrain_kit.batch.decanonize import inputs  # noqa: PLC0415 - see the package's docstring

    if "://" in study:
        return study
    folder = manifests.find_folder(study)
    own = folder and (folder / inputs.ANNOTATIONS_NAME).is_file()
    return str(folder if own else naming.find_study(study))


@kit.command()
@study_argument
@click.option("-o", "out", type=_OUT, required=True, metavar="OUT", help="Write the Parquet files here.")
@strict_option
def coverage(*, study: str, out: Path) -> None:
    """Measure how much of every image is tagged, over the whole box table of a data set.

    A place under several boxes counts once. Figures are by image, by label, by annotator, and by place on
    the frame. Of a study of Open Images the whole table is measured, of every other study its own regions. A
    run that was cut goes on where it was.
    """
    from retrain_kit.batch.coverage import measuring  # noqa: PLC0415 - see the package's docstring

    measured = measuring.measure_study(naming.load_study(study, pinned=False, keep=False), out)
    click.echo(measured.in_words)
    for path in sorted(out.glob("*.parquet")):
        click.echo(path)


@kit.command()
@study_argument
@click.option(
    "-o", "out", type=_OUT, required=True, metavar="OUT", help="A .jpg, .png or .html file, or a folder."
)
@click.option(
    "--view",
    type=click.Choice(["tagged", "decanonized", "taken", "as it is"]),
    default="decanonized",
    show_default=True,
    help="What the tiles show.",
)
@click.option("--fill", default="white", show_default=True, help="What takes the place of the tags.")
@shape_option
@click.option(
    "--tile",
    "tile_px",
    type=click.IntRange(8),
    default=100,
    show_default=True,
    help="How many pixels wide and high a tile is.",
)
@click.option(
    "--columns",
    type=click.IntRange(1),
    help="How many tiles in a row; if left out, the mosaic is four wide to three high.",
)
@click.option(
    "--order",
    type=click.Choice(["as given", "id", "brightness"]),
    default="as given",
    show_default=True,
    help="In which order the tiles stand.",
)
@strict_option
def mosaic(  # noqa: PLR0913 - one argument an option
    *,
    study: str,
    out: Path,
    view: str,
    fill: str,
    shape: str,
    tile_px: int,
    columns: int | None,
    order: str,
) -> None:
    """Show all images of STUDY as one mosaic, and the way from it to each image.

    An .html file holds everything, for studies of some hundred images at most. A folder has a page to zoom,
    which works offline, and the mosaic at every scale. A .jpg or .png is the mosaic alone.
    """
    from retrain_kit import datasets  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.batch.mosaic import zoom  # noqa: PLC0415 - the same
    from retrain_kit.batch.mosaic.mosaic import MosaicLayout  # noqa: PLC0415 - the same
    from retrain_kit.batch.mosaic.tiles import Look  # noqa: PLC0415 - the same

    manifest = naming.load_study(study)
    look = Look(view, fill, shape, tile_px)  # type: ignore[arg-type] # click has checked them
    layout = MosaicLayout(columns, order)  # type: ignore[arg-type] # click has checked them
    for path in zoom.write_mosaic(datasets.read(manifest), manifest, out, look, layout):
        click.echo(path)
