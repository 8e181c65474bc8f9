"""The session of *Recoding Art*: what a person may say of a work, and what they see of it.

Nobody sees what others said. What the museum and machines say of a work is seen by whoever has answered both
questions, or has refused: until then nothing but the work itself puts words into anybody's mouth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrain_kit.answers import messages
from retrain_kit.errors import DataError
from retrain_kit.exercises.common import prompts, refusals
from retrain_kit.exercises.common.session import ANSWER_KEPT, ItemView
from retrain_kit.exercises.common.study_exercise import StudySession
from retrain_kit.exercises.recoding_art import recoding_art
from retrain_kit.exercises.recoding_art.recoding_art import (
    CONSENT_VERSION,
    EXERCISE,
    MAX_TEXT_CHARS,
    RecodingArt,
    WorkAnswer,
)
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.answers import Record, SavedRecord
    from retrain_kit.exercises.common.session import Act, Screen, Sent
    from retrain_kit.exercises.recoding_art.works import WorkToSee


class RecodingArtSession(StudySession["WorkToSee", RecodingArt]):
    """Works to describe, and to take for art or not."""

    name, title, version = EXERCISE, marked("Recoding Art"), CONSENT_VERSION
    script = "exercises/recoding_art/widget.js"

    @property
    def setting(self) -> dict[str, Any]:
        """What is asked, what may be answered, languages, uses, ways to refuse."""
        words = recoding_art.answer_words(self.spoken)
        return {
            **super().setting,
            "asked": recoding_art.asked_lines(self.spoken),
            "answers": [[answer, *lines] for answer, lines in words.items()],
            "language": self.spoken,
            "languages": list(prompts.languages().items()),
            "unreviewed": prompts.unreviewed_note(self.spoken),
            "credit": recoding_art.exercise_credit(),
            "most": MAX_TEXT_CHARS,
        }

    def typed_words(self, record: Record) -> str:
        """Return the description; whether it is art is chosen, not typed."""
        return record.text if record.refusal else _read(record).description or ""

    def told_in_words(self, record: Record) -> str:
        """Return what somebody said: the description, and whether it is art."""
        if record.refusal:
            return refusals.refusal_in_words(record)
        said = _read(record)
        return " · ".join(filter(None, (said.description, _art_in_words(said.art, self.spoken))))

    @property
    def acts(self) -> Mapping[str, Act]:
        """A person answers."""
        return {**super().acts, "say": self._say}

    @property
    def carried(self) -> dict[str, Any]:
        """Also how long a description may be."""
        return {**super().carried, "most": MAX_TEXT_CHARS, "most_words": messages.MAX_SHORT_CHARS}

    def carried_item(self, index: int) -> dict[str, Any]:
        """Return what is asked of a work, and what is told of it to whoever has answered."""
        work = self.items[index]
        return {"asked": self.exercise.context(work.image), "beside": work.told}

    def _item(self, index: int, item: WorkToSee) -> ItemView:
        title = gettext("Image {number}", number=index + 1)
        return ItemView.of_image(item.panel, title=title, credit=item.credit, notice=item.notice)

    def _view(self, screen: Screen, _: str) -> dict[str, Any]:
        work = self.items[screen.index]
        own = self.exercise.own_records(work.image, screen.who)
        said, refused = recoding_art.together(own), any(record.refusal for record in own)
        open_ = {
            "describe": not refused and said.description is None,
            "art": not refused and said.art is None,
        }
        mine = [_own(record, self.spoken) for record in own]
        return {"mine": mine, "open": open_, "beside": None if any(open_.values()) else work.told}

    def _say(self, screen: Screen, sent: Sent) -> str:
        text, art = messages.text_field(sent, "text"), messages.text_field(sent, "art")
        answer = WorkAnswer(text or None, art or None)
        image, voice = self.items[screen.index].image, self._voice(screen, sent)
        return self._kept(screen, self.exercise.say(image, answer, voice), gettext(ANSWER_KEPT))

    def _refusal(self, screen: Screen, sent: Sent, refusal: str) -> SavedRecord:
        text, voice = messages.text_field(sent, "text"), self._voice(screen, sent)
        return self.exercise.refuse(self.items[screen.index].image, refusal, voice, text)


def _read(record: Record) -> WorkAnswer:
    """Return what a record says of a work; what another program wrote, as a description."""
    try:
        return recoding_art.answer_of(record)
    except DataError:
        return WorkAnswer(record.text)


def _art_in_words(art: str | None, language: str) -> str:
    """Return an answer in a language that is spoken, else in English."""
    if art is None:
        return ""
    english, beside = recoding_art.answer_words(language)[art]
    return beside or english


def _own(record: Record, language: str) -> dict[str, Any]:
    """Return an answer as its author sees it."""
    said = WorkAnswer() if record.refusal else _read(record)
    return {
        "record": record.id,
        "text": refusals.refusal_in_words(record) if record.refusal else said.description or "",
        "art": _art_in_words(said.art, language),
        "language": record.language,
        "footnotes": [note.text for note in record.footnotes],
    }
