"""Which words are where: counted with what is expected, and with what would be missing by chance alone."""

from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.analysis.words_by_place import chance_of_none, words_by_place
from retrain_kit.annotations.samples import Box, ImageLabel, Region, Sample


def sample(name, *labels):
    return Sample(
        str(name), Path("none.jpg"), 9, 9, tuple(Region(label, Box(0, 0, 9, 9)) for label in labels)
    )


def test_a_word_is_missing_where_it_is_expected_and_unknown_places_count_in_nothing():
    samples = [
        *(sample(f"n{n}", "pumpkin", *["pizza"] * (n < 6)) for n in range(10)),
        *(sample(f"s{n}", "pizza") for n in range(10)),
        *(sample(f"few{n}", "pumpkin") for n in range(2)),
        *(sample(f"?{n}", "lantern") for n in range(50)),
    ]
    places = ["north"] * 10 + ["south"] * 10 + ["islet"] * 2 + [""] * 50
    found = words_by_place(samples, places, 5)
    assert (found.places, found.small) == (2, 1)
    rows = [
        (row.place, row.word, len(row.samples), row.of_place, row.of_word, row.known) for row in found.there
    ]
    assert rows == [
        ("north", "pumpkin", 10, 10, 12, 22),
        ("north", "pizza", 6, 10, 16, 22),
        ("south", "pizza", 10, 10, 16, 22),
    ]
    assert [row.times for row in found.there] == pytest.approx([22 / 12, 0.6 * 22 / 16, 22 / 16])
    (never,) = found.never
    assert (never.place, never.word) == ("south", "pumpkin")
    assert never.samples == (*(f"n{n}" for n in range(10)), "few0", "few1")
    assert never.expected == pytest.approx(10 * 12 / 22)
    assert never.chance == pytest.approx(1 / comb(22, 10))
    assert found.looked_at == 4
    assert found.missing_by_chance == pytest.approx(2 / comb(22, 10))


def test_of_noise_as_many_words_are_missing_as_chance_says():
    """60 images of four places, eight rare words by chance, 60 times."""
    random = np.random.default_rng(2)
    missing, by_chance = 0, 0.0
    for _ in range(60):
        labels = random.random((60, 8)) < 0.1
        images = [sample(n, *np.flatnonzero(row).astype(str)) for n, row in enumerate(labels)]
        found = words_by_place(images, random.choice(["n", "e", "s", "w"], 60).tolist(), 1)
        missing += len(found.never)
        by_chance += found.missing_by_chance
    assert missing == pytest.approx(by_chance, abs=3 * by_chance**0.5)
    assert by_chance > 30


def test_a_denied_word_is_not_there_and_one_place_alone_is_compared_with_nothing():
    denied = Sample("a", Path("a"), 9, 9, labels=(ImageLabel("pizza", present=False),))
    found = words_by_place([denied, *(sample(n, "pizza") for n in range(9))], ["here"] * 10, 5)
    assert [(row.word, len(row.samples), row.interval) for row in found.there] == [("pizza", 9, None)]
    assert found.never == ()


def test_without_any_known_place_nothing_is_found():
    found = words_by_place([sample("a", "pizza")], [""], 5)
    assert (found.there, found.never, found.looked_at, found.places, found.small) == ((), (), 0, 0, 0)


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(0, n))))
def test_the_chance_of_none_is_that_of_drawing_without_return(of):
    images, with_word, drawn = of
    assert chance_of_none(images, with_word, drawn) == pytest.approx(
        comb(images - with_word, drawn) / comb(images, drawn)
    )


labelled = st.lists(st.tuples(st.sampled_from(["", "p", "q"]), st.sets(st.sampled_from("abc"))), max_size=40)


@given(labelled)
def test_every_image_of_known_place_counts_at_one_place(images):
    samples = [sample(n, *sorted(words)) for n, (_, words) in enumerate(images)]
    found = words_by_place(samples, [place for place, _ in images], 1)
    for word in "abc":
        counted = [name for row in found.there if row.word == word for name in row.samples]
        assert sorted(counted) == sorted(
            str(n) for n, (place, words) in enumerate(images) if place and word in words
        )
    for row in found.there:
        assert row.interval is None or row.interval.low <= row.interval.high
    assert {(row.place, row.word) for row in found.never}.isdisjoint(
        (row.place, row.word) for row in found.there
    )
