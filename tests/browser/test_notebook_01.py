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
        opened.evaluate(SHOW, "Compare(")
        opened.wait_for_selector(".rk-compare-widget img")
        yield opened


# JupyterLab draws only the cells near what is seen.
SHOW = """async (source) => {
  const panel = jupyterapp.shell.currentWidget.content;
  const index = panel.widgets.findIndex((cell) => cell.model.sharedModel.source.includes(source));
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


def test_no_cell_has_the_strip_of_errors(page):
    assert [output for output in page.evaluate(OUTPUTS) if output.get("name") == "stderr"] == []


def test_a_table_sorts_by_its_numbers_filters_and_carries_its_csv(page):
    page.evaluate(SHOW, "tables.images_per_label(counted)")
    table = page.locator(".dt-container", has=page.get_by_role("searchbox")).first
    table.locator("tbody td").first.wait_for()
    first = table.locator("tbody tr").first
    for order in ("ascending", "descending"):
        table.get_by_role("columnheader", name="regions").click()
        table.locator(f"th[aria-sort='{order}']").first.wait_for()
    first.get_by_text("Person", exact=True).wait_for()
    assert first.locator("td").all_inner_texts() == ["Person", "9", "19.1%", "159"]
    table.get_by_role("searchbox").fill("tower")
    first.get_by_text("Tower", exact=True).wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Table as CSV, 86 rows").first.click()
    assert download.value.suggested_filename == "images-per-label.csv"
    page.evaluate(SHOW, "Compare(")


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


def test_a_click_makes_an_image_larger_and_a_link_makes_it_small_again(open_page, report):
    with open_page(viewport={"width": 1280, "height": 900}) as opened:
        opened.goto(report.as_uri())
        image = opened.locator(".rk-larger img").first
        before = image.bounding_box()["width"]
        image.click()
        assert image.bounding_box()["width"] > 2 * before
        opened.get_by_role("link", name="Smaller again").click()
        assert image.bounding_box()["width"] == before


def test_a_label_leads_to_its_images(open_page, report):
    with open_page() as opened:
        opened.goto(report.as_uri())
        opened.get_by_role("link", name="Tower", exact=True).click()
        section = opened.locator("section:target")
        assert section.get_by_role("heading").inner_text().startswith("Tower 7 images")
        assert section.get_by_role("img").count() == 7
        assert section.bounding_box()["y"] < 60


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
