"""What If…? in a class."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from retrain_kit.answers import Author
from retrain_kit.errors import ParameterError
from retrain_kit.exercises import prompts, range_drawings, range_figures, reading, wordings
from retrain_kit.exercises.what_if import WhatIf
from retrain_kit.figures import SVG
from retrain_kit.web.parts import KEPT, NO_FILE, Drawing, Item, Reply, Shown
from retrain_kit.widgets import messages, scenes, what_if_acts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrain_kit.answers import Record
    from retrain_kit.exercises.areas import Area
    from retrain_kit.web.stores import SharedStore


REST = 10
MARKS = "A dot is a number one person said, a line the interval of a word."


class WhatIfs:
    """The exercise on blank areas.

    Parameters
    ----------
    store
        Where answers are kept.
    study
        The study's name.
    areas
        The blank areas to go through.
    language
        Which translation stands beside the English prompts.
    """

    name, title, script = "what-if", "What If…?", "what_if.js"

    def __init__(self, store: SharedStore, study: str, areas: Sequence[Area], language: str) -> None:
        self.exercise = WhatIf(store, study)
        self.areas = tuple(areas)
        self._store = store
        self._language = language
        self._drawing = Lock()
        self._near = [wordings.Likenesses() for _ in self.areas]
        self._lists: dict[tuple[int, bool], _Drawn] = {}

    @property
    def items(self) -> list[Item]:
        """The blank areas; a number stands for the place, whose name may tell what was taken out."""
        return [
            Item(
                {
                    "title": area.name,
                    "place": str(index),
                    "credit": area.credit,
                    "alt": area.panel.alt,
                    "width": area.panel.size[0],
                    "height": area.panel.size[1],
                },
                (area.panel,),
            )
            for index, area in enumerate(self.areas)
        ]

    @property
    def setting(self) -> dict[str, Any]:
        """Prompts, scale, uses, ways to refuse."""
        return scenes.setting(self._language)

    def answer(self, index: int, key: str, sent: Mapping[str, Any]) -> Reply:
        """Do what a person asks for; whoever looks is told the list, as they may see it."""
        message = self._message(index, key, sent)
        traits = {} if message else {"scene": self._scene(index, Author(key).who)}
        return Reply({"key": key, **message, "file": NO_FILE}, traits, bool(message))

    def records(self) -> list[Record]:
        """Return what was said."""
        return self._store.records(study=self.exercise.study, exercise=reading.EXERCISE)

    def shown(self, index: int) -> Shown:
        """Return the range of a place."""
        area = self.areas[index]
        found = self.exercise.range(area.place)
        drawing = Drawing(MARKS, range_drawings.alt(found), range_drawings.svg(found).encode(), SVG)
        aside = (
            (f"Not shown, since their authors have not agreed to it: {found.aside}.",) if found.aside else ()
        )
        return Shown(
            area.name,
            (area.panel,),
            (drawing,),
            (("", aside),) if aside else (),
            tuple(map(range_figures.refused, found.refusals)),
            f"{area.credit} {prompts.credit()}",
        )

    def leave(self, who: str) -> None:
        """Nothing waits for anybody here."""

    def _message(self, index: int, key: str, sent: Mapping[str, Any]) -> dict[str, Any]:
        try:
            messages.check(sent)
            if messages.text(sent, "act") == "look":
                return {}
            if self._store.kept(messages.text(sent, "once"), Author(key).who):
                return {"told": KEPT, "done": messages.text(sent, "act")}
            return what_if_acts.do(self.exercise, self.areas[index].place, sent, key, self._language)
        except ParameterError as error:
            return {"fault": str(error)}

    def _scene(self, index: int, who: str) -> dict[str, Any]:
        mine = scenes.own(self.exercise, self.areas[index].place, who)
        return {**self._listed(index, told=bool(mine)), "mine": mine, "who": who, "place": str(index)}

    def _listed(self, index: int, *, told: bool) -> dict[str, Any]:
        """Return a list as everybody sees it, drawn once for all who see the same.

        A long list that changes all the time is not drawn all the time: for `REST` times as long as drawing
        it took, the last one stands.
        """
        with self._drawing:
            stamp, start = self._store.stamp, time.monotonic()
            known = self._lists.get((index, told))
            if not known or (known.stamp != stamp and start > known.until):
                found = self.exercise.range(self.areas[index].place)
                listed = scenes.listed(found, self._language, told=told, known=self._near[index])
                end = time.monotonic()
                known = self._lists[index, told] = _Drawn(listed, stamp, end + REST * (end - start))
            return known.listed


@dataclass(frozen=True)
class _Drawn:
    """A list as it was drawn, of which state of the store, and until when it stands whatever happens."""

    listed: dict[str, Any]
    stamp: str
    until: float
