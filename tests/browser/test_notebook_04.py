"""Notebook 04 in JupyterLab and its report: all charts and tables, on any screen."""

import shutil

import pytest
from places import ROOT

NAME = "04_the_residue_of_a_data_set.ipynb"
SOURCE = ROOT / "notebooks" / NAME
OUTPUTS = """() => jupyterapp.shell.currentWidget.content.widgets
  .filter((cell) => cell.model.type === "code")
  .flatMap((cell) => cell.model.outputs.toJSON())"""
SHOW_MAP = """async () => {
  const panel = jupyterapp.shell.currentWidget.content;
  const index = panel.widgets.findIndex((cell) => cell.model.sharedModel.source.includes("charts.tag_heat_map("));
  await panel.scrollToItem(index, "start");
}"""


@pytest.fixture(scope="module")
def page_of_report(report_of):
    return report_of("04")


def test_the_notebook_runs_in_jupyterlab_and_shows_the_map_of_the_frame(open_page, lab, run_notebook):
    shutil.copy(SOURCE, lab.folder)
    with open_page(viewport={"width": 1280, "height": 1100}) as opened:
        run_notebook(opened, lab, NAME)
        outputs = opened.evaluate(OUTPUTS)
        opened.evaluate(SHOW_MAP)
        chart = opened.locator("img[alt^='A map of the frame']")
        chart.wait_for()
        assert chart.bounding_box()["width"] > 300
    assert [each for each in outputs if each["output_type"] == "error" or each.get("name") == "stderr"] == []
    assert sum("text/html" in each.get("data", {}) for each in outputs) == 10


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_fits_any_screen(open_page, page_of_report, width, scheme):
    with open_page(viewport={"width": width, "height": 800}, color_scheme=scheme) as opened:
        opened.goto(page_of_report.as_uri())
        assert opened.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        boxes = opened.locator("img:not(.rk-scroll img), .rk-scroll").all()  # a chart may be scrolled
        assert all(each.bounding_box()["width"] <= width for each in boxes)
