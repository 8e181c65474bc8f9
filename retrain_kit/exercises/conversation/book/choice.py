"""Choices: which messages an editor binds, by their ids, in a file that people can read and change.

A line is an id, or its beginning; what stands behind a # is for whoever reads it. The kit writes such a file
of all that may be bound: an editor takes out the lines of what they leave out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.display import signs
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.exercises.conversation import threads
from retrain_kit.exercises.conversation.threads import is_note
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from retrain_kit.answers import Store
    from retrain_kit.exercises.conversation.book.excerpts import Book, Excerpt
    from retrain_kit.studies.manifests import Manifest

LEAST_DIGITS = 8
"""So many digits of an id are enough, where they are those of one message alone."""
BRIEF = 70
_SIGN = "#"


@dataclass(frozen=True)
class Choice:
    """What is to be bound of what may be.

    Parameters
    ----------
    lines
        What an editor chose: where each line stands, and an id or its beginning; None for all.
    hidden
        The ids of what whoever leads a class has taken away from others: it is never bound.
    manifest
        Its images are shown, and only what was written about this study is bound.
    """

    lines: Sequence[tuple[str, str]] | None = None
    hidden: frozenset[str] = frozenset()
    manifest: Manifest | None = None


def read_choice(path: Path) -> list[tuple[str, str]]:
    """Return the lines of a choice: where each stands, and what it says.

    Raises
    ------
    DataError
        When the file cannot be read, or is no text.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(Fault(str(path), str(error), "a text file with an id a line")) from None
    told = ((number, line.partition(_SIGN)[0].strip()) for number, line in enumerate(lines, 1))
    return [(f"{path}, line {number}", name) for number, name in told if name]


def chosen_ids(lines: Iterable[tuple[str, str]], store: Store) -> set[str]:
    """Return the whole ids of what was chosen; what was withdrawn since is among them.

    Parameters
    ----------
    lines
        Where each stands, and an id or its beginning.

    Raises
    ------
    ParameterError
        When one is of nothing here, of several, or of a footnote; all of them together.
    """
    records = store.records(exercise=threads.EXERCISE)
    names = {record.id for record in records if not is_note(record)}
    notes = {record.id for record in records if is_note(record)}
    gone = {each.of for each in store.withdrawals()}
    chosen, faults = set[str](), list[Fault]()
    for where, name in lines:
        found = [each for each in names | gone if each.startswith(name.lower())]
        if len(found) == 1 and len(name) >= LEAST_DIGITS:
            chosen.add(found[0])
        elif len(found) > 1:
            faults.append(Fault(where, name[:BRIEF], gettext("more digits of it: several begin so")))
        elif any(each.startswith(name.lower()) for each in notes):
            do = gettext("Choose what it stands beside: footnotes come with it.")
            faults.append(Fault(where, name[:BRIEF], gettext("a message, not a footnote"), do))
        else:
            expected = gettext("the id of a message here, {count} digits of it at least", count=LEAST_DIGITS)
            faults.append(Fault(where, name[:BRIEF], expected))
    if faults:
        raise ParameterError(*faults)
    return chosen


def choice_text(book: Book) -> str:
    """Return all that may be bound as a choice, to be shortened by an editor."""
    told = gettext("What may be bound. Take out the lines of what you leave out; footnotes come with it.")
    lines = [f"{_SIGN} {told}"]
    for chapter in book.chapters:
        about = " · ".join(filter(None, (chapter.study, chapter.image, chapter.question)))
        lines += ["", f"{_SIGN} {_brief(about)}"]
        lines += [_line(excerpt, thread) for thread in chapter.threads for excerpt in thread]
    return "\n".join(lines) + "\n"


def _line(excerpt: Excerpt, thread: Sequence[Excerpt]) -> str:
    record, notes = excerpt.record, len(excerpt.message.notes)
    indent = "" if excerpt is thread[0] else "  "
    beside = f" [+{notes}]" if notes else ""
    words = _brief(record.text or record.refusal)
    return f"{record.id}  {_SIGN} {indent}{record.when[: threads.DAY]} {record.who}{beside}: {words}"


def _brief(text: str) -> str:
    """Return the beginning of a text in one line, with no sign that steers a terminal."""
    line = signs.visible(text)
    return line if len(line) <= BRIEF else f"{line[:BRIEF].rstrip()}…"
