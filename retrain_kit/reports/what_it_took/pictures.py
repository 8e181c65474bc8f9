"""Pictures: what is shown of an image's work; of the image itself nothing, but where asked for and allowed.

Its outlines, a strip of its replay and its house in the city of its study, each by day and by night.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from retrain_kit.analysis import replay
from retrain_kit.analysis.annotators import annotator_lookup
from retrain_kit.analysis.city import build_city, stills
from retrain_kit.display import views
from retrain_kit.display.replay_screen import Moment, Scene, Screen, clock
from retrain_kit.imaging import decoding
from retrain_kit.reports.nutrition_label.fitting import shortened
from retrain_kit.studies.licences import reason_to_stay
from retrain_kit.studies.quantity_words import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL import Image

    from retrain_kit.analysis.city import City, Houses
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.timelines import End, Timeline
    from retrain_kit.studies.labour_figures import LabourFigure
    from retrain_kit.studies.manifests import Manifest

Light = Literal["light", "dark"]
LIGHTS: tuple[Light, ...] = ("light", "dark")
LARGE_PX, STILL_PX, CITY_PX = 1000, 480, (1600, 480)
_SHARES = (0.05, 0.2, 0.5, 1.0)
"""Of the time, when stills of the strip are taken."""
_LABEL_COLUMNS = 40
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
    """

    decanonized: bool = False
    lights: tuple[Light, ...] = LIGHTS


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
    strip = tuple(_still(screens, timeline, share) for share in _SHARES if timeline.drawings)
    image = draw_image(sample, manifest, timeline, showing)
    city = _city(build_city(houses), sample.id, lights)
    return Pictures(image, strip, city, tuple(_order(timeline)))


def draw_image(sample: Sample, manifest: Manifest, timeline: Timeline, showing: Showing) -> Picture:
    """Return the image by its outlines; or decanonized, where that is asked for and its licence allows it.

    Raises
    ------
    DataError
        When it is to be shown and cannot be opened.
    """
    lights = showing.lights
    if not showing.decanonized:
        return _outlines(timeline, lights, "The image by what was drawn on it. Its work is seen without it.")
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
    """Return the city of the study, from afar, with a beam over the image's house."""
    shown: dict[Light, Image.Image] = {
        light: stills.draw_city(city, size=CITY_PX, image=image, night=light == "dark") for light in lights
    }
    district = city.district_of(city.house(image))
    where = shortened(district.label, _LABEL_COLUMNS)
    alt = f"A city of {len(city):,} houses, one an image; a beam stands over one of them, in {where}."
    time = in_words(city.time)
    caption = (
        f"All {len(city):,} images of the study as a city: a house an image, as high as its work is long, "
        f"among those of the same largest label. A beam stands over this one, in {where}. All of it: {time}."
    )
    return _picture("city", shown, alt, caption)


def _picture(name: str, shown: dict[Light, Image.Image], alt: str, caption: str) -> Picture:
    files = {light: _png(image) for light, image in shown.items()}
    return Picture(name, files, shown["light"].size, alt, caption)


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
