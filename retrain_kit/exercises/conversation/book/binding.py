"""Binding: conversations become a book, a page or a choice, which go when something is withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.answers import deriving
from retrain_kit.exercises.conversation.book import choice, excerpts, page, paper, pictures
from retrain_kit.exercises.conversation.book.choice import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from retrain_kit.answers import Store
    from retrain_kit.exercises.conversation.book.excerpts import Book
    from retrain_kit.exercises.conversation.book.pictures import Picture
    from retrain_kit.exercises.conversation.book.words import Imprint

ALL = Choice()


def write_book(store: Store, target: Path, imprint: Imprint, chosen: Choice = ALL) -> Book:
    """Write a book as its ending says: `.pdf`, `.html`, or a choice as `.txt`; return what is in it.

    It is noted in the store before, so that a withdrawal reaches it; made once more where somebody withdraws
    something meanwhile.

    Raises
    ------
    ParameterError
        When something chosen is not here, or nothing is left to bind.
    DataError
        When a file cannot be written.
    ReportError
        When the pages cannot be set.
    """

    def make() -> Book:
        ids = None if chosen.lines is None else choice.chosen_ids(chosen.lines, store)
        bound = excerpts.bind(store, ids, manifest := chosen.manifest, chosen.hidden)
        shown = pictures.pictures_of(bound, manifest) if manifest else {}
        with deriving.writing_noted(store, target, bound.ids) as temporary:
            temporary.write_bytes(_content(bound, target.suffix.lower(), imprint, shown))
        return bound

    return deriving.make_settled(store, make)


def _content(book: Book, ending: str, imprint: Imprint, shown: Mapping[str, Picture]) -> bytes:
    if ending == ".pdf":
        return paper.book_pdf(book, imprint, shown)
    text = page.book_html(book, imprint, shown) if ending == ".html" else choice.choice_text(book)
    return text.encode()
