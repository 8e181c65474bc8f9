"""Pairs of images: of different data sets where possible, the same for a seed, none twice."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.errors import ParameterError
from retrain_kit.exercises.polyphony import pairs
from retrain_kit.exercises.polyphony.pairs import Pair, PairedImage

SIDES = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 30)), min_size=2, max_size=25, unique=True)


def sides(named):
    return [PairedImage(f"study-{name}", name, str(number)) for name, number in named]


@given(SIDES, st.integers(0, 9), st.randoms(use_true_random=False))
def test_pairs_follow_from_the_seed_and_not_from_the_order_of_the_images(named, seed, random):
    shuffled = sides(named)
    random.shuffle(shuffled)
    assert pairs.draw_pairs(shuffled, 0, seed) == pairs.draw_pairs(sides(named), 0, seed)


@given(SIDES, st.integers(0, 9))
def test_no_image_comes_twice_and_as_many_pairs_cross_data_sets_as_can(named, seed):
    drawn = pairs.draw_pairs(sides(named), 0, seed)
    every = [side for pair in drawn for side in pair.sides]
    assert len(drawn) == len(named) // 2
    assert len(set(every)) == len(every)
    of = Counter(name for name, _ in named)
    most = max(of.values())
    assert sum(pair.crosses for pair in drawn) == min(len(named) // 2, len(named) - most)


def test_another_seed_draws_other_pairs():
    every = sides([("a", number) for number in range(20)])
    assert pairs.draw_pairs(every, 3, 1) != pairs.draw_pairs(every, 3, 2)


def test_an_image_of_another_study_is_kept_with_its_studys_name():
    pair = Pair(PairedImage("one", "a", "1"), PairedImage("two", "b", "1"))
    assert pair.images == ("1", "two/1")
    assert Pair(PairedImage("one", "a", "1"), PairedImage("one", "a", "2")).images == ("1", "2")


def test_too_few_images_and_a_wrong_number_are_told_together():
    with pytest.raises(ParameterError) as error:
        pairs.draw_pairs(sides([("a", 1)]), -1, 7)
    assert str(error.value) == (
        "pairs: found -1; expected 0 or more.\nimages: found 1; expected at least two, to make a pair of."
    )
