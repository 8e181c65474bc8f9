"""`retrain-kit training`: what people said, as training data with a datasheet."""

from __future__ import annotations

from pathlib import Path

import click

from retrain_kit.answers import deriving
from retrain_kit.cli.group import kit


@kit.command()
@click.argument("store", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default="training",
    show_default=True,
    help="Write here, into a folder of the kind's name.",
)
@click.option(
    "--as",
    "kind",
    required=True,
    type=click.Choice(["crowd-kit", "soft-labels", "soft-labels-with-images", "narratives", "fiftyone"]),
    help="What to make.",
)
@click.option(
    "--study",
    "studies",
    multiple=True,
    metavar="NAME",
    help="Only what was said about this study; repeatable.",
)
def training(*, store: Path, folder: Path, kind: str, studies: tuple[str, ...]) -> None:
    r"""Write what people said, as the folder STORE keeps it, as training data.

    Only what its authors agreed may be published is written, each time with a datasheet, README.md, that
    says how it came about and what it cannot be used for. Refusals are told there and become no label. When
    somebody withdraws what they said, the store names these files: write them anew then.

    \b
    crowd-kit    tables of tasks, workers and labels or texts
    soft-labels  a distribution for each image, as Hugging Face lays data sets out
    soft-labels-with-images
                 the same, beside the images whose licence lets them travel
    narratives   recordings of pointers, as Localized Narratives
    fiftyone     fields of the studies' datasets in FiftyOne
    """
    from retrain_kit.exercises.training import export  # noqa: PLC0415 - see the package's docstring

    with deriving.open_store(store) as answers:
        for path in export.write_training_data(answers, folder, kind, studies):
            click.echo(path)
