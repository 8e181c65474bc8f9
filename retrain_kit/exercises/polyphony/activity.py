"""Polyphony in a class, each person at a screen of their own, and what the projector shows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.display.figures import SVG_MEDIA_TYPE
from retrain_kit.exercises.common import consent, prompts, refusals
from retrain_kit.exercises.common.activity import Activity, Drawing, ProjectedView
from retrain_kit.exercises.common.consent import ConsentedAnswers
from retrain_kit.exercises.polyphony import agreements, lineages
from retrain_kit.exercises.polyphony import figures as polyphony_figures
from retrain_kit.exercises.polyphony.polyphony import Polyphony
from retrain_kit.exercises.polyphony.session import Item, PolyphonySession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.answers.cached import CachedStore
    from retrain_kit.exercises.common import figures
    from retrain_kit.exercises.polyphony.pairs import PairFigure


def polyphony_activity(store: CachedStore, pair_figures: Sequence[PairFigure], language: str) -> Activity:
    """Return the exercise on pairs of images, for a class."""
    session = PolyphonySession(
        [Item(Polyphony(store, each.pair), each.figure) for each in pair_figures], language
    )
    return Activity(session, lambda index, withheld: _shown(session.items[index], withheld))


def _shown(item: Item, withheld: frozenset[str]) -> ProjectedView:
    """Return the lineage of a pair's sentences, and their points of agreement beside their dissent."""
    figure, every = item.figure, [*consent.shown(item.exercise.records, withheld)]
    agreed = tuple(record for record in every if "class" in record.consent.agreed)
    withdrawals = tuple(item.exercise.store.withdrawals())
    answers = ConsentedAnswers(agreed, withdrawals, withheld=len(every) - len(agreed))
    places = lineages.sentence_tree(answers.records, answers.withdrawals)
    drawing = Drawing(
        "Which sentence grew out of which.",
        lineages.sentences_text(places),
        lineages.lineage_svg(places).encode(),
        SVG_MEDIA_TYPE,
    )
    return ProjectedView(
        figure.title,
        figure.panels,
        (drawing,) if places else (),
        (
            ("Points of agreement", _lines(polyphony_figures.agreement_tables(answers), answers)),
            ("Dissent", _lines(polyphony_figures.dissent_tables(answers), answers)),
        ),
        tuple(refusals.WORDS_OF_SOMEBODY[record.refusal] for record in agreed if record.refusal),
        f"{figure.credit} {prompts.prompts_credit()}",
    )


def _lines(figure: figures.HtmlView, answers: ConsentedAnswers) -> tuple[str, ...]:
    """Return what a figure says in words, without its caption, which names the images."""
    captions = tuple(f"{name}. {answers.credit}" for name in agreements.by_name(answers.records))
    lines = (line.removeprefix(caption).strip() for caption in captions for line in figure.text.splitlines())
    return tuple(line for line in lines if line)
