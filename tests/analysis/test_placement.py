"""Whether boxes lie in the middle is asked against boxes of the same sizes laid at random."""

from pathlib import Path

import numpy as np
import pytest

from retrain_kit.analysis import placement
from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.datasets import folder
from retrain_kit.studies import manifests


def sample(name, *boxes):
    return Sample(name, Path(name), 90, 60, tuple(Region("a", Box(*box)) for box in boxes))


def anywhere(images, seed, boxes=3):
    """Images whose boxes lie anywhere: two corners drawn from the whole frame."""
    random = np.random.default_rng(seed)
    corners = np.sort(random.random((images, boxes, 2, 2)), axis=2) * (90, 60)
    return [sample(f"{place}", *each.reshape(-1, 4)) for place, each in enumerate(corners)]


def in_the_middle(images, seed):
    random = np.random.default_rng(seed)
    return [
        sample(f"{place}", (45 - half, 30 - half, 45 + half, 30 + half))
        for place, half in enumerate(random.uniform(5, 12, images))
    ]


def test_a_box_over_the_middle_ninth_covers_all_of_it():
    found = placement.middle_by_chance([sample("a", (30, 20, 60, 40))])
    assert found.seen == (1.0,)
    assert 0.2 < found.chance[0] < 0.5


def test_a_box_beside_the_middle_covers_nothing_of_it():
    assert placement.middle_by_chance([sample("a", (0, 0, 30, 20))]).seen == (0.0,)


def test_a_box_of_the_whole_frame_has_no_other_place():
    found = placement.middle_by_chance([sample("a", (-5, 0, 95, 60))])
    assert (found.seen, found.chance) == ((1.0,), (1.0,))


def test_boxes_in_the_middle_are_said_to_be_there():
    said = placement.middle_by_chance(in_the_middle(20, 1)).in_words
    assert said.startswith("Boxes cover more of the middle than by chance: +")


def test_boxes_at_the_rim_are_said_to_be_away_from_it():
    rim = [sample(f"{place}", (0, 0, 20 + place, 12 + place)) for place in range(12)]
    assert placement.middle_by_chance(rim).in_words.startswith(
        "Boxes cover less of the middle than by chance"
    )


def test_boxes_that_lie_anywhere_show_a_difference_about_once_in_twenty():
    found = [placement.middle_by_chance(anywhere(25, seed)) for seed in range(120)]
    seen = [0 not in each.interval for each in found]
    assert np.mean(seen) <= 0.1
    assert np.mean([np.mean(each.excess) for each in found]) == pytest.approx(0, abs=0.01)


def test_images_without_boxes_are_left_out():
    found = placement.middle_by_chance([sample("a"), sample("b", (0, 0, 9, 9))])
    assert len(found.seen) == 1
    assert found.in_words == "Nothing can be said: 1 image has boxes, and it takes 5 that differ."
    assert placement.middle_by_chance([]).note.title == "No image here has a box."


def test_the_embedded_sample_is_read_the_same_every_time():
    samples = folder.read(manifests.load("embedded-sample"))
    first, second = (placement.middle_by_chance(samples) for _ in range(2))
    assert first == second
    assert len(first.seen) == 47
    assert first.in_words in repr(first.note)
