"""Names stay where they can and never meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.batch.decanonize import inputs

parts = st.sampled_from(["a", "b", ".jpg", ".JPG", ".jpeg", ".png", ".mask", ".image", ".webp", ".gif"])
files = st.builds(lambda first, rest: first + "".join(rest), st.sampled_from("ab"), st.lists(parts))
ways = st.sampled_from(["", ".jpg", ".png", ".webp"])


@pytest.mark.parametrize(
    ("file", "ending", "name"),
    [
        ("n01/cat.JPEG", ".jpg", "n01/cat.JPEG"),
        ("n01/cat.JPEG", ".png", "n01/cat.JPEG.png"),
        ("cat.png", ".png", "cat.png"),
        ("cat.jpg.png", ".png", "cat.jpg.png.png"),
        ("cat.tif", ".png", "cat.tif.png"),
        ("cat.tif", "", "cat.tif"),
        ("cat.png", ".jpg", "cat.png.jpg"),
        ("cat", ".jpg", "cat.image.jpg"),
        ("1.5.jpg", ".jpg", "1.5.jpg"),
    ],
)
def test_a_file_keeps_its_name_where_its_format_stays(file, ending, name):
    assert inputs.output_name(file, ending) == name


@given(st.tuples(files, files).filter(lambda pair: pair[0] != pair[1]), ways, ways)
def test_two_files_never_come_to_one_name_whichever_ways_they_take(pair, first, second):
    assert inputs.output_name(pair[0], first) != inputs.output_name(pair[1], second)


@given(files, files, ways, st.sampled_from(["", ".jpg", ".png"]))
def test_a_mask_never_comes_to_the_name_of_an_image(file, other, ending, second):
    assert inputs.mask_name(inputs.output_name(file, ending)) != inputs.output_name(other, second)
