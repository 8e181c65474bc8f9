"""Every synset has one place in the tree, and every place is reached; words that may wound are veiled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.annotations.label_tree import build_label_tree
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.annotations.veil import Veil, veil_over
from retrain_kit.errors import DataError, ParameterError

PETS = Taxonomy(
    [
        Synset("entity", ("entity",)),
        Synset("animal", ("animal",), "", ("entity",)),
        Synset("person", ("person", "somebody"), "a human being", ("entity",)),
        Synset("pet", ("pet",), "", ("animal",)),
        Synset("dog", ("dog",), "", ("pet", "animal")),
        Synset("sitter", ("dog_sitter",), "sits with dogs", ("person",)),
        Synset("laika", ("Laika",), "", ("traveller", "dog"), instance_of=("traveller",)),
        Synset("traveller", ("traveller",), "", ("person",)),
    ]
)


def test_a_tree_has_each_before_what_stands_below_it():
    tree = build_label_tree(PETS)
    assert tree.ids == ("entity", "animal", "pet", "dog", "laika", "person", "sitter", "traveller")
    assert tree.depths.tolist() == [0, 1, 2, 3, 4, 1, 2, 2]
    assert tree.below.tolist() == [7, 3, 2, 1, 0, 2, 0, 0]
    assert tree.elsewhere == {"dog": ("animal",), "laika": ("traveller",)}


def test_a_synset_that_is_only_an_instance_stands_below_that():
    tree = build_label_tree(
        Taxonomy([Synset("poet"), Synset("sappho", parents=("poet",), instance_of=("poet",))])
    )
    assert tree.ids == ("poet", "sappho")
    assert tree.below.tolist() == [1, 0]


def test_a_circle_is_a_fault_that_shows_it():
    round_ = Taxonomy([Synset("top"), Synset("a", parents=("b",)), Synset("b", parents=("a",))])
    with pytest.raises(DataError, match="a circle: a → b → a; expected parents that lead to a top"):
        build_label_tree(round_)
    with pytest.raises(DataError, match="a circle: a → a"):
        build_label_tree(Taxonomy([Synset("a", parents=("a",))]))


@given(st.lists(st.lists(st.integers(0, 30), max_size=3), min_size=1, max_size=30))
def test_every_synset_is_reached_once_and_stands_below_one_of_its_parents(above):
    synsets = [
        Synset(f"s{number}", parents=tuple(f"s{each}" for each in dict.fromkeys(parents) if each < number))
        for number, parents in enumerate(above)
    ]
    taxonomy = Taxonomy(synsets)
    tree = build_label_tree(taxonomy)
    assert sorted(tree.ids) == sorted(taxonomy.synsets)
    for place, name in enumerate(tree.ids):
        inside = tree.ids[place + 1 : place + 1 + tree.below[place]]
        assert all(tree.depths[tree.places[each]] > tree.depths[place] for each in inside)
        parents = set(taxonomy.parents(name))
        beside = set(tree.elsewhere.get(name, ()))
        assert beside < parents or not parents


def test_without_a_list_all_words_below_person_are_veiled():
    veil = veil_over(PETS)
    assert veil.ids == {"sitter", "laika", "traveller"}
    assert veil.words(PETS.synset("sitter")) == "▒▒▒ (#a545704a)"  # the id is a word
    assert veil.gloss(PETS.synset("sitter")) == ""
    assert veil.words(PETS.synset("person")) == "person, somebody"


def test_with_a_list_those_are_veiled_that_it_names():
    assert veil_over(PETS, ["pet"]).ids == {"pet"}
    with pytest.raises(ParameterError, match="'cat'"):
        veil_over(PETS, ["cat", "pet"])


def test_who_has_accepted_sees_all_words():
    veil = veil_over(PETS, accepted=True)
    assert veil.words(PETS.synset("sitter")) == "dog sitter"
    assert veil.gloss(PETS.synset("sitter")) == "sits with dogs"


def test_a_system_without_people_has_nothing_to_veil_until_one_names_the_place():
    animals = Taxonomy([Synset("animal"), Synset("dog", parents=("animal",))])
    assert veil_over(animals) == Veil()
    assert veil_over(animals, persons=["animal"]).ids == {"dog"}
