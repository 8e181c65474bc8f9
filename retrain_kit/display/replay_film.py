"""Films and strips of the replay: an animated PNG for talks, and stills side by side for reports.

A film holds outlines, words, the seconds that have gone by and what is said of them: nothing of the image.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from retrain_kit.display.animated_png import Patch, write_animated_png
from retrain_kit.display.figures import Figure, Panel
from retrain_kit.display.replay_screen import (
    Moment,
    Scene,
    Screen,
    clock,
    ground_colour,
    speed,
)
from retrain_kit.display.views import FACE
from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import IO

    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Size
    from retrain_kit.annotations.timelines import Timeline
    from retrain_kit.display.replay_screen import Ground, Play, Rgb

    Pixels = NDArray[np.uint8]

FRAMES_PER_S, CLOCK_EVERY = 12, 3
"""How many frames a second has, and every how many of them the clock goes on."""
LONGEST_S = 600
"""No film lasts longer."""
COLOURS_IN_FILM = 63
UNCHANGED = COLOURS_IN_FILM
"""The number of what stays as it was in the frame before."""
STILL_PX = 480
_CLOCK_PX, _TEXT_PX, _ROOM_PX = 30, 15, 12
_SWATCH_PX = 32
_SHAPE = 0.75
"""Of the room for one of several screens: its height by its width."""
_NARROWEST_PX = 480
"""On a narrower screen letters become smaller."""


@dataclass(frozen=True)
class Caption:
    """What stands below a film, but the clock.

    Parameters
    ----------
    title
        What is replayed.
    lines
        What is said of its seconds and its order, a line each.
    """

    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """Screens laid out on one frame, row by row.

    Parameters
    ----------
    scenes
        What is drawn on each.
    size
        Width and height of all of it, in pixels.
    places
        The left and upper edge of each screen.
    """

    scenes: tuple[Scene, ...]
    size: Size
    places: tuple[tuple[int, int], ...]

    @property
    def timelines(self) -> list[Timeline]:
        """What is drawn on each screen."""
        return [scene.timeline for scene in self.scenes]

    @property
    def ground(self) -> Ground:
        """Whether it is dark or light."""
        return self.scenes[0].ground


def lay_out(timelines: Sequence[Timeline], width_px: int, ground: Ground = "dark") -> Sheet:
    """Return screens in rows on a frame that is so wide; one screen alone has all of it."""
    if len(timelines) == 1:
        scene = Scene(timelines[0], width_px, ground)
        return Sheet((scene,), scene.size, ((0, 0),))
    columns = max(1, math.ceil(math.sqrt(len(timelines))))
    gap = max(2, width_px // 120)
    cell = max(8, (width_px - gap * (columns + 1)) // columns)
    low = max(8, round(cell * _SHAPE))
    scenes, places = [], []
    for number, timeline in enumerate(timelines):
        width, height = timeline.size
        longest = min(cell / max(width, 1), low / max(height, 1)) * max(width, height, 1)
        scene = Scene(timeline, max(8, int(longest)), ground)
        row, column = divmod(number, columns)
        left, top = gap + column * (cell + gap), gap + row * (low + gap)
        places.append((left + max(0, cell - scene.size[0]) // 2, top + max(0, low - scene.size[1]) // 2))
        scenes.append(scene)
    rows = math.ceil(len(timelines) / columns)
    return Sheet(tuple(scenes), (width_px, gap + rows * (low + gap)), tuple(places))


def frame_count(sheet: Sheet, play: Play, frames_per_s: int = FRAMES_PER_S) -> int:
    """Return how many frames a film has.

    Raises
    ------
    ParameterError
        When it would last longer than `LONGEST_S`.
    """
    lasts_s = max(map(play.film_s, sheet.timelines))
    if lasts_s > LONGEST_S:
        found = f"{play.factor:g}: the film would last {lasts_s / 60:,.4g} minutes"
        expected = f"a factor at which it lasts at most {LONGEST_S // 60} minutes"
        raise ParameterError(Fault("factor", found, expected, "A page can be as slow as you like."))
    return math.ceil(lasts_s * frames_per_s) + 1


def film_patches(
    sheet: Sheet, play: Play, caption: Caption, frames_per_s: int = FRAMES_PER_S
) -> Iterator[Patch | None]:
    """Yield what is new in each frame of a film, mode P, all with the same few colours; None for nothing."""
    palette, foot = _palette(sheet, play, caption), _Foot(sheet, play, caption)
    screens = [Screen(scene, play.end) for scene in sheet.scenes]
    before = np.full((sheet.size[1] + foot.height_px, sheet.size[0]), UNCHANGED, dtype=np.uint8)
    frame, said = _reduced(Image.new("RGB", before.shape[::-1], foot.paper), palette).copy(), ""
    last: list[Moment | None] = [None] * len(screens)
    for number in range(frame_count(sheet, play, frames_per_s)):
        moments = [play.moment(each, number / frames_per_s) for each in sheet.timelines]
        for screen, moment, was, (x, y) in zip(screens, moments, last, sheet.places, strict=True):
            if moment == was:
                continue
            picture = screen.show(moment)
            if screen.changed:
                left, top, right, bottom = screen.changed
                part = _reduced(picture.crop(screen.changed), palette)
                frame[y + top : y + bottom, x + left : x + right] = part
        last, words = [*moments], foot.words(moments)
        if words != said and (number % CLOCK_EVERY == 0 or moments[0].by_label):
            frame[sheet.size[1] :] = _reduced(foot.draw(moments), palette)
            said = words
        yield _patch(frame, before, palette)
        before = frame.copy()


def _patch(frame: Pixels, before: Pixels, palette: Image.Image) -> Patch | None:
    """Return what is not as it was before."""
    new = frame != before
    rows, columns = np.flatnonzero(new.any(axis=1)), np.flatnonzero(new.any(axis=0))
    if not len(rows):
        return None
    part = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    image = Image.fromarray(np.where(new[part], frame[part], np.uint8(UNCHANGED)))
    image = image.convert("P") if image.mode != "P" else image
    image.putpalette(_padded(palette))
    return Patch(image, (int(columns[0]), int(rows[0])))


def _padded(palette: Image.Image) -> list[int]:
    """Return the numbers of a palette, with one colour more for what stays as it was."""
    own = (palette.getpalette() or [])[: 3 * COLOURS_IN_FILM]
    return own + [0] * (3 * (COLOURS_IN_FILM + 1) - len(own))


def write_film(file: IO[bytes], patches: Iterable[Patch | None], frames_per_s: int = FRAMES_PER_S) -> int:
    """Write an animated PNG, which plays again and again; return how many frames it has."""
    return write_animated_png(file, patches, frames_per_s, UNCHANGED)


def strip(scene: Scene, play: Play, credit: str, caption: str = "", title: str = "") -> Figure:
    """Return stills of a replay side by side: three as it is drawn, then by label and by annotator.

    Parameters
    ----------
    scene
        What is drawn, and how large each still is.
    credit, caption, title
        As a `Figure` has them.
    """
    timeline, count = scene.timeline, len(scene.timeline.drawings)
    end_s = timeline.end_s(play.end)
    chosen = [
        *((clock(end_s * share), Moment(end_s * share)) for share in (0.2, 0.6)),
        (f"{clock(end_s)}, all of it", Moment(end_s)),
        ("by label", Moment(end_s, count)),
        ("by annotator", Moment(end_s, count, count)),
    ]
    if not count:
        chosen = [("nothing to draw", Moment(0.0))]
    screen = Screen(scene, play.end)
    panels = tuple(
        Panel(name, _in_words(timeline, name, moment, play), _png(screen.show(moment)), "image/png")
        for name, moment in chosen
    )
    keys = tuple(scene.keys.values())
    return Figure(panels, caption, credit, title, keys)


def _png(image: Image.Image) -> bytes:
    """Return a drawing in few colours: lines stay sharp, as they would not in a JPEG."""
    buffer = io.BytesIO()
    image.quantize(COLOURS_IN_FILM, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _in_words(timeline: Timeline, name: str, moment: Moment, play: Play) -> str:
    ends = timeline.starts(play.end) + timeline.seconds(play.end)
    drawn = int((ends <= moment.second).sum())
    return (
        f"Outlines on an empty ground, {name}: {drawn:,} of {len(ends):,} are drawn. The image is not shown."
    )


def _palette(sheet: Sheet, play: Play, caption: Caption) -> Image.Image:
    """Return an image whose palette has the colours that the film has at its stations."""
    foot = _Foot(sheet, play, caption)
    stations = []
    for scene in sheet.scenes:
        end_s, count = scene.timeline.end_s(play.end), len(scene.timeline.drawings)
        screen = Screen(scene, play.end)
        moments = (Moment(end_s / 2), Moment(end_s), Moment(end_s, count), Moment(end_s, count, count))
        stations += [screen.show(moment) for moment in moments]
    last = [play.moment(each, play.film_s(each)) for each in sheet.timelines]
    stations.append(foot.draw(last))
    width, height = max(each.width for each in stations), sum(each.height for each in stations)
    whole = Image.new("RGB", (width, height + 2 * _SWATCH_PX), foot.paper)
    for number, colour in enumerate((foot.ink, foot.accent)):  # enough of them to be kept
        whole.paste(colour, (0, number * _SWATCH_PX, width, (number + 1) * _SWATCH_PX))
    top = 2 * _SWATCH_PX
    for each in stations:
        whole.paste(each, (0, top))
        top += each.height
    return whole.quantize(COLOURS_IN_FILM, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def _reduced(image: Image.Image, palette: Image.Image) -> Pixels:
    return np.asarray(image.quantize(palette=palette, dither=Image.Dither.NONE))


class _Foot:
    """What stands below the screen of a film: the clock, how far it has come, and what was said."""

    def __init__(self, sheet: Sheet, play: Play, caption: Caption) -> None:
        self.sheet, self.play, self.caption = sheet, play, caption
        self.paper, self.ink, self.quiet, self.accent = (
            ground_colour(name, sheet.ground) for name in ("paper", "ink", "quiet", "accent")
        )
        small = min(1.0, sheet.size[0] / _NARROWEST_PX)
        self._big = ImageFont.truetype(FACE, max(8, round(_CLOCK_PX * small)))
        self._small = ImageFont.truetype(FACE, max(6, round(_TEXT_PX * small)))
        self._room = max(4, round(_ROOM_PX * small))
        self._row = round(1.4 * self._small.size)
        self._ends = [each.starts(play.end) + each.seconds(play.end) for each in sheet.timelines]
        self._whole_s = sum(each.end_s(play.end) for each in sheet.timelines)
        self._lines, self._title = self._fitted(caption)
        self.height_px = round(1.3 * self._big.size) + self._row * len(self._lines) + round(2.2 * self._room)

    def _fitted(self, caption: Caption) -> tuple[tuple[str, ...], str]:
        """Return the lines below the clock, none too long, and the title where it has room beside it."""
        room = self.sheet.size[0] - 2 * self._room
        whole, count = clock(self._whole_s), sum(map(len, self._ends))
        told = f"of {whole} · {speed(self.play.factor)} · {count:,} of {count:,} drawn"
        beside = self._big.getlength(whole) + self._small.getlength(told) + 2 * self._room
        fits = beside + self._small.getlength(caption.title) <= room
        lines = caption.lines if fits or not caption.title else (caption.title, *caption.lines)
        fitted = tuple(part for line in lines for part in self._folded(line, room))
        return fitted, caption.title if fits else ""

    def _folded(self, line: str, room: float) -> Iterator[str]:
        """Yield a line in parts that are not longer than there is room."""
        part = ""
        for word in line.split():
            longer = f"{part} {word}" if part else word
            if part and self._small.getlength(longer) > room:
                yield part
                longer = word
            part = longer
        yield part

    def words(self, moments: Sequence[Moment]) -> str:
        """Return the clock and what stands beside it."""
        count = sum(map(len, self._ends))
        pairs = list(zip(self._ends, moments, strict=True))
        drawn = sum(int((ends <= moment.second).sum()) for ends, moment in pairs)
        told = f"{drawn:,} of {count:,} drawn"
        if all(moment.by_label for ends, moment in pairs if len(ends)) and count:
            told = "by annotator" if all(moment.by_annotator for moment in moments) else "by label"
        whole, now = clock(self._whole_s), clock(sum(moment.second for moment in moments))
        return f"{now}\nof {whole} · {speed(self.play.factor)} · {told}"

    def draw(self, moments: Sequence[Moment]) -> Image.Image:
        """Return it, mode RGB."""
        image = Image.new("RGB", (self.sheet.size[0], self.height_px), self.paper)
        draw = ImageDraw.Draw(image)
        time, told = self.words(moments).split("\n")
        share = sum(moment.second for moment in moments) / self._whole_s if self._whole_s else 1.0
        draw.rectangle((0, 0, image.width, 1), fill=_mixed(self.paper, self.quiet))
        draw.rectangle((0, 0, round(share * image.width), 1), fill=self.accent)
        line = self._room + round(1.1 * self._big.size)
        draw.text((self._room, line), time, self.ink, self._big, "ls")
        left = self._room + draw.textlength(time, self._big) + self._room
        draw.text((left, line), told, self.ink, self._small, "ls")
        draw.text((image.width - self._room, line), self._title, self.quiet, self._small, "rs")
        for number, text in enumerate(self._lines, 1):
            draw.text(
                (self._room, line + self._room // 3 + number * self._row), text, self.quiet, self._small, "ls"
            )
        return image


def _mixed(one: Rgb, other: Rgb) -> Rgb:
    red, green, blue = ((2 * a + b) // 3 for a, b in zip(one, other, strict=True))
    return red, green, blue
