"""What a folder holds beside its images is left out by name and with its reason; nothing else is stopped."""

import csv
import json
import os

import pytest
from batch.folders import lines, png
from click.testing import CliRunner
from imaging.jpeg_files import jpeg
from PIL import Image

from retrain_kit.batch import decanonize as decanonizing
from retrain_kit.cli import kit
from retrain_kit.errors import DataError
from retrain_kit.studies import manifests

EXPECTED = {
    ".hidden.jpg": "hidden",
    "a folder.jpg": "a folder by the name of an image",
    "lost.jpg": "a link to nothing",
    "notes.txt": "no image, by its ending",
    "no ending": "no image, by its ending",
    "out.jpg": "a link out of the folder",
    "linked": "a linked folder",
    "pipe.jpg": "no file, but a pipe or a device",
}


@pytest.fixture
def folder(tmp_path):
    """A folder of two images, and of all that is found beside images."""
    made = tmp_path / "mine"
    (made / "a folder.jpg").mkdir(parents=True)
    (made / "a.jpg").write_bytes(jpeg(75, 53))
    (made / "a folder.jpg" / "b.png").write_bytes(png())
    (made / "again.jpg").symlink_to("a.jpg")
    for name in (".hidden.jpg", "notes.txt", "no ending"):
        (made / name).write_bytes(b"x")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "c.jpg").write_bytes(jpeg(75, 53))
    (made / "out.jpg").symlink_to(tmp_path / "elsewhere" / "c.jpg")
    (made / "linked").symlink_to(tmp_path / "elsewhere")
    (made / "lost.jpg").symlink_to("nowhere.jpg")
    os.mkfifo(made / "pipe.jpg")
    said = [*lines("a.jpg"), *lines("a folder.jpg/b.png"), *lines("out.jpg"), *lines("notes.txt")[:1]]
    (made / "annotations.jsonl").write_text("".join(said))
    return made


def test_a_bare_folder_is_decanonized_and_the_rest_is_listed(folder, tmp_path):
    done = CliRunner().invoke(kit, ["decanonize", str(folder), "-o", str(tmp_path / "made"), "-j", "1"])
    assert done.exit_code == 3, done.output
    assert "images: 3 (1 exact, 2 jpeg)" in done.output
    for name, why in EXPECTED.items():
        assert any(
            line.startswith("left out: ") and name in line and why in line for line in done.output.split("\n")
        )
    with (tmp_path / "made" / "mine-decanonized.left_out.csv").open(newline="") as file:
        listed = {row["what"]: row["why"] for row in csv.DictReader(file)}
    assert listed == EXPECTED
    assert "3 annotations match no image" in done.output
    unmatched = [json.loads(line) for line in (tmp_path / "made" / "rejected.jsonl").read_text().splitlines()]
    assert [(each["image"], each["reason"]) for each in unmatched] == [
        ("out.jpg", "its image was left out: a link out of the folder"),
        ("out.jpg", "its image was left out: a link out of the folder"),
        ("notes.txt", "its image was left out: no image, by its ending"),
    ]
    result = manifests.load(tmp_path / "made" / "mine-decanonized.toml")
    assert result.left_out["a link out of the folder"] == 1
    assert result.left_out["no image, by its ending"] == 2


def test_images_that_pillow_reads_are_taken_whatever_their_ending(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    for name in ("a.avif", "b.jfif", "c.webp", "d.TGA", "e.jp2", "f.ppm"):
        kind = {"jfif": "JPEG", "tga": "TGA", "jp2": "JPEG2000"}.get(name[2:].lower(), name[2:].upper())
        Image.effect_noise((64, 48), 50).convert("RGB").save(mine / name, kind)
    (mine / "annotations.jsonl").write_text("".join(line for p in mine.iterdir() for line in lines(p.name)))
    outcome = decanonizing.decanonize(str(mine), str(tmp_path / "made"), crew=decanonizing.WorkerPool(1))
    assert (outcome.ways.total(), outcome.skipped, outcome.left_out) == (6, 0, {})


def test_a_cut_an_empty_and_a_false_image_stop_nothing_but_themselves(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    whole = jpeg(200, 150)
    files = {"a.jpg": whole, "cut.jpg": whole[:900], "empty.jpg": b"", "false.png": b"<html>", "b.png": png()}
    for name, data in files.items():
        (mine / name).write_bytes(data)
    (mine / "annotations.jsonl").write_text("".join(line for name in files for line in lines(name)))
    outcome = decanonizing.decanonize(str(mine), str(tmp_path / "made"), crew=decanonizing.WorkerPool(1))
    records = [json.loads(line) for line in outcome.journal.read_text().splitlines()[1:]]
    assert {record["source"] for record in records if "skipped" in record} == {
        "cut.jpg",
        "empty.jpg",
        "false.png",
    }
    assert outcome.ways.total() == 2


def test_a_folder_without_an_image_says_what_it_holds_instead(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "a.xml").write_text("x")
    (mine / "annotations.jsonl").write_text("")
    with pytest.raises(DataError, match=r"no images \(left out: 1 \(no image, by its ending\): a.xml\)"):
        decanonizing.decanonize(str(mine), str(tmp_path / "made"))


def test_a_pipe_that_a_table_names_as_an_image_holds_nobody_up(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "mine.toml").write_text(
        'title="t"\nwhy="w"\ndataset="images"\nversion="1"\nlicence="l"\nretrieved="r"\n'
        '[annotation]\nwho="u"\nwhen="u"\nhow="u"\n'
    )
    (tmp_path / "mine.csv").write_text(
        "id,file,sha256,width_px,height_px,licence,author,source\n"
        f"a,pipe.jpg,{'0' * 64},64,48,l,a,s\nb,gone.jpg,{'0' * 64},64,48,l,a,s\n"
    )
    (tmp_path / "Gone.jpg").write_bytes(jpeg(64, 48))
    outcome = decanonizing.decanonize(
        str(tmp_path / "mine.toml"), str(tmp_path / "made"), crew=decanonizing.WorkerPool(1)
    )
    records = [json.loads(line) for line in outcome.journal.read_text().splitlines()[1:]]
    assert "no file, but a pipe or a device" in records[0]["skipped"]
    assert records[1]["skipped"] == "no file. There is 'Gone.jpg'."
