"""Notebook 04 runs headless, on a study's regions and on the box table of a whole data set."""

import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from bs4 import BeautifulSoup
from PIL import Image

pytestmark = pytest.mark.usefixtures("kernel")
BIN = Path(sys.executable).parent
NAME = "04_the_residue_of_a_data_set"
STUDY = """
title = "Boxes of everybody"
why = "A test."
dataset = "open-images"
version = "7"
licence = "annotations: CC BY 4.0"
retrieved = 2026-11-22

[files]
boxes = "boxes.csv"
images = "images.csv"
classes = "classes.csv"

[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""
BOXES = """ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsGroupOf
a,xclick,/m/tree,1,0,0.5,0,1,0
b,activemil,/m/bird,1,0,1,0,1,1
a,activemil,/m/bird,1,0,1,0,0.5,-1
c,xclick,/m/bird,1,0.9,0.5,0.25,0.5,0
d,xclick,/m/bird,1,0.75,1.25,0.5,0.75,0
"""


def report(where, *options):
    command = [BIN / "retrain-kit", "report", "04", *options]
    return subprocess.run(command, cwd=where, capture_output=True, text=True)


def page(where):
    (path,) = (where / "reports").rglob("*.html")
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def text(soup):
    return re.sub(r"\s+", " ", soup.get_text(" "))


def rows(soup, place):
    return [
        [cell.text for cell in row.find_all("td")] for row in soup.find_all("table")[place].select("tbody tr")
    ]


def write_study(where):
    """Write a study of one image whose files hold the boxes of four."""
    Image.new("RGB", (4, 4)).save(where / "a.png")
    digest = sha256((where / "a.png").read_bytes()).hexdigest()
    (where / "everybody.csv").write_text(
        "id,file,sha256,width_px,height_px,licence,author,source\n"
        f"a,a.png,{digest},4,4,unknown,unknown,Open Images\n"
    )
    (where / "everybody.toml").write_text(STUDY)
    (where / "boxes.csv").write_text(BOXES)
    (where / "images.csv").write_text("ImageID,License,Author,Rotation\na,,,90.0\nb,,,\nd,,,0\n")
    (where / "classes.csv").write_text("/m/tree,Tree\n/m/bird,Bird\n")


@pytest.fixture(scope="module")
def embedded(tmp_path_factory):
    where = tmp_path_factory.mktemp("embedded")
    done = report(where, "-p", "words=7", "-p", "ends=2")
    assert done.returncode == 0, done.stderr
    return page(where)


@pytest.fixture(scope="module")
def everybody(tmp_path_factory):
    where = tmp_path_factory.mktemp("everybody")
    write_study(where)
    done = report(where, "--study", "everybody.toml", "-p", f"output_folder={where / 'kept'}")
    assert done.returncode == 3, done.stderr  # a row of the table is no box
    return where


def test_a_study_without_a_table_of_boxes_is_measured_by_its_regions(embedded):
    assert rows(embedded, 0)[:2] == [["images", "47"], ["regions", "595"]]
    assert len(rows(embedded, 1)) == 7
    assert "The 7 words that cover most, of 86." in text(embedded)


def test_the_images_at_either_end_are_named(embedded):
    (ends,) = (note for note in embedded.select("section.rk-note") if "Images at either end" in note.text)
    least, most = ([item.text for item in answer.find_all("li")] for answer in ends.find_all("dd"))
    assert [line.split(": ")[1] for line in least] == ["0.0%", "0.0%"]
    assert most[0] == "machu-picchu: 85.6%"
    assert len(most) == 2


def test_every_chart_is_embedded_and_described_and_nothing_is_asked_for(embedded):
    charts = embedded.find_all("img")
    assert len(charts) == 3
    assert all(chart["src"].startswith("data:image/svg+xml") and len(chart["alt"]) > 60 for chart in charts)
    assert embedded.find_all(["script", "link", "iframe", "object"]) == []


def test_the_whole_table_is_measured_and_not_the_images_of_the_study_alone(everybody):
    soup = page(everybody)
    assert rows(soup, 0) == [
        ["images", "4"],
        ["regions", "4"],
        ["tagged of an image, mean", "45.3%"],
        ["tagged of an image, median", "40.6%"],
        ["images of which nothing is left", "1"],
        ["images of which at most 5% is tagged", "1"],
        ["images without any region", "1"],
    ]
    assert rows(soup, 1) == [["Bird", "3", "3", "52.1%", "39.1%"], ["Tree", "1", "1", "50.0%", "12.5%"]]
    assert rows(soup, 3) == [
        ["activemil", "2", "2", "75.0%", "37.5%"],
        ["xclick", "2", "2", "28.1%", "14.1%"],
    ]


def test_what_was_left_aside_is_counted(everybody):
    told = text(page(everybody))
    assert "4; what lies beyond the frame, in 1 of them, does not count" in told
    assert "1: see rejected.parquet" in told
    assert "IsGroupOf: 2 no, 1 not said, 1 yes" in told
    assert "by Rotation of images.csv" in told


def test_the_measurement_is_kept_where_a_folder_is_named(everybody):
    kept = everybody / "kept"
    assert pl.read_parquet(kept / "by_image.parquet").rows() == [
        ("a", 2, 0, 0.75, 0.25),
        ("b", 1, 0, 1.0, 0.0),
        ("c", 0, 0, 0.0, 1.0),
        ("d", 1, 1, 0.0625, 0.9375),
    ]
    assert f"The measurement is in {kept}." in text(page(everybody))


def test_a_broken_table_is_told_in_lines_without_a_traceback(tmp_path):
    write_study(tmp_path)
    (tmp_path / "boxes.csv").write_text(BOXES + "e,xclick,/m/bird\n")
    done = report(tmp_path, "--study", "everybody.toml")
    assert done.returncode == 1
    assert "boxes.csv, line 7: found 3 cells; expected 9 cells" in done.stderr
    assert "Traceback" not in done.stderr
