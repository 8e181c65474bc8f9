"""Whatever is sent to a class is answered in words, and never with a fault of its own."""

import json
import secrets

import pytest
from lessons import PATIENCE_S, held

ODD = ["\ud800", "\x00", "a" * 5000, ["a"], {"a": 1}, None, True, 1e300, 10**30]
BARE = [
    b'{"code":"\\ud800"}',
    b'{"code":["a"]}',
    b'{"code":' + b"9" * 5000 + b"}",
    b'{"a":' + b"[" * 60000 + b"}",
    b'{"code":NaN}',
    '{"code":"x"}'.encode("utf-16"),
    b'\xef\xbb\xbf{"code":"x"}',
    b"\xff\xfe\x00",
    b"",
    b"null",
    b"[]",
    b'"x"',
]
ACTS = {
    "what-if": {
        "add": ("text", "likely", "uses", "once"),
        "place": ("ref", "likely"),
        "same": ("one", "other"),
        "apart": ("record",),
        "elephant": ("text", "likely"),
        "refuse": ("refusal",),
        "footnote": ("record", "text"),
        "withdraw": ("record",),
    },
    "polyphony": {"say": ("turn", "text", "language"), "withdraw": ("record",), "sit": ("seat",)},
    "informational-surfaces": {"keep": ("recording",), "draw": ("recording",), "withdraw": ("record",)},
}


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    with held(tmp_path_factory.mktemp("malformed") / "answers") as running:
        running.classroom.acts.clock = float  # it stands: nobody is asked to wait
        yield running


@pytest.fixture(scope="module")
def person(lesson):
    return lesson.join()


@pytest.mark.parametrize("path", ["join", "act", "mine", "withdraw-all"])
def test_bodies_that_are_no_message_are_refused(lesson, person, path):
    for body in BARE:
        reply = person.session.post(f"{lesson.url}{path}", data=body, timeout=PATIENCE_S)
        assert 400 <= reply.status_code < 500, (body[:40], reply.status_code, reply.text[:200])


OF_ALL = ("act", "index", "exercise", "message", "key", "given")
FIELDS = [
    (exercise, act, field)
    for exercise, acts in ACTS.items()
    for number, (act, own) in enumerate(acts.items())
    for field in (*own, *(() if number else OF_ALL))
]


@pytest.mark.parametrize(("exercise", "act", "field"), FIELDS)
def test_every_field_of_every_act_may_hold_anything(lesson, person, exercise, act, field):
    for odd in ODD:
        message = {"act": act, "uses": ["class"], "once": secrets.token_hex(16)}
        body = {"exercise": exercise, "index": 0, "message": message, "key": person.key}
        (body if field in OF_ALL[1:] else message)[field] = odd
        lesson.classroom.acts._left.clear()
        reply = person.session.post(f"{lesson.url}act", data=json.dumps(body).encode(), timeout=PATIENCE_S)
        assert reply.status_code < 500, (odd, reply.text[:200])
