"""Returns: what people give back after living with an image, of any kind, and how it is gone for good.

>>> returns = Returns("answers", "embedded-sample")
>>> said = returns.give("bison", voice, Gift(path=Path("song.mp3")))
>>> returns.withdraw(said.record.id, said.key)

The record is in the store of answers. A file is kept beside it, under the digest of what is in it, and is
deleted with the last record that speaks of it, together with every page that the kit made of it.
"""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.answers import (
    AbsentAuthor,
    AnswerContext,
    Author,
    ReachedFiles,
    author_of,
    deriving,
    messages,
)
from retrain_kit.answers.letters import visible_letters
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.common.consent import USES, Voice
from retrain_kit.exercises.common.study_exercise import InFolder
from retrain_kit.exercises.living_with_images.returns import file_types
from retrain_kit.storage.files import erase_file
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrain_kit.answers import Key, Record, SavedRecord


_MAX_NAME_CHARS = 100
# What stands after a point may be anybody's name.
_ENDINGS = {*mimetypes.types_map, *(f".{each.suffix}" for each in file_types.FILE_TYPES.values())}
# Line ends, and signs that turn the words after them around.
_NOT_IN_NAMES = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Gift:
    """What somebody gives back.

    Parameters
    ----------
    text
        Their words; may be empty beside a file.
    path
        Their file; None where there is none.
    name
        What the file is called; the name in `path` where that is empty.
    pseudonym
        What they call themselves on their card; empty where nothing is asked, or nothing said.
    prompt
        The question that it answers, as it was asked; empty where nobody has said.
    """

    text: str = ""
    path: Path | None = None
    name: str = ""
    pseudonym: str = ""
    prompt: str = ""


@dataclass(frozen=True)
class DeletedReturn:
    """What withdrawing deleted: how many records, which files that were given, and what was made of them."""

    records: int
    files: tuple[Path, ...] = ()
    reached: ReachedFiles = field(default_factory=ReachedFiles)

    @property
    def pages(self) -> tuple[Path, ...]:
        """What was made of the answers, and is deleted."""
        return self.reached.deleted

    @property
    def left(self) -> tuple[Path, ...]:
        """What was made of the answers, and may still hold it."""
        return self.reached.left


def pseudonym_faults(pseudonym: str) -> list[Fault]:
    """Return what is wrong with what somebody calls themselves; a short line of any script is right."""
    if len(pseudonym) <= _MAX_NAME_CHARS and is_one_line(pseudonym):
        return []
    found = messages.letters_in_words(len(pseudonym))
    expected = gettext("at most {count}, in one line", count=_MAX_NAME_CHARS)
    return [Fault(gettext("pseudonym"), found, expected)]


def is_one_line(text: str) -> bool:
    """Say whether a text has no ends of lines, and no signs that turn the words after them around."""
    return not _NOT_IN_NAMES.search(text)


__all__ = ["CONSENT_VERSION", "EXERCISE", "USES", "DeletedReturn", "Gift", "Returns", "Voice"]

EXERCISE = "living-with-images-return"
CONSENT_VERSION = "living-with-images-return-1"
BURN = "burn"
_FAMILY = "living-with-images"


class Returns(InFolder):
    """What came back to the images of a study."""

    def give(self, image: str, voice: Voice, gift: Gift) -> SavedRecord:
        """Keep what somebody gives back to an image; it is on the disk when this returns.

        Raises
        ------
        ParameterError
            When there is neither text nor file, or the file cannot be taken; all together.
        DataError
            When the disk is full; nothing is kept then.
        """
        kind = file_types.detect_type(gift.path, gift.name) if gift.path else None
        faults = pseudonym_faults(gift.pseudonym)
        words = visible_letters(gift.text) > 0
        if not kind and not words:
            where, expected = gettext("what is given back"), gettext("words, a file, or a refusal")
            faults.append(Fault(where, gettext("nothing"), expected, gettext(messages.REFUSE_INSTEAD)))
        if faults:
            raise ParameterError(*faults)
        details: dict[str, Any] = {"pseudonym": gift.pseudonym} if gift.pseudonym else {}
        with self.store.given.held():
            if kind and gift.path:
                details |= {"file": self._put(gift, kind), "words": words}
            return self.store.say(
                gift.text if words or not kind else kind.kind,
                self.context(image, gift.prompt),
                voice.consent,
                voice.key,
                language=voice.language if words else "",
                details=details,
                once=voice.once,
            )

    def refuse(self, image: str, refusal: str, voice: Voice, gift: Gift | None = None) -> SavedRecord:
        """Keep a refusal: *nothing*, *no answer*, with words or without; to burn is `burn`.

        Raises
        ------
        ParameterError
            When there is no such way to refuse.
        """
        gift = gift or Gift()
        if refusal == BURN:
            return self.burn(image, voice, gift.pseudonym)
        faults = pseudonym_faults(gift.pseudonym)
        if faults:
            raise ParameterError(*faults)
        details = {"pseudonym": gift.pseudonym} if gift.pseudonym else {}
        return self._keep_refusal(refusal, self.context(image, gift.prompt), voice, gift.text, details)

    def burn(self, image: str, voice: Voice, pseudonym: str = "") -> SavedRecord:
        """Take an image out of a person's set, and all they said of it out of the study, for good.

        What is left says when something was refused, not what: only who has the key can tell that it was this
        image, see `burnt`.

        Raises
        ------
        ParameterError, DataError
            As `refuse`, and `withdraw`.
        """
        faults = pseudonym_faults(pseudonym)
        if faults:
            raise ParameterError(*faults)
        author = author_of(voice.key) if voice.key else Author.new()
        details = {"burnt": self._ash(author, image)} | ({"pseudonym": pseudonym} if pseudonym else {})
        if voice.once and not self.store.was_kept(voice.once, author.key):
            self.store.check_unused(voice.once)
        # What goes, goes first: where that is cut short, it is burnt once more.
        self.store.withdraw_several(self.about_image(image, author.who), author.key)
        return self.store.refuse(
            BURN,
            AnswerContext(self.study, EXERCISE),
            voice.consent,
            author.key,
            details=details,
            once=voice.once,
        )

    def burnt(self, image: str, key: Key) -> bool:
        """Say whether the holder of a key has burnt an image."""
        author = author_of(key)
        ashes = {
            record.details["burnt"] for record in self.records(who=author.who) if "burnt" in record.details
        }
        return bool(ashes) and self._ash(author, image) in ashes

    def about_image(self, image: str, who: str) -> list[str]:
        """Return the ids of all that somebody said of an image, descriptions among it: what burning takes."""
        every = self.store.records(study=self.study, who=who)
        return [
            record.id
            for record in every
            if record.asked.images == (image,) and record.asked.exercise.startswith(_FAMILY)
        ]

    def withdraw(self, name: str, key: Key) -> DeletedReturn:
        """Delete one's own record, or footnote, and its file, from everywhere the kit wrote them.

        Raises
        ------
        ParameterError
            When there is no such record, or it is not of this key's author.
        """
        done = self.store.withdraw(name, key)
        return DeletedReturn(len(done.withdrawals), done.given, done.reached)

    def records(self, *, who: str | None = None) -> list[Record]:
        """Return what came back to the study, in the order of time, refusals among it."""
        return self.store.records(study=self.study, exercise=EXERCISE, who=who)

    def file(self, record: Record) -> Path | None:
        """Return where a record's file is kept; None where it has none, or it is not here."""
        return self.store.given.find(record.given_sha256)

    def new_upload_path(self, name: str) -> Path:
        """Return an empty file of this store for a gift that is on its way; see `forget`."""
        with self.store.given.held():
            return self.store.given.incoming(name)

    def forget(self, path: Path) -> None:
        """Delete a file that `new_upload_path` gave."""
        with self.store.given.held():
            if path.is_file():
                erase_file(path)

    def rewrite(self, path: Path, data: bytes) -> None:
        """Put something in the place of a file that `new_upload_path` gave, of which nothing is left."""
        with self.store.given.held():
            erase_file(path)
            path.touch(mode=0o600)
            path.write_bytes(data)

    def write_page(self, path: Path, data: bytes, names: Iterable[str]) -> Path:
        """Write a file made of these records and footnotes; it goes when one of them is withdrawn.

        Raises
        ------
        DataError
            When it cannot be written.
        """
        with deriving.writing_noted(self.store, path, names) as temporary:
            temporary.write_bytes(data)
        return path

    def _put(self, gift: Gift, kind: file_types.FileType) -> dict[str, Any]:
        path = gift.path or Path()
        stated, size = Path(gift.name or path.name).suffix.lower(), path.stat().st_size
        ending = stated if stated in _ENDINGS else f".{kind.suffix}"
        return {
            "sha256": self.store.given.put(path),
            "type": kind.media_type,
            "size": size,
            "extension": ending,
        }

    def _ash(self, author: Author | AbsentAuthor, image: str) -> str:
        return author.digest_of(self.ash_words(image))

    def ash_words(self, image: str) -> str:
        """Return the words whose digest, which only its author can make, says which image was burnt."""
        return f"burnt {self.study} {image}"

    def context(self, image: str, prompt: str = "") -> AnswerContext:
        """Return what a return answers."""
        return AnswerContext(self.study, EXERCISE, prompt, images=(image,))
