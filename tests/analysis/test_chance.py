"""Chance: a null that is stated, seeded and calibrated."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from retrain_kit.analysis import attention, chance
from retrain_kit.analysis.attention import BoxGrid
from retrain_kit.analysis.chance import TracedImage
from retrain_kit.annotations.samples import Box, Region
from retrain_kit.annotations.traces import Trace
from retrain_kit.errors import DataError, ParameterError

SIZE = (640, 480)
BOXES = (
    Region("Bird", Box(64, 48, 320, 192)),
    Region("Tree", Box(192, 96, 448, 384)),
    Region("Bird", Box(512, 360, 640, 480)),
)


def wandering(random, steps=40):
    """A hand that rests where it happens to be, jumps near or far, and has no taste for any place.

    It wanders on a frame whose opposite sides are joined and takes no time to move, so that every place of the
    whole is as likely as any other.
    """
    places = (random.random(2) + np.cumsum(random.normal(0, 0.06, (steps, 2)), axis=0)) % 1
    ends = np.cumsum(random.exponential(0.4, steps))
    times = np.stack([np.append(0, ends[:-1]), ends], axis=1).ravel()
    return Trace((np.column_stack([np.repeat(places, 2, axis=0), times]),))


def resting(x, y, seconds=5):
    return Trace(([[x, y, 0], [x, y, seconds]],))


def p_values(traces, regions):
    """The p of all boxes together for each trace, by 199 moves of its own."""
    grid = BoxGrid.from_regions(regions, SIZE)
    for seed, trace in enumerate(traces):
        segments = attention.timed_segments(trace)
        seen = grid.inside(segments)[0, 0] / segments[:, 4].sum()
        drawn = chance.moved_shares(segments, grid, seed, 199)[:, 0]
        yield (1 + (drawn >= seen - 1e-9).sum()) / 200


@pytest.mark.usefixtures("long_work")
def test_hands_without_taste_have_p_values_spread_evenly():
    random = np.random.default_rng(20)
    found = np.sort(list(p_values([wandering(random) for _ in range(400)], BOXES)))
    # Kolmogorov and Smirnov: with 400 values 0.081 is exceeded once in a hundred times.
    assert abs(found - (np.arange(400) + 0.5) / 400).max() < 0.081
    for level, least, most in ((0.05, 8, 33), (0.1, 23, 59), (0.5, 170, 230)):
        assert least <= (found <= level).sum() <= most


def test_hands_that_seek_the_boxes_have_small_p_values():
    random = np.random.default_rng(21)
    drawn = [wandering(random) for _ in range(100)]
    sought = [Trace((*trace.pieces, *resting(0.4, 0.3, 2 * trace.seconds).pieces)) for trace in drawn]
    found = np.array(list(p_values(sought, BOXES)))
    assert np.median(found) < 0.2
    assert np.median(found) < np.median(list(p_values(drawn, BOXES))) / 2


@pytest.mark.parametrize("seed", [1, 2])
def test_moved_at_random_boxes_get_their_share_of_the_frame(seed):
    trace = wandering(np.random.default_rng(seed))
    grid = BoxGrid.from_regions(BOXES, SIZE)
    drawn = chance.moved_shares(attention.timed_segments(trace), grid, seed, 20_000)
    assert drawn.mean(axis=0) == pytest.approx(grid.areas, abs=0.01)
    assert grid.areas == pytest.approx([0.37, 0.17, 0.24], abs=1e-6)


@pytest.mark.parametrize("distance", [(0.0, 0.0), (0.3, 0.9)])
@pytest.mark.parametrize("mirrored", [(False, False), (True, False), (False, True)])
def test_a_move_keeps_lengths_and_times_and_comes_back_on_the_other_side(distance, mirrored):
    segments = Trace(([[0.125, 0.25, 0], [0.875, 0.25, 3], [0.875, 1, 5]],)).segments
    (moved,) = chance._move(segments, np.array([distance]), np.array([mirrored]))
    steps, before = moved[:, 2:4] - moved[:, :2], segments[:, 2:4] - segments[:, :2]
    assert abs(steps) == pytest.approx(abs(before))
    assert (np.sign(steps) == np.sign(before) * np.where(mirrored, -1, 1)).all()
    assert moved[:, 4].tolist() == [3, 2]
    everywhere = BoxGrid.from_regions([Region("", Box(0, 0, 640, 480))], SIZE)
    assert everywhere.inside(moved)[0].tolist() == pytest.approx([5, 5])


def test_what_leaves_on_the_right_enters_on_the_left():
    grid = BoxGrid.from_regions([Region("", Box(0, 0, 160, 480))], SIZE)
    segments = Trace(([[0.25, 0.5, 0], [0.75, 0.5, 4]],)).segments
    (moved,) = chance._move(segments, np.array([[0.5, 0.0]]), np.zeros((1, 2), dtype=bool))
    assert moved.tolist() == [[0.75, 0.5, 1.25, 0.5, 4]]
    assert grid.inside(moved)[0, 0] == pytest.approx(2)


def test_moves_are_mirrored_as_often_as_not():
    hand = Trace((*resting(0.125, 0.5, 1).pieces, *resting(0.25, 0.5, 2).pieces))
    found = (Region("left", Box(0, 0, 40, 480)), Region("right", Box(80, 0, 120, 480)))
    _, left, right = chance.moved_shares(
        attention.timed_segments(hand), BoxGrid.from_regions(found, SIZE), 7, 9999
    ).T
    first = left[(left > 0) & (right > 0)]
    assert sorted(set(first.round(9))) == [0.333333333, 0.666666667]
    assert 0.4 < (first > 0.5).mean() < 0.6


def test_a_rest_in_a_small_box_is_rare_by_chance():
    small = Region("Bird", Box(256, 192, 320, 240))
    rows = chance.compare_with_chance(
        resting(0.45, 0.45), [small, Region("Sea", Box(0, 240, 640, 480))], SIZE, seed=7
    )
    assert [(row.label, row.inside, row.area) for row in rows] == [
        (None, 1, pytest.approx(0.51)),
        ("Bird", 1, pytest.approx(0.01)),
        ("Sea", 0, pytest.approx(0.5)),
    ]
    _, bird, sea = rows
    assert bird.p < 0.03
    assert bird.p_low < bird.p < bird.p_high
    assert bird.p_of_all == pytest.approx(2 * bird.p)
    assert (bird.permutations, bird.seed) == (999, 7)
    assert sea.p == 1.0
    assert (sea.chance_low, sea.chance_high) == (0, 1)


def test_the_same_seed_gives_the_same_figures_and_another_gives_others():
    trace = wandering(np.random.default_rng(3))
    one, again, other = (chance.compare_with_chance(trace, BOXES, SIZE, seed=seed) for seed in (7, 7, 8))
    assert one == again
    assert [row.chance for row in one] != [row.chance for row in other]
    assert [row.inside for row in one] == [row.inside for row in other]


def test_p_is_never_nothing_and_its_interval_holds_it():
    assert chance._p(0, 999) == pytest.approx((0.001, 0.0, 0.003831), abs=1e-6)
    assert chance._p(999, 999) == pytest.approx((1.0, 0.996169, 1.0), abs=1e-6)
    assert chance._p(49, 999) == pytest.approx((0.05, 0.037299, 0.064254), abs=1e-6)


@given(st.integers(0, 999))
def test_an_interval_holds_its_p(as_much):
    p, low, high = chance._p(as_much, 999)
    assert 0 <= low <= p <= high <= 1


def test_boxes_that_cover_everything_can_never_be_sought():
    rows = chance.compare_with_chance(
        wandering(np.random.default_rng(4)), [Region("Sky", Box(0, 0, 640, 480))], SIZE, 7
    )
    assert [(row.inside, row.chance, row.p) for row in rows] == [
        (pytest.approx(1), pytest.approx(1), 1.0)
    ] * 2


def test_holm_corrects_step_by_step():
    assert chance.holm_corrected([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert chance.holm_corrected([0.6, 0.7]) == [1.0, 1.0]
    assert chance.holm_corrected([]) == []


@given(arrays.arrays(np.float64, st.integers(1, 9), elements=st.floats(0, 1)))
def test_a_corrected_p_is_no_smaller_and_keeps_the_order(p):
    corrected = np.array(chance.holm_corrected(p.tolist()))
    assert (corrected >= p).all()
    assert (corrected <= 1).all()
    assert (np.diff(corrected[np.argsort(p, kind="stable")]) >= 0).all()


def test_too_few_permutations_and_too_few_readings_are_errors():
    with pytest.raises(ParameterError, match="permutations: found 99; expected at least 999"):
        chance.compare_with_chance(resting(0.5, 0.5), BOXES, SIZE, 7, 99)
    with pytest.raises(ParameterError, match="readings: found 1; expected at least two"):
        chance.compare_pooled([TracedImage(resting(0.5, 0.5), BOXES, SIZE)], 7)
    with pytest.raises(DataError, match="a way that takes time"):
        chance.compare_with_chance(Trace(), BOXES, SIZE, 7)


CORNERS = [(0, 0), (320, 0), (0, 240), (320, 240)]


def readings(random, count, aimed):
    """Images with a box in one corner each; a hand that rests in that corner, or in any."""
    for number in range(count):
        left, top = CORNERS[number % 4]
        corner = CORNERS[number % 4] if aimed else CORNERS[random.integers(4)]
        x, y = (np.array(corner) / SIZE) + random.random(2) / 2
        yield TracedImage(resting(x, y), (Region("Bird", Box(left, top, left + 320, top + 240)),), SIZE)


def test_hands_that_follow_their_image_are_told_from_chance():
    found = chance.compare_pooled(list(readings(np.random.default_rng(5), 24, aimed=True)), seed=7)
    assert (found.readings, found.inside) == (24, 1.0)
    assert found.chance == pytest.approx(5 / 23)
    assert found.excess == pytest.approx(18 / 23)
    assert found.p == 0.001
    assert 0 < found.excess_low <= found.excess <= found.excess_high


def test_hands_that_like_the_same_place_whatever_the_image_are_not():
    middle = [
        TracedImage(resting(0.4, 0.4), each.regions, SIZE)
        for each in readings(np.random.default_rng(5), 24, aimed=True)
    ]
    found = chance.compare_pooled(middle, seed=7)
    assert found.p == 1.0
    assert found.inside == 0.25
    assert found.excess == pytest.approx(0.25 - 0.25)


def test_the_interval_of_a_difference_holds_nothing_where_hands_have_no_aim():
    found = chance.compare_pooled(list(readings(np.random.default_rng(5), 24, aimed=False)), seed=7)
    assert found.excess_low < 0 < found.excess_high
    assert found.excess_low < found.excess < found.excess_high
    assert found.excess_high - found.excess_low == pytest.approx(0.36, abs=0.08)


@pytest.mark.usefixtures("long_work")
def test_over_images_too_p_values_of_hands_without_aim_are_spread_evenly():
    random = np.random.default_rng(6)
    found = np.array(
        [chance.compare_pooled(list(readings(random, 12, aimed=False)), seed).p for seed in range(200)]
    )
    # The share takes few values, so ties make these p-values large rather than small.
    assert 0 < (found <= 0.25).sum() <= 65
    assert (found <= 0.05).sum() <= 18
    assert (found <= 0.5).sum() >= 40
