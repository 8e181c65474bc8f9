"""Notebook 01 runs headless, and its report says what the notebook says."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from commands import typed

from retrain_kit.analysis import coverage
from retrain_kit.datasets import folder
from retrain_kit.studies import manifests, sampling

BIN = Path(sys.executable).parent
NAME = "01_tagged_and_decanonized"


def report(where, *options):
    command = [BIN / "retrain-kit", "report", "01", *options]
    return subprocess.run(command, cwd=where, capture_output=True, text=True)


@pytest.fixture(scope="module")
def made(kit_database, tmp_path_factory):
    """The report of six images, with the exact images beside it."""
    where = tmp_path_factory.mktemp("reports")
    done = report(where, "-p", "images=6", "-p", "output_folder=exact")
    assert done.returncode == 0, done.stderr
    return where, done


@pytest.fixture(scope="module")
def page(made):
    return BeautifulSoup((made[0] / "reports" / f"{NAME}.html").read_text(encoding="utf-8"), "html.parser")


def test_the_last_line_is_the_path_of_the_report(made):
    assert made[1].stdout.splitlines()[-1] == f"reports/{NAME}.html"


def test_the_report_shows_every_drawn_image_three_times_with_alt_texts(page):
    drawn = sampling.draw_samples(folder.read(manifests.load("embedded-sample")), 6, 7)
    figures = {
        figure.select_one(".rk-title").text: figure
        for figure in page.select("figure.rk-figure:has(.rk-title)")
    }
    assert list(figures) == [sample.id for sample in drawn]
    for sample in drawn:
        names = [caption.text for caption in figures[sample.id].select("figure.rk-view > figcaption")]
        assert names == ["tagged", "decanonized", "taken"]
        assert sample.alt in figures[sample.id].img["alt"]


def test_every_image_is_embedded_and_described(page):
    images = page.find_all("img")
    assert len(images) > 6 * 3
    assert all(image["src"].startswith("data:image/") and len(image["alt"]) > 20 for image in images)


def test_the_report_has_the_figures_the_kit_computes(page):
    drawn = sampling.draw_samples(folder.read(manifests.load("embedded-sample")), 6, 7)
    whole = coverage.summary(coverage.by_image(drawn))
    text = re.sub(r"\s+", " ", page.get_text())
    assert f"tagged of an image, mean {whole.share_tagged_mean:.1%}" in text
    assert f"{whole.regions} regions" in text


def test_the_report_says_what_cannot_be_concluded_and_where_images_come_from(page):
    drawn = sampling.draw_samples(folder.read(manifests.load("embedded-sample")), 6, 7)
    assert "What cannot be concluded" in [heading.get_text() for heading in page.find_all("h2")]
    for sample in drawn:
        assert sample.provenance.author in page.get_text()
        assert sample.provenance.sha256[:16] in page.get_text()


def test_the_report_holds_no_script_and_no_request(page):
    assert page.find_all(["script", "link", "iframe", "object"]) == []
    assert [tag for tag in page.find_all(src=True) if not tag["src"].startswith("data:")] == []


def test_the_exact_images_are_written(made):
    folders = sorted(path.name for path in (made[0] / "exact").iterdir())
    drawn = sampling.draw_samples(folder.read(manifests.load("embedded-sample")), 6, 7)
    assert folders == sorted(sample.id for sample in drawn)
    assert all((made[0] / "exact" / name / "decanonized.png").is_file() for name in folders)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("image=3", "parameter image: found no parameter of this name"),
        ("images=three", "parameter images: found 'three'; expected int, 0 or more."),
        ("images=-4", "parameter images: found '-4'; expected int, 0 or more."),
        ("fill=chartreusse", "parameter fill: found 'chartreusse'; expected a colour"),
        ("shape=polygon", "parameter shape: found 'polygon'; expected one of box, outline."),
        ("study=embeded-sample", "There are: embedded-sample, "),
        ("output_folder=/dev/null", "parameter output_folder: found '/dev/null', a file; expected a folder"),
    ],
)
def test_a_wrong_parameter_is_one_line_before_anything_runs(tmp_path, option, message):
    done = typed(tmp_path, "report", "01", "-p", option)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("labels=Brid", "labels: found 'Brid'; expected one that the study has. Near it: "),
        ("annotators=x", "annotators: found 'x'; expected one that the study has. There are: "),
        ("study=fiftyone:nix", "study: found 'fiftyone:nix'; expected the name of a dataset in FiftyOne"),
    ],
)
def test_a_wrong_value_is_one_line_and_the_half_run_notebook_is_kept(kit_database, tmp_path, option, message):
    done = typed(tmp_path, "report", "01", "-p", option)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    kept = json.loads((tmp_path / "reports" / f"{NAME}.failed.ipynb").read_text())
    assert any(cell.get("outputs") for cell in kept["cells"])
    assert not (tmp_path / "reports" / f"{NAME}.html").exists()


def test_labels_draw_among_the_images_that_hold_them_and_say_of_how_many(kit_database, tmp_path):
    studied = folder.read(manifests.load("embedded-sample"))
    holding = [sample for sample in studied if any(region.label == "Tree" for region in sample.regions)]
    regions = sum(region.label == "Tree" for sample in holding for region in sample.regions)
    assert 0 < len(holding) < len(studied)
    done = report(tmp_path, "-p", "labels=Tree", "-p", "images=0")
    assert done.returncode == 0, done.stderr
    page = BeautifulSoup((tmp_path / "reports" / f"{NAME}.html").read_text(encoding="utf-8"), "html.parser")
    said = re.sub(r"\s+", " ", page.get_text())
    count = f"{len(holding)} of {len(studied)} images of the study hold what was asked for."
    assert f"{count} Drawn: {len(holding)} of them, {regions} regions." in said
    shown = {title.text for title in page.select("figure.rk-figure .rk-title")}
    assert {sample.id for sample in holding} <= shown
    assert not {sample.id for sample in studied if sample not in holding} & shown
