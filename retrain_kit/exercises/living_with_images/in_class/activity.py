"""*Living with images* in a class: the two descriptions and what is given back, and what the projector shows.

A first text is on no wall before its author has written the second.
"""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING, Any

from retrain_kit.display.figures import Panel
from retrain_kit.errors import DataError
from retrain_kit.exercises.common import consent, refusals
from retrain_kit.exercises.common.activity import Activity, ProjectedView
from retrain_kit.exercises.living_with_images import descriptions, figures
from retrain_kit.exercises.living_with_images.descriptions import FIRST, SECOND
from retrain_kit.exercises.living_with_images.in_class import wall
from retrain_kit.exercises.living_with_images.in_class.cards import ClassCards
from retrain_kit.exercises.living_with_images.in_class.heard import Heard
from retrain_kit.exercises.living_with_images.in_class.session import (
    CardDescriptionsSession,
    CardReturnsSession,
)
from retrain_kit.exercises.living_with_images.living_with_images import LivingWithImages
from retrain_kit.exercises.living_with_images.returns import file_types
from retrain_kit.exercises.living_with_images.returns.returns import EXERCISE as RETURNED
from retrain_kit.exercises.living_with_images.returns.returns import Returns
from retrain_kit.exercises.living_with_images.returns.uploads import Uploads
from retrain_kit.imaging import decoding
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.answers import Record
    from retrain_kit.answers.cached import CachedStore
    from retrain_kit.exercises.living_with_images.descriptions import DescriptionPair
    from retrain_kit.exercises.living_with_images.in_class.cards import Card
    from retrain_kit.studies.manifests import Manifest

WALL = "exercises/living_with_images/wall.js"
WALL_PX = 900
MAX_GIFTS = 60
"""How many things that were given back are shown in turn, the latest ones."""


def living_with_images_activities(
    store: CachedStore, manifest: Manifest, samples: Sequence[Sample], language: str
) -> tuple[Activity, ...]:
    """Return the three parts of the exercise for a class: first text, second text, what comes back."""
    cards, exercise = ClassCards(manifest, samples), LivingWithImages(store, manifest.name)

    def which_text(record: Record) -> str:
        return descriptions.which_description(record) if record.asked.study == manifest.name else ""

    def is_returned(record: Record) -> str:
        return RETURNED if (record.asked.study, record.asked.exercise) == (manifest.name, RETURNED) else ""

    texts, given = Heard(store, which_text), Heard(store, is_returned)
    first, second = (
        CardDescriptionsSession(exercise, cards, texts, which, language) for which in (FIRST, SECOND)
    )
    returns = Returns(store, manifest.name)
    back = CardReturnsSession(returns, cards, manifest, Uploads(returns), language)
    return (
        Activity(first, lambda _, withheld: _texts(first, withheld), WALL),
        Activity(second, lambda _, withheld: _texts(second, withheld), WALL, begins_closed=True),
        Activity(back, lambda _, withheld: _given(back, returns, given, withheld), WALL, begins_closed=True),
    )


def _texts(session: CardDescriptionsSession, withheld: AbstractSet[str]) -> ProjectedView:
    """Return how many have written; in the second class also each first text beside its second."""
    asked = descriptions.description_prompts()[session.which]
    sorts = (FIRST,) if session.which == FIRST else (FIRST, SECOND)
    counts = [wall.counted(session.heard, sort, withheld) for sort in sorts]
    makers = [
        partial(_pairs_page, card, pairs)
        for card in (session.cards.every[1:] if session.which == SECOND else ())
        for pairs in wall.by_page(_pairs(session, card, withheld))
    ]
    return ProjectedView(
        gettext(session.title),
        prompts=((asked.text, asked.translation(session.spoken)),),
        pages=wall.CardPages(counts, makers),
        credit=descriptions.exercise_credit(),
    )


def _pairs(session: CardDescriptionsSession, card: Card, withheld: AbstractSet[str]) -> list[DescriptionPair]:
    """Return the texts about a card of those who wrote the second, as far as others may see them."""
    records = consent.shown(session.heard.of_image(card.image), withheld)
    agreed = [record for record in records if "class" in record.consent.agreed]
    return [pair for pair in descriptions.description_pairs(agreed) if pair.second]


def _pairs_page(card: Card, pairs: Sequence[DescriptionPair]) -> dict[str, Any]:
    def text(pair: DescriptionPair, which: str) -> str:
        record = pair[which]
        return wall.shortened(figures.description_text(record, which)) if record else ""

    return {
        **wall.card_wire(card),
        "pairs": [{"first": text(pair, FIRST), "second": text(pair, SECOND)} for pair in pairs],
    }


def _given(
    session: CardReturnsSession, returns: Returns, given: Heard, withheld: AbstractSet[str]
) -> ProjectedView:
    """Return how much came back; then each thing beside its card, the latest ones."""
    asked = [questions[0] for _, questions in descriptions.returned_questions()]
    records = consent.shown(given.of_sort(RETURNED), withheld)
    agreed = [record for record in records if "class" in record.consent.agreed]
    gifts = [record for record in agreed if not record.refusal and session.index_of(record)]
    return ProjectedView(
        gettext(session.title),
        prompts=tuple((each.text, each.translation(session.spoken)) for each in reversed(asked)),
        pages=wall.CardPages(
            [wall.counted(given, RETURNED, withheld)],
            [partial(_gift_page, session, returns, record) for record in gifts[-MAX_GIFTS:]],
        ),
        refusals=tuple(refusals.refusal_in_words(record) for record in agreed if record.refusal),
        credit=" ".join(credit for credit, _ in descriptions.returned_questions()),
    )


def _gift_page(session: CardReturnsSession, returns: Returns, record: Record) -> dict[str, Any]:
    card = session.cards.every[session.index_of(record) or 0]
    file, path = record.details.get("file"), returns.file(record)
    is_image = isinstance(file, dict) and str(file.get("type")).startswith(f"{file_types.IMAGE}/")
    panel = _small(path, session.previews) if path and is_image else None
    words = record.text if not file or record.details.get("words") else ""
    return {
        **wall.card_wire(card),
        "text": wall.shortened(words),
        "language": record.language,
        "given": panel.address if panel else "",
        "sound": bool(file) and not is_image,
        "question": record.asked.prompt,
    }


def _small(path: Path, kept: dict[str, Panel | None]) -> Panel | None:
    """Return an image that was given back, small; None where it cannot be shown."""
    if path.name not in kept:
        try:
            image = decoding.load_image(io.BytesIO(path.read_bytes()))
            kept[path.name] = Panel.from_image(image, "", "", WALL_PX)
        except (DataError, OSError):
            kept[path.name] = None
    return kept[path.name]
