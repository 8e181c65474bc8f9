"""A study is pulled from a real server: announced, fetched once, verified, drawn by rule and pinned."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image
from serving import Serving, silent_address

from retrain_kit import datasets
from retrain_kit.cli import kit
from retrain_kit.datasets import pinning, pulling
from retrain_kit.datasets.transfer import download
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
    count = pulling.pull_study(manifest, pinning.read_document(path), path, said.append)
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


@pytest.mark.usefixtures("long_work")
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


def test_a_plan_names_every_address_without_a_network(study, server, tmp_path):
    nobody = silent_address()
    study.write_text(study.read_text().replace(server.address, nobody))
    rule = ["--dataset", "birds", "--n", "2", "--seed", "3", "--plan"]
    (tmp_path / "work" / "data_manifests").mkdir()
    (tmp_path / "work" / "data_manifests" / "birds.toml").write_text(study.read_text())
    files = [(each, tmp_path / "data" / "small" / "tables" / each) for each in NAMES]
    named = [f"  {nobody}/{name} → {place}: size unknown" for name, place in files]
    for words in (["pull", "birds", "--plan"], ["draw", *rule]):
        done = CliRunner().invoke(kit, words)
        assert done.exit_code == 0, done.output
        assert done.output.splitlines()[2:] == [*named, "to fetch: 3 of unknown size; then the images"]
    assert sorted(path.name for path in Path.cwd().iterdir()) == ["birds.toml", "data_manifests"]


NAMES = ("images.csv", "boxes.csv", "classes.csv")


def test_a_plan_says_of_all_files_together_that_a_server_has_them_no_more(study, source):
    for name in NAMES[:2]:
        (source / name).unlink()
    done = CliRunner().invoke(kit, ["pull", "birds", "--plan"])
    assert done.exit_code == 1
    assert re.findall(r"(\w+\.csv: found 404)", done.output) == [f"{name}: found 404" for name in NAMES[:2]]


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


# -- withdrawn is what a source took back, and nothing else


def untouched(study):
    return study.read_bytes(), sorted(path.name for path in study.parent.iterdir())


@pytest.mark.parametrize("status", [404, 410])
def test_a_source_that_says_an_image_is_gone_has_taken_it_back(study, server, status):
    server.status[f"bucket/train/{DRAWN[1]}.jpg"] = status
    said = pull(study)[1]
    address = f"{server.address}/bucket/train/{DRAWN[1]}.jpg"
    ((name, reason),) = manifests.load(study).withdrawn.items()
    assert (name, reason[:3], reason.endswith(f", says {address}")) == (DRAWN[1], str(status), True)
    assert f"taken back by their source: 1: {DRAWN[1]}" in said
    assert manifests.load(study).left_out == {}


@pytest.mark.parametrize("status", [403, 451])
def test_an_image_that_a_server_refuses_is_left_out_and_not_withdrawn(study, server, status):
    server.status[f"bucket/train/{DRAWN[1]}.jpg"] = status
    pull(study)
    manifest = manifests.load(study)
    assert [row["id"] for row in rows(study)] == [DRAWN[0], DRAWN[2], DRAWN[3]]
    assert (manifest.withdrawn, sum(manifest.left_out.values())) == ({}, 1)


@pytest.mark.parametrize("status", [400, 401, 402, 407])
def test_a_server_that_does_not_answer_with_the_file_changes_nothing(study, server, status):
    server.status[f"bucket/train/{DRAWN[1]}.jpg"] = status
    before = untouched(study)
    with pytest.raises(DataError, match=str(status)):
        pull(study)
    assert untouched(study) == before


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_wants_to_be_left_alone_changes_nothing(study, server, status):
    server.busy[f"bucket/train/{DRAWN[1]}.jpg"], server.busy_status = 1000, status
    server.retry_after = "601"
    before = untouched(study)
    with pytest.raises(DataError, match=f"{status}, and the wish to be left alone for 601 seconds"):
        pull(study)
    assert untouched(study) == before


@pytest.mark.parametrize("status", [403, 404, 410])
def test_where_no_image_at_all_can_be_had_nothing_is_pinned_and_none_is_withdrawn(study, server, status):
    for name in IDS:
        server.status[f"bucket/train/{name}.jpg"] = status
    before = untouched(study)
    done = CliRunner().invoke(kit, ["pull", "birds"])
    assert done.exit_code == 1
    assert "none of the 6 images asked for" in done.output
    assert str(status) in done.output
    assert "expected at least one image" in done.output
    assert untouched(study) == before


def test_a_typo_in_the_address_of_images_withdraws_none(study):
    study.write_text(study.read_text().replace("/bucket/", "/buckte/"))
    before = untouched(study)
    with pytest.raises(DataError, match="none of the 6 images asked for .*404"):
        pull(study)
    assert untouched(study) == before


@pytest.mark.usefixtures("long_work")
def test_a_host_that_nobody_knows_withdraws_none(study):
    text = study.read_text()
    at = text.index('image_url = "')
    study.write_text(
        text[:at] + 'image_url = "http://nobody.invalid/{id}.jpg"' + text[text.index("\n", at) :]
    )
    before = untouched(study)
    with pytest.raises(DataError, match="no answer"):
        pull(study)
    assert untouched(study) == before


COCO_TOML = """\
title = "Mine"  # in its author's own hand
why = "w"
dataset = "coco"
version = "1"
licence = "CC0"

[files]
instances = "instances.json"

[draw]
n = 12
seed = 1

[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""


@pytest.fixture
def own(tmp_path):
    """A study of twelve images of one's own, listed by a COCO file, of which nothing can be fetched."""
    listed = [{"id": n, "file_name": f"photos/{n}.jpg", "width": 40, "height": 30} for n in range(1, 13)]
    (tmp_path / "instances.json").write_text(
        json.dumps({"images": listed, "annotations": [], "categories": []})
    )
    (tmp_path / "photos").mkdir()
    for n in range(1, 13):
        (tmp_path / "photos" / f"{n}.jpg").write_bytes(jpeg(40, 30, n * 10))
    path = tmp_path / "mine.toml"
    path.write_bytes(COCO_TOML.replace("\n", "\r\n").encode("utf-8-sig"))
    return path


def test_missing_files_are_one_fault_with_all_of_them_and_nothing_is_changed(own):
    for n in (3, 5):
        (own.parent / "photos" / f"{n}.jpg").unlink()
    before = untouched(own)
    done = CliRunner().invoke(kit, ["pull", str(own)])
    assert done.exit_code == 1
    (line,) = [line for line in done.output.splitlines() if line.startswith("retrain-kit:")]
    assert "found no file for 2 of 12 images: " in line
    assert {"photos/3.jpg", "photos/5.jpg"} == set(re.findall(r"photos/\d+\.jpg", line))
    assert untouched(own) == before


def test_of_many_missing_files_the_first_are_named_and_counted(own):
    (own.parent / "photos").rename(own.parent / "photographs")
    before = untouched(own)
    done = CliRunner().invoke(kit, ["pull", str(own)])
    assert done.exit_code == 1
    assert "no file for 12 of 12 images: " in done.output
    assert " and 2 more; expected the images' own files." in done.output
    assert untouched(own) == before


def test_after_the_path_is_mended_every_image_is_there_and_the_layout_stays(own):
    (own.parent / "photos").rename(own.parent / "photographs")
    assert CliRunner().invoke(kit, ["pull", str(own)]).exit_code == 1
    (own.parent / "photographs").rename(own.parent / "photos")
    done = CliRunner().invoke(kit, ["pull", str(own)])
    assert done.output.splitlines()[-1] == f"12 images, all verified: {own}"
    assert (len(rows(own)), manifests.load(own).withdrawn) == (12, {})
    written = own.read_bytes()
    assert written.startswith(b'\xef\xbb\xbftitle = "Mine"  # in its author\'s own hand\r\n')
    assert written.count(b"\n") == written.count(b"\r\n")


def test_missing_files_of_a_pinned_study_are_one_fault_too(own):
    CliRunner().invoke(kit, ["pull", str(own)])
    (own.parent / "photos").rename(own.parent / "photographs")
    before = untouched(own)
    done = CliRunner().invoke(kit, ["pull", str(own)])
    assert done.exit_code == 1
    assert "no file for 12 of 12 images" in done.output
    assert untouched(own) == before


def test_a_name_of_another_case_is_pointed_at(own):
    (own.parent / "photos" / "7.jpg").rename(own.parent / "photos" / "7.JPG")
    done = CliRunner().invoke(kit, ["pull", str(own)])
    assert "photos/7.jpg; expected the images' own files. There is '7.JPG'." in done.output


POISON = """

[[withdrawn]]
id = "4"
reason = "no file photos/4.jpg, and no address to fetch it from"

[[withdrawn]]
id = "77"
reason = "The photographer asked for it."
"""


def test_what_was_noted_as_withdrawn_without_a_source_is_drawn_again_when_it_is_there(own):
    own.write_text(COCO_TOML + POISON)
    pull(own)
    manifest = manifests.load(own)
    assert len(manifest.images) == 12
    assert manifest.withdrawn == {"77": "The photographer asked for it."}
    assert "no address to fetch" not in own.read_text()


def test_a_pinned_study_with_such_notes_says_that_no_source_took_them_back(own):
    pull(own)
    text = own.with_suffix(".csv").read_text().splitlines(keepends=True)
    own.with_suffix(".csv").write_text("".join(line for line in text if not line.startswith("4,")))
    own.write_text(COCO_TOML.replace('licence = "CC0"', 'licence = "CC0"\nretrieved = 2026-11-22') + POISON)
    manifest = manifests.load(own)
    assert manifest.withdrawn == {"77": "The photographer asked for it."}
    assert manifest.left_out == {"noted as withdrawn, but taken back by no source": 1}
    done = CliRunner().invoke(kit, ["pull", str(own)])
    assert "left out: 1 (noted as withdrawn, but taken back by no source)" in done.output
    assert f"delete {own.with_suffix('.csv')} and pull again" in done.output


def test_a_study_that_was_pinned_with_nothing_counts_as_not_pinned(own):
    own.with_suffix(".csv").write_text("id,file,sha256,width_px,height_px,licence,author,source\n")
    with pytest.raises(DataError, match="no images yet"):
        manifests.load(own)
    pull(own)
    assert len(manifests.load(own).images) == 12


def test_one_broken_file_is_left_out_by_name_and_the_others_are_pulled(own):
    photos = own.parent / "photos"
    (photos / "2.jpg").write_bytes(b"")
    (photos / "9.jpg").write_bytes(b"no image at all")
    done = CliRunner().invoke(kit, ["pull", str(own)])
    assert done.exit_code == 0, done.output
    assert "left out: 2 (no image): 2, 9" in done.output.splitlines()
    assert done.output.splitlines()[-2:] == [
        f"10 images, all verified: {own}",
        f"what was left out: {own.with_suffix('.left_out.csv')}",
    ]
    assert manifests.load(own).withdrawn == {}


# -- addresses show no passwords


def test_no_password_of_an_address_is_shown_or_written(study, server, source, tmp_path):
    bare = server.address.removeprefix("http://")
    text = study.read_text().replace(server.address, f"http://user:secret@{bare}")
    study.write_text(text.replace('.csv"\nfile', '.csv?token=tok3n"\nfile'))
    server.status[f"bucket/train/{DRAWN[1]}.jpg"] = 404
    plan = CliRunner().invoke(kit, ["pull", "birds", "--plan"])
    done = CliRunner().invoke(kit, ["pull", "birds"])
    assert (plan.exit_code, done.exit_code) == (0, 0), done.output
    sheet = CliRunner().invoke(kit, ["datasheet", "birds", "-o", "out"])
    assert sheet.exit_code == 0, sheet.output
    server.status["boxes.csv"] = 401
    (tmp_path / "data" / "small" / "tables" / "boxes.csv").unlink()
    failed = CliRunner().invoke(kit, ["pull", "birds"])
    shown = plan.output + done.output + sheet.output + failed.output
    written = [path.read_text() for path in Path("out").iterdir()] + [study.with_suffix(".csv").read_text()]
    withdrawn = repr(manifests.load(study).withdrawn)
    for text in (shown, withdrawn, *written):
        assert not {word for word in ("secret", "tok3n") if word in text}
    assert f"http://…@{bare}/boxes.csv?token=…" in shown


def test_a_half_fetched_file_remembers_its_address_by_digest_alone(study, server, tmp_path):
    server.cut["boxes.csv"] = 50
    bare = server.address.removeprefix("http://")
    target = download.DownloadTarget(f"http://user:secret@{bare}/boxes.csv", tmp_path / "boxes.csv")
    with pytest.raises(DataError) as caught:
        download.fetch_file(target, patience=download.RetryPolicy(0, 0))
    left = b"".join(path.read_bytes() for path in tmp_path.glob(".boxes.csv.part*"))
    assert left
    assert b"secret" not in left
    assert "secret" not in str(caught.value)
    server.cut["boxes.csv"] = 0
    download.fetch_file(target, patience=download.RetryPolicy(0, 0))
    assert server.ranges["boxes.csv"][-1] is not None
