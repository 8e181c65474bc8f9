"""Conversations of five people in a store, for tests of what is read of them and of the book."""

from itertools import count

from retrain_kit.answers import Author, Consent, Store
from retrain_kit.answers.records import at_time
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.conversation.conversation import Conversation, NoteWords
from retrain_kit.exercises.conversation.subjects import asked_subject

QUESTION = asked_subject("Who paid for this?")
PEOPLE = [Author.new() for _ in range(5)]
BOTH = ("class", "book")


class Talk:
    """A conversation in the store of a folder; each thing is said on another day."""

    def __init__(self, folder, subject=QUESTION):
        self.store, self.subject, self.days = Store(folder), subject, count(1)
        self.exercise = Conversation(self.store, "nature")

    def voice(self, who, uses, language="en"):
        return Voice(Consent(uses, "conversation-1", "2026-11-01T09:00:00Z"), PEOPLE[who].key, language)

    def today(self):
        day = next(self.days)
        return at_time(f"2026-{9 + day // 28:02}-{1 + day % 28:02}T09:00:00Z")

    def write(self, who, text, answers=None, uses=BOTH, language="en"):
        with self.today():
            voice = self.voice(who, uses, language)
            return self.exercise.write(self.subject, text, voice, answers.id if answers else "").record

    def note(self, who, target, text, kind="expands", at=0, uses=BOTH, language="en"):  # noqa: PLR0913, PLR0917
        with self.today():
            words, voice = NoteWords(kind, text, at), self.voice(who, uses, language)
            return self.exercise.note(self.subject, target.id, words, voice).record

    def withdraw(self, who, record):
        self.store.withdraw(record.id, PEOPLE[who].key)
