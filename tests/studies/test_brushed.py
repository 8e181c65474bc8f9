"""What was brushed comes back as it was kept, in a small file that is there whole or not at all."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from small_studies import study

from retrain_kit.errors import DataError, ParameterError
from retrain_kit.studies import brushed, manifests

SIZE = (640, 320)
SHAPE = (32, 64)


@pytest.fixture
def mine(tmp_path):
    made = study(tmp_path, "images", [("a", "a.png", SIZE), ("b", "b.png", (3, 300))])
    return replace(made, toml=tmp_path / "mine.toml")


def grid(*cells, shape=SHAPE):
    made = np.zeros(shape, bool)
    for cell in cells:
        made[cell] = True
    return made


def test_cells_are_written_as_a_person_reads_them_and_come_back(mine):
    brushed.keep_brushed(mine, "a", grid((1, 2), (1, 3)))
    brushed.keep_brushed(mine, "b", grid((0, 0), shape=(64, 1)))
    stated = json.loads((mine.toml.parent / "mine.brushed.json").read_text())
    assert stated == {
        "study": "mine",
        "images": {"a": {"size": [640, 320], "rows": ["", "..##"]}, "b": {"size": [3, 300], "rows": ["#"]}},
    }
    back = brushed.load_brushed(mine)
    assert np.array_equal(back["a"], grid((1, 2), (1, 3)))
    brushed.keep_brushed(mine, "a", grid())
    assert list(brushed.load_brushed(mine)) == ["b"]


@given(arrays.arrays(bool, SHAPE, elements=st.booleans()))
def test_any_grid_comes_back(cells):
    assert np.array_equal(brushed.parse_grid(brushed.grid_rows(cells), SIZE), cells)


def test_without_a_file_nothing_is_brushed_and_the_kits_own_studies_keep_theirs_among_the_users_data(mine):
    assert brushed.load_brushed(mine) == {}
    own = brushed.brushed_path(manifests.load("embedded-sample"))
    assert own == manifests.data_folder() / "brushed" / "embedded-sample.json"


def test_all_that_is_wrong_with_a_file_is_said_together_and_nothing_is_covered_by_half(mine):
    images = {
        "a": {"size": [640, 320], "rows": ["x"]},
        "b": {"size": [30, 300], "rows": []},
        "c": {"size": [1, 1], "rows": []},
    }
    brushed.brushed_path(mine).write_text(json.dumps({"images": images}))
    with pytest.raises(DataError) as caught:
        brushed.load_brushed(mine)
    where = [fault.where.partition(".json, ")[2] for fault in caught.value.faults]
    assert where == ["a, rows, row 1", "b, size", "c"]
    part = replace(mine, images=mine.images[2:], part_of=mine)
    assert brushed.load_brushed(part) == {}


def test_under_the_veil_images_have_other_names_and_the_file_has_their_own(mine):
    veiled = replace(mine, images=(replace(mine.images[0], id="veiled-1"), mine.images[1]), unveiled=mine)
    brushed.keep_brushed(veiled, "veiled-1", grid((0, 0)))
    assert (list(brushed.load_brushed(mine)), list(brushed.load_brushed(veiled))) == (["a"], ["veiled-1"])
    brushed.keep_brushed(veiled, "veiled-1", grid())
    assert brushed.load_brushed(mine) == {}


def test_a_broken_file_is_neither_read_nor_written_over(mine):
    path = brushed.brushed_path(mine)
    path.write_text('{"study": "mine", "ima')
    for refused in (
        lambda: brushed.load_brushed(mine),
        lambda: brushed.keep_brushed(mine, "a", grid((0, 0))),
    ):
        with pytest.raises(DataError, match="no JSON"):
            refused()
    assert path.read_text() == '{"study": "mine", "ima'


def test_no_image_and_no_grid_of_another_are_kept(mine):
    for name, cells, said in (("c", grid((0, 0)), "'c'"), ("b", grid((0, 0)), "64 rows and 1 columns")):
        with pytest.raises(ParameterError, match=said):
            brushed.keep_brushed(mine, name, cells)
    assert not brushed.brushed_path(mine).exists()
