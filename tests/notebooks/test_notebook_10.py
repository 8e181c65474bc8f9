"""Notebook 10 runs headless: no veiled word is in its page, nor in the tables that the page holds."""

import base64
import hashlib
import json
import re
import shutil

import pytest
import reporting
from small_studies import folder_toml

from retrain_kit.datasets import folder
from retrain_kit.datasets.second_labels import FACTORS
from retrain_kit.studies import manifests

TOML = folder_toml("A wretch", "To be read by wretches.")
SYSTEM = """id,words,parents,gloss
n00000001,entity,,what is
n00007846,person,n00000001,a human being
n00000005,wretch|poor wretch,n00007846,a wretch
n00000006,poet,n00007846,who writes
n00000007,cat,n00000001,a feline that no poor wretch can own
"""
WITHDRAWN = """id,reason,date,source
n00000005,a wretch is nobody,2019,its authors
n00000099,,,
"""


SAID = dict.fromkeys(FACTORS, 0) | {"justification": "a wretch's cat", "one_word": None, "pose": 1}


def write_study(where):
    """Write a study of two photographs of the embedded sample, a box on each; one image's name is a label.

    The other's is one of ImageNet's, with second labels in the form of ReaL and ImageNet-X.
    """
    (where / "real.json").write_text(json.dumps([[5, 7], *[[]] * 49_999]))
    (where / "classes.txt").write_text("".join(f"n{number:08} word\n" for number in range(1000)))
    (where / "x.jsonl").write_text(json.dumps({"file_name": "ILSVRC2012_val_00000001.JPEG", **SAID}) + "\n")
    samples = {each.id: each for each in folder.read(manifests.load("embedded-sample"))}
    rows, lines = ["id,file,sha256,width_px,height_px,licence,author,source"], []
    for name, image, label in (
        ("astronaut", "wretch-1", "wretch"),
        ("cat", "ILSVRC2012_val_00000001", "cat"),
    ):
        shutil.copy(samples[name].path, where / f"{image}.jpg")
        digest = hashlib.sha256(samples[name].path.read_bytes()).hexdigest()
        width, height = samples[name].size
        rows.append(f"{image},{image}.jpg,{digest},{width},{height},CC0-1.0,unknown,unknown")
        box = {"image": image, "id": "1", "label": label, "annotator": "Ana", "box": [0, 0, width, height]}
        lines.append(json.dumps(box))
    (where / "two.csv").write_text("\n".join(rows) + "\n")
    (where / "annotations.jsonl").write_text("\n".join(lines) + "\n")
    (where / "two.toml").write_text(TOML)
    (where / "system.csv").write_text(SYSTEM)
    (where / "withdrawn.csv").write_text(WITHDRAWN)


def read(where, *options):
    """Return the page of a report, and all text that it holds, what is packed in addresses unpacked."""
    named = ("label_system=system.csv", "withdrawn=withdrawn.csv", "real=real.json", "classes=classes.txt")
    files = [part for each in (*named, "imagenet_x=x.jsonl") for part in ("-p", each)]
    done = reporting.report("10", where, "--study", "two.toml", *files, *options)
    assert done.returncode == 0, done.stderr
    (path,) = (where / "reports").rglob("*.html")
    raw = path.read_text(encoding="utf-8")
    packed = re.findall(r"data:(?:text/csv;charset=utf-8|image/svg\+xml);base64,([A-Za-z0-9+/=]+)", raw)
    assert len(packed) >= 4
    return reporting.page(where), "\n".join([raw, *(base64.b64decode(each).decode() for each in packed)])


@pytest.fixture(scope="module")
def veiled(kit_database, tmp_path_factory):
    where = tmp_path_factory.mktemp("people")
    write_study(where)
    return read(where)


def test_no_veiled_word_is_in_the_page_nor_in_what_it_holds(veiled):
    _, held = veiled
    assert [word for word in ("wretch", "poet") if word in held.casefold()] == []
    assert "▒▒▒ (n00000005)" in held


def test_what_was_withdrawn_stands_with_its_reason_and_its_images(veiled):
    soup, held = veiled
    text = reporting.text(soup)
    assert "a ▒▒▒ is nobody (2019, its authors)" in held
    assert "kinds of person 3, person itself among them" in text
    assert "withdrawn 2 by the list; 1 stand at or below person" in text
    assert "under a withdrawn word 1; 0 of them bear another, too" in text
    assert "images left 1" in text


def test_an_image_has_its_label_path_siblings_and_giver_and_nobody_is_asked_for_one(veiled):
    soup, _ = veiled
    text = reporting.text(soup)
    assert "path entity → person → ▒▒▒ (n00000005)" in text
    assert "path entity → cat" in text
    assert "1 regions of people" not in text
    assert "1 region of people made coarse." in text
    assert soup.find_all(["script", "input", "video", "iframe"]) == []


def test_what_others_found_stands_beside_under_the_veil_with_its_licence(veiled):
    soup, _ = veiled
    text = reporting.text(soup)
    assert "second labels (ReaL) ▒▒▒ (n00000005); cat. The label is among them" in text
    assert "second labels (ReaL) nothing: nobody was asked about it" in text
    assert "“a ▒▒▒'s cat”; marked as unusual: pose" in text
    assert "CC BY-NC 4.0 by the file LICENSE in it" in text


def test_words_are_shown_where_the_notice_was_accepted(kit_database, tmp_path):
    write_study(tmp_path)
    soup, _ = read(tmp_path, "-p", "accepted=true", "-p", "people=shown")
    text = reporting.text(soup)
    assert "label wretch, poor wretch" in text
    assert "made coarse." not in text
