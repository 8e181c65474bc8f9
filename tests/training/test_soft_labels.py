"""Soft labels hold everything that was said and may be published, and never one label."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import what_if_records

from retrain_kit.answers import Consent, Store
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.training import crowd_kit, export, selection, soft_labels
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.what_if import WhatIf

PUBLISHED = Consent(("class", "publication"), "what-if-1", "2026-11-22T09:00:00Z")
IN_CLASS = Consent(("class",), "what-if-1", "2026-11-22T09:00:00Z")
ANN, BEN, EVA = (Voice(PUBLISHED, "-".join([word] * 8)) for word in ("babab", "dodod", "gugug"))
SKY = BlankPlace("sky")


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "answers") as made:
        yield made


@pytest.fixture
def exercise(store):
    return WhatIf(store, "nature")


def rows(store):
    return soft_labels.soft_label_table(selection.select_answers(store), {}).to_dicts()


def listed(gathered):
    """All that is written of *What If…?*, as plain values."""
    return soft_labels.soft_label_table(gathered, {}).to_dicts(), crowd_kit.label_table(gathered).to_dicts()


def test_a_place_becomes_a_row_with_all_options_and_their_spread(exercise, store):
    said = exercise.add(SKY, "mist", "likely", ANN)
    store.amend(said.record.id, "I meant fog", ANN.key)
    exercise.place(SKY, "original:bird", 50, ANN)
    exercise.place(SKY, "original:bird", 2, BEN)
    exercise.refuse(SKY, "burn", EVA)
    assert rows(store) == [
        {
            "study": "nature",
            "image_id": "sky",
            "sha256": "",
            "hole": "",
            "options": [["bird"], ["mist"]],
            "footnotes": [[], ["I meant fog"]],
            "weights": [0.25, 0.75],
            "lows": [2.0, 66.0],
            "highs": [50.0, 90.0],
            "people": [2, 1],
            "unspoken": [
                "aeroplane",
                "balloon",
                "parachutist",
                "kite",
                "drone",
                "fireworks",
                "day moon",
                "more cloud",
            ],
            "outside": "(an elephant)",
            "let_in_by": [],
            "refusals": ["burn"],
        }
    ]


def test_the_elephant_is_outside_until_somebody_lets_it_in_by_name(exercise, store):
    exercise.place(SKY, "original:bird", 30, ANN)
    (before,) = rows(store)
    said = exercise.let_elephant_in(SKY, 10, BEN)
    (after,) = rows(store)
    assert (before["options"], before["outside"]) == ([["bird"]], "(an elephant)")
    assert (after["options"], after["weights"]) == ([["bird"], ["(an elephant)"]], [0.75, 0.25])
    assert (after["outside"], after["let_in_by"]) == ("", [said.record.who])


def test_wordings_that_were_called_the_same_are_one_option_with_both_wordings(exercise, store):
    first, second = (Voice(PUBLISHED, ANN.key, once=f"{number:032x}") for number in (1, 2))
    one, other = exercise.add(SKY, "fog", 20, first), exercise.add(SKY, "mist", 40, second)
    exercise.call_same(SKY, [one.record.id, other.record.id], BEN)
    (row,) = rows(store)
    assert (row["options"], row["lows"], row["highs"], row["people"]) == (
        [["fog", "mist"]],
        [20.0],
        [40.0],
        [1],
    )


def test_an_image_that_was_only_refused_has_a_row_without_weights(exercise, store):
    exercise.refuse(SKY, "nothing", ANN)
    (row,) = rows(store)
    assert (row["options"], row["weights"], row["refusals"]) == ([], [], ["nothing"])


def test_options_that_all_found_impossible_have_no_weights(exercise, store):
    exercise.place(SKY, "original:bird", 0, ANN)
    (row,) = rows(store)
    assert (row["options"], row["weights"], row["highs"]) == ([["bird"]], [], [0.0])


def test_a_hole_has_a_row_of_its_own(exercise, store):
    exercise.add(BlankPlace("sky", "xywh=1,2,3,4"), "mist", 10, ANN)
    exercise.add(SKY, "rain", 10, ANN)
    assert [(row["hole"], row["options"]) for row in rows(store)] == [
        ("", [["rain"]]),
        ("xywh=1,2,3,4", [["mist"]]),
    ]


def test_an_option_whose_author_did_not_agree_is_left_out_with_what_others_said_of_it(exercise, store):
    said = exercise.add(SKY, "my house", 10, Voice(IN_CLASS))
    exercise.place(SKY, said.record.id, 90, ANN)
    exercise.place(SKY, "original:bird", 5, ANN)
    (row,) = rows(store)
    assert (row["options"], row["weights"]) == ([["bird"]], [1.0])


def test_the_digest_of_an_image_stands_beside_its_id_where_it_is_known(tmp_path):
    with Store(tmp_path / "answers") as store:
        WhatIf(store, "embedded-sample").add(BlankPlace("bison"), "mist", 10, ANN)
        gathered = selection.select_answers(store)
        (row,) = soft_labels.soft_label_table(gathered, export.known_images(gathered)).to_dicts()
    assert row["sha256"] == "71987e89dc8e57370e2fea644154a0371abb7b2b0cdf2acb17139b6610487cb8"


@given(what_if_records())
def test_the_weights_of_a_place_sum_to_one_or_are_none(records):
    for found in selection.select_records(records).ranges("nature"):
        weights = soft_labels.option_weights(found)
        assert not weights or sum(weights) == pytest.approx(1)
        assert len(weights) in (0, len(soft_labels.spoken_options(found)))
        assert all(0 <= weight <= 1 for weight in weights)


@given(what_if_records(), st.randoms(use_true_random=False))
def test_the_order_in_which_answers_come_does_not_matter(records, chance):
    shuffled = chance.sample(records, len(records))
    assert listed(selection.select_records(shuffled)) == listed(selection.select_records(records))


@given(what_if_records())
def test_what_was_refused_never_becomes_a_label(records):
    told, degrees = listed(selection.select_records(records))
    assert not any("refused" in wording for row in told for option in row["options"] for wording in option)
    assert not any("refused" in row["label"] for row in degrees)


@given(what_if_records())
def test_what_was_not_agreed_to_be_published_is_counted_and_appears_nowhere(records):
    gathered = selection.select_records(records)
    assert gathered.withheld == sum("publication" not in record.consent.agreed for record in records)
    assert "aside" not in repr(listed(gathered))


@given(what_if_records())
def test_no_one_option_is_all_that_is_left_where_several_were_spoken_of(records):
    for found in selection.select_records(records).ranges("nature"):
        spoken = [option for option in found.options if option.degrees]
        assert soft_labels.soft_label_row(found)["options"] == [list(option.texts) for option in spoken]


def test_people_count_the_same_however_much_they_say(exercise, store):
    for name in ("bird", "kite", "drone"):
        exercise.place(SKY, f"original:{name}", 20, ANN)
    exercise.place(SKY, "original:bird", 60, BEN)
    (row,) = rows(store)
    assert row["weights"] == [0.5, 0.25, 0.25]
