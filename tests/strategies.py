"""Generators for property tests."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from retrain_kit.samples import Box, Click, Flags, ImageLabel, Phrase, Region, Relationship
from retrain_kit.traces import Dot, Trace

# Quarters of a pixel are exact in binary and hit every tie: edges, centres and in between.
quarters = st.integers(-24, 88).map(lambda n: n / 4)
sizes = st.tuples(st.integers(1, 16), st.integers(1, 12))
makers = st.sampled_from(["drawn", "detector-confirmed", "unknown"])
yes_no_unknown = st.sampled_from([True, False, None])
words = st.text("abcdefgh ", min_size=1, max_size=8).filter(str.strip)
flags = st.builds(Flags, yes_no_unknown, yes_no_unknown, yes_no_unknown, yes_no_unknown, yes_no_unknown)

clicks = st.builds(Click, quarters, quarters, yes_no_unknown)
said = st.dictionaries(words, st.one_of(words, st.integers(-9, 9), yes_no_unknown), max_size=2)
relationships = st.builds(Relationship, words, words, words, words, makers, said)


@st.composite
def boxes(draw, coordinates=quarters):
    left, right = sorted((draw(coordinates), draw(coordinates)))
    top, bottom = sorted((draw(coordinates), draw(coordinates)))
    return Box(left, top, right, bottom)


polygons = st.lists(st.tuples(quarters, quarters), min_size=3, max_size=9).map(tuple)


@st.composite
def regions(draw):
    outline = tuple(draw(st.lists(polygons, max_size=2)))
    box = Box.around(outline) if outline else draw(boxes())
    traces = tuple(draw(st.lists(clicks, max_size=3)))
    rest = draw(said)
    return Region(draw(words), box, draw(words), draw(makers), outline, None, draw(flags), traces, rest)


phrases = st.builds(Phrase, words, boxes(), words, makers)
image_labels = st.builds(ImageLabel, words, yes_no_unknown, makers, said)


@st.composite
def masked_pictures(draw):
    """A small picture, RGB or RGBA, and a mask of its size."""
    width, height = draw(sizes)
    channels, mode = draw(st.sampled_from([(3, "RGB"), (4, "RGBA")]))
    pixels = draw(arrays.arrays("uint8", (height, width, channels)))
    mask = draw(arrays.arrays(bool, (height, width)))
    return Image.fromarray(pixels, mode), mask


# Sixty-fourths of a frame and eighths of a second are exact in binary; places reach beyond the frame.
places = st.integers(-16, 80).map(lambda n: n / 64)
durations = st.integers(0, 24).map(lambda n: n / 8)


@st.composite
def pieces(draw, least=0):
    """The way of a pointer: rows of x, y and t."""
    steps = draw(st.lists(st.tuples(places, places, durations), min_size=least, max_size=6))
    times = np.cumsum([step[2] for step in steps])
    return np.array([(x, y, t) for (x, y, _), t in zip(steps, times, strict=True)]).reshape(-1, 3)


dots = st.builds(Dot, places, places, st.one_of(st.none(), durations), yes_no_unknown)
traces = st.builds(
    lambda ways, clicked: Trace(tuple(ways), tuple(clicked)),
    st.lists(pieces(), max_size=3),
    st.lists(dots, max_size=3),
)
