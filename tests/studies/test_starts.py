"""Starts are read from the table beside a study, with all its faults together, and go where the study goes."""

import pytest

from retrain_kit.errors import DataError
from retrain_kit.studies import manifests, starts
from retrain_kit.studies.starts import Start

TOML = """title = "T"
why = "w"
dataset = "images"
version = "1"
licence = "l"
retrieved = 2026-11-30
[annotation]
who = "Ann"
when = "2026"
how = "by hand"
"""
ROW = "{0},{0}.jpg,,4,4,CC0-1.0,Ann,here\n"


@pytest.fixture
def study(tmp_path):
    toml = tmp_path / "mine.toml"
    toml.write_text(TOML, encoding="utf-8")
    rows = "".join(ROW.format(name) for name in ("meadow", "cloud", "sea"))
    head = "id,file,sha256,width_px,height_px,licence,author,source\n"
    toml.with_suffix(".csv").write_text(head + rows, encoding="utf-8")
    return toml


def told(study, text, encoding="utf-8"):
    starts.starts_path(study).write_text(text, encoding=encoding)
    return starts.load_starts(manifests.load(study))


def test_a_row_has_options_what_is_improbable_and_who_wrote_it(study):
    text = (
        "image,blank,start,anchor,author\n"
        "meadow,, a  calf | a hay bale ,a whale,Ana\n"
        "cloud,Sky,,,\n"
        "sea,,a buoy,,Ben\n"
    )
    assert told(study, text) == {
        "meadow": Start(("a calf", "a hay bale"), "a whale", "Ana"),
        "cloud": Start(sky=True),
        "sea": Start(("a buoy",), "", "Ben"),
    }


def test_it_may_come_from_a_spreadsheet(study):
    text = "image;blank;start;anchor;author\nmeadow;;a calf, asleep | a bale;;Ana\n;;;;\n"
    assert told(study, text, "utf-16") == {"meadow": Start(("a calf, asleep", "a bale"), "", "Ana")}


def test_of_a_study_without_the_table_nothing_is_said(study):
    assert starts.load_starts(manifests.load(study)) == {}


def test_all_that_is_wrong_is_said_together(study):
    with pytest.raises(DataError) as raised:
        told(
            study,
            "image,blank,start,anchor,author\n"
            "medow,,a calf,,Ana\n"
            "cloud,sky,a kite,,Ana\n"
            "sea,water,a buoy | A buoy,a buoy,\n"
            "sea,,,,Ben\n",
        )
    assert [(fault.where.partition(", ")[2], fault.found) for fault in raised.value.faults] == [
        ("line 2, image", "'medow'"),
        ("line 3, start", "'a kite'"),
        ("line 3, author", "'Ana'"),
        ("line 4, blank", "'water'"),
        ("line 4, author", "nothing"),
        ("line 4, start", "'A buoy' more than once"),
        ("line 4, start", "'a buoy' more than once"),
        ("line 5, image", "'sea' a second time"),
        ("line 5, start", "nothing"),
    ]


def test_starts_go_along_with_the_images_that_another_study_has(study, tmp_path):
    told(study, "image,blank,start,anchor,author\nmeadow,,a calf | a bale,a whale,Ana\ncloud,sky,,,\n")
    starts.keep_starts(study, tmp_path / "other.toml", {"meadow"})
    assert (tmp_path / "other.starts.csv").read_text(encoding="utf-8") == (
        "image,blank,start,anchor,author\nmeadow,,a calf | a bale,a whale,Ana\n"
    )
    starts.keep_starts(study, tmp_path / "none.toml", {"sea"})
    assert not (tmp_path / "none.starts.csv").exists()


def test_every_image_of_the_sample_that_can_be_asked_about_has_a_start():
    from retrain_kit.datasets import folder  # noqa: PLC0415 - needed here alone
    from retrain_kit.exercises.what_if import asked_images  # noqa: PLC0415 - the same

    manifest = manifests.load("embedded-sample")
    found = starts.load_starts(manifest)
    asked = asked_images.draw_asked(folder.read(manifest), 0, 7)
    assert {sample.id for sample in asked.samples} <= set(found)
    assert sorted(image for image, start in found.items() if start.sky) == [
        "hot-air-balloon",
        "shuttle-take-off",
    ]
    assert all(6 <= len(start.options) <= 9 for start in found.values() if not start.sky)
