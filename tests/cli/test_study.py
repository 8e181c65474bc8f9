"""`retrain-kit study` says what it found, and asks a person at a terminal what nobody has said."""

import os
import pty
import subprocess
import sys

import pytest
from click.testing import CliRunner
from own_folders import coco, image, voc

from retrain_kit.cli import kit
from retrain_kit.studies import manifests


@pytest.fixture(autouse=True)
def _desk(tmp_path, monkeypatch):
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "kept"))
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")


def run(*words, code=0):
    done = CliRunner().invoke(kit, list(map(str, words)))
    assert done.exit_code == code, done.output
    return done.output


def test_a_folder_becomes_a_study_in_one_command(tmp_path):
    folder = coco(tmp_path / "cats")
    first, *lines = run("study", folder).splitlines()
    assert first.startswith(f"{folder}: 5 files, ")
    assert lines == [
        "  coco          COCO: annotations/instances_train2017.json (843 bytes), annotations/instances_val2017.json (395 bytes).",
        "                Of itself it says: Cats, A. N. Other, 2019.",
        "  images        3 images in 2 folders. Nothing that this layout knows says anything of them.",
        "taken as coco; --as images takes it otherwise",
        "3 images: 2 train2017, 1 val2017",
        "left out: 1 (an image that is listed, and no such file is here): gone.jpg",
        "nobody has said: who annotated, when, how, for what pay",
        "cats.toml",
    ]
    assert manifests.load("cats").digests_known


def test_the_plan_writes_nothing(tmp_path):
    assert "taken as coco" in run("study", coco(tmp_path / "cats"), "--plan")
    assert list((tmp_path / "desk").iterdir()) == []


def test_digests_may_come_later_with_pull(tmp_path):
    said = run("study", coco(tmp_path / "cats"), "--later")
    assert "digests: not yet computed of 3 images. Type: retrain-kit pull cats" in said
    assert not manifests.load("cats").digests_known
    assert "digests: 3 computed" in run("pull", "cats")
    assert "3 images, all verified: cats.toml" in run("pull", "cats")


def test_a_study_made_again_stays_where_it_is_under_its_name(tmp_path):
    folder = voc(tmp_path / "cats")
    run("study", folder, "--name", "mine")
    image(folder / "JPEGImages" / "4.jpg")
    assert run("study", folder).splitlines()[-1] == "mine.toml"
    assert len(manifests.load("mine").images) == 4


def test_the_name_of_another_study_is_refused(tmp_path):
    run("study", coco(tmp_path / "cats"), "--name", "mine")
    said = run("study", voc(tmp_path / "dogs"), "--name", "mine", code=2)
    assert said.splitlines()[-1] == (
        "retrain-kit: mine.toml: found another study; expected a free name. Choose one with --name."
    )


def test_a_folder_is_taken_as_somebody_says(tmp_path):
    run("study", coco(tmp_path / "cats"), "--as", "images")
    assert manifests.load("cats").dataset == "images"


def test_a_person_at_a_terminal_is_asked_and_enter_is_unknown(tmp_path):
    lead, end = pty.openpty()
    command = [sys.executable, "-m", "retrain_kit", "study", str(voc(tmp_path / "cats"))]
    asked = subprocess.Popen(command, stdin=end, stdout=end, stderr=end, start_new_session=True)
    os.close(end)
    os.write(lead, b"To count cats.\nMy aunt\n\nby hand\nin cake\n\n")
    said = b""
    while True:
        try:
            said += os.read(lead, 4096)
        except OSError:  # a terminal's way to say that nobody writes to it any more
            break
    os.close(lead)
    assert asked.wait() == 0
    for question in ("Why do you look", "Who annotated them?", "What were they paid?", "Under which licence"):
        assert question in said.decode()
    study = manifests.load("cats")
    assert (study.why, study.licence) == ("To count cats.", "unknown")
    assert (study.annotation.who, study.annotation.when, study.annotation.how) == (
        "My aunt",
        "unknown",
        "by hand. Paid: in cake.",
    )


def test_studies_are_listed_with_where_their_data_are(tmp_path):
    run("study", coco(tmp_path / "cats"), "--later")
    run("study", voc(tmp_path / "dogs"))
    lines = run("studies").splitlines()
    rows = {line.split()[0]: line.split() for line in lines[1:-1]}
    assert rows["cats"] == [
        "cats",
        "own",
        "coco",
        "3",
        "digests",
        "not",
        "yet",
        "computed",
        str(tmp_path / "cats"),
    ]
    assert rows["dogs"] == ["dogs", "own", "pascal-voc", "3", "digests", "there", str(tmp_path / "dogs")]
    assert rows["tiny-images"][1:4] == ["bundled", "tiny-images", "withdrawn"]
    assert rows["visual-genome"][1:6] == ["bundled", "visual-genome", "not", "pulled", "yet"]
    assert lines[-1] == f"data sets are kept in {tmp_path / 'kept'}"


def test_a_study_whose_disk_is_gone_is_listed_as_such(tmp_path):
    folder = coco(tmp_path / "cats")
    run("study", folder)
    folder.rename(tmp_path / "elsewhere")
    assert any("cats" in line and "its images are not here" in line for line in run("studies").splitlines())
    assert "no such folder" in run("pull", "cats", code=1)
