"""Labels that never meet, and that always do: typed pairs, and what chance would have, counted out."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trying import examples
from words_written import image

from retrain_kit.analysis.co_occurrence import label_co_occurrence
from retrain_kit.analysis.label_meetings import chance_of_meeting, label_meetings, log_factorials


def met(samples, fewest=2):
    return label_meetings(label_co_occurrence(samples), fewest)


def test_labels_that_never_meet_and_one_that_is_never_without_another():
    samples = [image(f"s{n}", "sea, boat" if n < 4 else "sea") for n in range(10)]
    samples += [image(f"l{n}", "land") for n in range(10)]
    samples.append(image("rare", "land, owl"))
    found = met(samples)
    assert [(each.one, each.other, each.together) for each in found.never] == [
        ("land", "sea", 0),
        ("land", "boat", 0),
    ]
    sea, boat = found.never
    assert (sea.images_of_one, sea.images_of_other, sea.by_chance) == (11, 10, pytest.approx(11 * 10 / 21))
    assert sea.p == pytest.approx(1 / 352716)  # of all ways to choose 10 of 21 images: those 10 beside the 11
    assert (sea.p_of_all, boat.p_of_all) == pytest.approx((3 * sea.p, 2 * boat.p))  # Holm, of three pairs
    assert sea.chance_low <= sea.by_chance <= sea.chance_high
    (always,) = found.always
    assert (always.one, always.other, always.together, always.images_of_one) == ("boat", "sea", 4, 4)
    assert (found.compared, found.too_few, found.others, found.images) == (3, 1, 0, 21)


def test_a_label_of_every_image_is_with_all_others_as_chance_would_have_it():
    samples = [image(f"{n}", "sky, tree" if n < 3 else "sky") for n in range(6)]
    (tree,) = met(samples).always
    assert (tree.one, tree.other, tree.p, tree.p_of_all) == ("tree", "sky", 1, 1)


@pytest.mark.parametrize(("images", "one", "other"), [(6, 2, 3), (5, 5, 2), (7, 4, 6), (4, 0, 2)])
def test_chance_is_what_counting_all_ways_gives(images, one, other):
    ways = [sum(place < one for place in chosen) for chosen in combinations(range(images), other)]
    counted = np.bincount(ways, minlength=min(one, other) + 1) / len(ways)
    np.testing.assert_allclose(chance_of_meeting(log_factorials(images), one, other), counted, atol=1e-12)


@given(st.integers(1, 3000), st.data())
@examples(30)
def test_what_chance_would_have_is_one_in_all_and_its_mean_the_product(images, data):
    one, other = data.draw(st.integers(1, images)), data.draw(st.integers(1, images))
    likely = chance_of_meeting(log_factorials(images), one, other)
    assert likely.sum() == pytest.approx(1)
    assert (likely * np.arange(len(likely))).sum() == pytest.approx(one * other / images)


labels = st.sampled_from(["sea", "boat", "land", "sky"])


@given(st.lists(st.sets(labels), max_size=9), st.randoms())
@examples(40)
def test_the_order_of_images_changes_nothing(rows, chance):
    samples = [image(f"{number}", ",".join(sorted(row))) for number, row in enumerate(rows)]
    mixed = samples[:]
    chance.shuffle(mixed)
    assert met(mixed) == met(samples)
