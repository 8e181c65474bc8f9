"""A widget that turns the label system over, an image of the study at a time, with its label hanging on it.

Nobody can bring an image of their own. What the browser is sent is told under the veil: no veiled word is in
it. The static twin is the first turns, one below the other.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import anywidget
import traitlets
from traitlets import TraitType

from retrain_kit.analysis.roulette import WHY_NO_UPLOAD, By, draw_turns
from retrain_kit.analysis.told_turns import tell_turn
from retrain_kit.display import assets
from retrain_kit.display.figures import Note
from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from retrain_kit.analysis.roulette import Turn, Wheel
    from retrain_kit.analysis.told_turns import ToldTurn

WAYS: tuple[By, ...] = get_args(By)
OFFERED = 200
"""Of more labels than so many those that most images share are offered; any can be typed."""
_PANEL_FIELDS = ("name", "alt", "data", "media_type")
_KEY_FIELDS = ("number", "shown", "colour", "text_colour", "regions")


class RouletteError(ParameterError, traitlets.TraitError):
    """A wrong value; traitlets knows it and takes back all changes made together with it."""


class Roulette(anywidget.AnyWidget):
    """Turn over images of a study with one of their labels each: by lot, of one label, or the deepest first.

    Parameters
    ----------
    wheel
        The study, its label system and what is veiled of both.
    by, label, seed
        As for `roulette.draw_turns`.
    twins
        How many turns the static twin has.

    Attributes
    ----------
    by : str
        `lot`, `label` or `depth`.
    label : str
        The label for `label`: an id or a word; of a veiled word its id.
    index : int
        Which turn is shown, from 0.
    count : int
        How many turns there are.
    turn : dict
        What is shown and said of the turn, as the browser draws it.
    told : str
        Why nothing else is shown than before; empty where it is.
    offered : list of dict
        The labels that can be chosen: `id` and `words`.

    Raises
    ------
    ParameterError
        When a label is asked for that is not there, has several meanings or is veiled.
    """

    _esm = assets.inlined_script(Path(__file__).with_suffix(".js"))
    _css = assets.widget_sheet(".rk-roulette-widget", Path(__file__).with_suffix(".css"))

    by: TraitType[str, str] = TraitType("lot").tag(sync=True)
    label: TraitType[str, str] = TraitType("").tag(sync=True)
    index: TraitType[int, int] = TraitType(0).tag(sync=True)
    count: TraitType[int, int] = TraitType(0).tag(sync=True)
    turn: TraitType[Any, Any] = TraitType(None).tag(sync=True)
    told: TraitType[str, str] = TraitType("").tag(sync=True)
    offered: TraitType[Any, Any] = TraitType(()).tag(sync=True)
    why: TraitType[str, str] = TraitType(WHY_NO_UPLOAD).tag(sync=True)

    def __init__(self, wheel: Wheel, by: By = "lot", label: str = "", seed: int = 7, twins: int = 6) -> None:
        self._wheel, self._seed, self._twins = wheel, seed, twins
        self._turns = draw_turns(wheel, 0, seed, by, label)
        self._asked: tuple[str, str] = (by, label if by == "label" else "")
        super().__init__(by=by, label=label, count=len(self._turns), offered=_offered(wheel))
        self._show()

    @property
    def drawn(self) -> list[Turn]:
        """The turns of the static twin: the first that there were at the beginning or are asked for now."""
        return self._turns[: self._twins]

    @traitlets.validate("by")
    def _check_by(self, proposal: dict[str, Any]) -> str:
        if proposal["value"] not in WAYS:
            raise RouletteError(Fault("Roulette, by", repr(proposal["value"]), f"one of {', '.join(WAYS)}"))
        return str(proposal["value"])

    @traitlets.validate("label")
    def _check_label(self, proposal: dict[str, Any]) -> str:
        if not isinstance(proposal["value"], str):
            raise RouletteError(Fault("Roulette, label", repr(proposal["value"]), "an id or a word"))
        return proposal["value"].strip()

    @traitlets.validate("index")
    def _check_index(self, proposal: dict[str, Any]) -> int:
        value = proposal["value"]
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise RouletteError(Fault("Roulette, index", repr(value), "a whole number from 0"))
        return value

    @traitlets.observe("by", "label", "index")
    def _settle(self, _change: dict[str, Any]) -> None:
        """Draw anew where another way is asked for; where it leads nowhere, say so and leave all as it is."""
        asked = (self.by, self.label if self.by == "label" else "")
        if asked != self._asked:
            try:
                turns = draw_turns(self._wheel, 0, self._seed, *asked)  # type: ignore[arg-type] # it is checked
            except ParameterError as error:
                (fault,) = error.faults
                self.told = f"{fault.found} was asked for; expected: {fault.expected}."
                return
            self._turns, self._asked = turns, asked
            self.count = len(turns)
        self._show()

    def _show(self) -> None:
        """Tell the turn that is asked for."""
        if self.index >= len(self._turns) > 0:
            self.index = 0
            return
        self.told = "" if self._turns else "No image of the study bears such a label."
        if self._turns:
            self.turn = wire(tell_turn(self._turns[self.index], self._wheel))

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - IPython's own
        """Return the widget view and, beside it, the twins that need no kernel and no script."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        told = [tell_turn(turn, self._wheel) for turn in self.drawn]
        shown = [part for each in told for part in (each.figure, each.note)] or [Note(self.told, ())]
        twins = {
            "text/plain": "\n".join(map(repr, shown)),
            "text/html": "\n".join(part._repr_html_() for part in shown),
        }
        return {**data, **twins}, metadata


def wire(told: ToldTurn) -> dict[str, Any]:
    """Return a turn as a browser reads it; the bytes of its images are as they are."""
    figure = told.figure
    return {
        "title": told.title,
        "label": told.label,
        "paths": [list(path) for path in told.paths],
        "above": [list(line) for line in told.above if line[1]],
        "below": [list(line) for line in told.below if line[1]],
        "place": told.place and list(told.place),
        "tagged": told.tagged,
        "caption": figure.caption,
        "credit": figure.credit,
        "legend": [{field: getattr(key, field) for field in _KEY_FIELDS} for key in figure.legend],
        "width": figure.panels[0].size[0],
        "height": figure.panels[0].size[1],
        "views": [{field: getattr(panel, field) for field in _PANEL_FIELDS} for panel in figure.panels],
    }


def _offered(wheel: Wheel) -> list[dict[str, str]]:
    """Return the labels that the study bears, those first that most images share."""
    used = sorted(wheel.use.images.items(), key=lambda each: -each[1])
    return [
        {"id": wheel.veil.shown_id(name), "words": wheel.veil.words(wheel.taxonomy.synset(name))}
        for name, _ in islice(used, OFFERED)
    ]
