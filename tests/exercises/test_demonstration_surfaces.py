"""Recordings made for demonstration follow a rule, say that nobody made them, and stay among themselves."""

import json

import numpy as np
import pytest

from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.answers import Store
from retrain_kit.errors import DataError
from retrain_kit.exercises.surfaces import demonstration, informational_surfaces


def sample(*boxes, name="a"):
    regions = tuple(Region(f"thing {number}", Box(*box)) for number, box in enumerate(boxes, 1))
    return Sample(id=name, path=None, width_px=400, height_px=300, regions=regions)


def test_the_hand_that_tags_spans_each_box_and_then_rests_on_its_middle():
    made = demonstration.tagging_recording(sample((100, 75, 300, 225), (0, 0, 80, 60)))
    assert [tag.label for tag in made.tags] == ["thing 1", "thing 2"]
    assert made.tags[0].edges == (0.25, 0.25, 0.75, 0.75)
    (piece,) = made.trace.pieces
    at = piece[np.searchsorted(piece[:, 2], [tag.t for tag in made.tags])]
    np.testing.assert_allclose(at[:, :2], [[0.75, 0.75], [0.2, 0.2]], atol=1e-6)
    np.testing.assert_allclose(piece[-1, :2], [0.1, 0.1], atol=1e-6)
    assert made.seconds == piece[-1, 2]


def test_it_takes_at_most_three_boxes_cut_to_the_frame_and_none_that_are_empty():
    made = demonstration.tagging_recording(sample((9, 9, 9, 20), *[(-50, -50, 200, 150)] * 4))
    assert [tag.edges for tag in made.tags] == [(0, 0, 0.5, 0.5)] * 3


def test_the_hand_that_reads_knows_no_box():
    with_box, without = (demonstration.reading_recording(each) for each in (sample((0, 0, 9, 9)), sample()))
    assert with_box == without
    assert without.tags == ()


def test_it_tells_sixty_places_a_second_and_the_same_each_time():
    first, again = (demonstration.tagging_recording(sample((100, 75, 300, 225))) for _ in range(2))
    assert first == again
    gaps = np.diff(first.trace.points[:, 2])
    assert abs(np.median(gaps) - 1 / 60) < 0.001


def test_every_one_says_that_nobody_made_it(tmp_path):
    exercise = demonstration.example_surfaces(
        tmp_path / "store", "nature", [sample((0, 0, 9, 9)), sample(name="b")]
    )
    seen = exercise.consented_recordings("class")
    assert seen.demonstration
    assert [each.recording.image for each in seen.recordings].count("b") == 1
    assert len(seen.recordings) == 3
    assert all(each.record.text.startswith("Demonstration, said by nobody: ") for each in seen.recordings)
    assert (
        informational_surfaces.recordings_credit(seen) == "Demonstration: made by a rule, by nobody's hand."
    )
    track, beside = exercise.export(tmp_path / "out", "class")
    assert (track.name[:14], beside.name[:14]) == ("demonstration_", "demonstration_")
    names = {json.loads(line)["dataset_id"] for line in track.read_text().splitlines()}
    assert names == {"nature, demonstration"}


def test_it_never_comes_among_real_recordings(tmp_path):
    Store(tmp_path / "store").close()
    with pytest.raises(DataError):
        demonstration.example_surfaces(tmp_path / "store", "nature", [sample()])
