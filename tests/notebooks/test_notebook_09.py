"""Notebook 09 runs headless: on two studies that have an image in common, and where there are no two."""

import hashlib
import json
import shutil

import pytest
import reporting
from small_studies import folder_toml

from retrain_kit.datasets import folder
from retrain_kit.studies import manifests

TOML = folder_toml(
    "Two photographs",
    "To be laid beside another study.",
    """
[labour]
platform = "undisclosed"
""",
    version="2",
)


def write_study(where):
    """Write a study of two photographs of the embedded sample, with one box on all of each."""
    samples = {each.id: each for each in folder.read(manifests.load("embedded-sample"))}
    rows, lines = ["id,file,sha256,width_px,height_px,licence,author,source"], []
    for name, label in (("bison", "whole animal"), ("owl", "owl")):
        shutil.copy(samples[name].path, where)
        digest = hashlib.sha256(samples[name].path.read_bytes()).hexdigest()
        width, height = samples[name].size
        rows.append(f"{name}-2,{samples[name].path.name},{digest},{width},{height},CC0-1.0,unknown,unknown")
        box = {
            "image": f"{name}-2",
            "id": "1",
            "label": label,
            "annotator": "Ana",
            "box": [0, 0, width, height],
        }
        lines.append(json.dumps(box))
    (where / "two.csv").write_text("\n".join(rows) + "\n")
    (where / "annotations.jsonl").write_text("\n".join(lines) + "\n")
    (where / "two.toml").write_text(TOML)


@pytest.fixture(scope="module")
def soup(kit_database, tmp_path_factory):
    where = tmp_path_factory.mktemp("two")
    write_study(where)
    done = reporting.report("09", where, "-p", "other=two.toml", "-p", "images=2")
    assert done.returncode == 0, done.stderr
    return reporting.page(where)


def test_the_page_is_one_file_that_asks_for_nothing(soup):
    assert soup.find_all(["script", "link", "iframe", "object"]) == []
    assert all(
        image["src"].startswith("data:image/") and len(image["alt"]) > 20 for image in soup.find_all("img")
    )


def test_what_each_asks_for_and_never_disclosed_stands_side_by_side(soup):
    rows = {
        row.find("td").text: [cell.text for cell in row.find_all("td")[1:]] for row in soup.select("tbody tr")
    }
    assert rows["title"] == [
        "The embedded sample: animals, places and things, tagged for the kit",
        "Two photographs",
    ]
    assert rows["made by"][1] == "Ana"
    assert rows["On which platform, with which tools?"][1] == "not disclosed"
    assert rows["Which biases are known?"][1] == "nobody has said"
    assert rows["phrases"] == ["152", "0"]


def test_on_an_image_in_both_it_is_said_what_each_tagged(soup):
    text = reporting.text(soup)
    assert "the same file 2" in text
    (bison,) = [each for each in soup.select("figure.rk-figure") if "bison and bison-2" in each.text]
    assert [each.text for each in bison.select(".rk-view figcaption")] == [
        "tagged by embedded-sample",
        "tagged by two",
        "tagged in both",
        "only in embedded-sample",
        "only in two",
        "in neither",
    ]
    assert "in neither 0.0%" in bison.text
    assert "Only in two: whole animal." in bison.text
    assert "2 images in both; intervals take the two as if they had none in common." in text
    assert "nothing can be said" in text


@pytest.mark.parametrize(
    ("other", "status", "words"),
    [
        ("embedded-sample", 1, "other: found 'embedded-sample'; expected another study than the first."),
        ("tiny-images", 1, "found a data set that was withdrawn"),
        ("no-such-study", 2, "parameter other: found 'no-such-study'"),
    ],
)
def test_a_study_that_is_the_same_withdrawn_or_missing_is_said_in_a_line(
    kit_database, tmp_path, other, status, words
):
    done = reporting.report("09", tmp_path, "-p", f"other={other}")
    assert done.returncode == status
    assert words in done.stderr
    assert "Traceback" not in done.stderr
