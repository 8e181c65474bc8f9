"""`retrain-kit ledger`: how long the annotations of a study took, by published figures."""

from __future__ import annotations

from pathlib import Path

import click

from retrain_kit.cli import naming
from retrain_kit.cli.group import kit
from retrain_kit.cli.naming import study_argument
from retrain_kit.cli.rejections import strict_option
from retrain_kit.cli.shared_options import figures_options
from retrain_kit.storage.files import check_endings


@kit.command()
@study_argument
@figures_options
@click.option("--image", default="", metavar="ID", help="Also say what this image took; its file will do.")
@click.option(
    "-o",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.parquet",
    help="Write the time of each image here, in seconds.",
)
@strict_option
def ledger(
    *, study: str, files: tuple[Path, ...], chosen: tuple[str, ...], image: str, out: Path | None
) -> None:
    """Say how long the annotations of STUDY took, by published figures, always as an interval.

    Of a study of Open Images the whole table of boxes is counted, of every other study its own annotations.
    What nobody has timed is counted and left out of the time. Nothing here says who worked, or how long
    anybody did.

    A figure of your own has id, about, value or low and high, unit, source and verified; work, where it is a
    time for one thing; and statistic, population, includes, date and note, as far as they are stated.
    """
    from retrain_kit.batch import work_ledger  # noqa: PLC0415 - see the package's docstring

    check_endings([out] if out else [], [".parquet"])
    manifest = naming.load_study(study, pinned=False, keep=False)
    found = work_ledger.study_ledger(manifest, work_ledger.choose_figures(files, chosen))
    views = [*found.views, *([found.one_image(manifest.meant_id(image))] if image else [])]
    for view in views:
        click.echo(repr(view))
    if out:
        found.write_images(out)
        click.echo(out)
