"""Hashes that are near are found, all of them and each pair once, whatever blocks they lie in."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.analysis.near_duplicates import alike, distances, near_pairs, pack_bits

few_bits = st.lists(
    st.sets(st.sampled_from([0, 1, 63, 64, 127, 128, 200, 255]), max_size=4), min_size=1, max_size=9
)


def hashes(*bits):
    """Return hashes in which these bits are set, uint64 (n, 4)."""
    found = np.zeros((len(bits), 256), bool)
    for row, places in zip(found, bits, strict=True):
        row[list(places)] = True
    return pack_bits(found)


def test_the_distance_is_how_many_bits_differ():
    assert distances(hashes({0, 255}, set(), range(256)), hashes({0})).tolist() == [1, 1, 255]


@given(few_bits, st.integers(0, 5))
def test_all_near_pairs_are_found_each_once_the_nearest_first(bits, most):
    found = list(near_pairs(hashes(*bits), most_bits=most))
    every = [(a, b, len(bits[a] ^ bits[b])) for b in range(len(bits)) for a in range(b)]
    assert sorted(found) == sorted(pair for pair in every if pair[2] <= most)
    assert [pair[2] for pair in found] == sorted(pair[2] for pair in found)


def test_pairs_of_two_lists_are_found_across_all_blocks():
    random = np.random.default_rng(2)
    one, other = (random.integers(0, 2**63, (count, 4), dtype=np.uint64) for count in (40, 9000))
    other[[3, 8191, 8192, 8999]] = one[[0, 31, 32, 39]]
    assert list(near_pairs(one, other)) == [(0, 3, 0), (31, 8191, 0), (32, 8192, 0), (39, 8999, 0)]


def test_of_too_many_pairs_the_others_are_counted():
    found = near_pairs(hashes(*[{0}] * 5), most_pairs=3)
    assert (len(found), found.left_out) == (3, 7)


def test_the_most_alike_stand_side_by_side_and_none_twice():
    found = alike(hashes({1, 2}, {1}), hashes({1}, {1, 2, 3}, set()), 9)
    assert list(found) == [(1, 0, 0), (0, 1, 1)]
    assert list(alike(hashes(), hashes({1}), 9)) == []
