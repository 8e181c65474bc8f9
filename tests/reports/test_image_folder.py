"""A study goes out as an image folder that `datasets` loads unmodified, with a card that invents nothing."""

import importlib.metadata
import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import yaml
from PIL import Image

from retrain_kit.annotations.samples import Box, Region
from retrain_kit.errors import DataError
from retrain_kit.reports import image_folder
from retrain_kit.studies import manifests

TOML = """
title = "Two"
why = "To see."
dataset = "images"
version = "1"
licence = "unknown"
retrieved = "2026-11-30"
[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""
HEADER = "id,file,sha256,width_px,height_px,licence,author,source"


@pytest.fixture
def two(tmp_path):
    """A study of two images, of which the second is stored lying, and their samples."""
    pixels = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.fromarray(pixels).save(tmp_path / "b.png", exif=turned)
    (tmp_path / "two.toml").write_text(TOML)
    (tmp_path / "two.csv").write_text(
        f"{HEADER}\na,a.png,{'0' * 64},3,2,CC0-1.0,Ann,here\nb,b.png,{'0' * 64},2,3,CC0-1.0,Ann,here\n"
    )
    manifest = manifests.load(tmp_path / "two.toml")
    samples = [manifest.sample(image) for image in manifest.images]
    regions = (Region("Bird\n| x", Box(0, 0.5, 2, 2), "r1", "4711"),)
    return manifest, [samples[0], replace(samples[1], regions=regions)]


def test_each_image_has_its_file_and_its_line(two, tmp_path):
    folder = image_folder.write_image_folder(*two, tmp_path / "out")
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()) == [
        "README.md",
        "data/000001.png",
        "data/000002.png",
        "data/metadata.jsonl",
        "two.annotations.csv",
        "two.croissant.json",
        "two.csv",
    ]
    rows = [json.loads(line) for line in (folder / "data" / "metadata.jsonl").read_text().splitlines()]
    assert [(row["file_name"], row["image_id"]) for row in rows] == [("000002.png", "b"), ("000001.png", "a")]
    assert rows[0]["objects"] == {
        "id": ["r1"],
        "bbox": [[0, 0.5, 2, 1.5]],
        "label": ["Bird\n| x"],
        "annotator": ["not explained"],
        "annotation_source": ["unknown"],
    }
    assert rows[1]["objects"] == {key: [] for key in rows[0]["objects"]}
    assert (folder / "data" / "000001.png").read_bytes() == (tmp_path / "a.png").read_bytes()
    upright = Image.open(folder / "data" / "000002.png")
    assert (upright.size, upright.getexif().get(0x0112, 1)) == ((2, 3), 1)
    assert np.array_equal(upright, np.rot90(np.asarray(Image.open(tmp_path / "b.png")), -1))


def test_the_card_says_what_is_known_in_words_that_are_no_markup(two):
    manifest, samples = two
    title = "<b>Two</b> [x](http://example.org)\n---\nlicense: mit"
    text = image_folder.card(replace(manifest, title=title, licence="CC BY-SA 4.0"), samples)
    nothing, head, body = text.split("---\n", 2)
    said = yaml.safe_load(head)
    assert nothing == ""
    assert said["pretty_name"] == " ".join(title.split())
    assert said["license"] == "cc-by-sa-4.0"
    assert said["configs"][0]["data_files"] == [{"split": "train", "path": "data/**"}]
    assert body.startswith("\n# \\<b\\>Two\\</b\\> \\[x\\](http://example.org) --- license: mit\n")
    assert "| region | not explained | not said | 1 | 1 |" in body
    assert "- Who were they, where, at what pay?" in body
    assert "4711" not in text


def test_images_that_cannot_be_read_are_said_together_and_nothing_is_left(two, tmp_path):
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(b"none")
    with pytest.raises(DataError) as caught:
        image_folder.write_image_folder(*two, tmp_path / "out")
    assert [fault.where for fault in caught.value.faults] == [
        str(tmp_path / "a.png"),
        str(tmp_path / "b.png"),
    ]
    assert not any("out" in path.name for path in tmp_path.iterdir())


def test_a_folder_with_something_in_it_is_left_as_it_is(two, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(DataError, match="something there"):
        image_folder.write_image_folder(*two, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


LOADER = """
import json, sys
from datasets import load_dataset
rows = {row["image_id"]: row for row in load_dataset(sys.argv[1], split="train")}
print(json.dumps([len(rows), rows["b"]["objects"]["bbox"], rows["b"]["image"].size, rows["none 7"]["objects"]["label"]]))
"""


def test_hugging_faces_own_loader_takes_it_as_it_is(two, tmp_path):
    python = [sys.executable, "-I", "-c"]
    try:
        importlib.metadata.version("datasets")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("Hugging Face's datasets is not installed")
    manifest, samples = two
    many = [replace(samples[0], id=f"none {number}") for number in range(300)]
    folder = image_folder.write_image_folder(manifest, [*many, samples[1]], tmp_path / "out")
    environment = {**os.environ, "HF_HOME": str(tmp_path / "cache"), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run([*python, LOADER, folder], capture_output=True, env=environment, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == [301, [[0, 0.5, 2, 1.5]], [2, 3], []]
