"""Visual Genome is a dataset of FiftyOne's zoo: its own code fetches the folder, the kit brings the rest."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from PIL import Image
from serving import Serving

from retrain_kit import fiftyone
from retrain_kit.annotations.samples import UNKNOWN, Box, Region

foz = pytest.importorskip("fiftyone.zoo")

FOLDER = Path(fiftyone.__file__).parent / "zoo" / "visual_genome"
IMAGE = "VG_100K/1.jpg"
NAME = "retrain-kit/visual-genome"
TOML = """\
title = "One clock"
why = "a test"
dataset = "visual-genome"
version = "1.2"
licence = "CC-BY-4.0"
image_url = "{url}"
[draw]
n = 1
seed = 7
[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""
CLOCK = {"object_id": 7, "x": 4, "y": 9, "w": 10, "h": 20, "names": ["clock"], "synsets": ["clock.n.01"]}


@pytest.fixture(scope="module", autouse=True)
def _database(kit_database):
    """These tests need FiftyOne's real database."""


@pytest.fixture
def server(tmp_path):
    """A server with the zoo's folder as an archive, and with two files and an image of Visual Genome."""
    served = tmp_path / "served"
    (served / "VG_100K").mkdir(parents=True)
    shutil.make_archive(str(served / "visual-genome"), "zip", FOLDER)
    Image.new("RGB", (80, 60), "navy").save(served / IMAGE)
    with Serving(served) as running:
        row = {"image_id": 1, "width": 80, "height": 60, "url": running.url(IMAGE), "coco_id": 5}
        (served / "image_data.json").write_text(json.dumps([row]))
        (served / "objects.json").write_text(json.dumps([{"image_id": 1, "objects": [CLOCK]}]))
        yield running


@pytest.fixture
def study(tmp_path, server):
    """A study that nobody has pulled yet."""
    text = TOML
    for name in ("image_data", "objects"):
        file = f"{name}.json"
        text += f'[downloads.{name}]\nurl = "{server.url(file)}"\nfile = "{file}"\n'
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "clock.toml").write_text(text)
    return tmp_path / "study" / "clock.toml"


@pytest.fixture
def zoo(tmp_path, monkeypatch):
    """A zoo folder of the test's own."""
    monkeypatch.setattr(fiftyone.fo.config, "dataset_zoo_dir", str(tmp_path / "zoo"))
    return tmp_path / "zoo"


def test_the_zoo_fetches_the_folder_the_files_and_the_images_and_gives_the_kits_dataset(
    server, study, zoo, tmp_path
):
    address = server.url("visual-genome.zip")
    dataset = foz.load_zoo_dataset(address, study=str(study), dataset_name=f"clock of {tmp_path.name}")
    (sample,) = fiftyone.samples(dataset)
    assert sample.regions == (
        Region(
            "clock",
            Box(4, 9, 14, 29),
            "o7",
            UNKNOWN,
            said={"names": ["clock"], "synsets": ["clock.n.01"]},
        ),
    )
    assert (sample.id, sample.size, sample.said["coco_id"]) == ("1", (80, 60), 5)
    assert sample.provenance.sha256 == hashlib.sha256((server.folder / IMAGE).read_bytes()).hexdigest()
    assert dataset.info["study"] == "clock"
    assert NAME in foz.list_zoo_datasets()


def test_what_the_zoo_has_fetched_is_not_fetched_again(server, study, zoo, tmp_path):
    address = server.url("visual-genome.zip")
    for number in range(2):
        name = address if not number else NAME
        foz.load_zoo_dataset(name, study=str(study), dataset_name=f"{number} of {tmp_path.name}")
    asked = {name: server.requests[name] for name in ("visual-genome.zip", "objects.json", IMAGE)}
    assert asked == {"visual-genome.zip": 1, "objects.json": 1, IMAGE: 1}


def test_a_study_that_came_with_the_kit_is_pinned_in_the_zoos_folder(
    server, study, zoo, tmp_path, monkeypatch
):
    place = tmp_path / "kit"
    (place / "data_manifests").mkdir(parents=True)
    text = study.read_text().replace("[draw]", 'folder = "data:vg"\n[draw]')
    (place / "data_manifests" / "visual-genome.toml").write_text(text)
    monkeypatch.setattr("retrain_kit.studies.manifests.KIT_FOLDERS", (place / "data_manifests",))
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    address = server.url("visual-genome.zip")
    dataset = foz.load_zoo_dataset(address, dataset_name=f"kit's of {tmp_path.name}")
    assert [sample.id for sample in fiftyone.samples(dataset)] == ["1"]
    assert (zoo / NAME / "studies" / "visual-genome.csv").is_file()
    assert not list(tmp_path.glob("visual-genome.*"))


def test_the_zoo_says_name_source_and_licence(server, study, zoo):
    found = foz.get_zoo_dataset(server.url("visual-genome.zip"))
    assert (found.name, found.is_remote, found.version) == (NAME, True, "1.0.0")
    assert found.license.startswith("annotations CC-BY-4.0; images unknown")
