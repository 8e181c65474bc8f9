"""Two studies are laid beside each other: what differs has an interval, what cannot be compared is said."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_studies import study

from retrain_kit.analysis import differences, incomparable, same_images, shared_words, two_studies
from retrain_kit.analysis.same_images import FILE, ID, LOOK, SameImage, Seen
from retrain_kit.analysis.shared_words import Word
from retrain_kit.analysis.two_studies import Row, Side
from retrain_kit.annotations.rejections import Rejections
from retrain_kit.annotations.samples import Box, Phrase, Provenance, Region, Sample
from retrain_kit.errors import ParameterError


def sample(name, *regions, size=(4, 2), sha256="", source="", **said):
    return Sample(name, Path(name), *size, regions, provenance=Provenance("", "", source, sha256), said=said)


def box(label, *edges):
    return Region(label, Box(*edges))


def side(name, dataset, *samples):
    return Side(replace(study(Path(), dataset), name=name, digest=name), samples, Rejections())


LEFT, RIGHT = box("Street_light", 0, 0, 2, 2), box("person", 2, 0, 4, 2)
FIRST = side("first", "folder", sample("a", LEFT, RIGHT), sample("b", RIGHT))
SECOND = side(
    "second", "coco", sample("1", box("Person", 0, 0, 4, 2)), sample("2", box("street light", 0, 0, 1, 1))
)


def test_two_names_of_one_study_are_a_fault_and_one_study_is_cut_in_halves():
    with pytest.raises(ParameterError, match="other: found 'first'; expected another study"):
        two_studies.check_two("first", "first")
    with pytest.raises(ParameterError, match="which says the same as first"):
        two_studies.two_sides([FIRST, replace(SECOND, manifest=FIRST.manifest)], 7)
    many = replace(FIRST, samples=[sample(f"{number}") for number in range(9)])
    one, other = two_studies.two_sides([many], 7)
    assert (one.name, other.name) == ("first, one half", "first, other half")
    assert (len(one.samples), len(other.samples)) == (5, 4)
    assert {each.id for each in (*one.samples, *other.samples)} == {f"{number}" for number in range(9)}
    few, _ = two_studies.drawn((many, other), 3, 7)
    assert (len(few.samples), few.drawn_from) == (3, 9)
    assert "3 of the study's 9 images, drawn by chance" in repr(two_studies.reach_notes((few, other))[0])
    again, _ = two_studies.two_sides([replace(many, samples=many.samples[::-1])], 7)
    assert [each.id for each in again.samples] == [each.id for each in one.samples]


def test_words_are_one_in_other_letters_and_never_by_their_meaning():
    found = shared_words.shared_words((FIRST, SECOND))
    assert found.both == (Word("person", (2, 1), (2, 1)), Word("Street_light", (1, 1), (1, 1)))
    assert found.first_alone == found.second_alone == ()
    people = side("people", "folder", sample("c", box("people", 0, 0, 1, 1)))
    assert [len(each) for each in vars(shared_words.shared_words((FIRST, people))).values()] == [0, 2, 1]


def test_a_difference_that_chance_makes_is_not_seen_and_a_large_one_is():
    random = np.random.default_rng(5)
    widths = random.integers(1, 4, (3, 40))
    sides = [
        side(f"{place}", "folder", *(sample(f"{n}", box("x", 0, 0, wide, 2)) for n, wide in enumerate(row)))
        for place, row in enumerate(widths)
    ]
    full = side("full", "folder", *(sample(f"{n}", box("x", 0, 0, 4, 2 - n % 2 / 4)) for n in range(40)))
    tagged = "tagged of an image"
    same, other = (
        {row.what: row for row in differences.differences(pair)}[tagged]
        for pair in ((sides[0], sides[1]), (full, sides[2]))
    )
    assert same.in_words == "no difference can be seen"
    assert other.in_words == "more in the first"
    assert other.first - other.second == other.difference
    assert {row.in_words for row in differences.differences((FIRST, SECOND))} == {"nothing can be said"}


def test_units_count_what_was_asked_for_and_name_what_one_study_alone_has():
    spoken = replace(FIRST, samples=[replace(FIRST.samples[0], phrases=(Phrase("a man", Box(0, 0, 1, 1)),))])
    assert two_studies.units((spoken, SECOND)) == [Row("regions", "2", "2"), Row("phrases", "1", "0")]
    note = incomparable.incomparable((spoken, SECOND), shared_words.shared_words((spoken, SECOND)), 0)
    assert ("units", "only first has phrases") in note.lines
    assert (
        "the same images",
        "None was found in both: what annotators saw cannot be compared on one image.",
    ) in note.lines


def test_an_image_in_both_is_found_by_file_by_id_and_by_look_each_once():
    digest = "0" * 64
    flickr = "https://farm4.staticflickr.com/3820/9313010404_1d770a8fdd_z.jpg"
    genome = side(
        "genome",
        "visual-genome",
        sample("1", sha256=digest),
        sample("2", coco_id=471345),
        sample("3", flickr_id="9313010404"),
        sample("4"),
        sample("5"),
    )
    coco = side(
        "coco",
        "coco",
        sample("11", sha256=digest),
        sample("471345", coco_url="http://images.cocodataset.org/train2017/000000471345.jpg"),
        sample("13", source=flickr),
        sample("14"),
        sample("2", coco_url="http://example.org/2.jpg"),
    )
    alike = [("1", "14", 4, False), ("4", "14", 20, True), ("5", "14", 30, False)]
    found = same_images.same_images((genome, coco), alike)
    assert [(each.kind, each.first.id, each.second.id, each.mirrored) for each in found] == [
        (FILE, "1", "11", False),
        (ID, "2", "471345", False),
        (ID, "3", "13", False),
        (LOOK, "4", "14", True),
    ]
    assert found[1].how == "both sources name it by COCO's id"
    assert found[3].how == "it looks alike, mirrored: 20 of 256 bits of its hashes differ; nobody said so"


def test_what_each_tagged_is_laid_on_one_frame_in_the_size_and_the_turn_of_the_first():
    first, large = sample("a", LEFT), sample("b", box("x", 2, 0, 8, 2), size=(8, 4))
    masks = same_images.masks_of(SameImage(first, large, FILE, ""))
    assert [mask.astype(int).tolist() for mask in masks] == [
        [[1, 1, 0, 0], [1, 1, 0, 0]],
        [[0, 1, 1, 1], [0, 0, 0, 0]],
    ]
    assert same_images.seen(*masks) == Seen(1 / 8, 3 / 8, 2 / 8, 2 / 8)
    _, turned = same_images.masks_of(SameImage(first, large, LOOK, "", mirrored=True))
    assert turned.astype(int).tolist() == [[1, 1, 1, 0], [0, 0, 0, 0]]
    assert same_images.masks_of(SameImage(first, sample("c", size=(4, 4)), ID, "")) is None
