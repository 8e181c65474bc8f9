"""Films and strips of the replay: an animated PNG for talks, and stills side by side for reports.

A film holds outlines, words, the seconds that have gone by and what is said of them: nothing of the image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from retrain_kit.display import signs
from retrain_kit.display.animated_png import Patch, write_animated_png
from retrain_kit.display.figures import Figure, Panel
from retrain_kit.display.replay_screen import (
    Moment,
    Scene,
    Screen,
    clock,
    ground_colours,
)
from retrain_kit.display.tokens import COLOURS
from retrain_kit.display.views import DRAWN, FACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO

    from numpy.typing import NDArray

    from retrain_kit.annotations.timelines import Timeline
    from retrain_kit.display.replay_screen import Play, Rgb

    Pixels = NDArray[np.uint8]

FRAMES_PER_S, CLOCK_EVERY = 12, 3
"""How many frames a second has, and every how many of them the clock goes on."""
COLOURS_IN_FILM = 63
UNCHANGED = COLOURS_IN_FILM
"""The number of what stays as it was in the frame before."""
STILL_PX = 480
_CLOCK_PX, _TEXT_PX, _ROOM_PX = 30, 15, 12
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


def film_moments(timeline: Timeline, play: Play, frames_per_s: int = FRAMES_PER_S) -> list[Moment]:
    """Return the moment of each frame."""
    count = int(np.ceil(play.film_s(timeline) * frames_per_s)) + 1
    return [play.moment(timeline, number / frames_per_s) for number in range(count)]


def film_patches(
    scene: Scene, play: Play, caption: Caption, frames_per_s: int = FRAMES_PER_S
) -> Iterator[Patch | None]:
    """Yield what is new in each frame of a film, mode P, all with the same few colours; None for nothing."""
    palette = _palette(scene, play, caption)
    screen, foot = Screen(scene, play.end), _Foot(scene, play, caption)
    before = np.full((scene.size[1] + foot.height_px, scene.size[0]), UNCHANGED, dtype=np.uint8)
    said = ""
    for number, moment in enumerate(film_moments(scene.timeline, play, frames_per_s)):
        picture = screen.show(moment)
        words = foot.words(moment) if number % CLOCK_EVERY == 0 or moment.by_label else said
        frame = before.copy()
        if box := screen.changed:
            left, top, right, bottom = box
            frame[top:bottom, left:right] = _reduced(picture.crop(box), palette)
        if words != said:
            frame[scene.size[1] :] = _reduced(foot.draw(moment), palette)
        yield _patch(frame, before, palette)
        before, said = frame, words


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
        Panel.from_image(screen.show(moment), name, _in_words(timeline, name, moment, play), scene.longest_px)
        for name, moment in chosen
    )
    keys = tuple(scene.keys.values())
    return Figure(panels, caption, credit, title, keys)


def _in_words(timeline: Timeline, name: str, moment: Moment, play: Play) -> str:
    ends = timeline.starts(play.end) + timeline.seconds(play.end)
    drawn = int((ends <= moment.second).sum())
    return (
        f"Outlines on an empty ground, {name}: {drawn:,} of {len(ends):,} are drawn. The image is not shown."
    )


def _palette(scene: Scene, play: Play, caption: Caption) -> Image.Image:
    """Return an image whose palette has the colours that the film has at its stations."""
    timeline, count = scene.timeline, len(scene.timeline.drawings)
    end_s = timeline.end_s(play.end)
    small, foot = Screen(scene, play.end), _Foot(scene, play, caption)
    stations = (Moment(end_s / 2), Moment(end_s), Moment(end_s, count), Moment(end_s, count, count))
    width, height = scene.size
    sheet = Image.new("RGB", (width, 2 * len(stations) * (height + foot.height_px) + 64), foot.paper)
    for number, moment in enumerate(stations):
        top = number * (height + foot.height_px)
        sheet.paste(small.show(moment), (0, top))
        sheet.paste(foot.draw(moment), (0, top + height))
    for number, colour in enumerate((foot.ink, foot.accent)):  # enough of them to be kept
        sheet.paste(colour, (0, sheet.height - 32 * (number + 1), width, sheet.height - 32 * number))
    return sheet.quantize(COLOURS_IN_FILM, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def _reduced(image: Image.Image, palette: Image.Image) -> Pixels:
    return np.asarray(image.quantize(palette=palette, dither=Image.Dither.NONE))


class _Foot:
    """What stands below the screen of a film: the clock, how far it has come, and what was said."""

    def __init__(self, scene: Scene, play: Play, caption: Caption) -> None:
        self.scene, self.play, self.caption = scene, play, caption
        self.paper, self.ink = ground_colours(scene.ground)
        self.quiet, self.accent = (self._colour(name) for name in ("quiet", "accent"))
        small = min(1.0, scene.size[0] / _NARROWEST_PX)
        self._big = ImageFont.truetype(FACE, max(8, round(_CLOCK_PX * small)))
        self._small = ImageFont.truetype(FACE, max(6, round(_TEXT_PX * small)))
        self._room = max(4, round(_ROOM_PX * small))
        self._row = round(1.4 * self._small.size)
        self._ends = scene.timeline.starts(play.end) + scene.timeline.seconds(play.end)
        self.height_px = (
            round(1.3 * self._big.size) + self._row * len(caption.lines) + round(2.2 * self._room)
        )

    def _colour(self, name: str) -> Rgb:
        red, green, blue = bytes.fromhex(getattr(COLOURS[name], self.scene.ground)[1:])
        return red, green, blue

    def words(self, moment: Moment) -> str:
        """Return the clock and what stands beside it."""
        count, drawn = len(self._ends), int((self._ends <= moment.second).sum())
        told = f"{drawn:,} of {count:,} drawn"
        if moment.by_label:
            told = "by label"
        if moment.by_annotator:
            told = "by annotator"
        whole = clock(self.scene.timeline.end_s(self.play.end))
        return f"{clock(moment.second)}\nof {whole} · {self.play.factor:,g} × faster · {told}"

    def draw(self, moment: Moment) -> Image.Image:
        """Return it, mode RGB."""
        image = Image.new("RGB", (self.scene.size[0], self.height_px), self.paper)
        draw = ImageDraw.Draw(image)
        time, told = self.words(moment).split("\n")
        end_s = self.scene.timeline.end_s(self.play.end)
        share = moment.second / end_s if end_s else 1.0
        draw.rectangle((0, 0, image.width, 1), fill=_mixed(self.paper, self.quiet))
        draw.rectangle((0, 0, round(share * image.width), 1), fill=self.accent)
        line = self._room + round(1.1 * self._big.size)
        draw.text((self._room, line), time, self.ink, self._big, "ls")
        left = self._room + draw.textlength(time, self._big) + self._room
        if moment.by_annotator:
            self._draw_annotators(draw, left, line)
        else:
            draw.text((left, line), told, self.ink, self._small, "ls")
        draw.text((image.width - self._room, line), self.caption.title, self.quiet, self._small, "rs")
        for number, text in enumerate(self.caption.lines, 1):
            draw.text(
                (self._room, line + self._room // 3 + number * self._row), text, self.quiet, self._small, "ls"
            )
        return image

    def _draw_annotators(self, draw: ImageDraw.ImageDraw, left: float, line: int) -> None:
        """Draw a square in the colour of each word for an annotator, and the word."""
        side = 0.7 * self._small.size
        for word, colour in self.scene.annotators.items():
            shown = signs.shortened(signs.visible(word), 24) if DRAWN.fullmatch(word) else "…"
            rgb = bytes.fromhex(getattr(colour, self.scene.ground)[1:])
            draw.rectangle((left, line - side, left + side, line), fill=(rgb[0], rgb[1], rgb[2]))
            draw.text((left + 1.5 * side, line), shown, self.ink, self._small, "ls")
            left += 3.5 * side + draw.textlength(shown, self._small)


def _mixed(one: Rgb, other: Rgb) -> Rgb:
    red, green, blue = ((2 * a + b) // 3 for a, b in zip(one, other, strict=True))
    return red, green, blue
