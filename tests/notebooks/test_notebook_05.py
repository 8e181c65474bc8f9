"""Notebook 05 runs headless: prompts, list, images, and ranges of answers that nobody said."""

import re
from functools import partial

import pytest
import reporting
from commands import typed
from reporting import page, text

from retrain_kit.answers import AnswerContext, Consent, Store

report = partial(reporting.report, "05")


@pytest.fixture(scope="module")
def demonstrated(kit_database, tmp_path_factory):
    where = tmp_path_factory.mktemp("demonstration")
    done = report(where, "-p", "language=pt")
    assert done.returncode == 0, done.stderr
    return page(where)


@pytest.fixture(scope="module")
def answered(kit_database, tmp_path_factory):
    """The report over a store in which one person has said three things of two images."""
    where = tmp_path_factory.mktemp("answered")
    consent = Consent(("class",), "what-if-1", "2026-11-22T09:00:00Z")
    with Store(where / "answers") as store:

        def say(image, words, key="", **details):
            asked = AnswerContext("embedded-sample", "what-if", "?", (image,))
            return store.say(words, asked, consent, key, details={"hole": "", **details}).key

        key = say("sheep", "<b>a cloud</b> asleep", act="added", likely="likely")
        say("giraffe", "It flies.", key, act="let the elephant in", likely=2)
        store.refuse("burn", AnswerContext("embedded-sample", "what-if", "?", ("giraffe",)), consent, key)
    done = report(where, "-p", "images=2", "-p", f"store_folder={where / 'answers'}")
    assert done.returncode == 0, done.stderr
    return page(where)


def test_prompts_and_list_stand_in_english_with_the_translation_beside(demonstrated):
    notes = [note for note in demonstrated.select("section.rk-note") if note.h3.text == "What If…?"]
    note = notes[-1]
    assert [line.text for line in note.select("[lang=en]")][:2] == [
        "What might exist in the blank area?",
        "Add another option to the list below.",
    ]
    assert len(note.select("li [lang=pt]")) == 10
    assert "translation, not reviewed" in note.text
    assert [len(each.select("li")) for each in notes] == [8, 8, 9, 10]
    assert "This list was begun by Claude" in notes[0].text
    assert "begun" not in note.text


def test_where_nobody_has_answered_every_range_is_marked_as_said_by_nobody(demonstrated):
    drawings = demonstrated.select('img[src^="data:image/svg"]')
    assert len(drawings) == 4
    assert all(drawing["alt"].startswith("Demonstration: said by nobody.") for drawing in drawings)
    assert text(demonstrated).count("Image 1 – Demonstration: said by nobody.") == 1


def test_images_have_numbers_until_the_cards_at_the_end(demonstrated):
    before = text(demonstrated).split("Trajectories")[0]
    assert "Image 1" in before
    assert not re.search("sheep|giraffe|polar-bear", before)


def test_everything_is_embedded_and_described_and_nothing_is_asked_for(demonstrated):
    assert all(image["src"].startswith("data:") and image["alt"] for image in demonstrated.find_all("img"))
    assert demonstrated.find_all(["script", "link", "iframe", "object"]) == []


def test_what_people_said_is_shown_as_text_and_without_any_demonstration(answered):
    assert "Demonstration: said by nobody" not in str(answered)
    assert "<b>a cloud</b> asleep" in text(answered)
    assert "1 person: likely (66–90 %)" in text(answered)


def test_the_elephants_act_is_in_the_log_and_the_refusal_is_shown(answered):
    assert re.search(r"Image 2: \w+-\w+-\w+-\w+ let the elephant in \(It flies\.\)", text(answered))
    notes = {note.h3.text: note for note in answered.select("section.rk-note")}
    lines = {term.text: term.find_next("dd").text for term in notes["Image 2"].find_all("dt")}
    assert lines["(an elephant)"] == "1 person: 2 %"
    assert lines["refused"] == "burn"
    assert "outside the range" in notes["Image 1"].text


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("language=de", "language: found 'de'; expected one of en, pt, es, fr, sw, zh."),
        ("per=pixel", "per: found 'pixel'; expected one of image, hole."),
    ],
)
def test_a_wrong_parameter_is_told_in_a_line(tmp_path, option, told):
    done = typed(tmp_path, "report", "05", "-p", option)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
