"""The sessions of *Living with images* in a class: everybody by the code of the card in their hand.

They are those of the notebook. What is added is the card: a page says by its code which one it speaks of, and
is told the cards that its person has spoken of before. The image is on the card, and on no phone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrain_kit.answers import messages
from retrain_kit.exercises.common.session import ItemView, Session
from retrain_kit.exercises.living_with_images import descriptions
from retrain_kit.exercises.living_with_images.descriptions import EXERCISE, FIRST, SECOND
from retrain_kit.exercises.living_with_images.returns import cleaning
from retrain_kit.exercises.living_with_images.returns.returns import EXERCISE as RETURNED
from retrain_kit.exercises.living_with_images.returns.session import ReturnsSession, own_words
from retrain_kit.exercises.living_with_images.session import DescriptionsSession
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.answers import Record
    from retrain_kit.display.figures import Panel
    from retrain_kit.exercises.common.session import Act, Screen, Sent
    from retrain_kit.exercises.living_with_images.in_class.cards import ClassCards
    from retrain_kit.exercises.living_with_images.in_class.heard import Heard
    from retrain_kit.exercises.living_with_images.living_with_images import LivingWithImages
    from retrain_kit.exercises.living_with_images.returns import Gift, Returns
    from retrain_kit.exercises.living_with_images.returns.uploads import Uploads
    from retrain_kit.studies.manifests import Manifest

MAX_UPLOAD_BYTES = 20_000_000
"""Of a photo or a sound from a phone: a large photo, or some minutes of speech."""
NAMES = {FIRST: EXERCISE, SECOND: f"{EXERCISE}-second"}
"""What the two descriptions are called in a class, which opens and closes each for itself."""
TITLES = {
    FIRST: marked("Living with images: at first sight"),
    SECOND: marked("Living with images: after living with it"),
}


class CardSession(Session[Any]):
    """A session in which a page says by its code which card it speaks of."""

    cards: ClassCards

    @property
    def item_views(self) -> tuple[ItemView, ...]:
        """One item alone, without an image: the card in one's hand."""
        return (ItemView({"title": gettext("Your card"), "credit": "", "notice": ""}, ()),)

    @property
    def setting(self) -> dict[str, Any]:
        """That there are cards."""
        return {**super().setting, "cards": True}

    @property
    def looks(self) -> Mapping[str, Act]:
        """A person says which card is theirs."""
        return {**super().looks, "card": self._card}

    @property
    def images(self) -> list[str]:
        """None that is chosen for a class: any card may come."""
        return []

    def page(self, screen: Screen, **more: str) -> dict[str, Any]:
        """Return the page, with the card, and the cards of which this person has spoken."""
        card = self.cards.every[screen.index]
        shown = {"code": card.code, "credit": card.credit, "notice": card.notice}
        return {**super().page(screen, **more), "card": shown, "cards": self._own_cards(screen.who)}

    def _card(self, screen: Screen, sent: Sent) -> str:
        screen.index = self.cards.place_of_code(messages.text_field(sent, "code"))
        return ""

    def _own_cards(self, who: str) -> list[tuple[int, str]]:
        """Return place and code of the cards of which somebody has spoken."""
        own = self.stores[0].records(study=self.cards.study, who=who) if who else []
        images = {
            image: None
            for record in own
            if record.asked.exercise in (EXERCISE, RETURNED)
            for image in record.asked.images
        }
        places = (place for image in images if (place := self.cards.place_of_image(image)))
        return [(place, self.cards.every[place].code) for place in sorted(places)]

    def _image(self, screen: Screen) -> str:
        return self.cards.image(screen.index)


class CardDescriptionsSession(CardSession, DescriptionsSession):
    """The first description in a class, or the second, each an exercise of its own.

    Parameters
    ----------
    exercise
        The exercise, with the store that keeps what is written.
    cards
        The class's.
    heard
        What was written so far.
    which
        `first` in the first class, `second` in the second.
    language
        Which translation stands beside the English prompts; `en` for none.
    """

    def __init__(
        self, exercise: LivingWithImages, cards: ClassCards, heard: Heard, which: str, language: str
    ) -> None:
        super().__init__(exercise, (), which, language)
        self.cards, self.heard = cards, heard
        self.items: tuple[Any, ...] = cards.every
        self.name, self.title = NAMES[which], TITLES[which]  # type: ignore[misc] # one class, two exercises

    @property
    def records(self) -> list[Record]:
        """What was written in this of the two."""
        return [each for each in super().records if descriptions.which_description(each) == self.which]

    @property
    def tally(self) -> tuple[int, int]:
        """How many texts there are, and how many of them are refusals."""
        return self.heard.tally(self.which)

    def is_answer(self, record: Record) -> bool:
        """Say whether a record is this one of the two."""
        return descriptions.which_description(record) == self.which

    def index_of(self, record: Record) -> int | None:
        """Return the place of the card that a record speaks of; None for one of another exercise."""
        ours = record.asked.study == self.cards.study and self.is_answer(record)
        return self.cards.place_of_image(record.asked.images[0]) if ours else None

    def _view(self, screen: Screen, act: str) -> dict[str, Any]:
        return super()._view(screen, act) if screen.index else {"mine": [], "changes": []}


class CardReturnsSession(CardSession, ReturnsSession):
    """Giving back in a class: a photo, a sound, words, or a refusal, from one's own phone.

    A file is kept without what it tells of whoever gives it, or not at all.

    Parameters
    ----------
    returns
        What came back so far, and where it is kept.
    cards
        The class's.
    manifest
        Their study.
    uploads
        The files that are on their way.
    language
        Which translation stands beside the English questions; `en` for none.
    """

    def __init__(
        self, returns: Returns, cards: ClassCards, manifest: Manifest, uploads: Uploads, language: str
    ) -> None:
        super().__init__(returns, (), manifest, uploads, language)
        self.cards = cards
        self.items: tuple[Any, ...] = cards.every
        self.previews: dict[str, Panel | None] = {}
        """Images that were given back, small, by the names of their files."""

    def forget(self) -> None:
        """Let go of what was drawn, as when something was withdrawn."""
        self.previews.clear()

    @property
    def setting(self) -> dict[str, Any]:
        """How large a file may be, and of which kinds."""
        return {**super().setting, "bytes": MAX_UPLOAD_BYTES, "accept": "image/*,audio/*"}

    @property
    def tally(self) -> tuple[int, int]:
        """How many answers there are, and how many of them are refusals."""
        return self._returns.store.tally(self.cards.study, RETURNED)

    def is_slow(self, sent: Sent) -> bool:
        """Say whether an act takes its time: a file that is added to, or looked through."""
        return bool(sent.get("upload"))

    def index_of(self, record: Record) -> int | None:
        """Return the place of the card to which something was given back; None where nobody knows."""
        ours = record.asked.study == self.cards.study and record.asked.exercise == RETURNED
        return self.cards.place_of_image("".join(record.asked.images[:1])) if ours else None

    def told_in_words(self, record: Record) -> str:
        """Return what somebody gave, as whoever keeps the answers reads it, files by their kind."""
        return own_words(record)

    def _view(self, screen: Screen, act: str) -> dict[str, Any]:
        view, image = super()._view(screen, act), self.cards.every[screen.index].image
        mine = [{**each, "image": self._code(each["image"])} for each in view["mine"]]
        goes = self._returns.about_image(image, screen.who) if image and screen.key else []
        return {"mine": mine, "burnt": bool(view["burnt"]), "goes": goes}

    def _seen(self, screen: Screen) -> list[str]:
        return [image] if (image := self.cards.every[screen.index].image) else []

    def _code(self, image: str) -> str:
        return self.cards.every[self.cards.place_of_image(image) or 0].code

    def _gift(self, screen: Screen, sent: Sent) -> Gift:
        gift = self._words(sent)
        if not sent.get("upload"):
            return gift
        coming = self._uploads.whole(sent, screen.place)
        if not coming.kind:
            cleaned = cleaning.clean_file(coming.path, coming.name)
            self._returns.rewrite(coming.path, cleaned.data)
            coming.kind = cleaned.kind
        return replace(gift, path=coming.path, name=f"given.{coming.kind.suffix}")

    def _words(self, sent: Sent) -> Gift:
        """Return what somebody gives beside a file; in a class nobody is asked what they call themselves."""
        return replace(super()._words(sent), pseudonym="")
