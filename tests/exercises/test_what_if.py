"""What If…? keeps what people imagine, gives it back as a range, and never as one label."""

import ast
import re
from dataclasses import fields
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.answers import REFUSALS, Consent, Store
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.exercises.common import refusals
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.what_if import aggregate, demonstration, figures, what_if
from retrain_kit.exercises.what_if import ranges as what_if_ranges
from retrain_kit.exercises.what_if.ranges import BlankPlace, Option, Range
from retrain_kit.exercises.what_if.what_if import WhatIf

SHOWN = Consent(("class",), "what-if-1", "2026-11-22T09:00:00Z")
KEPT_ASIDE = Consent((), "what-if-1", "2026-11-22T09:00:00Z")
ANN, BEN, EVA = (Voice(SHOWN, "-".join([word] * 8)) for word in ("babab", "dodod", "gugug"))
SKY = BlankPlace("sky")
FIRST = [
    "bird",
    "aeroplane",
    "balloon",
    "parachutist",
    "kite",
    "drone",
    "fireworks",
    "day moon",
    "more cloud",
]


@pytest.fixture
def exercise(tmp_path):
    with Store(tmp_path / "answers") as store:
        yield WhatIf(store, "nature")


def texts(found):
    return [option.texts for option in found.options]


def option(found, text):
    (one,) = (each for each in found.options if text in each.texts)
    return one


def ref(exercise, text, place=SKY):
    options = exercise.range(place).options
    (one,) = (w.refs[0] for each in options for w in each.wordings if w.text == text)
    return one


# -- the list --------------------------------------------------------------------------------------------


def test_the_list_begins_with_the_originals_options_in_their_order_and_no_degrees(exercise):
    found = exercise.range(SKY)
    assert [text for (text,) in texts(found)] == FIRST
    assert [each.span for each in found.options] == [None] * 9
    assert found.outside.texts == ("(an elephant)",)
    assert found.empty


def test_what_somebody_adds_grows_the_list_as_it_was_typed(exercise):
    said = exercise.add(SKY, "  MIST <b>", "likely", ANN)
    found = exercise.range(SKY)
    assert texts(found)[9:] == [("  MIST <b>",)]
    assert said.record.asked.images == ("sky",)
    assert said.record.asked.prompt.splitlines()[0] == "What might exist in the blank area?"
    assert not found.empty


def test_degrees_of_words_are_intervals_and_of_numbers_points(exercise):
    exercise.add(SKY, "mist", "likely", ANN)
    exercise.place(SKY, ref(exercise, "mist"), 12.5, BEN)
    mist = option(exercise.range(SKY), "mist")
    assert sorted((each.likelihood.low, each.likelihood.high) for each in mist.degrees) == [
        (12.5, 12.5),
        (66, 90),
    ]
    assert (mist.people, mist.span) == (2, (12.5, 90))


def test_two_people_who_type_the_same_words_speak_of_one_option(exercise):
    exercise.add(SKY, "caf\u00e9 sign", 10, ANN)
    exercise.add(SKY, " cafe\u0301  sign", 30, BEN)
    found = exercise.range(SKY)
    assert len(found.options) == 10
    assert found.options[-1].span == (10, 30)


def test_capitals_make_another_wording_and_are_not_merged(exercise):
    exercise.add(SKY, "Mist", 10, ANN)
    exercise.add(SKY, "mist", 30, BEN)
    assert len(exercise.range(SKY).options) == 11


def test_the_last_that_a_person_says_of_a_wording_counts_and_the_store_keeps_all(exercise, tmp_path):
    for number in range(4):
        voice = Voice(SHOWN, ANN.key, once=f"{number:032x}")
        exercise.place(SKY, "original:kite", 10 * number, voice)
    kite = option(exercise.range(SKY), "kite")
    assert [each.likelihood.low for each in kite.degrees] == [30]
    assert len(exercise.store.records()) == 4


def test_holes_and_images_have_lists_of_their_own(exercise):
    hole = BlankPlace("sky", "xywh=1,2,3,4")
    exercise.add(hole, "mist", 10, ANN)
    assert len(exercise.range(hole).options) == 10
    assert (
        len(exercise.range(SKY).options)
        == len(exercise.range(BlankPlace("sky", "xywh=0,0,1,1")).options)
        == 9
    )


def test_a_footnote_stands_beside_the_wording_that_stays(exercise):
    said = exercise.add(SKY, "mist", 10, ANN)
    exercise.store.amend(said.record.id, "I meant fog", ANN.key)
    (wording,) = option(exercise.range(SKY), "mist").wordings
    assert [note.text for note in wording.footnotes] == ["I meant fog"]


def test_a_withdrawn_wording_is_gone_and_what_others_said_of_it_stays(exercise):
    said = exercise.add(SKY, "mist", 10, ANN)
    exercise.place(SKY, said.record.id, 20, BEN)
    exercise.store.withdraw(said.record.id, ANN.key)
    found = exercise.range(SKY)
    assert texts(found)[9:] == [("(wording withdrawn)",)]
    assert found.options[-1].span == (20, 20)


def test_what_its_author_does_not_agree_to_show_is_counted_and_not_shown(exercise):
    exercise.add(SKY, "mist", 10, Voice(KEPT_ASIDE))
    found = exercise.range(SKY)
    assert texts(found) == [(text,) for text in FIRST]
    assert found.withheld == 1


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_is_an_answer_and_no_option(exercise, refusal):
    exercise.refuse(SKY, refusal, ANN, "enough")
    found = exercise.range(SKY)
    assert [(record.refusal, record.text) for record in found.refusals] == [(refusal, "enough")]
    assert len(found.options) == 9
    assert not found.empty


def test_the_order_in_which_records_come_does_not_change_the_range(exercise):
    exercise.add(SKY, "mist", 10, ANN)
    exercise.add(SKY, "mist", "likely", BEN)
    exercise.let_elephant_in(SKY, 3, EVA)
    exercise.call_same(SKY, ("original:kite", "original:drone"), ANN)
    records = exercise.store.records()
    ranges = [aggregate.range_from_answers(order, SKY, "class") for order in permutations(records)]
    assert ranges == ranges[:1] * 24


# -- the elephant ----------------------------------------------------------------------------------------


def test_the_elephant_stays_outside_until_somebody_lets_it_in_by_an_act_that_is_logged(exercise):
    exercise.add(SKY, "mist", 10, ANN)
    assert exercise.range(SKY).outside is not None
    said = exercise.let_elephant_in(SKY, 3, BEN, "It flies.")
    found = exercise.range(SKY)
    assert found.outside is None
    assert texts(found)[-1] == ("(an elephant)",)
    assert found.options[-1].span == (3, 3)
    (act,) = found.acts
    assert (act.kind, act.record) == ("let the elephant in", said.record)
    assert exercise.range(BlankPlace("other")).outside is not None


def test_the_elephant_goes_out_again_when_its_act_is_withdrawn(exercise):
    said = exercise.let_elephant_in(SKY, 3, BEN)
    exercise.store.withdraw(said.record.id, BEN.key)
    assert exercise.range(SKY).outside is not None


@pytest.mark.parametrize(
    "text", ["elephant", "(An Elephant)", "two flying elephants", "éléphant", "tembo", "一头大象"]
)
def test_nobody_adds_the_elephant_as_if_it_were_any_option(exercise, text):
    with pytest.raises(ParameterError, match="Let it in: that is an act of its own"):
        exercise.add(SKY, text, 10, ANN)


def test_elephant_grass_is_no_elephant(exercise):
    exercise.add(SKY, "elephant grass", 10, ANN)
    assert texts(exercise.range(SKY))[-1] == ("elephant grass",)


def test_an_elephant_from_elsewhere_stays_outside_and_is_never_called_the_same(exercise):
    asked = exercise.add(SKY, "mist", 10, ANN).record.asked
    exercise.store.say("elephant", asked, SHOWN, details={"act": "added", "likely": 50, "hole": ""})
    details = {"act": "called the same", "of": ["original:elephant", "original:bird"], "hole": ""}
    exercise.store.say("same", asked, SHOWN, details=details)
    found = exercise.range(SKY)
    assert "elephant" not in str(texts(found))
    assert found.acts == ()
    with pytest.raises(ParameterError, match="Let it in first"):
        exercise.call_same(SKY, ("original:elephant", "original:bird"), ANN)


# -- the same? -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("balloon", "hot-air balloon", True),
        ("more cloud", "more clouds", True),
        ("a Kite", "kite!", True),
        ("bird", "bard", False),
        ("bird", "kite", False),
        ("...", "kite", False),
        ("雾", "雾", True),
    ],
)
def test_wordings_that_are_nearly_the_same_are_asked_about(one, other, alike):
    assert aggregate.are_similar(one, other) is aggregate.are_similar(other, one) is alike


@given(st.lists(st.text("ab ö'", min_size=1, max_size=12), max_size=12, unique=True))
def test_who_is_compared_with_few_is_near_to_the_same_as_who_is_compared_with_all(texts):
    found = aggregate.WordingSimilarities().similar_pairs(texts)
    pairs = {(one, other) for at, one in enumerate(texts) for other in texts[at + 1 :]}
    assert found == {pair for pair in pairs if aggregate.are_similar(*pair)}


def test_alike_wordings_are_a_question_and_stay_two_options(exercise):
    exercise.add(SKY, "balloons", 10, ANN)
    found = exercise.range(SKY)
    assert [str(question) for question in aggregate.similar_wordings(found)] == ["balloon – balloons"]
    assert len(found.options) == 10


def test_a_person_calls_two_the_same_and_both_wordings_and_all_degrees_stay(exercise):
    exercise.add(SKY, "balloons", 10, ANN)
    exercise.place(SKY, "original:balloon", 60, BEN)
    exercise.call_same(SKY, ("original:balloon", ref(exercise, "balloons")), EVA, "one sky")
    found = exercise.range(SKY)
    assert texts(found)[2] == ("balloon", "balloons")
    assert (len(found.options), found.options[2].span) == (9, (10, 60))
    assert [(act.kind, act.texts, act.record.text) for act in found.acts] == [
        ("called the same", ("balloon", "balloons"), "one sky")
    ]
    assert aggregate.similar_wordings(found) == ()


def test_anybody_takes_them_apart_again_and_both_acts_stay_in_the_log(exercise):
    exercise.add(SKY, "balloons", 10, ANN)
    before = exercise.range(SKY).options
    act = exercise.call_same(SKY, ("original:balloon", ref(exercise, "balloons")), EVA).record.id
    exercise.take_apart(SKY, act, BEN)
    found = exercise.range(SKY)
    assert found.options == before
    assert {(act.kind, act.undone) for act in found.acts} == {
        ("called the same", True),
        ("took apart", False),
    }
    assert aggregate.similar_wordings(found) == ()
    with pytest.raises(ParameterError, match="a merging that stands"):
        exercise.take_apart(SKY, act, BEN)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=12))
def test_calling_the_same_never_loses_a_wording_and_is_a_matter_of_chains(pairs):
    names = [str(number) for number in range(9)]
    groups = aggregate._groups(names, [(str(one), str(other)) for one, other in pairs])
    assert sorted(name for group in groups for name in group) == names
    assert all(group == sorted(group) for group in groups)
    assert [group[0] for group in groups] == sorted(group[0] for group in groups)
    of = {name: at for at, group in enumerate(groups) for name in group}
    assert all(of[str(one)] == of[str(other)] for one, other in pairs)


# -- what cannot be said ---------------------------------------------------------------------------------


@pytest.mark.parametrize("likely", [-1, 100.5, float("nan"), True, None, "", "perhaps", [5]])
def test_a_likelihood_is_a_word_of_the_scale_or_per_cent(exercise, likely):
    with pytest.raises(ParameterError, match="likely: found .*per cent from 0 to 100, or one of"):
        exercise.add(SKY, "mist", likely, ANN)
    assert exercise.store.records() == []


def test_the_words_cover_all_per_cents_without_a_gap():
    edges = list(what_if_ranges.LIKELIHOOD_WORDS.values())
    assert (edges[0][0], edges[-1][1]) == (0, 100)
    assert [high for _, high in edges[:-1]] == [low for low, _ in edges[1:]]


def test_all_faults_of_an_addition_are_said_together(exercise):
    with pytest.raises(ParameterError) as raised:
        exercise.add(SKY, "x" * 190 + " an elephant", 101, ANN)
    assert [fault.where for fault in raised.value.faults] == ["text", "likely", "option"]


def test_a_ten_megabyte_answer_an_empty_one_and_one_on_no_list_are_refused(exercise):
    with pytest.raises(ParameterError, match="10000000 letters"):
        exercise.add(SKY, "x" * 10_000_000, 10, ANN)
    with pytest.raises(ParameterError, match="0 letters"):
        exercise.add(SKY, " \t", 10, ANN)
    with pytest.raises(ParameterError, match="one of the list of this place"):
        exercise.place(SKY, "original:ufo", 10, ANN)
    with pytest.raises(ParameterError, match="two different options"):
        exercise.call_same(SKY, ("original:kite", "original:kite"), ANN)


def test_a_request_that_comes_twice_is_kept_once(exercise):
    voice = Voice(SHOWN, ANN.key, once="0" * 32)
    assert exercise.add(SKY, "mist", 10, voice).record == exercise.add(SKY, "mist", 10, voice).record
    assert len(exercise.store.records()) == 1


def test_details_of_another_program_that_make_no_sense_are_passed_over(exercise):
    asked = exercise.add(SKY, "mist", 10, ANN).record.asked
    for details in (
        {},
        {"act": "called the same", "of": 3},
        {"act": "placed", "option": ["x"]},
        {"act": ["y"]},
    ):
        exercise.store.say("?", asked, SHOWN, details={"hole": "", **details})
    assert texts(exercise.range(SKY)) == [(text,) for text in [*FIRST, "mist"]]


# -- no label --------------------------------------------------------------------------------------------

MODULES = sorted(Path(what_if.__file__).parent.glob("*.py"))
COLLAPSING = re.compile(
    "argmax|argmin|idxmax|mode$|winner|majority|most_common|nlargest|consensus|best|median|mean_"
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_function_collapses_a_range_to_one_label(path):
    tree = ast.parse(path.read_text())
    called = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert [name for name in names if COLLAPSING.search(name)] == []
    picks = [c for c in called if isinstance(c.func, ast.Name) and c.func.id in ("max", "min")]
    assert [keyword.arg for call in picks for keyword in call.keywords if keyword.arg == "key"] == []


def test_a_range_and_an_option_offer_all_or_nothing_and_no_single_text():
    offered = {name for kind in (Range, Option) for name in vars(kind) if not name.startswith("_")}
    offered |= {field.name for kind in (Range, Option) for field in fields(kind)}
    assert offered == {
        *("place", "options", "outside", "refusals", "acts", "withheld", "demonstration", "empty", "start"),
        *("wordings", "degrees", "texts", "people", "span"),
    }


# -- figures ---------------------------------------------------------------------------------------------


def test_a_drawing_has_a_dot_for_a_number_and_a_line_for_a_word_in_the_order_of_the_list(exercise):
    exercise.place(SKY, "original:kite", 99, ANN)
    exercise.place(SKY, "original:bird", "unlikely", BEN)
    drawing = figures.range_svg(exercise.range(SKY))
    assert drawing.count("<circle") == drawing.count('stroke-width="4"') == 1
    assert 'cx="501.1"' in drawing
    assert "M63.2 " in drawing
    assert "H176.4" in drawing
    assert drawing.index(">bird<") < drawing.index(">kite<")
    assert "(an elephant) – outside the range: nobody has let it in" in drawing


def test_a_script_in_a_sentence_is_text_in_every_figure(exercise):
    exercise.add(SKY, "<script>alert(1)</script>", 10, ANN)
    found = exercise.range(SKY)
    assert "<script" not in figures.range_svg(found)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in figures.range_svg(found)


def test_the_text_alternative_tells_every_option_and_its_spread(exercise):
    exercise.place(SKY, "original:kite", 40, ANN)
    exercise.place(SKY, "original:kite", "likely", BEN)
    assert figures.range_alt(exercise.range(SKY)) == (
        "A range of 9 options, each on a line from 0 to 100 per cent. kite: 2 people, from 40 to 90 %. "
        "Of these nobody has said how likely: bird, aeroplane, balloon, parachutist, drone, fireworks, "
        "day moon, more cloud. (an elephant) is outside the range: nobody has let it in."
    )


@pytest.mark.parametrize(
    ("refusal", "text", "shown"),
    [
        ("nothing", "", "nothing"),
        ("no-answer", "", "I choose not to answer"),
        ("burn", "it is ash", "burn – it is ash"),
    ],
)
def test_a_refusal_is_shown_as_such(exercise, refusal, text, shown):
    record = exercise.refuse(SKY, refusal, ANN, text).record
    assert refusals.refusal_in_words(record) == shown


# -- demonstration ---------------------------------------------------------------------------------------


def test_demonstration_answers_say_so_in_every_figure_and_never_come_among_real_ones(exercise, tmp_path):
    example = demonstration.example_what_if(
        tmp_path / "example", "nature", [BlankPlace("a"), BlankPlace("b"), BlankPlace("c")]
    )
    found = [example.range(BlankPlace(name)) for name in "abc"]
    assert all("Demonstration: said by nobody." in figures.range_svg(each) for each in found)
    assert all(figures.range_alt(each).startswith("Demonstration: said by nobody.") for each in found)
    assert [each.outside is None for each in found] == [False, True, False]
    assert [record.refusal for record in found[2].refusals] == ["burn", "no-answer"]
    with pytest.raises(DataError):
        exercise.store.merge(tmp_path / "example")
    with pytest.raises(DataError):
        demonstration.example_what_if(tmp_path / "answers", "nature", [BlankPlace("a")])


def test_the_demonstration_is_the_same_every_time(tmp_path):
    drawings = [
        figures.range_svg(
            demonstration.example_what_if(tmp_path / name, "s", [BlankPlace("a")]).range(BlankPlace("a"))
        )
        for name in ("one", "two")
    ]
    assert drawings[0] == drawings[1]


def test_the_prompt_is_kept_as_it_was_shown_with_the_translation_beside(exercise):
    record = exercise.add(SKY, "brume", 10, Voice(SHOWN, language="fr")).record
    assert record.asked.prompt.splitlines()[:2] == [
        "What might exist in the blank area?",
        "Que pourrait-il exister dans la zone vide ?",
    ]
    assert record.language == "fr"
