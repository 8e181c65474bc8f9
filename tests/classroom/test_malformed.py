"""Whatever is sent to a class is answered in words, and never with a fault of its own."""

import json
import secrets
import socket
from urllib.parse import urlsplit

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
    "recoding-art": {"say": ("text", "art"), "refuse": ("refusal",)},
}


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    with held(tmp_path_factory.mktemp("malformed") / "answers", exercises=tuple(ACTS)) as running:
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


HOST, BEARER = b"Host: {host}\r\n", b"Authorization: Bearer {secret}\r\n"
RAW = {
    "seat of no letters": (
        b"GET /about HTTP/1.1\r\n" + HOST + b"Authorization: Bearer \xff\xfe.\xff\r\n\r\n",
        401,
    ),
    "seat of odd bytes": (b"GET /events?seat=%ff%fe.%80 HTTP/1.1\r\n" + HOST + b"\r\n", 401),
    "secret of a surrogate": (b"GET /projector/events?secret=%ed%a0%80 HTTP/1.1\r\n" + HOST + b"\r\n", 401),
    "index of a power": (
        b"GET /projector/shown?exercise=what-if&index=%C2%B2 HTTP/1.1\r\n" + HOST + BEARER,
        400,
    ),
    "index of Arabic digits": (
        b"GET /projector/shown?exercise=what-if&index=%D9%A9 HTTP/1.1\r\n" + HOST + BEARER,
        400,
    ),
    "index of 5,000 digits": (
        b"GET /projector/shown?exercise=what-if&index=" + b"9" * 5000 + b" HTTP/1.1\r\n" + HOST + BEARER,
        400,
    ),
    "image of 5,000 digits": (b"GET /images/" + b"9" * 5000 + b" HTTP/1.1\r\n" + HOST + BEARER, 404),
    "a way out": (b"GET /files/../app.py HTTP/1.1\r\n" + HOST + b"\r\n", 404),
    "another's address": (b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
    "no host": (b"GET / HTTP/1.0\r\n\r\n", 421),
    "two hosts": (b"GET / HTTP/1.1\r\n" + HOST + b"Host: evil\r\n\r\n", 400),
    "two lengths": (
        b"POST /join HTTP/1.1\r\n"
        + HOST
        + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        403,
    ),
    "a length below nothing": (b"POST /join HTTP/1.1\r\n" + HOST + b"Content-Length: -5\r\n\r\n", 400),
    "a length with a sign": (b"POST /join HTTP/1.1\r\n" + HOST + b'Content-Length: +5\r\n\r\n{"a":1}', 400),
    "a length of 5,000 digits": (
        b"POST /join HTTP/1.1\r\n" + HOST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
        400,
    ),
    "an origin of nobody": (b"GET /about HTTP/1.1\r\n" + HOST + b"Origin: null\r\n\r\n", 403),
    "a head of 200 kB": (b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 200_000 + b"\r\n\r\n", 400),
    "another method": (b"PUT /join HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n\r\n", 405),
    "a trace": (b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    "a web socket": (
        b"GET / HTTP/1.1\r\n" + HOST + b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        200,
    ),
    "the next version": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 421),
}


@pytest.mark.parametrize("name", RAW)
def test_every_head_is_answered_in_words_or_refused(lesson, name):
    host, secret = urlsplit(lesson.url).netloc, lesson.entry.projector_secret
    sent, status = RAW[name]
    end = b"\r\n" if BEARER in sent else b""
    sent = sent.replace(b"{host}", host.encode()).replace(b"{secret}", secret.encode()) + end
    with socket.create_connection(host.split(":"), timeout=PATIENCE_S) as client:
        client.sendall(sent)
        assert int(client.recv(65_536).split(b" ")[1]) == status
