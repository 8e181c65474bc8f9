"""Draws the free works that nobody made: plain pictures without a figure in them; and the table of all free works.

    PYTHONPATH=tests python tests/datasets/drawn_works.py

No artist made these, and no museum has them. They are here so that machines and people can be asked about
something that is mostly not a thing, by whoever has no works of their own at hand. All follow from numbers
alone, but five that are made of photographs of the embedded sample.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from datasets import works_of_people
from PIL import Image, ImageDraw, ImageFont
from places import ROOT

from retrain_kit.datasets import folder
from retrain_kit.imaging import decoding, masking
from retrain_kit.studies import manifests

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample

HERE = ROOT / "retrain_kit" / "data" / "free_works"
PX = 384
ARTIST = "A program of retrain-kit"
CREDIT = "Made for this kit; in nobody's collection"
DATE = "2026"
PAGE = (250, 249, 245)
ROWS, COLUMNS_PX = np.mgrid[0:PX, 0:PX]


class Drawn(NamedTuple):
    """A work: its title, what it is made of, what can be seen, and whose photographs are in it, if any."""

    title: str
    medium: str
    alt: str
    image: Image.Image
    licence: str = "CC0-1.0"
    source: str = "drawn by tests/datasets/drawn_works.py in the source code of retrain-kit"


def main() -> None:
    """Draw the works, and write the table of these and of those that people made."""
    (HERE / "works").mkdir(parents=True, exist_ok=True)
    table = [
        ("number", "title", "artist", "date", "medium", "credit line", "licence", "file", "source", "alt")
    ]
    for number, draw in enumerate(WORKS, 1):
        work, name = draw(), f"rk-{number:02}"
        file = _saved(work.image, HERE / "works" / name)
        cells = (work.title, ARTIST, DATE, work.medium, CREDIT, work.licence, file, work.source, work.alt)
        table.append((name.upper(), *cells))
    table += works_of_people.rows()
    with (HERE / "works.csv").open("w", encoding="utf-8", newline="") as written:
        csv.writer(written, lineterminator="\n").writerows(table)


def _saved(image: Image.Image, path: Path) -> str:
    few = image.getcolors(256)
    if few is None:
        image.save(path.with_suffix(".jpg"), quality=85, optimize=True)
        return f"works/{path.name}.jpg"
    image.quantize(len(few), dither=Image.Dither.NONE).save(path.with_suffix(".png"), optimize=True)
    return f"works/{path.name}.png"


def _two(mask: np.ndarray, inside: tuple[int, int, int], outside: tuple[int, int, int]) -> Image.Image:
    """Return a picture of two colours."""
    return Image.fromarray(np.where(mask[..., None], inside, outside).astype(np.uint8))


def monochrome() -> Drawn:
    """One colour."""
    image = Image.new("RGB", (PX, PX), (28, 58, 158))
    return Drawn("Monochrome, blue", "one colour", "A square of one even, deep blue.", image)


def white() -> Drawn:
    """A white that is a little darker, on white."""
    inside = (abs(ROWS - 176 - 0.12 * COLUMNS_PX) < 96) & (abs(COLUMNS_PX - 216 + 0.12 * ROWS) < 96)
    image = _two(inside, (238, 238, 234), (248, 247, 243))
    return Drawn(
        "White in white",
        "two whites",
        "A tilted square of white, hardly darker than the white around.",
        image,
    )


def stripes() -> Drawn:
    """Stripes of seven colours, of widths that no rule gives."""
    edges = (0, 41, 96, 118, 187, 245, 322, PX)
    colours = (
        (214, 52, 43),
        (242, 201, 76),
        (28, 28, 30),
        (236, 231, 219),
        (39, 96, 146),
        (225, 122, 63),
        (70, 130, 90),
    )
    image = Image.new("RGB", (PX, PX))
    for left, right, colour in zip(edges[:-1], edges[1:], colours, strict=True):
        image.paste(colour, (left, 0, right, PX))
    told = "Seven upright stripes: red, yellow, black, cream, blue, orange and green, each of its own width."
    return Drawn("Seven stripes", "seven colours", told, image)


def grid() -> Drawn:
    """Thin lines at even distances."""
    lines = (ROWS % 24 == 12) | (COLUMNS_PX % 24 == 12)
    image = _two(lines, (120, 126, 134), (243, 240, 231))
    return Drawn(
        "Grid", "grey lines on cream", "Thin grey lines, upright and level, make small even squares.", image
    )


def diagonal() -> Drawn:
    """Two colours that meet on a slant."""
    image = _two(COLUMNS_PX + 0.62 * ROWS > 290, (232, 92, 49), (31, 58, 67))
    return Drawn(
        "Where two meet", "two colours", "Dark green and orange meet along one slanting edge.", image
    )


def squares() -> Drawn:
    """Squares in squares, low in each other."""
    image = Image.new("RGB", (PX, PX), (201, 147, 40))
    for left, top, size, colour in (
        (40, 60, 304, (222, 175, 62)),
        (88, 124, 208, (240, 206, 104)),
        (136, 188, 112, (252, 236, 170)),
    ):
        image.paste(colour, (left, top, left + size, top + size))
    return Drawn(
        "Four yellows",
        "four yellows",
        "Four yellow squares, each in the next and low in it, lighter inwards.",
        image,
    )


def black() -> Drawn:
    """A black shape with four sides, none of them level."""
    image = Image.new("RGB", (PX, PX), (236, 233, 226))
    ImageDraw.Draw(image).polygon([(62, 70), (326, 58), (330, 322), (54, 330)], fill=(22, 21, 23))
    return Drawn(
        "Black, four sides",
        "black on off-white",
        "A black shape with four sides, not quite a square, on off-white.",
        image,
    )


def chance() -> Drawn:
    """Squares of black and white by a rule that looks like chance."""
    cells = np.zeros((48, 48), bool)
    state = 7
    for row in range(48):
        for column in range(48):
            state = (state * 1103515245 + 12345) % (1 << 31)
            cells[row, column] = state >> 16 & 1
    image = _two(np.kron(cells, np.ones((8, 8), bool)), (17, 17, 17), (240, 240, 240))
    return Drawn(
        "As if by chance",
        "2,304 squares, black or white",
        "Many small squares, black and white, in no order that can be seen.",
        image,
    )


def dusk() -> Drawn:
    """One colour that becomes another, step by step."""
    steps = np.linspace(0, 1, 24)[(ROWS * 24 // PX)][..., None]
    colours = (1 - steps) * (24, 30, 66) + steps * (236, 150, 98)
    told = "Level bands from dark blue at the top to pale orange below."
    return Drawn("No horizon", "24 bands", told, Image.fromarray(colours.astype(np.uint8)))


def dots() -> Drawn:
    """Dots that grow to one side."""
    inside = np.hypot(ROWS % 24 - 11.5, COLUMNS_PX % 24 - 11.5) < 1 + COLUMNS_PX / PX * 11
    image = _two(inside, (196, 38, 58), (246, 242, 232))
    return Drawn(
        "Raster", "red dots", "Rows of red dots that grow from left to right until they touch.", image
    )


def gratings() -> Drawn:
    """Two gratings laid over each other, one turned a little."""
    one, two = COLUMNS_PX % 10 < 5, (COLUMNS_PX * 0.996 + ROWS * 0.087) % 10 < 5
    told = "Two fine gratings of black lines lie over each other, one turned a little; wide waves appear."
    return Drawn("Interference", "black lines on white", told, _two(one ^ two, (20, 20, 22), (250, 250, 248)))


def cut() -> Drawn:
    """A dark slit in one colour."""
    slit = abs(COLUMNS_PX - 196 - 14 * np.sin(ROWS / 60)) < np.clip(7 - np.abs(ROWS - 192) / 21, 0, None)
    told = "An even ochre with one dark slit from above to below, thin at both ends."
    return Drawn("Slit", "two colours; nothing was cut", told, _two(slit, (26, 20, 18), (193, 140, 66)))


def found_table() -> Drawn:
    """The beginning of the embedded sample's table, as a page."""
    rows = list(_sample_study().images)[:20]
    columns = (
        [each.id for each in rows],
        [f"{each.width_px}" for each in rows],
        [f"{each.height_px}" for each in rows],
    )
    image = Image.new("RGB", (PX, PX), PAGE)
    for left, lines in zip((16, 180, 260), columns, strict=True):
        _write(image, lines, 12, (left, 14), 18)
    return Drawn(
        "Found table",
        "text: the first 20 lines of a table of images",
        "A page of names of animals and two columns of numbers, in small type.",
        image,
    )


def instruction() -> Drawn:
    """A sentence to act on."""
    lines = ["Look at this for one minute.", "Then say what it was."]
    return Drawn(
        "Instruction",
        "text",
        "Two short lines of type on an empty page ask the reader to look for one minute.",
        _write(Image.new("RGB", (PX, PX), PAGE), lines, 20, (44, 160), 34),
    )


def seconds() -> Drawn:
    """Sixty bars in a row."""
    inside = (COLUMNS_PX % 6 < 3) & (COLUMNS_PX >= 12) & (COLUMNS_PX < 372) & (ROWS > 60) & (ROWS < 324)
    return Drawn(
        "Sixty",
        "black bars",
        "Sixty thin black bars of one length stand in a row.",
        _two(inside, (20, 20, 20), (245, 244, 240)),
    )


def maze() -> Drawn:
    """Slanting strokes, one way or the other."""
    image = Image.new("RGB", (PX, PX), (34, 42, 74))
    pen = ImageDraw.Draw(image)
    for row in range(16):
        for column in range(16):
            left, top = column * 24, row * 24
            turned = (row * row * 3 + column * column * 5 + row * column * 7) % 11 < 5
            ends = (left, top, left + 24, top + 24) if turned else (left + 24, top, left, top + 24)
            pen.line(ends, (224, 206, 140), 5)
    return Drawn(
        "Maze",
        "slanting lines",
        "Short yellow strokes, each slanting one way or the other, make paths on dark blue.",
        image,
    )


def quilt() -> Drawn:
    """Triangles of four colours."""
    image = Image.new("RGB", (PX, PX))
    pen = ImageDraw.Draw(image)
    colours = ((178, 58, 72), (243, 226, 199), (64, 92, 120), (222, 164, 76))
    for row in range(6):
        for column in range(6):
            left, top = column * 64, row * 64
            pen.rectangle((left, top, left + 64, top + 64), colours[(row + column) % 4])
            pen.polygon(
                [(left, top), (left + 64, top), (left, top + 64)],
                colours[(row + column + 1 + (row * 2 + column) % 3) % 4],
            )
    return Drawn(
        "Quilt",
        "72 triangles in four colours",
        "Triangles in red, cream, blue and ochre fill six rows of six squares.",
        image,
    )


def one_line() -> Drawn:
    """A single curve."""
    turn = np.linspace(0, 2 * np.pi, 1200)
    points = list(zip(192 + 150 * np.sin(5 * turn + 0.2), 192 + 150 * np.sin(4 * turn), strict=True))
    image = Image.new("RGB", (PX, PX), (246, 244, 238))
    ImageDraw.Draw(image).line(points, (40, 40, 44), 3)
    return Drawn(
        "One line",
        "one line, drawn without a pause",
        "A single black line crosses itself many times and comes back to where it began.",
        image,
    )


def averages() -> Drawn:
    """The mean colour of each image of the embedded sample."""
    means = [np.asarray(decoding.load_sample(each).convert("RGB")).mean((0, 1)) for each in _samples()]
    bands = np.array(means).astype(np.uint8)[COLUMNS_PX * len(means) // PX]
    told = f"{len(means)} upright stripes in muted browns, greens and greys."
    return _of_photographs(
        "Averages",
        f"the mean colours of {len(means)} photographs",
        told,
        Image.fromarray(bands),
        "the embedded sample",
    )


def sixty_four() -> Drawn:
    """A photograph of which eight times eight colours are left."""
    photo = _square("koala")
    image = photo.resize((8, 8), Image.Resampling.BOX).resize((PX, PX), Image.Resampling.NEAREST)
    return _of_photographs(
        "Sixty-four",
        "64 colours of a photograph",
        "Eight rows of eight squares in greys, greens and browns.",
        image,
        "koala",
    )


def residue() -> Drawn:
    """What is left of a photograph without what was tagged."""
    sample = _named("owl")
    mask = masking.union_mask(sample.regions, sample.size)
    image = masking.remove_pixels(decoding.load_sample(sample), mask, "white").convert("RGB")
    image.thumbnail((PX, PX))
    return _of_photographs(
        "Residue",
        "a photograph without what was tagged in it",
        "A dark, blurred ground; in its middle two large white rectangles that overlap.",
        image,
        "owl",
    )


def taken() -> Drawn:
    """What was tagged in a photograph, alone."""
    sample = _named("scarlet-macaw")
    mask = masking.union_mask(sample.regions, sample.size, "outline")
    image = (
        masking.keep_pixels(decoding.load_sample(sample), mask, "white")
        .convert("RGB")
        .resize((48, 38))
        .resize((PX, 304), Image.Resampling.NEAREST)
    )
    return _of_photographs(
        "Taken, coarse",
        "what was tagged in a photograph, in large pixels",
        "A red parrot with a blue and yellow wing, in large pixels on white.",
        image,
        "scarlet-macaw",
    )


def blank() -> Drawn:
    """Light alone: how bright the rows of a photograph are."""
    grey = np.asarray(_square("polar-bear").convert("L").resize((PX, PX))).mean(1)
    image = _two(grey[ROWS] / 255 * PX > COLUMNS_PX, (30, 32, 36), (240, 238, 230))
    return _of_photographs(
        "How bright each row is",
        "black and cream; the rows of a photograph",
        "A dark shape with a ragged right edge, like a coast or a torn page.",
        image,
        "polar-bear",
    )


def _of_photographs(title: str, medium: str, alt: str, image: Image.Image, name: str) -> Drawn:
    if name == "the embedded sample":
        return Drawn(
            title, medium, alt, image, "CC0-1.0", "the photographs of the embedded sample, see its table"
        )
    origin = _named(name).provenance
    return Drawn(
        title,
        medium,
        alt,
        image,
        f"CC0-1.0; the photograph, by {origin.author}: {origin.licence}",
        origin.source,
    )


def _sample_study() -> manifests.Manifest:
    return manifests.load("embedded-sample")


def _samples() -> list[Sample]:
    return folder.read(_sample_study())


def _named(name: str) -> Sample:
    return next(each for each in _samples() if each.id == name)


def _square(name: str) -> Image.Image:
    image = decoding.load_sample(_named(name)).convert("RGB")
    size = min(image.size)
    left, top = (image.width - size) // 2, (image.height - size) // 2
    return image.crop((left, top, left + size, top + size))


def _write(image: Image.Image, lines: list[str], size: int, at: tuple[int, int], step: int) -> Image.Image:
    face = ImageFont.truetype(str(_FACE), size)
    pen = ImageDraw.Draw(image)
    pen.fontmode = "1"
    for number, line in enumerate(lines):
        pen.text((at[0], at[1] + number * step), line, (24, 24, 26), face)
    return image


_FACE = HERE.parent / "fonts" / "NotoSans-Regular.ttf"
WORKS: tuple[Callable[[], Drawn], ...] = (
    *(monochrome, white, stripes, grid, diagonal, squares, black, chance, dusk, dots, gratings, cut),
    *(found_table, instruction, seconds, maze, quilt, one_line, averages, sixty_four, residue, taken, blank),
)

if __name__ == "__main__":
    main()
