"""The session of a conversation: what a person may write, answer and note, and what they read of others.

They read what others agreed to show them, and their own words; nothing is told of the rest but that a message
which somebody answered is not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from retrain_kit.answers import messages
from retrain_kit.exercises.common import prompts, refusals
from retrain_kit.exercises.common.session import ItemView, Session
from retrain_kit.exercises.common.study_exercise import StudySession
from retrain_kit.exercises.conversation import threads
from retrain_kit.exercises.conversation.conversation import (
    CONSENT_VERSION,
    MAX_TEXT_CHARS,
    USES,
    Conversation,
    NoteWords,
)
from retrain_kit.exercises.conversation.subjects import OWN
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrain_kit.answers import Record, SavedRecord
    from retrain_kit.exercises.common.session import Act, Screen, Sent
    from retrain_kit.exercises.conversation.subjects import Subject
    from retrain_kit.exercises.conversation.threads import Message, Note, Thread

MESSAGE_KEPT = marked("Your message is kept.")
WITHDRAWN = marked("A message that was withdrawn.")
NOT_HERE = marked("A message that is not shown here.")
MAX_MESSAGES = 200
"""So many messages of a subject go to a page, of the threads in which somebody spoke last."""


class ConversationSession(StudySession["Subject", Conversation]):
    """Subjects, and what is written about each."""

    name, title, version = threads.EXERCISE, marked("A conversation"), CONSENT_VERSION
    script = "exercises/conversation/widget.js"
    told: ClassVar = {
        **Session.told,
        "answer": MESSAGE_KEPT,
        "withdrawn": WITHDRAWN,
        "absent": NOT_HERE,
    }
    refused = refusals.WORDS_OF_SOMEBODY
    uses, note_letters = USES, MAX_TEXT_CHARS

    @property
    def setting(self) -> dict[str, Any]:
        """What is asked of whoever reads, languages, uses, ways to refuse."""
        asked = prompts.prompts_of(OWN)
        return {
            **super().setting,
            "asked": {
                key: [asked[key].text, asked[key].translation(self.spoken)] for key in ("write", "reread")
            },
            "language": self.spoken,
            "languages": list(prompts.languages().items()),
            "unreviewed": prompts.unreviewed_note(self.spoken),
        }

    def index_of(self, record: Record) -> int | None:
        """Return which subject a record speaks of."""
        if record.asked.exercise != threads.EXERCISE:
            return None
        return next((at for at, subject in enumerate(self.items) if subject.is_of(record)), None)

    @property
    def acts(self) -> Mapping[str, Act]:
        """A person writes a message, or answers one; a person adds a footnote."""
        return {**super().acts, "say": self._say, "note": self._note}

    @property
    def carried(self) -> dict[str, Any]:
        """Also how long a message may be."""
        return {**super().carried, "most": MAX_TEXT_CHARS, "notes": list(threads.NOTE_KINDS)}

    def carried_item(self, index: int) -> dict[str, Any]:
        """Return what is asked of a subject, and what others wrote about it that all may read."""
        return {"asked": self.exercise.context(self.items[index]), **self._threads(index, "")}

    @property
    def carried_ids(self) -> set[str]:
        """The ids of what such a page brings to read."""
        every = (latest_threads(self._read(index, ""))[0] for index in range(len(self.items)))
        brought = [message for found in every for thread in found for message in thread.messages]
        notes = {note.id for message in brought for note in message.notes}
        return notes | {message.id for message in brought if message.record}

    def _item(self, index: int, item: Subject) -> ItemView:
        panels = (item.panel,) if item.panel else ()
        number = gettext("Image {number}", number=sum(bool(each.image) for each in self.items[: index + 1]))
        told = {
            "title": number if item.image else gettext("A question"),
            "question": item.question.text,
            "beside": item.question.translation(self.spoken),
            "credit": gettext(item.credit),
            "notice": item.notice,
            "panels": [{"name": panel.name, "alt": panel.alt} for panel in panels],
        }
        return ItemView(told, panels)

    def _images(self, item: Subject) -> tuple[str, ...]:
        return item.images

    def _view(self, screen: Screen, _: str) -> dict[str, Any]:
        subject, who = self.items[screen.index], screen.who
        own = [record for record in self.exercise.records(subject) if who and record.who == who]
        return {**self._threads(screen.index, who), "mine": [_own(record) for record in own]}

    def _threads(self, index: int, who: str) -> dict[str, Any]:
        shown, earlier = latest_threads(self._read(index, who))
        return {"threads": [_thread(thread) for thread in shown], "earlier": earlier}

    def _read(self, index: int, who: str) -> list[Thread]:
        """Return the threads of a subject as somebody may read them."""
        records = self.exercise.readable(self.items[index], who, self.withheld)
        return threads.threads_of(records, self.exercise.store.withdrawals())

    def _say(self, screen: Screen, sent: Sent) -> str:
        text, answers = messages.text_field(sent, "text"), messages.text_field(sent, "record")
        said = self.exercise.write(self.items[screen.index], text, self._voice(screen, sent), answers)
        return self._kept(screen, said, gettext(MESSAGE_KEPT))

    def _note(self, screen: Screen, sent: Sent) -> str:
        words = NoteWords(
            messages.text_field(sent, "kind"), messages.text_field(sent, "text"), sent.get("at", 0)
        )
        target, voice = messages.text_field(sent, "record"), self._voice(screen, sent)
        said = self.exercise.note(self.items[screen.index], target, words, voice)
        return self._kept(screen, said, gettext(self.told["footnote"]))

    def _refusal(self, screen: Screen, sent: Sent, refusal: str) -> SavedRecord:
        text, answers = messages.text_field(sent, "text"), messages.text_field(sent, "record")
        voice = self._voice(screen, sent)
        return self.exercise.refuse(self.items[screen.index], refusal, voice, text, answers)


def latest_threads(found: Sequence[Thread], most: int = MAX_MESSAGES) -> tuple[list[Thread], int]:
    """Return the threads in which somebody spoke last, in their order, and how many there are beside.

    They have at most `most` messages, unless one thread alone has more.
    """
    chosen: set[int] = set()
    room = most
    for at in sorted(range(len(found)), key=lambda at: found[at].last, reverse=True):
        room -= len(found[at].messages)
        if room < 0 and chosen:
            break
        chosen.add(at)
    return [thread for at, thread in enumerate(found) if at in chosen], len(found) - len(chosen)


def _thread(thread: Thread) -> dict[str, Any]:
    whose = {each.id: each.record.who if each.record else "" for each in thread.messages}
    return {"id": thread.id, "messages": [message_for_page(each, whose) for each in thread.messages]}


def message_for_page(message: Message, whose: Mapping[str, str]) -> dict[str, Any]:
    """Return a message as scripts draw it.

    Parameters
    ----------
    whose
        Who wrote the messages of its thread, by their ids.
    """
    record = message.record
    return {
        "record": message.id,
        "answers": message.answers,
        "to": whose.get(message.answers, ""),
        "gone": "" if record else gone_in_words(message),
        "who": record.who if record else "",
        "day": record.when[: threads.DAY] if record else "",
        "text": record.text if record else "",
        "language": record.language if record else "",
        "refused": refusals.of_somebody(record) if record else "",
        "notes": notes_for_page(message.notes),
    }


def gone_in_words(message: Message) -> str:
    """Return what stands in the place of a message that is not here."""
    return gettext(WITHDRAWN if message.withdrawn else NOT_HERE)


def notes_for_page(notes: Iterable[Note]) -> list[dict[str, Any]]:
    """Return footnotes as scripts draw them, with the place of each mark."""
    return [
        {
            "record": note.id,
            "who": note.who,
            "day": note.day,
            "text": note.text,
            "language": note.language,
            "kind": note.kind,
            "at": note.at,
        }
        for note in notes
    ]


def _own(record: Record) -> dict[str, Any]:
    told = " – ".join(filter(None, (refusals.of_somebody(record), record.text)))
    return {"record": record.id, "text": told}
