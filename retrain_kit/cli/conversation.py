"""`retrain-kit book`: excerpts of a conversation, bound; and what commands that hold one share."""

from __future__ import annotations

from pathlib import Path

import click

from retrain_kit.answers import deriving
from retrain_kit.cli import naming
from retrain_kit.cli.answers import tell_about
from retrain_kit.cli.group import kit
from retrain_kit.cli.naming import study_option
from retrain_kit.storage.files import check_endings
from retrain_kit.storage.languages import speaking

question_option = click.option(
    "--question",
    "questions",
    multiple=True,
    metavar="WORDS",
    help="A question for a conversation, beside its images; repeatable.  [default: the source's]",
)
_ENDINGS = (".pdf", ".html", ".txt")


@kit.command()
@click.argument("store", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--choice",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Bind only the messages of this file: an id a line.  [default: all that may be bound]",
)
@click.option("--excerpt", "names", multiple=True, metavar="ID", help="Bind only this message; repeatable.")
@study_option("--study", help="Show the images of this study, and bind only what was written about it.")
@click.option("--title", default="", help="The book's title.  [default: A conversation]")
@click.option("--editor", default="", metavar="WORDS", help="Who chose the excerpts, for the colophon.")
@click.option(
    "--language",
    default="en",
    show_default=True,
    metavar="TAG",
    help="en, pt, es or fr: the kit's words; all but en are translations that nobody has reviewed.",
)
@click.option(
    "-o",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    default="book.pdf",
    show_default=True,
    help="A book (.pdf), a page (.html), or a choice to be edited (.txt).",
)
def book(  # noqa: PLR0913 - one argument an option
    *,
    store: Path,
    choice: Path | None,
    names: tuple[str, ...],
    study: str | None,
    title: str,
    editor: str,
    language: str,
    out: Path,
) -> None:
    r"""Bind excerpts of the conversations in STORE as a book, or as a page.

    Only what its author agreed to bind is in it, footnotes in the margin beside what they speak of. What was
    left out is counted, with the reason. To choose, have a file made of all that may be bound, take lines out
    of it, and give it back:

    \b
    retrain-kit book answers -o choice.txt
    retrain-kit book answers --choice choice.txt -o book.pdf

    When an author withdraws something, the files that hold it are deleted: make them anew then.
    """
    from retrain_kit.classroom import lesson  # noqa: PLC0415 - the same
    from retrain_kit.exercises.conversation.book import binding  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.exercises.conversation.book import choice as choices  # noqa: PLC0415 - the same
    from retrain_kit.exercises.conversation.book.words import Imprint  # noqa: PLC0415 - the same
    from retrain_kit.widgets import catalogues  # noqa: PLC0415 - the same

    check_endings([out], _ENDINGS)
    named = [("--excerpt", name) for name in names]
    chosen = [*(choices.read_choice(choice) if choice else ()), *named] if choice or named else None
    manifest = naming.load_study(study) if study else None
    with deriving.open_store(store) as answers, speaking(catalogues.interface_speech(language)):
        tell_about(answers)
        terms = choices.Choice(chosen, lesson.read_lesson(store).hidden, manifest)
        bound = binding.write_book(answers, out, Imprint(title, editor), terms)
    click.echo(out)
    for line in bound.left_out_in_words:
        click.echo(f"Not in it: {line}.", err=True)
