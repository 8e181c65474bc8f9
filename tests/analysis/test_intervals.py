"""Intervals hold the true mean about as often as they say, and there is none where too little tells of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.analysis import intervals
from retrain_kit.analysis.intervals import Interval, difference_interval, mean_interval, ratio_intervals

shares = st.lists(st.integers(1, 64).map(lambda n: n / 64), min_size=5, max_size=40)


@pytest.mark.parametrize(("images", "least"), [(5, 0.88), (12, 0.91), (45, 0.93), (200, 0.93)])
def test_the_true_mean_lies_within_about_as_often_as_is_said(images, least):
    """Shares of a skewed distribution whose mean is 1/3, 400 draws of it."""
    random = np.random.default_rng(11)
    draws = random.beta(0.5, 1, (400, images))
    held = np.mean([1 / 3 in mean_interval(draw) for draw in draws])
    assert least <= held <= 0.985


def test_an_interval_narrows_as_images_grow_more():
    random = np.random.default_rng(3)
    few, many = (mean_interval(random.random(images)) for images in (25, 2500))
    assert many.high - many.low < (few.high - few.low) / 5


def test_more_images_than_groups_come_to_the_interval_of_the_normal_distribution():
    values = np.random.default_rng(5).random(20_000)
    found, reach = mean_interval(values), 1.96 * values.std() / 20_000**0.5
    assert found.low == pytest.approx(values.mean() - reach, abs=reach / 5)
    assert found.high == pytest.approx(values.mean() + reach, abs=reach / 5)


@given(shares)
def test_the_mean_itself_lies_within_and_the_limits_between_least_and_most(values):
    found = mean_interval(values)
    if len(set(values)) == 1:
        assert found is None
    else:
        assert min(values) - 1e-9 <= found.low <= np.mean(values) <= found.high <= max(values) + 1e-9


@given(shares, st.integers(0, 9))
def test_the_same_seed_gives_the_same_interval(values, seed):
    assert mean_interval(values, seed) == mean_interval(values, seed)


@pytest.mark.parametrize(
    "values", [[], [0.5], [0.1, 0.2, 0.3, 0.4], [0.5] * 30, [0.0] * 40 + [0.1, 0.2, 0.3, 0.4]]
)
def test_too_few_images_or_none_that_differ_have_no_interval(values):
    assert mean_interval(values) is None


def test_a_ratio_of_sums_counts_the_images_that_have_a_whole():
    """Five of eight images have regions; what each annotator made of them is one share of two sums."""
    parts = np.array([[1], [3], [0], [2], [4], [0], [5], [0]], float)
    wholes = np.array([[4], [4], [0], [4], [4], [0], [6], [0]], float)
    (found,) = ratio_intervals(parts, wholes)
    assert 15 / 22 in found
    assert 0.25 <= found.low < found.high <= 1


def test_limits_are_shown_in_per_cent():
    assert Interval(0.0512, 1).percent == "5.1–100.0%"


def test_groups_are_of_about_the_same_size_and_by_chance():
    groups = intervals.group_images(2500)
    assert sorted(np.bincount(groups))[::999] == [2, 3]
    assert list(intervals.group_images(3)) == [0, 1, 2]
    assert list(groups[:1000]) != list(range(1000))


@given(shares, st.randoms())
def test_the_order_of_images_changes_nothing(values, random):
    assert mean_interval(random.sample(values, len(values))) == mean_interval(values)


def test_a_difference_of_two_means_holds_nothing_where_chance_made_it_about_as_often_as_is_said():
    random = np.random.default_rng(13)
    draws = random.beta(0.5, 1, (300, 2, 30))
    held = np.mean([0 in difference_interval(*pair) for pair in draws])
    assert 0.92 <= held <= 0.99


def test_a_difference_has_no_interval_where_images_are_too_few_or_none_of_them_differ():
    assert difference_interval([0.1, 0.2, 0.3, 0.4], [0.5] * 9) is None
    assert difference_interval([0.5] * 9, [0.5] * 9) is None
    found = difference_interval(np.linspace(0, 1, 50), [0.0] * 9)
    assert 0.3 < found.low < 0.5 < found.high < 0.7


@pytest.mark.parametrize(("inside", "outside"), [(0.5, 0.3), (0.3, 0.3)])
def test_a_true_lift_lies_within_about_as_often_as_is_said(inside, outside):
    """60 images of which about 18 are chosen, 300 draws."""
    random = np.random.default_rng(5)
    held = []
    for _ in range(300):
        chosen = random.random(60) < 0.3
        there = random.random(60) < np.where(chosen, inside, outside)
        (found,) = intervals.lift_intervals(there[:, np.newaxis], chosen)
        held += [inside / (0.3 * inside + 0.7 * outside) in found] if found else []
    assert 0.92 <= np.mean(held) <= 0.985


def test_a_lift_without_enough_images_or_of_what_all_hold_has_no_interval():
    chosen = np.arange(20) < 8
    held = np.stack([np.arange(20) < 4, np.ones(20, bool), np.arange(20) < 5], axis=1)
    few, every, enough = intervals.lift_intervals(held, chosen)
    assert (few, every) == (None, None)
    assert 5 / 8 / (5 / 20) in enough
