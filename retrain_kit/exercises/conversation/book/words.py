"""The words around a book: title, what each excerpt answers, the colophon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit import __version__
from retrain_kit.exercises.common import consent, refusals
from retrain_kit.exercises.conversation.threads import CHALLENGES, DAY, EXPANDS
from retrain_kit.storage.languages import gettext, marked, ngettext, unreviewed_in_brackets

if TYPE_CHECKING:
    from retrain_kit.answers import Record
    from retrain_kit.exercises.conversation.book.excerpts import Book, Excerpt

TITLE = marked("A conversation")
LEAD = marked(
    "Excerpts of what people wrote to each other, and the footnotes by which they and others expanded it, or "
    "challenged it, when they read it again. What was said stands as it was."
)
CREDIT = marked(
    "After Exch w/ Turkers by Bruno Moreschi: a website on which crowdworkers and the public talked with "
    "each other, and a book of excerpts. It was made nearly a year after the site was launched, when the "
    "five workers who took part, Julio, Sonia, Ananda, Reylin and Brianne, had reread their responses and "
    "added footnotes."
)
RIGHTS = marked(
    "The words belong to those who wrote them, and each of them agreed that theirs are bound. Whoever "
    "withdraws theirs takes this book with it: it is made anew without them."
)
DOES = {EXPANDS: marked("expands"), CHALLENGES: marked("challenges"), "": marked("adds")}
"""What a footnote does to what it stands beside."""


@dataclass(frozen=True)
class Imprint:
    """What an editor says of a book: its title, and who chose the excerpts; either may be empty."""

    title: str = ""
    editor: str = ""


def title(imprint: Imprint) -> str:
    """Return the title, the editor's or the kit's."""
    return imprint.title or gettext(TITLE)


def days(book: Book) -> str:
    """Return from which day to which it was written."""
    said = [each.record.when[:DAY] for each in book.excerpts]
    noted = [note.day for each in book.excerpts for note in each.message.notes]
    first, last = min([*said, *noted]), max([*said, *noted])
    return first if first == last else gettext("{first} to {last}", first=first, last=last)


def answers_in_words(excerpt: Excerpt) -> str:
    """Return what an excerpt answers; empty where it opens a thread."""
    if excerpt.answers:
        return gettext("to {who}", who=excerpt.answers)
    if excerpt.to_withdrawn:
        return gettext("to a message that was withdrawn")
    return gettext("to a message that is not in this book") if excerpt.to_absent else ""


def refused_in_words(record: Record) -> str:
    """Return a refusal in brackets; empty where there is none."""
    words = refusals.of_somebody(record)
    return f"({words})" if words else ""


def colophon(book: Book, imprint: Imprint) -> list[str]:
    """Return what stands at the end: whose words, what was left out, where it comes from."""
    people = ngettext(
        "Written by {count} person, under a pseudonym.",
        "Written by {count} people, under pseudonyms.",
        len(book.people),
    )
    left = "; ".join(book.left_out_in_words)
    return [
        *([gettext(consent.DEMONSTRATION)] if book.demonstration else []),
        f"{people} {gettext(RIGHTS)}",
        *([gettext("Chosen by {who}.", who=imprint.editor)] if imprint.editor else []),
        gettext("Left out: {reasons}.", reasons=left) if left else gettext("Nothing was left out."),
        gettext(CREDIT),
        " ".join(filter(None, (f"retrain-kit {__version__}.", unreviewed_in_brackets()))),
    ]
