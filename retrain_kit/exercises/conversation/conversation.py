"""A conversation: people write with each other under pseudonyms, and beside what they wrote.

>>> talk = Conversation(store, "nature")
>>> said = talk.write(subject, "Somebody drew this box.", voice)
>>> talk.write(subject, "And was paid how much?", other, answers=said.record.id)
>>> talk.note(subject, said.record.id, NoteWords("challenges", "Nobody asked me."), voice)

It goes back to *Exch w/ Turkers* by Bruno Moreschi. Nothing that was said is changed: who reads it again
adds a footnote that expands or challenges it, or withdraws what is theirs. Threads may share it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrain_kit.answers import AnswerContext, author_of, messages
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.common import consent
from retrain_kit.exercises.common.consent import NOTHING_WITHHELD
from retrain_kit.exercises.common.study_exercise import InStore
from retrain_kit.exercises.conversation.threads import (
    EXERCISE,
    MESSAGE,
    NOTE_KINDS,
    REPLY,
    is_note,
    thread_of,
)
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from retrain_kit.answers import Key, Record, SavedRecord
    from retrain_kit.exercises.common.consent import Voice, Withheld
    from retrain_kit.exercises.conversation.subjects import Subject

CONSENT_VERSION = "conversation-1"
USES = {
    "class": marked("Others who take part may read what I write, answer it and add footnotes to it."),
    consent.BOOK: marked(
        "What I write in a conversation may be bound as a book, on paper and as a page, with my pseudonym."
    ),
}
"""What a person may agree to; each for itself."""
MAX_TEXT_CHARS = 2000


@dataclass(frozen=True)
class NoteWords:
    """A footnote as somebody writes it.

    Parameters
    ----------
    kind
        One of `threads.NOTE_KINDS`.
    at
        Behind which character of the message its mark stands; 0 where it is about all of it.
    """

    kind: str
    text: str
    at: int = 0


class Conversation(InStore):
    """The conversations about the subjects of a study."""

    def records(self, subject: Subject | None = None) -> list[Record]:
        """Return what was said, of a subject or of all, in the order of time."""
        every = self.store.records(study=self.study, exercise=EXERCISE)
        return [record for record in every if not subject or subject.is_of(record)]

    def readable(
        self, subject: Subject, who: str = "", withheld: Withheld = NOTHING_WITHHELD
    ) -> list[Record]:
        """Return what somebody may read of a subject: their own words, and those of others who agreed to it.

        Parameters
        ----------
        who
            Their pseudonym; empty before they have said anything.
        withheld
            What nobody is shown of others.
        """
        every = self.records(subject)
        own = {record.id: record for record in every if who and record.who == who}
        shown = {each.id: each for each in consent.shown(every, withheld.ids) if open_to_all(each)}
        found = shown | own
        return [found[record.id] for record in every if record.id in found]

    def write(self, subject: Subject, text: str, voice: Voice, answers: str = "") -> SavedRecord:
        """Keep a message, or an answer to one.

        Parameters
        ----------
        answers
            The id of the message that it answers.

        Raises
        ------
        ParameterError
            When the message is empty or too long, there is nothing of this id to answer, or as `Store.say`.
        """
        _check(gettext("Your message"), text)
        target = self._target(subject, answers, voice.key) if answers else None
        return self._say(subject, text, voice, target, _act(target))

    def note(self, subject: Subject, target: str, words: NoteWords, voice: Voice) -> SavedRecord:
        """Keep a footnote to a message, one's own or somebody else's; the message stays as it is.

        Raises
        ------
        ParameterError
            When there is no such kind, message or place in it; when the footnote is empty or too long; or as
            `Store.say`.
        """
        _check(gettext("Your footnote"), words.text)
        beside = self._target(subject, target, voice.key)
        if words.kind not in NOTE_KINDS:
            raise ParameterError(Fault("kind", repr(words.kind[:80]), f"one of {', '.join(NOTE_KINDS)}"))
        messages.number_field({"at": words.at}, "at", len(beside.text) + 1)
        details = {"act": words.kind, "at": words.at, "thread": thread_of(beside)}
        return self._say(subject, words.text, voice, beside, details)

    def refuse(
        self, subject: Subject, refusal: str, voice: Voice, text: str = "", answers: str = ""
    ) -> SavedRecord:
        """Refuse to answer the question, or somebody's message, in one of the ways of `answers.REFUSALS`.

        Raises
        ------
        ParameterError
            As `write`; and when there is no such way to refuse.
        """
        _check(gettext("Your words"), text, least=0)
        target = self._target(subject, answers, voice.key) if answers else None
        return self._keep_refusal(refusal, self._asked(subject, target), voice, text, _act(target))

    def _say(
        self, subject: Subject, text: str, voice: Voice, target: Record | None, details: dict[str, Any]
    ) -> SavedRecord:
        asked = self._asked(subject, target)
        return self.store.say(
            text, asked, voice.consent, voice.key, language=voice.language, details=details, once=voice.once
        )

    def context(self, subject: Subject) -> AnswerContext:
        """Return what a message to a subject answers."""
        return self._asked(subject, None)

    def _asked(self, subject: Subject, target: Record | None) -> AnswerContext:
        answered = target.id if target else ""
        return AnswerContext(self.study, EXERCISE, subject.question.text, subject.images, answered)

    def _target(self, subject: Subject, name: str, key: Key) -> Record:
        """Return the message of an id, where it is there to be answered by the author of a key."""
        who = author_of(key).who if key else ""
        for record in self.records(subject):
            readable = open_to_all(record) or record.who == who
            if record.id == name and readable and not is_note(record):
                return record
        found, expected = gettext("one that is not here"), gettext("one that can be read here")
        do = gettext("It may have been withdrawn. What you wrote still stands in the field.")
        raise ParameterError(Fault(gettext("message"), found, expected, do))


def open_to_all(record: Record) -> bool:
    """Say whether an author agreed that others who take part may read something."""
    return "class" in record.consent.agreed


def _act(target: Record | None) -> dict[str, Any]:
    return {"act": REPLY, "thread": thread_of(target)} if target else {"act": MESSAGE}


def _check(name: str, text: str, least: int = 1) -> None:
    do = gettext(messages.REFUSE_INSTEAD)
    faults = messages.length_faults(name, text, MAX_TEXT_CHARS, least=least, do=do)
    if faults:
        raise ParameterError(*faults)
