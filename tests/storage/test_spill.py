"""Values that lie on the disk come back as they were put there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.errors import DataError
from retrain_kit.storage import spill

names = st.text(st.characters(), max_size=4)
"""Texts of any signs, halves of pairs among them."""


@given(st.lists(st.tuples(names, st.integers() | st.text(max_size=2000))))
def test_values_come_back_by_key_and_all_of_them_in_the_order_they_came(put):
    values = spill.SpilledValues()
    for key, value in put:
        values.put(key, value)
    assert list(values) == [value for _, value in put]
    assert len(values) == len(put)
    for key in {"unheard of", *(key for key, _ in put)}:
        assert values.get(key) == [value for other, value in put if other == key]


def test_what_is_put_after_something_was_taken_is_there_too():
    values = spill.SpilledValues()
    values.put("a", 1)
    assert values.get("a") == [1]
    values.put("a", 2)
    assert values.get("a") == [1, 2]


@given(st.lists(names))
def test_names_are_a_set_in_the_order_of_their_signs(added):
    found, before = spill.SpilledNames(), set()
    for name in added:
        assert found.add(name) == (name not in before)
        before.add(name)
    assert list(found) == sorted(before)
    assert len(found) == len(before)
    assert all(name in found for name in added)
    assert "unheard of" not in found


def test_large_masks_take_little_room_and_come_back_whole():
    values, mask = spill.SpilledValues(), np.zeros((1000, 1000), dtype=bool)
    mask[300:700, 200:600] = True
    for _ in range(50):
        values.put("", mask)
    pages, size = (values._file.execute(f"PRAGMA page_{name}").fetchone()[0] for name in ("count", "size"))
    assert pages * size < 1_000_000
    assert all(np.array_equal(each, mask) for each in values)


def test_a_disk_that_is_full_is_said():
    values = spill.SpilledValues()
    values._file.execute("PRAGMA max_page_count = 10")
    with pytest.raises(
        DataError, match="temporary files: found database or disk is full; expected some space"
    ):
        for _ in range(100):
            values.put("", "x" * 900)


def test_an_iterator_keeps_its_values():
    values = spill.SpilledValues()
    values.put("", 7)
    each = iter(values)
    del values
    assert list(each) == [7]
