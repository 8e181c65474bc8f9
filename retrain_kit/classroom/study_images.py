"""Study images: what a teacher chooses from, by name, with thumbnails and what share of each is blank."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from retrain_kit.display.figures import Panel
from retrain_kit.imaging import masking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.exercises.polyphony.pairs import Study

MAX_IMAGES = 600
"""So many images of the studies can be chosen from, the first ones."""
AT_ONCE = 24
THUMBNAIL_PX = 240
_KEPT = 200


class StudyImages:
    """The images of studies, by number; thumbnails are made when they are asked for, and some are kept."""

    def __init__(self, studies: Sequence[Study]) -> None:
        every = [(manifest.name, sample) for manifest, samples in studies for sample in samples]
        self.total = len(every)
        self._images = every[:MAX_IMAGES]
        self.first_study = studies[0][0].name if studies else ""
        self.thumbnail = lru_cache(_KEPT)(self._thumbnail)
        self._share = lru_cache(MAX_IMAGES)(self._blank_share)

    def __len__(self) -> int:
        return len(self._images)

    def page(self, start: int, *, first_study_alone: bool) -> dict[str, Any]:
        """Return some images from a number on: name, title, number, and what share of each is blank."""
        allowed = [
            number
            for number, (study, _) in enumerate(self._images)
            if study == self.first_study or not first_study_alone
        ]
        shown = allowed[start : start + AT_ONCE]
        return {
            "images": [self._entry(number) for number in shown],
            "start": start,
            "total": len(allowed),
            "left_out": self.total - len(self._images),
        }

    def known(self, chosen: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """Return what was chosen once, as far as all of it is here."""
        names = {self._name(number) for number in range(len(self))}
        return {exercise: images for exercise, images in chosen.items() if names.issuperset(images)}

    def _entry(self, number: int) -> dict[str, Any]:
        study, sample = self._images[number]
        title = sample.id if study == self.first_study else f"{sample.id} ({study})"
        return {
            "name": self._name(number),
            "title": title,
            "number": number,
            "blank": round(self._share(number), 3),
        }

    def _name(self, number: int) -> str:
        study, sample = self._images[number]
        return f"{study}/{sample.id}"

    def _thumbnail(self, number: int) -> Panel:
        sample: Sample = self._images[number][1]
        return Panel.from_sample(sample, sample.id, sample.alt or sample.id, THUMBNAIL_PX)

    def _blank_share(self, number: int) -> float:
        sample = self._images[number][1]
        return float(masking.union_mask(sample.regions, sample.size).mean()) if sample.regions else 0.0
