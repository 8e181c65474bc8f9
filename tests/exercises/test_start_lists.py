"""What If…? begins with what fits each image, asks only what is true there, and not about what is all blank."""

import pytest

from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.answers import Consent, Store
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.what_if import aggregate, asked_images, figures, session, start_lists, what_if
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.start_lists import EMPTY, own_list, source_list
from retrain_kit.exercises.what_if.what_if import WhatIf
from retrain_kit.studies.starts import Start

ANN = Voice(Consent(("class",), "what-if-1", "2026-11-30T09:00:00Z"), "-".join(["babab"] * 8))
MEADOW = own_list(Start(("a calf", "a hay bale"), "a whale", "Ana"))
SNOW = own_list(Start(("a fox",), "", "Ana"))
LISTS = {"meadow": MEADOW, "snow": SNOW, "cloud": source_list()}
SOURCE = [prompt.text for prompt in prompts.prompts_of("what-if").values()]


@pytest.fixture
def exercise(tmp_path):
    with Store(tmp_path / "answers") as store:
        yield WhatIf(store, "nature", LISTS)


def texts(found):
    return [text for option in found.options for text in option.texts]


def asked(exercise, image):
    return [line.text for line in exercise.asked(BlankPlace(image), "en")]


def test_the_sources_list_stands_where_a_study_says_sky_and_no_other_list_does(exercise):
    found = {image: exercise.range(BlankPlace(image)) for image in ("cloud", "meadow", "snow", "sea")}
    assert texts(found["cloud"])[0] == "bird"
    assert texts(found["meadow"]) == ["a calf", "a hay bale"]
    assert texts(found["snow"]) == ["a fox"]
    assert texts(found["sea"]) == []
    outside = [each.outside and each.outside.texts for each in found.values()]
    assert outside == [("(an elephant)",), ("(a whale)",), ("(an elephant)",), None]


def test_the_sources_sentences_stand_to_the_letter_where_they_are_true(exercise):
    assert asked(exercise, "cloud") == asked(exercise, "snow") == SOURCE
    assert asked(exercise, "meadow") == [
        *SOURCE[:2],
        "Your choice should be reasonably probable here, unlike an unlikely option: (a whale).",
        "Make sure your choice aligns with the overall probability of the existing options, except for: (a whale).",
    ]
    assert asked(exercise, "sea") == [
        SOURCE[0],
        "Nothing is on the list yet. Begin it with an option of your own.",
        "Your choice should be reasonably probable here.",
    ]
    exercise.add(BlankPlace("sea"), "foam", 40, ANN)
    assert asked(exercise, "sea") == [
        *SOURCE[:2],
        "Your choice should be reasonably probable here.",
        "Make sure your choice aligns with the overall probability of the existing options.",
    ]


def test_a_page_says_who_began_a_list_and_which_words_are_not_the_sources(exercise):
    own = "Where the source's sentences do not fit, the kit's own take their place."
    pages = {
        image: session.list_for_page(exercise.range(BlankPlace(image)), "en", told=False)
        for image in ("cloud", "snow", "meadow", "sea")
    }
    assert [page["begun"] for page in pages.values()] == [
        [],
        ["This list was begun by Ana, with what fits here."],
        ["This list was begun by Ana, with what fits here.", own],
        ["Nobody has said what fits here: this list began empty.", own],
    ]
    assert figures.range_alt(exercise.range(BlankPlace("sea"))) == "Nothing is on the list yet."


def test_what_is_improbable_somewhere_is_let_in_by_name_and_the_elephant_is_an_option_there(exercise):
    place = BlankPlace("meadow")
    with pytest.raises(ParameterError, match=r"found \(a whale\), outside the range"):
        exercise.add(place, "The whale", 10, ANN)
    exercise.add(place, "an elephant", 10, ANN)
    said = exercise.let_elephant_in(place, 2, ANN, "It rained.")
    found = exercise.range(place)
    assert texts(found) == ["a calf", "a hay bale", "an elephant", "(a whale)"]
    assert [(act.kind, act.texts) for act in found.acts] == [("let in", ("(a whale)",))]
    assert said.record.details["option"] == "anchor:a whale"
    with pytest.raises(ParameterError, match="nothing outside the range"):
        exercise.let_elephant_in(BlankPlace("sea"), 2, ANN)


def test_an_answer_keeps_the_list_it_was_given_to(exercise):
    for image, start in LISTS.items():
        exercise.add(BlankPlace(image), "mist", 10, ANN)
        found = aggregate.range_from_answers(exercise.store.records(), BlankPlace(image), "class")
        assert found == exercise.range(BlankPlace(image))
        assert found.start == start
    exercise.refuse(BlankPlace("sea"), "nothing", ANN)
    assert aggregate.range_from_answers(exercise.store.records(), BlankPlace("sea"), "class").start == EMPTY


def test_what_people_spoke_of_stays_when_a_study_begins_its_list_anew(exercise):
    exercise.place(BlankPlace("cloud"), "original:kite", 40, ANN)
    exercise.let_elephant_in(BlankPlace("cloud"), 2, ANN)
    exercise.place(BlankPlace("meadow"), "start:a calf", 30, ANN)
    anew = WhatIf(exercise.store, "nature", {"cloud": MEADOW})
    begun, spoken = texts(anew.range(BlankPlace("cloud")))[:2], texts(anew.range(BlankPlace("cloud")))[2:]
    assert (begun, sorted(spoken)) == (["a calf", "a hay bale"], ["(an elephant)", "kite"])
    assert texts(anew.range(BlankPlace("meadow"))) == ["a calf"]


def test_details_of_another_program_are_a_list_as_far_as_they_can_be_read():
    assert start_lists.recorded_list({"start": ["a", 3], "anchor": ["x"], "by": None}).options == {
        "start:a": "a"
    }
    assert start_lists.recorded_list({"start": "a"}) == source_list()
    assert start_lists.recorded_list({"start": []}) == EMPTY


# -- which images are asked about ------------------------------------------------------------------------


def image(name, right):
    box = Box(0, 0, right, 10)
    regions = (Region(id="r", label="Cat", annotator="ann", box=box),) if right else ()
    return Sample(id=name, path=None, width_px=10, height_px=10, regions=regions)


HALF, MOST, ALL, NONE = image("half", 5), image("most", 8), image("all", 9), image("none", 0)


def test_what_is_almost_all_blank_is_not_asked_about_and_is_named():
    found = asked_images.draw_asked([HALF, MOST, ALL, NONE], 0, 7)
    assert {sample.id for sample in found.samples} == {"half", "most"}
    assert str(found) == "Not asked about, since more than 80 % of them is blank: all (90.0%)."
    assert str(asked_images.draw_asked([HALF, ALL], 0, 7, 95)) == ""


def test_images_are_asked_about_by_name_and_all_that_is_wrong_with_the_names_is_said():
    assert asked_images.choose_asked([HALF, MOST], ["most", "half"]).samples == [MOST, HALF]
    with pytest.raises(ParameterError) as raised:
        asked_images.choose_asked([HALF, ALL, NONE], ["halve", "all", "none", "half"])
    assert [(fault.where, fault.found) for fault in raised.value.faults] == [
        ("image", "'halve'"),
        ("image all", "90.0% of it blank"),
        ("image none", "nothing blank"),
    ]


def test_the_prompts_of_one_language_stand_beside_whatever_list_it_is():
    for start in (MEADOW, SNOW, EMPTY):
        lines = what_if.asked_lines(start, "pt", listed=bool(start.options))
        assert all(line.beside and "{" not in line.text + line.beside for line in lines)
