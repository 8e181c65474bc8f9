"""axe-core finds nothing serious or critical: in no widget, on no report, in light and in dark, wide and narrow."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from accessibility import grave
from hosting import Hosted, hosting
from PIL import Image
from places import ALL_NOTEBOOKS
from waiting import still

from retrain_kit.annotations.written import CreditedLine, TrainingWords
from retrain_kit.answers import Store
from retrain_kit.display.figures import Figure, Panel
from retrain_kit.exercises.common.annotating import ImageToAnnotate
from retrain_kit.exercises.living_with_images import teaching_plan as plans
from retrain_kit.exercises.living_with_images.descriptions import ImageToDescribe
from retrain_kit.exercises.living_with_images.living_with_images import LivingWithImages
from retrain_kit.exercises.living_with_images.widget import Descriptions
from retrain_kit.exercises.polyphony.pairs import Pair, PairedImage
from retrain_kit.exercises.polyphony.polyphony import Polyphony
from retrain_kit.exercises.polyphony.widget import Item, RoundTable
from retrain_kit.exercises.recoding_art.recoding_art import RecodingArt
from retrain_kit.exercises.recoding_art.widget import Works
from retrain_kit.exercises.recoding_art.works import WorkToSee
from retrain_kit.exercises.surfaces.informational_surfaces import InformationalSurfaces
from retrain_kit.exercises.surfaces.widget import Desk
from retrain_kit.exercises.what_if.areas import BlankArea
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.what_if import WhatIf
from retrain_kit.exercises.what_if.widget import BlankAreas
from retrain_kit.widgets.compare import Compare

KIT = Path(sys.executable).parent / "retrain-kit"
UNFOLD = "document.querySelectorAll('details').forEach((part) => { part.open = true; })"


def panel(name):
    file = io.BytesIO()
    Image.new("RGB", (480, 320), "#a9c6d9").save(file, "PNG")
    return Panel(name, f"A sky, {name}", file.getvalue(), "image/png")


@pytest.fixture(params=["light 1280", "dark 1280", "light 390", "dark 390"])
def page(open_page, request):
    scheme, width = request.param.split()
    with open_page(color_scheme=scheme, viewport={"width": int(width), "height": 900}) as fresh:
        yield fresh


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "answers") as opened:
        yield opened


def assert_accessible(page):
    page.evaluate(UNFOLD)
    assert grave(page) == []


def test_the_check_finds_what_is_wrong(page):
    page.set_content(
        "<!doctype html><html lang=en><title>x</title><main><img src='data:,'><p style='color:#aaa'>pale"
    )
    assert sorted(fault.partition(":")[0] for fault in grave(page)) in (
        ["color-contrast", "image-alt"],
        ["image-alt"],
    )


def test_what_if_before_and_after_an_answer(page, store, tmp_path):
    with hosting("what_if", tmp_path) as url:
        page.goto(url)
        areas = [
            BlankArea(f"Image {number}", BlankPlace(f"sky-{number}"), panel("blank"), "Study two")
            for number in (1, 2)
        ]
        hosted = Hosted(page, BlankAreas(WhatIf(store, "nature"), areas, "zh"), ("items", "setting"))
        hosted.pass_on()
        assert_accessible(page)
        hosted.root.get_by_label("Another option").fill("balloons")
        hosted.root.get_by_role("slider", name="How likely, in words").press("ArrowRight")
        hosted.root.get_by_label("It may be shown to those who take part.").check()
        hosted.button("Add it to the list").click()
        hosted.pass_on()
        hosted.button("Burn it").click()
        hosted.pass_on()
        assert hosted.button("They are the same: balloon, balloons").is_visible()
        assert hosted.button("Download my answers").is_visible()
        assert_accessible(page)


def test_polyphony_at_every_moment(page, store, tmp_path):
    exercise = Polyphony(store, Pair(PairedImage("s", "d", "a"), PairedImage("s", "d", "b")))
    figure = Figure((panel("left"), panel("right")), "", "Study one", "Pair 1")
    with hosting("polyphony", tmp_path) as url:
        page.goto(url)
        hosted = Hosted(page, RoundTable([Item(exercise, figure)], "sw"), ("items", "setting"))
        hosted.pass_on()
        assert_accessible(page)
        for act in (
            "Somebody else answers now",
            "Person 1 has one to improve",
            "Person 2 has one to improve",
            None,
        ):
            hosted.root.get_by_role("checkbox", name="Others who take part").check()
            hosted.root.locator("textarea").fill("Both wait.")
            hosted.button("Say it").click()
            hosted.pass_on()
            assert_accessible(page)
            if act:
                hosted.button(act).click()
                hosted.pass_on()


def test_informational_surfaces_from_the_first_look_to_the_kept_track(page, store, tmp_path):
    with hosting("surfaces", tmp_path) as url:
        page.goto(url)
        images = [
            ImageToAnnotate(f"sky-{each}", f"Image {each}", (960, 640), panel("a"), "Two") for each in (1, 2)
        ]
        hosted = Hosted(page, Desk(InformationalSurfaces(store, "nature"), images), ("items", "setting"))
        hosted.pass_on()
        assert_accessible(page)
        hosted.button("Begin: record my pointer").click()
        for key in ("ArrowRight", "Enter", "ArrowRight", "ArrowDown", "Enter"):
            page.keyboard.press(key)
        hosted.root.get_by_role("textbox", name="Word for box 1").fill("Sky")
        hosted.root.get_by_role("textbox", name="Your description").fill("A sky, alone.")
        assert_accessible(page)
        hosted.button("I have finished").click()
        hosted.pass_on()
        assert_accessible(page)
        hosted.button("Keep it").click()
        hosted.pass_on()
        assert hosted.button("Record again").is_visible()
        assert_accessible(page)


def test_a_work_before_and_after_it_is_answered(page, store, tmp_path):
    line = CreditedLine("a curtain", "a machine", TrainingWords(1000, (), ("painting",)))
    seen = [WorkToSee("cut", "Image 1", panel("a"), "Two", "a knife", "“Cut”, 1962", (line,))]
    with hosting("recoding_art", tmp_path) as url:
        page.goto(url)
        hosted = Hosted(page, Works(RecodingArt(store, "works"), seen, "sw"), ("items", "setting"))
        hosted.pass_on()
        assert_accessible(page)
        hosted.button("I don't know Sijui").click()
        assert hosted.button("I don't know Sijui").get_attribute("aria-pressed") == "true"
        assert_accessible(page)
        hosted.root.get_by_label("Describe this image.").fill("A cut in a cloth.")
        hosted.button("Send my answer").click()
        hosted.pass_on()
        told = "a curtaina machineIt has 1,000 words. Not among them: painting."
        assert hosted.root.locator(".rk-after p").last.text_content() == told
        assert hosted.root.get_by_text("Is it art? Sijui").is_visible()
        assert_accessible(page)


def test_both_descriptions_before_while_and_after_they_are_written(page, store, tmp_path):
    exercise, key = LivingWithImages(store, "nature"), ""
    seen = [ImageToDescribe(f"sky-{each}", f"Image {each}", panel("a"), "Two", "a sky") for each in (1, 2)]
    with hosting("descriptions", tmp_path) as url:
        for which in ("first", "second"):
            page.goto(url)
            kernel = Descriptions(exercise, seen, which, "sw")
            hosted = Hosted(page, kernel, ("items", "setting"))
            hosted.pass_on()
            if key:
                hosted.root.get_by_label("Your key: eight words").fill(key)
                hosted.button("Go on with it").click()
                hosted.pass_on()
            assert_accessible(page)
            hosted.root.get_by_label("My time:").select_option("10")  # However slow, it does not run out.
            hosted.button("Start").click()
            hosted.root.get_by_label("What I see", exact=True).fill(f"A sky, the {which}.")
            assert_accessible(page)
            hosted.button("I have finished").click()
            hosted.pass_on()
            assert_accessible(page)
            key = kernel.answer({"act": "look"})["key"]
        assert hosted.root.get_by_text("How is it different than your initial perception?").is_visible()


@pytest.mark.parametrize("mode", ["side", "swipe", "flip"])
def test_compare_in_every_mode(page, tmp_path, mode):
    figures = [
        Figure((panel("tagged"), panel("taken")), "Two views", "Study two", title)
        for title in ("Noon", "Night")
    ]
    with hosting("compare", tmp_path) as url:
        page.goto(url)
        traits = ("items", "index", "mode", "left", "right", "divider", "pace_ms")
        Hosted(page, Compare(figures, mode=mode), traits)
        assert_accessible(page)


@pytest.mark.parametrize("number", ALL_NOTEBOOKS)
def test_every_report(page, report_of, number):
    page.goto(report_of(number).as_uri())
    assert_accessible(page)


def test_the_teaching_plan_on_a_course_page(page):
    plan = plans.show_plan("pt").html
    page.set_content(
        f"<!doctype html><html lang=en><title>Our course</title><main><h1>Our course</h1>{plan}</main>"
    )
    assert_accessible(page)


@pytest.fixture(scope="module")
def mosaic(tmp_path_factory):
    where = tmp_path_factory.mktemp("mosaic")
    command = [KIT, "mosaic", "embedded-sample", "-o", "mosaic.html"]
    done = subprocess.run(command, cwd=where, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return where / "mosaic.html"


def test_the_page_of_a_mosaic(page, mosaic):
    page.goto(mosaic.as_uri())
    page.get_by_role("button", name="Show the images").click()
    still(page)
    assert_accessible(page)
