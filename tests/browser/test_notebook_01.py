"""Notebook 01 in JupyterLab: it runs, shows what the report shows, and its widget works by mouse and keys."""

import shutil

import pytest
from bs4 import BeautifulSoup
from places import ROOT

from retrain_kit.datasets import folder
from retrain_kit.studies import manifests, sampling

NAME = "01_tagged_and_decanonized.ipynb"
SOURCE = ROOT / "notebooks" / NAME


@pytest.fixture(scope="module")
def page(kit_database, open_page, lab, run_notebook):
    shutil.copy(SOURCE, lab.folder)
    with open_page(viewport={"width": 1280, "height": 1100}) as opened:
        run_notebook(opened, lab, NAME)
        opened.evaluate(SHOW_WIDGET)
        opened.wait_for_selector(".rk-compare-widget img")
        yield opened


# JupyterLab draws only the cells near what is seen.
SHOW_WIDGET = """async () => {
  const panel = jupyterapp.shell.currentWidget.content;
  const index = panel.widgets.findIndex((cell) => cell.model.sharedModel.source.includes("Compare(["));
  await panel.scrollToItem(index, "start");
}"""
OUTPUTS = """() => jupyterapp.shell.currentWidget.content.widgets
  .filter((cell) => cell.model.type === "code")
  .flatMap((cell) => cell.model.outputs.toJSON())"""


@pytest.fixture
def widget(page):
    root = page.locator(".rk-compare-widget")
    root.get_by_role("button", name="Side by side").click()
    return root


def drawn():
    return sampling.draw_samples(folder.read(manifests.load("embedded-sample")), 12, 7)


def test_every_cell_shows_something_but_the_imports(page, complaints):
    outputs = page.evaluate(OUTPUTS)
    assert complaints(outputs) == []
    assert sum("text/html" in output.get("data", {}) for output in outputs) >= 11


@pytest.fixture(scope="module")
def report(report_of):
    """The page that the command line makes of the same notebook."""
    return report_of("01")


def words(html):
    return BeautifulSoup(html, "html.parser").get_text(" ").split()


def test_the_report_says_all_that_the_notebook_says(page, report):
    told = " ".join(words(report.read_text(encoding="utf-8")))
    said = [
        output["data"]["text/html"]
        for output in page.evaluate(OUTPUTS)
        if "text/html" in output.get("data", {})
    ]
    assert len(said) >= 11
    for html in said:
        assert " ".join(words(html)) in told


@pytest.mark.parametrize("width", [390, 1200])
def test_the_report_opens_on_any_screen_without_a_request_or_a_complaint(open_page, report, width):
    messages, requests = [], []
    with open_page(viewport={"width": width, "height": 800}) as opened:
        opened.on("console", lambda message: messages.append(message.text))
        opened.on("request", lambda request: requests.append(request.url))
        opened.goto(report.as_uri())
        broken = opened.eval_on_selector_all(
            "img", "all => all.filter((image) => !image.naturalWidth).length"
        )
        overflow = opened.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert [url for url in requests if not url.startswith("data:")] == [report.as_uri()]
    assert (messages, broken) == ([], 0)
    assert overflow <= 0


def test_the_widget_goes_through_the_drawn_images(page, widget):
    widget.focus()
    titles = []
    for number in range(len(drawn())):
        assert f"{number + 1} of {len(drawn())}" in widget.inner_text()
        titles.append(widget.locator(".rk-title").inner_text())
        page.keyboard.press("]")
    assert titles == [sample.id for sample in drawn()]


def test_the_widget_swipes_by_mouse(page, widget):
    widget.get_by_role("button", name="Swipe").click()
    stage = widget.locator(".rk-stage").bounding_box()
    page.mouse.move(stage["x"] + stage["width"] / 2, stage["y"] + 50)
    page.mouse.down()
    page.mouse.move(stage["x"] + stage["width"] * 0.2, stage["y"] + 50, steps=4)
    page.mouse.up()
    assert widget.get_by_role("slider").get_attribute("aria-valuenow") == "20"
    page.keyboard.press("ArrowRight")
    assert widget.get_by_role("slider").get_attribute("aria-valuenow") == "22"


def test_the_widget_flips_by_keys_at_the_chosen_pace(page, widget):
    widget.focus()
    page.keyboard.press("f")
    before = widget.locator("img:visible").get_attribute("alt")
    page.keyboard.press("-")
    assert widget.locator("input[type=range]").input_value() == "900"
    page.keyboard.press(" ")
    page.wait_for_function(
        "(alt) => [...document.querySelectorAll('.rk-compare-widget img')]"
        ".find((image) => image.checkVisibility({ visibilityProperty: true })).alt !== alt",
        arg=before,
    )
    page.keyboard.press(" ")
    assert widget.get_by_role("button", name="Play").is_visible()


def test_typing_dd_in_the_widget_deletes_no_cell(page, widget):
    count = "jupyterapp.shell.currentWidget.content.model.cells.length"
    before = page.evaluate(count)
    for control in [widget, *widget.locator(":is(button, select, [tabindex]):visible").all()]:
        control.focus()
        page.keyboard.type("dd")
    assert page.evaluate(count) == before


def test_a_wrong_parameter_is_one_line_without_traceback(page):
    said = page.evaluate(
        """async () => {
          const { content, sessionContext } = jupyterapp.shell.currentWidget;
          const future = sessionContext.session.kernel.requestExecute({ code: "masking.check_fill_and_shape('chartreusse', 'box')" });
          const said = [];
          future.onIOPub = (message) => said.push(message);
          await future.done;
          return said.find((message) => message.header.msg_type === "error").content.traceback;
        }"""
    )
    assert len(said) == 1
    assert said[0].startswith("ParameterError: fill: found 'chartreusse'; expected a colour")
