"""A taxonomy keeps meanings apart, knows all ways to the top, and says why something was withdrawn."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.annotations.taxonomy import Synset, Taxonomy, Withdrawal
from retrain_kit.errors import DataError, ParameterError

BIRD = Synset("n02012849", ("crane",), "large long-necked wading bird", ("n02000954",))
MACHINE = Synset("n03126707", ("crane",), "lifts and moves heavy objects", ("n03664675",))
DOG = Synset("dog", ("dog", "domestic_dog"), "", ("canine", "pet"))
ANIMALS = Taxonomy(
    [
        Synset("entity", ("entity",)),
        Synset("animal", ("animal",), "", ("entity",)),
        Synset("canine", ("canine",), "", ("animal",)),
        Synset("pet", ("pet",), "", ("animal",)),
        DOG,
        Synset("laika", ("Laika",), "a dog in space", ("dog",), instance_of=("dog",)),
    ]
)


def test_a_synset_shows_its_words_with_spaces_and_commas():
    assert DOG.words == "dog, domestic dog"
    assert Synset("n1").words == "n1"
    assert str(BIRD) == "n02012849 (crane: large long-necked wading bird)"
    assert str(DOG) == "dog (dog, domestic dog)"


def test_all_ways_to_the_top_are_found_in_the_order_of_the_parents():
    assert ANIMALS.paths("dog") == (("entity", "animal", "canine", "dog"), ("entity", "animal", "pet", "dog"))
    assert ANIMALS.paths("entity") == (("entity",),)


def test_ancestors_come_nearest_first_and_once():
    assert ANIMALS.ancestors("dog") == ("canine", "pet", "animal", "entity")
    assert ANIMALS.ancestors("entity") == ()


def test_a_subtree_begins_with_itself():
    assert ANIMALS.subtree("animal") == ("animal", "canine", "pet", "dog", "laika")
    assert ANIMALS.children("animal") == ("canine", "pet")


def test_instances_can_be_left_out_of_a_subtree():
    assert ANIMALS.subtree("pet", instances=False) == ("pet", "dog")
    assert ANIMALS.children("dog", instances=False) == ()
    assert ANIMALS.paths("laika")[0] == ("entity", "animal", "canine", "dog", "laika")


def test_an_extract_names_the_parents_it_was_cut_from():
    extract = Taxonomy([BIRD, MACHINE])
    assert extract.roots == ("n02012849", "n03126707")
    assert extract.missing == ("n02000954", "n03664675")
    assert extract.paths("n02012849") == (("n02012849",),)
    assert ANIMALS.roots == ("entity",)
    assert ANIMALS.missing == ()


def test_a_circle_of_parents_ends():
    circle = Taxonomy([Synset("a", parents=("b",)), Synset("b", parents=("a",)), Synset("c", parents=("c",))])
    assert circle.paths("a") == (("b", "a"),)
    assert circle.ancestors("a") == ("b",)
    assert circle.subtree("a") == ("a", "b")
    assert circle.paths("c") == (("c",),)
    assert circle.roots == ()


def test_an_id_that_stands_twice_is_a_fault_each_time():
    with pytest.raises(DataError, match=r"synset a: found its id a second time(.|\n)*synset b"):
        Taxonomy([Synset("a"), Synset("b"), Synset("a"), Synset("b")])


def test_an_unknown_id_names_near_ones():
    with pytest.raises(ParameterError, match=r"synset: found 'canin'; .*Near it: canine"):
        ANIMALS.paths("canin")


def test_a_word_of_two_meanings_is_refused_with_both_glosses():
    with pytest.raises(ParameterError) as error:
        Taxonomy([BIRD, MACHINE]).meanings(["crane"])
    assert str(error.value) == (
        "labels: found 'crane', which means n02012849 (crane: large long-necked wading bird) and "
        "n03126707 (crane: lifts and moves heavy objects); expected one meaning. Give the id of the one you mean."
    )


def test_an_id_says_which_meaning():
    assert Taxonomy([BIRD, MACHINE]).meanings(["n03126707"]) == [MACHINE]


def test_all_words_in_a_row_go_before_one_of_them():
    suit, short = Synset("n1", ("maillot", "tank_suit")), Synset("n2", ("maillot",))
    swimwear = Taxonomy([suit, short])
    assert swimwear.meanings(["maillot", "maillot, tank suit", "tank suit", "tank_suit"]) == [
        short,
        suit,
        suit,
        suit,
    ]


def test_all_labels_that_mean_nothing_are_named_together():
    with pytest.raises(ParameterError) as error:
        ANIMALS.meanings(["dgo", "dog", "entite"], "words")
    assert [(fault.where, fault.found) for fault in error.value.faults] == [
        ("words", "'dgo'"),
        ("words", "'entite'"),
    ]
    assert error.value.faults[0].do == "Near it: dog."


def test_what_was_withdrawn_stays_with_its_reason_and_is_not_used_unawares():
    taxonomy = Taxonomy([BIRD], {"n02012849": "withdrawn in 2019", "n10000000": "a slur"})
    assert taxonomy.synset("n02012849").retired == "withdrawn in 2019"
    assert taxonomy.synset("n10000000") == Synset("n10000000", retired="a slur")
    with pytest.raises(ParameterError, match="found 'crane', which was withdrawn: withdrawn in 2019;"):
        taxonomy.meanings(["crane"])


def test_date_and_source_of_a_withdrawal_stand_apart_from_its_reason():
    told = Withdrawal("unsafe", "2019-09-17", "Yang and others")
    crane = Taxonomy([BIRD], {"n02012849": told}).synset("n02012849")
    assert (crane.retired, crane.retired_on, crane.retired_by) == ("unsafe", "2019-09-17", "Yang and others")
    assert crane.withdrawal == told
    assert str(told) == "unsafe (2019-09-17, Yang and others)"
    assert (str(Withdrawal("unsafe")), BIRD.withdrawal) == ("unsafe", None)


names = st.sampled_from("abcdefgh")
graphs = st.dictionaries(names, st.lists(names, max_size=3, unique=True).map(tuple), min_size=1).map(
    lambda table: Taxonomy(Synset(name, (name,), "", parents) for name, parents in table.items())
)


@given(graphs)
def test_one_is_below_another_exactly_where_the_other_is_above(graph):
    for name in graph.synsets:
        below = set(graph.subtree(name)) - {name}
        assert below == {other for other in graph.synsets if name in graph.ancestors(other)}


@given(graphs)
def test_a_circle_is_found_exactly_where_a_synset_is_above_itself(graph):
    circles = graph.circles()
    below_themselves = {
        name
        for name in graph.synsets
        if any(name in graph.ancestors(each) or name == each for each in graph.parents(name))
    }
    assert bool(circles) == bool(below_themselves)
    for circle in circles:
        assert all(above in graph.parents(below) for below, above in pairwise((*circle, circle[0])))


@given(graphs)
def test_paths_go_parent_by_parent_without_meeting_an_id_twice_and_hold_all_ancestors(graph):
    for name in graph.synsets:
        paths = graph.paths(name)
        assert {step for path in paths for step in path} == {name, *graph.ancestors(name)}
        for path in paths:
            assert path[-1] == name
            assert len(set(path)) == len(path)
            assert all(above in graph.parents(below) for above, below in pairwise(path))
