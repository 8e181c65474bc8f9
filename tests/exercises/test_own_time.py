"""*One's own time*: nothing before consent, times only where agreed, and nobody sees anybody else's."""

import io
import json
import shutil

import pytest
from PIL import Image

from retrain_kit.annotations import drawings
from retrain_kit.annotations.samples import Sample
from retrain_kit.answers import Consent, Store
from retrain_kit.display.figures import Panel
from retrain_kit.exercises.common.annotating import ImageToAnnotate
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.common.session import Screen
from retrain_kit.exercises.own_time import demonstration
from retrain_kit.exercises.own_time.own_time import NEEDS, OwnTime
from retrain_kit.exercises.own_time.session import OwnTimeSession
from retrain_kit.exercises.own_time.widget import Workplace
from retrain_kit.studies import labour_figures

MOMENTS = [[0, "act", "1"], [7.125, "act", "1"], [9, "act", "1:word"]]
BOX = {"name": "1", "kind": "box", "label": "zqsecretzq", "points": [[1, 1], [5, 6]], "device": "mouse"}


def message(act, uses=(), **more):
    return {
        "act": act,
        "index": 0,
        "drawing": {"drawn": [BOX], "moments": MOMENTS},
        "uses": list(uses),
        **more,
    }


@pytest.fixture
def exercise(tmp_path):
    with Store(tmp_path / "answers") as store:
        yield OwnTime(store, "nature")


@pytest.fixture
def session(exercise):
    file = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(file, "PNG")
    panel = Panel("image", "teal", file.getvalue(), "image/png")
    images = [ImageToAnnotate(name, name, (12, 8), panel, "Study") for name in ("sky", "sea")]
    return OwnTimeSession(exercise, images, labour_figures.load_figures())


def kept_bytes(exercise):
    return b"".join(path.read_bytes() for path in exercise.store.folder.rglob("*") if path.is_file())


def test_time_is_counted_before_anything_is_kept_and_nothing_is(session, exercise):
    counted = session.answer(Screen(), message("count", count="3"))["counted"]
    assert counted["pieces"] == [{"shape": [7.125, 0, 0], "word": [1.875, 0, 0], "notes": []}]
    box, word = counted["paces"]
    assert (box["kind"], box["own"], box["published"]) == ("Box", [7.125, 7.125], [6.5, 88])
    assert (word["kind"], word["published"], counted["count"]) == ("Word", None, "3")
    for act in ("keep", "refuse"):
        page = session.answer(Screen(), message(act, ["times"], refusal="burn"))
        assert (page["fault"], page["needs"]) == (NEEDS["keep"], "keep")
    assert exercise.records() == []
    assert b"zqsecretzq" not in kept_bytes(exercise)


def test_times_are_kept_only_where_their_author_agrees(session, exercise):
    for uses, times in ((["keep"], None), (["keep", "times"], [7.125, 0, 0])):
        screen = Screen()
        assert session.answer(screen, message("keep", uses))["told"] == "Your annotations are kept."
        (record,) = exercise.records(screen.who)
        assert record.details["drawn"][0]["shape"] == times
        assert b"7.125" in kept_bytes(exercise) or times is None


def test_a_person_sees_what_they_kept_and_nobody_else_does(session):
    one, other = Screen(), Screen()
    session.answer(one, message("keep", ["keep", "times", "publication"]))
    page = session.answer(one, {"act": "look", "index": 1})
    assert (page["mine"], [pace["own"] for pace in page["kept"]]) == ([], [[7.125, 7.125], [1.875, 1.875]])
    seen = session.answer(other, {"act": "look", "index": 0})
    assert (seen["mine"], seen["kept"]) == ([], [])
    assert one.who not in json.dumps(seen)


def test_what_is_withdrawn_is_gone_to_the_last_byte(session, exercise):
    screen = Screen()
    session.answer(screen, message("keep", ["keep", "times"]))
    who = screen.who
    assert all(each in kept_bytes(exercise) for each in (b"zqsecretzq", who.encode(), b"7.125"))
    (record,) = exercise.records()
    page = session.answer(screen, {"act": "withdraw", "index": 0, "record": record.id})
    assert (page["done"], page["kept"]) == ("withdraw", [])
    assert not any(each in kept_bytes(exercise) for each in (b"zqsecretzq", who.encode(), b"7.125"))


def test_faults_are_said_and_nothing_is_kept(session, exercise):
    flat = {**BOX, "points": [[1, 1], [1, 6]]}
    page = session.answer(Screen(), message("keep", ["keep"], drawing={"drawn": [flat], "moments": MOMENTS}))
    assert "a box without width or height" in page["fault"]
    assert "an object" in session.answer(Screen(), message("keep", ["keep"], drawing="none"))["fault"]
    assert exercise.records() == []


def test_in_a_widget_a_store_that_is_gone_is_said(session, exercise):
    desk = Workplace(exercise, session.items)
    assert desk.answer(message("keep", ["keep"]))["fault"] == ""
    shutil.rmtree(exercise.store.folder)
    assert "a folder or a file that is gone" in desk.answer(message("keep", ["keep"], once="2"))["fault"]


def test_what_another_program_wrote_is_left_out_where_it_is_no_drawing(exercise):
    voice = Voice(Consent(("keep",), "own-time-1", "2026-01-01T00:00:00Z"))
    said = exercise.store.say("odd", exercise.context("sky"), voice.consent, details={"drawn": "odd"})
    assert exercise.drawings(said.record.who) == []
    assert exercise.drawings("") == []


def test_the_demonstration_is_of_the_rule_that_it_states(tmp_path):
    row = {"image": "a", "id": "1", "label": "b", "box": [0, 0, 4, 4], "annotator": "x"}
    from retrain_kit.datasets.formats import kit_json  # noqa: PLC0415 - an edge

    regions = [kit_json.annotation_from_record({**row, "id": name}) for name in "12"]
    made = demonstration.example_drawing(Sample("a", tmp_path, 9, 9, tuple(regions)))
    assert [each.kind for each in made.drawn] == [drawings.BOX, drawings.EXTREME]
    assert [(each.shape.active_s, each.shape.idle_s, each.word.active_s) for each in made.drawn] == [
        (3, 12, 2),
        (12, 0, 2),
    ]
    assert demonstration.example_drawings([Sample("a", tmp_path, 9, 9)]) == []
