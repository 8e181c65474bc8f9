"""Figures of label survival: the views that guests are shown, with their words, and where they part ways.

People are made coarse before anything is taken out or drawn: their regions, and what a guest has boxes of
people for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from retrain_kit.analysis import label_survival, people_in_images
from retrain_kit.display import figures, views
from retrain_kit.display.label_keys import label_keys
from retrain_kit.errors import DataError
from retrain_kit.imaging import decoding
from retrain_kit.models.inviting import NOBODY
from retrain_kit.studies.sampling import draw_order

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PIL import Image

    from retrain_kit.analysis.people_in_images import PeopleInImages
    from retrain_kit.annotations.samples import Region, Sample
    from retrain_kit.imaging.holes import HoleView
    from retrain_kit.models.asking import Trial
    from retrain_kit.models.survival_tables import Reading
    from retrain_kit.studies.manifests import Manifest

SHOWN_DRAWS = 2
"""So many of the moved masks are shown."""
_NAMES = {
    "whole": "the whole image",
    "residue": "the residue",
    "taken": "what was taken",
    "shape": "the hole's shape",
    "moved": "control",
}


@dataclass(frozen=True)
class Sides:
    """Whether annotators and a machine have regions in an image, and how far they part ways, from 0 to 1."""

    place: int
    tagged: bool
    boxed: bool
    apart: float


@dataclass(frozen=True)
class Album:
    """How images are shown to readers.

    Parameters
    ----------
    samples
        The study's images, as they are.
    shown
        The same under the veil.
    trial
        How guests are shown them.
    manifest
        The study.
    readings
        What the guests said that are here.
    people
        What tells who is a person; None where people are shown as they are.
    hide
        Takes veiled words out of reasons, which may name files.
    """

    samples: Sequence[Sample]
    shown: Sequence[Sample]
    trial: Trial
    manifest: Manifest
    readings: Sequence[Reading] = ()
    people: PeopleInImages | None = None
    hide: Callable[[str], str] = str

    @property
    def detector(self) -> Reading | None:
        """The first detector that was asked; None without one."""
        return next((each for each in self.readings if each.guest.card.does == "detect"), None)

    @cached_property
    def sides(self) -> list[Sides]:
        """What annotators and the first detector have regions for, in each image that it was shown."""
        if self.detector is None:
            return []
        places = {sample.id: place for place, sample in enumerate(self.samples)}
        found = []
        for row, sample in enumerate(self.detector.answered.samples):
            tagged, boxed = self.trial.mask(sample), self.detector.answered.boxed(row)
            apart = label_survival.parting_share(tagged, boxed)
            found.append(Sides(places[sample.id], bool(tagged.any()), bool(boxed.any()), apart))
        return found

    @property
    def apart(self) -> dict[int, float]:
        """How far a detector and the annotators part ways, by the image's place, the furthest first.

        A share is that of `label_survival.parting_share`; there is none without a detector. Images are left
        out where one side has no region at all: see `silent_note`.
        """
        both = (each for each in self.sides if each.tagged and each.boxed)
        return {each.place: each.apart for each in sorted(both, key=lambda each: (-each.apart, each.place))}

    def opened(self, place: int) -> tuple[Image.Image, str]:
        """Return an image with people made coarse, and in a sentence what was.

        Raises
        ------
        DataError
            When it cannot be shown.
        """
        sample = self.samples[place]
        image = decoding.load_sample(sample)
        if self.people is None:
            return image, ""
        boxes = [box for reading in self.readings for box in reading.boxes(sample)]
        found = [each for each in boxes if self.people.are_meant(each)]
        return people_in_images.veil_people(image, sample, self.people, found)

    def said(self, place: int, view: HoleView) -> str:
        """Return what the guests said of a view of an image, each after its name; empty without any."""
        told = []
        for reading in self.readings:
            rows = [
                (row, at)
                for row, sample in enumerate(reading.answered.samples)
                if sample is self.samples[place]
                for at, each in enumerate(reading.answered.views[row])
                if each == view.name
            ]
            told += [f"{reading.guest.card.name}: {reading.in_words(*each)}" for each in rows]
        return "; ".join(told)


def drawn_places(album: Album, n: int) -> list[int]:
    """Return which images are shown: where a detector parts ways most, else some by the trial's seed."""
    if apart := album.apart:
        return list(apart)[:n]
    tagged = [place for place, sample in enumerate(album.samples) if sample.regions]
    names = {album.samples[place].id: place for place in tagged}
    return [names[name] for name in draw_order(names, album.trial.seed)][:n]


def view_figures(album: Album, places: Sequence[int], fill: str) -> list[figures.Figure | figures.Note]:
    """Return the views of images that guests are shown; a sentence where no image has any."""
    nothing = figures.Note("Nothing is tagged in these images: guests are shown the whole of them alone.", ())
    return [view_figure(album, place, fill) for place in places] or [nothing]


def view_figure(album: Album, place: int, fill: str) -> figures.Figure:
    """Return the views of an image that guests are shown, with what they said of each."""
    sample = album.shown[place]
    wanted = [view for view in album.trial.views(album.samples[place]) if _is_shown(view, fill)]
    try:
        image, coarse = album.opened(place)
    except DataError as error:
        return _unshown(album, place, figures.reason(error))
    panels = [_panel(album, place, view, view.of(image)) for view in wanted]
    return figures.Figure(tuple(panels), coarse, _credit(album, place), title=sample.id)


def _is_shown(view: HoleView, fill: str) -> bool:
    return view.fill in {"", fill} and view.draw < SHOWN_DRAWS


def _panel(album: Album, place: int, view: HoleView, image: Image.Image) -> figures.Panel:
    number = f" {view.draw + 1}" if view.kind == "moved" else ""
    name = f"{_NAMES[view.kind]}{number}"
    said = album.said(place, view)
    told = f"{name}. {said}" if said else name
    return figures.Panel.from_image(image, told, f"{album.shown[place].id}, {told}")


def silent_note(album: Album) -> figures.Note:
    """Return of how many images a detector or the annotators have no region at all."""
    if album.detector is None:
        said = "No guest that detects was asked. Nothing is said in its place." if album.readings else NOBODY
        return figures.Note(said, ())
    sides = [(each.tagged, each.boxed) for each in album.sides]
    return figures.Note(
        "Who has a region in these images",
        (
            ("both", f"{sides.count((True, True)):,} of {len(sides):,} images; of these are those below"),
            ("annotators alone", f"{sides.count((True, False)):,}"),
            ("the machine alone", f"{sides.count((False, True)):,}"),
            ("nobody", f"{sides.count((False, False)):,}"),
        ),
    )


def parting_figures(album: Album, places: Sequence[int]) -> list[figures.Figure | figures.Note]:
    """Return what annotators and a detector see in each image; a sentence where no detector is here."""
    note, detector, apart = silent_note(album), album.detector, album.apart
    if detector is None or not apart:
        return [note]
    return [note, *(_parting_figure(album, detector, place, apart[place]) for place in places)]


def _parting_figure(album: Album, detector: Reading, place: int, share: float) -> figures.Figure:
    """Return an image with what its annotators tagged, and with what a detector has boxes for."""
    sample = album.shown[place]
    try:
        image, coarse = album.opened(place)
    except DataError as error:
        return _unshown(album, place, figures.reason(error))
    boxes = detector.boxes(album.samples[place])
    keys = label_keys([region.label for region in (*sample.regions, *boxes)])
    sides = (("what annotators tagged", sample.regions), ("what the machine has boxes for", boxes))
    panels = [
        figures.Panel.from_image(
            views.tagged(image, regions, keys=keys), name, f"{sample.id}: {name}: {_in_row(regions)}"
        )
        for name, regions in sides
    ]
    caption = f"{share:.1%} of what one or both have a region for, only one of them has. {coarse}".rstrip()
    credit = _credit(album, place)
    return figures.Figure(tuple(panels), caption, credit, title=sample.id, legend=tuple(keys.values()))


def _in_row(regions: Sequence[Region]) -> str:
    return ", ".join(region.label for region in regions) or "nothing"


def _credit(album: Album, place: int) -> str:
    return figures.image_and_study_credit(album.shown[place], album.manifest)


def _unshown(album: Album, place: int, why: str) -> figures.Figure:
    sample = album.shown[place]
    said = f"{sample.id} cannot be shown: {album.hide(why)}."
    sheet = views.unshown(sample.size, figures.PREVIEW_PX)
    return figures.Figure((figures.Panel.from_image(sheet, "", said),), said, _credit(album, place))
