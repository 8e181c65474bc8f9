"""What is coarse keeps its mean colours alone: nothing else of it is left, and nothing around it changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from strategies import masked_images

from retrain_kit.errors import ParameterError
from retrain_kit.imaging import coarse

CHECKED = np.tile([[0, 200], [200, 0]], (4, 4)).astype("uint8")


def grey(rows):
    """Return an image of three equal channels."""
    return Image.fromarray(np.repeat(np.array(rows, "uint8")[:, :, None], 3, axis=2))


def test_each_cell_of_the_frame_takes_the_mean_of_what_is_masked_in_it():
    rows = np.zeros((16, 16), "uint8")
    rows[:, 4:8] = 30
    rows[::2, 8:12] = 201
    mask = np.ones((16, 16), bool)
    mask[:, 12:] = False
    done = np.asarray(coarse.coarsen(grey(rows), mask))[:, :, 0]
    assert done.tolist() == [[0] * 4 + [30] * 4 + [101] * 4 + [0] * 4] * 16


def test_no_mean_speaks_of_fewer_than_sixteen_pixels():
    rows = np.full((40, 40), 50, "uint8")
    rows[0, :] = 90
    mask = np.zeros((40, 40), bool)
    mask[0, :5] = True
    alone = np.asarray(coarse.coarsen(grey(rows), mask))[:, :, 0]
    assert (alone[0, :5].tolist(), alone[0, 5], alone[1, 0]) == ([128] * 5, 90, 50)
    mask[20:24, 20:28] = True
    beside = np.asarray(coarse.coarsen(grey(rows), mask))[:, :, 0]
    assert (beside[0, :5].tolist(), beside[20, 20]) == ([55] * 5, 50)


def test_two_faces_with_the_same_means_are_the_same_bytes():
    first, second = (grey(np.kron(each, np.ones((2, 2)))) for each in (CHECKED, np.rot90(CHECKED)))
    assert first.tobytes() != second.tobytes()
    veiled = [coarse.coarsen(each, np.ones((16, 16), bool)).tobytes() for each in (first, second)]
    assert veiled[0] == veiled[1] == bytes([100]) * (16 * 16 * 3)


@given(masked_images(), st.randoms(use_true_random=False))
def test_how_pixels_lie_in_a_cell_is_lost_and_what_is_not_masked_stays(given_image, lot):
    image, mask = given_image
    mixed = np.array(image)
    for left, top, right, bottom in coarse._cells(image.size):
        rows, columns = slice(top, bottom), slice(left, right)
        within = mask[rows, columns]
        found = mixed[rows, columns][within].tolist()
        lot.shuffle(found)
        if found:
            mixed[rows, columns][within] = found
    done, other = coarse.coarsen(image, mask), coarse.coarsen(Image.fromarray(mixed, image.mode), mask)
    assert done.tobytes() == other.tobytes()
    assert (done.mode, done.size) == (image.mode, image.size)
    assert np.array_equal(np.asarray(done)[~mask], np.asarray(image)[~mask])
    assert len({tuple(each) for each in np.asarray(done)[mask].tolist()}) <= coarse.CELLS**2


def test_a_mask_of_another_size_is_refused():
    with pytest.raises(ParameterError, match="2 rows and 3 columns; expected 3 rows and 2 columns"):
        coarse.coarsen(grey(np.zeros((3, 2))), np.zeros((2, 3), bool))
