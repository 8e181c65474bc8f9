"""Copies and near copies are found over studies and splits, shown as pairs, and judged by people alone."""

import csv
import hashlib
import shutil

import numpy as np
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from PIL import Image, ImageOps

from retrain_kit import cli
from retrain_kit.analysis import trajectories
from retrain_kit.analysis.near_duplicates import NEAR_BITS, distances
from retrain_kit.batch.near_duplicates import elsewhere, hashing, judgements, search
from retrain_kit.batch.near_duplicates.hashing import RECORD, HashStore
from retrain_kit.datasets import folder
from retrain_kit.errors import DataError
from retrain_kit.studies import found_elsewhere, manifests

TOML = """
title = "Photographs"
why = "A test."
dataset = "images"
version = "1"
licence = "CC0-1.0"
retrieved = 2026-11-30

[annotation]
who = "nobody"
when = "never"
how = "not at all"
"""
HEAD = "id,file,sha256,width_px,height_px,licence,author,source"


def write_study(where, name, files):
    """Write a study of these files below a folder; an image's id is the stem of its file."""
    rows = [HEAD]
    for file in files:
        path = where / file
        width, height = Image.open(path).size
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        rows.append(f"{path.stem},{file},{digest},{width},{height},CC0-1.0,unknown,unknown")
    (where / f"{name}.csv").write_text("\n".join(rows) + "\n")
    (where / f"{name}.toml").write_text(TOML)


@pytest.fixture(scope="module")
def photos():
    """Return three photographs of the embedded sample, by their ids."""
    samples = {each.id: each.path for each in folder.read(manifests.load("embedded-sample"))}
    return {name: samples[name] for name in ("bison", "giraffe", "owl")}


@pytest.fixture
def here(tmp_path, monkeypatch, photos):
    """Two studies: in `mine` a copy and a smaller mirrored one lie in two splits; `other` has a copy too."""
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    for part in ("train", "val"):
        (tmp_path / part).mkdir()
    shutil.copy(photos["bison"], "train/bison.jpg")
    shutil.copy(photos["bison"], "val/again.jpg")
    shutil.copy(photos["owl"], "train/owl.jpg")
    shutil.copy(photos["owl"], "owl_too.jpg")
    owl = ImageOps.mirror(Image.open(photos["owl"]).reduce(2))
    owl.save("val/turned.jpg", quality=60)
    shutil.copy(photos["giraffe"], "train/giraffe.jpg")
    write_study(
        tmp_path,
        "mine",
        ["train/bison.jpg", "train/owl.jpg", "train/giraffe.jpg", "val/again.jpg", "val/turned.jpg"],
    )
    write_study(tmp_path, "other", ["owl_too.jpg"])
    return tmp_path


def found_in(*studies, **options):
    result = search.search_studies([manifests.load(study) for study in studies], **options)
    return [
        (
            pair.kind,
            f"{pair.first.study}/{pair.first.id}",
            f"{pair.second.study}/{pair.second.id}",
            pair.leaks,
        )
        for pair in result.pairs
    ]


def test_what_was_saved_again_or_mirrored_is_near_and_another_photograph_is_not(photos):
    bison, giraffe, owl = (Image.open(path).convert("RGB") for path in photos.values())
    plain, mirrored = hashing.perceptual_hashes(bison)
    small, _ = hashing.perceptual_hashes(bison.reduce(4).convert("L"))
    turned, _ = hashing.perceptual_hashes(ImageOps.mirror(bison))
    clear, _ = hashing.perceptual_hashes(bison.convert("RGBA"))
    assert distances(plain, np.stack((small, clear))).max() <= 16
    assert distances(mirrored, turned) == 0
    others = np.stack([hashing.perceptual_hashes(each)[0] for each in (giraffe, owl)])
    assert distances(plain, others).min() > 2 * NEAR_BITS - 8


def test_leaks_come_first_then_pairs_of_two_studies(here):
    assert found_in("mine", "other") == [
        ("copy", "mine/bison", "mine/again", True),
        ("mirrored near copy", "mine/owl", "mine/turned", True),
        ("copy", "mine/owl", "other/owl_too", False),
    ]
    assert found_in("mine", most_bits=0)[0] == ("copy", "mine/bison", "mine/again", True)


def test_a_search_goes_on_where_it_was_and_reads_no_file_twice(here):
    before = found_in("mine")
    path = here / "data" / "near-duplicates" / "phash-256.bin"
    whole = path.read_bytes()
    assert len(whole) == 4 * RECORD.itemsize
    path.write_bytes(whole[: 2 * RECORD.itemsize + 5])
    assert len(HashStore()) == 2
    assert found_in("mine") == before
    assert path.stat().st_size == len(whole)
    for file in here.glob("*/*.jpg"):
        file.unlink()
    assert found_in("mine") == before


def test_missing_changed_and_broken_files_are_counted_and_stop_nothing(here):
    (here / "train" / "giraffe.jpg").unlink()
    shutil.copy(here / "train" / "bison.jpg", here / "train" / "owl.jpg")
    (here / "val" / "turned.jpg").write_bytes(b"no image")
    result = search.search_studies([manifests.load("mine")])
    assert result.unread == {hashing.CHANGED: 2, "a file that cannot be read (No such file or directory)": 1}
    assert result.count("copy") == 1


def test_the_command_shows_pairs_and_what_people_said_of_them(here):
    def run(*options):
        return CliRunner().invoke(cli.kit, ["duplicates", "mine", "other", *options])

    done = run()
    assert done.exit_code == 0, done.output
    assert "of all these between splits of one data set: 2 pairs" in done.output
    own = judgements.judgements_path()
    assert own.read_text() == "pair,judgement,by,on,note\n"
    with (here / "near-duplicates" / "near_duplicates.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["kind"] for row in rows] == ["copy", "mirrored near copy", "copy"]
    own.write_text(f"pair,judgement,by,on,note\n{rows[1]['pair']},same image,Ana,2026-11-29,\n")
    assert run().exit_code == 0
    page = BeautifulSoup((here / "near-duplicates" / "near_duplicates.html").read_text(), "html.parser")
    assert [each.text for each in page.select("h2")] == [
        "Between the splits of one data set",
        "Between studies",
    ]
    assert len(page.select(".rk-view img[alt]")) == 6
    assert page.find_all(["script", "link"]) == []
    assert "Judged: same image (Ana, 2026-11-29)." in page.text
    own.write_text("pair,judgement,by,on,note\n,no idea,,,\n")
    refused = run()
    assert refused.exit_code == 1
    assert (
        "line 2, judgement: found 'no idea'; expected one of same image, another image, unsure."
        in refused.output
    )


def test_a_card_says_where_else_an_image_is_and_what_a_search_found(here):
    mine = manifests.load("mine")
    search.search_studies([mine, manifests.load("other")])
    found_elsewhere.findings_path(mine).write_text(
        "image,where,found_on,found_by,how,sure,note\nowl,https://example.org/owl,2026-11-29,Ana,a search by image,likely,\n"
    )
    samples = [mine.sample(row) for row in mine.images]
    found = elsewhere.find_elsewhere(samples, mine)
    card = trajectories.trajectory_card(samples[1], mine, found.facts)
    told = [(fact.question, fact.answer) for fact in card.facts]
    alike = "looks nearly the same, mirrored, 2 of 256 bits differ; nobody has judged it"
    searched = "https://example.org/owl (found on 2026-11-29, by Ana, a search by image)"
    assert ("the same image here", "embedded-sample, as owl: the same file") in told
    assert ("the same image here", f"mine, as turned: {alike}") in told
    assert ("the same image here", "other, as owl_too: the same file") in told
    assert ("found by searching", f"{searched}: likely to be the same image") in told
    assert ("the same image here", "mine, as owl: the same file") not in told
    assert (found.studies, found.searched) == (("embedded-sample", "free-works", "mine", "other"), 1)


def test_findings_that_are_none_are_said_all_together(here):
    mine = manifests.load("mine")
    assert found_elsewhere.load_findings(mine) == {}
    path = found_elsewhere.findings_path(mine)
    path.write_text("image;where;sure;note\nowls;a page;sure;\n;;;what?\n;;;\n")
    with pytest.raises(DataError) as error:
        found_elsewhere.load_findings(mine)
    assert [fault.where.rpartition("line ")[2] for fault in error.value.faults] == [
        "2, image",
        "2, sure",
        "3, image",
        "3, where",
        "3, sure",
    ]
    path.write_text("image,place\n")
    with pytest.raises(DataError, match="also where, sure"):
        found_elsewhere.load_findings(mine)
