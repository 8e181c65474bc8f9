"""A detector's finds are veiled beside the boxes, and what it misses is counted as by hand."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from retrain_kit.analysis.found_faces import (
    FaceFinder,
    FoundFace,
    Misses,
    count_misses,
    load_detector,
    parse_finds,
)
from retrain_kit.analysis.people_in_images import PeopleInImages, veil_people
from retrain_kit.annotations.samples import Box, Flags, Region, Sample
from retrain_kit.annotations.taxonomy import Taxonomy
from retrain_kit.errors import DataError, ParameterError

PEOPLE = PeopleInImages(Taxonomy([]), frozenset())
IMAGE = Image.fromarray(np.arange(100 * 100 * 3, dtype="uint32").astype("uint8").reshape(100, 100, 3))


def sample(*regions):
    return Sample("a", Path("a"), 100, 100, regions)


def find(left, top, score=0.9):
    return FoundFace(Box(left, top, left + 10, top + 10), score, "face")


CROWD = sample(
    Region("Human face", Box(10, 10, 22, 22)),
    Region("Human face", Box(50, 10, 62, 22)),
    Region("Person", Box(5, 5, 30, 90)),
    Region("Person", Box(8, 5, 28, 60)),
    Region("Person", Box(45, 5, 70, 90), flags=Flags(group_of=True)),
    Region("Human hand", Box(80, 50, 95, 65)),
    Region("Cat", Box(70, 80, 100, 100)),
)


def test_each_find_stands_for_one_region_and_what_is_in_none_is_elsewhere():
    # The first is the face on the left and the smaller of two people around it; the second the hand; the third the cat.
    finds = [find(11, 11), find(82, 52), find(80, 85)]
    assert count_misses(CROWD, PEOPLE, finds) == Misses(
        images=1, finds=3, faces=2, faces_found=1, persons=3, persons_found=1, groups=1, elsewhere=1
    )
    twice = [find(11, 11), find(12, 12, score=0.1)]
    assert count_misses(CROWD, PEOPLE, twice).persons_found == 2
    assert count_misses(CROWD, PEOPLE, twice).faces_found == 1


def test_images_without_people_and_failures_are_counted_too():
    both = count_misses(sample(), PEOPLE, [find(0, 0)]) + count_misses(CROWD, PEOPLE, (), failed=True)
    assert both == Misses(images=2, failed=1, finds=1, faces=2, persons=3, groups=1, elsewhere=1, without=1)


def test_a_find_is_veiled_with_a_quarter_around_it_and_the_boxes_stay_veiled():
    asked = []

    def detector(pixels):
        asked.append((pixels.shape, pixels.dtype))
        return [(60, 60, 80, 80, 0.5, "face")]

    people = PeopleInImages(PEOPLE.taxonomy, PEOPLE.words, finder=FaceFinder(detector))
    tagged = sample(Region("man", Box(0, 0, 30, 30)))
    for _ in range(2):
        done, told = veil_people(IMAGE, tagged, people)
    assert told == "1 region of people and 1 find of a face detector made coarse."
    expected = np.zeros((100, 100), bool)
    expected[:30, :30] = expected[55:85, 55:85] = True
    assert np.array_equal((np.asarray(done) != np.asarray(IMAGE)).any(axis=2), expected)
    assert asked == [((100, 100, 3), np.dtype("uint8"))]


def test_what_was_brushed_is_veiled_too():
    grid = np.zeros((64, 64), bool)
    grid[32:, 32:] = True
    people = PeopleInImages(PEOPLE.taxonomy, PEOPLE.words, brushed={"a": grid})
    done, told = veil_people(IMAGE, sample(), people)
    changed = (np.asarray(done) != np.asarray(IMAGE)).any(axis=2)
    assert (told, changed[50:, 50:].all(), changed[:50].any(), changed[:, :50].any()) == (
        "Parts covered by hand made coarse.", True, False, False
    )  # fmt: skip


def test_a_detector_that_fails_is_said_and_stops_nothing():
    finder = FaceFinder(lambda _: 1 / 0)
    people = PeopleInImages(PEOPLE.taxonomy, PEOPLE.words, finder=finder)
    assert veil_people(IMAGE, sample(), people) == (IMAGE, "")
    assert finder.faults["a"].found == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    "said", [None, 7, "face", [1], ["abcdef"], [(0, 0, 1, 1, 0.5)], [(0, 0, 1, 1, 0.5, 3)],
             [(5, 0, 1, 1, 0.5, "f")], [(0, 0, float("nan"), 1, 0.5, "f")]]
)  # fmt: skip
def test_what_is_no_list_of_finds_is_refused(said):
    with pytest.raises(ParameterError, match="face detector"):
        parse_finds(said)


def test_all_that_is_no_find_is_said_together_and_numbers_of_numpy_are_numbers():
    with pytest.raises(ParameterError) as caught:
        parse_finds([(0, 0, 1, 1, 0.5, "f"), 3, (1, 2)])
    assert [fault.where for fault in caught.value.faults] == [
        "face detector, find 2",
        "face detector, find 3",
    ]
    (found,) = parse_finds([(*np.array([1, 2, 3, 4], "float32"), np.float32(0.5), "f")])
    assert found == FoundFace(Box(1, 2, 3, 4), 0.5, "f")


def test_a_detector_is_named_by_module_or_file(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text("def faces(image):\n    return []\n")
    assert load_detector(f"{file}:faces")(None) == []
    assert load_detector("math:sqrt")(4) == 2
    for wrong in ("", "faces", f"{file}:nose", f"{tmp_path}/other.py:faces", "no_such_module:faces"):
        with pytest.raises(ParameterError, match="face detector"):
            load_detector(wrong)
    file.write_text("1 / 0")
    with pytest.raises(DataError, match="ZeroDivisionError"):
        load_detector(f"{file}:faces")
