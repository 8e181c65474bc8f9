"""Generators for property tests."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from retrain_kit.annotations.recordings import DEVICES, Recording, Tag
from retrain_kit.annotations.samples import Box, Click, Flags, ImageLabel, Phrase, Region, Relationship
from retrain_kit.annotations.traces import TimedClick, Trace
from retrain_kit.answers import REFUSALS, AnswerContext, Consent, Record
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.what_if import aggregate, ranges, start_lists

# Quarters of a pixel are exact in binary and hit every tie: edges, centres and in between.
quarters = st.integers(-24, 88).map(lambda n: n / 4)
sizes = st.tuples(st.integers(1, 16), st.integers(1, 12))
annotators = st.sampled_from(["drawn", "detector-confirmed", "unknown"])
yes_no_unknown = st.sampled_from([True, False, None])
words = st.text("abcdefgh ", min_size=1, max_size=8).filter(str.strip)
flags = st.builds(Flags, yes_no_unknown, yes_no_unknown, yes_no_unknown, yes_no_unknown, yes_no_unknown)

clicks = st.builds(Click, quarters, quarters, yes_no_unknown)
said = st.dictionaries(words, st.one_of(words, st.integers(-9, 9), yes_no_unknown), max_size=2)
relationships = st.builds(Relationship, words, words, words, words, annotators, said)


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
    return Region(draw(words), box, draw(words), draw(annotators), outline, None, draw(flags), traces, rest)


phrases = st.builds(Phrase, words, boxes(), words, annotators)
image_labels = st.builds(ImageLabel, words, yes_no_unknown, annotators, said)


@st.composite
def masked_images(draw):
    """A small image, RGB or RGBA, and a mask of its size."""
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


timed_clicks = st.builds(TimedClick, places, places, st.one_of(st.none(), durations), yes_no_unknown)
traces = st.builds(
    lambda ways, clicked: Trace(tuple(ways), tuple(clicked)),
    st.lists(pieces(), max_size=3),
    st.lists(timed_clicks, max_size=3),
)


def records_of(trace):
    """The pieces of a trace as a line of Localized Narratives has them."""
    return [[dict(zip("xyt", map(float, point), strict=True)) for point in piece] for piece in trace.pieces]


likelies = st.one_of(st.sampled_from(list(ranges.LIKELIHOOD_WORDS)), st.integers(0, 100))
uses = st.sampled_from([("class", "publication"), ("class",), ()])
_ORIGINALS = [
    start_lists.ORIGINAL_PREFIX + name for name in prompts.prompts_of("what-if-options") if name != "elephant"
]


@st.composite
def what_if_records(draw):
    """Answers to *What If…?* about two images by up to four people, refusals and the elephant among them."""
    found = []
    for number in range(draw(st.integers(0, 12))):
        act = draw(st.sampled_from([aggregate.ADDED, aggregate.PLACED, aggregate.LET_IN, "refused"]))
        likely = {} if act == "refused" else {"act": act, "likely": draw(likelies), "hole": ""}
        option = {"option": draw(st.sampled_from(_ORIGINALS))} if act == aggregate.PLACED else {}
        agreed = draw(uses)
        record = Record(
            id=f"{number:032x}",
            text=f"{'kept' if 'publication' in agreed else 'aside'} {draw(st.integers(0, 3))} {act}",
            who=f"person {draw(st.integers(1, 4))}",
            when=f"2026-11-22T09:00:{draw(st.integers(0, 59)):02}Z",
            asked=AnswerContext(
                "nature", aggregate.EXERCISE, "What might exist?", (draw(st.sampled_from("ab")),)
            ),
            consent=Consent(agreed, "what-if-1", "2026-11-22T09:00:00Z"),
            refusal=draw(st.sampled_from(REFUSALS)) if act == "refused" else "",
            details={**likely, **option},
        )
        found.append(record)
    return found


shares = st.integers(0, 64).map(lambda n: n / 64)
edges = st.tuples(shares, shares, shares, shares).filter(lambda e: e[0] < e[2] and e[1] < e[3])
tags = st.builds(Tag, words, edges, st.one_of(st.none(), durations), st.sampled_from(["", *DEVICES]))
ways = st.lists(pieces(least=1), max_size=3).map(lambda found: Trace(tuple(found)))
recordings = st.builds(
    Recording,
    words,
    st.tuples(st.integers(1, 9999), st.integers(1, 9999)),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    ways,
    ways,
    st.lists(tags, max_size=3).map(tuple),
    st.lists(st.sampled_from(DEVICES), unique=True).map(tuple),
    durations,
    st.one_of(st.none(), st.tuples(durations, durations)),
    st.one_of(st.none(), st.tuples(durations, durations)),
)
