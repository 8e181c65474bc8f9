"""Binding: conversations become a book, a page or a choice, which go when something is withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.answers import deriving
from retrain_kit.exercises.conversation.book import choice, excerpts, page, paper

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from retrain_kit.answers import Store
    from retrain_kit.exercises.conversation.book.excerpts import Book
    from retrain_kit.exercises.conversation.book.words import Imprint


def write_book(
    store: Store, target: Path, imprint: Imprint, chosen: Path | None = None, names: Sequence[str] = ()
) -> Book:
    """Write a book as its ending says: `.pdf`, `.html`, or a choice as `.txt`; return what is in it.

    It is noted in the store before, so that a withdrawal reaches it; made once more where somebody withdraws
    something meanwhile.

    Parameters
    ----------
    chosen
        A file of ids; `names` are more of them. Where there are neither, all that may be bound is.

    Raises
    ------
    ParameterError
        When something chosen is not here, or nothing is left to bind.
    DataError
        When a file cannot be read or written.
    ReportError
        When the pages cannot be set.
    """
    lines = [*(choice.read_choice(chosen) if chosen else ()), *(("excerpt", name) for name in names)]

    def make() -> Book:
        bound = excerpts.bind(store, choice.chosen_ids(lines, store) if chosen or names else None)
        with deriving.writing_noted(store, target, bound.ids) as temporary:
            temporary.write_bytes(_content(bound, target.suffix.lower(), imprint))
        return bound

    return deriving.make_settled(store, make)


def _content(book: Book, ending: str, imprint: Imprint) -> bytes:
    if ending == ".pdf":
        return paper.book_pdf(book, imprint)
    text = page.book_html(book, imprint) if ending == ".html" else choice.choice_text(book)
    return text.encode()
