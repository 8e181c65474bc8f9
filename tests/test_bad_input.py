"""What goes wrong for a user ends in one clear line a fault, and nothing is lost."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

BIN = Path(sys.executable).parent
TOML = """
title = "A study with a fault"
why = "To see what is said."
dataset = "folder"
version = "1"
licence = "CC0-1.0"
retrieved = 2026-11-22
folder = "images"

[files]
annotations = "annotations.jsonl"

[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""
HEADER = "id,file,sha256,width_px,height_px,licence,author,source"


@pytest.fixture(scope="module")
def where(tmp_path_factory):
    return tmp_path_factory.mktemp("studies")


def write(where, name, *, toml=TOML, file="a.jpg", sha256=None, size=(64, 48)):  # noqa: PLR0913 - each a fault
    """Write a study of one image; what is asked for is what is wrong with it."""
    images = where / "images"
    images.mkdir(exist_ok=True)
    (images / "annotations.jsonl").write_text(
        '{"image": "a", "id": "r1", "label": "Bird", "box": [4, 4, 20, 30]}\n'
    )
    path = images / file
    digest = sha256 or (hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "0" * 64)
    (where / f"{name}.toml").write_text(toml)
    row = f"a,{file},{digest},{size[0]},{size[1]},CC0-1.0,Ann,https://example.org/a"
    (where / f"{name}.csv").write_text(f"{HEADER}\n{row}\n")


EXPECTED = {
    "fields": "fields.toml, licence: found nothing; expected a text.",
    "hash": "a.jpg: found sha256 ",
    "outside": "outside.csv, line 2, file: found '../hash.toml'; expected a path inside images.",
    "gone": "gone.jpg: found no file; expected the image a.",
    "cut": "cut.jpg: found an image that cannot be decoded (image file is truncated",
    "huge": "huge.png: found an image too large to decode: ",
}


@pytest.fixture(scope="module")
def said(kit_database, where):
    """What is said of all these studies, made in one call."""
    images = where / "images"
    images.mkdir()
    Image.new("RGB", (64, 48), "red").save(images / "a.jpg")
    Image.effect_noise((640, 480), 80).save(images / "whole.jpg")
    (images / "cut.jpg").write_bytes((images / "whole.jpg").read_bytes()[:9000])
    Image.new("1", (20_000, 20_000)).save(images / "huge.png")
    write(where, "good")
    write(where, "fields", toml=TOML.replace('licence = "CC0-1.0"\n', ""))
    write(where, "hash", sha256="f" * 64)
    write(where, "outside", file="../hash.toml")
    write(where, "gone", file="gone.jpg")
    write(where, "cut", file="cut.jpg", size=(640, 480))
    write(where, "huge", file="huge.png", size=(20_000, 20_000))
    studies = [option for name in ("good", *EXPECTED) for option in ("--study", f"{name}.toml")]
    command = [BIN / "retrain-kit", "report", "01", *studies]
    return subprocess.run(command, cwd=where, capture_output=True, text=True)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_faulty_study_is_one_clear_line(said, name):
    lines = [line for line in said.stderr.splitlines() if EXPECTED[name] in line]
    assert len(lines) == 1, said.stderr
    assert lines[0].startswith("retrain-kit: ")


def test_no_fault_shows_a_traceback_and_the_exit_status_tells(said):
    assert "Traceback" not in said.stderr
    assert said.returncode == 1


def test_the_good_study_is_made_beside_the_faulty_ones(said, where):
    assert said.stdout.splitlines() == [
        "reports/01_tagged_and_decanonized--good.html",
        "reports/index.html",
    ]
    assert all((where / line).is_file() for line in said.stdout.splitlines())


def test_each_faulty_study_keeps_its_half_run_notebook(said, where):
    kept = sorted(path.name for path in (where / "reports").glob("*.failed.ipynb"))
    assert kept == sorted(f"01_tagged_and_decanonized--{name}.failed.ipynb" for name in EXPECTED)


def test_without_a_database_the_line_names_the_command(kernel, tmp_path):
    environment = os.environ | {"RETRAIN_KIT_CACHE": str(tmp_path / "empty"), "FIFTYONE_DATABASE_URI": ""}
    command = [BIN / "retrain-kit", "report", "01"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    if done.returncode == 0:
        pytest.skip("FiftyOne brought its own database")
    (line,) = done.stderr.splitlines()
    assert "no MongoDB server" in line
    assert "Type: retrain-kit database install" in line


def test_a_full_disk_is_one_clear_line_and_no_half_report(kit_database, tmp_path):
    small = 'mount -t tmpfs -o size=64k tmpfs "$1" && cd "$1" && shift && exec "$@"'
    inside = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", small, "sh", tmp_path]
    if subprocess.run([*inside, "true"], capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    command = [*inside, BIN / "retrain-kit", "report", "01", "-p", "images=1"]
    done = subprocess.run([*command], capture_output=True, text=True)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "found no space left on the disk" in line
