"""Voices: what those who annotate say, kept under the terms of each, and gone when they say so.

>>> voices = Voices("answers", "our-voices")
>>> said = voices.keep(Said(TESTIMONY, terms, "The instruction changed while I worked."))
>>> voices.store.withdraw(said.record.id, said.key)

The record is in the store of answers, its file beside it; a withdrawal deletes both, and every page that the
kit made of them. A small strategy has a key of its own: no name and no key leads from it to its author.
"""

from __future__ import annotations

import io
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.answers import AnswerContext, Consent
from retrain_kit.answers.records import utc_timestamp
from retrain_kit.display import views
from retrain_kit.exercises.common.study_exercise import InFolder
from retrain_kit.exercises.living_with_images.returns import cleaning, file_types
from retrain_kit.exercises.voices import terms as agreements
from retrain_kit.exercises.voices.terms import UNVEILED, Terms
from retrain_kit.imaging import coarse, decoding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from retrain_kit.answers import Key, Record, SavedRecord

EXERCISE = "voices"
TESTIMONY, STRATEGY, WORKPLACE = KINDS = ("testimony", "strategy", "workplace")
"""What somebody says; a small strategy, by what it answers; where they work."""
COARSE_PX = 480
_TERMS = ("until", "asked_by", "how", "asked_on")


@dataclass(frozen=True)
class Said:
    """Something that is to be kept.

    Parameters
    ----------
    kind
        One of `KINDS`.
    terms
        Its author's.
    text
        Words; of a sound its transcript; may be empty beside a file.
    file
        A sound, or a picture of where somebody works, cleaned; None without one.
    pseudonym
        What its author calls themselves; empty where they do not.
    language
        The text's language tag; empty where nobody has said.
    client
        The code name of whom they worked for; empty where nobody has said.
    answers
        Situations that a strategy answers, in the words of the study.
    images
        Ids of images that it is about.
    """

    kind: str
    terms: Terms
    text: str = ""
    file: cleaning.CleanedFile | None = None
    pseudonym: str = ""
    language: str = ""
    client: str = ""
    answers: tuple[str, ...] = ()
    images: tuple[str, ...] = ()

    @property
    def details(self) -> dict[str, Any]:
        """What is kept beside the text and the file; of a strategy nothing that could lead to its author."""
        terms = {name: getattr(self.terms, name) for name in _TERMS}
        told: dict[str, Any] = {"answers": list(self.answers)}
        if self.kind != STRATEGY:
            told |= {"pseudonym": self.pseudonym, "client": self.client}
        return {"kind": self.kind, "terms": terms, **{name: value for name, value in told.items() if value}}


class Voices(InFolder):
    """The voices of one study."""

    def keep(self, said: Said, key: Key = "", once: str = "") -> SavedRecord:
        """Keep what somebody says; it is on the disk when this returns.

        A picture of where somebody works becomes coarse colours before it is kept, unless its author agreed
        that it may be shown as it is.

        Raises
        ------
        ParameterError
            When it cannot be kept as it is.
        DataError
            When the disk is full, or a picture cannot be decoded; nothing is kept then.
        """
        file = said.file
        if file and file.kind.kind == file_types.IMAGE and UNVEILED not in said.terms.agreed:
            file = veiled(file)
        consent = Consent(said.terms.agreed, agreements.VERSION, utc_timestamp())
        asked = AnswerContext(self.study, EXERCISE, images=said.images)
        details, text = said.details, said.text
        with self.store.given.held() if file else nullcontext():
            if file:
                details |= {"file": self._put(file), "words": bool(text)}
            language = said.language if text else ""
            text = text or (file.kind.kind if file else "")
            return self.store.say(text, asked, consent, key, language=language, details=details, once=once)

    def records(self) -> list[Record]:
        """Return what was said, in the order of time."""
        return self.store.records(study=self.study, exercise=EXERCISE)

    def file(self, record: Record) -> Path | None:
        """Return where a record's file is kept; None where it has none, or it is not here."""
        return self.store.given.find(record.given_sha256)

    def _put(self, file: cleaning.CleanedFile) -> dict[str, Any]:
        kind = file.kind
        sha256 = self.store.given.put_data(file.data)
        return {
            "sha256": sha256,
            "type": kind.media_type,
            "size": len(file.data),
            "extension": f".{kind.suffix}",
        }


def veiled(file: cleaning.CleanedFile) -> cleaning.CleanedFile:
    """Return a picture as at most sixteen mean colours; nothing else of it is left.

    Raises
    ------
    DataError
        When it cannot be decoded.
    """
    image = decoding.load_image(io.BytesIO(file.data))
    plain = views.thumbnail(image, COARSE_PX).convert("RGB")
    made = coarse.coarsen(plain, np.ones((plain.height, plain.width), dtype=bool))
    buffer = io.BytesIO()
    made.save(buffer, "PNG")
    return cleaning.CleanedFile(buffer.getvalue(), file_types.FILE_TYPES["image/png"])


def kind_of(record: Record) -> str:
    """Return what a record is; empty where it says something else, as one from elsewhere may."""
    kind = text_of(record.details, "kind")
    return kind if kind in KINDS else ""


def terms_of(record: Record) -> Terms:
    """Return the terms of a record; one from elsewhere may not state them, and then nothing is agreed to."""
    stated = record.details.get("terms")
    if not isinstance(stated, dict) or not agreements.is_end(text_of(stated, "until")):
        return Terms((), agreements.WITHDRAWAL, agreements.NOT_STATED, agreements.NOT_STATED)
    return Terms(record.consent.agreed, *(text_of(stated, name) for name in _TERMS))


def text_of(stated: Mapping[str, Any], name: str) -> str:
    """Return a text among what a record states; empty where it states none."""
    value = stated.get(name)
    return value if isinstance(value, str) else ""
