"""Notebook 03 runs headless, and its report shows each image, its card and its material."""

import pytest
from bs4 import BeautifulSoup
from commands import typed

from retrain_kit.analysis import material, trajectories
from retrain_kit.datasets import folder
from retrain_kit.studies import manifests, sampling


@pytest.fixture(scope="module")
def page(report_of):
    return BeautifulSoup(report_of("03", "-p", "images=4").read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def study():
    manifest = manifests.load("embedded-sample")
    return manifest, sampling.draw_samples(folder.read(manifest), 4, 7)


def told(cards):
    """Return the questions and answers in HTML, without who says them."""
    found = []
    for term in cards.find_all("dt"):
        answer = term.find_next_sibling("dd")
        said = answer.small.get_text() if answer.small else ""
        found.append((term.get_text(), answer.get_text().removesuffix(said).strip(), said))
    return found


def test_the_report_shows_every_drawn_image_with_its_card_and_its_material(page, study):
    manifest, drawn = study
    spreads = page.select(".rk-spread")
    assert [spread.select_one(".rk-title").get_text() for spread in spreads] == [
        sample.id for sample in drawn
    ]
    for spread, sample in zip(spreads, drawn, strict=True):
        assert spread.img["alt"] == sample.alt
        way, file = spread.select("section.rk-card")
        for shown, card in (
            (way, trajectories.trajectory_card(sample, manifest)),
            (file, material.read_material(sample.path).card),
        ):
            assert told(shown) == [(fact.question, fact.answer, fact.source) for fact in card.facts]
            assert [text.get_text() for text in shown.find_all("li")] == list(card.unknown)


def test_an_image_without_exif_says_so(page):
    assert page.get_text().count("this file does not say") == 4


def test_the_report_says_what_cannot_be_concluded(page):
    assert "What cannot be concluded" in [heading.get_text() for heading in page.find_all("h2")]


def test_the_report_holds_no_script_and_no_request(page):
    assert page.find_all(["script", "link", "iframe", "object"]) == []
    assert [tag for tag in page.find_all(src=True) if not tag["src"].startswith("data:")] == []


def test_a_missing_ink_profile_is_one_line(tmp_path):
    done = typed(tmp_path, "report", "03", "-p", "images=1", "-p", "ink_profile=none.icc")
    assert done.returncode == 2
    assert (
        "parameter ink_profile: found 'none.icc'; expected a file that is there, or nothing." in done.stderr
    )
    assert len(done.stderr.splitlines()) == 1


def test_the_report_of_notebook_01_ends_with_a_card_for_each_image(report_of, study):
    manifest, _ = study
    drawn = sampling.draw_samples(folder.read(manifest), 12, 7)
    html = report_of("01").read_text(encoding="utf-8")
    cards = BeautifulSoup(html, "html.parser").select(".rk-cards > details")
    assert [card.summary.strong.get_text() for card in cards] == [sample.id for sample in drawn]
    for card, sample in zip(cards, drawn, strict=True):
        facts = trajectories.trajectory_card(sample, manifest).facts
        assert told(card) == [(fact.question, fact.answer, fact.source) for fact in facts]
