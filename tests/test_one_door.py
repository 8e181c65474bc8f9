"""One door: every command takes a study by name, by path, as a folder or from FiftyOne, and does the same with it."""

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from io import BytesIO

import numpy as np
import polars as pl
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from PIL import Image

from retrain_kit import datasets
from retrain_kit.annotations.samples import Provenance
from retrain_kit.answers import Store
from retrain_kit.cli import kit, naming
from retrain_kit.errors import DataError
from retrain_kit.storage import files
from retrain_kit.studies import manifests, references, reviews
from retrain_kit.studies.codes import card_code

SIZE = (128, 64)
BOXES = {"a": [32, 16, 64, 32], "b": [0, 0, 16, 48], "c": [96, 32, 32, 32]}
"""What is tagged on three images: left, top, width and height, which shares of the image tell exactly."""

TOML = """
title = "Three images"
why = "to come in by every door"
dataset = "coco"
version = "1"
licence = "unknown"
retrieved = "2026-11-01"
folder = "coco"
[files]
instances = "annotations/instances.json"
[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""
FIFTYONE = "fiftyone:by every door"
DOORS = ["mine", "mine.toml", "coco", "coco/", "./coco"]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A working folder with three images in COCO's layout, and a study of them, `mine`."""
    place = tmp_path_factory.mktemp("house")
    (place / "coco" / "images").mkdir(parents=True)
    (place / "coco" / "annotations").mkdir()
    shades = np.random.default_rng(7).integers(0, 255, (3, *SIZE[::-1], 3), dtype=np.uint8)
    rows = []
    for number, (name, shade) in enumerate(zip(BOXES, shades, strict=True), start=1):
        path = place / "coco" / "images" / f"{name}.jpg"
        Image.fromarray(shade).save(path, quality=90)
        rows.append([number, f"images/{name}.jpg", files.sha256(path), *SIZE, *["unknown"] * 3])
    with (place / "mine.csv").open("w", newline="") as table:
        csv.writer(table).writerows([manifests.REQUIRED_COLUMNS, *rows])
    (place / "mine.toml").write_text(TOML)
    (place / "coco" / "annotations" / "instances.json").write_text(json.dumps(coco()))
    return place


def coco():
    images = [
        {"id": number, "file_name": f"{name}.jpg", "width": SIZE[0], "height": SIZE[1]}
        for number, name in enumerate(BOXES, start=1)
    ]
    tagged = [
        {
            "id": number,
            "image_id": number,
            "category_id": 1,
            "bbox": box,
            "area": box[2] * box[3],
            "iscrowd": 0,
        }
        for number, box in enumerate(BOXES.values(), start=1)
    ]
    return {"images": images, "annotations": tagged, "categories": [{"id": 1, "name": "Bird"}]}


@pytest.fixture
def inside(house, tmp_path, monkeypatch):
    """The working folder, as that of the test; data sets are kept where no other test has been."""
    monkeypatch.chdir(house)
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "data"))
    return house


@pytest.fixture(scope="module")
def dataset(house, kit_database):
    """The same three images and boxes as a dataset in FiftyOne."""
    from retrain_kit.fiftyone.library import fo  # noqa: PLC0415 - the quick suite takes this file without it

    made = fo.Dataset(FIFTYONE.removeprefix(references.FIFTYONE_PREFIX))
    for name, (left, top, width, height) in BOXES.items():
        relative = [left / SIZE[0], top / SIZE[1], width / SIZE[0], height / SIZE[1]]
        boxes = fo.Detections(detections=[fo.Detection(label="Bird", bounding_box=relative)])
        made.add_sample(
            fo.Sample(filepath=str(house / "coco" / "images" / f"{name}.jpg"), ground_truth=boxes)
        )
    return made


def run(*words):
    done = CliRunner().invoke(kit, [str(each) for each in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


# -- what comes of each command, in a form that is the same for the same images, whatever their study is called


def decanonize(study, out):
    run("decanonize", study, "-o", out, "-j", "1")
    return {path.name: path.read_bytes() for path in out.rglob("*.jpg")}


def coverage(study, out):
    run("coverage", study, "-o", out)
    return pl.read_parquet(out / "by_image.parquet").drop("ImageID").to_dicts()


def mosaic(study, out):
    run("mosaic", study, "-o", out / "mosaic.png", "--view", "tagged")
    return (out / "mosaic.png").read_bytes()


def datasheet(study, out):
    run("datasheet", study, "-o", out)
    table = out / f"{naming.load_study(study).name}.csv"
    description = json.loads(table.with_suffix(".croissant.json").read_text())
    assert "images" in [each["@id"] for each in description["recordSet"]]
    with table.open(newline="") as lines:
        return [(row["file"].rpartition("/")[2], row["width_px"]) for row in csv.DictReader(lines)]


def nutrition_label(study, out):
    out.mkdir()
    run("nutrition-label", study, "-o", out / "label.html")
    numbers = BeautifulSoup((out / "label.html").read_text(), "html.parser").select(".rk-great dd bdi")
    return [each.get_text() for each in numbers]


def export(study, out):
    run("export", study, "--as", "hugging-face", "-o", out)
    return {path.name: path.read_bytes() for path in out.rglob("*.jpg")}


def pull(study, out):
    assert "\n3 images, all " in run("pull", study)
    return [image.sha256 for image in naming.load_study(study).images]


def sheets(study, out):
    assert "3 of 3 images to look at" in run(
        "review", study, "--all", "--people", 1, "--seed", 7, "-o", out / "page.html"
    )
    manifest = naming.load_study(study)
    for image in manifest.images:
        reviews.keep_decision(manifest, image.id, "accept")
    run("sheets", study, "--people", 1, "--seed", 7, "-o", out / "cards.pdf")
    return len(pypdfium2.PdfDocument(out / "cards.pdf"))


def card(study, out):
    manifest = naming.load_study(study)
    last = list(manifest.images)[-1]
    return "images/c.jpg" in run("card", card_code(manifest.name, last.id), "--study", study)


def exhibition(study, out):
    (out / "back").mkdir(parents=True)
    manifest = naming.load_study(study)
    first = next(iter(manifest.images))
    (out / "back" / "people.csv").write_text("pseudonym,agreed\nkestrel,class publication\n")
    (out / "back" / f"{card_code(manifest.name, first.id)}_kestrel.txt").write_text("a fence")
    run("bring", out / "back", "--study", study, "--answers", out / "answers")
    run("exhibition", study, "--answers", out / "answers", "-o", out / "page.html")
    return "a fence" in (out / "page.html").read_text()


COMMANDS = {
    each.__name__: each
    for each in (
        *(decanonize, coverage, mosaic, datasheet, nutrition_label),
        *(export, pull, sheets, card, exhibition),
    )
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_name_a_path_and_a_folder_lead_to_the_same(inside, tmp_path, command):
    found = [COMMANDS[command](study, tmp_path / f"out-{place}") for place, study in enumerate(DOORS)]
    assert found[0]
    assert all(each == found[0] for each in found), found


@pytest.mark.parametrize("command", COMMANDS)
def test_fiftyone_leads_to_the_same_as_a_name(inside, dataset, tmp_path, command):
    by_name, from_fiftyone = (COMMANDS[command](study, tmp_path / study) for study in ("mine", FIFTYONE))
    assert from_fiftyone == by_name


def test_decanonized_images_hold_nothing_where_the_boxes_were(inside, tmp_path):
    for name, content in decanonize("./coco", tmp_path / "out").items():
        left, top, width, height = BOXES[name[0]]
        pixels = np.asarray(Image.open(BytesIO(content)))
        inner = pixels[top + 2 : top + height - 2, left + 2 : left + width - 2]
        assert (inner == 255).all()


# -- which way a text leads


def test_fiftyone_is_loaded_for_its_own_name_alone(house, tmp_path):
    code = "import sys; from retrain_kit import fiftyone as f; f.find_study({!r}); print('fiftyone' in sys.modules)"
    for study in ("mine", "mine.toml", "./coco"):
        told = subprocess.run(
            [sys.executable, "-c", code.format(study)],
            cwd=house,
            env={**os.environ, "RETRAIN_KIT_DATA": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert told.stdout == "False\n"


def test_a_study_goes_before_a_folder_of_its_name_and_a_folder_before_what_is_kept_of_one(inside, tmp_path):
    (tmp_path / "here" / "mine").mkdir(parents=True)
    Image.new("L", (8, 8)).save(tmp_path / "here" / "mine" / "one.png")
    os.chdir(tmp_path / "here")
    kept = naming.find_study("mine")
    assert kept == tmp_path / "data" / "studies" / "mine.toml"
    assert [image.id for image in naming.load_study("mine").images] == ["one.png"]
    Image.new("L", (8, 8)).save(tmp_path / "here" / "mine" / "two.png")
    assert [image.id for image in naming.load_study("mine").images] == ["one.png", "two.png"]
    shutil.copy(inside / "mine.toml", "mine.toml")
    assert naming.find_study("mine").resolve() == tmp_path / "here" / "mine.toml"
    assert naming.find_study("./mine") == naming.find_study("mine/") == kept


def test_a_folder_is_said_in_one_line_with_where_its_study_is(inside, tmp_path, capsys):
    (tmp_path / "photos").mkdir()
    Image.new("L", (8, 8)).save(tmp_path / "photos" / "one.png")
    (tmp_path / "photos" / "two.png").touch()
    toml = naming.find_study(str(tmp_path / "photos"))
    assert capsys.readouterr().err == (
        f"retrain-kit: {tmp_path}/photos is the study photos, kept as {toml}; left out: 1 (an empty file)\n"
    )


# -- a dataset in FiftyOne


@pytest.fixture
def fo(kit_database, inside):
    from retrain_kit.fiftyone.library import fo  # noqa: PLC0415 - as above

    yield fo
    fo.delete_non_persistent_datasets()


@pytest.fixture
def scattered(fo, tmp_path):
    """A dataset whose images lie in two folders, one by a link; one of them is no image, another not there."""
    for name in ("here", "far/away"):
        (tmp_path / name).mkdir(parents=True)
        Image.new("RGB", (64, 64), "red").save(tmp_path / name / "red.png")
    (tmp_path / "here" / "link.png").symlink_to(tmp_path / "far" / "away" / "red.png")
    (tmp_path / "here" / "text.png").write_text("no image")
    made = fo.Dataset("scattered images")
    for name in ("here/red.png", "far/away/red.png", "here/link.png", "here/text.png", "nowhere.png"):
        tag = fo.Detection(
            label="Red", bounding_box=[0, 0, 0.5, 0.5], mask=np.eye(4, dtype=bool), annotator="Ann"
        )
        made.add_sample(
            fo.Sample(
                filepath=str(tmp_path / name),
                tagged=fo.Detections(detections=[tag]),
                line=fo.Polyline(label="Way", points=[[(0, 0), (1, 0), (1, 1)]], closed=True),
                eyes=fo.Keypoints(keypoints=[fo.Keypoint(label="Eye", points=[(0.5, 0.5)])]),
                sky=fo.Classification(label="Sky"),
            )
        )
    return made


def test_images_of_a_dataset_in_fiftyone_may_lie_anywhere_and_what_is_none_is_counted(scattered, tmp_path):
    from retrain_kit import fiftyone  # noqa: PLC0415 - as above

    manifest = naming.load_study("fiftyone:scattered images")
    assert (manifest.name, manifest.title, manifest.folder) == (
        "scattered-images",
        "scattered images",
        tmp_path,
    )
    assert [image.file for image in manifest.images] == ["here/red.png", "far/away/red.png", "here/link.png"]
    assert manifest.left_out == {"an image without a size": 2}
    samples = datasets.read(manifest)
    bare = [replace(sample, provenance=Provenance()) for sample in samples]
    assert bare == fiftyone.samples(fiftyone.open_study("fiftyone:scattered images")[1])
    assert [(each.label, each.annotator, each.box.edges) for each in samples[2].regions] == [
        ("Red", "Ann", (0, 0, 32, 32)),
        ("Way", "unknown", (0, 0, 64, 64)),
    ]
    assert np.array_equal(samples[0].regions[0].mask, np.eye(4, dtype=bool))
    assert [(each.label, each.x, each.y) for each in samples[0].points] == [("Eye", 32, 32)]


def test_the_study_of_a_dataset_is_made_anew_when_it_or_a_file_of_it_changes_and_not_else(
    scattered, tmp_path
):
    study = "fiftyone:scattered images"
    toml = naming.find_study(study)
    samples = toml.with_suffix(".samples.jsonl")
    before = samples.stat().st_ino
    toml.write_text(toml.read_text().replace('licence = "unknown"', 'licence = "CC0-1.0"'))
    assert naming.find_study(study) == toml
    assert samples.stat().st_ino == before
    scattered.match({"filepath": str(tmp_path / "here" / "red.png")}).set_field("sky.label", "Night").save()
    manifest = naming.load_study(study)
    assert [sample.labels[0].label for sample in datasets.read(manifest)] == ["Night", "Sky", "Sky"]
    assert manifest.licence == "CC0-1.0"
    Image.new("RGB", (32, 16), "red").save(tmp_path / "here" / "red.png")
    assert [image.width_px for image in naming.load_study(study).images] == [32, 64, 64]


def test_what_people_said_stays_in_fiftyone(scattered, tmp_path):
    from retrain_kit.fiftyone import answers  # noqa: PLC0415 - as above

    image = next(iter(naming.load_study("fiftyone:scattered images").images))
    with Store(tmp_path / "answers") as store:
        answers.write_answers(
            scattered, {"said": {image.id: [{"text": "a kite"}]}}, "answers_", "about", store
        )
    toml = naming.find_study("fiftyone:scattered images")
    assert "a kite" in str(scattered.values("answers_said"))
    assert all("kite" not in path.read_text() for path in toml.parent.glob("scattered-images*"))


def test_a_name_in_fiftyone_that_a_study_has_already_gets_a_number(fo):
    fo.Dataset("Embedded sample").add_sample(fo.Sample(filepath="coco/images/a.jpg"))
    toml = naming.find_study("fiftyone:Embedded sample")
    assert (toml.stem, naming.load_study(toml.stem).title) == ("embedded-sample-2", "Embedded sample")


def test_what_is_no_dataset_of_images_is_refused_in_words(fo):
    fo.Dataset("films").add_sample(fo.Sample(filepath="film.mp4"))
    fo.Dataset("nothing in it")
    pairs = fo.Dataset("pairs")
    pairs.add_group_field("group", default="left")
    pairs.add_sample(fo.Sample(filepath="coco/images/a.jpg", group=fo.Group().element("left")))
    said = {
        "films": "dataset films: found media of the type video; expected a dataset of images.",
        "nothing in it": "dataset nothing in it: found no image; expected a dataset of images.",
        "pairs": "dataset pairs: found groups of the slices left (image); expected a dataset of images. "
        "Make a dataset of one: dataset.select_group_slices(NAME).clone(NEW_NAME, persistent=True).",
    }
    for name, words in said.items():
        with pytest.raises(DataError) as caught:
            naming.find_study(f"fiftyone:{name}")
        assert str(caught.value) == words
