"""Notebook 17 runs headless: people are veiled, also by hand, and no label for people and no name is in its page."""

import base64
import hashlib
import re
import shutil

import numpy as np
import pytest
import reporting
from PIL import Image

from retrain_kit import datasets
from retrain_kit.datasets import folder, veil
from retrain_kit.studies import brushed, manifests

TOML = """
title = "{title}"
why = "To be read."
dataset = "{dataset}"
version = "1"
licence = "CC0-1.0"
retrieved = 2026-11-30

{files}

[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""
MIAP = """ImageID,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepictionOf,IsInsideOf,\
GenderPresentation,AgePresentation
p1,/m/01g317,1,0,0.75,0,1,0,0,0,0,0,Predominantly Xanthic,Eldritch
p2,/m/01g317,1,0,0.5,0,0.5,0,0,0,0,0,Unknown,Unknown
p4,/m/01g317,1,0,1,0,1,0,0,0,0,0,Unknown,Unknown
"""
CLASSES = "LabelName,DisplayName\n/m/01g317,Person\n"
DETECTOR = "def faces(image):\n    return [(10, 10, 60, 60, 0.9, 'face')]\n"
HISTORY = """name = "Mine"
short = "Mine"
[[statements]]
about = "consent"
says = "Everybody was asked."
source = "I was there"
date = "2026"
verified = "text"
when = "2026-03"
event = "made by hand"
"""


def write_study(where, dataset, files, images):
    """Write a study of photographs of the embedded sample, under other names."""
    samples = {each.id: each for each in folder.read(manifests.load("embedded-sample"))}
    rows = ["id,file,sha256,width_px,height_px,licence,author,source"]
    for name, image in images.items():
        shutil.copy(samples[name].path, where / f"{image}.jpg")
        digest = hashlib.sha256(samples[name].path.read_bytes()).hexdigest()
        width, height = samples[name].size
        rows.append(f"{image},{image}.jpg,{digest},{width},{height},CC0-1.0,unknown,unknown")
    (where / "mine.csv").write_text("\n".join(rows) + "\n")
    (where / "mine.toml").write_text(TOML.format(title="People", dataset=dataset, files=files))


def read(where, *options):
    """Return the page of a report, and all text that it holds, what is packed in addresses unpacked."""
    done = reporting.report("17", where, "--study", "mine.toml", *options)
    assert done.returncode == 0, done.stderr
    (path,) = (where / "reports").rglob("*.html")
    raw = path.read_text(encoding="utf-8")
    packed = re.findall(r"data:(?:text/csv;charset=utf-8|image/svg\+xml);base64,([A-Za-z0-9+/=]+)", raw)
    assert len(packed) >= 4
    return reporting.page(where), "\n".join([raw, *(base64.b64decode(each).decode() for each in packed)])


@pytest.fixture(scope="module")
def miap(kernel, kit_cache, tmp_path_factory):
    """A study of four images, three with people: half of the second is covered by hand, the fourth is absent."""
    where = tmp_path_factory.mktemp("miap")
    images = {"astronaut": "p1", "cameraman": "p2", "cat": "p3", "rocket": "p4"}
    write_study(where, "open_images", '[files]\nmiap = "miap.csv"\nclasses = "classes.csv"', images)
    for name, text in {
        "miap.csv": MIAP,
        "classes.csv": CLASSES,
        "mine.py": DETECTOR,
        "own.toml": HISTORY,
    }.items():
        (where / name).write_text(text)
    (where / "p4.jpg").unlink()
    study = manifests.load(where / "mine.toml")
    rows, columns = brushed.grid_shape((study.images[1].width_px, study.images[1].height_px))
    grid = np.zeros((rows, columns), bool)
    grid[rows // 2 :] = True
    brushed.keep_brushed(study, "p2", grid)
    return read(where, "-p", "detector=mine.py:faces", "-p", "histories=own.toml")


def test_people_are_veiled_by_boxes_by_hand_and_by_a_detector_that_is_measured(miap):
    soup, _ = miap
    text = reporting.text(soup)
    assert "1 region of people and 1 find of a face detector made coarse." in text
    assert "1 region of people and parts covered by hand and 1 find of a face detector made coarse." in text
    assert "Image 2: 50.0% of it covered by hand." in text
    assert "4 images; it failed on 1 of them" in text
    assert "found in 2 of 3 regions of a person; in 1 nothing was found" in text
    assert "Image 4 of the study. It cannot be shown" in text
    assert "1 of the finds lie in no region of people" in text
    assert "no region of a face to count on" in text


def test_what_people_are_called_is_counted_and_not_shown(miap):
    soup, held = miap
    assert [word for word in ("Xanthic", "Eldritch", "Chubby") if word in held] == []
    assert "GenderPresentation,▒▒▒ 2,1,1," in held
    assert "AgePresentation,Unknown,2,2," in held
    assert "history More Inclusive Annotations for People" in reporting.text(soup)
    assert soup.find_all(["script", "input", "video", "iframe"]) == []


def test_a_history_of_ones_own_stands_on_the_timeline_with_its_source(miap):
    soup, held = miap
    assert "made by hand" in held
    assert "I was there (2026); read in the source's own text" in reporting.text(soup)


def test_names_that_a_data_set_has_for_labels_are_veiled_in_whatever_shows_it(tmp_path):
    write_study(tmp_path, "lfw", "", {"astronaut": "Ada_Nobody_0001"})
    (sample,) = datasets.read(veil.veiled(manifests.load(tmp_path / "mine.toml")))
    assert (sample.labels[0].label[:3], sample.id[:7]) == ("▒▒▒", "veiled-")


def test_a_data_set_of_names_and_faces_shows_neither(kernel, kit_cache, tmp_path):
    write_study(tmp_path, "lfw", "", {"astronaut": "Ada_Nobody_0001"})
    soup, held = read(tmp_path)
    text = reporting.text(soup)
    assert "Nobody" not in held.replace("Nobody is recognised", "").replace("Nobody asked", "")
    assert "name of a person" in held
    assert "The whole image, of a data set of faces, made coarse." in text
    (image,) = (each for each in soup.select("img") if "made coarse" in each["alt"])
    packed = base64.b64decode(image["src"].partition(",")[2])
    (tmp_path / "shown.jpg").write_bytes(packed)
    shown = np.asarray(Image.open(tmp_path / "shown.jpg").convert("L"), dtype=int)
    assert shown[20:100, 20:100].std() < 3
