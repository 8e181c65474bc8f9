"""`retrain-kit merge`: what people said, brought together from several laptops or sessions."""

from __future__ import annotations

import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from retrain_kit.answers import deriving
from retrain_kit.cli import naming, words_veil
from retrain_kit.cli.group import ask_key, kit, print_faults
from retrain_kit.cli.naming import study_option
from retrain_kit.errors import KitError, count_in_words

if TYPE_CHECKING:
    from retrain_kit.answers import ReachedFiles, Store


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

    A course system's zip of what was handed in is taken as it is, or unpacked as a folder. The names of
    people in it are not kept; what is no file of answers is told by its number, and left alone.

    They may come in any order, and any number of times. What was withdrawn stays withdrawn when an older file
    comes in. No answer is lost.
    """
    from retrain_kit import answers  # noqa: PLC0415 - see the package's docstring

    merged = answers.merge_files(files, store, accept_deletions=accept_deletions)
    print_faults(KitError(*merged.faults, *merged.left_alone))
    counts = (merged.answers, "answer"), (merged.footnotes, "footnote"), (merged.withdrawals, "withdrawal")
    new = ", ".join(count_in_words(*each) for each in counts)
    known = f"known: {count_in_words(merged.known, 'line')}"
    click.echo(f"new: {new}; {known}; withdrawn, and staying so: {merged.kept_out:,}")
    if merged.removed:
        click.echo(f"{count_in_words(merged.removed, 'text')} that stood here: now withdrawn, and deleted")
    if merged.waiting:
        click.echo(f"{count_in_words(merged.waiting, 'footnote')}: kept, and shown once the original comes")
    _tell(merged.reached)
    with deriving.open_store(store) as merged_into:
        tell_about(merged_into)
        strike_withdrawn(merged_into)
    click.echo(store)


@kit.command()
@click.argument("store", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--key",
    help="Eight words. Leave it out and it is asked for: then no history of commands keeps it.",
)
@click.option(
    "--record", help="Only the answer or the footnote of this id.  [default: all that the key said]"
)
@click.option(
    "--finish",
    is_flag=True,
    help="Ask for no key: take what was withdrawn before out of datasets in FiftyOne that still hold it.",
)
def withdraw(*, store: Path, key: str | None, record: str | None, finish: bool) -> None:
    """Delete what was said with a key from STORE, for good, and from what the kit made of it.

    Only that something was withdrawn, and when, is left. Files of answers lose it. Reports, training data,
    exhibitions and books that may hold it are deleted where they lie as the kit wrote them; make them anew.
    Answers are taken out of datasets in FiftyOne. What was changed or moved since is named.
    """
    with deriving.open_store(store) as answers:
        if not finish:
            typed = key or ask_key()
            done = answers.withdraw(record, typed) if record else answers.withdraw_all(typed)
            count = len(done.withdrawals)
            told = f"Withdrawn: {count}. Only that, and when, is left." if count else _NOTHING_SAID
            click.echo(told)
        tell_about(answers)
        strike_withdrawn(answers)


_NOTHING_SAID = "Nothing here was said with this key."


def tell_about(store: Store) -> None:
    """Say what is wrong with a store's files, and what became of those that held what was withdrawn."""
    print_faults(KitError(*store.faults))
    for reached in store.take_reached():
        _tell(reached)


def _tell(reached: ReachedFiles) -> None:
    """Say what became of files that a withdrawal has reached, and of those that it has not."""
    for path in reached.deleted:
        click.echo(f"Deleted, since it held it; make it anew: {path}")
    for path in reached.left:
        click.echo(f"This file may still hold it; make it anew, or remove it: {path}")
    for path in reached.missing:
        click.echo(f"No longer where it was written; it may still hold it, wherever it is now: {path}")


def strike_withdrawn(store: Store) -> None:
    """Take what is withdrawn out of the datasets in FiftyOne that still hold it, and say which."""
    if not store.datasets_due():
        return
    from retrain_kit.fiftyone import database  # noqa: PLC0415 - slow to load

    try:
        database.ensure_running()
        from retrain_kit.fiftyone import answers  # noqa: PLC0415 - slow to load

        for name in answers.strike_due(store):
            click.echo(f"Taken out of FiftyOne, with all other answers; write them anew: {name}")
            if database.find_database().kind != "kit":
                click.echo("This server's own journal and log may hold it until that server deletes them.")
    except KitError as error:
        print_faults(error)
    for each in store.datasets_due():
        told = f"Still in FiftyOne's dataset {each.name} ({each.place}); once it can be reached, type:"
        click.echo(f"{told} {shlex.join(['retrain-kit', 'withdraw', str(store.folder), '--finish'])}")


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
    type=click.Choice(
        ["crowd-kit", "soft-labels", "soft-labels-with-images", "narratives", "works", "fiftyone"]
    ),
    help="What to make; see above.",
)
@click.option("--test", is_flag=True, help="Make nothing; test whether ranges predict the next person.")
@study_option("--study", "studies", multiple=True, help="Only what was said about this study; repeatable.")
def training(*, store: Path, folder: Path, kind: str | None, test: bool, studies: tuple[str, ...]) -> None:
    r"""Write what people said, as the folder STORE keeps it, as training data.

    Only what its authors agreed to publish is written. A datasheet, README.md, says how it came about and
    what it cannot be used for; it counts the refusals, which become no label. When somebody withdraws what
    they said, files that may hold it are deleted: write them anew then.

    \b
    crowd-kit    tables of tasks, workers and labels or texts
    soft-labels  a distribution for each image, as Hugging Face lays data sets out
    soft-labels-with-images
                 the same, beside the images whose licence lets them travel
    narratives   recordings of pointers, as Localized Narratives
    works        what people said of the works of Recoding Art, and how many take them for art
    fiftyone     fields of the studies' datasets in FiftyOne

    With --test each person is left out in turn: does the range of the others predict them better than one
    label, than overall frequencies, than the range of another image? It says where there is too little.
    """
    from retrain_kit.exercises.training import export  # noqa: PLC0415 - see the package's docstring

    if test == bool(kind):
        raise click.UsageError("Say either --as and what to make, or --test.")
    if kind != export.FIFTYONE_KIND:
        studies = tuple(map(naming.study_name, studies))
    with deriving.open_store(store) as answers:
        tell_about(answers)
        if kind is None:
            _tell_prediction(answers, studies)
            return
        accepted = words_veil.current().accepted
        say = partial(click.echo, err=True)
        for path in export.write_training_data(answers, folder, kind, studies, accepted=accepted, say=say):
            click.echo(path)


def _tell_prediction(answers: Store, studies: tuple[str, ...]) -> None:
    """Say whether the ranges of each study predict the next person."""
    import pandas as pd  # noqa: PLC0415 - the same

    from retrain_kit.exercises.training import predicted_people, select_answers  # noqa: PLC0415 - the same

    selected = select_answers(answers, studies)
    if not selected.studies:
        click.echo("Nobody has said anything that may be used.")
    for study in selected.studies:
        verdict = predicted_people.predict_people(selected, study)
        click.echo(f"{study}:")
        for line in predicted_people.verdict_words(verdict, demonstration=selected.demonstration):
            click.echo(f"  {line}")
        if verdict.is_enough:
            click.echo(pd.DataFrame(predicted_people.verdict_rows(verdict)).to_string(index=False))
            click.echo(predicted_people.READ_AS)
