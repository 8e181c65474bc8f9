"""Leaving people out of a class's own answers: what is taken from ranges, and what is told."""

import numpy as np
import pytest
from click.testing import CliRunner

from retrain_kit.answers import Consent, Store
from retrain_kit.cli import kit
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.training import predicted_people, selection
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.what_if import WhatIf

PUBLISHED = Consent(("class", "publication"), "what-if-1", "2026-11-22T09:00:00Z")
IN_CLASS = Consent(("class",), "what-if-1", "2026-11-22T09:00:00Z")
CONSONANTS = "bdfghklmnp"


def voice(number, consent=PUBLISHED):
    return Voice(consent, "-".join([f"{CONSONANTS[number]}abab"] * 8))


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "answers") as made:
        yield made


def test_per_cents_are_by_person_and_by_the_middle_of_a_word(store):
    exercise = WhatIf(store, "nature")
    exercise.place(BlankPlace("sky"), "original:bird", "likely", voice(0))
    exercise.place(BlankPlace("sky"), "original:kite", 20, voice(1))
    exercise.place(BlankPlace("sky"), "original:kite", 90, voice(2, IN_CLASS))
    exercise.place(BlankPlace("sea"), "original:kite", 5, voice(1))
    exercise.refuse(BlankPlace("hill"), "burn", voice(3))
    sea, sky = predicted_people.weighed_places(selection.select_answers(store).ranges("nature"))
    assert (sea.wordings, sky.wordings) == (("kite",), ("bird", "kite"))
    assert sorted(map(str, sky.per_cents.tolist())) == ["[78.0, nan]", "[nan, 20.0]"]
    assert np.nansum(sea.per_cents) == 5


def test_ten_people_at_five_places_are_told_with_all_arms(store):
    exercise = WhatIf(store, "nature")
    for place in range(5):
        for person in range(10):
            for number, name in enumerate(("bird", "kite", "drone")):
                likely = 90 if number == place % 3 else 10 + person
                exercise.place(BlankPlace(f"image-{place}"), f"original:{name}", likely, voice(person))
    told = CliRunner().invoke(kit, ["training", str(store.folder), "--test"])
    assert told.exit_code == 0
    assert "10 people left out, at 5 images, 50 times in all." in told.output
    for arm in ("the range of the others", "one label", "one label, softened", "the overall frequencies"):
        assert arm in told.output
    assert "That is a result." in told.output


def test_too_little_is_said_and_is_no_fault(store):
    WhatIf(store, "nature").place(BlankPlace("sky"), "original:bird", 40, voice(0))
    told = CliRunner().invoke(kit, ["training", str(store.folder), "--test"])
    assert told.exit_code == 0
    assert "That is too little to say anything: 10 people at 5 images are the fewest." in told.output
    assert "log loss" not in told.output


@pytest.mark.parametrize("words", [[], ["--test", "--as", "narratives"]])
def test_either_something_is_made_or_tested(store, words):
    told = CliRunner().invoke(kit, ["training", str(store.folder), *words])
    assert told.exit_code == 2
    assert "Say either --as and what to make, or --test." in told.output


@pytest.mark.parametrize(("sharpness", "knows"), [(0, False), (0.5, True)])
def test_of_made_up_people_it_is_known_what_their_ranges_know(sharpness, knows):
    verdict = predicted_people.leave_people_out(predicted_people.simulated_places(sharpness, 7))
    assert verdict.knows_more == knows
    words = " ".join(predicted_people.verdict_words(verdict))
    assert ("better than each of the four controls" in words) == knows
