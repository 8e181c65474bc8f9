"""The session of *One's own time*: what a person may keep of an image, and what they see of their time.

Nobody sees what others kept, and nobody's time stands beside another's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from retrain_kit.analysis import own_pace
from retrain_kit.annotations import drawings, working_time
from retrain_kit.annotations.drawings import BOX, EXTREME, OUTLINE, WORD
from retrain_kit.answers import messages
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.exercises.common import prompts, refusals
from retrain_kit.exercises.common.annotating import AnnotatingSession
from retrain_kit.exercises.common.session import Screen, Session
from retrain_kit.exercises.own_time.own_time import CONSENT_VERSION, EXERCISE, NEEDS, RULE, TASK, USES
from retrain_kit.storage.languages import gettext, marked, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrain_kit.analysis.own_pace import OwnPace
    from retrain_kit.annotations.drawings import Drawing
    from retrain_kit.annotations.working_time import Spent
    from retrain_kit.answers import Record, SavedRecord
    from retrain_kit.exercises.common.annotating import ImageToAnnotate
    from retrain_kit.exercises.common.session import Act, Sent
    from retrain_kit.exercises.own_time.own_time import OwnTime
    from retrain_kit.studies.labour_figures import LabourFigure

KEPT = marked("Your annotations are kept.")
KIND_NAMES = {
    BOX: marked("Box"),
    EXTREME: marked("Extreme clicks"),
    OUTLINE: marked("Outline"),
    WORD: marked("Word"),
}
"""What people read for each kind of work."""


class OwnTimeSession(AnnotatingSession["OwnTime"]):
    """Images to annotate.

    Parameters
    ----------
    exercise
        The exercise, with the store that keeps what is drawn.
    images
        The images to go through.
    figures
        The published figures that stand beside one's own seconds.
    language
        The language of whoever has chosen none.
    """

    name, title = EXERCISE, marked("One's own time")
    script = "exercises/own_time/widget.js"
    told: ClassVar = {**Session.told, "answer": KEPT}
    version, uses, needs, large = CONSENT_VERSION, USES, NEEDS, frozenset({"drawing"})

    def __init__(
        self,
        exercise: OwnTime,
        images: Sequence[ImageToAnnotate],
        figures: Sequence[LabourFigure] = (),
        language: str = prompts.ORIGINAL_LANGUAGE,
    ) -> None:
        super().__init__(exercise, images, language)
        self.figures = tuple(figures)

    @property
    def setting(self) -> dict[str, Any]:
        """What is asked, the rule of the clock, uses, ways to refuse, limits."""
        return {
            **super().setting,
            "asked": gettext(TASK),
            "rule": gettext(RULE, seconds=f"{working_time.IDLE_AFTER_S:g}"),
            "kinds": [[kind, gettext(name)] for kind, name in KIND_NAMES.items()],
            "study": self.exercise.study,
            "most": {
                "label": drawings.MAX_LABEL_CHARS,
                "drawn": drawings.MAX_DRAWN,
                "points": drawings.MAX_POINTS,
                "moments": drawings.MAX_MOMENTS,
            },
        }

    @property
    def looks(self) -> Mapping[str, Act]:
        """A person may have their time counted before they keep anything."""
        return {**super().looks, "count": self._count}

    @property
    def acts(self) -> Mapping[str, Act]:
        """A person keeps what they drew."""
        return {**super().acts, "keep": self._keep}

    def _hides(self, _: Sequence[str]) -> bool:
        """Nobody else is ever shown anything here: it has not to be said each time."""
        return False

    def _view(self, screen: Screen, _: str) -> dict[str, Any]:
        own = self.exercise.own_records(self._image(screen).image, screen.who)
        kept = [each.drawing for each in self.exercise.drawings(screen.who)]
        return {"mine": [_own(record) for record in own], "kept": self._paces(kept)}

    def _keep(self, screen: Screen, sent: Sent) -> str:
        voice = self._heard_voice(screen, sent)
        return self._kept(screen, self.exercise.keep(self._drawing(screen, sent), voice), gettext(KEPT))

    def _count(self, screen: Screen, sent: Sent) -> dict[str, Any]:
        drawing = self._drawing(screen, sent)
        pieces = [
            {"shape": _seconds(each.shape), "word": _seconds(each.word), "notes": list(each.notes)}
            for each in drawing.drawn
        ]
        counted = {"pieces": pieces, "rest": _seconds(drawing.rest), "paces": self._paces([drawing])}
        return {"counted": {**counted, "count": messages.text_field(sent, "count")}}

    def _paces(self, found: Sequence[Drawing]) -> list[dict[str, Any]]:
        return [_pace(pace) for pace in own_pace.own_paces(found, self.figures)]

    def _refusal(self, screen: Screen, sent: Sent, refusal: str) -> SavedRecord:
        return self.exercise.refuse(self._image(screen).image, refusal, self._heard_voice(screen, sent))

    def _drawing(self, screen: Screen, sent: Sent) -> Drawing:
        image, drawing = self._image(screen), sent.get("drawing")
        if not isinstance(drawing, dict):
            raise ParameterError(Fault("drawing", "none", "an object"))
        try:
            return drawings.from_sent(image.image, image.size, drawing)
        except DataError as error:
            raise ParameterError(*error.faults) from None


def _pace(pace: OwnPace) -> dict[str, Any]:
    """Return one's own seconds in a kind of work, and the published ones, as limits."""
    published = pace.published
    return {
        "kind": gettext(KIND_NAMES[pace.kind]),
        "pieces": len(pace.spent),
        "own": [pace.own.low, pace.own.high],
        "idle": pace.total.idle_s,
        "published": [published.low, published.high] if published else None,
    }


def _seconds(spent: Spent | None) -> list[float] | None:
    return [spent.active_s, spent.idle_s, spent.away_s] if spent else None


def _own(record: Record) -> dict[str, Any]:
    """Return an answer as its author sees it in the list of their own."""
    if record.refusal:
        return {"record": record.id, "text": refusals.refusal_in_words(record), "refusal": True}
    words = " · ".join(record.text.split("\n"))
    count = len(record.details.get("drawn", ()))
    name = ngettext("{count} annotation: {words}", "{count} annotations: {words}", count, words=words)
    return {"record": record.id, "text": name, "refusal": False}
