"""`retrain-kit study`: a study made of what lies in a folder."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from retrain_kit.cli import words_veil
from retrain_kit.cli.group import kit
from retrain_kit.errors import Fault, ParameterError, count_in_words
from retrain_kit.storage import files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrain_kit.datasets.layouts.found import Found
    from retrain_kit.datasets.layouts.listing import Listing
    from retrain_kit.datasets.layouts.studies import MadeStudy, SaidByPerson

COMPUTED_AT_ONCE_BYTES = 2_000_000_000
"""The digests of so much are computed while a person waits; those of more, when they ask for it."""

_QUESTIONS = {
    "why": "Why do you look at these images, and what for?",
    "who": "Who annotated them?",
    "when": "When?",
    "how": "How: by hand, by a program, checked by whom?",
    "paid": "What were they paid?",
    "licence": "Under which licence are images and annotations?",
}


@kit.command(params=[words_veil.AcceptOption()])
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--name", default="", help="The study's name.  [default: that of the folder]")
@click.option(
    "--as", "layout", default="", metavar="LAYOUT", help="Take the folder as this, and nothing else."
)
@click.option("--plan", "only_plan", is_flag=True, help="Say what was found, and write nothing.")
@click.option(
    "--digests/--later",
    default=None,
    help="Compute the digests now, or leave them to pull.  [default: now up to 2 GB]",
)
@click.option("-y", "--yes", is_flag=True, help="Ask nothing: what nobody has said is written as unknown.")
def study(  # noqa: PLR0913 - one argument an option
    *, path: Path, name: str, layout: str, only_plan: bool, digests: bool | None, yes: bool
) -> None:
    """Make a study of the data set that lies in the folder PATH.

    PATH may also be a museum's CSV of works, with titles, artists and credit lines: then the folder is that
    in which it lies, with the works' images, which it names, or which are called by the works' numbers. Save
    it from Excel as CSV UTF-8. With --plan it says which column is taken for what.

    It says what it found, what it leaves out, and what nobody has said. Two files are written: NAME.toml and
    NAME.csv, into data_manifests where the working folder has one, else into the working folder. Nothing is
    written into PATH, and nothing is copied: images and annotations stay where they are.

    The folder may be laid out as COCO (also panoptic), YOLO, Pascal VOC, CVAT, Label Studio, labelme, KITTI,
    Cityscapes, Open Images, Visual Genome, ImageNet, a museum's works, folders of classes or the kit's own
    lines of annotations; else it is a bare folder of images. --plan names what was found. What you know
    better, write into the TOML: it stays when the study is made anew.
    """
    from retrain_kit.datasets.layouts import listing, studies  # noqa: PLC0415 - see the package's docstring

    listed = listing.Listing(path if path.is_dir() else path.parent)
    size = files.size_in_words(listed.size_bytes)
    click.echo(f"{listed.root}: {count_in_words(listed.number, 'file')}, {size}")
    found = _chosen(listed, layout, asks=not yes) if path.is_dir() else _of_table(listed, path)
    if only_plan:
        return
    toml = _place(listed, name, layout, found.files.get("works", ""))
    said = studies.SaidByPerson() if yes or toml.is_file() else _asked(found)
    now = listed.size_bytes <= COMPUTED_AT_ONCE_BYTES if digests is None else digests
    made = studies.make_study(listed, found, toml, said, digests=now)
    _say(made, found, said)


def _chosen(listed: Listing, layout: str, *, asks: bool) -> Found:
    """Say what was found in a folder, and return what is taken of it."""
    from retrain_kit.datasets.layouts import found, known  # noqa: PLC0415 - see the package's docstring

    every = [known.choose_layout(listed, layout)] if layout else known.find_layouts(listed)
    shown = _shown(listed)
    for each in every:
        for number, sentence in enumerate(each.sentences):
            click.echo(f"  {'' if number else each.layout:<14}{shown(sentence)}")
    taken = known.choose_layout(listed, layout)
    perhaps = [each for each in every if each.detail == found.PERHAPS]
    for each in perhaps if asks and _is_terminal() and taken.detail <= found.NOTHING and not layout else ():
        if click.confirm(f"Did somebody give the images these labels? ({each.layout})", default=False):
            taken = each
    others = [each.layout for each in every if each.layout != taken.layout]
    more = f"; --as {' or '.join(others)} takes it otherwise" if others else ""
    click.echo(f"taken as {taken.layout}{more}")
    return taken


def _of_table(listed: Listing, table: Path) -> Found:
    """Say what was found of the works of a table, and return it."""
    from retrain_kit.datasets.layouts import works  # noqa: PLC0415 - see the package's docstring

    found = works.find_of_table(listed, table.name)
    for sentence in found.sentences:
        click.echo(f"  {_shown(listed)(sentence)}")
    return found


def _shown(listed: Listing) -> Callable[[str], str]:
    """Return what returns a sentence without the names of folders that are words for people."""
    from retrain_kit.analysis.veiled_study import StudyVeil  # noqa: PLC0415 - see the package's docstring

    veil = StudyVeil(lifted=words_veil.current().accepted)
    for path in listed.folders:
        veil.shown_word(path.rpartition("/")[2])
    return veil.text


def _place(listed: Listing, name: str, layout: str, works: str) -> Path:
    """Return where the study's TOML goes: to that of the folder's study, where there is one here.

    Of a folder with several tables of works each has a study of its own.
    """
    from retrain_kit.datasets import pinning  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.datasets.layouts import studies  # noqa: PLC0415 - the same
    from retrain_kit.studies import manifests  # noqa: PLC0415 - the same

    other = studies.find_study(listed.root, layout)
    before = studies.find_study(listed.root, layout, works)
    kept = manifests.folder_of_kept_studies()
    if before and not name and before.resolve().parent != kept.resolve():
        return before
    if name and not re.fullmatch(r"\w[\w.-]*", name):
        raise ParameterError(Fault("--name", repr(name), "letters, digits, dots and hyphens"))
    free = name or studies.free_name(listed.root, Path(works).stem if other != before else "")
    toml = pinning.own_studies_folder() / f"{free}.toml"
    if toml.exists() and not studies.is_made_of(toml, listed.root):
        raise ParameterError(Fault(str(toml), "another study", "a free name", "Choose one with --name."))
    return toml


def _asked(found: Found) -> SaidByPerson:
    """Return what a person at a terminal says of the data set; nothing where there is none."""
    from retrain_kit.datasets.layouts import studies  # noqa: PLC0415 - see the package's docstring

    if not _is_terminal():
        return studies.SaidByPerson()
    click.echo("What do you know of this data set? Enter alone: it is written as unknown.")
    known = {"licence": found.licence, "who": found.who, "when": found.when, "how": found.how}
    answers = {
        key: click.prompt(f"  {question}", default="", show_default=False).strip()
        for key, question in _QUESTIONS.items()
        if not known.get(key)
    }
    return studies.SaidByPerson(**answers)


def _say(made: MadeStudy, found: Found, said: SaidByPerson) -> None:
    """Say what a study has, what was left out, and what nobody has said."""
    counts = made.counts
    splits = ", ".join(f"{number:,} {name}" for name, number in counts.splits.items() if name)
    click.echo(count_in_words(counts.images, "image") + (f": {splits}" if splits else ""))
    for line in counts.left_out.in_words():
        click.echo(line)
    if counts.other_size:
        other = count_in_words(counts.other_size, "image")
        click.echo(f"{other} of another size than the annotation files state; the table has the files' own")
    click.echo(f"nobody has said: {', '.join(_unsaid(found, said))}")
    if counts.digests < counts.images:
        left = count_in_words(counts.images - counts.digests, "image")
        click.echo(f"digests: not yet computed of {left}. Type: retrain-kit pull {made.toml.stem}")
    click.echo(made.toml)


def _unsaid(found: Found, said: SaidByPerson) -> Sequence[str]:
    known = {
        "who annotated": found.who or said.who,
        "when": found.when or said.when,
        "how": said.how,
        "for what pay": said.paid,
        "under which licence": found.licence or said.licence,
    }
    return [what for what, text in known.items() if not text] or ["nothing that was asked"]


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()
