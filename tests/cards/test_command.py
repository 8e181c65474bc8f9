"""From the command line to the card, and from the card's code back to the image."""

import subprocess
import sys

import pypdfium2
import pytest
from click.testing import CliRunner

from retrain_kit.cli import kit
from retrain_kit.exercises.living_with_images import allocation
from retrain_kit.studies import reviews


@pytest.fixture
def five(make_study, coded):
    return make_study({f"{name}.jpg": coded((60, height)) for height, name in enumerate("abcde", 40)})


def run(*arguments):
    return CliRunner().invoke(kit, [str(each) for each in arguments])


def test_cards_are_made_once_every_image_was_looked_at(five, tmp_path):
    target = tmp_path / "cards.pdf"
    command = ("sheets", five.toml, "--people", 1, "--seed", 7, "-o", target)
    refused = run(*command)
    assert refused.exit_code == 1
    assert "found 3 of 3 that nobody has looked at" in refused.output
    assert "retrain-kit review mine, with the same --people, --each and --seed" in refused.output
    for lot in allocation.allocate_reviewed([five], allocation.AllocationTerms(1, 3, 7))[0].lots:
        reviews.keep_decision(five, lot.image, "accept")
    made = run(*command)
    assert made.exit_code == 0
    assert made.output.split() == [str(target), str(target.with_suffix(".csv"))]
    assert len(pypdfium2.PdfDocument(target)) == 6


def test_options_lead_to_the_format_the_back_and_the_edge(five, looked_at, tmp_path):
    looked_at(five)
    made = run(
        "sheets", five.toml, "--people", 1, "--each", 5, "--seed", 7, "--format", "letter",
        "--back", "none", "--odds", "datasets", "-o", tmp_path / "x.pdf",
    )  # fmt: skip
    assert made.exit_code == 0
    (page,) = pypdfium2.PdfDocument(tmp_path / "x.pdf")
    assert page.get_size() == pytest.approx((612, 792), abs=0.01)


def test_cards_are_made_of_the_images_picked_from_a_mosaic(five, looked_at, tmp_path):
    looked_at(five)
    picked = tmp_path / "picked.csv"
    picked.write_text("id,author\nd,somebody\nb,somebody\n")
    made = run(
        "sheets",
        five.toml,
        "--people",
        2,
        "--each",
        1,
        "--seed",
        7,
        "--from",
        picked,
        "-o",
        tmp_path / "x.pdf",
    )
    assert made.exit_code == 0
    rows = (tmp_path / "x.csv").read_text().splitlines()[1:]
    assert sorted(row.split(",")[4] for row in rows) == ["b", "d"]


def test_a_class_too_large_is_told_how_many_images_are_missing(five, tmp_path):
    refused = run("sheets", five.toml, "--people", 2, "--seed", 7, "-o", tmp_path / "x.pdf")
    assert refused.exit_code == 2
    assert "1 image is missing" in refused.output


@pytest.mark.parametrize("written", ["K7P-426-5KC", "k7p4265kc", "k7p 426 5kc"])
def test_a_code_leads_back_to_its_image(written):
    found = run("card", written)
    assert found.exit_code == 0
    assert "embedded-sample" in found.output.splitlines()[0]
    assert "author, as listed: US Department of Agriculture (embedded-sample.csv: author)" in found.output
    assert "not known: " in found.output


def test_a_code_leads_back_to_a_study_of_ones_own(five, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = allocation.study_images([five])[2].code
    assert "\nc\n" in run("card", code).output
    assert "\nc\n" in run("card", code, "--study", five.toml).output
    nowhere = run("card", code, "--study", "embedded-sample")
    assert nowhere.exit_code == 2
    assert "expected an image of a study that is here. Name the study with --study" in nowhere.output


def test_a_misread_code_is_refused():
    refused = run("card", "K7P-426-5KD")
    assert refused.exit_code == 2
    assert "look at the card again" in refused.output


def test_the_help_of_the_kit_loads_no_typesetter():
    script = "import sys; from retrain_kit import cli; print(any(name in sys.modules for name in ('typst', 'fontTools')))"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"
