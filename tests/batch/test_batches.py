"""A batch leaves a study that the kit reads, however it was made and however often it is started."""

import json
import os
import tomllib

import kinds
import numpy as np
import pytest
from batch import folders
from click.testing import CliRunner
from colours import soft
from imaging.jpeg_files import jpeg
from PIL import Image

from retrain_kit import cli, datasets
from retrain_kit.batch.decanonize import DecanonizeOptions, WorkerPool, decanonize, locations, methods
from retrain_kit.batch.decanonize.inputs import find_inputs, inputs_from_manifest
from retrain_kit.errors import DataError, KitError, ParameterError
from retrain_kit.imaging import decoding, masking
from retrain_kit.studies import manifests

ONE = WorkerPool(workers=1)

pytestmark = pytest.mark.usefixtures("turbojpeg")


@pytest.fixture
def folder(tmp_path):
    return folders.fill(
        tmp_path / "study",
        {
            "a.jpg": jpeg(seed=1),
            "b/a.png": folders.png(seed=2),
            "b/c.JPEG": folders.png(seed=3),
            "b/a.jpg": jpeg(),
        },
    )


def go(study, out, options=None, **switches):
    return decanonize(str(study), str(out), options, ONE, progress=False, **switches)


def test_files_of_several_frames_are_counted_and_said_in_the_log(tmp_path):
    every = kinds.kinds(soft())
    for name, kind in (
        ("a.gif", "animated GIF"),
        ("b.tif", "TIFF of several pages"),
        ("c.png", "RGB, 16 bits, wide"),
    ):
        path = tmp_path / "in" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(every[kind].data)
    (tmp_path / "in" / "annotations.jsonl").write_text(
        "".join(
            f'{{"image": "{name}", "label": "x", "box": [0, 0, 9, 9]}}\n'
            for name in ("a.gif", "b.tif", "c.png")
        )
    )
    done = go(tmp_path / "in", tmp_path / "out")
    assert (done.partial, done.skipped) == (2, 0)
    log = [json.loads(line) for line in done.journal.read_text().splitlines()[1:]]
    assert [each.get("gone") for each in log] == [["first of 3 frames"], ["first of 3 pages"], None]
    told = CliRunner().invoke(
        cli.kit, ["decanonize", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "-j", "1"]
    )
    assert "files of several frames or pages, of which the first was done: 2" in told.output


def test_the_embedded_sample_becomes_a_study_that_the_kit_reads_and_verifies(tmp_path):
    done = go("embedded-sample", tmp_path / "out")
    study, before = manifests.load(done.manifest), manifests.load("embedded-sample")
    manifests.verify_files(study)
    samples = datasets.read(study)
    assert [sample.id for sample in samples] == [image.id for image in before.images]
    assert [image.licence for image in study.images] == [image.licence for image in before.images]
    assert [image.author for image in study.images] == [image.author for image in before.images]
    assert [image.source for image in study.images] == [image.source for image in before.images]
    assert [image.file for image in study.images] == [image.file for image in before.images]
    assert (study.title, study.licence) == (f"{before.title}, decanonized", before.licence)
    assert (done.ways, done.skipped, done.before) == ({"jpeg": 47}, 0, 0)
    for sample, original in zip(samples, datasets.read(before), strict=True):
        after, mask = (
            np.asarray(decoding.load_sample(sample)),
            masking.union_mask(original.regions, original.size),
        )
        middle = (
            masking.union_mask([each for each in original.regions if each.box.width_px > 8], original.size)
            & mask
        )
        assert (after[middle] > 250).mean() > 0.99


def test_names_and_folders_stay_and_each_image_says_which_way_it_took_and_why(folder, tmp_path):
    done = go(folder, tmp_path / "out")
    found = folders.records(tmp_path / "out")
    assert {name: (record["output"], record["way"], record.get("why")) for name, record in found.items()} == {
        "a.jpg": ("a.jpg", "jpeg", None),
        "b%2Fa.jpg": ("b/a.jpg", "jpeg", None),
        "b%2Fa.png": ("b/a.png", "exact", "a PNG"),
        "b%2Fc.JPEG": ("b/c.JPEG.png", "exact", "a PNG"),
    }
    manifests.verify_files(manifests.load(done.manifest))
    told = tomllib.loads((tmp_path / "out" / "study-decanonized.toml").read_text())["decanonized"]
    assert told["images"] == {"exact": 2, "jpeg": 2}
    assert (told["fill"], told["shape"], told["way"], told["skipped"]) == ("white", "box", "auto", 0)
    assert told["kit"].startswith("retrain-kit ")


@pytest.mark.usefixtures("processes")
@pytest.mark.parametrize("workers", [2, 3])
def test_many_processes_make_the_same_bytes_as_one(folder, tmp_path, workers):
    folders.mixed(folder, 60)
    go(folder, tmp_path / "one")
    decanonize(str(folder), str(tmp_path / "many"), None, WorkerPool(workers), progress=False)
    assert folders.contents(tmp_path / "many") == folders.contents(tmp_path / "one")


def test_a_study_read_in_parts_comes_to_the_same_bytes(folder, tmp_path, monkeypatch):
    first = go(folders.mixed(folder, 12), tmp_path / "first")
    go(first.manifest, tmp_path / "whole")
    monkeypatch.setattr(datasets, "IMAGES_PER_PART", 5)
    go(first.manifest, tmp_path / "parts")
    assert folders.contents(tmp_path / "parts") == folders.contents(tmp_path / "whole")


def test_all_faults_are_said_before_anything_is_written(folder, tmp_path):
    twice = folders.lines("a.jpg")[0]
    (folder / "annotations.jsonl").write_text("".join(["{\n", twice, *folders.lines("none.jpg"), twice]))
    with pytest.raises(DataError) as caught:
        go(folder, tmp_path / "out")
    assert [fault.where.rpartition(", ")[2] for fault in caught.value.faults] == ["line 1"]
    assert not (tmp_path / "out").exists()


def test_a_line_that_cannot_be_taken_is_in_the_log_and_among_what_was_rejected(folder, tmp_path):
    lines = [
        *folders.lines("a.jpg"),
        '{"image": "a.jpg", "label": "x", "box": [NaN, 0, 1, 1]}\n',
        *folders.lines("none.jpg"),
    ]
    (folder / "annotations.jsonl").write_text("\ufeff" + "".join(lines), encoding="utf-8")
    inputs = find_inputs(str(folder), locations.StorageFolder(str(tmp_path / "out")))
    (lost,) = inputs.rejections.of_images
    assert (lost.image, lost.place) == ("a.jpg", "annotations.jsonl, line 3")
    assert [each.image for each in inputs.rejections.unmatched] == ["none.jpg", "none.jpg"]
    assert [[each["label"] for each in task.rejected] for task in inputs.tasks()] == [["x"], [], [], []]
    assert [len(task.regions) for task in inputs.tasks()] == [2, 0, 0, 0]


def test_a_folder_inside_the_result_is_refused(folder, tmp_path):
    with pytest.raises(ParameterError, match="another folder than that of the originals"):
        go(folder, tmp_path)


def test_what_is_done_is_not_done_again(folder, tmp_path):
    go(folder, tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.jpg")}
    (folder / "a.jpg").unlink()
    (folder / "a.jpg").write_bytes(b"no longer read")
    assert go(folder, tmp_path / "out").before == 4
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.jpg")}


def test_other_parameters_in_the_same_folder_are_refused(folder, tmp_path):
    go(folder, tmp_path / "out")
    with pytest.raises(ParameterError) as caught:
        go(folder, tmp_path / "out", DecanonizeOptions(fill="red", shape="outline"))
    assert [fault.where.rpartition(", ")[2] for fault in caught.value.faults] == ["fill", "shape"]
    (folder / "new.jpg").write_bytes(jpeg())
    with pytest.raises(ParameterError, match="digest: found"):
        go(folder, tmp_path / "out")


def test_verify_finds_a_changed_output_and_tries_what_was_skipped_again(folder, tmp_path):
    whole = (folder / "a.jpg").read_bytes()
    (folder / "a.jpg").write_bytes(whole[:1000])
    assert go(folder, tmp_path / "out").skipped == 1
    (folder / "a.jpg").write_bytes(whole)
    output = tmp_path / "out" / "b" / "a.png"
    right = output.read_bytes()
    output.write_bytes(right[:-1] + b"x")
    assert go(folder, tmp_path / "out").skipped == 1
    assert output.read_bytes() != right
    done = go(folder, tmp_path / "out", verify=True)
    assert (done.skipped, done.before) == (0, 2)
    assert output.read_bytes() == right
    manifests.verify_files(manifests.load(done.manifest))
    assert [image.id for image in manifests.load(done.manifest).images] == [
        "a.jpg",
        "b%2Fa.jpg",
        "b%2Fa.png",
        "b%2Fc.JPEG",
    ]


def test_working_copies_are_marked_as_still_holding_what_was_removed(folder, tmp_path):
    done = go(folder, tmp_path / "out", DecanonizeOptions(way="beside"))
    study = manifests.load(done.manifest)
    manifests.verify_files(study)
    assert "still holds what was removed" in study.content_notice
    assert all("still holds what was removed" in image.notice for image in study.images)
    for image in study.images:
        read = methods.load_working_copy(study.path(image))
        assert read.size == (image.width_px, image.height_px)
        assert read.getpixel((20, 20)) == (255, 255, 255)
    assert (folder / "a.jpg").samefile(tmp_path / "out" / "a.jpg")


def test_masks_of_what_is_gone_are_written_where_asked_for(folder, tmp_path):
    go(folder, tmp_path / "out", DecanonizeOptions(masks=True))
    record = folders.records(tmp_path / "out")["a.jpg"]
    mask = np.asarray(Image.open(tmp_path / "out" / record["mask"]))
    assert mask.dtype == bool
    assert mask.mean() == pytest.approx(record["effective"], abs=1e-6)
    assert record["effective"] > record["removed"]
    (tmp_path / "out" / record["mask"]).unlink()
    assert go(folder, tmp_path / "out", DecanonizeOptions(masks=True)).before == 3
    assert (tmp_path / "out" / record["mask"]).exists()


def test_annotations_may_name_images_by_path_or_by_id(folder, tmp_path):
    (folder / "annotations.jsonl").write_text("".join(folders.lines("b/a.png") + folders.lines("b%2Fa.jpg")))
    go(folder, tmp_path / "out")
    found = folders.records(tmp_path / "out")
    assert {name for name, record in found.items() if record["removed"]} == {"b%2Fa.png", "b%2Fa.jpg"}


def test_a_jpeg_without_annotations_is_passed_on_as_it_is(folder, tmp_path):
    (folder / "annotations.jsonl").write_text("")
    go(folder, tmp_path / "out")
    assert (tmp_path / "out" / "a.jpg").read_bytes() == (folder / "a.jpg").read_bytes()


def test_a_folder_without_annotations_is_refused(folder, tmp_path):
    (folder / "annotations.jsonl").unlink()
    with pytest.raises(DataError, match="found no annotations.jsonl"):
        go(folder, tmp_path / "out")


def test_a_result_inside_the_folder_is_not_read_as_its_images(folder):
    go(folder, folder / "out")
    assert go(folder, folder / "out").before == 4


def test_the_originals_are_never_written_over(folder, tmp_path):
    with pytest.raises(ParameterError, match="another folder than that of the originals"):
        go(folder, folder)
    done = go(folder, tmp_path / "out")
    with pytest.raises(ParameterError, match="another folder than that of the originals"):
        go(done.manifest, tmp_path / "out")


def test_two_ids_of_one_file_never_write_over_each_other(tmp_path):
    folder = folders.fill(tmp_path / "study", {"a.jpg": jpeg(seed=1), "A.jpg": jpeg(seed=2)})
    go(folder, tmp_path / "first")
    rows = (tmp_path / "first" / "study-decanonized.csv").read_text().splitlines()
    (tmp_path / "first" / "study-decanonized.csv").write_text(
        "\n".join([*rows, rows[1].replace("A.jpg,A", "again,A", 1)])
    )
    study = manifests.load(str(tmp_path / "first" / "study-decanonized.toml"))
    tasks = list(inputs_from_manifest(study, locations.storage_folder(str(tmp_path / "out")), "box").tasks())
    assert [task.file for task in tasks] == ["A.jpg", "a~2.jpg", "A~3.jpg"]


def test_another_file_than_the_study_was_made_with_is_skipped(tmp_path):
    folder = folders.fill(tmp_path / "study", {"a.jpg": jpeg(seed=1), "b.jpg": jpeg(seed=2)})
    first = go(folder, tmp_path / "first")
    (tmp_path / "first" / "a.jpg").write_bytes(jpeg(seed=3))
    (tmp_path / "first" / "b.jpg").unlink()
    done = go(first.manifest, tmp_path / "second")
    assert done.skipped == 2
    reasons = {name: record["skipped"] for name, record in folders.records(tmp_path / "second").items()}
    assert reasons["a.jpg"].startswith("sha256 ")
    assert reasons["b.jpg"] == "no file"


def test_wrong_crews_are_said():
    with pytest.raises(ParameterError) as caught:
        WorkerPool(-1, "tcp://there:1", 2).check()
    assert [fault.where for fault in caught.value.faults] == ["workers", "local-cluster"]


def test_nothing_is_begun_with_wrong_parameters(folder, tmp_path):
    with pytest.raises(KitError):
        go(folder, tmp_path / "out", DecanonizeOptions(fill="whyte"))
    assert not (tmp_path / "out").exists()


def test_a_journal_has_a_record_an_image_in_the_studys_order(folder, tmp_path):
    decanonize(str(folders.mixed(folder, 50)), str(tmp_path / "out"), None, WorkerPool(2), progress=False)
    rows = [
        json.loads(line)["row"]
        for line in (tmp_path / "out" / "decanonized.jsonl").read_text().splitlines()[1:]
    ]
    assert rows == list(range(54))


def test_without_the_library_nothing_is_begun_and_the_exact_way_still_goes(folder, tmp_path):
    missing = {**os.environ, "RETRAIN_KIT_TURBOJPEG": "/nowhere"}
    done = folders.run(folder, tmp_path / "out", env=missing)
    assert done.returncode == 1
    assert "found no TurboJPEG library" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()
    assert folders.run(folder, tmp_path / "out", {"way": "exact"}, env=missing).returncode == 0
