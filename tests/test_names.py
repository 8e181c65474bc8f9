"""Images keep the names that people give them, on every way from a folder to a result."""

import csv
import json
import os
import unicodedata

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from retrain_kit.cli import kit
from retrain_kit.datasets import images
from retrain_kit.storage import files
from retrain_kit.studies import manifests

NAMES = [
    "IMG 0001 (1).jpg",
    "[x], y.jpg",
    "100%.jpg",
    "a#b.jpg",
    "q?.jpg",
    'it\'s "q".jpg',
    "back\\slash.jpg",
    "a..b.jpg",
    "Cafe\u0301.jpg",
    "Zo\u00eb.jpg",
    "UPPER.JPG",
    "👩\u200d👩\u200d👧.png",
    "עברית.png",
    "rlo\u202egpj.jpg",
    "-dash.jpg",
    "--help.jpg",
    "l" * 251 + ".jpg",
    "é" * 120 + ".png",
    " lead.jpg",
    "trail .jpg",
    "behind.jpg ",
    "dot.jpg.",
    "dot..jpg",
    "new\nline.png",
    "tab\tx.png",
    "at 1.02\u202fPM.png",
    "nbsp\u00a0.png",
    "$a$.jpg",
    "<b>&amp;.jpg",
    "semi;colon.jpg",
    "sub dir/x y.jpg",
    "a.b.c.jpeg",
    "%20.jpg",
    "a%2Fb.jpg",
    "=1+1.jpg",
    "CON.jpg",
    "${HOME}.jpg",
    "~t.jpg",
    "é.JPE",
]
TOML = """\
title = "t"
why = "w"
dataset = "images"
version = "1"
licence = "CC0"
[files]
images = "pics"
[draw]
n = 500
seed = 1
[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""


def run(*arguments, code=0):
    done = CliRunner().invoke(kit, list(map(str, arguments)))
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def pics(tmp_path, monkeypatch):
    """A folder of images under all these names, with a box on each."""
    monkeypatch.chdir(tmp_path)
    for number, name in enumerate(NAMES):
        path = tmp_path / "pics" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.effect_noise((64, 48), 50 + number).convert("RGB").save(
            path, "PNG" if ".png" in name else "JPEG"
        )
    lines = [
        json.dumps({"image": name, "id": "1", "label": "x", "box": [8, 8, 40, 32]}) + "\n" for name in NAMES
    ]
    (tmp_path / "pics" / "annotations.jsonl").write_text("".join(lines))
    (tmp_path / "mine.toml").write_text(TOML)
    return tmp_path / "pics"


def outputs(table):
    with table.open(encoding="utf-8", newline="") as file:
        return [row["file"] for row in csv.DictReader(file)]


def test_every_name_is_pulled_decanonized_and_shown(pics):
    assert f"{len(NAMES)} images, all verified" in run("pull", "mine.toml")
    study = manifests.load("mine.toml")
    assert sorted(image.file for image in study.images) == sorted(f"pics/{name}" for name in NAMES)
    manifests.verify_files(study)
    assert "none skipped" in run("decanonize", "mine.toml", "-o", "made", "-j", 1)
    assert f"{len(NAMES)} images, all verified" in run("pull", "made/mine-decanonized.toml")
    run("mosaic", "made/mine-decanonized.toml", "-o", "all.html")
    run("mosaic", "mine.toml", "-o", "zoomed")
    run("datasheet", "mine.toml", "-o", "sheet")


def test_a_bare_folder_of_all_these_names_is_decanonized_box_by_box(pics):
    assert "none skipped" in run("decanonize", "pics", "-o", "made", "-j", 1)
    with open("made/decanonized.jsonl", encoding="utf-8") as journal:  # noqa: PTH123 - any line end but \n stays
        records = [json.loads(line) for line in journal.read().split("\n")[1:-1]]
    assert {record["source"] for record in records} == set(NAMES)
    assert {record["removed"] for record in records} == {0.25}
    assert sorted(outputs(pics.parent / "made" / "pics-decanonized.csv")) == sorted(
        record["output"] for record in records
    )


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_annotations_find_their_image_in_any_form_of_unicode_and_any_spelling_of_a_path(
    tmp_path, monkeypatch, form
):
    monkeypatch.chdir(tmp_path)
    other = {"NFC": "NFD", "NFD": "NFC"}[form]
    for name in ("Caf\u00e9.png", "deep/b.png", "c.png"):
        path = tmp_path / "pics" / unicodedata.normalize(form, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (64, 48), "red").save(path)
    said = [unicodedata.normalize(other, "Caf\u00e9.png"), "deep\\b.png", "./c.png"]
    lines = [json.dumps({"image": name, "label": "x", "box": [8, 8, 40, 32]}) for name in said]
    (tmp_path / "pics" / "annotations.jsonl").write_bytes("\r\n".join(lines).encode("utf-16"))
    assert "images: 3 (3 exact)" in run("decanonize", "pics", "-o", "made", "-j", 1)
    records = [json.loads(line) for line in (tmp_path / "made" / "decanonized.jsonl").open()][1:]
    assert [record["removed"] for record in records] == [0.25] * 3


def test_a_table_finds_a_file_in_the_other_form_of_unicode(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (64, 48), "red").save(tmp_path / "Cafe\u0301.png")
    digest = files.sha256(tmp_path / "Cafe\u0301.png")
    (tmp_path / "mine.csv").write_text(
        f"id,file,sha256,width_px,height_px,licence,author,source\ncafe,Caf\u00e9.png,{digest},64,48,l,a,s\n"
    )
    head = TOML.partition("[files]")[0] + "retrieved = 2026-11-22\n"
    (tmp_path / "mine.toml").write_text(head + TOML[TOML.index("[annotation]") :])
    assert "1 image, all verified" in run("pull", "mine.toml")
    assert "none skipped" in run("decanonize", "mine.toml", "-o", "made", "-j", 1)


def test_two_files_of_one_name_in_two_forms_are_two_images_and_neither_is_guessed(tmp_path):
    for name in ("Caf\u00e9.png", "Cafe\u0301.png"):
        (tmp_path / name).write_bytes(b"")
    assert files.find_file(tmp_path, "Caf\u00e9.png").name == "Caf\u00e9.png"
    assert files.find_file(tmp_path, "Cafe\u0301.png").name == "Cafe\u0301.png"
    (tmp_path / "e\u0301\u0323.png").write_bytes(b"")
    (tmp_path / "e\u0323\u0301.png").write_bytes(b"")
    assert not files.find_file(tmp_path, "\u1eb9\u0301.png").exists()


file_names = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=30
)


@given(st.lists(file_names, min_size=1, max_size=3).map("/".join))
def test_an_id_is_the_path_written_so_that_a_table_holds_it(path):
    name = images.id_of_path(path)
    assert images.path_of_id(name) == path
    assert name == name.strip()
    assert not {"/", "\\", "\n", "\r", "\0"} & set(name)


@given(st.lists(file_names, min_size=1, max_size=3).map("/".join))
def test_two_paths_never_come_to_one_id(path):
    assert images.id_of_path(path + "x") != images.id_of_path(path)


def test_a_name_that_is_no_utf_8_is_left_out_and_said_so_that_a_terminal_can_show_it(pics):
    with open(os.fsencode(pics) + b"/bad\xff.jpg", "wb") as file:  # noqa: PTH123 - a name of bytes
        file.write(b"x")
    told = run("pull", "mine.toml")
    assert "left out: 1 (a name that is no text in UTF-8): bad\\udcff.jpg" in told.splitlines()
    listed = (pics.parent / "mine.left_out.csv").read_text()
    assert "bad\\udcff.jpg,a name that is no text in UTF-8\n" in listed
