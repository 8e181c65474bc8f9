"""Images go along with soft labels only where a licence lets them, and bring their author with them."""

import importlib.metadata
import subprocess
import sys

import polars as pl
import pytest
from PIL import Image

from retrain_kit.answers import Consent, Store
from retrain_kit.errors import DataError
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.training import export
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.what_if import WhatIf
from retrain_kit.storage import files
from retrain_kit.studies import licences

KIND = "soft-labels-with-images"
PUBLISHED = Consent(("class", "publication"), "what-if-1", "2026-11-22T09:00:00Z")
ANN = Voice(PUBLISHED, "-".join(["babab"] * 8))
TOML = """\
title = "Mine"
why = "To see."
dataset = "images"
version = "1"
licence = "each in the table"
retrieved = "2026-11-22"
folder = "."
content_notice = "{notice}"

[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""
COLUMNS = "id,file,sha256,width_px,height_px,licence,author,source,notice"
LICENCES = {
    "free": ("CC0-1.0", ""),
    "named": ("CC BY-SA 4.0", ""),
    "bound": ("CC-BY-NC-2.0", ""),
    "unknown": ("unknown", ""),
    "noticed": ("CC0-1.0", "a face"),
}


@pytest.fixture
def study(tmp_path, monkeypatch):
    """Return the function that makes a study of five images in the working folder."""
    monkeypatch.chdir(tmp_path)

    def make(notice=""):
        rows = [COLUMNS]
        for shade, (name, (licence, own)) in enumerate(LICENCES.items()):
            path = tmp_path / f"{name}.PNG"
            Image.new("L", (4, 3), 10 * shade).save(path)
            rows.append(f"{name},{path.name},{files.sha256(path)},4,3,{licence},Ann {name},somewhere,{own}")
        (tmp_path / "mine.toml").write_text(TOML.format(notice=notice))
        (tmp_path / "mine.csv").write_text("\n".join(rows))

    return make


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "answers") as made:
        for name in LICENCES:
            WhatIf(made, "mine").add(BlankPlace(name), f"mist over {name}", 10, ANN)
        yield made


@pytest.mark.parametrize(
    "licence", ["CC0", "CC0-1.0", "Public Domain", "Public Domain Mark", "CC-BY-2.0", "cc by-sa 4.0"]
)
def test_a_free_licence_lets_an_image_travel(licence):
    assert licences.licence_allows(licence)


@pytest.mark.parametrize(
    "licence",
    ["", "unknown", "CC-BY-NC-2.0", "CC BY-ND 4.0", "CC-BY-NC-SA-4.0", "all rights reserved", "not CC0"],
)
def test_any_other_licence_keeps_it_where_it_is(licence):
    assert not licences.licence_allows(licence)


def test_images_that_may_travel_lie_beside_their_labels_with_author_and_licence(study, store, tmp_path):
    study()
    sheet, table, *images = export.write_training_data(store, tmp_path / "out", KIND)
    rows = pl.read_parquet(table).to_dicts()
    assert [(row["image_id"], row["author"], row["licence"]) for row in rows] == [
        ("free", "Ann free", "CC0-1.0"),
        ("named", "Ann named", "CC BY-SA 4.0"),
    ]
    assert sorted(table.parent / row["file_name"] for row in rows) == sorted(images)
    assert [files.sha256(path) for path in images] == [path.stem for path in images]
    assert "Left out, since their image stays: 3." in sheet.read_text()


def test_a_study_whose_notice_asks_to_pass_nothing_on_keeps_all_its_images(study, store, tmp_path):
    study("Look with care and pass nothing on.")
    assert [path.name for path in export.write_training_data(store, tmp_path / "out", KIND)] == [
        "README.md",
        "metadata.parquet",
    ]


def test_an_image_nobody_speaks_of_any_more_is_taken_out_of_the_folder(study, store, tmp_path):
    study()
    export.write_training_data(store, tmp_path / "out", KIND)
    (record,) = (record for record in store.records() if record.asked.images == ("free",))
    store.withdraw(record.id, ANN.key)
    export.write_training_data(store, tmp_path / "out", KIND)
    (left,) = (tmp_path / "out" / KIND / "images").iterdir()
    assert left.stem == files.sha256(tmp_path / "named.PNG")


def test_an_image_that_is_not_the_one_of_the_table_does_not_travel(study, store, tmp_path):
    study()
    Image.new("L", (4, 3), 99).save(tmp_path / "free.PNG")
    (tmp_path / "named.PNG").unlink()
    with pytest.raises(DataError) as error:
        export.write_training_data(store, tmp_path / "out", KIND)
    assert len(error.value.faults) == 2


def test_hugging_faces_own_library_finds_each_image_and_its_labels(study, store, tmp_path):
    try:
        importlib.metadata.version("datasets")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("Hugging Face's datasets is not installed")
    study()
    WhatIf(store, "mine").add(BlankPlace("free", "xywh=0,0,2,2"), "a kite", 10, ANN)
    export.write_training_data(store, tmp_path / "out", KIND)
    load = (
        "import sys, datasets\n"
        "for row in datasets.load_dataset(sys.argv[1])['train']:\n"
        "    print(row['image'].size, row['image_id'], row['hole'], row['options'])"
    )
    quiet = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")}
    command = [sys.executable, "-c", load, str(tmp_path / "out" / KIND)]
    done = subprocess.run(command, env=quiet, capture_output=True, text=True)
    assert sorted(done.stdout.splitlines()) == [
        "(4, 3) free  [['mist over free']]",
        "(4, 3) free xywh=0,0,2,2 [['a kite']]",
        "(4, 3) named  [['mist over named']]",
    ], done.stderr
