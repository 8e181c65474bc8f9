"""Leaving people out: scores worked out by hand, laws, and worlds in which it is known what the range knows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrain_kit.analysis import left_out
from retrain_kit.analysis.left_out import ARMS, CONTROLS, WeighedPlace, leave_people_out, typical_gain

NOTHING = np.nan


def places(table, count=5):
    """Return so many places, with wordings of their own, of which everybody says the same table."""
    rows = np.array(table, dtype=float)
    return [WeighedPlace(tuple(f"{n}.{k}" for k in range(rows.shape[1])), rows) for n in range(count)]


def world(seed, sharpness, people=12, count=6):
    """Return places whose ranges are each as sharp as drawn: `sharpness` 0 has all alike but for their order."""
    random = np.random.default_rng(seed)
    found = []
    for number in range(count):
        power = random.uniform(1 - sharpness, 1 + sharpness)
        truth = random.permutation(np.array([0.6, 0.3, 0.15, 0.1]) ** power)
        said = 100 * np.clip(truth * np.exp(0.4 * random.standard_normal((people, 4))), 0, 1)
        found.append(WeighedPlace(tuple(f"{number}.{k}" for k in range(4)), said))
    return found


def test_scores_are_those_worked_out_by_hand():
    found = leave_people_out(places([[100, 0]] * 10))
    alike = (pytest.approx(-np.log(0.975)), pytest.approx(2 * 0.025**2), 1)
    even = (pytest.approx(np.log(2)), pytest.approx(0.5), 0.5)
    told = [(each.log_loss, each.square_loss, each.hits) for each in found.scores.values()]
    assert told == [alike, alike, alike, even, alike]
    assert list(found.scores) == list(ARMS)
    assert (found.people, found.places, found.answers, found.silent) == (10, 5, 50, 0)
    assert not found.knows_more


def test_overall_frequencies_are_of_the_same_wordings_elsewhere():
    there = [WeighedPlace(("cloud", "bird"), np.array([[75.0, 25.0]] * 10)) for _ in range(5)]
    assert leave_people_out(there).scores[left_out.OVERALL] == leave_people_out(there).scores[left_out.RANGE]


def test_what_says_nothing_of_others_is_counted_and_not_scored():
    table = [[60, 40, NOTHING]] * 10 + [
        [60, NOTHING, NOTHING],
        [0, 0, NOTHING],
        [NOTHING, 1, 5],
        [NOTHING] * 3,
    ]
    found = leave_people_out(places(table))
    assert (found.people, found.answers, found.silent) == (10, 50, 15)


@pytest.mark.parametrize(("people", "count"), [(9, 5), (10, 4), (1, 1)])
def test_too_little_is_no_result(people, count):
    found = leave_people_out(places([[100, 0]] * people, count))
    assert (found.is_enough, found.scores, found.gains, found.knows_more) == (False, {}, {}, False)


def test_nothing_at_all_is_too_little():
    assert not leave_people_out([]).is_enough


def test_typical_gains_lie_where_means_of_parts_do():
    gain = typical_gain(np.array([1.0, 2.0, 3.0]))
    assert gain.mean == 2
    assert (gain.interval.low, gain.interval.high) == (1, 3)
    assert gain.p == pytest.approx(0.0001, abs=2e-5)


def test_a_range_that_knows_more_and_one_that_does_not():
    assert leave_people_out(world(1, 0.9)).knows_more
    found = leave_people_out(world(1, 0))
    assert found.gains[left_out.LABEL].is_better
    assert not found.gains[left_out.OTHER_RANGE].is_better
    assert not found.knows_more


@settings(max_examples=8)
@given(st.permutations(range(12)), st.permutations(range(6)))
def test_neither_the_order_of_people_nor_of_places_changes_a_score(people, order):
    there = world(3, 0.5)
    moved = [WeighedPlace(there[n].wordings, there[n].per_cents[people]) for n in order]
    first, second = leave_people_out(there), leave_people_out(moved)
    for arm in CONTROLS:
        assert first.gains[arm].mean == pytest.approx(second.gains[arm].mean)
