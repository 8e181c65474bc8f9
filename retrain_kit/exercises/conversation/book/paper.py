"""The book on paper: text, and footnotes in the margin at the height of what they speak of, set by typst."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from retrain_kit.display import signs
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.conversation.book import words
from retrain_kit.exercises.conversation.book.excerpts import parts_of
from retrain_kit.exercises.conversation.subjects import OWN, SOURCE
from retrain_kit.exercises.conversation.threads import DAY
from retrain_kit.reports import typesetting
from retrain_kit.reports.printed_text import runs_from_the_right
from retrain_kit.storage.languages import gettext, interface_language

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from retrain_kit.exercises.conversation.book.excerpts import Book, Chapter, Excerpt
    from retrain_kit.exercises.conversation.book.pictures import Picture
    from retrain_kit.exercises.conversation.book.words import Imprint
    from retrain_kit.exercises.conversation.threads import Note

NO_PICTURES: Mapping[str, Picture] = {}
MAX_WHOLE_CHARS = 600
"""A longer footnote may go on on the next page."""


def book_pdf(book: Book, imprint: Imprint, shown: Mapping[str, Picture] = NO_PICTURES) -> bytes:
    """Return the book as a PDF: the same bytes for the same words.

    Parameters
    ----------
    shown
        The images of its chapters, by their ids.

    Raises
    ------
    ReportError
        When the pages cannot be set.
    """
    data = book_data(book, imprint)
    assets: dict[str, bytes] = {}
    for chapter, told in zip(book.chapters, data["chapters"], strict=True):
        told |= {"file": "", "alt": "", "credit": "", "notice": ""}
        if picture := shown.get(chapter.image):
            kind = picture.panel.media_type.removeprefix("image/")
            file = f"image-{len(assets)}.{'jpg' if kind == 'jpeg' else kind}"
            assets[file] = picture.panel.data
            told |= {"file": file, "alt": picture.panel.alt}
            told |= {"credit": picture.credit, "notice": picture.notice}
    return typesetting.typeset_pdf(typesetting.template_text("book"), data, assets)


def book_data(book: Book, imprint: Imprint) -> dict[str, Any]:
    """Return what the template shows."""
    return {
        "language": interface_language(),
        "title": words.title(imprint),
        "lead": gettext(words.LEAD),
        "days": words.days(book),
        "chapters": [_chapter(each) for each in book.chapters],
        "colophon": words.colophon(book, imprint),
    }


def _chapter(chapter: Chapter) -> dict[str, Any]:
    numbers = iter(range(1, 1 + sum(len(each.message.notes) for each in chapter.excerpts)))
    about = gettext("Image {name}", name=chapter.image) if chapter.image else ""
    return {
        "question": chapter.question,
        "lang": "en" if chapter.question in _kit_questions() else "",
        "about": _isolated(" · ".join(filter(None, (about, chapter.study)))),
        "threads": [[_excerpt(each, numbers) for each in thread] for thread in chapter.threads],
    }


def _kit_questions() -> set[str]:
    """Return the questions that stand in English, whatever language the book is in."""
    return {prompt.text for name in (SOURCE, OWN) for prompt in prompts.prompts_of(name).values()}


def _excerpt(excerpt: Excerpt, numbers: Iterator[int]) -> dict[str, Any]:
    record = excerpt.record
    parts, notes = [], []
    for text, beside in parts_of(excerpt.message):
        numbered = [(next(numbers), note) for note in beside]
        parts.append({"text": signs.without_misleading(text), "marks": [number for number, _ in numbered]})
        notes += [_note(note, number, len(parts)) for number, note in numbered]
    head = (_isolated(record.who), _isolated(record.when[:DAY]), words.answers_in_words(excerpt))
    return {
        "head": " · ".join(filter(None, head)),
        "refused": words.refused_in_words(record),
        "parts": parts,
        **way(record.text, record.language),
        "notes": notes,
    }


def _note(note: Note, number: int, part: int) -> dict[str, Any]:
    return {
        "number": number,
        "part": part,
        "does": gettext(words.DOES.get(note.kind, words.DOES[""])),
        "text": signs.without_misleading(note.text),
        "long": len(note.text) > MAX_WHOLE_CHARS,
        "by": " · ".join((_isolated(note.who), _isolated(note.day))),
        **way(note.text, note.language),
    }


def way(text: str, language: str) -> dict[str, Any]:
    """Return the language of a text, as typst has it, and the way it runs."""
    tag = language.partition("-")[0].lower()
    known = tag if re.fullmatch("[a-z]{2,3}", tag) else "en"
    return {"lang": known, "rtl": runs_from_the_right(text)}


def _isolated(text: str) -> str:
    """Return a text that runs its own way, whatever stands around it."""
    return f"\u2068{text}\u2069"
