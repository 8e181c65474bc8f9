"""Pictures: what is shown of an image's work; of the image itself nothing, but where asked for and allowed.

Its outlines, a strip of its replay and its house in the city of its study, each by day and by night.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from retrain_kit.analysis import replay
from retrain_kit.analysis.annotators import annotator_lookup
from retrain_kit.analysis.city import build_city, stills
from retrain_kit.display import city_still, views
from retrain_kit.display.city_still import View, still
from retrain_kit.display.replay_screen import Moment, Scene, Screen, clock
from retrain_kit.imaging import decoding
from retrain_kit.reports.nutrition_label.fitting import shortened
from retrain_kit.studies.licences import reason_to_stay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from PIL import Image

    from retrain_kit.analysis.city import City, Houses
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.timelines import End, Timeline
    from retrain_kit.display.city_still import Landscape
    from retrain_kit.studies.labour_figures import LabourFigure
    from retrain_kit.studies.manifests import Manifest

    Step = Callable[[], "Picture"]
    Progress = Callable[[Sequence[Step]], Iterable[Step]]

Light = Literal["light", "dark"]
LIGHTS: tuple[Light, ...] = ("light", "dark")
LARGE_PX, STILL_PX, CITY_PX = 1000, 480, (1600, 540)
_SHARES = (0.05, 0.2, 0.5, 1.0)
"""Of the time, when stills of the strip are taken."""
_FARTHER, _MIDDLE_ROW = (1.0, 1.4, 2.0, 2.8, 4.0), 0.6
_LABEL_COLUMNS = 40
_BY_OUTLINES = "The image by what was drawn on it. Its work is seen without it."
_NOTHING_DRAWN = "Nothing was drawn on it, and the image is not shown."
_END: End = "most"


@dataclass(frozen=True)
class Showing:
    """How an image's page is drawn.

    Parameters
    ----------
    decanonized
        Whether the image is shown without its tagged areas, where its licence allows it.
    lights
        By which lights, `light` among them; paper needs no other.
    progress
        Receives the steps of drawing and gives them back one by one: a bar can be shown there.
    """

    decanonized: bool = False
    lights: tuple[Light, ...] = LIGHTS
    progress: Progress = iter


@dataclass(frozen=True)
class Picture:
    """A picture, and what is said of it.

    Parameters
    ----------
    name
        What it is called among the page's files.
    files
        It as PNG, by light: `light` at least.
    size
        Width and height in pixels.
    alt
        What it shows, for those who cannot see it.
    caption
        What stands below it.
    """

    name: str
    files: dict[Light, bytes]
    size: tuple[int, int]
    alt: str
    caption: str = ""


@dataclass(frozen=True)
class Pictures:
    """All pictures of a page.

    Parameters
    ----------
    image
        The image by its outlines, or without what is under its annotations.
    strip
        Its replay, a still after the other; empty where there is nothing to draw.
    city
        Its house among those of its study.
    order
        What is said of the order in which it is drawn, in sentences.
    """

    image: Picture
    strip: tuple[Picture, ...]
    city: Picture
    order: tuple[str, ...]


def draw_pictures(
    sample: Sample,
    manifest: Manifest,
    houses: Houses,
    figures: Sequence[LabourFigure],
    showing: Showing | None = None,
) -> Pictures:
    """Return all pictures of an image's page.

    Parameters
    ----------
    sample
        The image, under the veil where there is one.
    houses
        Those of all images of its study.
    figures
        Those that are chosen.
    showing
        Its outlines alone, by day and by night, if left out.

    Raises
    ------
    DataError
        When the image is to be shown and cannot be opened.
    """
    showing = showing or Showing()
    timeline, lights = timeline_of(sample, manifest, figures), showing.lights
    screens = {light: Screen(Scene(timeline, STILL_PX, ground=light), _END) for light in lights}
    steps: list[Step] = [
        partial(draw_image, sample, manifest, timeline, showing),
        *(partial(_still, screens, timeline, share) for share in _SHARES if timeline.drawings),
        lambda: _city(build_city(houses), sample.id, lights),
    ]
    image, *strip, city = (step() for step in showing.progress(steps))
    return Pictures(image, tuple(strip), city, tuple(_order(timeline)))


def draw_image(sample: Sample, manifest: Manifest, timeline: Timeline, showing: Showing) -> Picture:
    """Return the image by its outlines; or decanonized, where that is asked for and its licence allows it.

    Raises
    ------
    DataError
        When it is to be shown and cannot be opened.
    """
    lights = showing.lights
    if not showing.decanonized:
        return _outlines(timeline, lights, _BY_OUTLINES if timeline.drawings else _NOTHING_DRAWN)
    origin = sample.provenance
    if why := reason_to_stay(origin.licence, sample.notice, manifest.content_notice):
        return _outlines(timeline, lights, f"The image is not shown: {why}.")
    image = views.decanonized(decoding.load_sample(sample), sample.regions, shape="outline")
    shown = dict.fromkeys(lights, views.thumbnail(image.convert("RGB"), LARGE_PX))
    caption = "The image without what is tagged in it: what nobody was asked to see."
    return _picture("image", shown, f"{sample.alt} Its tagged areas are white.".strip(), caption)


def timeline_of(sample: Sample, manifest: Manifest, figures: Sequence[LabourFigure]) -> Timeline:
    """Return how its annotations came; where no time has gone by, as if hands had made what machines made."""
    known = annotator_lookup(manifest)
    found = replay.make_timeline(sample, known, replay.Pace(figures))
    if found.end_s("most"):
        return found
    return replay.make_timeline(sample, known, replay.Pace(figures, by_hand=True))


def _order(timeline: Timeline) -> Iterator[str]:
    if not timeline.drawings:
        yield "Nothing in it has a place that could be drawn."
        return
    if not timeline.end_s("most"):
        yield "Nobody has published how long such work takes: all is there at once."
    elif timeline.supposed:
        yield "Machines made this: the seconds are those that hands would have needed, and nobody's time."
    else:
        yield "The seconds are counted at the pace of the longest published time."
    yield f"Order: {timeline.rule}."
    if left := sum(timeline.left_out.values()):
        yield f"Not drawn, since they have no place of their own: {left:,} annotations."


def _still(screens: dict[Light, Screen], timeline: Timeline, share: float) -> Picture:
    """Return a moment of the replay; the last one has the colours of labels."""
    end_s, count = timeline.end_s(_END), len(timeline.drawings)
    second = end_s * share
    moment = Moment(second, count) if share == 1 else Moment(second)
    shown = {light: screen.show(moment) for light, screen in screens.items()}
    drawn = int((timeline.starts(_END) + timeline.seconds(_END) <= second).sum())
    caption = f"{clock(second)}{', by label' if share == 1 else ''}"
    alt = f"Outlines on an empty ground after {clock(second)}: {drawn:,} of {count:,} are drawn."
    return _picture(f"still-{share:g}".replace(".", "-"), shown, alt, caption)


def _outlines(timeline: Timeline, lights: Sequence[Light], caption: str) -> Picture:
    """Return the image by what was drawn on it, in the one colour."""
    moment = Moment(timeline.end_s(_END))
    scenes = {light: Scene(timeline, LARGE_PX, ground=light) for light in lights}
    shown = {light: Screen(scene, _END).show(moment) for light, scene in scenes.items()}
    count = len(timeline.drawings)
    alt = f"The image by its {count:,} outlines alone." if count else "An empty ground: nothing is drawn."
    return _picture("image", shown, alt, caption)


def _city(city: City, image: str, lights: Sequence[Light]) -> Picture:
    """Return the city of the study, with a beam over the image's house."""
    house = city.house(image)
    view = _view(stills.landscape_of(city), house)
    shown: dict[Light, Image.Image] = {
        light: stills.draw_city(city, view, CITY_PX, image=image, night=light == "dark") for light in lights
    }
    where = f"“{shortened(city.district_of(house).label, _LABEL_COLUMNS)}”"
    alt = f"A city of {len(city):,} houses, one an image; a beam stands over one of them, in {where}."
    caption = (
        f"All {len(city):,} images of the study as a city: a house an image, as high as its work is long, "
        f"among those of the same largest label. A beam stands over this one, in {where}. All of it: "
        f"{city.time_told}."
    )
    return _picture("city", shown, alt, caption)


def _view(landscape: Landscape, house: int) -> View:
    """Return the city from afar; or from farther off, where a house's foot is not seen else."""
    ratio = CITY_PX[1] / CITY_PX[0]
    afar = city_still.views_of(landscape, ratio)["afar"]
    x_m, y_m = (side / 2 for side in landscape.size_m)
    away_m = float(np.hypot(afar.x_m - x_m, afar.y_m - y_m))
    horizon = _MIDDLE_ROW - afar.focal * afar.above_m / away_m / ratio
    farther = (
        View(
            x_m + (afar.x_m - x_m) * off,
            y_m + (afar.y_m - y_m) * off,
            afar.above_m * off,
            afar.heading,
            horizon,
            afar.focal,
        )
        for off in _FARTHER
    )
    return next((view for view in (afar, *farther) if _shows(landscape, view, house)), afar)


def _shows(landscape: Landscape, view: View, house: int) -> bool:
    """Say whether the foot of a house is within a view."""
    seen = still.on_screen(landscape, view, house, CITY_PX)
    return seen is not None and all(0 < place < side for place, side in zip(seen, CITY_PX, strict=False))


def _picture(name: str, shown: dict[Light, Image.Image], alt: str, caption: str) -> Picture:
    files = {light: _png(image) for light, image in shown.items()}
    return Picture(name, files, shown["light"].size, alt, caption)


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
