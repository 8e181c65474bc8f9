"""A study is pulled from a real server: announced, fetched once, verified, drawn by rule and pinned."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
import tomlkit
from click.testing import CliRunner
from PIL import Image
from serving import Serving

from retrain_kit import datasets
from retrain_kit.cli import kit
from retrain_kit.datasets import pulling
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.imaging import decoding
from retrain_kit.storage import files
from retrain_kit.studies import manifests, sampling

BIRD, TREE = "/m/015p6", "/m/07j7r"
IDS = [f"{number:016x}" for number in range(1, 13)]
"""Twelve images: the odd ones have a bird, the even ones a tree."""

TOML = """\
title = "Birds of a small Open Images"
why = "to see whether a pull keeps its word"
dataset = "open-images"
version = "v7"
licence = "CC-BY-4.0"
folder = "data:small"
image_url = "{address}/bucket/{{subset}}/{{id}}.jpg"

[downloads.images]
url = "{address}/images.csv"
file = "tables/images.csv"

[downloads.boxes]
url = "{address}/boxes.csv"
file = "tables/boxes.csv"

[downloads.classes]
url = "{address}/classes.csv"
file = "tables/classes.csv"

[draw]
n = 3
seed = 7
labels = ["Bird"]
subset = "train"

[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""


def jpeg(width_px, height_px, grey):
    buffer = io.BytesIO()
    Image.new("L", (width_px, height_px), grey).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def source(tmp_path):
    """The files of a small Open Images as its servers have them."""
    folder = tmp_path / "source"
    (folder / "bucket" / "train").mkdir(parents=True)
    boxes = ["ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf"]
    images = [
        "ImageID,Subset,OriginalURL,OriginalLandingURL,License,Author,Title,OriginalMD5,Rotation",
    ]
    for number, name in enumerate(IDS, start=1):
        word = BIRD if number % 2 else TREE
        boxes.append(f"{name},xclick,{word},1,0.25,0.5,0.25,0.5,0,-1,0")
        turn = "90.0" if number == 5 else ""
        images.append(
            f"{name},train,https://example.org/{name}.jpg,https://example.org/{name},"
            f"https://creativecommons.org/licenses/by/2.0/,Ann,A title,,{turn}"
        )
        (folder / "bucket" / "train" / f"{name}.jpg").write_bytes(jpeg(40, 30, number * 10))
    (folder / "boxes.csv").write_text("\n".join(boxes) + "\n")
    (folder / "images.csv").write_text("\n".join(images) + "\n")
    (folder / "classes.csv").write_text(f"{BIRD},Bird\n{TREE},Tree\n")
    return folder


@pytest.fixture
def server(source):
    with Serving(source) as serving:
        yield serving


@pytest.fixture
def study(server, tmp_path, monkeypatch):
    """The path of a study that is not pinned yet, in a working folder of its own."""
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "data"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    path = tmp_path / "work" / "birds.toml"
    path.write_text(TOML.format(address=server.address))
    return path


def pull(path):
    manifest = manifests.load(path, pinned=False)
    said = []
    count = pulling.pull_study(manifest, tomlkit.parse(path.read_text()), path, said.append)
    return count, said


def rows(path):
    with path.with_suffix(".csv").open(newline="") as file:
        return list(csv.DictReader(file))


DRAWN = sampling.draw_order(IDS[::2], 7)


def test_a_pull_draws_by_rule_and_pins_what_it_found(study, source):
    assert pull(study)[0] == 3
    assert [row["id"] for row in rows(study)] == DRAWN[:3]
    first = rows(study)[0]
    stored = source / "bucket" / "train" / f"{DRAWN[0]}.jpg"
    assert first == {
        "id": DRAWN[0],
        "file": f"images/train/{DRAWN[0]}.jpg",
        "sha256": files.sha256(stored),
        "width_px": "40",
        "height_px": "30",
        "licence": "https://creativecommons.org/licenses/by/2.0/",
        "author": "Ann",
        "source": f"https://example.org/{DRAWN[0]}",
    }
    manifest = manifests.load(study)
    assert manifest.downloads["boxes"].sha256 == files.sha256(source / "boxes.csv")
    samples = datasets.read(manifest)
    assert [(region.label, region.annotator) for sample in samples for region in sample.regions] == [
        ("Bird", "xclick")
    ] * 3


def test_an_image_that_the_data_set_turns_is_pinned_upright(study):
    study.write_text(study.read_text().replace("n = 3", "n = 6"))
    pull(study)
    sizes = {row["id"]: (row["width_px"], row["height_px"]) for row in rows(study)}
    assert sizes[IDS[4]] == ("30", "40")
    assert sizes[IDS[0]] == ("40", "30")
    turned = next(sample for sample in datasets.read(manifests.load(study)) if sample.id == IDS[4])
    assert decoding.load_sample(turned).size == (30, 40)


def test_what_is_here_is_not_fetched_again(study, server):
    pull(study)
    before = dict(server.requests)
    assert pull(study)[0] == 3
    assert dict(server.requests) == before


def test_a_pinned_study_brings_the_same_bytes_to_another_machine(study, server, tmp_path, monkeypatch):
    pull(study)
    table = study.with_suffix(".csv").read_bytes()
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "elsewhere"))
    assert pull(study)[0] == 3
    assert study.with_suffix(".csv").read_bytes() == table
    manifests.verify_files(manifests.load(study))
    assert server.requests["boxes.csv"] == 2


def test_an_image_that_changed_at_its_source_is_refused(study, source, tmp_path, monkeypatch):
    pull(study)
    (source / "bucket" / "train" / f"{DRAWN[1]}.jpg").write_bytes(jpeg(40, 30, 255))
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "elsewhere"))
    with pytest.raises(DataError, match=rf"{DRAWN[1]}.jpg: found sha256 \w+; expected \w+"):
        pull(study)


def test_the_draw_does_not_depend_on_what_is_on_the_disk(study, source, tmp_path):
    here = tmp_path / "data" / "small" / "images" / "train"
    here.mkdir(parents=True)
    for name in DRAWN[3:]:
        (here / f"{name}.jpg").write_bytes((source / "bucket" / "train" / f"{name}.jpg").read_bytes())
    pull(study)
    assert [row["id"] for row in rows(study)] == DRAWN[:3]


def test_an_image_that_is_gone_is_noted_and_the_next_lot_takes_its_place(study, server):
    server.status[f"bucket/train/{DRAWN[1]}.jpg"] = 404
    pull(study)
    assert [row["id"] for row in rows(study)] == [DRAWN[0], DRAWN[2], DRAWN[3]]
    (gone,) = manifests.load(study).withdrawn.items()
    assert gone[0] == DRAWN[1]
    assert "404" in gone[1]


def test_what_is_no_image_is_left_out_and_listed_and_no_source_has_taken_it_back(study, source):
    (source / "bucket" / "train" / f"{DRAWN[0]}.jpg").write_bytes(b"<html>not here</html>")
    said = pull(study)[1]
    assert [row["id"] for row in rows(study)] == DRAWN[1:4]
    assert manifests.load(study).withdrawn == {}
    assert manifests.load(study).left_out == {"no image": 1}
    assert f"left out: 1 (no image): {DRAWN[0]}" in said
    with study.with_name("birds.left_out.csv").open(newline="") as file:
        (left_out,) = csv.DictReader(file)
    assert left_out["what"] == DRAWN[0]
    assert left_out["why"].startswith("no image (")


def test_connections_that_are_cut_and_a_busy_server_change_nothing(study, server):
    server.cut["boxes.csv"] = 2
    server.cut[f"bucket/train/{DRAWN[0]}.jpg"] = 1
    server.busy["images.csv"] = 1
    server.retry_after = "0"
    pull(study)
    assert [row["id"] for row in rows(study)] == DRAWN[:3]
    assert server.ranges["boxes.csv"][1:] == [f"bytes={size}-" for size in _halves(server, "boxes.csv")]


def _halves(server, name):
    whole = (server.folder / name).stat().st_size
    first = whole // 2
    return [first, first + (whole - first) // 2]


def test_a_file_that_is_not_what_its_server_says_pins_nothing(study, server):
    server.headers["boxes.csv"] = {"x-goog-hash": "md5=AAAAAAAAAAAAAAAAAAAAAA=="}
    before = study.read_text()
    with pytest.raises(DataError, match="boxes.csv, as its server says: found md5"):
        pull(study)
    assert study.read_text() == before
    assert not study.with_suffix(".csv").exists()


def test_a_table_that_changed_since_is_refused(study, tmp_path):
    pull(study)
    with (tmp_path / "data" / "small" / "tables" / "boxes.csv").open("a") as file:
        file.write("\n")
    with pytest.raises(DataError, match="boxes.csv: found sha256 .* Another version of the file"):
        pull(study)


def test_names_that_lead_out_of_the_folder_are_refused(study, source):
    for table in (source / "images.csv", source / "boxes.csv"):
        table.write_text(table.read_text().replace(IDS[0], f"../../../{IDS[0]}"))
    with pytest.raises(DataError, match=f"the id '../../../{IDS[0]}'; expected an id without slashes"):
        pull(study)
    assert not study.with_suffix(".csv").exists()


def test_files_that_lead_out_of_the_folder_are_refused_together(study):
    manifest = manifests.load(study, pinned=False)
    candidates = [
        sampling.Candidate("a", "../a.jpg"),
        sampling.Candidate("b", "b.jpg"),
        sampling.Candidate("c", "/c.jpg"),
    ]
    with pytest.raises(DataError) as caught:
        pulling._check_places(manifest, candidates)
    assert [fault.where for fault in caught.value.faults] == ["birds, image 'a'", "birds, image 'c'"]


def test_a_rule_that_asks_for_more_than_there_is_says_so(study):
    study.write_text(study.read_text().replace("n = 3", "n = 50"))
    count, said = pull(study)
    assert count == 6
    assert said[0] == "drawing 6 of 6 images with seed 7"


def test_an_unknown_label_names_those_near_it_and_pins_nothing(study):
    study.write_text(study.read_text().replace('"Bird"', '"Brid"'))
    with pytest.raises(ParameterError, match="'Brid'.*Bird"):
        pull(study)
    assert not study.with_suffix(".csv").exists()


def test_the_plan_says_what_would_be_fetched_and_how_large(study, source):
    done = CliRunner().invoke(kit, ["pull", "birds", "--plan"])
    assert done.exit_code == 0, done.output
    size = (source / "boxes.csv").stat().st_size
    assert f"boxes.csv: {size} bytes" in done.output
    assert "to fetch:" in done.output
    assert not (Path.cwd() / "birds.csv").exists()


def test_the_command_pulls_and_says_where_the_study_is(study):
    done = CliRunner().invoke(kit, ["pull", "birds"])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == "3 images, all verified: birds.toml"
    again = CliRunner().invoke(kit, ["pull", "birds"])
    assert "all files are here" in again.output


def test_a_study_can_be_drawn_by_a_rule_of_ones_own(study):
    (Path.cwd() / "data_manifests").mkdir()
    study.rename(Path.cwd() / "data_manifests" / "birds.toml")
    rule = ["--dataset", "birds", "--label", "Tree", "--n", "2", "--seed", "3"]
    done = CliRunner().invoke(kit, ["draw", *rule])
    assert done.exit_code == 0, done.output
    drawn = manifests.load("open-images-v7-tree-2-seed-3")
    assert [image.id for image in drawn.images] == sampling.draw_order(IDS[1::2], 3)[:2]
    assert drawn.draw == sampling.Rule(2, 3, ("Tree",), "train")
    other = CliRunner().invoke(kit, ["draw", *rule[:-1], "4", "--name", "open-images-v7-tree-2-seed-3"])
    assert other.exit_code == 2
    assert "a study of another rule" in other.output


def test_a_data_set_that_was_withdrawn_says_why_it_is_not_pulled():
    done = CliRunner().invoke(kit, ["pull", "tiny-images"])
    assert done.exit_code == 1
    assert "a data set that was withdrawn" in done.output
    assert "derogatory" in done.output


def test_files_that_have_to_be_brought_are_named_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path))
    done = CliRunner().invoke(kit, ["pull", "labelled-faces-in-the-wild"])
    assert done.exit_code == 1
    assert f"{tmp_path / 'labelled-faces-in-the-wild' / 'lfw.tgz'}: found no file" in done.output


def test_images_in_an_archive_are_taken_out_one_by_one(tmp_path, monkeypatch):
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "data"))
    with zipfile.ZipFile(tmp_path / "coil-100.zip", "w") as archive:
        for angle in range(0, 360, 5):
            archive.writestr(f"coil-100/obj1__{angle}.png", jpeg(8, 8, angle // 2))
    with Serving(tmp_path) as server:
        path = tmp_path / "coil.toml"
        path.write_text(
            'title = "t"\nwhy = "w"\ndataset = "coil-100"\nversion = "1"\nlicence = "unknown"\n'
            'folder = "data:coil"\n[draw]\nn = 2\nseed = 1\n[downloads.images]\n'
            f'url = "{server.url("coil-100.zip")}"\nfile = "coil-100.zip"\n'
            '[annotation]\nwho = "unknown"\nwhen = "unknown"\nhow = "unknown"\n'
        )
        assert pull(path)[0] == 2
    found = [p.name for p in (tmp_path / "data" / "coil").rglob("*.png")]
    assert sorted(found) == sorted(Path(row["file"]).name for row in rows(path))
