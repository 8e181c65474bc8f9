"""Polyphony in a class, each person at a screen of their own, and what the projector shows of it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from retrain_kit.exercises.common import consent, prompts, refusals
from retrain_kit.exercises.common.activity import Activity, ProjectedView
from retrain_kit.exercises.polyphony.polyphony import Polyphony
from retrain_kit.exercises.polyphony.session import Item, PolyphonySession
from retrain_kit.exercises.polyphony.turns import EXERCISE, PROMPT_OF_STEP, STEPS
from retrain_kit.exercises.polyphony.wall import LineagePages
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from retrain_kit.answers.cached import CachedStore
    from retrain_kit.exercises.polyphony.pairs import PairFigure

    Seen = tuple[int, str, str, AbstractSet[str]]


def polyphony_activity(store: CachedStore, pair_figures: Sequence[PairFigure], language: str) -> Activity:
    """Return the exercise on pairs of images, for a class."""
    session = PolyphonySession(
        [Item(Polyphony(store, each.pair), each.figure) for each in pair_figures], language
    )
    return Activity(session, _Lineages(session).shown, "exercises/polyphony/wall.js")


class _Lineages:
    """The lineages of the pair that is looked at, made once until anything changes."""

    def __init__(self, session: PolyphonySession) -> None:
        self._session = session
        self._making = Lock()
        self._known: tuple[Seen, ProjectedView] | None = None

    def shown(self, index: int, withheld: AbstractSet[str]) -> ProjectedView:
        """Return the lineages of a pair's sentences, with their points of agreement and their dissent."""
        item = self._session.items[index]
        seen = index, item.exercise.store.stamp, self._session.spoken, withheld
        with self._making:
            if not self._known or self._known[0] != seen:
                self._known = seen, self._view(index, withheld)
            return self._known[1]

    def _view(self, index: int, withheld: AbstractSet[str]) -> ProjectedView:
        item = self._session.items[index]
        figure, said = item.figure, consent.shown(item.exercise.records, withheld)
        shown = [each for each in said if "class" in each.consent.agreed]
        return ProjectedView(
            gettext("Pair {number}", number=index + 1),
            LineagePages(tuple(shown), tuple(item.exercise.store.withdrawals())),
            self._asked(),
            figure.panels,
            refusals=tuple(refusals.of_somebody(each) for each in shown if each.refusal),
            credit=f"{figure.credit} {prompts.prompts_credit()}",
        )

    def _asked(self) -> tuple[tuple[str, str], ...]:
        words = prompts.prompts_of(EXERCISE)
        asked = [words[PROMPT_OF_STEP[step]] for step in STEPS]
        return tuple((prompt.text, prompt.translation(self._session.spoken)) for prompt in asked)
