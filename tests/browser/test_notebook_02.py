"""Notebook 02 in JupyterLab: it runs, and its widget compares an image without one annotator and another."""

import shutil

import pytest
from places import ROOT

from retrain_kit.analysis import by_annotator
from retrain_kit.datasets import folder
from retrain_kit.studies import manifests, sampling

NAME = "02_who_made_this.ipynb"
SOURCE = ROOT / "notebooks" / NAME

# JupyterLab draws only the cells near what is seen.
SHOW_WIDGET = """async () => {
  const panel = jupyterapp.shell.currentWidget.content;
  const index = panel.widgets.findIndex((cell) => cell.model.sharedModel.source.includes("Compare(pages)"));
  await panel.scrollToItem(index, "start");
}"""
OUTPUTS = """() => jupyterapp.shell.currentWidget.content.widgets
  .filter((cell) => cell.model.type === "code")
  .flatMap((cell) => cell.model.outputs.toJSON())"""


@pytest.fixture(scope="module")
def page(kit_database, open_page, lab, run_notebook):
    shutil.copy(SOURCE, lab.folder)
    with open_page(viewport={"width": 1280, "height": 1100}) as opened:
        run_notebook(opened, lab, NAME)
        opened.evaluate(SHOW_WIDGET)
        opened.wait_for_selector(".rk-compare-widget img")
        yield opened


def test_every_cell_shows_something_but_the_imports(page, complaints):
    outputs = page.evaluate(OUTPUTS)
    assert complaints(outputs) == []
    assert sum("text/html" in each.get("data", {}) for each in outputs) == 18


def test_the_widget_goes_through_the_images_that_several_annotators_marked(page):
    manifest = manifests.load("embedded-sample")
    several = sampling.draw_samples(
        by_annotator.samples_with_several_groups(folder.read(manifest), manifest, "word"), 12, 7
    )
    widget = page.locator(".rk-compare-widget")
    widget.focus()
    titles = []
    for number in range(len(several)):
        assert f"{number + 1} of {len(several)}" in widget.inner_text()
        titles.append(widget.locator(".rk-title").inner_text())
        page.keyboard.press("]")
    assert titles == [sample.id for sample in several]


def test_the_widget_lays_one_annotator_beside_another(page):
    widget = page.locator(".rk-compare-widget")
    widget.locator("select").first.select_option(label="without “detector-corrected”")
    widget.locator("select").last.select_option(label="without “model-drawn”")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.rk-compare-widget img')]"
        ".filter((image) => image.checkVisibility({ visibilityProperty: true }))"
        ".some((image) => image.alt.includes('without “model-drawn”'))"
    )
    alts = [image.get_attribute("alt") for image in widget.locator("img:visible").all()]
    assert ["without “detector-corrected”" in alts[0], "without “model-drawn”" in alts[1]] == [True, True]
