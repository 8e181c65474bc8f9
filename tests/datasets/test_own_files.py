"""Files as people really have them are pulled, described and decanonized: the cases that once failed."""

import csv
import os
from pathlib import Path

import cases
import pytest
from click.testing import CliRunner

from retrain_kit.cli import kit
from retrain_kit.studies import manifests


def run(*arguments, code=0):
    done = CliRunner().invoke(kit, list(map(str, arguments)))
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def case(name):
    folder = cases.copy_case(f"files/{name}", Path())
    os.chdir(folder)
    return folder


def rows(path="mine.csv"):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return [(row["id"], row["file"], row["width_px"], row["height_px"]) for row in csv.DictReader(file)]


def test_01_an_odd_exif_stops_nothing():
    case("01-odd-exif")
    assert "images, all verified" in run("pull", "mine.toml")
    assert ("a.jpg", "pics/a.jpg", "320", "240") in rows()
    assert manifests.load("mine.toml").withdrawn == {}


def test_02_an_image_beside_its_xml_is_found():
    case("02-voc-pictures-beside-xml")
    assert "1 image, all verified" in run("pull", "mine.toml")
    assert rows() == [("a", "train/a.jpg", "320", "240")]


def test_03_a_name_with_spaces_and_brackets_is_a_name():
    case("03-coco-name-with-space")
    assert "1 image, all verified" in run("pull", "mine.toml")
    assert rows() == [("1", "IMG 0001 (1).jpg", "320", "240")]
    assert "images: 1 (1 jpeg)" in run("decanonize", "mine.toml", "-o", "../made", "-j", 1)


def test_08_a_mark_of_utf_8_before_a_toml_is_none_of_it():
    case("08-bom-in-toml")
    run("datasheet", "mine.toml", "-o", "out")
    assert "images: 2" in run("decanonize", "mine.toml", "-o", "../made", "-j", 1)


def test_12_an_avif_in_a_folder_is_decanonized():
    case("12-avif-in-folder")
    assert "images: 2 (1 exact, 1 jpeg)" in run("decanonize", ".", "-o", "../made", "-j", 1)
    assert Path("../made/b.avif.png").is_file()


def test_13_a_table_with_semicolons_is_read():
    case("13-semicolon-csv")
    run("datasheet", "mine.toml", "-o", "out")
    assert (
        Path("out/mine.csv")
        .read_text()
        .startswith("id,file,sha256,width_px,height_px,licence,author,source\n")
    )
    assert "images: 2" in run("decanonize", "mine.toml", "-o", "../made", "-j", 1)


def test_14_a_file_in_the_other_form_of_unicode_is_found():
    case("14-nfc-nfd")
    assert "1 image, all verified" in run("pull", "mine.toml")
    assert "images: 1 (1 jpeg)" in run("decanonize", "mine.toml", "-o", "../made", "-j", 1)


def test_16_a_link_out_of_the_folder_is_said_to_be_one():
    case("16-linked-pictures")
    link = Path("study/pics/1.jpg")
    if not link.is_symlink():  # a copy of the case may hold the link's text in its place
        link.unlink()
        link.symlink_to("../../store/1.jpg")
    os.chdir("study")
    assert "left out: 1 (a link out of the folder): 1.jpg" in run("pull", "mine.toml").splitlines()
    assert rows() == [("2.png", "pics/2.png", "64", "48")]
    assert manifests.load("mine.toml").left_out == {"a link out of the folder": 1}


@pytest.mark.parametrize("name", ["toml-dataset-dotted", "toml-deep", "toml-nul"])
def test_a_manifest_made_to_attack_is_one_fault_a_thing(name):
    folder = cases.CASES / "attack"
    if not folder.exists():
        pytest.skip("the cases lie in ../shared/cases/attack, which is not here")
    Path("s.toml").write_bytes(
        (folder / f"{name}.toml").read_bytes().replace(b"\nmarks = ", b"\nannotations = ")
    )
    Path("s.csv").write_text(
        f"id,file,sha256,width_px,height_px,licence,author,source\na,a.jpg,{'0' * 64},4,3,l,a,s\n"
    )
    told = run("datasheet", "s.toml", "-o", "out", code=1).splitlines()
    assert len(told) == 1
    assert told[0].startswith("retrain-kit: s.toml")
