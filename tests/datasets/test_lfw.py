"""Labeled Faces in the Wild: names are read as the data set writes them, and never without the notice."""

import tarfile

import pytest
from small_studies import put, study

from retrain_kit import datasets
from retrain_kit.annotations.samples import ImageLabel
from retrain_kit.datasets import lfw
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.studies.sampling import Candidate

# The layout is the data set's; the people are none.
FILES = (
    "lfw/Ann_Other/Ann_Other_0001.jpg",
    "lfw/Ann_Other/Ann_Other_0002.jpg",
    "lfw/N_O_Body/N_O_Body_0001.jpg",
)
IMAGES = [(path.rpartition("/")[2][:-4], path, (250, 250)) for path in FILES]
PAIRS = "1\t1\nAnn_Other\t1\t2\nAnn_Other\t2\tN_O_Body\t1\n"
NOTICE = "A person's face under the person's name; nothing says that the person was asked."


def test_an_image_is_read_with_name_notice_and_its_pairs(tmp_path):
    (tmp_path / "pairs.txt").write_text(PAIRS)
    samples = datasets.read(study(tmp_path, "lfw", IMAGES, {"pairs": "pairs.txt"}))
    second = samples[1]
    assert (second.id, second.path, second.size) == ("Ann_Other_0002", tmp_path / FILES[1], (250, 250))
    assert second.labels == (ImageLabel("Ann_Other", present=True, annotator="unknown"),)
    assert second.notice == NOTICE
    assert second.said == {
        "pairs": [
            {"line": 2, "with": "Ann_Other_0001", "same": True},
            {"line": 3, "with": "N_O_Body_0001", "same": False},
        ]
    }
    assert samples[2].labels[0].label == "N_O_Body"


def test_every_sample_bears_the_notice_with_or_without_pairs(tmp_path):
    samples = lfw.read(study(tmp_path, "lfw", IMAGES))
    assert {sample.notice for sample in samples} == {NOTICE}
    assert [sample.said for sample in samples] == [{}, {}, {}]


def test_the_archive_as_distributed_is_listed_and_each_candidate_bears_the_notice(tmp_path):
    put(tmp_path, *FILES)
    with tarfile.open(tmp_path / "lfw.tgz", "w:gz") as archive:
        archive.add(tmp_path / "lfw", "lfw")
    manifest = study(tmp_path, "lfw", files={"images": "lfw.tgz"})
    assert sorted(lfw.ids(manifest)) == ["Ann_Other_0001", "Ann_Other_0002", "N_O_Body_0001"]
    assert lfw.describe(manifest, ["N_O_Body_0001"]) == [
        Candidate("N_O_Body_0001", FILES[2], archive=("lfw.tgz", FILES[2]), notice=NOTICE)
    ]


def test_images_are_chosen_by_name_and_a_name_that_is_not_there_is_an_error(tmp_path):
    put(tmp_path, *FILES, "lfw/Ann_Other/somebody_0001.jpg")
    assert lfw.ids(study(tmp_path, "lfw", labels=["N_O_Body"])) == ["N_O_Body_0001"]
    with pytest.raises(ParameterError, match="'Nobody'"):
        lfw.ids(study(tmp_path, "lfw", labels=["Nobody"]))


def test_lines_that_are_no_pair_match_no_image(tmp_path):
    wrong = ["Ann_Other\t1", "Ann_Other\tone\t2", "Ann_Other\t-1\t2", "A\t1\tB\t1\tC", "\t1\t2"]
    (tmp_path / "pairs.txt").write_text("\n".join([PAIRS, *wrong]))
    unmatched = []
    samples = lfw.read(study(tmp_path, "lfw", IMAGES, {"pairs": "pairs.txt"}), unmatched)
    assert [pair["line"] for pair in samples[1].said["pairs"]] == [2, 3]
    assert [(each.place, each.row) for each in unmatched] == [
        (f"pairs.txt, line {number}", line) for number, line in enumerate(wrong, start=5)
    ]


def test_a_list_without_any_pair_is_a_fault(tmp_path):
    (tmp_path / "pairs.txt").write_text("1\nAnn Other;1;2\n")
    with pytest.raises(DataError, match="pairs.txt: found no line that is one, such as 'Ann Other;1;2'"):
        lfw.read(study(tmp_path, "lfw", IMAGES, {"pairs": "pairs.txt"}))


def test_a_list_of_pairs_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"pairs.txt: found no list"):
        lfw.read(study(tmp_path, "lfw", IMAGES, {"pairs": "pairs.txt"}))


def test_an_image_named_otherwise_is_a_fault(tmp_path):
    with pytest.raises(DataError, match=r"mine.csv, face: found 'face'; expected a name and four digits"):
        lfw.read(study(tmp_path, "lfw", [("face", "face.jpg", (250, 250))]))
