"""Whatever is sent to a class is answered in words, and never with a fault of its own."""

import json
import secrets

import pytest
from lessons import held

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
        reply = person.session.post(f"{lesson.url}{path}", data=body, timeout=60)
        assert 400 <= reply.status_code < 500, (body[:40], reply.status_code, reply.text[:200])


def test_every_field_of_every_act_may_hold_anything(lesson, person):
    wrong = []
    for exercise, acts in ACTS.items():
        for act, fields in acts.items():
            for field in ("act", "index", "exercise", "message", "key", "given", *fields):
                for odd in ODD:
                    message = {"act": act, "uses": ["class"], "once": secrets.token_hex(16)}
                    body = {"exercise": exercise, "index": 0, "message": message, "key": person.key}
                    if field in {"exercise", "index", "message", "key", "given"}:
                        body[field] = odd
                    else:
                        message[field] = odd
                    lesson.classroom.acts._left.clear()
                    data = json.dumps(body).encode()
                    reply = person.session.post(f"{lesson.url}act", data=data, timeout=60)
                    if reply.status_code >= 500:
                        wrong.append((exercise, act, field, repr(odd)[:30], reply.status_code))
    assert wrong == []
