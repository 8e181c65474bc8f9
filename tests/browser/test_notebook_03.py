"""Notebook 03 in JupyterLab and its report: images and cards on any screen, and open cards on paper."""

import shutil

import pytest
from places import ROOT

NAME = "03_trajectories.ipynb"
SOURCE = ROOT / "notebooks" / NAME
OUTPUTS = """() => jupyterapp.shell.currentWidget.content.widgets
  .filter((cell) => cell.model.type === "code")
  .flatMap((cell) => cell.model.outputs.toJSON())"""
SHOW_SPREADS = """async () => {
  const panel = jupyterapp.shell.currentWidget.content;
  const index = panel.widgets.findIndex((cell) => cell.model.sharedModel.source.includes("images_with_cards("));
  await panel.scrollToItem(index, "start");
}"""


@pytest.fixture(scope="module")
def page_of_report(report_of):
    return report_of("03", "-p", "images=4")


def test_the_notebook_shows_six_images_with_two_cards_each(
    kit_database, open_page, lab, run_notebook, complaints
):
    shutil.copy(SOURCE, lab.folder)
    with open_page(viewport={"width": 1280, "height": 1100}) as opened:
        run_notebook(opened, lab, NAME)
        outputs = opened.evaluate(OUTPUTS)
        opened.evaluate(SHOW_SPREADS)
        opened.wait_for_selector(".rk-spread img")
        spreads = opened.locator(".rk-spread")
        assert spreads.count() == 6
        assert spreads.first.locator("section.rk-card").count() == 2
        for summary in spreads.first.locator("summary").all():
            summary.click()
        assert "this file does not say" in spreads.first.inner_text()
    assert complaints(outputs) == []


@pytest.mark.parametrize("width", [390, 1200])
def test_the_report_fits_any_screen(open_page, page_of_report, width):
    with open_page(viewport={"width": width, "height": 800}) as opened:
        opened.goto(page_of_report.as_uri())
        overflow = opened.evaluate("document.documentElement.scrollWidth - innerWidth")
        way, file = opened.locator(".rk-spread").first.locator("section.rk-card").all()
        beside = file.bounding_box()["x"] > way.bounding_box()["x"]
    assert overflow <= 0
    assert beside == (width == 1200)


def test_cards_of_an_appendix_are_folded_on_screen_and_open_on_paper(open_page, report_of):
    with open_page() as opened:
        opened.goto(report_of("01").as_uri())
        answer = opened.locator(".rk-cards dd").first
        assert not answer.is_visible()
        opened.locator(".rk-cards summary").first.click()
        assert answer.is_visible()
        other = opened.locator(".rk-cards > details").last.locator("dd").first
        assert not other.is_visible()
        opened.emulate_media(media="print")
        assert other.is_visible()
