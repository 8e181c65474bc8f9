"""Holes: the views that machines are shown, and the control, by rules that hold for any mask."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from trying import examples

from retrain_kit.errors import ParameterError
from retrain_kit.imaging import holes

ROWS = np.arange(16, dtype=np.uint8).reshape(4, 4)
IMAGE = Image.fromarray(np.repeat(ROWS[:, :, None], 3, axis=2))
MASK = np.zeros((4, 4), bool)
MASK[1:3, 0:2] = True
VIEWS = {
    ("whole", ""): [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]],
    ("shape", ""): [[0, 0, 0, 0], [255, 255, 0, 0], [255, 255, 0, 0], [0, 0, 0, 0]],
    ("residue", "white"): [[0, 1, 2, 3], [255, 255, 6, 7], [255, 255, 10, 11], [12, 13, 14, 15]],
    ("taken", "white"): [[255] * 4, [4, 5, 255, 255], [8, 9, 255, 255], [255] * 4],
    ("residue", "mean grey"): [[0, 1, 2, 3], [8, 8, 6, 7], [8, 8, 10, 11], [12, 13, 14, 15]],
    ("taken", "mean grey"): [[8] * 4, [4, 5, 8, 8], [8, 9, 8, 8], [8] * 4],
}


def test_each_view_shows_what_its_name_says():
    views = holes.hole_views(MASK, ("white", "mean grey"), ())
    assert {(each.kind, each.fill): np.asarray(each.of(IMAGE))[:, :, 0].tolist() for each in views} == VIEWS


def test_an_image_without_tags_is_shown_whole_alone_and_transparent_pixels_on_white():
    (view,) = holes.hole_views(np.zeros((4, 4), bool), ("white",), ())
    clear = Image.new("RGBA", (4, 4), (9, 9, 9, 0))
    assert (view.kind, view.of(clear).getpixel((0, 0))) == ("whole", (255, 255, 255))


def test_the_key_of_a_view_follows_from_what_is_seen_and_from_no_draw():
    other = np.roll(MASK, 1, 0)
    views = [
        *holes.hole_views(MASK, ("white",), [other]),
        *holes.hole_views(other, ("white",), ()),
    ]
    keys = {(each.kind, each.mask is other): each.key for each in views}
    assert keys["moved", True] == keys["residue", True] != keys["residue", False]
    assert keys["whole", False] == "whole"


@st.composite
def masks(draw):
    """A mask of up to nine rows and columns."""
    rows, columns = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    bits = draw(st.lists(st.booleans(), min_size=rows * columns, max_size=rows * columns))
    return np.array(bits, bool).reshape(rows, columns)


@given(masks(), st.integers(0, 99), st.sampled_from(["wrapped", "inside"]))
@examples(200)
def test_a_moved_mask_has_the_same_area_and_inside_the_frame_the_same_shape(mask, seed, move):
    moved = holes.moved_masks(mask, 3, [seed], move)
    assert moved == [] or len(moved) == 3
    for other in moved:
        assert other.sum() == mask.sum()
        if move == "inside" and mask.any():
            assert cut(other).tolist() == cut(mask).tolist()
    again = holes.moved_masks(mask, 3, [seed], move)
    assert all(np.array_equal(one, other) for one, other in zip(moved, again, strict=True))


def cut(mask):
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def test_every_other_place_is_taken_about_as_often_and_the_own_one_never():
    mask = np.zeros((3, 3), bool)
    mask[0, 0] = True
    places = [int(np.flatnonzero(each)[0]) for each in holes.moved_masks(mask, 4000, [7], "inside")]
    counts = np.bincount(places, minlength=9)
    assert counts[0] == 0
    assert (counts[1:] > 400).all()


@pytest.mark.parametrize("move", ["wrapped", "inside"])
def test_a_mask_over_everything_has_no_other_place(move):
    assert holes.moved_masks(np.ones((3, 4), bool), 2, [7], move) == []
    assert np.isnan(holes.still_covered(np.ones((3, 4), bool), []))


def test_how_much_a_moved_mask_still_covers():
    assert holes.still_covered(MASK, [np.roll(MASK, 1, 0), np.roll(MASK, 2, 1)]) == 0.25


def test_fills_that_are_none_are_told_together():
    with pytest.raises(ParameterError) as caught:
        holes.check_fills(["white", "nope", "transparent", "mean grey"])
    assert [fault.found for fault in caught.value.faults] == ["'nope'", "transparent"]
    with pytest.raises(ParameterError, match="at least one"):
        holes.check_fills([])
    with pytest.raises(ParameterError, match="'wrapped' or 'inside'"):
        holes.moved_masks(MASK, 1, [7], "elsewhere")
