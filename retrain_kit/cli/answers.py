"""`retrain-kit merge`: what people said, brought together from several laptops or sessions."""

from __future__ import annotations

from pathlib import Path

import click

from retrain_kit.answers import deriving
from retrain_kit.cli.group import kit, print_faults
from retrain_kit.errors import KitError


@kit.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o",
    "store",
    type=click.Path(file_okay=False, path_type=Path),
    default="answers",
    show_default=True,
    help="The store to merge into; made where it is not there.",
)
@click.option(
    "--accept-deletions",
    is_flag=True,
    help="Also delete what the keepers of other stores deleted; authors' own withdrawals always count.",
)
def merge(*, files: tuple[Path, ...], store: Path, accept_deletions: bool) -> None:
    """Bring answers of several people together: FILES are stores, or files that a store or a page gave.

    They may come in any order, and any number of times. What was withdrawn stays withdrawn when an older file
    comes in. No answer is lost.
    """
    from retrain_kit import answers  # noqa: PLC0415 - see the package's docstring

    merged = answers.merge_files(files, store, accept_deletions=accept_deletions)
    print_faults(KitError(*merged.faults))
    new = f"{merged.answers} answers, {merged.footnotes} footnotes, {merged.withdrawals} withdrawals are new"
    click.echo(f"{new}; {merged.known} lines were known, {merged.kept_out} stay withdrawn")
    click.echo(store)


@kit.command()
@click.argument("store", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--key",
    prompt="Your key",
    hide_input=True,
    help="Eight words. Leave it out and it is asked for: then no history of commands keeps it.",
)
@click.option(
    "--record", help="Only the answer or the footnote of this id.  [default: all that the key said]"
)
def withdraw(*, store: Path, key: str, record: str | None) -> None:
    """Delete what was said with a key from STORE, for good, and from all files that the kit made of it.

    Only that something was withdrawn, and when, is left.
    """
    from retrain_kit.exercises.living_with_images.returns import Returns  # noqa: PLC0415 - see the package's docstring

    with Returns(store, "") as returns:
        done = returns.store.withdraw(record, key) if record else returns.store.withdraw_all(key)
        _, pages = returns.delete_withdrawn()
    if not done.withdrawals:
        click.echo("Nothing here was said with this key.")
        return
    click.echo(f"Withdrawn: {len(done.withdrawals)}. Only that, and when, is left.")
    for path in (path for path in done.copies if path not in pages):
        click.echo(f"This file may still hold it; make it anew, or remove it: {path}")


# -- `retrain-kit training`: what people said, as training data with a datasheet.


@kit.command()
@click.argument("store", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default="training",
    show_default=True,
    help="Write here, into a folder named by what is made.",
)
@click.option(
    "--as",
    "kind",
    required=True,
    type=click.Choice(["crowd-kit", "soft-labels", "soft-labels-with-images", "narratives", "fiftyone"]),
    help="What to make; see above.",
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

    Only what its authors agreed to publish is written. A datasheet, README.md, says how it came about and
    what it cannot be used for; it counts the refusals, which become no label. When somebody withdraws what
    they said, the store names these files: write them anew then.

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
