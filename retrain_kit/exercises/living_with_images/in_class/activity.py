"""*Living with images* in a class: the two descriptions and what is given back, and what the projector shows.

A first text is on no wall before its author has written the second.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from retrain_kit.display.figures import Panel
from retrain_kit.errors import DataError
from retrain_kit.exercises.common import refusals
from retrain_kit.exercises.common.activity import Activity, Drawing, ProjectedView
from retrain_kit.exercises.living_with_images import descriptions, figures
from retrain_kit.exercises.living_with_images.descriptions import FIRST, SECOND, TIME_LIMITS_S
from retrain_kit.exercises.living_with_images.in_class.cards import ClassCards
from retrain_kit.exercises.living_with_images.in_class.heard import Heard
from retrain_kit.exercises.living_with_images.in_class.session import (
    NAMES,
    CardDescriptionsSession,
    CardReturnsSession,
)
from retrain_kit.exercises.living_with_images.living_with_images import LivingWithImages
from retrain_kit.exercises.living_with_images.returns import file_types
from retrain_kit.exercises.living_with_images.returns.returns import EXERCISE as RETURNED
from retrain_kit.exercises.living_with_images.returns.returns import Returns
from retrain_kit.exercises.living_with_images.returns.uploads import Uploads
from retrain_kit.imaging import decoding
from retrain_kit.storage.languages import gettext, marked, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.answers import Record
    from retrain_kit.answers.cached import CachedStore
    from retrain_kit.exercises.living_with_images.in_class.cards import Card
    from retrain_kit.studies.manifests import Manifest

ACTIVITIES = (*NAMES.values(), RETURNED)
"""The names of the three parts, in their order."""
TEXT_NAMES = {
    FIRST: marked("At first sight, in {count} seconds"),
    SECOND: marked("After living with it, in {count} seconds"),
}
WALL_PX = 900
MAX_ON_WALL = 12
"""How many things that were given back to an image are shown at a time, the latest ones."""


def living_with_images_activities(
    store: CachedStore, manifest: Manifest, samples: Sequence[Sample], language: str
) -> tuple[Activity, ...]:
    """Return the three parts of the exercise for a class: first text, second text, what comes back."""
    cards, exercise = ClassCards(manifest, samples), LivingWithImages(store, manifest.name)
    texts = Heard(
        store,
        lambda record: descriptions.which_description(record) if record.asked.study == manifest.name else "",
    )
    given = Heard(
        store,
        lambda record: (
            RETURNED if (record.asked.study, record.asked.exercise) == (manifest.name, RETURNED) else ""
        ),
    )
    first, second = (
        CardDescriptionsSession(exercise, cards, texts, which, language) for which in (FIRST, SECOND)
    )
    returns = Returns(store, manifest.name)
    back = CardReturnsSession(returns, cards, manifest, Uploads(returns), language)
    return (
        Activity(first, lambda _, withheld: _first_texts(first, withheld)),
        Activity(second, lambda index, withheld: _both_texts(second, index, withheld)),
        Activity(back, _WhatCameBack(back, returns, given).shown),
    )


def _first_texts(session: CardDescriptionsSession, withheld: frozenset[str]) -> ProjectedView:
    """Return how many have written; their texts wait for the second."""
    return ProjectedView(
        gettext(session.title),
        lists=((_text_name(FIRST), _counted(session.heard, FIRST, withheld)),),
        credit=descriptions.exercise_credit(),
    )


def _both_texts(session: CardDescriptionsSession, index: int, withheld: frozenset[str]) -> ProjectedView:
    """Return how many have written; or the texts about an image, each first one beside its second."""
    card = session.cards.every[index]
    if not card.sample:
        counted = ((_text_name(which), _counted(session.heard, which, withheld)) for which in (FIRST, SECOND))
        return ProjectedView(
            gettext(session.title), lists=tuple(counted), credit=descriptions.exercise_credit()
        )
    agreed = [
        record for record in session.heard.of_image(card.image, withheld) if "class" in record.consent.agreed
    ]
    pairs = [pair for pair in descriptions.description_pairs(agreed) if pair.second]
    sides = tuple(
        (
            _text_name(which),
            tuple(f"{pair.who}: {figures.description_text(pair[which], which)}" for pair in pairs),
        )
        for which in (FIRST, SECOND)
    )
    return ProjectedView(
        card.title, drawings=_on_the_card(card), lists=sides if pairs else (), credit=card.credit
    )


class _WhatCameBack:
    """What was given back, as the wall shows it; each image is made small once."""

    def __init__(self, session: CardReturnsSession, returns: Returns, given: Heard) -> None:
        self._session, self._returns, self._given = session, returns, given

    def shown(self, index: int, withheld: frozenset[str]) -> ProjectedView:
        """Return how much came back; or what came back to an image, the latest last."""
        card = self._session.cards.every[index]
        credit = " ".join(gettext(credit) for credit, _ in descriptions.returned_questions())
        if not card.sample:
            counted = _counted(self._given, RETURNED, withheld)
            return ProjectedView(gettext(self._session.title), lists=(("", counted),), credit=credit)
        agreed = [
            record
            for record in self._given.of_image(card.image, withheld)
            if "class" in record.consent.agreed
        ]
        shown = [record for record in agreed if not record.refusal][-MAX_ON_WALL:]
        drawings = [drawing for record in shown if (drawing := self._drawing(record))]
        lines = tuple(line for record in shown if (line := _line(record)))
        return ProjectedView(
            card.title,
            drawings=(*_on_the_card(card), *drawings),
            lists=(("", lines),) if lines else (),
            refusals=tuple(refusals.refusal_in_words(record) for record in agreed if record.refusal),
            credit=f"{card.credit} {credit}",
        )

    def _drawing(self, record: Record) -> Drawing | None:
        path = self._returns.file(record)
        is_image = str(record.details.get("file", {}).get("type", "")).startswith(f"{file_types.IMAGE}/")
        panel = self._small(path) if path and is_image else None
        if not panel:
            return None
        return Drawing(
            record.who, gettext("Given back by {who}.", who=record.who), panel.data, panel.media_type
        )

    def _small(self, path: Path) -> Panel | None:
        """Return an image that was given back, small; None where it cannot be shown."""
        kept = self._session.previews
        if path.name not in kept:
            try:
                image = decoding.load_image(io.BytesIO(path.read_bytes()))
                kept[path.name] = Panel.from_image(image, "", "", WALL_PX)
            except (DataError, OSError):
                kept[path.name] = None
        return kept[path.name]


def _text_name(which: str) -> str:
    return gettext(TEXT_NAMES[which], count=TIME_LIMITS_S[which])


def _counted(heard: Heard, sort: str, withheld: frozenset[str]) -> tuple[str, ...]:
    said, refused = heard.tally(sort, withheld)
    people = heard.people(sort, withheld)
    return (
        ngettext("{count} person has answered.", "{count} people have answered.", people),
        ngettext("{count} answer.", "{count} answers.", said),
        ngettext("{count} of them is a refusal.", "{count} of them are refusals.", refused),
    )


def _line(record: Record) -> str:
    """Return the words of something given back, or which kind of file it is where none can be shown."""
    file = record.details.get("file")
    words = record.text if not file or record.details.get("words") else ""
    kind = str(file.get("type", "")).partition("/")[0] if isinstance(file, dict) else ""
    heard = gettext("a sound") if kind == "audio" else ""
    told = ", ".join(filter(None, (words, heard)))
    return f"{record.who}: {told}" if told else ""


def _on_the_card(card: Card) -> tuple[Drawing, ...]:
    """Return the image of a card; where it has a notice, nothing: who holds it has chosen to see it."""
    if not card.panel or card.notice:
        return ()
    panel = card.panel
    return (Drawing(panel.name, panel.alt, panel.data, panel.media_type),)
