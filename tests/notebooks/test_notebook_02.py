"""Notebook 02 runs headless, on a study no hand drew and on one of several annotators."""

import copy
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from places import SHARED

from retrain_kit.analysis import by_annotator
from retrain_kit.datasets import folder
from retrain_kit.studies import manifests, sampling

BIN = Path(sys.executable).parent
NAME = "02_who_made_this"
REAL = SHARED / "testdata" / "open_images"
PENGUINS = "0c7b2e492da6ba02"

STUDY = """
title = "Penguins, made by several"
why = "A test."
dataset = "open-images"
version = "7"
licence = "annotations: CC BY 4.0"
retrieved = 2026-11-22

[files]
boxes = "boxes.csv"
image_labels = "image_labels.csv"
classes = "classes.csv"

[annotation]
who = "annotators at Google; volunteers of the Crowdsource app; machines"
when = "unknown"
how = "see the authors"
undisclosed = ["What the annotators were paid."]

[annotation.annotators]
xclick = "manually drawn boxes: annotators click on the four extreme points of the object"
activemil = "boxes produced by a machine, human verified to be accurate"
verification = "image labels verified by annotators at Google"
machine = "image labels made by a machine"

[annotation.sources]
xclick = "hand"
activemil = "checked"
verification = "checked"
machine = "machine"
"""
OFFERED = f"{PENGUINS},activemil,/m/05z6w,1,0.5,0.75,0.75,1,0,0,0,0,0" + ",-1" * 8
LABELS = """ImageID,Source,LabelName,Confidence
0c7b2e492da6ba02,machine,/m/0h8mzrc,0.7
0c7b2e492da6ba02,verification,/m/0h8mzrc,0
0c7b2e492da6ba02,verification,/m/05z6w,1
"""


def report(where, *options):
    command = [BIN / "retrain-kit", "report", "02", *options]
    return subprocess.run(command, cwd=where, capture_output=True, text=True)


def page(where):
    (path,) = (where / "reports").rglob("*.html")
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def text(soup):
    return re.sub(r"\s+", " ", soup.get_text(" "))


def write_study(where):
    """Write a study of a real photo with its real boxes, and rows typed out for the other annotators."""
    shutil.copy(REAL / "photos" / f"{PENGUINS}.jpg", where)
    shutil.copy(REAL / "classes.csv", where)
    header, *drawn = (REAL / f"{PENGUINS}-boxes.csv").read_text().split()
    header += "".join(f",XClick{number}{axis}" for axis in "XY" for number in range(1, 5))
    clicked = drawn[0] + ",0.1,0.08,0.2,0.218,0.476,0.6,0.74,0.5"
    rows = [header, clicked, *(row + ",-1" * 8 for row in drawn[1:]), OFFERED]
    (where / "boxes.csv").write_text("\n".join(rows) + "\n")
    (where / "image_labels.csv").write_text(LABELS)
    digest = sha256((where / f"{PENGUINS}.jpg").read_bytes()).hexdigest()
    (where / "penguins.csv").write_text(
        "id,file,sha256,width_px,height_px,licence,author,source\n"
        f"{PENGUINS},{PENGUINS}.jpg,{digest},1109,832,unknown,unknown,Open Images\n"
    )
    (where / "penguins.toml").write_text(STUDY)


@pytest.fixture(scope="module")
def embedded(kit_database, tmp_path_factory):
    """The report of the embedded sample."""
    where = tmp_path_factory.mktemp("embedded")
    done = report(where, "-p", "images=3")
    assert done.returncode == 0, done.stderr
    return page(where)


@pytest.fixture(scope="module")
def penguins(kit_database, tmp_path_factory):
    """The report of a study of one photo and several annotators."""
    if not REAL.is_dir():
        pytest.skip("the real rows lie in ../shared/testdata, which is not here")
    where = tmp_path_factory.mktemp("penguins")
    write_study(where)
    done = report(where, "--study", "penguins.toml")
    assert done.returncode == 0, done.stderr
    return page(where)


def views(soup):
    return {
        figure.select_one(".rk-title").text: [each.text for each in figure.select(".rk-view > figcaption")]
        for figure in soup.select("figure.rk-figure:has(.rk-title)")
    }


def rows(soup, name):
    (table,) = soup.select(f'.rk-scroll[aria-label="Table: {name}"]')
    return [[cell.text for cell in row.find_all("td")] for row in table.select("tbody tr")]


def test_the_embedded_sample_is_said_to_have_one_way_only(embedded):
    assert "595 regions in 47 images, all made by a machine" in text(embedded)
    assert "drawn by hand" not in " ".join(cell.text for cell in embedded.find_all("td"))
    assert "None: the source keeps no click and no vote." in text(embedded)


def test_images_that_several_annotators_tagged_are_shown_without_each(embedded):
    manifest = manifests.load("embedded-sample")
    several = by_annotator.samples_with_several_groups(folder.read(manifest), manifest, "word")
    assert list(views(embedded)) == [sample.id for sample in sampling.draw_samples(several, 3, 7)]
    for names in views(embedded).values():
        assert names == ["by whom", "without “detector-corrected”", "without “model-drawn”", "decanonized"]


def test_what_was_never_disclosed_is_listed_and_on_the_label(embedded):
    manifest, rest = manifests.load("embedded-sample"), copy.copy(embedded)
    label = rest.select_one(".rk-nutrition").extract()
    rest.select_one(".rk-cards").extract()
    for told in manifest.annotation.undisclosed:
        assert text(rest).count(told) == 2
        assert told[:90] in text(label)
    assert label.select_one(".rk-great bdi").get_text() == f"{len(manifest.images)}"
    assert re.search(r"\d+ of 12 questions that Croissant asks of a data set", text(rest))


def test_every_image_is_embedded_and_described_and_nothing_is_asked_for(embedded):
    images = embedded.find_all("img")
    assert len(images) == 3 * 4 + 2
    assert all(image["src"].startswith("data:image/") and len(image["alt"]) > 20 for image in images)
    assert embedded.find_all(["script", "link", "iframe", "object"]) == []


def test_hands_and_machines_are_told_apart_with_their_denominators(penguins):
    assert rows(penguins, "annotations by annotator") == [
        ["region", "xclick", "drawn by hand", "5", "6", "83.3%", "1"],
        ["region", "activemil", "proposed by a machine, checked by people", "1", "6", "16.7%", "1"],
        ["image label", "verification", "proposed by a machine, checked by people", "2", "3", "66.7%", "1"],
        ["image label", "machine", "made by a machine", "1", "3", "33.3%", "1"],
    ]


def test_the_clicks_of_a_hand_the_denial_and_the_dispute_are_listed(penguins):
    assert rows(penguins, "traces of hands") == [["clicks on the edge of a thing", "4", "1", "6"]]
    assert rows(penguins, "denied labels") == [
        [PENGUINS, "Wall clock", "verification", "proposed by a machine, checked by people"]
    ]
    assert rows(penguins, "disputed labels") == [
        [PENGUINS, "Wall clock", "against a machine", "machine: neither yes nor no; verification: no"]
    ]


def test_the_same_image_is_shown_without_what_hands_drew_and_what_machines_proposed(penguins):
    assert views(penguins) == {
        PENGUINS: ["by whom", "without what hands drew", "without what machines proposed", "decanonized"]
    }
    assert "5 regions. A person drew it, or clicked where it ends." in text(penguins)
    assert "What the annotators were paid." in text(penguins)


def test_a_source_that_does_not_exist_is_one_line(kit_database, tmp_path):
    if not REAL.is_dir():
        pytest.skip("the real rows lie in ../shared/testdata, which is not here")
    write_study(tmp_path)
    (tmp_path / "penguins.toml").write_text(STUDY.replace('"hand"', '"magic"'))
    done = report(tmp_path, "--study", "penguins.toml")
    assert done.returncode == 1
    assert "annotation, sources, xclick: found 'magic'; expected one of hand, checked" in done.stderr
    assert "Traceback" not in done.stderr
