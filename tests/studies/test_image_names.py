"""A name means the one image that it fits best; one that fits several means none."""

import pytest

from retrain_kit.studies.image_names import find_images
from retrain_kit.studies.image_table import ImageRow

FILES = {
    "a1": "train/1.jpg",
    "old": "old/train/1.jpg",
    "A 1%2F2": "h_1-2.jpg",
    "Sa\u0303o": "b/São Paulo.jpg",
    "1.jpg": "x.png",
    "two": "two.tar.gz",
}


def images(files=FILES):
    return [ImageRow(name, file, "", 8, 6, "", "", "") for name, file in files.items()]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("a1", "a1"),
        ("1.jpg", "1.jpg"),  # an id goes before files of that name
        ("A 1/2", "A 1%2F2"),
        ("S\u00e3o", "Sa\u0303o"),
        ("train/1.jpg", "a1"),  # the whole path of one, the end of another's
        ("old/train/1.jpg", "old"),
        ("/home/ann/old/train/1.jpg", "old"),
        (".\\old\\train\\1.jpg", "old"),
        ("https://example.org/b/S%C3%A3o%20Paulo.jpg?w=9", "Sa\u0303o"),
        ("any/train/1.jpg", "a1"),
        ("other/1.jpg", None),
        ("1", None),
        ("", None),
    ],
)
def test_a_name_means_the_image_that_it_fits_best(name, meant):
    found = find_images([name], images())
    assert found[name].id == meant if meant else found == {}


def test_a_file_may_be_named_without_its_ending_where_this_is_said():
    names = ["h_1-2", "b/S\u00e3o Paulo", "two.tar", "two", "x", "1"]
    found = find_images(names, images(), without_ending=True)
    meant = {name: found[name].id for name in names if name in found}
    expected = {"h_1-2": "A 1%2F2", "b/S\u00e3o Paulo": "Sa\u0303o", "two.tar": "two", "two": "two"}
    assert meant == expected | {"x": "1.jpg"}  # 1 may be two files
    assert find_images(["h_1-2", "x"], images()) == {}


def test_images_are_gone_through_once_and_no_further_than_all_ids_are_found():
    rest = iter(images())
    found = find_images(["old", "a1"], rest)
    assert [found[name].id for name in ("old", "a1")] == ["old", "a1"]
    assert [image.id for image in rest] == ["A 1%2F2", "Sa\u0303o", "1.jpg", "two"]
