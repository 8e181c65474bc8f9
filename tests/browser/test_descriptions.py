"""The widget of Living with images in a browser: the clock, the lock, the keyboard, the second class."""

from __future__ import annotations

import io

import nbformat
import pytest
from hosting import Hosted, hosting
from PIL import Image

from retrain_kit.answers import Store
from retrain_kit.display.figures import Panel
from retrain_kit.exercises.living_with_images.descriptions import FIRST, SECOND, ImageToDescribe
from retrain_kit.exercises.living_with_images.living_with_images import LivingWithImages
from retrain_kit.exercises.living_with_images.widget import Descriptions

CELLS = (
    """from retrain_kit.studies import manifests
from retrain_kit.answers import Store
from retrain_kit.datasets import folder
from retrain_kit.exercises.living_with_images import living_with_images, descriptions
from retrain_kit.exercises.living_with_images.widget import Descriptions""",
    """manifest = manifests.load("embedded-sample")
items = descriptions.images_to_describe(folder.read(manifest)[:2], manifest)
Descriptions(living_with_images.LivingWithImages(Store("living"), manifest.name), items)""",
)
CLASS = "It may be shown to those who take part."


def seen(number, notice=""):
    file = io.BytesIO()
    image = Image.new("RGB", (480, 320), "#a9c6d9")
    image.paste("#7a4b2a", (100, 60, 300, 220))
    image.save(file, "PNG")
    panel = Panel(f"Image {number}", "A brown square on blue", file.getvalue(), "image/png")
    return ImageToDescribe(f"square-{number}", f"Image {number}", panel, "Study two", notice)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with hosting("descriptions", tmp_path_factory.mktemp("host")) as url:
        yield url


class Mounted(Hosted):
    """The widget on the page."""

    def __init__(self, page, exercise, which=FIRST, language="en", times=1):
        kernel = Descriptions(exercise, [seen(1, "a square"), seen(2)], which, language, times)
        super().__init__(page, kernel, ("items", "setting"))
        self.field = self.root.get_by_label("What I see", exact=True)
        self.pass_on()

    @property
    def status(self):
        return self.root.get_by_role("status").inner_text()


@pytest.fixture
def exercise(tmp_path):
    with Store(tmp_path / "answers") as store:
        yield LivingWithImages(store, "squares")


@pytest.fixture
def clock(page, address):
    """The page with a clock that stands still but for what the test lets pass."""
    page.clock.install(time="2030-01-01")
    page.goto(address)
    page.clock.pause_at("2030-01-02")
    return page.clock


@pytest.fixture
def widget(page, clock, exercise):
    return Mounted(page, exercise)


def write(widget, text):
    """Start, type and finish before the time is up."""
    widget.button("Start").click()
    widget.page.keyboard.type(text)
    widget.button("I have finished").click()
    return widget.pass_on()


def test_no_time_runs_before_the_person_starts_it_and_the_image_waits(widget, clock):
    clock.run_for(120_000)
    assert widget.pass_on() == []
    assert not widget.root.locator("img").is_visible()
    assert widget.root.get_by_text("Notice: a square").is_visible()
    widget.button("Start").click()
    widget.root.locator("img").wait_for()
    assert widget.status == "20 seconds. Write what you see."


def test_when_the_time_is_up_the_text_locks_stays_readable_and_is_kept_as_it_is(widget, clock, exercise):
    widget.root.get_by_label(CLASS).check()
    widget.button("Start").click()
    widget.page.keyboard.type("a brown squ")
    clock.run_for(14_000)
    assert widget.status == "20 seconds. Write what you see."
    clock.run_for(1_500)
    assert widget.status == "5 seconds left."
    clock.run_for(5_000)
    widget.page.keyboard.type("are, dd")
    (sent,) = widget.pass_on()
    assert (sent["text"], sent["typed"], sent["seconds"], sent["uses"]) == ("a brown squ", 20, 20, ["class"])
    assert widget.status == "Time is up. What stands there is kept as it is."
    assert widget.field.input_value() == "a brown squ"
    assert widget.field.get_attribute("readonly") is not None
    widget.field.select_text()
    assert widget.page.evaluate("document.getSelection().toString()") == "a brown squ"
    (record,) = exercise.store.records()
    assert (record.text, record.asked.images, record.details["limit"]) == (
        "a brown squ",
        ("square-1",),
        "as asked",
    )


def test_finishing_early_is_kept_with_the_time_it_took(widget, clock, exercise):
    widget.button("Start").click()
    widget.page.keyboard.type("brown")
    clock.run_for(4_000)
    widget.page.keyboard.press("Control+Enter")
    widget.pass_on()
    assert exercise.store.records()[0].details["typed_seconds"] == pytest.approx(4, abs=1)
    assert "It is shown to nobody else: you have not agreed to it." in widget.status


def test_nothing_written_is_nothing_sent_and_one_may_begin_again_or_refuse(widget, clock, exercise):
    widget.button("Start").click()
    clock.run_for(20_000)
    assert widget.pass_on() == []
    assert widget.status == "Time is up. Nothing stands there: you can begin again, or refuse."
    assert widget.page.evaluate("document.activeElement.textContent") == "Start"
    widget.button("I have nothing to say").click()
    widget.pass_on()
    assert [record.refusal for record in exercise.store.records()] == ["nothing"]
    assert widget.status.startswith("Your refusal is kept. It is an answer.")


def test_a_text_that_could_not_be_kept_stays_and_is_sent_again(widget, clock, exercise):
    widget.button("Start").click()
    widget.page.keyboard.type("brown")
    clock.run_for(20_000)
    widget.handle.evaluate("({ model }) => model.sent.splice(0)")
    widget.answer({**widget.kernel.answer({"act": "look"}), "fault": "The disk is full."})
    assert widget.status == "The disk is full."
    assert widget.field.input_value() == "brown"
    widget.button("Send it again").click()
    widget.pass_on()
    assert [record.text for record in exercise.store.records()] == ["brown"]
    assert widget.status.startswith("Time is up. What stands there is kept as it is.")
    assert not widget.button("Send it again").is_visible()


@pytest.mark.parametrize(("choice", "seconds"), [("2", 40), ("10", 200)])
def test_who_needs_more_time_chooses_it_before(widget, clock, exercise, choice, seconds):
    widget.root.get_by_label("My time:").select_option(choice)
    widget.button("Start").click()
    widget.page.keyboard.type("brown")
    clock.run_for(seconds * 1000 - 500)
    assert widget.field.get_attribute("readonly") is None
    clock.run_for(1_000)
    widget.pass_on()
    (record,) = exercise.store.records()
    assert (record.details["limit"], record.details["seconds"]) == ("extended", seconds)


def test_with_no_limit_nothing_locks_and_nothing_hurries(widget, clock, exercise):
    widget.root.get_by_label("My time:").select_option("no limit")
    widget.button("Start").click()
    assert widget.status == "No limit. Write what you see."
    assert not widget.root.locator(".rk-bar").is_visible()
    widget.page.keyboard.type("brown")
    clock.run_for(3_600_000)
    assert widget.pass_on() == []
    widget.button("I have finished").click()
    widget.pass_on()
    details = exercise.store.records()[0].details
    assert (details["limit"], details["seconds"]) == ("off", 0)


def test_more_time_is_taken_while_writing(widget, clock, exercise):
    widget.button("Start").click()
    widget.page.keyboard.type("brown")
    clock.run_for(16_000)
    widget.button("More time").click()
    assert widget.status == "20 more seconds."
    clock.run_for(10_000)
    widget.page.keyboard.type(" and blue")
    clock.run_for(15_000)
    (sent,) = widget.pass_on()
    assert (sent["text"], sent["seconds"]) == ("brown and blue", 40)
    assert exercise.store.records()[0].details["limit"] == "extended"


def test_a_teacher_can_turn_the_limit_off_for_everybody(page, clock, exercise):
    widget = Mounted(page, exercise, times=0)
    widget.button("Start").click()
    assert widget.status == "No limit. Write what you see."


def test_the_keyboard_alone_is_enough_and_focus_never_leaves_the_widget(widget, clock, exercise):
    page = widget.page
    widget.root.get_by_label("My time:").focus()
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.type("brown")
    clock.run_for(20_000)
    widget.pass_on()
    inside = "document.querySelector('.rk-widget').contains(document.activeElement)"
    assert page.evaluate(inside)
    assert exercise.store.records()[0].text == "brown"


@pytest.mark.parametrize("moment", ["writing", "locked", "refused", "withdrawn", "next"])
def test_letters_typed_at_any_moment_never_reach_the_page_around(widget, clock, moment):
    page = widget.page
    page.evaluate("window.heard = []; addEventListener('keydown', (e) => heard.push(e.key))")
    widget.button("Start").click()
    page.keyboard.type("dd")
    if moment != "writing":
        clock.run_for(20_000)
        widget.pass_on()
    if moment == "refused":
        widget.button("Next image").click()
        widget.pass_on()
        widget.button("Start").click()
        widget.button("I choose not to answer").click()
        widget.pass_on()
    if moment == "withdrawn":
        widget.root.get_by_role("button", name="Withdraw").click()
        widget.pass_on()
    if moment == "next":
        widget.button("Next image").click()
        widget.pass_on()
    page.keyboard.type("dd")
    assert "d" not in page.evaluate("heard")
    assert page.evaluate("document.activeElement.closest('[data-lm-suppress-shortcuts]') !== null")


def test_the_first_description_is_hidden_until_the_second_is_there_then_both_stand_beside_each_other(
    page, clock, exercise
):
    first = Mounted(page, exercise)
    write(first, "A brown square")
    key = first.root.locator("code").text_content()
    second = Mounted(page, exercise, SECOND)
    second.root.locator("img").wait_for()
    second.root.get_by_label("Your key: eight words").fill(key)
    second.button("Go on with it").click()
    second.pass_on()
    assert "It is kept. You see it when the second one is there." in second.root.inner_text()
    assert "A brown square" not in second.root.inner_text()
    write(second, "A square of earth")
    shown = second.root.inner_text()
    assert "A brown square" in shown
    assert second.root.locator("mark").all_inner_texts() == ["brown", "earth"]
    assert second.root.locator("dl dd").all_inner_texts() == ["square", "brown", "earth"]
    assert "How is it different than your initial perception?" in shown


def test_what_was_written_is_footnoted_withdrawn_and_left_to_the_next_person(widget, exercise):
    write(widget, "brown")
    widget.root.get_by_text("Footnote", exact=True).click()
    widget.root.get_by_label("Footnote to: at first sight").fill("or ochre")
    widget.button("Keep the footnote").click()
    widget.pass_on()
    assert "* or ochre" in widget.root.inner_text()
    widget.button("Somebody else answers now").click()
    widget.button("Yes, somebody else answers now").click()
    widget.pass_on()
    assert "ochre" not in widget.root.inner_text()
    assert widget.field.input_value() == "" or not widget.field.is_visible()
    write(widget, "blue")
    widget.root.get_by_role("button", name="Withdraw").click()
    widget.pass_on()
    assert [record.text for record in exercise.store.records()] == ["brown"]
    assert widget.button("Start").is_visible()


def test_what_people_type_is_text_and_never_markup(page, clock, exercise):
    widget = Mounted(page, exercise)
    write(widget, "<img src=x onerror=alert(1)>")
    assert "<img src=x onerror=alert(1)>" in widget.root.locator(".rk-own").inner_text()
    assert widget.root.locator(".rk-own img").count() == 0


def test_the_image_s_memory_is_given_back_when_the_widget_closes(widget):
    widget.handle.evaluate("({ cleanup }) => cleanup()")
    assert widget.page.evaluate("urls.size") == 0


def test_in_jupyterlab_twenty_real_seconds_lock_the_text_and_dd_deletes_no_cell(page, lab, run_notebook):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    code = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    notebook = nbformat.v4.new_notebook(cells=code, metadata=kernel)
    nbformat.write(notebook, lab.folder / "living.ipynb")
    run_notebook(page, lab, "living.ipynb")
    root = page.locator(".rk-descriptions-widget").last
    root.get_by_role("button", name="Start").click()
    page.keyboard.type("dd 00")
    page.get_by_text("Time is up. What stands there is kept as it is.").wait_for()
    page.keyboard.type("dd00")
    root.get_by_role("button", name="Withdraw").click()
    page.get_by_text("Withdrawn. Only that something was withdrawn is left.").wait_for()
    page.keyboard.type("dd")
    assert page.evaluate("jupyterapp.shell.currentWidget.content.model.cells.length") == 2
    with Store(lab.folder / "living") as store:
        assert store.records() == []
        assert len(store.withdrawals()) == 1
