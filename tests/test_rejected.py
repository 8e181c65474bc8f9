"""An annotation that cannot be taken is seen: on screen, in the log, in figures, in the report and the datasheet."""

import json
import shutil
import subprocess
import sys

import polars as pl
import pytest
from bs4 import BeautifulSoup
from commands import typed
from PIL import Image

from retrain_kit.storage import files

BOX = "<bndbox><xmin>{}</xmin><ymin>{}</ymin><xmax>{}</xmax><ymax>{}</ymax></bndbox>"
XML = (
    "<annotation><filename>{0}.jpg</filename><size><width>32</width><height>24</height><depth>3</depth></size>"
    "<object><name>{1}</name>{2}</object></annotation>"
)
TOML = """\
title = "Two"
why = "held out"
dataset = "pascal-voc"
version = "1"
licence = "unknown"
retrieved = 2026-11-29

[files]
annotations = "ann"

[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""
SAID = "retrain-kit: two: 1 annotation could not be taken whole, in 1 image."


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A study of two images, one wholly tagged, the other with a person whose box has its corners reversed."""
    folder = tmp_path_factory.mktemp("two")
    (folder / "ann").mkdir()
    rows = ["id,file,sha256,width_px,height_px,licence,author,source"]
    for name, label, corners in (("a", "x", (1, 1, 32, 24)), ("b", "person", (30, 20, 1, 2))):
        Image.new("RGB", (32, 24), (200, 90, 30)).save(folder / f"{name}.jpg")
        (folder / "ann" / f"{name}.xml").write_text(XML.format(name, label, BOX.format(*corners)))
        rows.append(f"{name},{name}.jpg,{files.sha256(folder / f'{name}.jpg')},32,24,unknown,unknown,unknown")
    (folder / "two.csv").write_text("\n".join(rows) + "\n")
    (folder / "two.toml").write_text(TOML)
    return folder / "two.toml"


def run_report(*words):
    command = [sys.executable, "-m", "retrain_kit", "report", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize(
    "words",
    [
        ("decanonize", "TWO", "-o", "OUT"),
        ("coverage", "TWO", "-o", "OUT"),
        ("mosaic", "TWO", "-o", "OUT.png"),
        ("datasheet", "TWO", "-o", "OUT"),
        ("nutrition-label", "TWO", "-o", "OUT.html"),
    ],
    ids=lambda words: words[0],
)
def test_every_command_says_it_and_ends_with_3_or_where_it_is_strict_with_1(two, tmp_path, words):
    told = [str(two) if word == "TWO" else word.replace("OUT", str(tmp_path / "out")) for word in words]
    done = typed(tmp_path, *told)
    assert (done.returncode, done.stderr.splitlines().count(SAID)) == (3, 1), done.stderr
    refused = typed(tmp_path, *told, "--strict")
    assert refused.returncode == 1
    assert "b.xml, object 1: found image b, annotation 1, “person”:" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_pull_looks_the_annotations_through_once(two, tmp_path):
    study = tmp_path / "study"
    shutil.copytree(two.parent, study)
    (study / "two.csv").unlink()
    (study / "two.toml").write_text(TOML.replace("[annotation]", "[draw]\nn = 2\nseed = 1\n\n[annotation]"))
    done = typed(tmp_path, "pull", study / "two.toml")
    assert (done.returncode, done.stderr.splitlines().count(SAID)) == (3, 1), done.stderr
    assert "2 images, all verified" in done.stdout


def test_strictly_nothing_is_decanonized(two, tmp_path):
    assert typed(tmp_path, "decanonize", two, "-o", tmp_path / "out", "--strict").returncode == 1
    assert not list(tmp_path.rglob("*.jpg"))


def test_the_log_the_list_and_the_table_of_what_is_decanonized_name_it(two, tmp_path):
    typed(tmp_path, "decanonize", two, "-o", tmp_path / "out")
    lines = [json.loads(line) for line in (tmp_path / "out" / "decanonized.jsonl").read_text().splitlines()]
    assert [each.get("rejected") for each in lines[1:]] == [None, [lines[2]["rejected"][0]]]
    rejected = lines[2]["rejected"][0]
    assert (rejected["id"], rejected["label"], rejected["place"]) == ("1", "person", "b.xml, object 1")
    (listed,) = map(json.loads, (tmp_path / "out" / "rejected.jsonl").read_text().splitlines())
    assert (listed["image"], listed["label"]) == ("b", "person")
    assert listed["row"]["bndbox"]["xmin"] == "30"
    assert "could not be read" in (tmp_path / "out" / "two-decanonized.csv").read_text()


def test_coverage_lists_it_and_counts_both_images(two, tmp_path):
    done = typed(tmp_path, "coverage", two, "-o", tmp_path)
    assert "images: 2; tagged on average 50.0%" in done.stdout
    (row,) = pl.read_parquet(tmp_path / "rejected.parquet").rows(named=True)
    assert (row["ImageID"], row["label"], row["place"]) == ("b", "person", "b.xml, object 1")


def test_datasheet_and_croissant_list_it(two, tmp_path):
    typed(tmp_path, "datasheet", two, "-o", tmp_path)
    page = BeautifulSoup((tmp_path / "two.datasheet.html").read_text(), "html.parser")
    assert page.select_one("#rejected + p + ul li").get_text().startswith("image b, annotation 1, “person”:")
    described = json.loads((tmp_path / "two.croissant.json").read_text())
    assert "image b, annotation 1, “person”" in json.dumps(
        described["rai:dataLimitations"], ensure_ascii=False
    )


def test_the_report_lists_it_where_corrections_are_and_ends_with_3(two, tmp_path, kernel, kit_database):
    done = run_report("01", "04", "-p", f"study={two}", "-o", tmp_path)
    assert done.returncode == 3, done.stderr
    assert (
        "01_tagged_and_decanonized.html: 1 annotation could not be taken; the report lists them"
        in done.stderr
    )
    page = BeautifulSoup((tmp_path / "01_tagged_and_decanonized.html").read_text(), "html.parser")
    (table,) = page.select("table[data-rejected='1']")
    assert [cell.get_text() for cell in table.select("tbody td")][:3] == ["b", "1", "person"]
    assert "Nothing: every box lies inside" not in page.get_text()
    (card,) = page.select("section.rk-note[data-rejected='1']")
    assert "1 annotation could not be taken whole, in 1 image." in card.get_text()
    strict = run_report("01", "-p", f"study={two}", "-o", tmp_path / "strict", "--strict")
    assert (strict.returncode, (tmp_path / "strict").exists()) == (1, False)


def test_decanonize_says_of_how_many_images_nothing_was_taken(two, tmp_path):
    done = typed(tmp_path, "decanonize", two, "-o", tmp_path / "out")
    assert "nothing taken out of 1 of them: no annotation covers anything there" in done.stdout.splitlines()
