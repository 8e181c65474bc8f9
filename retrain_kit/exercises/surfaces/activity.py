"""Informational surfaces in a class, and what the projector shows of them."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from retrain_kit.errors import DataError
from retrain_kit.exercises.common import consent, refusals
from retrain_kit.exercises.common.activity import Activity, ProjectedView
from retrain_kit.exercises.surfaces import informational_surfaces, wall
from retrain_kit.exercises.surfaces.informational_surfaces import (
    TASKS,
    ConsentedRecordings,
    InformationalSurfaces,
    recordings_credit,
)
from retrain_kit.exercises.surfaces.session import SurfacesSession
from retrain_kit.exercises.surfaces.wall import MAX_TRACKS, DrawnTrack, TrackPages
from retrain_kit.storage.languages import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.answers import Record
    from retrain_kit.answers.cached import CachedStore
    from retrain_kit.studies.manifests import Manifest


def surfaces_activity(store: CachedStore, manifest: Manifest, samples: Sequence[Sample]) -> Activity:
    """Return the exercise on the images of a study, for a class."""
    session = SurfacesSession(
        InformationalSurfaces(store, manifest.name), informational_surfaces.images_to_tag(samples, manifest)
    )
    return Activity(session, _Tracks(session).shown, "exercises/surfaces/wall.js")


class _Tracks:
    """The tracks of a class's recordings; each is read and thinned once."""

    def __init__(self, session: SurfacesSession) -> None:
        self._session = session
        self._drawing = Lock()
        self._tracks: dict[str, DrawnTrack | None] = {}

    def shown(self, index: int, withheld: AbstractSet[str]) -> ProjectedView:
        """Return the tracks of an image on white, the latest ones."""
        image, exercise = self._session.items[index], self._session.exercise
        shown = [
            record
            for record in consent.shown(exercise.records(), withheld)
            if record.asked.images == (image.image,) and "class" in record.consent.agreed
        ]
        kept = [record for record in shown if not record.refusal]
        drawn = self._drawn(kept[-MAX_TRACKS:])
        credit = recordings_credit(ConsentedRecordings(demonstration=exercise.store.demonstration))
        return ProjectedView(
            gettext("Image {number}", number=index + 1),
            refusals=tuple(refusals.refusal_in_words(record) for record in shown if record.refusal),
            credit=f"{credit} {image.credit}",
            prompts=tuple((task, "" if gettext(task) == task else gettext(task)) for task in TASKS),
            pages=TrackPages(drawn, len(kept)),
        )

    def _drawn(self, records: Sequence[Record]) -> tuple[tuple[Record, DrawnTrack], ...]:
        """Return the tracks of records; what cannot be read as one, as by another program, has none."""
        with self._drawing:
            here = {record.id for record in self._session.exercise.records()}
            self._tracks = {name: track for name, track in self._tracks.items() if name in here}
            for record in records:
                if record.id not in self._tracks:
                    self._tracks[record.id] = _track(record)
            found = ((record, self._tracks[record.id]) for record in records)
            return tuple((record, track) for record, track in found if track)


def _track(record: Record) -> DrawnTrack | None:
    try:
        return wall.drawn_track(record.id, informational_surfaces.recording_of(record))
    except DataError:
        return None
