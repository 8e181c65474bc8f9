"""A folder is listed by names, sizes and dates, and what may not be read is named with its reason."""

import os

import pytest
from own_folders import image, write

from retrain_kit.datasets.layouts.listing import Listing
from retrain_kit.errors import DataError


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "set"
    image(place / "b" / "one.JPG")
    image(place / "a.jpg")
    write(place / "labels.json", "{}")
    write(place / "Thumbs.db", "x")
    write(place / "__MACOSX" / "._a.jpg", "x")
    write(place / ".hidden" / "c.jpg", "x")
    write(place / "b" / "empty.png", "")
    image(tmp_path / "outside.jpg")
    (place / "out.jpg").symlink_to(tmp_path / "outside.jpg")
    (place / "to_a.jpg").symlink_to(place / "a.jpg")
    (place / "gone.jpg").symlink_to(tmp_path / "nothing")
    (place / "linked").symlink_to(place / "b")
    os.mkfifo(place / "pipe.jpg")
    return place


def test_files_come_in_the_order_of_folders_and_names(folder):
    listing = Listing(folder)
    assert [each.path for each in listing.files(below=True)] == [
        "a.jpg",
        "labels.json",
        "to_a.jpg",
        "b/one.JPG",
    ]
    assert [each.path for each in listing.images()] == ["a.jpg", "to_a.jpg", "b/one.JPG"]
    assert [each.path for each in listing.files("", ".json")] == ["labels.json"]
    assert (listing.number, listing.image_count(), listing.image_count("b")) == (4, 3, 1)


def test_what_may_not_be_read_is_left_out_with_its_reason(folder):
    assert dict(Listing(folder).left_out()) == {
        ".hidden": "hidden",
        "Thumbs.db": "put there by a system for itself",
        "__MACOSX": "put there by a system for itself",
        "b/empty.png": "an empty file",
        "gone.jpg": "a link to nothing",
        "linked": "a linked folder",
        "out.jpg": "a link out of the folder",
        "pipe.jpg": "no file, but a pipe or a device",
    }


def test_a_file_is_found_by_its_path_and_by_its_name(folder):
    listing = Listing(folder)
    found = listing.get("b/one.JPG")
    assert (found.name, found.stem, found.ending, found.folder) == ("one.JPG", "one", ".jpg", "b")
    assert found.size_bytes == (folder / "b" / "one.JPG").stat().st_size
    assert listing.named("one.JPG") == ["b/one.JPG"]
    assert ("out.jpg" in listing, "b" in listing, "nowhere/x" in listing) == (False, False, False)


def test_a_file_is_looked_at_from_both_ends(folder):
    write(folder / "long.txt", "a" * 10 + "z" * 10)
    listing = Listing(folder)
    assert (listing.head("long.txt", 3), listing.tail("long.txt", 3)) == (b"aaa", b"zzz")
    assert (listing.head("nothing"), listing.tail("nothing")) == (b"", b"")


def test_a_file_is_no_folder(folder):
    with pytest.raises(DataError, match="no folder"):
        Listing(folder / "a.jpg")
