"""Polyphony on the wall of a class: each person at a screen of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.exercises import (
    agreements,
    lineage_drawings,
    lineages,
    polyphony_figures,
    prompts,
    sentences,
)
from retrain_kit.exercises.common import refusals
from retrain_kit.exercises.hearing import Heard
from retrain_kit.exercises.polyphony import Polyphony
from retrain_kit.exercises.polyphony_session import Item, PolyphonySession
from retrain_kit.figures import SVG
from retrain_kit.web.parts import Drawing, Part, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.exercises.common import figures
    from retrain_kit.exercises.facing import Facing
    from retrain_kit.web.stores import SharedStore


def part(store: SharedStore, faced: Sequence[Facing], language: str) -> Part:
    """Return the exercise on pairs of images."""
    session = PolyphonySession([Item(Polyphony(store, each.pair), each.figure) for each in faced], language)
    return Part(session, lambda index: _shown(session.items[index]))


def _shown(item: Item) -> Shown:
    """Return the lineage of a pair's sentences, and their points of agreement beside their dissent."""
    figure, every = item.figure, item.exercise.records
    agreed = tuple(record for record in every if "class" in record.consent.agreed)
    withdrawals = tuple(item.exercise.store.withdrawals())
    heard = Heard(agreed, withdrawals, aside=len(every) - len(agreed))
    places = lineages.grow(heard.records, heard.withdrawals)
    drawing = Drawing(
        "Which sentence grew out of which.",
        sentences.plain(places),
        lineage_drawings.svg(places).encode(),
        SVG,
    )
    return Shown(
        figure.title,
        figure.panels,
        (drawing,) if places else (),
        (
            ("Points of agreement", _lines(polyphony_figures.agreement(heard), heard)),
            ("Dissent", _lines(polyphony_figures.dissent(heard), heard)),
        ),
        tuple(refusals.TOLD[record.refusal] for record in agreed if record.refusal),
        f"{figure.credit} {prompts.credit()}",
    )


def _lines(figure: figures.Shown, heard: Heard) -> tuple[str, ...]:
    """Return what a figure says in words, without its caption, which names the images."""
    captions = tuple(f"{name}. {heard.credit}" for name in agreements.by_name(heard.records))
    lines = (line.removeprefix(caption).strip() for caption in captions for line in figure.text.splitlines())
    return tuple(line for line in lines if line)
