"""Informational surfaces in a class, and what the projector shows of them."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from retrain_kit.display.figures import Panel
from retrain_kit.exercises.common import refusals
from retrain_kit.exercises.common.activity import Activity, Drawing, ProjectedView
from retrain_kit.exercises.surfaces import drawing as surfaces_drawing
from retrain_kit.exercises.surfaces import informational_surfaces, track_figures
from retrain_kit.exercises.surfaces.informational_surfaces import InformationalSurfaces, recordings_credit
from retrain_kit.exercises.surfaces.session import SurfacesSession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.answers.cached import CachedStore
    from retrain_kit.exercises.surfaces.informational_surfaces import KeptRecording
    from retrain_kit.studies.manifests import Manifest

MAX_TRACKS, TRACK_PX = 36, 480
"""How many tracks of an image are drawn, the latest ones, and how wide or high each."""


def surfaces_activity(store: CachedStore, manifest: Manifest, samples: Sequence[Sample]) -> Activity:
    """Return the exercise on the images of a study, for a class."""
    session = SurfacesSession(
        InformationalSurfaces(store, manifest.name), informational_surfaces.images_to_tag(samples, manifest)
    )
    return Activity(session, _Tracks(session).shown)


class _Tracks:
    """The tracks of a class's recordings; each is drawn once."""

    def __init__(self, session: SurfacesSession) -> None:
        self._session = session
        self._drawing = Lock()
        self._tracks: dict[str, Drawing] = {}

    def shown(self, index: int, withheld: frozenset[str]) -> ProjectedView:
        """Return the tracks of an image on white, the latest ones, each as large as any other."""
        image, seen = self._session.items[index], self._session.exercise.consented_recordings()
        kept = [
            each
            for each in seen.recordings
            if each.recording.image == image.image and each.record.id not in withheld
        ]
        refused = (
            record
            for record in seen.refusals
            if record.asked.images == (image.image,) and record.id not in withheld
        )
        drawn = kept[-MAX_TRACKS:]
        told = f"The latest {len(drawn)} of {len(kept)} tracks." if len(drawn) < len(kept) else ""
        return ProjectedView(
            image.name,
            (),
            self._drawn(drawn),
            (("", (told,)),) if told else (),
            tuple(map(refusals.refusal_in_words, refused)),
            f"{recordings_credit(seen)} {image.credit}",
        )

    def _drawn(self, kept: Sequence[KeptRecording]) -> tuple[Drawing, ...]:
        with self._drawing:
            here = {each.record.id for each in kept}
            self._tracks = {name: drawing for name, drawing in self._tracks.items() if name in here}
            for each in kept:
                if each.record.id not in self._tracks:
                    self._tracks[each.record.id] = _track(each)
            return tuple(self._tracks[each.record.id] for each in kept)


def _track(kept: KeptRecording) -> Drawing:
    """Return a track on white; the words say where it went, as for those who cannot see it."""
    width, height = kept.recording.size
    scale = min(1.0, TRACK_PX / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    words = track_figures.track_in_words(kept.recording.trace)
    panel = Panel.from_image(
        surfaces_drawing.draw_track(kept.recording.trace, size), "track", words, TRACK_PX
    )
    return Drawing(kept.record.text, words, panel.data, panel.media_type)
