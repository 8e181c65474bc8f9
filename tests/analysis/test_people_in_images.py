"""Regions of people are made coarse, all of them and nothing else, whatever the label system says or lacks."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_studies import study as small_study

from retrain_kit.analysis.people_in_images import PeopleInImages, people_of_study, veil_people
from retrain_kit.annotations.samples import Box, ImageLabel, Phrase, Region, Sample
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.annotations.veil import Veil
from retrain_kit.studies import brushed

PEOPLE = PeopleInImages(
    Taxonomy([Synset("n1", ("person",)), Synset("n2", ("poet",), "", ("n1",)), Synset("n3", ("cat",))]),
    frozenset({"n1", "n2"}),
)
IMAGE = Image.fromarray(np.arange(40 * 40 * 3, dtype="uint32").astype("uint8").reshape(40, 40, 3))
HERE, THERE = Box(4, 8, 20, 28), Box(30, 0, 40, 10)


def sample(*regions, labels=()):
    return Sample("a", Path("a"), 40, 40, regions, labels=labels)


def changed(done):
    """Return the box of what is not as it was: left, top, right, bottom."""
    different = (np.asarray(done) != np.asarray(IMAGE)).any(axis=2)
    rows, columns = np.flatnonzero(different.any(axis=1)), np.flatnonzero(different.any(axis=0))
    return (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1) if len(rows) else ()


@pytest.mark.parametrize("word", ["poet", "Person", "Person_sitting", "Human face", "rider", "/m/0dzct"])
def test_a_box_of_a_person_is_made_coarse_and_nothing_around_it(word):
    done, told = veil_people(IMAGE, sample(Region(word, HERE), Region("cat", THERE)), PEOPLE)
    assert (changed(done), told) == (HERE.edges, "1 region of people made coarse.")


def test_all_of_them_are_and_where_none_says_where_the_whole_image_is():
    both, told = veil_people(IMAGE, sample(Region("poet", HERE), Region("man", THERE)), PEOPLE)
    assert (changed(both), told) == ((4, 0, 40, 28), "2 regions of people made coarse.")
    labels = (ImageLabel("poet", present=True),)
    whole, told = veil_people(IMAGE, sample(Region("cat", HERE), labels=labels), PEOPLE)
    assert (changed(whole), told) == (
        (0, 0, 40, 40),
        "The whole image, labelled as one of people, made coarse.",
    )
    denied = (ImageLabel("poet", present=False),)
    assert veil_people(IMAGE, sample(Region("cat", HERE), labels=denied), PEOPLE) == (IMAGE, "")


def test_where_no_region_is_of_people_the_boxes_of_phrases_about_them_are_made_coarse():
    phrases = (Phrase("A man's hat", HERE), Phrase("a mandolin", THERE))
    said = replace(sample(Region("cat", THERE), labels=(ImageLabel("poet", present=True),)), phrases=phrases)
    done, told = veil_people(IMAGE, said, PEOPLE)
    assert (changed(done), told) == (HERE.edges, "1 phrase about people made coarse.")
    done, told = veil_people(IMAGE, replace(said, regions=(Region("poet", THERE),)), PEOPLE)
    assert (changed(done), told) == (THERE.edges, "1 region of people made coarse.")


def test_what_was_covered_by_hand_holds_wherever_a_study_is_veiled(tmp_path):
    made = replace(small_study(tmp_path, "images", [("a", "a.png", (40, 40))]), toml=tmp_path / "m.toml")
    grid = np.zeros((64, 64), bool)
    grid[:8, :8] = True
    brushed.keep_brushed(made, "a", grid)
    people = people_of_study(made, PEOPLE.taxonomy, Veil())
    done, told = veil_people(IMAGE, sample(), people)
    assert (changed(done), told) == ((0, 0, 5, 5), "Parts covered by hand made coarse.")
    assert people_of_study(replace(made, dataset="lfw"), PEOPLE.taxonomy, Veil()).everywhere


def test_an_image_of_a_data_set_of_faces_needs_no_word():
    faces = PeopleInImages(PEOPLE.taxonomy, PEOPLE.words, everywhere=True)
    done, told = veil_people(IMAGE, sample(), faces)
    assert (changed(done), told) == ((0, 0, 40, 40), "The whole image, of a data set of faces, made coarse.")
