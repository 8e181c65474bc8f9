"""A pinned study keeps what its author wrote, and says which images and files it stands on."""

import csv
from dataclasses import replace
from datetime import date

import pytest
import tomlkit

from retrain_kit.datasets import pinning
from retrain_kit.errors import DataError
from retrain_kit.studies import manifests
from retrain_kit.studies.manifests import ImageRow
from retrain_kit.studies.sampling import Rule

TOML = """\
# Why this study is there, in its author's own hand.
title = "Birds"  # no more than that
why = "to look"
dataset = "open-images"
version = "v7"
licence = "CC BY 4.0"

[downloads.boxes]
url = "https://example.org/boxes.csv"
file = "boxes.csv"

[draw]
n = 2
seed = 7
labels = ["Bird"]

[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""
PINNED = """\
# Why this study is there, in its author's own hand.
title = "Birds"  # no more than that
why = "to look"
dataset = "open-images"
version = "v7"
licence = "CC BY 4.0"
retrieved = 2026-11-22

[downloads.boxes]
url = "https://example.org/boxes.csv"
file = "boxes.csv"
sha256 = "{digest}"

[draw]
n = 2
seed = 7
labels = ["Bird"]

[annotation]
who = "unknown"
when = "unknown"
how = "unknown"

[[withdrawn]]
id = "c"
reason = "404"
"""
IMAGE = ImageRow(
    "a", "images/a.jpg", "1" * 64, 4, 3, "CC BY 2.0", 'Ann "A", of Rome', "https://example.org/a"
)


@pytest.fixture
def toml(tmp_path):
    path = tmp_path / "birds.toml"
    path.write_text(TOML)
    return path


def pinned(images=(IMAGE,)):
    return pinning.Pins(images, {"boxes": "0" * 64}, {"c": "404"}, date(2026, 11, 22))


def test_pins_are_added_and_every_other_line_stays(toml):
    pinning.write_pinned(toml, tomlkit.parse(TOML), pinned())
    assert toml.read_text() == PINNED.format(digest="0" * 64)


def test_the_table_has_the_columns_that_say_something(toml):
    pinning.write_pinned(toml, tomlkit.parse(TOML), pinned((IMAGE, replace(IMAGE, id="b", note="turned"))))
    with toml.with_suffix(".csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [*manifests.REQUIRED_COLUMNS, "note"]
    assert [(row["id"], row["author"], row["note"]) for row in rows] == [
        ("a", 'Ann "A", of Rome', ""),
        ("b", 'Ann "A", of Rome', "turned"),
    ]


def test_a_pinned_study_loads_as_it_was_pinned(toml):
    with pytest.raises(DataError, match="the rule of a draw, and no images yet.*Run: retrain-kit pull birds"):
        manifests.load(toml)
    pinning.write_pinned(toml, tomlkit.parse(TOML), pinned())
    study = manifests.load(toml)
    assert study.images == (IMAGE,)
    assert study.withdrawn == {"c": "404"}
    assert study.downloads["boxes"].sha256 == "0" * 64
    assert study.retrieved == "2026-11-22"


def test_pinning_again_keeps_what_was_withdrawn_before(toml):
    pinning.write_pinned(toml, tomlkit.parse(TOML), pinned())
    again = replace(pinned(), withdrawn={"d": "410 Gone"})
    pinning.write_pinned(toml, tomlkit.parse(toml.read_text()), again)
    assert manifests.load(toml).withdrawn == {"c": "404", "d": "410 Gone"}


def test_without_its_table_a_study_is_not_pinned(toml):
    with pytest.raises(UnicodeEncodeError):
        pinning.write_pinned(toml, tomlkit.parse(TOML), pinned((replace(IMAGE, author="half a \ud83d"),)))
    assert [path.name for path in toml.parent.iterdir()] == ["birds.toml"]
    assert not manifests.load(toml, pinned=False).pinned


def test_a_derived_study_has_a_rule_of_its_own_and_no_pins(toml):
    pinning.write_pinned(toml, tomlkit.parse(TOML), pinned())
    rule = Rule(3, 1, ("Cat", "Dog"), "train")
    derived = tomlkit.dumps(pinning.derive_study(toml, "Others", "to compare", rule))
    toml.with_name("others.toml").write_text(derived)
    study = manifests.load(toml.with_name("others.toml"), pinned=False)
    assert (study.title, study.why, study.draw) == ("Others", "to compare", rule)
    assert (study.withdrawn, study.retrieved, study.pinned) == ({}, "", False)


def test_the_kits_own_studies_are_pinned_in_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert (
        pinning.pinned_path(manifests.find_manifest("embedded-sample")).resolve()
        == tmp_path / "embedded-sample.toml"
    )
    (tmp_path / "data_manifests").mkdir()
    assert (
        pinning.pinned_path(manifests.find_manifest("embedded-sample")).parent.resolve()
        == tmp_path / "data_manifests"
    )


def test_a_study_of_ones_own_is_pinned_where_it_is(toml):
    assert pinning.pinned_path(toml) == toml
