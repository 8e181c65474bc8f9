"""Generators for property tests."""

from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from retrain_kit.samples import Box, Flags, ImageLabel, Phrase, Region

# Quarters of a pixel are exact in binary and hit every tie: edges, centres and in between.
quarters = st.integers(-24, 88).map(lambda n: n / 4)
sizes = st.tuples(st.integers(1, 16), st.integers(1, 12))
makers = st.sampled_from(["drawn", "detector-confirmed", "unknown"])
yes_no_unknown = st.sampled_from([True, False, None])
words = st.text("abcdefgh ", min_size=1, max_size=8).filter(str.strip)
flags = st.builds(Flags, yes_no_unknown, yes_no_unknown, yes_no_unknown, yes_no_unknown, yes_no_unknown)


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
    return Region(draw(words), box, draw(words), draw(makers), outline, flags=draw(flags))


phrases = st.builds(Phrase, words, boxes(), words, makers)
image_labels = st.builds(ImageLabel, words, yes_no_unknown, makers)


@st.composite
def masked_pictures(draw):
    """A small picture, RGB or RGBA, and a mask of its size."""
    width, height = draw(sizes)
    channels, mode = draw(st.sampled_from([(3, "RGB"), (4, "RGBA")]))
    pixels = draw(arrays.arrays("uint8", (height, width, channels)))
    mask = draw(arrays.arrays(bool, (height, width)))
    return Image.fromarray(pixels, mode), mask
