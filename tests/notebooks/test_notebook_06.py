"""Notebook 06 runs headless: with the knife case, and with what people have said."""

from functools import partial

import pytest
import reporting
from commands import typed
from reporting import page, text

from retrain_kit.annotations import samples
from retrain_kit.answers import Consent, Store
from retrain_kit.datasets import folder
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.polyphony import pairs
from retrain_kit.exercises.polyphony.polyphony import Polyphony
from retrain_kit.studies import manifests

report = partial(reporting.report, "06")
CONSENT = Consent(("class",), "polyphony-1", "2025-03-04T09:30:00Z")


@pytest.fixture(scope="module")
def demonstration(kit_database, tmp_path_factory):
    """The report where nobody has said anything."""
    where = tmp_path_factory.mktemp("demonstration")
    done = report(where, "-p", "pairs=2", "-p", "language=pt")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in where.iterdir()] == ["reports"]
    return page(where)


def test_two_pairs_are_shown_with_alt_texts(demonstration):
    manifest = manifests.load("embedded-sample")
    faced = pairs.draw_pair_figures([(manifest, folder.read(manifest))], 2, 7)
    figures = demonstration.select("figure.rk-figure:has(.rk-title)")[:2]
    assert [figure.select_one(".rk-title").text for figure in figures] == ["Pair 1", "Pair 2"]
    shown = [image["alt"] for figure in figures for image in figure.find_all("img")]
    assert shown == [panel.alt for each in faced for panel in each.figure.panels]
    assert "2 pairs, all of one data set: there is no other." in text(demonstration)


def test_the_prompts_stand_to_the_letter_and_their_translation_beside(demonstration):
    for prompt in prompts.prompts_of("polyphony").values():
        assert prompt.text in demonstration.get_text()
        assert prompt.translation("pt") in demonstration.get_text()
    assert prompts.UNREVIEWED_NOTE in demonstration.get_text()


def test_the_knife_is_found_both_readings_stay_and_nobody_said_it(demonstration):
    agreed, dissent = demonstration.find_all("table")[:2]
    assert agreed.select_one("tbody th").text == "knife"
    assert {row.th.text for row in dissent.select("tbody tr")} >= {"cake", "crime"}
    for table in (agreed, dissent):
        assert "Demonstration: said by nobody." in table.caption.text
    assert "chose not to answer" in text(demonstration)
    assert "3 people are too few to tell" in text(demonstration)


def test_nothing_is_asked_for_and_every_image_is_described(demonstration):
    images = demonstration.find_all("img")
    assert all(image["src"].startswith("data:image/") and len(image["alt"]) > 20 for image in images)
    assert demonstration.find_all(["script", "link", "iframe", "object"]) == []


def test_what_people_said_is_shown_in_place_of_the_demonstration_as_text(kit_database, tmp_path):
    manifest = manifests.load("embedded-sample")
    every = samples.filter_regions(folder.read(manifest), [])
    pair = pairs.draw_pair_figures([(manifest, every)], 1, 7)[0].pair
    with Store(tmp_path / "answers") as store:
        table = Polyphony(store, pair)
        people = [
            table.answer(table.turn(), sentence, CONSENT, language="en")
            for sentence in ("Both wait <script>alert(1)</script>.", "Both are cold.")
        ]
        for said in people * 2:
            table.answer(table.turn(said.record.who), "Both wait.", CONSENT, said.key, language="en")
    done = report(tmp_path, "-p", "pairs=1", "-p", "store_folder=answers")
    assert done.returncode == 0, done.stderr
    found = page(tmp_path)
    assert "knife-case" not in text(found)
    assert "Both wait <script>alert(1)</script>." in text(found)
    assert found.find_all("script") == []
    assert [row.th.text for row in found.find_all("table")[0].select("tbody tr")] == ["both", "wait"]


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("language=xx", "language: found 'xx'; expected one of en"),
        ("use=sale", "use: found 'sale'; expected one of class, publication."),
        ("pairs=-1", "pairs: found '-1'; expected int, 0 or more."),
        ("seed=-1", "seed: found '-1'; expected int, 0 or more."),
        ("second_study=none-such", "none-such"),
    ],
)
def test_a_wrong_value_is_one_line(tmp_path, option, message):
    done = typed(tmp_path, "report", "06", "-p", option)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
