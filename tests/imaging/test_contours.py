"""Contours are exact: by the even-odd rule they cover a mask's cells, and no others."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from trying import examples

from retrain_kit.annotations.samples import Box
from retrain_kit.imaging import contours, masking

masks = arrays.arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9)))


@examples(100)
@given(masks)
def test_all_contours_together_cover_the_mask_and_nothing_else(mask):
    size = mask.shape[1], mask.shape[0]
    covered = np.zeros_like(mask)
    for contour in contours.mask_contours(mask):
        polygon = tuple((float(x), float(y)) for x, y in contour)
        covered ^= masking.polygon_mask(polygon, size)
    assert (covered == mask).all()


def test_a_contour_begins_at_the_upper_left_and_goes_to_the_right():
    (corner,) = contours.mask_contours(np.array([[1, 1], [1, 0]], dtype=bool))
    assert corner.tolist() == [[0, 0], [2, 0], [2, 1], [1, 1], [1, 2], [0, 2]]
    ring = np.ones((3, 3), dtype=bool)
    ring[1, 1] = False
    assert [len(each) for each in contours.mask_contours(ring)] == [4, 4]
    assert contours.mask_contours(np.zeros((2, 2), dtype=bool)) == []


def test_a_contour_is_stretched_over_its_box_as_the_mask_is():
    mask = np.array([[True]])
    (contour,) = contours.mask_contours(mask)
    assert contours.stretched(contour, mask, Box(10, 20, 14, 26)).tolist() == [
        [10, 20],
        [14, 20],
        [14, 26],
        [10, 26],
    ]
