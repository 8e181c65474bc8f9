"""The session of *Informational surfaces*: what a person may keep of an image, and what they see of it.

Nobody sees what others kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from retrain_kit.annotations import narratives, recordings
from retrain_kit.answers import messages
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.exercises.common import prompts, refusals
from retrain_kit.exercises.common.annotating import AnnotatingSession
from retrain_kit.exercises.common.session import Session
from retrain_kit.exercises.surfaces import track_figures
from retrain_kit.exercises.surfaces.informational_surfaces import (
    CONSENT_VERSION,
    EXERCISE,
    RECORDING_NOTICE,
    TASKS,
    USES,
    InformationalSurfaces,
)
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.annotations.recordings import Recording
    from retrain_kit.answers import Record, SavedRecord
    from retrain_kit.exercises.common.session import Act, Screen, Sent

KEPT = marked("Your recording is kept.")


class SurfacesSession(AnnotatingSession[InformationalSurfaces]):
    """Images to tag and to describe."""

    name, title = EXERCISE, marked("Informational surfaces")
    script = "exercises/surfaces/widget.js"
    told: ClassVar = {**Session.told, "answer": KEPT}
    version, uses, large = CONSENT_VERSION, USES, frozenset({"recording"})

    @property
    def setting(self) -> dict[str, Any]:
        """What is asked, uses, ways to refuse, limits."""
        return {
            **super().setting,
            "asked": [gettext(task) for task in TASKS],
            "recorded": gettext(RECORDING_NOTICE),
            "languages": list(prompts.languages().items()),
            "devices": list(recordings.DEVICES),
            "study": self.exercise.study,
            "files": [narratives.NARRATIVES_NAME, narratives.COMPANION_NAME],
            "most": {
                "text": recordings.MAX_TEXT_CHARS,
                "label": recordings.MAX_LABEL_CHARS,
                "tags": recordings.MAX_TAGS,
            },
        }

    def typed_words(self, record: Record) -> str:
        """Return the description, and the words of the boxes."""
        tags = record.details.get("tags", ())
        labels = [str(tag.get("label", "")) for tag in tags if isinstance(tag, dict)]
        return " · ".join(filter(None, (record.text, *labels)))

    @property
    def looks(self) -> Mapping[str, Act]:
        """A person may look at the map of a recording before they keep it."""
        return {**super().looks, "draw": self._draw}

    @property
    def acts(self) -> Mapping[str, Act]:
        """A person keeps a recording."""
        return {**super().acts, "keep": self._keep}

    @property
    def carried(self) -> dict[str, Any]:
        """Also how much of a recording there may be."""
        most = {"points": recordings.MAX_POINTS, "seconds": recordings.MAX_SECONDS}
        return {**super().carried, "most": {**self.setting["most"], **most}}

    def _view(self, screen: Screen, _: str) -> dict[str, Any]:
        own = self.exercise.own_records(self._image(screen).image, screen.who)
        return {"number": narratives.annotator_number(screen.who), "mine": [_own(record) for record in own]}

    def _keep(self, screen: Screen, sent: Sent) -> str:
        voice = self._voice(screen, sent)
        return self._kept(screen, self.exercise.keep(self._recording(screen, sent), voice), gettext(KEPT))

    def _draw(self, screen: Screen, sent: Sent) -> dict[str, Any]:
        return {"views": _views(self._recording(screen, sent))}

    def _refusal(self, screen: Screen, sent: Sent, refusal: str) -> SavedRecord:
        return self.exercise.refuse(self._image(screen).image, refusal, self._voice(screen, sent))

    def _recording(self, screen: Screen, sent: Sent) -> Recording:
        image, recording = self._image(screen), sent.get("recording")
        if not isinstance(recording, dict):
            raise ParameterError(Fault("recording", "none", "an object"))
        details = {**recording, "size": list(image.size)}
        try:
            return recordings.from_details(image.image, messages.text_field(recording, "text"), details)
        except DataError as error:
            raise ParameterError(*error.faults) from None


def _views(recording: Recording) -> list[dict[str, str]]:
    """Return the map of where the hand stayed longest, as the kit draws it for everybody."""
    if not recording.trace.seconds:
        return []
    figure = track_figures.track_figure(recording.trace, recording.size, gettext("of the person who made it"))
    return [
        {
            "name": panel.name,
            "alt": panel.alt,
            "src": panel.address,
        }
        for panel in figure.panels[1:]
    ]


def _own(record: Record) -> dict[str, Any]:
    """Return an answer as its author sees it in the list of their own."""
    refusal = refusals.refusal_in_words(record) if record.refusal else ""
    return {"record": record.id, "text": refusal or record.text, "refusal": bool(refusal)}
