"""Notebook 08 runs headless: with the demonstration, and with what people have written."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from retrain_kit.answers import Consent, Store
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.living_with_images import teaching_plan
from retrain_kit.exercises.living_with_images.descriptions import FIRST, SECOND
from retrain_kit.exercises.living_with_images.living_with_images import LivingWithImages, WritingTime

BIN = Path(sys.executable).parent
CONSENT = Consent(("class",), "living-with-images-1", "2026-11-22T09:00:00Z")


def report(where, *options):
    command = [BIN / "retrain-kit", "report", "08", *options]
    done = subprocess.run(command, cwd=where, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    file = where / "reports" / "08_living_with_images.html"
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


def text(soup):
    return re.sub(r"\s+", " ", soup.get_text(" "))


@pytest.fixture(scope="module")
def demonstration(kit_database, tmp_path_factory):
    """The report where nobody has written anything."""
    return report(tmp_path_factory.mktemp("demonstration"), "-p", "plan_language=pt", "-p", "which=second")


def test_the_plan_stands_in_the_language_asked_for_and_says_that_nobody_reviewed_it(demonstration):
    section = demonstration.select_one("section.rk-plan")
    assert section["lang"] == "pt"
    assert teaching_plan.load_plan("pt").review in section.get_text()
    assert teaching_plan.load_plan("pt").credit in section.get_text()


def test_the_prompt_of_the_class_stands_to_the_letter(demonstration):
    assert "In 30 seconds write down what you see in this image now that you" in text(demonstration)


def test_the_demonstration_stands_under_its_own_images_and_says_that_nobody_said_it(demonstration):
    captions = [caption.get_text() for caption in demonstration.select("table caption")]
    assert [re.match(r"Image \w+", caption)[0] for caption in captions] == [
        "Image coffee",
        "Image coffee",
        "Image rocket",
    ]
    assert all("Demonstration: said by nobody." in caption for caption in captions)
    assert "scratched and worn table boards" in text(demonstration)


def test_the_sets_wait_for_somebody_to_look_and_what_came_back_is_made_up(demonstration):
    said = text(demonstration)
    assert "none: 3 of 3 images wait for somebody to look at them" in said
    assert "Made for demonstration: nobody said this." in said


def test_nothing_is_asked_for_and_every_image_is_described(demonstration):
    images = demonstration.find_all("img")
    assert all(image["src"].startswith("data:image/") and len(image["alt"]) > 20 for image in images)
    assert demonstration.find_all(["script", "link", "iframe", "object"]) == []


def test_what_people_wrote_is_shown_in_place_of_the_demonstration_as_text(kit_database, tmp_path):
    with Store(tmp_path / "answers") as store:
        exercise = LivingWithImages(store, "embedded-sample")
        said = exercise.describe("cat", FIRST, "A cat <b>", WritingTime(20, 20), Voice(CONSENT))
        exercise.describe("cat", SECOND, "A cat that waits", WritingTime(60, 44), Voice(CONSENT, said.key))
        exercise.refuse("cat", FIRST, "no-answer", Voice(CONSENT))
        exercise.describe(
            "cat", FIRST, "Not for showing", WritingTime(20, 2), Voice(Consent((), "1", CONSENT.when))
        )
    soup = report(tmp_path, "-p", f"store_folder={tmp_path / 'answers'}")
    said = text(soup)
    assert "A cat < b >" in said
    assert "A cat that waits" in said
    assert "(chose not to answer)" in said
    assert "Not for showing" not in said
    assert "1, as their authors agreed to other uses" in said
    assert "extended" not in said
