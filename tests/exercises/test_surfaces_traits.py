"""The kernel's half of Informational surfaces: what it keeps, what it refuses, what is in a saved notebook."""

import io
import json
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from retrain_kit.annotations.samples import Provenance
from retrain_kit.answers import Author, Store
from retrain_kit.datasets import folder
from retrain_kit.display import figures
from retrain_kit.display.figures import Panel
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.common.annotating import ImageToAnnotate
from retrain_kit.exercises.surfaces import informational_surfaces
from retrain_kit.exercises.surfaces.informational_surfaces import InformationalSurfaces
from retrain_kit.exercises.surfaces.widget import Desk, images_to_tag_html
from retrain_kit.studies import manifests

SENT = {
    "text": "A cup.",
    "size": [1, 1],
    "pieces": [[[0.25, 0.5, 0.1], [0.5, 0.75, 1.5]]],
    "focus": [],
    "tags": [{"label": "cup", "edges": [0.25, 0.5, 0.5, 1], "t": 1.5, "device": "mouse"}],
    "devices": ["mouse"],
    "seconds": 2.5,
}
KEEP = {"act": "keep", "index": 0, "recording": SENT, "uses": ["class"], "language": "", "once": "0" * 32}


def image(number, name="Image"):
    file = io.BytesIO()
    Image.new("RGB", (48, 32), "#a9c6d9").save(file, "PNG")
    panel = Panel("image", "A <sky>", file.getvalue(), "image/png")
    return ImageToAnnotate(f"sky-{number}", f"{name} {number}", (96, 64), panel, "By <nobody>")


@pytest.fixture
def desk(tmp_path):
    with Store(tmp_path / "answers") as store:
        yield Desk(InformationalSurfaces(store, "nature"), [image(1), image(2)])


def kept(desk):
    return desk.session.exercise.consented_recordings("class").recordings


def test_a_recording_is_kept_with_the_size_that_the_image_has(desk):
    page = desk.answer(KEEP)
    assert (page["told"], page["done"]) == ("Your recording is kept.", "keep")
    (found,) = kept(desk)
    assert (found.recording.image, found.recording.size) == ("sky-1", (96, 64))
    assert page["mine"] == [{"record": found.record.id, "text": "A cup.", "refusal": False}]
    assert page["who"] == found.record.who == Author(page["key"]).who
    assert "A cup." in page["file"]["text"]
    assert page["key"] not in page["file"]["text"]


def test_a_request_that_comes_twice_is_kept_once(desk):
    for _ in range(2):
        desk.answer(KEEP)
    assert len(kept(desk)) == 1


def test_drawing_keeps_nothing_and_sends_the_map_alone(desk):
    page = desk.answer({**KEEP, "act": "draw"})
    (view,) = page["views"]
    assert (view["name"], view["src"][:22]) == ("where it stayed longest", "data:image/png;base64,")
    assert kept(desk) == ()
    assert desk.answer({**KEEP, "act": "draw", "recording": {**SENT, "pieces": []}})["views"] == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"act": "steal"}, "act: found 'steal'"),
        ({"act": 5}, "act: found an object of type int; expected a text."),
        ({"index": 2}, "index: found 2"),
        ({"index": True}, "index: found True"),
        ({"recording": "all"}, "recording: found none; expected an object."),
        ({"recording": {**SENT, "text": ["A cup."]}}, "text: found an object of type list"),
        ({"recording": {**SENT, "text": " "}}, "Who has nothing to say can refuse"),
        ({"recording": {**SENT, "pieces": [[[0, 0, 0]] * 100_001]}}, "pieces: found 100001 points"),
        ({"recording": {**SENT, "text": "a" * 10_000_000}}, "description: found 10000000 letters"),
        ({"once": "twice"}, "id: found a text of 5 letters"),
        ({"language": "a" * 10_000_000}, "letters; expected at most"),
    ],
)
def test_what_cannot_be_kept_is_told_and_nothing_is_kept(desk, change, message):
    page = desk.answer({**KEEP, **change})
    assert message in page["fault"]
    assert len(page["fault"]) < 1000
    assert kept(desk) == ()


def test_nobody_withdraws_or_amends_what_another_said(desk):
    desk.answer(KEEP)
    (found,) = kept(desk)
    desk.answer({"act": "somebody-else"})
    desk.answer({"act": "return", "key": "-".join(["babab"] * 8)})
    for act in ({"act": "withdraw"}, {"act": "footnote", "text": "Not mine."}):
        assert "fault" in desk.answer({**act, "record": found.record.id})
    assert kept(desk) == (found,)


def test_an_author_comes_back_with_the_key_adds_a_footnote_and_withdraws(desk):
    key = desk.answer(KEEP)["key"]
    desk.answer({"act": "somebody-else"})
    assert desk.answer({"act": "look", "index": 0})["mine"] == []
    assert desk.answer({"act": "return", "index": 0, "key": key})["mine"] != []
    (found,) = kept(desk)
    desk.answer({"act": "footnote", "record": found.record.id, "text": "Or a bowl."})
    assert kept(desk)[0].record.footnotes[0].text == "Or a bowl."
    gone = desk.answer({"act": "withdraw", "record": found.record.id})
    assert gone["told"] == "Withdrawn. Only that something was withdrawn is left."
    assert kept(desk) == ()


def test_a_refusal_is_shown_to_its_author_as_one(desk):
    page = desk.answer({"act": "refuse", "index": 1, "refusal": "no-answer", "uses": ["class"]})
    assert page["mine"] == [
        {"record": page["mine"][0]["record"], "text": "I choose not to answer", "refusal": True}
    ]
    assert desk.session.exercise.consented_recordings("class").refusals[0].asked.images == ("sky-2",)


def test_the_saved_state_holds_nothing_that_was_said(desk):
    desk.answer(KEEP)
    state = json.dumps(desk.get_state(), default=lambda data: bytes(data).hex())
    assert "A cup." not in state
    assert desk.screen.key not in state


def test_the_browsers_half_is_one_module(desk):
    assert "import {" not in desk._esm
    assert desk._esm.count("export default") == 1


def test_the_static_twin_shows_images_and_what_is_asked_without_script(desk):
    desk.answer(KEEP)
    data, _ = desk._repr_mimebundle_()
    twin = BeautifulSoup(data["text/html"], "html.parser")
    assert [image["alt"] for image in twin.find_all("img")] == ["A <sky>", "A <sky>"]
    for line in (*informational_surfaces.TASKS, informational_surfaces.RECORDING_NOTICE):
        assert line in twin.text
    assert twin.find_all(["script", "style"]) == []
    assert "A cup." not in data["text/html"]
    assert data["text/html"] == images_to_tag_html(desk.items)


def test_a_desk_without_an_image_cannot_be_made(tmp_path):
    with Store(tmp_path / "answers") as store, pytest.raises(ParameterError, match="Desk, items"):
        Desk(InformationalSurfaces(store, "nature"), [])


def test_an_image_without_author_or_licence_says_so():
    manifest = manifests.load("embedded-sample")
    sample = folder.read(manifest)[0]
    assert figures.image_and_study_credit(sample, manifest).startswith(f"{sample.provenance.author}, ")
    bare = replace(sample, provenance=Provenance())
    assert figures.image_and_study_credit(bare, manifest).startswith("Author and licence not said. ")
