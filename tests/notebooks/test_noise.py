"""No notebook concludes anything from a study made of noise, nor tells it what another study has shown."""

import re

import jupytext
import noise
import pytest
import reporting
from bs4 import BeautifulSoup
from places import ROOT

from retrain_kit.datasets import folder
from retrain_kit.studies import manifests

TOGETHER = {
    ("01",): ("-p", "images=0"),
    ("02", "03", "05", "07", "09", "12", "17", "18"): ("-p", "images=4"),
    ("00", "04", "06", "08", "10", "11", "13", "15", "16", "19"): (),
}
"""The notebooks that are told the same: all images, some, or what they say themselves."""
NOTEBOOKS = sorted(number for numbers in TOGETHER for number in numbers)
FOREIGN = (
    "embedded sample",
    "embedded-sample",
    *manifests.load("embedded-sample").annotation.undisclosed,
    *manifests.load("embedded-sample").annotation.annotators.values(),
)
"""Words of another study."""
NOT_SAID = ".rk-code, style, .rk-credit:-soup-contains('data set: The embedded sample')"
"""Code, and the credits of images that come with the kit, under answers made for demonstration."""
CONCLUSIONS = (
    r"in the dark (more|less) of the detail is",
    r"boxes cover (more|less) of the middle than",
    r"\bsignificant",
    r"\bclearly\b",
    r"\bproves?\b(?! that there is none)",
    r"whoever \w+ (puts|follows)",
    r"factor of",
    r"third of the (image|luminance)|(dark|middle|light) third",
    r"the (circle|group) (enriched|anchored)",
    r"hardly any",
    r"most data sets|in most\b",
)
"""Sentences that noise gives no reason for."""


def limits(shown):
    """Return the two shares of an interval in per cent."""
    low, high = re.fullmatch(r"(\d+\.\d)–(\d+\.\d)%", shown).groups()
    return float(low) / 100, float(high) / 100


def rows(soup, name):
    """Return the rows of a table, each as its cells by the heads of their columns."""
    table = soup.select_one(f'.rk-scroll[aria-label="Table: {name}"]')
    heads = [cell.get_text(strip=True) for cell in table.select("thead th")]
    return [
        dict(zip(heads, (cell.get_text(strip=True) for cell in row.find_all(["th", "td"])), strict=True))
        for row in table.select("tbody tr")
    ]


def figures(soup):
    """Return the figures of a study in a table of two columns."""
    return {row["of the study"]: row["figure"] for row in rows(soup, "coverage of the study")}


def of_the_mean_tagged(soup):
    low, high = limits(figures(soup)["interval of this mean, 95%"])
    assert low < noise.true_share_tagged() < high
    assert figures(soup)["images"] == "40"


def of_notebook_01(soup, text):
    """Its labels too are what they are: nothing in them is mathematics or markup."""
    of_the_mean_tagged(soup)
    assert {row["label"] for row in rows(soup, "coverage by label")} == set(noise.LABELS)
    assert not soup.select("b:-soup-contains('slorb'), math, mjx-container")
    assert "No difference from chance can be seen: " in text
    assert "drawn by chance from the whole list in folder 1" in text
    assert "These figures say nothing about images that are not in this list." in text


def of_notebook_02(soup, text):
    """Each of three annotators made a third of everything, as far as chance goes."""
    shares = [limits(row["interval"]) for row in rows(soup, "annotations by annotator")]
    assert len(shares) == 6
    assert all(low < 1 / 3 < high for low, high in shares)
    assert "all not said" in text
    assert "answered 2 of 12 questions that Croissant asks of a data set" in text  # what it leaves out is one


def of_notebook_03(soup, text):
    assert "No difference can be seen between dark and light: " in text
    assert "files read 40 of 40" in text


def of_notebook_04(soup, text):
    of_the_mean_tagged(soup)
    assert {row["label"] for row in rows(soup, "coverage by label")} == set(noise.LABELS)
    assert re.search(r"all of the study; \d+ of them have no region that can be read", text)


def of_notebook_06(soup, text):
    assert "people are too few to tell" in text


def of_notebook_07(soup, text):
    assert "A mouse is not an eye" in text


def of_notebook_09(soup, text):
    """Two halves of noise differ by chance alone."""
    (table,) = [each for each in soup.find_all("table") if "first less second" in each.text]
    said = {row.find_all("td")[-1].get_text(strip=True) for row in table.select("tbody tr")}
    assert said <= {"no difference can be seen", "nothing can be said"}
    assert "No image was found to be in both studies." in text
    assert "4 of 4 words come in both." in text


def of_notebook_11(soup, text):
    """Nothing is written of noise, and it was taken nowhere; what is denied by chance is counted."""
    assert rows(soup, "who says where")[0] == {
        "where they were taken": "unknown",
        "images": "40",
        "of all": "100.0%",
    }
    assert text.count("Nothing is written of these images") == 4
    assert len(soup.select('.rk-scroll[aria-label="Table: denied"] tbody tr')) == len(noise.LABELS)


def of_notebook_18(soup, text):
    """Nobody drew anything: the times are those of the rule, and say so."""
    assert text.count("Nobody drew these.") == 2
    (word,) = [row for row in rows(soup, "own pace") if row["work"] == "word"]
    assert (word["your seconds each, active"], word["published seconds each"]) == (
        "2.0",
        "no published figure",
    )


OWN = {"01": of_notebook_01, "02": of_notebook_02, "03": of_notebook_03, "04": of_notebook_04}
OWN |= {"06": of_notebook_06, "07": of_notebook_07, "09": of_notebook_09, "11": of_notebook_11}
OWN |= {"18": of_notebook_18}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return noise.write_study(tmp_path_factory.mktemp("noise"))


@pytest.fixture(scope="module")
def made(kit_database, tmp_path_factory, study):
    """The folder of the reports on noise, and the processes that made them; each pays once for what all load."""
    where = tmp_path_factory.mktemp("on noise")
    done = [
        reporting.report(first, where, *more, *options, "--study", study, "-j", "1")
        for (first, *more), options in TOGETHER.items()
    ]
    return where / "reports", done


def test_reports_on_noise_end_with_3_as_three_of_its_boxes_cover_nothing(made):
    assert [each.returncode for each in made[1]] == [3] * len(TOGETHER), made[1]


@pytest.mark.parametrize("number", NOTEBOOKS)
def test_a_report_on_noise_concludes_nothing(made, number):
    folder, done = made
    pages = list(folder.glob(f"{number}_*.html"))
    assert pages, done
    assert any(f"{pages[0].name}: 3 annotations could not be taken" in each.stderr for each in done)
    soup = BeautifulSoup(pages[0].read_text(encoding="utf-8"), "html.parser")
    for part in soup.select(NOT_SAID):
        part.decompose()
    text = reporting.text(soup)
    assert "Made for a test, of noise" in text
    assert [words for words in FOREIGN if words in text] == []
    assert [found[0] for each in CONCLUSIONS if (found := re.search(each, text, re.IGNORECASE))] == []
    if number in OWN:
        OWN[number](soup, text)


def test_what_is_known_of_the_noise_is_what_its_images_have(study):
    """The study itself is one draw: its own mean lies near that of all such images."""
    samples = folder.read(manifests.load(study))
    assert len(samples) == 40
    assert {region.label for sample in samples for region in sample.regions} == set(noise.LABELS)
    assert sum(not sample.regions for sample in samples) >= 3


@pytest.mark.parametrize("number", NOTEBOOKS)
def test_the_text_of_a_notebook_names_no_finding_of_one_study(number):
    (path,) = (ROOT / "notebook_sources").glob(f"{number}_*.py")
    cells = jupytext.read(path).cells
    prose = " ".join(" ".join(cell.source for cell in cells if cell.cell_type == "markdown").split())
    assert "sample's" not in prose
    assert "embedded sample" not in prose
    assert not re.search(r"\b(in|of) \d+ of the\b", prose)
    assert [found[0] for each in CONCLUSIONS if (found := re.search(each, prose, re.IGNORECASE))] == []
