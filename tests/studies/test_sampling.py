"""A draw follows from the seed and the ids alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.errors import ParameterError
from retrain_kit.studies import sampling

names = st.lists(st.text(min_size=1, max_size=8), unique=True, max_size=30)
seeds = st.integers(0, 1000)


def test_the_lots_of_a_seed_are_these():
    assert sampling.draw_order(["a", "b", "c", "d", "e"], 7) == ["c", "e", "a", "d", "b"]


@given(names, seeds, st.randoms())
def test_lots_do_not_depend_on_the_order_of_the_list(ids, seed, random):
    shuffled = list(ids)
    random.shuffle(shuffled)
    assert sampling.draw_order(shuffled, seed) == sampling.draw_order(ids, seed)


@given(names, names, seeds)
def test_ids_keep_their_order_whichever_others_are_there(some, others, seed):
    all_lots = sampling.draw_order(some + others, seed)
    assert [name for name in all_lots if name in set(some)] == sampling.draw_order(some, seed)


def test_an_id_listed_twice_is_drawn_once():
    assert sorted(sampling.draw_order(["a", "b", "a"], 1)) == ["a", "b"]


def test_a_rule_draws_at_least_one_image():
    with pytest.raises(ParameterError, match="n: found 0; expected a number of images above 0"):
        sampling.Rule(0, 7)
