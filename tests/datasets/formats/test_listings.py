"""The images of a data set are read off its folder or archive; nothing climbs out, nothing is left out unsaid."""

import io
import tarfile
import zipfile

import pytest
from small_studies import put, study

from retrain_kit.datasets.formats import listings
from retrain_kit.datasets.formats.listings import ListedImage
from retrain_kit.errors import DataError, ParameterError


def tar(path, *names, mode="w", links=()):
    with tarfile.open(path, mode) as archive:
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.size = 3
            archive.addfile(entry, io.BytesIO(b"abc"))
        for name in links:
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(entry)


def test_a_folder_is_listed_in_the_order_of_its_paths(tmp_path):
    put(tmp_path, "all/b/2.JPG", "all/a/1.png", "all/0.jpeg")
    listing = listings.list_images(study(tmp_path, "images", files={"images": "all"}))
    assert listing.images == (
        ListedImage("0.jpeg", "all/0.jpeg"),
        ListedImage("a/1.png", "all/a/1.png"),
        ListedImage("b/2.JPG", "all/b/2.JPG"),
    )
    assert [(each.stem, each.folder) for each in listing.images] == [("0", ""), ("1", "a"), ("2", "b")]


@pytest.mark.parametrize(("name", "mode"), [("a.tar", "w"), ("a.tgz", "w:gz")])
def test_a_tar_is_listed_as_it_lies_and_its_members_are_named_as_they_are_there(tmp_path, name, mode):
    tar(tmp_path / name, "./Images/x/1.jpg", "Images/readme.txt", mode=mode, links=["Images/2.jpg"])
    listing = listings.list_images(study(tmp_path, "images", files={"images": name}))
    assert listing.images == (ListedImage("Images/x/1.jpg", "Images/x/1.jpg", (name, "./Images/x/1.jpg")),)
    assert listing.left_out == {"Images/readme.txt": "no image, by its ending", "Images/2.jpg": "a link"}


def test_a_zip_is_listed_without_its_folders_and_without_what_macos_adds(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("coil/", "")
        archive.writestr("coil/1.png", "abc")
        archive.writestr("__MACOSX/coil/1.png", "abc")
    listing = listings.list_images(study(tmp_path, "images", files={"images": "a.zip"}))
    assert listing.images == (ListedImage("coil/1.png", "coil/1.png", ("a.zip", "coil/1.png")),)
    assert listing.left_out == {"__MACOSX/coil/1.png": "hidden"}


@pytest.mark.parametrize("name", ["../out.jpg", "/etc/out.jpg", "a/../../out.jpg"])
def test_an_archive_that_climbs_out_of_its_folder_is_refused_with_every_such_name(tmp_path, name):
    tar(tmp_path / "a.tar", name, "fine.jpg", "x/../../y.jpg")
    with pytest.raises(DataError) as caught:
        listings.list_images(study(tmp_path, "images", files={"images": "a.tar"}))
    assert [fault.found for fault in caught.value.faults] == [repr(name), "'x/../../y.jpg'"]


def test_an_archive_cut_in_the_middle_is_named(tmp_path):
    tar(tmp_path / "whole.tgz", *(f"{number}.jpg" for number in range(500)), mode="w:gz")
    whole = (tmp_path / "whole.tgz").read_bytes()
    (tmp_path / "cut.tgz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"cut.tgz: found no whole archive .*Fetch it again"):
        listings.list_images(study(tmp_path, "images", files={"images": "cut.tgz"}))


def test_a_folder_that_is_not_there_is_named_with_how_to_obtain_the_data_set(tmp_path):
    with pytest.raises(DataError, match=r"gone: found nothing; expected a folder.*Ask its authors"):
        listings.list_images(study(tmp_path, "images", files={"images": "gone"}))


def test_two_images_of_one_name_are_a_fault(tmp_path):
    put(tmp_path, "a/1.jpg", "b/1.jpg", "c/2.jpg")
    with pytest.raises(DataError, match=r"b/1.jpg: found 1 a second time; expected a/1.jpg alone"):
        listings.images_by_id(study(tmp_path, "images"))


def test_no_images_at_all_are_a_fault(tmp_path):
    put(tmp_path, "a/1.txt")
    with pytest.raises(DataError, match=r"found no such images.*Ask its authors"):
        listings.images_by_id(study(tmp_path, "images"))


def test_words_that_a_data_set_does_not_know_are_all_named_with_those_near_them():
    with pytest.raises(ParameterError) as caught:
        listings.check_words("labels", ["Beagel", "Basset", "cat"], {"Beagle", "Basset"})
    assert [fault.found for fault in caught.value.faults] == ["'Beagel'", "'cat'"]
    assert caught.value.faults[0].do.startswith("Near it: Beagle")
