"""`retrain-kit bring` and `exhibition`: what people give back after living with images."""

from __future__ import annotations

from pathlib import Path

import click

from retrain_kit.cli.group import kit

_answers = click.option(
    "--answers",
    "store",
    type=click.Path(file_okay=False, path_type=Path),
    default="answers",
    show_default=True,
    help="The store of answers; made where it is not there.",
)


@kit.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--study", required=True, help="The study whose images the files are about.")
@_answers
@click.option(
    "--keys",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The table of people's keys.  [default: keys.csv in FOLDER]",
)
def bring(*, folder: Path, study: str, store: Path, keys: Path | None) -> None:
    r"""Keep the files in FOLDER as what came back to STUDY.

    A file is called CARD_PSEUDONYM.ending, as CK3-4RT-7HM_kestrel.mp3: the code on the card, and what the
    person calls themselves. It is text, image, sound, video or PDF. Refusals are files too, empty or with
    words:

    \b
    CARD_PSEUDONYM_nothing.txt      nothing to say
    CARD_PSEUDONYM_no-answer.txt    "I choose not to answer"
    CARD_PSEUDONYM_burn.txt         the image burnt: it leaves the person's set, and all they said of it goes

    people.csv in FOLDER has the columns pseudonym and agreed: class, publication, both or neither. Each
    person's key, with which they can add to it or withdraw it, is written to the table of keys: hand all of
    them theirs, then delete the table and FOLDER.
    """
    from retrain_kit.exercises.living_with_images.returns import Returns, intake  # noqa: PLC0415 - the same
    from retrain_kit.studies import manifests  # noqa: PLC0415 - see the package's docstring

    manifest = manifests.load(study)
    intake.read_folder(folder, manifest)
    with Returns(store, manifest.name) as returns:
        new = intake.take_in_folder(folder, manifest, returns, keys)
    click.echo(f"{new} are new: {store}")
    click.echo(f"Hand everybody their key, then delete the table: {keys or folder / intake.KEYS_FILE}")


@kit.command()
@click.argument("study")
@_answers
@click.option(
    "-o",
    "out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="OUT",
    help="A page (.html), a booklet (.pdf), or a folder with a page and what it shows.",
)
@click.option(
    "--for",
    "use",
    type=click.Choice(["class", "publication"]),
    default="publication",
    show_default=True,
    help="Show what its authors agreed to for this.",
)
def exhibition(*, study: str, store: Path, out: Path, use: str) -> None:
    """Show what came back to STUDY: each image with what people gave, refusals among it.

    The page needs neither network nor script. What an author withdraws takes the files that show it along:
    make them anew then.
    """
    from retrain_kit.exercises.living_with_images.returns import Returns, booklet, page  # noqa: PLC0415 - the same
    from retrain_kit.exercises.living_with_images.returns import exhibition as exhibitions  # noqa: PLC0415 - the same
    from retrain_kit.studies import manifests  # noqa: PLC0415 - see the package's docstring

    manifest = manifests.load(study)
    with Returns(store, manifest.name) as returns:
        shown = exhibitions.build_exhibition(returns, manifest, use)
        write = booklet.write_booklet if out.suffix.lower() == ".pdf" else page.write_exhibition
        for path in write(shown, returns, out):
            click.echo(path)
    for remark in shown.remarks:
        click.echo(remark, err=True)
    if shown.aside:
        click.echo(f"{shown.aside} not shown: not agreed to for {use}.", err=True)
