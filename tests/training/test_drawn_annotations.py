"""What people drew is a study and COCO, is decanonized to the pixel, and goes when it is withdrawn."""

import json
import re
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
from commands import typed
from PIL import Image

from retrain_kit import datasets
from retrain_kit.analysis import annotators
from retrain_kit.annotations import drawings
from retrain_kit.annotations.samples import Box
from retrain_kit.answers import Consent, Store
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.own_time.own_time import OwnTime
from retrain_kit.exercises.training import drawn_annotations
from retrain_kit.studies import manifests

TOML = """
title = "Two images"
why = "A test."
dataset = "folder"
version = "1"
licence = "CC0-1.0"
retrieved = 2026-11-22
[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""
WHITE = [255, 255, 255]
DRAWN = [
    {"name": "1", "kind": "box", "label": "left", "points": [[3, 6], [1, 2]], "device": "mouse"},
    {"name": "2", "kind": "outline", "label": "right", "points": [[6, 0], [12, 0], [12, 3], [6, 3]]},
    {"name": "3", "kind": "extreme clicks", "label": "low", "points": [[8, 5], [7, 6], [8, 8], [10, 7]]},
    {"name": "4", "kind": "word", "label": "all of it", "points": []},
]
GONE = """
......######
......######
.##...######
.##.........
.##.........
.##....###..
.......###..
.......###..
"""
"""What the three shapes cover of an image of 12 × 8 pixels."""


def voice(*agreed):
    return Voice(Consent(agreed, "own-time-1", "2026-11-22T09:00:00Z"))


@pytest.fixture
def study(tmp_path):
    colours = np.random.default_rng(7).integers(0, 200, (8, 12, 3), dtype=np.uint8)
    rows = ["id,file,sha256,width_px,height_px,licence,author,source"]
    for name in ("sky", "sea"):
        Image.fromarray(colours).save(path := tmp_path / f"{name}.png")
        rows.append(f"{name},{name}.png,{sha256(path.read_bytes()).hexdigest()},12,8,CC0-1.0,Ana,a test")
    (tmp_path / "two.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "two.toml").write_text(TOML)
    return manifests.load(tmp_path / "two.toml")


@pytest.fixture
def exercise(study, tmp_path):
    with Store(tmp_path / "answers") as store:
        yield OwnTime(store, study.name)


def keep(exercise, *agreed, image="sky"):
    moments = [[0, "act", "1"], [7.125, "act", "1"]]
    drawing = drawings.from_sent(image, (12, 8), {"drawn": DRAWN, "moments": moments})
    return exercise.keep(drawing, voice(*agreed))


def test_what_was_drawn_on_an_image_of_another_size_lies_nowhere_and_is_told(exercise, study, tmp_path):
    keep(exercise, "keep", "publication")
    samples = [replace(sample, width_px=24) for sample in datasets.read(study)]
    kept = exercise.drawings(exercise.records()[0].who)
    (note,) = drawn_annotations.unfit_notes(samples, kept)
    assert note.lines == (("sky", "drawn on 12 × 8 pixels, and it has 24 × 8 pixels now"),)
    with pytest.raises(ParameterError, match="found left out: drawn on an image of another size"):
        drawn_annotations.write_drawn(exercise, samples, study, tmp_path / "drawn")


def pixels(path):
    return np.asarray(Image.open(path).convert("RGB"))


@pytest.mark.usefixtures("long_work")
@pytest.mark.parametrize("named", ["two-drawn.toml", ""])
def test_what_is_drawn_goes_by_coco_to_decanonize_which_takes_out_exactly_that(
    exercise, study, tmp_path, named
):
    """By the study's TOML, and by the folder, in which the kit finds COCO."""
    keep(exercise, "keep", "publication")
    toml = drawn_annotations.write_drawn(exercise, datasets.read(study), study, tmp_path / "drawn")
    assert toml == tmp_path / "drawn" / "two-drawn.toml"
    own = {"RETRAIN_KIT_DATA": str(tmp_path / "data")}
    options = ("-o", "out", "--shape", "outline", "--way", "exact", "-j", "1")
    done = typed(tmp_path, "decanonize", tmp_path / "drawn" / named, *options, **own)
    assert done.returncode == 0, done.stderr
    (found,) = (tmp_path / "out").rglob("*.png")
    gone = np.array([[cell == "#" for cell in line] for line in GONE.split()])
    expected = pixels(tmp_path / "sky.png").copy()
    expected[gone] = WHITE
    assert np.array_equal(pixels(found), expected)


def test_the_annotator_is_the_pseudonym_the_source_a_hand_and_times_are_there_where_agreed(
    exercise, study, tmp_path
):
    timed, untimed = keep(exercise, "keep", "times", "publication"), keep(exercise, "keep", "publication")
    keep(exercise, "keep", "times")  # not to be written
    own = replace(study, content_notice="Faces.")
    veiled = replace(own, content_notice="Faces. 9 labels are veiled.", unveiled=own)
    toml = drawn_annotations.write_drawn(exercise, datasets.read(study), veiled, tmp_path / "drawn")
    made = manifests.load(toml)
    assert made.content_notice == "Faces."
    (sample,) = datasets.read(made)
    known = annotators.annotator_lookup(made)
    assert (sample.id, len(sample.regions)) == ("sky", 6)
    assert {region.annotator for region in sample.regions} == {timed.record.who, untimed.record.who}
    assert {known(region.annotator).source.name for region in sample.regions} == {"hand"}
    first, outline, clicked = (each for each in sample.regions if each.annotator == timed.record.who)
    assert (first.box, first.said["active_s"]) == (Box(1, 2, 3, 6), 7.125)
    assert (outline.polygons[0][0], clicked.box, len(clicked.clicks)) == ((6, 0), Box(7, 5, 10, 8), 4)
    others = [each for each in sample.regions if each.annotator == untimed.record.who]
    assert not any("active_s" in each.said for each in others)
    assert {(label.label, label.annotator) for label in sample.labels} == {
        ("all of it", timed.record.who),
        ("all of it", untimed.record.who),
    }
    table = json.loads((tmp_path / "drawn" / "labels.json").read_text())
    assert [row["bbox"] for row in table["annotations"]][:3] == [[1, 2, 2, 4], [6, 0, 6, 3], [7, 5, 3, 3]]


def test_what_is_withdrawn_goes_from_every_file_and_the_images_stay(exercise, study, tmp_path):
    said = keep(exercise, "keep", "times", "publication")
    drawn_annotations.write_drawn(exercise, datasets.read(study), study, tmp_path / "drawn")
    gone = re.compile(rb"all of it|7\.125|" + said.record.who.encode())
    files = [path for path in (tmp_path / "drawn").rglob("*") if path.is_file()]
    assert sum(bool(gone.search(path.read_bytes())) for path in files) == 3
    exercise.store.withdraw(said.record.id, said.key)
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in left if gone.search(path.read_bytes())] == []
    assert [path.name for path in left if path.parent.name == "data"] == ["000000000001.png"]


def test_what_nobody_agreed_to_is_not_written_at_all(exercise, study, tmp_path):
    keep(exercise, "keep", "times")
    with pytest.raises(ParameterError, match="nothing that may be written"):
        drawn_annotations.write_drawn(exercise, datasets.read(study), study, tmp_path / "drawn")
    assert not (tmp_path / "drawn").exists()


def test_a_folder_with_something_else_stays_as_it_is_and_an_earlier_time_is_replaced(
    exercise, study, tmp_path
):
    keep(exercise, "keep", "publication", image="sea")
    said, samples = keep(exercise, "keep", "publication"), datasets.read(study)
    (other := tmp_path / "coco").mkdir()
    (other / "labels.json").write_text("{}")
    with pytest.raises(ParameterError, match="labels.json and the like"):
        drawn_annotations.write_drawn(exercise, samples, study, other)
    assert [path.read_text() for path in other.iterdir()] == ["{}"]
    drawn_annotations.write_drawn(exercise, samples, study, tmp_path / "drawn")
    exercise.store.withdraw(said.record.id, said.key)
    for _ in range(2):
        toml = drawn_annotations.write_drawn(exercise, samples, study, tmp_path / "drawn")
    assert [sample.id for sample in datasets.read(manifests.load(toml))] == ["sea"]
    assert [path.name for path in (tmp_path / "drawn" / "data").iterdir()] == ["000000000001.png"]
