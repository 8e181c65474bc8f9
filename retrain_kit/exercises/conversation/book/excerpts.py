"""Excerpts: what of a conversation may be bound, what an editor chose of it, and what was left out, and why.

Only what its author agreed to bind is bound. Footnotes come with what they stand beside, each by its own
author's consent. Nothing is put in an order but that of time.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.common import consent
from retrain_kit.exercises.common.consent import BOOK
from retrain_kit.exercises.conversation import threads
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from retrain_kit.answers import Record, Store
    from retrain_kit.exercises.conversation.threads import Message, Note
    from retrain_kit.studies.manifests import Manifest

NOT_AGREED = "not agreed"
NOT_CHOSEN = "not chosen"
ALONE = "alone"
HIDDEN = "hidden"
WITHDRAWN = "withdrawn"
ELSEWHERE = "elsewhere"
REASONS = {
    NOT_AGREED: marked("their authors have not agreed to be bound: {count}"),
    NOT_CHOSEN: marked("not chosen: {count}"),
    ALONE: marked("footnotes beside what is not in the book: {count}"),
    HIDDEN: marked("taken away by whoever leads the class: {count}"),
    WITHDRAWN: marked("chosen, and withdrawn since: {count}"),
    ELSEWHERE: marked("about another study: {count}"),
}
"""Why something is not in the book."""
NOTHING_HIDDEN: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Excerpt:
    """Something that is bound.

    Parameters
    ----------
    message
        With those footnotes that are bound.
    answers
        What it answers: a pseudonym, where that is in the book; else empty.
    to_withdrawn, to_absent
        Whether what it answers was withdrawn; or is not in the book, for another reason.
    """

    message: Message
    record: Record
    answers: str = ""
    to_withdrawn: bool = False
    to_absent: bool = False


@dataclass(frozen=True)
class Chapter:
    """What was written about one subject: its question, its study and image, and the excerpts, by thread."""

    study: str
    question: str
    image: str
    threads: tuple[tuple[Excerpt, ...], ...]

    @property
    def excerpts(self) -> list[Excerpt]:
        """All of them, in their order."""
        return [each for thread in self.threads for each in thread]


@dataclass(frozen=True)
class Book:
    """All that is bound.

    Parameters
    ----------
    left_out
        How much is not in it, by reason, of `REASONS`.
    demonstration
        Whether nobody said it.
    """

    chapters: tuple[Chapter, ...]
    left_out: Mapping[str, int]
    demonstration: bool = False

    @property
    def excerpts(self) -> list[Excerpt]:
        """All excerpts, in their order."""
        return [each for chapter in self.chapters for each in chapter.excerpts]

    @property
    def ids(self) -> list[str]:
        """The ids of the messages and footnotes in it: with one of them the book goes."""
        return [name for each in self.excerpts for name in (each.record.id, *_note_ids(each.message))]

    @property
    def people(self) -> list[str]:
        """The pseudonyms of those who wrote it, in the order of the alphabet."""
        notes = {note.who for each in self.excerpts for note in each.message.notes}
        return sorted(notes | {each.record.who for each in self.excerpts})

    @property
    def left_out_in_words(self) -> list[str]:
        """How much is not in it, and why, a line a reason."""
        return [
            gettext(words, count=self.left_out[name])
            for name, words in REASONS.items()
            if self.left_out.get(name)
        ]


def bind(
    store: Store,
    chosen: Collection[str] | None = None,
    manifest: Manifest | None = None,
    hidden: AbstractSet[str] = NOTHING_HIDDEN,
) -> Book:
    """Return the book of the conversations in a store.

    Parameters
    ----------
    chosen
        The ids of the messages that an editor chose; None for all that may be bound.
    manifest
        Only what was written about this study's images and questions; its images are called as it shows them.
    hidden
        The ids of what whoever leads a class has taken away from others.

    Raises
    ------
    ParameterError
        When nothing is left to bind.
    """
    conversations = store.records(exercise=threads.EXERCISE)
    every = [each for each in conversations if not manifest or each.asked.study == manifest.name]
    names = {name for record in every for name in (record.id, *(note.id for note in record.footnotes))}
    records = consent.shown(every, hidden)
    withdrawals = store.withdrawals()
    left: Counter[str] = Counter({HIDDEN: len(names & hidden), ELSEWHERE: len(conversations) - len(every)})
    if chosen:
        left[WITHDRAWN] = len({each.of for each in withdrawals} & set(chosen))
    chapters = []
    for asked, said in _by_subject(records).items():
        found = threads.threads_of(said, withdrawals)
        messages = [message for thread in found for message in thread.messages]
        bound = {each.id for each in messages if _is_bound(each, chosen, left)}
        whose = {each.id: each for each in messages}
        told = [
            tuple(_excerpt(each, whose, bound, left) for each in thread.messages if each.id in bound)
            for thread in found
        ]
        left[ALONE] += sum(len(each.notes) for each in messages if each.id not in bound)
        study, question, image = asked
        shown = manifest.shown_id(image) if manifest and image else image
        chapters.append(Chapter(study, question, shown, tuple(filter(None, told))))
    book = Book(tuple(chapter for chapter in chapters if chapter.threads), left, store.demonstration)
    if not book.chapters:
        found_in_words = gettext("nothing that may be bound")
        why = "; ".join(book.left_out_in_words)
        raise ParameterError(
            Fault(
                str(store.folder),
                f"{found_in_words} ({why})" if why else found_in_words,
                gettext("something written in a conversation, whose author agreed to bind it"),
            )
        )
    return book


def _by_subject(records: Iterable[Record]) -> dict[tuple[str, str, str], list[Record]]:
    """Return records by study, question and image, in the order in which these were first spoken of."""
    found: dict[tuple[str, str, str], list[Record]] = {}
    questions: dict[tuple[str, str], str] = {}
    for record in records:
        image = "".join(record.asked.images[:1])
        # Of an image there is one conversation, in however many languages and wordings it was asked for.
        key = record.asked.study, image or record.asked.prompt
        question = questions.setdefault(key, record.asked.prompt)
        found.setdefault((record.asked.study, question, image), []).append(record)
    return found


def _is_bound(message: Message, chosen: Collection[str] | None, left: Counter[str]) -> bool:
    if not message.record:
        return False
    if BOOK not in message.record.consent.agreed:
        left[NOT_AGREED] += 1
        return False
    if chosen is not None and message.id not in chosen:
        left[NOT_CHOSEN] += 1
        return False
    return True


def _excerpt(
    message: Message, messages: Mapping[str, Message], bound: Collection[str], left: Counter[str]
) -> Excerpt:
    if not message.record:
        raise ValueError(message.id)
    notes = tuple(note for note in message.notes if BOOK in note.agreed)
    left[NOT_AGREED] += len(message.notes) - len(notes)
    target = messages.get(message.answers)
    return Excerpt(
        replace(message, notes=notes),
        message.record,
        target.record.who if target and target.record and target.id in bound else "",
        to_withdrawn=bool(target and target.withdrawn),
        to_absent=bool(message.answers and not (target and (target.withdrawn or target.id in bound))),
    )


def _note_ids(message: Message) -> list[str]:
    return [note.id for note in message.notes]


def parts_of(message: Message) -> list[tuple[str, Sequence[Note]]]:
    """Return the text of a message in parts, each with the footnotes whose marks stand behind it."""
    text = message.record.text if message.record else ""
    parts: list[tuple[str, Sequence[Note]]] = []
    ends = sorted({min(note.at, len(text)) for note in message.notes})
    start = 0
    for end in ends:
        parts.append((text[start:end], [note for note in message.notes if min(note.at, len(text)) == end]))
        start = end
    return [*parts, (text[start:], ())] if text[start:] else parts
