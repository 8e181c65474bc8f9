"""Every study of the kit says how its data set came to be, how to obtain it, and what was never disclosed."""

import csv
import shutil
from pathlib import Path, PurePosixPath

import pytest
from places import ROOT, SHARED
from small_studies import put

from retrain_kit import datasets
from retrain_kit.analysis import annotators
from retrain_kit.errors import DataError
from retrain_kit.studies import manifests

FOLDER = ROOT / "data_manifests"
STUDIES = sorted(path.stem for path in FOLDER.glob("*.toml"))
ELEVEN = {
    "visual-genome",
    "flickr-faces-hq",
    "tencent-ml-images",
    "stanford-dogs",
    "leaf",
    "labelled-faces-in-the-wild",
    "imagenet",
    "coil-100",
    "tiny-images",
    "open-images-nature",
    "open-images-decanonized",
}
FACES = {"flickr-faces-hq", "labelled-faces-in-the-wild", "open-images-nature", "visual-genome"}

every_study = pytest.mark.parametrize("study", STUDIES)


@pytest.fixture(autouse=True)
def no_data(tmp_path, monkeypatch):
    """No data set is on this machine."""
    monkeypatch.setenv(manifests.DATA_VARIABLE, str(tmp_path))


def load(study):
    return manifests.load(str(FOLDER / f"{study}.toml"), pinned=False)


def test_the_eleven_data_sets_of_living_with_images_are_there():
    assert set(STUDIES) >= ELEVEN


@every_study
def test_a_study_says_why_it_is_and_who_made_its_annotations_when_and_how(study):
    manifest = load(study)
    for text in (manifest.title, manifest.why, manifest.version, manifest.licence):
        assert text
    annotation = manifest.annotation
    assert annotation.who
    assert annotation.when
    assert annotation.how
    assert len(annotation.undisclosed) >= 3


@every_study
def test_an_annotator_that_nobody_named_is_no_crowdworker(study):
    said = (FOLDER / f"{study}.toml").read_text(encoding="utf-8").lower()
    assert "crowdworker" not in said
    assert "crowd worker" not in said


@every_study
def test_the_sources_of_annotators_are_those_the_kit_knows_and_each_annotator_of_them_is_explained(study):
    annotation = load(study).annotation
    assert set(annotation.sources.values()) <= annotators.ANNOTATION_SOURCES.keys()
    assert annotation.sources.keys() <= annotation.annotators.keys()


@every_study
def test_a_study_has_a_table_or_a_rule_or_was_withdrawn(study):
    manifest = load(study)
    pinned = (FOLDER / f"{study}.csv").is_file()
    assert pinned or manifest.draw or manifest.access.status == "withdrawn"
    assert not manifest.draw or manifest.draw.n > 0


@every_study
def test_a_study_whose_images_are_elsewhere_says_how_to_obtain_them(study):
    manifest = load(study)
    assert manifest.access.how or not manifest.draw
    assert all(download.url or manifest.access.how for download in manifest.downloads.values())


@pytest.mark.parametrize("study", sorted(FACES))
def test_faces_come_with_a_notice(study):
    assert "asked" in load(study).content_notice


def test_a_withdrawn_data_set_stays_listed_and_says_why_it_does_not_load():
    assert "tiny-images" in manifests.study_names()
    with pytest.raises(DataError) as caught:
        manifests.load(str(FOLDER / "tiny-images.toml"))
    (fault,) = caught.value.faults
    assert fault.found == "a data set that was withdrawn"
    assert "29 June 2020" in fault.do
    assert "derogatory terms" in fault.do
    assert load("tiny-images").downloads == {}


def test_names_with_faces_are_never_fetched_without_somebody_who_decides_it():
    manifest = load("labelled-faces-in-the-wild")
    assert manifest.access.status == "gone"
    assert [download.url for download in manifest.downloads.values()] == [""]


def test_decanonized_images_are_those_of_nature_drawn_by_the_same_rule():
    nature, decanonized = load("open-images-nature"), load("open-images-decanonized")
    assert decanonized.draw == nature.draw
    assert decanonized.downloads == nature.downloads
    assert decanonized.folder == nature.folder
    assert "without what the boxes hold" in decanonized.why


def test_the_words_for_nature_are_classes_of_open_images():
    classes = SHARED / "testdata" / "open_images" / "classes.csv"
    if not classes.is_file():
        pytest.skip("the real classes lie in ../shared/testdata, which is not here")
    with classes.open(encoding="utf-8", newline="") as file:
        known = {row[1] for row in csv.reader(file)}
    assert set(load("open-images-nature").draw.labels) <= known


@pytest.mark.parametrize(
    ("study", "path"),
    [
        ("stanford-dogs", "Images/n02085620-Chihuahua/n02085620_7.jpg"),
        ("coil-100", "coil-100/obj1__0.png"),
        ("leaf", "RGB/1. Quercus suber/iPAD2_C01_EX01.JPG"),
        ("labelled-faces-in-the-wild", "lfw/Ann_Other/Ann_Other_0001.jpg"),
    ],
)
def test_an_image_is_found_where_the_downloads_of_its_study_put_it(study, path, tmp_path):
    manifest = load(study)
    put(tmp_path / "packed", path)
    place = manifest.files["images"]
    if place.suffix:
        place.parent.mkdir()
        kind = {".zip": "zip", ".tar": "tar", ".tgz": "gztar"}[place.suffix]
        shutil.move(shutil.make_archive(tmp_path / "archive", kind, tmp_path / "packed"), place)
    else:
        shutil.copytree(tmp_path / "packed", place)
    (name,) = datasets.reader_function(manifest, "ids")(manifest)
    (candidate,) = datasets.reader_function(manifest, "describe")(manifest, [name])
    assert name == Path(path).stem
    assert (manifest.folder / candidate.file).is_file() == (not candidate.archive)
    assert [PurePosixPath(part) for part in candidate.archive] == (
        [PurePosixPath(place.name), PurePosixPath(path)] if place.suffix else []
    )
