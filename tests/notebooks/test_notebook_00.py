"""Notebook 00 leads on: to every notebook that there is, and to commands that there are."""

import re

import jupytext
import pytest
from bs4 import BeautifulSoup
from places import ROOT

from retrain_kit.cli import kit

BINDER = "https://mybinder.org/v2/gh/retrain-kit/retrain-kit/HEAD?urlpath=lab/tree/"
PROSE = "\n".join(
    cell.source
    for cell in jupytext.read(ROOT / "notebook_sources" / "00_start_here.py").cells
    if cell.cell_type == "markdown"
)


def test_it_leads_to_every_other_notebook():
    there = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")} - {"00_start_here.ipynb"}
    assert set(re.findall(r"\]\((\S+\.ipynb)\)", PROSE)) == there


def test_the_commands_that_it_names_are_there():
    named = set(re.findall(r"`retrain-kit ([\w-]+)", PROSE))
    assert named
    assert named <= set(kit.commands)


@pytest.mark.parametrize("number", ["00", "01", "05", "06", "07", "08"])
def test_a_badge_opens_a_notebook_that_is_there(number):
    (path,) = (ROOT / "notebooks").glob(f"{number}_*.ipynb")
    assert f"({BINDER}notebooks/{path.name})" in (ROOT / "README.md").read_text("utf-8")


def test_its_report_shows_an_image_three_times(report_of):
    page = BeautifulSoup(report_of("00").read_text(encoding="utf-8"), "html.parser")
    assert {image["alt"].split(".")[0] for image in page.select("figure img")}
    assert [words for words in ("tagged", "decanonized", "taken") if words not in page.get_text()] == []
    assert len(page.select("figure img")) == 3
    assert "09 Two studies" in page.get_text()
    assert page.select('a[href$=".ipynb"]') == []
