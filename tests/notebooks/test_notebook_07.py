"""Notebook 07 runs headless: with tracks made for demonstration, with those of people, and with the data's own."""

import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from commands import typed
from PIL import Image

from retrain_kit.annotations.recordings import Recording, Tag
from retrain_kit.annotations.traces import Trace
from retrain_kit.answers import Consent, Store
from retrain_kit.datasets import folder
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.surfaces.informational_surfaces import TASKS, InformationalSurfaces
from retrain_kit.studies import manifests, sampling

BIN = Path(sys.executable).parent
NAME = "07_informational_surfaces"
CONSENT = Consent(("class",), "informational-surfaces-1", "2025-03-04T09:30:00Z")


def report(where, *options):
    command = [BIN / "retrain-kit", "report", "07", *options]
    return subprocess.run(command, cwd=where, capture_output=True, text=True)


def page(where):
    return BeautifulSoup((where / "reports" / f"{NAME}.html").read_text(encoding="utf-8"), "html.parser")


def text(soup):
    return re.sub(r"\s+", " ", soup.get_text(" "))


def titles(soup):
    return [title.text for title in soup.select("figure.rk-figure .rk-title")]


@pytest.fixture(scope="module")
def demonstration(kit_database, tmp_path_factory):
    """The report where nobody has recorded anything."""
    where = tmp_path_factory.mktemp("demonstration")
    done = report(where, "-p", "images=2")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in where.iterdir()] == ["reports"]
    return page(where)


def test_images_and_what_is_asked_are_shown(demonstration):
    for line in TASKS:
        assert line in text(demonstration)
    manifest = manifests.load("embedded-sample")
    drawn = sampling.draw_samples(folder.read(manifest), 2, 7)
    shown = [image["alt"] for image in demonstration.select(".rk-view img")][:2]
    assert shown == [sample.alt for sample in drawn]


def test_tracks_maps_and_growth_are_shown_without_an_image(demonstration):
    tracks = [image for image in demonstration.find_all("img") if image["alt"].startswith("A line on white.")]
    maps = [
        image for image in demonstration.find_all("img") if image["alt"].startswith("A map of the frame.")
    ]
    moments = [
        image for image in demonstration.find_all("img") if image["alt"].startswith("The track after ")
    ]
    assert (len(tracks), len(maps), len(moments)) == (3 + 3, 3, 3 * 3)
    assert all(image["src"].startswith("data:image/png;") for image in (*tracks, *maps, *moments))


def test_the_demonstration_says_that_it_is_nobodys(demonstration):
    for figure in demonstration.select("figure.rk-figure:has(.rk-title)"):
        assert "Demonstration: made by a rule, by nobody's hand." in text(figure)
    assert "Nobody's hand made these tracks." in text(demonstration)


def test_the_claim_is_tested_against_chance_with_its_caution(demonstration):
    captions = [table.caption.text for table in demonstration.find_all("table") if table.caption]
    assert len(captions) == 3
    assert all(caption.endswith("999 moves, seed 7.") for caption in captions)
    rows = demonstration.select("table:has(caption) tbody th")
    assert [row.text for row in rows].count("all of them") == 3
    assert "A mouse is not an eye" in text(demonstration)


def test_nothing_is_asked_for_and_every_image_is_described(demonstration):
    images = demonstration.find_all("img")
    assert all(image["src"].startswith("data:image/") and len(image["alt"]) > 20 for image in images)
    assert demonstration.find_all(["script", "link", "iframe", "object"]) == []


HANDED = """
title = "One image with hands of its own"
why = "A test."
dataset = "open-images"
version = "7"
licence = "unknown"
retrieved = 2026-11-22

[files]
boxes = "boxes.csv"
classes = "classes.csv"
narratives = "spoken.jsonl"

[annotation]
who = "unknown"
when = "unknown"
how = "unknown"
"""
BOXES = """ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside,XClick1X,XClick2X,XClick3X,XClick4X,XClick1Y,XClick2Y,XClick3Y,XClick4Y
0a1b,xclick,/m/05z6w,1,0.25,0.75,0.25,0.75,0,0,0,0,0,0.25,0.5,0.75,0.5,0.5,0.25,0.5,0.75
"""
SPOKEN = {
    "dataset_id": "open_images_train",
    "image_id": "0a1b",
    "annotator_id": 93,
    "caption": "Blue.",
    "timed_caption": [{"utterance": "Blue.", "start_time": 0.0, "end_time": 1.5}],
    "traces": [[{"x": 0.2, "y": 0.3, "t": 0.1}, {"x": 0.8, "y": 0.4, "t": 0.9}]],
    "voice_recording": "a.ogg",
}


def write_handed(where):
    """Write a study of one image with the clicks of a box and a narrative."""
    Image.new("RGB", (64, 48), "#a9c6d9").save(where / "photo.png")
    digest = sha256((where / "photo.png").read_bytes()).hexdigest()
    (where / "handed.csv").write_text(
        "id,file,sha256,width_px,height_px,licence,author,source\n"
        f"0a1b,photo.png,{digest},64,48,unknown,unknown,a test\n"
    )
    (where / "handed.toml").write_text(HANDED)
    (where / "boxes.csv").write_text(BOXES)
    (where / "classes.csv").write_text("LabelName,DisplayName\n/m/05z6w,Penguin\n")
    (where / "spoken.jsonl").write_text(json.dumps(SPOKEN) + "\n")


@pytest.fixture(scope="module")
def told(kit_database, tmp_path_factory):
    """The report where somebody has recorded something, with a study that has hands of its own."""
    where = tmp_path_factory.mktemp("told")
    write_handed(where)
    image = sampling.draw_samples(folder.read(manifests.load("embedded-sample")), 1, 7)[0].id
    way = Trace(([[0.2, 0.2, 0], [0.5, 0.5, 2], [0.5, 0.5, 4]],))
    tags = (Tag("<b>thing</b>", (0.25, 0.25, 0.75, 0.75), 3, "mouse"),)
    focus = Trace(([[0.1, 0.1, 0], [0.9, 0.9, 3]],))
    said = "<script>alert(1)</script>"
    made = Recording(image, (400, 300), said, way, Trace(), tags, ("mouse",), 5)
    keys = Recording(image, (400, 300), "By keys.", Trace(), focus, (), ("keyboard",), 4)
    with Store(where / "answers") as store:
        exercise = InformationalSurfaces(store, "embedded-sample")
        for recording in (made, keys):
            exercise.keep(recording, Voice(CONSENT))
        exercise.refuse(image, "burn", Voice(CONSENT))
        exercise.keep(made, Voice(Consent((), "informational-surfaces-1", CONSENT.when)))
    options = ("images=1", "store_folder=answers", "boxes=own", "hands_study=handed.toml")
    done = report(where, *(part for option in options for part in ("-p", option)))
    assert done.returncode == 0, done.stderr
    return page(where)


def test_what_people_recorded_is_shown_in_place_of_the_demonstration_as_text(told):
    assert "by nobody's hand" not in text(told)
    assert "<script>alert(1)</script>" in text(told)
    assert "<b>thing</b>" in text(told)
    assert told.find_all("script") == []
    assert "refused: burn" in text(told)
    assert "1, whose authors have not agreed to it" in text(told)


def test_the_focus_of_a_keyboard_is_shown_apart_and_not_compared(told):
    assert any(title.endswith("the keyboard's focus, which is no pointer") for title in titles(told))
    (focus,) = [image["alt"] for image in told.find_all("img") if "The focus came once" in image["alt"]]
    assert focus.startswith("A line on white. The focus came once, for 3.0 seconds in all.")
    assert len([table for table in told.find_all("table") if table.caption]) == 1
    assert "no boxes to compare with" in text(told)


def test_the_hands_already_in_the_data_are_shown_as_the_same_views(told):
    assert titles(told)[-2:] == ["0a1b: narrative", "0a1b: clicks that span a box"]
    assert "the pointer of annotator 93 while speaking (Localized Narratives)" in text(told)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("boxes=theirs", "boxes: found 'theirs'; expected one of data set, own."),
        ("use=sale", "use: found 'sale'; expected one of class, publication."),
        ("hands_study=none-such", "none-such"),
    ],
)
def test_a_wrong_value_is_one_line(tmp_path, option, message):
    done = typed(tmp_path, "report", "07", "-p", option)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr
