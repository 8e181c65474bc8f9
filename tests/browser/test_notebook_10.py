"""Notebook 10 in JupyterLab: the roulette is turned by hand, and the kernel answers."""

import shutil

from places import ROOT
from playwright.sync_api import expect

NAME = "10_labels_and_people.ipynb"
SHOW_ROULETTE = """async () => {
  const panel = jupyterapp.shell.currentWidget.content;
  const index = panel.widgets.findIndex((cell) => cell.model.sharedModel.source.includes("Roulette(wheel"));
  await panel.scrollToItem(index, "start");
}"""


def test_the_roulette_turns_in_jupyterlab(open_page, lab, run_notebook):
    shutil.copy(ROOT / "notebooks" / NAME, lab.folder)
    with open_page(viewport={"width": 1280, "height": 1100}) as page:
        run_notebook(page, lab, NAME)
        page.evaluate(SHOW_ROULETTE)
        widget = page.locator(".rk-roulette-widget")
        expect(widget.locator(".rk-position")).to_have_text("1 of 183")
        first = widget.locator("h3").inner_text()
        widget.get_by_role("button", name="Next").click()
        expect(widget.locator(".rk-position")).to_have_text("2 of 183")
        expect(widget.locator("h3")).not_to_have_text(first)
        widget.get_by_role("button", name="Of one label").click()
        widget.get_by_label("Which label").fill("Parrot")
        page.keyboard.press("Enter")
        expect(widget.locator(".rk-tag")).to_have_text("Parrot")
        expect(widget.locator(".rk-position")).to_have_text("1 of 2")
        name, said = (widget.locator(f"dl {part}").first.bounding_box() for part in ("dt", "dd"))
        assert name["x"] == said["x"]
        assert name["y"] < said["y"]
        widget.get_by_role("button", name="Without what was tagged").click()
        assert "still hangs there" in widget.get_by_role("img").get_attribute("alt")
