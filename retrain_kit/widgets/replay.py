"""A widget that plays how the annotations of images came, point by point, and shows no image.

The browser is sent outlines, words under the veil, and seconds. An image is sent only where somebody asks for
it, to be seen at the end. The static twin is a strip of stills of each image.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import numpy as np
import traitlets
from traitlets import TraitType

from retrain_kit.annotations.timelines import ENDS
from retrain_kit.display import assets
from retrain_kit.display.replay_screen import FACTORS, HOLD_S, STAY_S, SWEEP_S, Scene, line_colour
from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from retrain_kit.analysis.study_replay import StudyReplay
    from retrain_kit.annotations.timelines import Drawing, Stroke, Timeline
    from retrain_kit.display.figures import Figure, Note, Panel
    from retrain_kit.display.label_keys import LabelKey

    Floats = NDArray[np.float64]

UNITS = 2000
"""How many units the longer side of a screen has: places are sent in whole ones."""
SHARES = 10_000
_KINDS = ("loop", "line", "click", "yes", "no")
_BEYOND_UNITS = 20 * UNITS


class ReplayError(ParameterError, traitlets.TraitError):
    """A wrong value; traitlets knows it and takes back all changes made together with it."""


class Replay(anywidget.AnyWidget):
    """Play how the annotations of images came.

    Parameters
    ----------
    replay
        The images' timelines, and how they are played.
    shown
        By the ids of images what is shown of them at the end; nothing of those that are not there.

    Attributes
    ----------
    end : str
        `least` or `most`: at which end of the published seconds it is played.
    factor : float
        How many times faster.

    Raises
    ------
    ParameterError
        When the end is none of these, or the factor no number above 0.
    """

    _esm = assets.inlined_script(Path(__file__).with_suffix(".js"))
    _css = assets.widget_sheet(".rk-replay-widget", Path(__file__).with_suffix(".css"))

    given: TraitType[Any, Any] = TraitType(None).tag(sync=True)
    end: TraitType[str, str] = TraitType("most").tag(sync=True)
    factor: TraitType[float, float] = TraitType(1.0).tag(sync=True)

    def __init__(self, replay: StudyReplay, shown: Mapping[str, Panel] | None = None) -> None:
        self.replay = replay
        super().__init__(
            given=wire(replay, shown or {}), end=replay.play.end, factor=float(replay.play.factor)
        )

    @traitlets.validate("end")
    def _check_end(self, proposal: dict[str, Any]) -> str:
        if proposal["value"] not in ENDS:
            raise ReplayError(Fault("Replay, end", repr(proposal["value"]), f"one of {', '.join(ENDS)}"))
        return str(proposal["value"])

    @traitlets.validate("factor")
    def _check_factor(self, proposal: dict[str, Any]) -> float:
        value = proposal["value"]
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
            raise ReplayError(Fault("Replay, factor", repr(value), "a number above 0"))
        return float(value)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401 - IPython's own
        """Return the widget view and, beside it, the twins that need no kernel and no script."""
        data, metadata = super()._repr_mimebundle_(**kwargs) or ({}, {})
        shown: list[Note | Figure] = [self.replay.note, *self.replay.strips()]
        twins = {
            "text/plain": "\n".join(map(repr, shown)),
            "text/html": "\n".join(part._repr_html_() for part in shown),
        }
        return {**data, **twins}, metadata


def wire(replay: StudyReplay, shown: Mapping[str, Panel]) -> dict[str, Any]:
    """Return a replay as a browser reads it."""
    return {
        "screens": [_screen(each, replay, shown.get(each.image)) for each in replay.timelines],
        "stations": {"hold_s": HOLD_S, "sweep_s": SWEEP_S, "stay_s": STAY_S},
        "factors": sorted({*FACTORS, replay.play.factor}),
        "told": {end: [*replay.played_at(end).lines, *_credits(replay, shown)] for end in ENDS},
        "whose": replay.whose,
    }


def _credits(replay: StudyReplay, shown: Mapping[str, Panel]) -> list[tuple[str, str]]:
    """Return whose each image is that is shown, and what was done to it."""
    return [
        ("image at the end", " ".join(filter(None, (f"{name}: {replay.credit[name]}", panel.alt))))
        for name, panel in shown.items()
    ]


def _screen(timeline: Timeline, replay: StudyReplay, shown: Panel | None) -> dict[str, Any]:
    scene = Scene(timeline, UNITS)
    labels, annotators = list(scene.keys), list(scene.annotators)
    places = {label: place for place, label in enumerate(labels)}
    return {
        "image": timeline.image,
        "size": list(scene.size),
        "drawings": [
            _drawing(each, places.get(each.label, -1), annotators.index(each.annotator), scene.scale)
            for each in timeline.drawings
        ],
        "labels": [*map(_key, scene.keys.values())],
        "annotators": [*map(_key, scene.annotators.values())],
        "told": replay.in_words(timeline),
        "credit": replay.credit[timeline.image],
        "shown": shown and {"data": base64.b64encode(shown.data).decode(), "media_type": shown.media_type},
    }


def _key(key: LabelKey) -> dict[str, Any]:
    return {
        "shown": key.shown,
        "number": key.number,
        "line": line_colour(key.colour).css,
        "chip": key.colour,
        "text": key.text_colour,
    }


def _drawing(drawing: Drawing, label: int, annotator: int, scale: float) -> dict[str, Any]:
    return {
        "label": label,
        "by": annotator,
        "seconds": [round(drawing.low_s, 3), round(drawing.high_s, 3)],
        "start": drawing.start_s,
        "strokes": [[_KINDS.index(stroke.kind), _points(stroke, scale)] for stroke in drawing.strokes],
    }


def _points(stroke: Stroke, scale: float) -> list[int]:
    """Return x, y and share of each point in whole numbers; those that no screen tells apart come once."""
    places = np.clip(stroke.points[:, :2] * scale, -_BEYOND_UNITS, _BEYOND_UNITS)
    numbers = np.column_stack([places, stroke.points[:, 2] * SHARES]).round().astype(np.int64)
    new = np.ones(len(numbers), dtype=bool)
    new[1:] = (np.diff(numbers[:, :2], axis=0) != 0).any(axis=1)
    found: list[int] = numbers[new].ravel().tolist()
    return found
