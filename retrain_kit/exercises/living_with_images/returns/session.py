"""The session of *What comes back*: what a person may give back to an image, and what they see of it.

Nobody sees what others gave.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from retrain_kit.annotations.samples import Sample
from retrain_kit.answers import messages
from retrain_kit.display import figures
from retrain_kit.errors import KitError
from retrain_kit.exercises.common import prompts, refusals
from retrain_kit.exercises.common.session import KEPT_ALREADY, ItemView, Screen, Session
from retrain_kit.exercises.living_with_images import descriptions
from retrain_kit.exercises.living_with_images.returns import exhibition, file_types
from retrain_kit.exercises.living_with_images.returns.returns import (
    BURN,
    CONSENT_VERSION,
    EXERCISE,
    Gift,
    Returns,
)
from retrain_kit.exercises.living_with_images.returns.uploads import Uploads
from retrain_kit.storage.languages import gettext, marked
from retrain_kit.studies import codes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrain_kit.answers import Record, SavedRecord, Store
    from retrain_kit.exercises.common.session import Act, Sent
    from retrain_kit.exercises.living_with_images.returns.returns import Returns
    from retrain_kit.studies.manifests import Manifest


MAX_GIFT_CHARS = 15_000
MAX_NOTE_CHARS = 2_000
KEPT = marked("What you gave is kept.")
BURNT = marked("It is burnt. That something was refused stays, with its day.")


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
    language
        Which translation stands beside the English questions; `en` for none.
    """

    name, title = EXERCISE, marked("What comes back")
    script = "exercises/living_with_images/returns/widget.js"
    told: ClassVar = {**Session.told, "answer": KEPT, "burnt": BURNT}
    refused = refusals.WORDS_ON_THE_WALL
    version, note_letters, large = CONSENT_VERSION, MAX_NOTE_CHARS, frozenset({"data"})

    def __init__(
        self,
        returns: Returns,
        cards: Sequence[Sample],
        manifest: Manifest,
        uploads: Uploads | None = None,
        language: str = prompts.ORIGINAL_LANGUAGE,
    ) -> None:
        prompts.check_language(language)
        super().__init__(cards)
        self.beside = language
        self._returns, self._manifest = returns, manifest
        self._uploads = uploads or Uploads(returns)

    @property
    def setting(self) -> dict[str, Any]:
        """Questions, uses, ways to refuse, and how much there may be."""
        asked = [
            {
                "credit": gettext(credit),
                "questions": [
                    [each.key, each.text, each.translations.get(self.spoken, "")] for each in questions
                ],
            }
            for credit, questions in descriptions.returned_questions()
        ]
        return {
            **super().setting,
            "asked": asked,
            "language": self.spoken,
            "unreviewed": prompts.unreviewed_note(self.spoken),
            "bytes": file_types.MAX_FILE_BYTES,
            "letters": MAX_GIFT_CHARS,
        }

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
        return {**super().looks, "begin": self._begin, "piece": self._piece}

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
        return ItemView.of_image(
            panel,
            image=item.id,
            title=f"{item.id}, card {codes.card_code(self._manifest.name, item.id)}",
            notice=item.notice,
            credit=exhibition.image_provenance(item, self._manifest),
        )

    def _view(self, screen: Screen, _: str) -> dict[str, Any]:
        key = screen.key
        mine = self._returns.records(who=screen.who) if key else []
        burnt = [image for image in self._seen(screen) if key and self._returns.burnt(image, key)]
        return {"mine": [_own(record) for record in mine], "burnt": burnt}

    def _do(self, screen: Screen, sent: Sent) -> str | dict[str, Any]:
        try:
            told = super()._do(screen, sent)
        except KitError:
            self._uploads.forget(sent.get("upload"), screen.place)
            raise
        if sent["act"] == "give":
            self._uploads.forget(sent.get("upload"), screen.place)
        return told

    def _begin(self, screen: Screen, sent: Sent) -> dict[str, Any]:
        most = self.setting["bytes"]
        return self._uploads.begin(sent, most, screen.place)

    def _piece(self, screen: Screen, sent: Sent) -> dict[str, Any]:
        return self._uploads.piece(sent, screen.place)

    def _give(self, screen: Screen, sent: Sent) -> str:
        voice, gift = self._voice(screen, sent), self._gift(screen, sent)
        return self._kept(screen, self._returns.give(self._image(screen), voice, gift), gettext(KEPT))

    def _gift(self, screen: Screen, sent: Sent) -> Gift:
        gift = self._words(sent)
        if not sent.get("upload"):
            return gift
        file = self._uploads.whole(sent, screen.place)
        if file_types.detect_type(file.path, file.name) != file_types.PLAIN_TEXT:
            return replace(gift, path=file.path, name=file.name)
        words = filter(str.strip, (gift.text, file_types.read_text(file.path, file.name)))
        return replace(gift, text="\n\n".join(words))

    def _words(self, sent: Sent) -> Gift:
        """Return what somebody gives beside a file: words, what they call themselves, what they answer."""
        text, pseudonym, key = (messages.text_field(sent, name) for name in ("text", "pseudonym", "question"))
        asked = (each for _, questions in descriptions.returned_questions() for each in questions)
        prompt = next((each.text for each in asked if each.key == key), "")
        return Gift(text, pseudonym=pseudonym, prompt=prompt)

    def _refuse(self, screen: Screen, sent: Sent) -> str:
        told = super()._refuse(screen, sent)
        return gettext(BURNT) if sent["refusal"] == BURN else told

    def _refusal(self, screen: Screen, sent: Sent, refusal: str) -> SavedRecord:
        return self._returns.refuse(
            self._image(screen), refusal, self._voice(screen, sent), self._words(sent)
        )

    def _withdraw(self, screen: Screen, sent: Sent) -> str:
        name = messages.text_field(sent, "record")
        if self._returns.store.was_withdrawn(name, screen.key):
            return KEPT_ALREADY
        return self._gone(screen, self._returns.withdraw(name, screen.key).reached)

    def _hides(self, agreed: Sequence[str]) -> bool:
        return not agreed

    def _image(self, screen: Screen) -> str:
        return self.items[screen.index].id

    def _seen(self, _: Screen) -> list[str]:
        """Return the images that a page is about."""
        return [card.id for card in self.items]


def _own(record: Record) -> dict[str, str]:
    """Return a record as its author sees it."""
    return {"record": record.id, "text": own_words(record), "image": "".join(record.asked.images[:1])}


def own_words(record: Record) -> str:
    """Return what somebody gave in words: a refusal, what they wrote, which kind of file."""
    stated = record.details.get("file")
    kind = _file(stated) if isinstance(stated, dict) else ""
    words = record.text if not kind or record.details.get("words") else ""
    refused = gettext(refusals.WORDS_ON_THE_WALL.get(record.refusal, ""))
    return " ".join(filter(None, (refused, words, kind and f"[{kind}]")))


def _file(stated: Mapping[str, Any]) -> str:
    """Return what is known of a file in words."""
    known = (each for each in file_types.FILE_TYPES.values() if each.media_type == stated.get("type"))
    name = gettext(next((file_types.KIND_NAMES[each.kind] for each in known), marked("a file")))
    size = stated.get("size")
    return f"{name}, {max(1, round(size / 1000)):,} kB" if isinstance(size, int) else name
