"""A study is made of a folder that stays as it is: two files, written whole, digests when they are asked for."""

import hashlib
import os
import sqlite3

import pytest
from own_folders import coco, image, roboflow, voc, write
from PIL import Image

from retrain_kit import datasets
from retrain_kit.datasets import layouts
from retrain_kit.datasets.digests import compute_digests, verify_images
from retrain_kit.datasets.layouts import studies
from retrain_kit.datasets.layouts.listing import Listing
from retrain_kit.datasets.seen_images import FILE_NAME, SeenImages, image_file
from retrain_kit.errors import DataError
from retrain_kit.studies import manifests


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """The folder for data sets; the working folder is another."""
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "kept"))
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")
    return tmp_path / "kept"


def made(folder, toml, **options):
    listing = Listing(folder)
    return studies.make_study(listing, layouts.choose_layout(listing), toml, **options)


def state(folder):
    """Return everything that there is in a folder, with its bytes and its dates."""
    return {
        path: (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else None)
        for path in [folder, *sorted(folder.rglob("*"))]
    }


def test_the_two_files_say_what_was_found_and_what_nobody_has_said(tmp_path, kept):
    counts = made(coco(tmp_path / "cats"), tmp_path / "cats.toml").counts
    assert (counts.images, counts.digests, dict(counts.splits)) == (3, 0, {"train2017": 2, "val2017": 1})
    text = (tmp_path / "cats.toml").read_text()
    study = manifests.load(tmp_path / "cats.toml")
    assert (study.folder, study.read_only, study.dataset) == (tmp_path / "cats", True, "coco")
    assert (study.annotation.who, study.annotation.when, study.annotation.how) == ("unknown",) * 3
    assert (
        "Who drew which annotation, where it has no field of its own for that, and who checked it."
        in study.annotation.undisclosed
    )
    assert study.left_out == {"an image that is listed, and no such file is here": 1}
    assert text.startswith("# Made by `retrain-kit study` of what lies in a folder.")
    assert (tmp_path / "cats.csv").read_text().splitlines()[:2] == [
        "id,file,sha256,width_px,height_px,licence,author,source,split",
        '0,images/train2017/a.jpg,,8,6,"CC BY 2.0, https://example.org/by",unknown,http://images.example.org/1.jpg,train2017',
    ]


def test_what_is_no_toml_beside_it_hinders_no_study(tmp_path, kept):
    coco(tmp_path / "own")
    made(tmp_path / "own", tmp_path / "desk" / "own.toml")
    (tmp_path / "desk" / "a folder.toml").mkdir()
    (tmp_path / "desk" / "a.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "desk" / "b.toml").write_text("a = ", "utf-8")
    found = studies.find_study(tmp_path / "own")
    assert found
    assert found.name == "own.toml"


def test_what_a_person_says_stands_in_the_toml_and_stays_when_the_study_is_made_anew(tmp_path, kept):
    folder, toml = voc(tmp_path / "cats"), tmp_path / "cats.toml"
    said = studies.SaidByPerson(why="To count cats.", who="My aunt", paid="in cake")
    made(folder, toml, said=said)
    toml.write_text(toml.read_text().replace('title = "cats"', 'title = "My aunt\'s cats"'))
    image(folder / "JPEGImages" / "4.jpg")
    made(folder, toml)
    study = manifests.load(toml)
    assert (study.title, study.why, len(study.images)) == ("My aunt's cats", "To count cats.", 4)
    assert (study.annotation.who, study.annotation.how) == ("My aunt", "Paid: in cake.")


@pytest.mark.parametrize("make", [coco, roboflow, voc])
def test_nothing_is_written_into_the_folder(tmp_path, kept, make):
    folder = make(tmp_path / "set")
    before = state(folder)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    study = manifests.load(layouts.study_of(folder))
    compute_digests(study)
    datasets.read(study)
    assert state(folder) == before


def test_the_study_of_a_folder_is_made_once_and_kept_with_the_data_sets(tmp_path, kept):
    folder = coco(tmp_path / "cats")
    toml = layouts.study_of(folder)
    assert toml == kept / "studies" / "cats.toml"
    first = toml.with_suffix(".csv").stat().st_mtime_ns
    assert layouts.study_of(folder) == toml
    assert toml.with_suffix(".csv").stat().st_mtime_ns == first
    assert manifests.find_manifest("cats") == toml
    assert list((tmp_path / "desk").iterdir()) == []


def test_a_kept_study_is_made_anew_where_its_folder_has_changed(tmp_path, kept):
    folder = voc(tmp_path / "cats")
    toml = layouts.study_of(folder)
    toml.write_text(toml.read_text().replace('who = "unknown"', 'who = "My aunt"'))
    image(folder / "JPEGImages" / "4.jpg")
    study = manifests.load(layouts.study_of(folder))
    assert (study.toml, len(study.images), study.annotation.who) == (toml, 4, "My aunt")


def test_two_folders_of_one_name_are_two_studies(tmp_path, kept):
    one, two = layouts.study_of(coco(tmp_path / "a" / "set")), layouts.study_of(voc(tmp_path / "b" / "set"))
    assert one.stem == "set"
    assert two.stem.startswith("set-")
    assert manifests.load(two).folder == tmp_path / "b" / "set"


def test_a_study_in_the_working_folder_is_taken_as_it_is(tmp_path, kept):
    folder = coco(tmp_path / "cats")
    own = made(folder, tmp_path / "desk" / "mine.toml").toml
    assert layouts.study_of(folder).resolve() == own
    assert not (kept / "studies").exists()


def test_digests_come_later_and_are_those_of_the_files(tmp_path, kept):
    folder = coco(tmp_path / "cats")
    toml = layouts.study_of(folder)
    study = manifests.load(toml)
    assert ([image.sha256 for image in study.images], study.digests_known) == (["", "", ""], False)
    manifests.verify_files(study)
    assert compute_digests(study).in_words() == ["digests: 3 computed"]
    study = manifests.load(toml)
    assert study.digests_known
    for each in study.images:
        assert each.sha256 == hashlib.sha256(study.path(each).read_bytes()).hexdigest()
    assert [each.split for each in study.images] == ["train2017", "train2017", "val2017"]
    assert compute_digests(study).in_words() == []


def test_more_images_than_are_looked_at_at_once_all_come(tmp_path, kept):
    data = image(tmp_path / "one.png").read_bytes()
    (tmp_path / "many").mkdir()
    for number in range(1201):
        (tmp_path / "many" / f"{number}.png").write_bytes(data)
    study = manifests.load(layouts.study_of(tmp_path / "many"))
    assert len(study.images) == 1201
    assert compute_digests(study).computed == 1201
    assert len(manifests.load(study.toml).images) == 1201


def test_a_pass_that_was_stopped_goes_on_where_it_was(tmp_path, kept):
    folder = tmp_path / "pics"
    files = [image_file(image(folder / f"{name}.png", colour=name)) for name in ("red", "green", "blue")]
    with SeenImages() as seen:
        first = list(seen.look(files[:2], digests=True))
    files[0].path.write_bytes(b"no longer an image, and as nobody looks, nobody knows"[: files[0].size_bytes])
    os.truncate(files[0].path, files[0].size_bytes)
    os.utime(files[0].path, ns=(files[0].modified_ns, files[0].modified_ns))
    with SeenImages() as seen:
        assert list(seen.look(files, digests=True))[:2] == first
        assert seen.known(files[2]).sha256 == hashlib.sha256(files[2].path.read_bytes()).hexdigest()


def test_a_file_with_another_date_is_looked_at_anew(tmp_path, kept):
    path = image(tmp_path / "a.png")
    with SeenImages() as seen:
        list(seen.look([image_file(path)]))
        image(path, size=(30, 20))
        os.utime(path, ns=(1, 1))
        (found,) = seen.look([image_file(path)])
    assert (found.width_px, found.height_px) == (30, 20)


def test_what_was_seen_is_found_again_where_its_file_is_broken(tmp_path, kept):
    kept.mkdir()
    (kept / FILE_NAME).write_bytes(b"no database" * 100)
    path = image(tmp_path / "a.png")
    with SeenImages() as seen:
        assert [each.width_px for each in seen.look([image_file(path)])] == [8]


def test_a_database_that_another_version_wrote_is_said(tmp_path, kept):
    kept.mkdir()
    with sqlite3.connect(kept / FILE_NAME) as file:
        file.execute("CREATE TABLE seen (other TEXT)")
    file.close()
    with SeenImages() as seen, pytest.raises(DataError, match="delete the file"):
        seen.known(image_file(image(tmp_path / "a.png")))


def test_an_image_of_another_size_than_stated_gets_its_own_when_it_is_looked_at(tmp_path, kept):
    folder = coco(tmp_path / "cats")
    image(folder / "images" / "train2017" / "a.jpg", size=(30, 20))
    toml = layouts.study_of(folder)
    done = compute_digests(manifests.load(toml))
    assert done.in_words() == [
        "digests: 3 computed",
        "1 image has another size than the annotation files state; the table has the files' own.",
    ]
    study = manifests.load(toml)
    assert (study.images[0].width_px, study.images[0].height_px) == (30, 20)
    (rejected,) = datasets.read(study)[0].rejected
    assert rejected.reason == "size: 8 × 6 pixels, not 30 × 20 as the image has"


def test_what_turns_out_to_be_no_image_is_left_out(tmp_path, kept):
    folder = coco(tmp_path / "cats")
    write(folder / "images" / "train2017" / "a.jpg", "no image")
    toml = layouts.study_of(folder)
    assert len(manifests.load(toml).images) == 3
    compute_digests(manifests.load(toml))
    study = manifests.load(toml)
    assert [each.id for each in study.images] == ["1", "7"]
    assert study.left_out == {"an image that is listed, and no such file is here": 1, "no image": 1}
    assert "images/train2017/a.jpg" in manifests.left_out_path(toml).read_text()


def test_unused_files_are_counted_and_what_is_read_is_not(tmp_path, kept):
    folder = roboflow(tmp_path / "set")
    image(folder / "train" / "stray.jpg")
    write(folder / "train" / "notes.docx", "x")
    write(folder / "train" / "notes.xlsx", "x")
    listed = made(folder, tmp_path / "set.toml").counts.left_out.listed
    assert listed == {
        "train/stray.jpg": "an image that nothing lists",
        "train/notes.docx": "no image, and no file that is read",
        "train/notes.xlsx": "a spreadsheet, not read before it is saved as CSV UTF-8",
    }


def test_a_folder_without_an_image_that_can_be_taken_is_no_study(tmp_path, kept):
    write(tmp_path / "set" / "a.jpg", "no image")
    with pytest.raises(DataError, match=r"no image that can be taken \(no image: 1\)"):
        made(tmp_path / "set", tmp_path / "set.toml")
    assert not (tmp_path / "set.toml").exists()
    assert not (tmp_path / "set.csv").exists()


def test_a_broken_annotation_file_is_said_and_nothing_is_written(tmp_path, kept):
    folder = coco(tmp_path / "cats")
    path = folder / "annotations" / "instances_val2017.json"
    text = path.read_text()
    path.write_text(text[: text.index('"file_name"')])
    with pytest.raises(DataError, match="no annotations"):
        made(folder, tmp_path / "cats.toml")
    assert not list(tmp_path.glob("cats.*"))


def test_an_image_may_not_leave_the_folder_that_a_study_names(tmp_path, kept):
    Image.new("RGB", (8, 6)).save(tmp_path / "outside.jpg")
    toml = layouts.study_of(coco(tmp_path / "cats"))
    table = toml.with_suffix(".csv")
    rows = table.read_text()
    (tmp_path / "cats" / "link.jpg").symlink_to(tmp_path / "outside.jpg")
    (tmp_path / "cats" / "linked").symlink_to(tmp_path)
    for other in ("../outside.jpg", str(tmp_path / "outside.jpg"), "link.jpg", "linked/outside.jpg"):
        table.write_text(rows.replace("images/train2017/a.jpg", other))
        with pytest.raises(DataError, match="expected a path inside"):
            manifests.load(toml)


def test_nothing_is_fetched_into_a_folder_that_is_named_by_its_path(tmp_path, kept):
    toml = layouts.study_of(coco(tmp_path / "cats"))
    text = toml.read_text()
    for more in ('image_url = "https://example.org/{id}"\n', ""):
        downloads = "" if more else '\n[downloads.x]\nurl = "https://example.org/x"\nfile = "x"\n'
        toml.write_text(more + text + downloads)
        with pytest.raises(DataError, match="such a folder is only read"):
            manifests.load(toml)


def test_what_was_read_once_is_not_read_again_while_its_date_is_the_same(tmp_path, kept):
    toml = layouts.study_of(coco(tmp_path / "cats"))
    compute_digests(manifests.load(toml))
    study = manifests.load(toml)
    path = study.path(study.images[0])
    before = path.stat()
    path.write_bytes(bytes(before.st_size))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    verify_images(study)
    os.utime(path, ns=(1, 1))
    with pytest.raises(DataError, match="expected"):
        verify_images(study)
