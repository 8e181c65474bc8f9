"""What figures tell of other images follows from how a study's images were chosen."""

from dataclasses import replace

import pytest
import small_studies

from retrain_kit.analysis.reach import reach_note


def told(manifest, *counts):
    return dict(reach_note(manifest, *counts).lines)


@pytest.fixture
def by_hand(tmp_path):
    return replace(small_studies.study(tmp_path, "folder"), draw=None)


def test_images_chosen_in_another_way_than_by_chance_tell_of_no_others(by_hand):
    found = told(by_hand, 45, 45)
    assert found["counted"] == "all 45 images of the study"
    assert found["how the study's images were chosen"] == "not by chance, as far as the study says"
    assert found["of other images"] == "These figures say nothing about images outside the study."
    assert "if these images are drawn again and again from themselves" in found["an interval holds"]


def test_a_draw_of_some_images_tells_of_the_study_and_of_no_others(by_hand):
    found = told(by_hand, 12, 45)
    assert found["counted"] == "12 of the study's 45 images, drawn by chance"
    assert (
        found["an interval holds"]
        == "the mean over all 45 images of the study, in about 95 of 100 such draws"
    )
    assert found["of other images"] == "These figures say nothing about images outside the study."


def test_a_draw_from_the_whole_list_tells_of_the_whole_list(tmp_path):
    found = told(small_studies.study(tmp_path, "coco", subset="train"), 500, 500)
    assert (
        found["how the study's images were chosen"] == "drawn by chance from the whole list in coco 1, train"
    )
    assert (
        found["an interval holds"]
        == "the mean over all images of the whole list, in about 95 of 100 such draws"
    )
    assert found["of other images"] == "These figures say nothing about images that are not in this list."


def test_a_draw_by_labels_tells_of_images_with_these_labels_only(tmp_path):
    found = told(small_studies.study(tmp_path, "coco", labels=["Bird", "Tree"]), 500, 500)
    assert "the images that bear Bird or Tree" in found["how the study's images were chosen"]
    assert "the mean over all images that bear Bird or Tree" in found["an interval holds"]
    assert found["of other images"] == "These figures say nothing about images without these labels."


def test_images_of_a_draw_that_are_gone_are_named(tmp_path):
    drawn = replace(small_studies.study(tmp_path, "coco"), withdrawn={"a": "gone", "b": "gone"})
    assert told(drawn, 3, 3)["not to be had"].startswith("2 images of the draw")
    assert told(replace(drawn, draw=None), 3, 3)["not to be had"] == ""


def test_below_five_images_there_is_no_interval(by_hand):
    assert told(by_hand, 2, 2)["an interval holds"] == "nothing: there is none below 5 images"
    assert told(by_hand, 1, 1)["counted"] == "the one image of the study"


def test_images_that_hold_what_was_chosen_tell_of_no_others(by_hand):
    found = told(by_hand, 12, 30, 45)
    assert found["counted"] == "12 of the study's 30 images that hold what was chosen, drawn by chance"
    assert found["an interval holds"] == (
        "the mean over all 30 images of the study that hold what was chosen, in about 95 of 100 such draws"
    )
    assert found["of other images"] == (
        "These figures say nothing about images that do not hold what was chosen."
    )
    assert told(by_hand, 45, 45, 45) == told(by_hand, 45, 45)
    assert told(by_hand, 1, 1, 45)["counted"] == "the one image of the study that holds what was chosen"


def test_a_draw_from_the_whole_list_tells_of_its_images_that_hold_what_was_chosen(tmp_path):
    found = told(small_studies.study(tmp_path, "coco"), 30, 30, 45)
    assert found["an interval holds"] == (
        "the mean over all images of the whole list, as far as they hold what was chosen, "
        "in about 95 of 100 such draws"
    )
