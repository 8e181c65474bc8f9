"""The book as a page: one HTML file that needs neither network nor script, with footnotes in the margin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from retrain_kit import __version__
from retrain_kit.display import assets
from retrain_kit.exercises.conversation.book import words
from retrain_kit.exercises.conversation.book.paper import NO_PICTURES, book_data
from retrain_kit.reports import templating
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.exercises.conversation.book.excerpts import Book
    from retrain_kit.exercises.conversation.book.pictures import Picture
    from retrain_kit.exercises.conversation.book.words import Imprint

FOLDER = Path(__file__).parent


def book_html(book: Book, imprint: Imprint, shown: Mapping[str, Picture] = NO_PICTURES) -> str:
    """Return the book as a page; `shown` are the images of its chapters. What people wrote is no markup."""
    style = assets.page_sheet(FOLDER / "page.css")
    template = templating.html_environment(FOLDER).get_template("page.html.j2")
    return template.render(
        book=book_data(book, imprint),
        style=Markup(style),  # noqa: S704 - the kit's own
        style_digest=assets.policy_digest(style),
        noted=_noted,
        pictures=[shown.get(chapter.image) for chapter in book.chapters],
        image=lambda picture: Markup(picture.panel.html),  # noqa: S704 - escaped by the panel
        footnote=gettext("footnote"),
        title=words.title(imprint),
        version=__version__,
    )


def _noted(excerpt: dict[str, Any], part: int) -> list[dict[str, Any]]:
    """Return the footnotes whose marks stand behind a part, counted from 1."""
    return [note for note in excerpt["notes"] if note["part"] == part]
