"""`retrain-kit voices` and `footnote`: what those who annotate say, under the terms of each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from retrain_kit.answers import Author, deriving
from retrain_kit.cli import naming
from retrain_kit.cli.answers import tell_about
from retrain_kit.cli.group import ask_key, kit, print_faults
from retrain_kit.cli.naming import study_option
from retrain_kit.errors import Fault, KitError, ParameterError, count_in_words
from retrain_kit.storage.files import PAGE_ENDINGS, check_endings

if TYPE_CHECKING:
    from retrain_kit.answers import Record, Store
    from retrain_kit.exercises.voices.shown import ShownVoices

_FIRST_LETTERS = 40


@kit.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--answers",
    "store",
    type=click.Path(file_okay=False, path_type=Path),
    default="answers",
    show_default=True,
    help="The store in which voices are kept; made where it is not there.",
)
@click.option(
    "--keys",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The table of people's keys.  [default: keys.csv in FOLDER]",
)
@study_option("--study", help="The study whose images the voices speak of; they are shown beside them.")
@click.option(
    "--for",
    "use",
    type=click.Choice(["read", "class", "book", "publication"]),
    default="read",
    show_default=True,
    help="Show what its authors agreed to show there.",
)
@click.option(
    "-o",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT.html",
    help="Write the page here; without it voices are taken in, and no page is made.",
)
def voices(  # noqa: PLR0913 - one argument an option
    *, folder: Path, store: Path, keys: Path | None, study: str | None, use: str, out: Path | None
) -> None:
    """Keep the voices in FOLDER, each under its terms, and show those that may be shown.

    voices.toml in FOLDER names the study and the situations that small strategies answer. What people said
    is in tables [[voice]] of it, or in voices.csv; sounds, pictures of where one works and long texts are
    files beside it. Each voice states its terms: what was agreed to, until when, who asked, and how. Names,
    faces and addresses are refused.

    Each person's key, with which they can add a footnote or withdraw, is written to the table of keys: hand
    all of them theirs, then delete the table, and what people said in FOLDER. To add a voice, lay it there
    and type the same again. `retrain-kit withdraw` takes one out, and deletes the pages that hold it.
    """
    from retrain_kit.exercises.voices import Voices, intake, page, shown  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.exercises.voices import folder as folders  # noqa: PLC0415 - the same

    brought = folders.read_folder(folder)
    manifest = naming.load_study(study) if study else None
    check_endings([out] if out else [], PAGE_ENDINGS)
    with Voices(store, brought.study.name, demonstration=brought.study.demonstration) as kept:
        tell_about(kept.store)
        table = keys or folder / intake.KEYS_FILE
        taken = intake.take_in(brought, kept, table, manifest)
        if taken.remarks:
            click.echo("To be looked at once more:", err=True)
        print_faults(KitError(*taken.remarks))
        _tell_taken(taken.new, table, store)
        if out:
            found = shown.build_shown(kept, brought.study, use)
            page.write_page(found, kept, out, manifest)
            _tell_withheld(found)
            click.echo(out)


def _tell_taken(new: int, table: Path, store: Path) -> None:
    click.echo(f"{count_in_words(new, 'new voice')}: {store}", err=True)
    if new:
        click.echo(f"Hand everybody their key, then delete the table: {table}", err=True)
        told = "A withdrawal does not reach what people said in FOLDER: delete it there, once it is kept."
        click.echo(told, err=True)


def _tell_withheld(shown: ShownVoices) -> None:
    for reason, count in shown.withheld.items():
        click.echo(f"{count} not shown: {reason}.", err=True)
    if shown.ends:
        click.echo(f"The first of these terms end after {shown.ends}: make the page anew by then.", err=True)


# -- `retrain-kit footnote`: what an author adds to what they said.


@kit.command()
@click.argument("store", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--key",
    help="Eight words. Leave it out and it is asked for: then no history of commands keeps it.",
)
@click.option("--record", help="The answer of this id.  [default: the one that the key said]")
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the footnote.  [default: it is asked for]",
)
@click.option("--language", default="", metavar="TAG", help="The footnote's language, as en or pt-BR.")
def footnote(*, store: Path, key: str | None, record: str | None, source: Path | None, language: str) -> None:
    """Add a footnote to what was said with a key and is kept in STORE.

    What was said before stays as it was. Only its author can add to it: the footnote has the same terms, is
    shown with it, and can be withdrawn by itself.
    """
    from retrain_kit.exercises.voices import telling  # noqa: PLC0415 - see the package's docstring

    with deriving.open_store(store) as answers:
        tell_about(answers)
        author = Author(key or ask_key())
        name = record or _only_record(answers, author.who)
        text = _footnote_text(source)
        done = answers.amend(name, text, author.key, language=language)
        print_faults(KitError(*telling.telling_words("footnote", text)))
        click.echo(f"Kept, with the id {done.footnotes[-1].id}; what was said before stays.")


def _footnote_text(source: Path | None) -> str:
    from retrain_kit.exercises.voices import telling  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.storage import texts  # noqa: PLC0415 - the same

    text = texts.read_text(source) if source else click.prompt("Your footnote")
    if not text.strip():
        raise ParameterError(Fault("footnote", "nothing", "words"))
    if fault := telling.steering_sign("footnote", text):
        raise ParameterError(fault)
    return str(text).strip()


def _only_record(store: Store, who: str) -> str:
    """Return the one thing that somebody said; of several say which there are."""
    said = store.records(who=who)
    if len(said) == 1:
        return said[0].id
    found = f"{len(said)} answers with this key" if said else "nothing that was said with this key"
    lines = "; ".join(f"{each.id}: {_beginning(each)}" for each in said)
    do = f"Say which by --record. {lines}" if said else ""
    raise ParameterError(Fault("record", found, "one answer", do))


def _beginning(record: Record) -> str:
    text = " ".join((record.text or record.refusal).split())
    return text if len(text) <= _FIRST_LETTERS else f"{text[:_FIRST_LETTERS]}…"
