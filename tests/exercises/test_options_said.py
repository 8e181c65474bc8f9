"""What people said could be there stands beside the data set's own lines, where they agreed to it."""

from retrain_kit.answers import Author, Consent, Store
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.what_if.options_said import OPTION, options_said
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.what_if import WhatIf

TEXT = ("1", "2026-11-22T09:00:00Z")


def test_options_are_lines_about_their_image_of_those_who_agreed_and_until_withdrawn(tmp_path):
    place, agreed, silent = BlankPlace("1"), Author.new(), Author.new()
    with Store(tmp_path / "answers") as store:
        exercise = WhatIf(store, "study")
        voice = Voice(Consent(("class",), *TEXT), agreed.key)
        kite = exercise.add(place, "a kite", 0.5, voice).record
        exercise.add(place, "a drone", 0.5, Voice(Consent(("publication",), *TEXT), silent.key))
        exercise.place(place, kite.id, 0.2, voice)
        exercise.refuse(place, "nothing", voice)
        (line,) = options_said(store, "study")["1"]
        assert (line.text, line.kind, line.annotator) == ("a kite", OPTION, agreed.who)
        assert options_said(store, "another") == {}
        store.withdraw(kite.id, agreed.key)
        assert options_said(store, "study") == {}
