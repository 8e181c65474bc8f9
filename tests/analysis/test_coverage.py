"""Coverage counts every pixel once."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import regions

from retrain_kit.analysis import coverage
from retrain_kit.annotations.samples import Box, Phrase, Region, Sample
from retrain_kit.imaging import masking


def sample(name, *annotations, size=(10, 10)):
    return Sample(name, Path(name), *size, annotations)


LEFT = Region("Tree", Box(0, 0, 5, 10), annotator="drawn")
TOP = Region("Bird", Box(0, 0, 10, 5), annotator="machine")
ALL = Region("Bird", Box(0, 0, 10, 10), annotator="drawn")
DOT = Region("Bird", Box(2, 2, 3, 3), annotator="drawn")
STUDY = [sample("a", LEFT, TOP), sample("b", ALL, DOT), sample("c"), sample("d", DOT)]


def test_overlapping_regions_count_once():
    (row,) = coverage.by_image([sample("a", LEFT, TOP)])
    assert (row.tagged_px, row.frame_px, row.share_tagged, row.share_left) == (75, 100, 0.75, 0.25)


def test_shares_by_label_are_unions_within_each_image():
    rows = {row.name: row for row in coverage.by_label(STUDY)}
    assert rows["Bird"] == coverage.GroupCoverage(
        "Bird", 3, 4, pytest.approx(1.51 / 3), pytest.approx(1.51 / 4)
    )
    assert rows["Tree"] == coverage.GroupCoverage("Tree", 1, 1, 0.5, 0.125)


def test_shares_by_annotator_are_unions_within_each_image():
    assert [(row.name, row.images, row.regions) for row in coverage.by_annotator(STUDY)] == [
        ("drawn", 3, 4),
        ("machine", 1, 1),
    ]


def test_phrases_are_ordered_by_how_much_of_them_no_region_covers():
    spoken = replace(
        sample("a", LEFT),
        phrases=(
            Phrase("half in, half out", Box(0, 0, 10, 4)),
            Phrase("beside the tree", Box(6, 0, 9, 9)),
            Phrase("in the tree", Box(1, 1, 4, 4)),
            Phrase("beyond the image", Box(20, 20, 30, 30)),
        ),
    )
    assert [(row.text, row.share_untagged) for row in coverage.by_phrase([spoken])] == [
        ("beside the tree", 1.0),
        ("half in, half out", 0.5),
        ("in the tree", 0.0),
    ]


def test_the_summary_tells_images_without_residue_from_those_nearly_untouched():
    assert coverage.summary(coverage.by_image(STUDY)) == coverage.Summary(
        images=4,
        regions=5,
        share_tagged_mean=pytest.approx(1.76 / 4),
        share_tagged_median=pytest.approx(0.38),
        without_residue=1,
        nearly_untouched=2,
        without_regions=1,
    )


def test_a_study_without_images_has_a_summary_of_zeros():
    assert coverage.summary([]) == coverage.Summary(0, 0, 0, 0, 0, 0, 0)


def test_the_heat_map_is_the_mean_of_the_images_on_one_grid():
    grid = coverage.heat_map(
        [sample("a", LEFT), sample("b", Region("x", Box(0, 0, 40, 10)), size=(40, 20))], cells=(2, 2)
    )
    assert grid.tolist() == [[1.0, 0.5], [0.5, 0.0]]


def test_a_cell_that_a_region_covers_in_part_holds_that_part():
    assert coverage.heat_map([sample("a", DOT)], cells=(1, 1))[0, 0] == pytest.approx(0.01)


def test_the_heat_map_of_nothing_is_empty():
    assert np.array_equal(coverage.heat_map([], cells=(3, 2)), np.zeros((2, 3)))


@given(st.lists(regions(), max_size=4), st.sampled_from(["box", "outline"]))
def test_tagged_and_left_make_up_the_frame(annotations, shape):
    (row,) = coverage.by_image([sample("a", *annotations)], shape)
    assert row.share_tagged + row.share_left == pytest.approx(1)
    assert row.tagged_px == masking.union_mask(annotations, (10, 10), shape).sum()


@given(st.lists(regions(), min_size=1, max_size=4))
def test_no_label_covers_more_than_all_and_together_they_cover_at_least_all(annotations):
    (row,) = coverage.by_image([sample("a", *annotations)])
    shares = [group.share_of_all for group in coverage.by_label([sample("a", *annotations)])]
    assert max(shares) <= row.share_tagged + 1e-12
    assert sum(shares) >= row.share_tagged - 1e-12
