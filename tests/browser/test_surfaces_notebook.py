"""Informational surfaces in JupyterLab: a sitting by mouse, letters that delete no cell, and what is saved."""

from __future__ import annotations

import json
import shutil

import pytest
from places import ROOT

NAME = "07_informational_surfaces.ipynb"
SOURCE = ROOT / "notebooks" / NAME
FOCUSABLE = ":is(a[href], button, input, select, textarea, summary, [tabindex])"
SHOW_WIDGET = """async () => {
  const panel = jupyterapp.shell.currentWidget.content;
  const index = panel.widgets.findIndex((cell) => cell.model.sharedModel.source.includes("Desk(exercise"));
  await panel.scrollToItem(index, "start");
}"""
CELLS = "jupyterapp.shell.currentWidget.content.model.cells.length"


@pytest.fixture(scope="module")
def page(kit_database, open_page, lab, run_notebook):
    shutil.copy(SOURCE, lab.folder)
    with open_page(viewport={"width": 1300, "height": 1400}) as opened:
        run_notebook(opened, lab, NAME)
        opened.evaluate(SHOW_WIDGET)
        opened.wait_for_selector(".rk-surfaces-widget button")
        yield opened


@pytest.fixture
def desk(page):
    return page.locator(".rk-surfaces-widget")


def button(desk, name):
    return desk.get_by_role("button", name=name, exact=True)


def test_a_sitting_is_kept_by_the_kernel_which_draws_where_the_hand_stayed(desk, page):
    button(desk, "Begin: record my pointer").click()
    frame = desk.locator(".rk-surface").bounding_box()
    page.mouse.move(frame["x"] + 20, frame["y"] + 20)
    page.mouse.down()
    page.mouse.move(frame["x"] + 120, frame["y"] + 90, steps=10)
    page.mouse.up()
    desk.get_by_role("textbox", name="Word for box 1").fill("Something dd")
    desk.get_by_role("textbox", name="Your description").fill("A secret of mine.")
    button(desk, "I have finished").click()
    desk.locator(".rk-maps img").wait_for()
    assert desk.locator(".rk-maps img").get_attribute("alt").startswith("A map of the frame.")
    button(desk, "Keep it").click()
    desk.get_by_text("Your recording is kept. It is shown to nobody else").wait_for()


def test_what_is_taken_along_is_a_file_of_answers_with_the_track_in_it(desk, page, tmp_path):
    with page.expect_download() as download:
        button(desk, "Download my answers").click()
    download.value.save_as(tmp_path / "mine.jsonl")
    _, answer = map(json.loads, (tmp_path / "mine.jsonl").read_text().splitlines())
    assert (answer["text"], len(answer["details"]["tags"])) == ("A secret of mine.", 1)
    assert sum(map(len, answer["details"]["pieces"])) > 10


def test_typing_dd_in_any_control_deletes_no_cell_and_every_control_has_a_name(desk, page):
    button(desk, "Record again").click()
    button(desk, "Begin: record my pointer").click()
    before = page.evaluate(CELLS)
    controls = desk.locator(f"{FOCUSABLE}:visible").all()
    assert len(controls) >= 10
    for control in controls:
        control.focus()
        page.keyboard.type("dd")
        assert page.evaluate(CELLS) == before
    names = desk.evaluate(
        """(root) => [...root.querySelectorAll("button, input, select, textarea, summary")].map((node) =>
          node.ariaLabel || node.textContent.trim() || [...(node.labels ?? [])].map((l) => l.textContent).join(" "))"""
    )
    assert all(names)
    desk.get_by_role("button", name="Throw it away").first.click()


def test_the_saved_notebook_holds_nothing_of_what_was_recorded(page, lab):
    page.evaluate("async () => { await jupyterapp.commands.execute('docmanager:save'); }")
    saved = (lab.folder / NAME).read_text()
    assert "Desk(exercise" in saved
    assert "A secret of mine." not in saved
    assert "Something dd" not in saved
