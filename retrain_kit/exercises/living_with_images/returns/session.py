"""The session of *What comes back*: what a person may give back to an image, and what they see of it.

Nobody sees what others gave.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from retrain_kit.annotations.samples import Sample
from retrain_kit.answers import messages
from retrain_kit.display import figures
from retrain_kit.errors import Fault, KitError, ParameterError
from retrain_kit.exercises.common import refusals
from retrain_kit.exercises.common.session import KEPT_ALREADY, ItemView, Screen, Session
from retrain_kit.exercises.living_with_images.returns import exhibition, file_types
from retrain_kit.exercises.living_with_images.returns.returns import (
    BURN,
    CONSENT_VERSION,
    EXERCISE,
    Gift,
    Returns,
)
from retrain_kit.studies import codes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from retrain_kit.answers import Record, SavedRecord, Store
    from retrain_kit.exercises.common.session import Act, Sent
    from retrain_kit.exercises.living_with_images.returns.returns import Returns
    from retrain_kit.studies.manifests import Manifest


_ID = re.compile("[0-9a-f]{32}")
_MAX_NAME_CHARS = 200
_MISFIT = Fault("the file", "pieces that do not fit", "one after the other")


@dataclass
class PendingUpload:
    """A file on its way: where it is put, what it is called, how large it is, and how much is here."""

    path: Path
    name: str
    size: int
    here: int = 0


class Uploads:
    """The files that are on their way.

    Parameters
    ----------
    returns
        Where they are put.
    most
        How many at a time; where more begin, the oldest is given up.
    """

    def __init__(self, returns: Returns, most: int = 1) -> None:
        self._returns, self._most = returns, most
        self._coming: dict[str, PendingUpload] = {}

    def begin(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Make room for a file, and ask for its first piece.

        Raises
        ------
        ParameterError
            When it is too large, or has no id of its own.
        """
        name, size = (
            messages.text_field(sent, "name"),
            messages.number_field(sent, "size", file_types.MAX_FILE_BYTES + 1),
        )
        upload = messages.text_field(sent, "upload")
        if not _ID.fullmatch(upload):
            raise ParameterError(Fault("upload", "something else", "32 hexadecimal digits"))
        for old in (upload, *list(self._coming)[: max(0, len(self._coming) - self._most + 1)]):
            self.forget(old)
        self._coming[upload] = PendingUpload(
            self._returns.new_upload_path(upload), name[-_MAX_NAME_CHARS:], size
        )
        return {"upload": upload, "next": 0}

    def piece(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        """Take a piece, in the bytes of `data`, and ask for the next; the last one may come again.

        Raises
        ------
        ParameterError
            When it does not follow on what is here, or is too long.
        """
        coming, data = self._found(sent), sent.get("data")
        at = messages.number_field(sent, "at", coming.size + 1)
        if not isinstance(data, bytes) or not data or at + len(data) > coming.size:
            raise ParameterError(_MISFIT)
        if at == coming.here:
            with coming.path.open("ab") as file:
                file.write(data)
            coming.here += len(data)
        elif at + len(data) != coming.here:
            raise ParameterError(_MISFIT)
        return {"upload": sent["upload"], "next": coming.here}

    def whole(self, sent: Mapping[str, Any]) -> PendingUpload:
        """Return a file that is here.

        Raises
        ------
        ParameterError
            When it is another, or not all of it is here.
        """
        coming = self._found(sent)
        if coming.here != coming.size:
            raise ParameterError(Fault("the file", f"{coming.here} bytes of {coming.size}", "all of it"))
        return coming

    def forget(self, upload: object) -> None:
        """Delete what is here of a file."""
        coming = self._coming.pop(upload, None) if isinstance(upload, str) else None
        if coming:
            self._returns.forget(coming.path)

    def _found(self, sent: Mapping[str, Any]) -> PendingUpload:
        coming = self._coming.get(messages.text_field(sent, "upload"))
        if not coming:
            raise ParameterError(Fault("the file", "pieces of another", "one file at a time"))
        return coming


MAX_GIFT_CHARS = 15_000
MAX_NOTE_CHARS = 2_000
KEPT = "What you gave is kept."
BURNT = "It is burnt. That something was refused stays, with its day."


class ReturnsSession(Session[Sample]):
    """The images of cards, and what people give back to them.

    Parameters
    ----------
    returns
        What came back so far, and where it is kept.
    cards
        The images, in the order in which they are shown.
    manifest
        Their study.
    uploads
        The files that are on their way; where nothing is said, one at a time.
    """

    name, title = EXERCISE, "What comes back"
    script = "exercises/living_with_images/returns/widget.js"
    told: ClassVar = {**Session.told, "answer": KEPT, "burnt": BURNT}
    refused = refusals.WORDS_ON_THE_WALL
    version, note_letters, large = CONSENT_VERSION, MAX_NOTE_CHARS, frozenset({"data"})

    def __init__(
        self, returns: Returns, cards: Sequence[Sample], manifest: Manifest, uploads: Uploads | None = None
    ) -> None:
        super().__init__(cards)
        self._returns, self._manifest = returns, manifest
        self._uploads = uploads or Uploads(returns)

    @property
    def setting(self) -> dict[str, Any]:
        """Uses, ways to refuse, and how much there may be."""
        return {**super().setting, "bytes": file_types.MAX_FILE_BYTES, "letters": MAX_GIFT_CHARS}

    @property
    def stores(self) -> tuple[Store, ...]:
        """The one in which records are kept."""
        return (self._returns.store,)

    @property
    def records(self) -> list[Record]:
        """What came back to the study."""
        return self._returns.records()

    @property
    def looks(self) -> Mapping[str, Act]:
        """A file comes in pieces; it is kept when it is given."""
        coming = {"begin": lambda _, sent: self._uploads.begin(sent), "piece": self._piece}
        return {**super().looks, **coming}

    @property
    def acts(self) -> Mapping[str, Act]:
        """A person gives words, or a file."""
        return {**super().acts, "give": self._give}

    @property
    def carried(self) -> dict[str, Any]:
        """Also what a burning says."""
        return {**super().carried, "names": file_types.KIND_NAMES}

    def carried_item(self, index: int) -> dict[str, Any]:
        """Return what is asked of an image, and the words of which only its author can make the ash."""
        image = self.items[index].id
        return {"asked": self._returns.context(image), "ash": self._returns.ash_words(image)}

    def _item(self, _: int, item: Sample) -> ItemView:
        alt = item.alt or f"The image {item.id}."
        panel = figures.Panel.from_sample(item, item.id, alt)
        width, height = panel.size
        told = {
            "image": item.id,
            "title": f"{item.id}, card {codes.card_code(self._manifest.name, item.id)}",
            "alt": alt,
            "notice": item.notice,
            "credit": exhibition.image_provenance(item, self._manifest),
        }
        return ItemView({**told, "width": width, "height": height}, (panel,))

    def _view(self, screen: Screen, _: str) -> dict[str, Any]:
        key = screen.key
        mine = self._returns.records(who=screen.who) if key else []
        burnt = [card.id for card in self.items if key and self._returns.burnt(card.id, key)]
        return {"mine": [_own(record) for record in mine], "burnt": burnt}

    def _do(self, screen: Screen, sent: Sent) -> str | dict[str, Any]:
        try:
            told = super()._do(screen, sent)
        except KitError:
            self._uploads.forget(sent.get("upload"))
            raise
        if sent["act"] == "give":
            self._uploads.forget(sent.get("upload"))
        return told

    def _piece(self, _: Screen, sent: Sent) -> dict[str, Any]:
        return self._uploads.piece(sent)

    def _give(self, screen: Screen, sent: Sent) -> str:
        voice = self._voice(screen, sent)
        return self._kept(screen, self._returns.give(self._image(screen), voice, self._gift(sent)), KEPT)

    def _gift(self, sent: Sent) -> Gift:
        text, pseudonym = messages.text_field(sent, "text"), messages.text_field(sent, "pseudonym")
        if not sent.get("upload"):
            return Gift(text, pseudonym=pseudonym)
        file = self._uploads.whole(sent)
        if file_types.detect_type(file.path, file.name) != file_types.PLAIN_TEXT:
            return Gift(text, file.path, file.name, pseudonym)
        words = filter(str.strip, (text, file_types.read_text(file.path, file.name)))
        return Gift("\n\n".join(words), pseudonym=pseudonym)

    def _refuse(self, screen: Screen, sent: Sent) -> str:
        told = super()._refuse(screen, sent)
        return BURNT if sent["refusal"] == BURN else told

    def _refusal(self, screen: Screen, sent: Sent, refusal: str) -> SavedRecord:
        gift = Gift(messages.text_field(sent, "text"), pseudonym=messages.text_field(sent, "pseudonym"))
        return self._returns.refuse(self._image(screen), refusal, self._voice(screen, sent), gift)

    def _withdraw(self, screen: Screen, sent: Sent) -> str:
        name = messages.text_field(sent, "record")
        if self._returns.store.was_withdrawn(name, screen.key):
            return KEPT_ALREADY
        return self._gone(screen, self._returns.withdraw(name, screen.key).reached)

    def _hides(self, agreed: Sequence[str]) -> bool:
        return not agreed

    def _image(self, screen: Screen) -> str:
        return self.items[screen.index].id


def _own(record: Record) -> dict[str, str]:
    """Return a record as its author sees it."""
    stated = record.details.get("file")
    kind = _file(stated) if isinstance(stated, dict) else ""
    words = record.text if not kind or record.details.get("words") else ""
    refused = refusals.WORDS_ON_THE_WALL.get(record.refusal, "")
    text = " ".join(filter(None, (refused, words, kind and f"[{kind}]")))
    return {"record": record.id, "text": text, "image": "".join(record.asked.images[:1])}


def _file(stated: Mapping[str, Any]) -> str:
    """Return what is known of a file in words."""
    known = (each for each in file_types.FILE_TYPES.values() if each.media_type == stated.get("type"))
    name = next((file_types.KIND_NAMES[each.kind] for each in known), "a file")
    size = stated.get("size")
    return f"{name}, {max(1, round(size / 1000)):,} kB" if isinstance(size, int) else name
