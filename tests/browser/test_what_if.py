"""The widget of What If…? in a browser: the module alone with a small model, then in JupyterLab."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from hosting import Hosted, hosting
from PIL import Image
from places import ROOT
from playwright.sync_api import expect
from taking import end_kernel, key_in, merge, records, take

from retrain_kit.answers import Author, Consent, Store
from retrain_kit.answers.takeaway import takeaway
from retrain_kit.display.figures import Panel
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.what_if.areas import BlankArea
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.what_if import WhatIf
from retrain_kit.exercises.what_if.widget import BlankAreas

NAME = "05_what_if.ipynb"
SOURCE = ROOT / "notebooks" / NAME
FOCUSABLE = ":is(a[href], button, input, select, textarea, summary, [tabindex])"


def area(number):
    file = io.BytesIO()
    image = Image.new("RGB", (480, 320), "#a9c6d9")
    image.paste("white", (100, 60, 300, 220))
    image.save(file, "PNG")
    panel = Panel("decanonized", "A sky with a blank area", file.getvalue(), "image/png")
    return BlankArea(f"Image {number}", BlankPlace(f"sky-{number}"), panel, "Study two")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with hosting("what_if", tmp_path_factory.mktemp("host")) as url:
        yield url


class Mounted(Hosted):
    """The widget of What If…? on the page."""

    def __init__(self, page, exercise, language="en"):
        kernel = BlankAreas(exercise, [area(1), area(2)], language)
        super().__init__(page, kernel, ("items", "setting"))
        self.pass_on()

    @property
    def listed(self):
        return self.root.locator(".rk-list .rk-said-text").all_inner_texts()

    @property
    def status(self):
        return self.root.get_by_role("status").inner_text()


@pytest.fixture
def exercise(tmp_path):
    with Store(tmp_path / "answers") as store:
        yield WhatIf(store, "nature")


@pytest.fixture
def widget(page, address, exercise):
    page.goto(address)
    return Mounted(page, exercise)


def add(widget, text, key="ArrowRight"):
    widget.root.get_by_label("Another option").fill(text)
    widget.root.get_by_role("slider", name="How likely, in words").press(key)
    widget.root.get_by_label("It may be shown to those who take part.").check()
    widget.button("Add it to the list").click()
    return widget.pass_on()


def test_prompts_and_the_originals_list_come_first_with_the_elephant_outside(widget):
    prompts = widget.root.locator(".rk-prompt").all_inner_texts()
    assert prompts[:2] == ["What might exist in the blank area?", "Add another option to the list below."]
    assert len(prompts) == 4
    assert widget.listed[:2] == ["bird", "aeroplane"]
    assert len(widget.listed) == 9
    assert "(an elephant)" in widget.root.locator(".rk-outside").inner_text()


def test_nothing_is_chosen_in_advance_and_nothing_is_sent_without_a_likelihood(widget):
    assert widget.root.get_by_role("checkbox", checked=True).count() == 0
    assert widget.root.locator(".rk-reading").all_inner_texts() == ["not said yet", "not said yet"]
    widget.button("Add it to the list").click()
    assert widget.status == "Write what might exist there."
    widget.root.get_by_label("Another option").fill("mist")
    widget.button("Add it to the list").click()
    assert widget.status == "Say how likely it seems, in words or in a number."
    assert widget.pass_on() == []


def test_an_addition_in_words_grows_the_list_and_hands_out_the_key(widget):
    (sent,) = add(widget, "mist")
    assert (sent["act"], sent["text"], sent["likely"]) == ("add", "mist", "likely")
    assert sent["uses"] == ["class"]
    assert widget.listed[9:] == ["mist"]
    assert widget.status == "Your answer is kept."
    widget.root.get_by_text("Your key").click()
    assert len(widget.root.locator("code").inner_text().split("-")) == 8
    assert "You said mist" in widget.root.inner_text()


def test_the_two_sliders_take_turns_and_never_turn_one_into_the_other(widget):
    words = widget.root.get_by_role("slider", name="How likely, in words")
    number = widget.root.get_by_role("slider", name="How likely, in a number")
    words.press("ArrowLeft")
    assert (words.get_attribute("aria-valuetext"), number.get_attribute("aria-valuetext")) == (
        "unlikely, 10–33 %",
        "not said yet",
    )
    number.fill("72")
    assert widget.root.locator(".rk-reading").all_inner_texts() == ["not said yet", "72 %"]


SAYING = {
    "space": lambda slider: slider.press(" "),
    "Enter": lambda slider: slider.press("Enter"),
    "click": lambda slider: slider.click(),
}


@pytest.mark.parametrize("say", SAYING.values(), ids=SAYING)
def test_a_slider_says_nothing_before_it_is_touched_and_then_where_it_stands(widget, say):
    slider = widget.root.get_by_role("slider", name="How likely, in a number")
    assert "rk-unsaid" in slider.get_attribute("class")
    say(slider)
    assert widget.root.locator(".rk-reading").all_inner_texts() == ["not said yet", "50 %"]
    assert slider.get_attribute("class") == ""
    assert widget.pass_on() == []


def test_one_sees_of_what_one_said_a_degree(widget):
    widget.button("How likely: kite").click()
    widget.root.get_by_role("slider", name="How likely, in a number").fill("70")
    widget.button("Say how likely").click()
    widget.pass_on()
    assert (
        widget.root.get_by_role("list", name="What you said here")
        .locator("li")
        .inner_text()
        .startswith("You said 70 % of kite")
    )


def test_what_others_find_likely_shows_only_after_one_has_spoken(page, address, exercise):
    consent = Consent(("class",), "what-if-1", "2026-11-22T09:00:00Z")
    exercise.add(BlankPlace("sky-1"), "mist", 5, Voice(consent))
    page.goto(address)
    widget = Mounted(page, exercise)
    assert "5 %" not in widget.root.inner_text()
    add(widget, "snow")
    assert "1 person: 5 %" in widget.root.inner_text()
    widget.button("Somebody else answers now").click()
    widget.button("Yes, somebody else answers now").click()
    widget.pass_on()
    assert "5 %" not in widget.root.inner_text()
    assert widget.root.get_by_role("checkbox", checked=True).count() == 0


def test_the_elephant_comes_in_by_a_button_of_its_own(widget):
    widget.button("Let it in").click()
    widget.root.get_by_label("The elephant comes in. Why?").fill("It flies.")
    widget.root.get_by_role("slider", name="How likely, in a number").fill("3")
    widget.root.get_by_label("It may be shown to those who take part.").check()
    widget.button("Let the elephant in").click()
    widget.pass_on()
    assert widget.listed[-1] == "(an elephant)"
    assert not widget.root.locator(".rk-outside").is_visible()
    assert "The log says who let it in." in widget.status


def test_typing_the_elephant_is_told_how_to_let_it_in(widget):
    add(widget, "an elephant")
    assert "Let it in: that is an act of its own." in widget.status
    assert len(widget.listed) == 9


def test_alike_wordings_are_asked_about_merged_by_a_person_and_taken_apart(widget):
    add(widget, "balloons")
    widget.button("They are the same: balloon, balloons").click()
    widget.pass_on()
    assert "balloon = balloons" in widget.listed
    widget.button("Take apart: balloon, balloons").click()
    widget.pass_on()
    assert widget.listed[9:] == ["balloons"]
    assert widget.button("They are the same: balloon, balloons").count() == 0


@pytest.mark.parametrize(
    ("label", "refusal"),
    [
        ("I have nothing to say", "nothing"),
        ("I choose not to answer", "I choose not to answer"),
        ("Burn it", "burn"),
    ],
)
def test_a_refusal_is_kept_and_shown_as_an_answer(widget, label, refusal):
    widget.root.get_by_label("It may be shown to those who take part.").check()
    widget.button(label).click()
    widget.pass_on()
    assert widget.root.get_by_role("list", name="Refusals").inner_text() == f"refused: {refusal}"
    assert widget.status == "Your refusal is kept. It is an answer."


def test_one_withdraws_and_footnotes_what_one_said(widget):
    add(widget, "mist")
    widget.root.get_by_text("Footnote", exact=True).click()
    widget.root.get_by_label("Footnote to: mist").fill("I meant fog")
    widget.button("Keep the footnote").click()
    widget.pass_on()
    assert "* I meant fog" in widget.root.inner_text()
    widget.button("Withdraw: mist").click()
    widget.pass_on()
    assert len(widget.listed) == 9
    assert widget.status == "Withdrawn. Only that something was withdrawn is left."
    assert widget.kernel.session.exercise.store.records() == []


def test_whoever_comes_back_with_a_key_finds_what_they_said(widget):
    add(widget, "mist")
    key = widget.root.locator("code").text_content()
    widget.button("Somebody else answers now").click()
    widget.button("Yes, somebody else answers now").click()
    widget.pass_on()
    assert "You said" not in widget.root.inner_text()
    widget.root.get_by_text("I have a key").click()
    widget.root.get_by_label("Your key: eight words").fill(key)
    widget.button("Go on with it").click()
    widget.pass_on()
    assert "You said" in widget.root.inner_text()
    assert widget.status.endswith("again.")


def test_what_somebody_types_is_text_and_never_markup(widget, page):
    page.evaluate("window.hit = 0")
    add(widget, "<img src=x onerror='hit = 1'><b>mist</b>")
    assert widget.listed[-1] == "<img src=x onerror='hit = 1'><b>mist</b>"
    assert widget.root.locator("b, .rk-list img").count() == 0
    assert page.evaluate("hit") == 0


def test_a_request_that_is_replayed_is_kept_once_and_a_forged_one_changes_nothing(widget):
    (sent,) = add(widget, "mist")
    receive = widget.kernel._receive
    receive(None, sent, [])
    assert len(widget.kernel.session.exercise.store.records()) == 1
    (record,) = widget.kernel.session.exercise.store.records()
    widget.kernel.screen.key = ""
    for forged in (
        {"act": "withdraw", "record": record.id},
        {"act": ["add"]},
        {"act": "add", "text": 5},
        {"act": "drop"},
        {"act": "add", "text": "x" * 10_000_000, "likely": 5},
        {},
    ):
        receive(None, forged, [])
    assert widget.kernel.session.exercise.store.records() == [record]


def test_the_keyboard_alone_adds_an_option_and_goes_on_to_the_next(widget, page):
    widget.root.get_by_label("Another option").focus()
    page.keyboard.type("mist [dd]")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    widget.pass_on()
    assert widget.listed[9:] == ["mist [dd]"]
    page.keyboard.press("]")
    widget.pass_on()
    assert "2 of 2" in widget.root.inner_text()
    assert len(widget.listed) == 9


def test_letters_typed_in_the_widget_do_not_reach_the_page(widget, page):
    page.evaluate("window.heard = []; addEventListener('keydown', (event) => heard.push(event.key))")
    for control in widget.root.locator(f"{FOCUSABLE}:visible").all():
        control.press("d")
    assert page.evaluate("heard") == []


def test_translations_stand_beside_the_english_and_are_marked(page, address, exercise):
    page.goto(address)
    widget = Mounted(page, exercise, "zh")
    first = widget.root.locator(".rk-prompt").first
    assert first.locator("[lang=en]").inner_text() == "What might exist in the blank area?"
    assert first.locator("[lang=zh]").inner_text() == "空白区域中可能存在什么?"
    assert "translation, not reviewed" in widget.root.inner_text()


@pytest.mark.parametrize("width", [320, 420, 1200])
def test_nothing_is_cut_off(widget, page, width):
    page.set_viewport_size({"width": width, "height": 800})
    add(widget, "m" * 200)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_cleaning_up_leaves_no_image_and_no_listener(widget, page):
    widget.handle.evaluate("({ cleanup }) => cleanup()")
    assert page.evaluate("urls.size") == 0
    assert widget.handle.evaluate("({ model, el }) => model.handlers.length + el.childElementCount") == 0


# -- JupyterLab and the report ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def notebook(open_page, lab, run_notebook):
    """A page with notebook 05 in JupyterLab, all cells run; its answers are kept in the folder `05`."""
    text = SOURCE.read_text(encoding="utf-8").replace(
        'store_folder: Folder = \\"\\"', 'store_folder: Folder = \\"05\\"'
    )
    (lab.folder / NAME).write_text(text, encoding="utf-8")
    with open_page(viewport={"width": 1280, "height": 1100}) as page:
        run_notebook(page, lab, NAME)
        page.evaluate("""async () => {
          const panel = jupyterapp.shell.currentWidget.content;
          const index = panel.widgets.findIndex((cell) => cell.model.sharedModel.source.includes("BlankAreas(exercise"));
          await panel.scrollToItem(index, "start");
        }""")
        page.wait_for_selector(".rk-what-if-widget img")
        yield page


def test_in_jupyterlab_an_answer_goes_to_the_kernel_and_comes_back_in_the_list(notebook):
    root = notebook.locator(".rk-what-if-widget")
    root.get_by_label("Another option").fill("mist")
    root.get_by_role("slider", name="How likely, in a number").press("ArrowRight")
    root.get_by_label("It may be shown to those who take part.").check()
    root.get_by_role("button", name="Add it to the list").click()
    root.get_by_text("Your answer is kept.").wait_for()
    assert root.locator(".rk-list .rk-said-text").last.inner_text() == "mist"
    assert "1 person: 51 %" in root.inner_text()


def test_in_jupyterlab_letters_and_enter_in_any_control_delete_and_add_no_cell(notebook):
    root = notebook.locator(".rk-what-if-widget")
    count = "jupyterapp.shell.currentWidget.content.model.cells.length"
    before = notebook.evaluate(count)
    controls = root.locator(f"{FOCUSABLE}:visible:not([role=status])").all()
    for control in controls:
        control.focus()
        assert control.get_attribute("data-lm-suppress-shortcuts") == "true"
        notebook.keyboard.type("ddabx")
        if control.evaluate("(node) => node.matches('input[type=text], textarea')"):
            for key in ("Enter", "Shift+Enter"):
                notebook.keyboard.press(key)
    assert notebook.evaluate(count) == before
    assert len(controls) >= 20


def test_in_jupyterlab_no_key_of_an_author_is_in_the_saved_notebook(notebook, lab):
    key = notebook.locator(".rk-what-if-widget code").text_content()
    notebook.evaluate("jupyterapp.commands.execute('docmanager:save')")
    saved = (lab.folder / NAME).read_text(encoding="utf-8")
    assert len(key.split("-")) == 8
    assert "BlankAreas" in saved
    assert key not in saved


def test_in_jupyterlab_one_takes_answers_and_key_along_and_withdraws_elsewhere(notebook, lab, tmp_path):
    root = notebook.locator(".rk-what-if-widget")
    root.get_by_role("button", name="Burn it", exact=True).click()
    root.get_by_text("Your refusal is kept.").wait_for()
    answers = take(notebook, root, "Download my answers", tmp_path)
    letter = take(notebook, root, "Download my key", tmp_path)
    who = records(lab.folder / "05")[0].who
    assert (answers.name, letter.name) == (f"answers-{who}.jsonl", f"key-{who}.txt")
    assert key_in(letter) not in answers.read_text(encoding="utf-8")
    merged = merge(answers, tmp_path / "store")
    assert merged == records(lab.folder / "05")
    said = {(record.text, record.refusal) for record in merged}  # of one second: they have no order
    assert (said, len(merged)) == ({("mist", ""), ("", "burn")}, 2)
    with Store(tmp_path / "store") as store:
        store.withdraw_all(key_in(letter))
        assert store.records() == []


def test_in_jupyterlab_ten_million_letters_are_refused_in_words_and_nothing_is_kept(notebook, lab):
    root = notebook.locator(".rk-what-if-widget")
    before = records(lab.folder / "05")
    root.get_by_label("Another option").fill("m" * 10_000_000)
    root.get_by_role("slider", name="How likely, in a number").press("ArrowRight")
    root.get_by_role("button", name="Add it to the list").click()
    root.get_by_text("text: found 10000 letters; expected from 1 to 200.").wait_for()
    root.get_by_label("Another option").fill("")
    assert records(lab.folder / "05") == before


def test_in_jupyterlab_the_answers_can_be_taken_along_when_the_kernel_is_gone(notebook, lab, tmp_path):
    root = notebook.locator(".rk-what-if-widget")
    end_kernel(notebook)
    answers = take(notebook, root, "Download my answers", tmp_path)
    assert merge(answers, tmp_path / "store") == records(lab.folder / "05")
    assert len(key_in(take(notebook, root, "Download my key", tmp_path)).split("-")) == 8


@pytest.fixture(scope="module")
def page_of_report(kit_database, tmp_path_factory):
    where = tmp_path_factory.mktemp("report")
    command = [
        Path(sys.executable).parent / "retrain-kit",
        "report",
        "05",
        "-p",
        "per=hole",
        "-p",
        "images=2",
    ]
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=True)
    return where / done.stdout.strip()


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_fits_any_screen(open_page, page_of_report, width, scheme):
    with open_page(viewport={"width": width, "height": 800}, color_scheme=scheme) as opened:
        opened.goto(page_of_report.as_uri())
        assert opened.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert all(image.bounding_box()["width"] <= width for image in opened.locator("img").all())


def test_what_one_said_elsewhere_comes_back_from_a_file_with_its_key(page, address, exercise, tmp_path):
    key = Author.new().key
    with Store(tmp_path / "elsewhere") as store:
        WhatIf(store, "nature").add(
            BlankPlace("sky-1"), "mist", 40, Voice(Consent(("class",), "v1", "2026-01-02T03:04:05Z"), key)
        )
        (tmp_path / "mine.jsonl").write_text(takeaway([store], [key])["text"], "utf-8")
    page.goto(address)
    widget = Mounted(page, exercise)
    widget.root.get_by_text("I have a file", exact=True).click()
    widget.root.get_by_label("My answers, as I saved them").set_input_files(tmp_path / "mine.jsonl")
    page.wait_for_function("(widget) => widget.model.sent.length", arg=widget.handle)
    widget.pass_on()
    widget.root.get_by_text(f"What {Author(key).who} said:").wait_for()
    assert exercise.store.records() == []
    asked = widget.root.get_by_label("The key of this file")
    asked.fill(key)
    asked.press("Tab")
    page.keyboard.press("Enter")
    widget.pass_on()
    assert widget.status == f"You are {Author(key).who} again. 1 answer or footnote came back."
    assert [record.text for record in exercise.store.records()] == ["mist"]
    expect(widget.root.get_by_text("I have a file", exact=True)).to_be_hidden()
