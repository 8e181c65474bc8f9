"""Leaf is read by its folders' names, with the row of numbers that a program computed from each leaf."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_studies import put, study

from retrain_kit import datasets
from retrain_kit.annotations.samples import ImageLabel
from retrain_kit.datasets import leaf
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.studies.sampling import Candidate

OAK = "RGB/1. Quercus suber/iPAD2_C01_EX01.JPG"
WILLOW = "RGB/2. Salix atrocinerea/iPAD2_C02_EX01.JPG"
OUTLINE = "BW/1. Quercus suber/iPAD2_C01_EX01.TIFF"
NUMBERS = [0.5 + number for number in range(14)]
ROW = ",".join(map(str, [1, 1, *NUMBERS]))
SIZE = (720, 960)


def test_a_leaf_is_read_with_species_and_row(tmp_path):
    (tmp_path / "leaf.csv").write_text(ROW + "\n")
    images = [("iPAD2_C01_EX01", OAK, SIZE), ("iPAD2_C02_EX01", WILLOW, SIZE)]
    oak, willow = datasets.read(study(tmp_path, "leaf", images, {"attributes": "leaf.csv"}))
    assert oak.labels == (ImageLabel("Quercus suber", present=True, annotator="unknown"),)
    assert oak.said == {
        "class": 1,
        "attributes": {
            "Eccentricity": 0.5,
            "Aspect Ratio": 1.5,
            "Elongation": 2.5,
            "Solidity": 3.5,
            "Stochastic Convexity": 4.5,
            "Isoperimetric Factor": 5.5,
            "Maximal Indentation Depth": 6.5,
            "Lobedness": 7.5,
            "Average Intensity": 8.5,
            "Average Contrast": 9.5,
            "Smoothness": 10.5,
            "Third moment": 11.5,
            "Uniformity": 12.5,
            "Entropy": 13.5,
        },
    }
    assert json.loads(json.dumps(oak.said)) == oak.said
    assert (willow.labels[0].label, willow.said) == ("Salix atrocinerea", {"class": 2})


def test_photographs_and_outlines_of_one_name_are_told_apart_by_the_subset(tmp_path):
    put(tmp_path, OAK, WILLOW, OUTLINE, "leaf.csv")
    assert leaf.ids(study(tmp_path, "leaf")) == ["iPAD2_C01_EX01", "iPAD2_C02_EX01"]
    outlines = study(tmp_path, "leaf", subset="BW")
    assert leaf.ids(outlines) == ["iPAD2_C01_EX01"]
    assert leaf.describe(outlines, ["iPAD2_C01_EX01"]) == [Candidate("iPAD2_C01_EX01", OUTLINE)]
    with pytest.raises(ParameterError, match="subset: found 'rgb'"):
        leaf.ids(study(tmp_path, "leaf", subset="rgb"))


def test_leaves_are_chosen_by_species_and_an_unknown_one_is_an_error(tmp_path):
    put(tmp_path, OAK, WILLOW)
    assert leaf.ids(study(tmp_path, "leaf", labels=["Salix atrocinerea"])) == ["iPAD2_C02_EX01"]
    with pytest.raises(ParameterError, match="'Quercus robur'.* Near it: Quercus suber"):
        leaf.ids(study(tmp_path, "leaf", labels=["Quercus robur"]))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,1", "2 cells, not 16"),
        (f"{ROW},1", "17 cells, not 16"),
        (ROW, "the same class and specimen a second time"),
        (ROW.replace("13.5", "much"), "the same class and specimen a second time"),
    ],
)
def test_a_row_that_is_none_is_listed_with_its_image(tmp_path, line, reason):
    (tmp_path / "leaf.csv").write_text(f"{ROW}\n{line}\n\n{ROW.replace('1,1', '1,a', 1)}\n")
    files, unmatched = {"attributes": "leaf.csv"}, []
    (sample,) = leaf.read(study(tmp_path, "leaf", [("iPAD2_C01_EX01", OAK, SIZE)], files), unmatched)
    assert len(sample.said["attributes"]) == 14
    assert [(each.image, each.place, each.reason, each.row) for each in sample.rejected] == [
        ("iPAD2_C01_EX01", "leaf.csv, line 2", reason, line)
    ]
    assert [(each.place, each.reason) for each in unmatched] == [
        ("leaf.csv, line 4", "no class and specimen")
    ]


@pytest.mark.parametrize("cell", ["much", "nan", "1_0", "", "1e999"])
def test_a_number_that_is_none_is_listed(tmp_path, cell):
    wrong = ROW.replace("13.5", cell)
    (tmp_path / "leaf.csv").write_text(f"{wrong}\n{ROW.replace('1,1', '2,1', 1)}\n")
    images = [("iPAD2_C01_EX01", OAK, SIZE)]
    (sample,) = leaf.read(study(tmp_path, "leaf", images, {"attributes": "leaf.csv"}))
    assert "attributes" not in sample.said
    assert "no finite number" in sample.rejected[0].reason


def test_a_table_without_any_row_is_a_fault(tmp_path):
    (tmp_path / "leaf.csv").write_text(ROW.replace(",", ";"))
    with pytest.raises(DataError, match="leaf.csv: found no line that is one, such as '1;1;"):
        leaf.read(study(tmp_path, "leaf", files={"attributes": "leaf.csv"}))


def test_an_image_outside_the_folders_of_species_is_a_fault(tmp_path):
    with pytest.raises(DataError, match="found the folder 'Quercus'; expected a folder named by number"):
        leaf.read(study(tmp_path, "leaf", [("a", "Quercus/a.jpg", SIZE)]))


@given(st.integers(1, 40), st.text("abcdefgh.", min_size=1).map(str.strip).filter(bool))
def test_number_and_species_are_those_of_the_folder(number, species):
    assert leaf._species(f"{number}. {species}") == (number, species)
