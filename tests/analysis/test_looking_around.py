"""Labels are counted by images, in pairs, and by the boxes that bear them: once each, and within the frame."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import boxes, image_labels

from retrain_kit.analysis.box_geometry import SIZE_STEPS, all_boxes, box_geometry
from retrain_kit.analysis.co_occurrence import LabelPair, label_co_occurrence
from retrain_kit.analysis.images_per_label import LabelImages, images_per_label, labels_in
from retrain_kit.annotations.samples import Box, ImageLabel, PointLabel, Region, Sample


def sample(name, *regions, size=(20, 10), labels=(), points=()):
    return Sample(name, Path(name), *size, regions, labels=labels, points=points)


def box(label, *edges):
    return Region(label, Box(*edges))


TREE, BIRD, DOT = box("Tree", 0, 0, 10, 10), box("Bird", 0, 0, 20, 5), box("Bird", 2, 2, 4, 3)
STUDY = [sample("a", TREE, BIRD, DOT), sample("b", TREE), sample("c"), sample("d", BIRD, TREE)]

labelled = st.builds(Region, st.sampled_from(["a", "b", "c", "d"]), boxes())
studies = st.lists(
    st.tuples(st.lists(labelled, max_size=4), st.lists(image_labels, max_size=2)), max_size=6
).map(
    lambda found: [
        sample(f"{place}", *regions, size=(16, 12), labels=tuple(labels))
        for place, (regions, labels) in enumerate(found)
    ]
)


def test_a_label_counts_once_an_image_and_comes_with_its_images():
    assert images_per_label(STUDY) == [
        LabelImages("Tree", ("a", "b", "d"), 3, 0.75),
        LabelImages("Bird", ("a", "d"), 3, 0.5),
    ]


def test_what_is_denied_or_left_open_is_not_in_an_image():
    said = (
        ImageLabel("sky", present=True),
        ImageLabel("cat", present=False),
        ImageLabel("sea", present=None),
    )
    points = (PointLabel("road", 1, 1, present=True), PointLabel("wall", 1, 1, present=False))
    assert labels_in(sample("a", TREE, labels=said, points=points)) == {"Tree", "sky", "road"}


def test_labels_that_meet_are_laid_beside_chance():
    found = label_co_occurrence(STUDY)
    assert found.labels == ("Tree", "Bird")
    assert found.together.tolist() == [[3, 2], [2, 2]]
    assert found.pairs == [LabelPair("Tree", "Bird", 3, 2, 2, 1.5)]
    (pair,) = found.pairs
    assert pair.share_of_either == pytest.approx(2 / 3)


def test_of_many_labels_those_in_most_images_are_paired_and_the_others_counted():
    found = label_co_occurrence(STUDY, most=1)
    assert (found.labels, found.others, found.pairs) == (("Tree",), 1, [])


def test_a_study_of_nothing_has_no_labels_no_pairs_and_no_boxes():
    nothing = [sample("a")]
    assert images_per_label(nothing) == []
    assert label_co_occurrence(nothing).pairs == label_co_occurrence([]).pairs == []
    assert box_geometry(nothing) == []
    found = all_boxes([])
    assert (found.boxes, found.share_quartiles, found.middle_of_centres) == (0, None, None)
    assert found.position_map((2, 1)).tolist() == [[0, 0]]


def test_sizes_and_places_are_shares_of_the_frame():
    tree, bird = box_geometry([*STUDY, sample("wide", box("Tree", 30, 0, 60, 10), size=(40, 10))])
    assert (tree.label, tree.images, tree.boxes, tree.outside) == ("Tree", 4, 4, 0)
    assert tree.shares.tolist() == [0.5, 0.5, 0.5, 0.25]
    assert tree.centres.tolist() == [[0.25, 0.5]] * 3 + [[0.875, 0.5]]
    assert tree.share_quartiles == (0.4375, 0.5, 0.5)
    assert tree.middle_of_centres == (0.25, 0.5)
    assert tree.position_map((4, 1)).tolist() == [[0.75, 0.75, 0.0, 0.25]]
    assert bird.position_map((2, 2)).tolist() == [
        [pytest.approx((1 + 1 + 2 / 50) / 3), pytest.approx(2 / 3)],
        [0, 0],
    ]


def test_a_box_beyond_its_image_is_cut_off_and_one_outside_is_counted_apart():
    beyond = [sample("a", box("x", -5, -5, 10, 5), box("x", 25, 0, 30, 5), box("x", 3, 3, 3, 9))]
    (found,) = box_geometry(beyond)
    assert found.edges.tolist() == [[0, 0, 0.5, 0.5]]
    assert found.outside == 2


def test_steps_of_sizes_end_with_the_whole_frame():
    whole, half, tiny = box("x", 0, 0, 20, 10), box("x", 0, 0, 10, 10), box("x", 0, 0, 0.01, 0.01)
    counts = all_boxes([sample("a", whole, half, half, tiny)]).size_counts
    assert SIZE_STEPS[-2:] == (0.5, 1.0)
    assert counts.tolist() == [1, *[0] * 8, 2, 1]


@given(studies)
def test_every_count_agrees_with_looking_at_each_image(samples):
    rows = images_per_label(samples)
    for row in rows:
        assert row.samples == tuple(each.id for each in samples if row.label in labels_in(each))
    assert {row.label for row in rows} == set().union(*map(labels_in, samples))
    found = label_co_occurrence(samples)
    assert (found.together == found.together.T).all()
    assert found.together.diagonal().tolist() == [row.images for row in rows]
    for pair in found.pairs:
        both = sum({pair.one, pair.other} <= labels_in(each) for each in samples)
        assert pair.together == both <= min(pair.images_of_one, pair.images_of_other)
        assert 0 < pair.share_of_either <= 1


@given(studies)
def test_a_map_of_places_holds_as_much_as_the_boxes_and_each_box_is_in_one_step(samples):
    every = box_geometry(samples)
    for found in every:
        assert found.boxes + found.outside == sum(
            region.label == found.label for each in samples for region in each.regions
        )
        assert found.size_counts.sum() == found.boxes
        mean = found.shares.mean() if found.boxes else 0
        assert found.position_map((5, 3)).mean() == pytest.approx(mean)
    assert all_boxes(samples).boxes == sum(found.boxes for found in every)


@given(studies, st.sampled_from([2, 3, 8]))
def test_sizes_and_places_do_not_depend_on_how_many_pixels_an_image_has(samples, times):
    larger = [
        replace(
            each,
            width_px=each.width_px * times,
            height_px=each.height_px * times,
            regions=tuple(
                replace(region, box=Box(*(edge * times for edge in region.box.edges)))
                for region in each.regions
            ),
        )
        for each in samples
    ]
    for one, other in zip(box_geometry(samples), box_geometry(larger), strict=True):
        assert np.allclose(one.edges, other.edges)
