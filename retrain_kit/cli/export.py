"""`retrain-kit export`: a study as the formats of other programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from retrain_kit.cli import naming
from retrain_kit.cli.group import kit
from retrain_kit.cli.naming import study_argument
from retrain_kit.cli.rejections import strict_option

if TYPE_CHECKING:
    from retrain_kit.annotations.samples import RejectedAnnotation
    from retrain_kit.fiftyone.export import ExportFormat

KINDS = ("hugging-face", "coco", "fiftyone")


@kit.command()
@study_argument
@click.option("--as", "kind", type=click.Choice(KINDS), required=True, help="The format; see above.")
@click.option(
    "-o",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="A new folder, or an empty one.",
)
@strict_option
def export(*, study: str, kind: str, folder: Path) -> None:
    r"""Write STUDY, images and all, as other programs read it.

    The result of decanonize is a study too: give the path of its .toml.

    \b
    hugging-face  an image folder with card and Croissant, for `datasets`
    coco          COCO's JSON; numbers and areas of the source stay
    fiftyone      a folder that FiftyOne imports

    What a format has no place for goes along beside it. Whose notice asks to pass nothing on, that asks it
    of the export too: it is in the card.
    """
    from tqdm import tqdm  # noqa: PLC0415 - see the package's docstring

    from retrain_kit import datasets  # noqa: PLC0415 - the same
    from retrain_kit.annotations.rejections import Rejections  # noqa: PLC0415 - the same
    from retrain_kit.studies import starts  # noqa: PLC0415 - the same

    manifest = naming.load_study(study)
    unmatched: list[RejectedAnnotation] = []
    samples = datasets.read(manifest, unmatched)
    if kind == "hugging-face":
        from retrain_kit.reports import image_folder  # noqa: PLC0415 - the same

        found = Rejections.of_samples(samples, unmatched)
        bar = tqdm(samples, unit=" images", delay=1, leave=False, file=sys.stderr)
        image_folder.write_image_folder(manifest, samples, folder, found, lambda _: bar)
    else:
        from retrain_kit import fiftyone  # noqa: PLC0415 - the same

        as_what: ExportFormat = "coco" if kind == "coco" else "fiftyone"
        fiftyone.export_dataset(samples, folder, as_what, manifest.veil)
    starts.keep_starts(
        manifest.toml, folder / manifest.toml.name, {sample.id for sample in samples}, manifest.shown_id
    )
    click.echo(folder)
