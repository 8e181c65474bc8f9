"""What a class refuses, and what every answer of it says."""

import json
import os
import re
import socket

import psutil
import pytest
import requests
from lessons import PATIENCE_S, STANDING, held

from retrain_kit.answers import Author
from retrain_kit.classroom.app import STATIC_FILES
from retrain_kit.classroom.limits import RateLimit, RequestRefusedError

SCRIPT = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    with held(tmp_path_factory.mktemp("class")) as running:
        yield running


@pytest.fixture(scope="module")
def person(lesson):
    return lesson.join()


def raw(lesson, method, path, **headers):
    return requests.request(method, f"{lesson.url}{path}", headers=headers, timeout=PATIENCE_S)


@pytest.mark.parametrize(
    "path", ["about", "events", "events?seat=1.2", "images/0", "projector/about", "projector/events"]
)
def test_nothing_is_told_to_whoever_has_not_joined(lesson, path):
    assert raw(lesson, "GET", path).status_code == 401


@pytest.mark.parametrize("path", ["act", "mine", "person", "withdraw-all"])
def test_nothing_is_done_for_whoever_has_not_joined(lesson, path):
    assert requests.post(f"{lesson.url}{path}", json={}, timeout=PATIENCE_S).status_code == 401


def test_a_seat_that_was_made_up_is_none(lesson, person):
    number, _, seal = person.seat.partition(".")
    for forged in (f"{number[:-1]}0.{seal}", f"{number}.{seal[::-1]}", number, f"{number}.", "é.è", "." * 9):
        answer = requests.get(
            f"{lesson.url}about", headers={"Authorization": f"Bearer {forged}".encode()}, timeout=PATIENCE_S
        )
        assert answer.status_code == 401 or forged == person.seat


def test_a_seat_does_not_open_the_wall(lesson, person):
    assert person.get("projector/about").status_code == 401
    assert person.get("projector/shown?exercise=what-if&index=0").status_code == 401


def test_another_code_is_refused_politely_and_ten_of_them_close_the_class_for_a_while(tmp_path):
    with held(tmp_path / "answers", exercises=("polyphony",)) as lesson:
        lesson.classroom.door.by_page.clock = STANDING
        answers = [
            requests.post(f"{lesson.url}join", json={"code": f"wrong-{n}"}, timeout=PATIENCE_S)
            for n in range(14)
        ]
        assert answers[0].json() == {
            "fault": "That is not the code of this class. It stands on the wall, below the address."
        }
        assert [answer.status_code for answer in answers][:10] == [403] * 10
        assert answers[-1].status_code == 429
        right = requests.post(f"{lesson.url}join", json={"code": lesson.entry.code}, timeout=PATIENCE_S)
        assert right.status_code == 429


def test_a_code_may_be_typed_with_capitals_and_a_space(lesson):
    typed = f"  {lesson.entry.code.upper().replace('-', ' ')} "
    assert requests.post(f"{lesson.url}join", json={"code": typed}, timeout=PATIENCE_S).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 403),
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1.evil.example:80"}, 421),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
def test_pages_and_names_of_others_are_refused(lesson, person, headers, status):
    body = {"key": person.key}
    assert person.post("mine", body, **headers).status_code == status


def test_the_classs_own_page_may_ask_and_a_link_from_elsewhere_leads_to_it(lesson, person):
    assert person.post("mine", {"key": person.key}, Origin=lesson.url.rstrip("/")).status_code == 200
    visit = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert raw(lesson, "GET", "", **visit).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "",
        "projector",
        "about",
        "files/classroom/static/class.js",
        "files/none",
        "images/0",
        "images/99",
        "nowhere",
        "join",
    ],
)
def test_every_answer_keeps_strangers_out_of_the_browser(lesson, path):
    answer = raw(lesson, "GET", path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    names = {name.lower() for name in answer.headers}
    assert "set-cookie" not in names
    assert not [name for name in names if name.startswith("access-control")]


def test_the_pages_hold_no_script_or_style_of_their_own_and_nothing_from_elsewhere(lesson):
    for path in ("", "projector"):
        page = raw(lesson, "GET", path).text
        assert re.findall(r"<script(?![^>]*\ssrc=)", page) == []
        assert re.findall(r"<style|\son\w+=|\sstyle=", page) == []
        assert re.findall(r"(?:src|href)=\"(?!files/|data:,)", page) == []


def test_nothing_of_the_class_asks_at_the_root_of_a_server_where_it_may_not_be():
    files = STATIC_FILES.values()
    rooted = re.compile(
        r"""(?:\bfetch|\bimport|EventSource|url)\(\s*["'`]?/(?!/)|(?:src|href|action)=["']/"""
    )
    assert {path.name: found for path in files if (found := rooted.findall(path.read_text("utf-8")))} == {}


@pytest.mark.parametrize(
    "path",
    [
        "files/classroom/entry.py",
        "files/classroom/..%2fclassroom/entry.py",
        "files/classroom/%2e%2e/errors.py",
        "files/../retrain_kit/errors.py",
        "files//etc/passwd",
        "images/-1",
        "images/99",
        "images/..%2f0",
        "images/0/..%2f..",
        "class.json",
    ],
)
def test_only_named_files_and_numbered_images_are_there(lesson, person, path):
    request = requests.Request("GET", lesson.url, headers=person.session.headers).prepare()
    request.url = f"{lesson.url}{path}"
    assert person.session.send(request, timeout=PATIENCE_S).status_code in {400, 404}


def test_only_the_images_drawn_for_the_class_are_there(lesson, person):
    panels = lesson.classroom.programme.panels
    assert [person.get(f"images/{number}").content for number in range(len(panels))] == [
        panel.data for panel in panels
    ]


def test_an_answer_of_ten_megabytes_is_refused_unread_and_memory_does_not_grow(lesson, person):
    large = json.dumps(
        {"exercise": "what-if", "index": 0, "key": person.key, "message": {"text": "x" * 10_000_000}}
    )
    data = large.encode()
    person.session.headers["Content-Type"] = "application/json"

    def parts():
        for start in range(0, len(data), 65_536):
            yield data[start : start + 65_536]

    def send(body):
        lesson.classroom.sent_bytes.clear()
        try:
            return person.session.post(f"{lesson.url}act", data=body, timeout=PATIENCE_S).status_code
        except requests.ConnectionError:
            return 413  # the server closes while the body still comes

    statuses = [send(data), send(parts())]
    before = psutil.Process(os.getpid()).memory_info().rss
    statuses += [send(parts()) for _ in range(8)]
    assert statuses == [413] * 10
    assert psutil.Process(os.getpid()).memory_info().rss - before < 30_000_000
    assert lesson.store.records() == []


def test_what_is_longer_than_an_exercise_takes_is_told_and_not_kept(lesson, person):
    told = person.add("x" * 60_000)
    assert "expected at most 20000" in told["fault"]
    assert "letters" in person.add("x" * 300)["fault"]
    assert "letters" in person.say("x" * 1500)["fault"]
    assert lesson.store.records() == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"message": 1}', b'{"key": 5}']
)
def test_what_is_no_request_is_told_in_words(lesson, person, body):
    answer = person.session.post(f"{lesson.url}act", data=body, timeout=PATIENCE_S)
    assert answer.status_code == 400
    assert answer.json()["fault"]


@pytest.mark.parametrize(
    ("exercise", "index"),
    [("none", 0), (None, 0), ("what-if", 99), ("what-if", -1), ("what-if", True), ([], {})],
)
def test_an_exercise_or_an_item_that_is_not_there_is_told(lesson, person, exercise, index):
    body = {"exercise": exercise, "index": index, "key": person.key, "message": {"act": "look"}}
    assert person.post("act", body).status_code == 400


def test_what_people_type_goes_to_the_wall_as_plain_values(tmp_path):
    with held(tmp_path / "answers") as lesson:
        person = lesson.join()
        person.add(SCRIPT)
        person.say(SCRIPT)
        assert lesson.shown("what-if")["page"]["rows"][0]["label"] == SCRIPT
        (sentence,) = lesson.shown("polyphony")["page"]["sentences"]
        assert sentence["parts"] == [[SCRIPT, False]]


def test_whoever_asks_too_fast_is_asked_to_wait(tmp_path):
    with held(tmp_path / "answers", exercises=("polyphony",)) as lesson:
        lesson.classroom.acts.clock = STANDING
        person = lesson.join()
        statuses = []
        while 429 not in statuses and len(statuses) < 2000:
            statuses.append(person.act("polyphony", "none").status_code)
        assert statuses[:20] == [200] * 20
        assert statuses[-1] == 429
        assert lesson.join().act("polyphony", "look").status_code == 200


def test_a_limit_lets_so_many_through_and_then_so_many_a_second():
    now = [0.0]
    limit = RateLimit(2, 2, clock=lambda: now[0])
    limit.take("a")
    limit.take("a")
    with pytest.raises(RequestRefusedError) as refused:
        limit.take("a")
    assert refused.value.status == 429
    limit.take("b")
    now[0] = 0.5
    limit.take("a")
    assert not limit.has_room("a")
    now[0] = 60
    limit.take("a")
    limit.take("a")
    assert not limit.has_room("a")


def test_a_limit_forgets_names_it_has_not_heard_of_for_long():
    limit = RateLimit(1, 0)
    for number in range(6000):
        limit.take(str(number))
    assert len(limit._left) == 5000
    assert limit.has_room("0")
    assert not limit.has_room("5999")


def test_keys_are_kept_nowhere(tmp_path):
    with held(tmp_path / "answers") as lesson:
        person = lesson.join()
        person.add("mist")
        assert Author(person.key).who == person.who
    files = [path for path in (tmp_path / "answers").rglob("*") if path.is_file()]
    assert not any(person.key.encode() in path.read_bytes() for path in files)


def test_a_full_disk_is_told_to_the_person_without_paths_and_whole_to_whoever_runs_the_class(tmp_path):
    with held(tmp_path / "answers", exercises=("what-if",)) as lesson:
        person = lesson.join()
        log = tmp_path / "answers" / "answers.jsonl"
        log.rename(tmp_path / "aside")
        answer = person.act("what-if", "add", text="mist", likely=5)
        (tmp_path / "aside").rename(log)
        assert answer.status_code == 507
        assert str(tmp_path) not in answer.text
        assert str(tmp_path) in lesson.told[0]
        assert person.add("mist")["told"] == "Your answer is kept."


def test_a_page_that_goes_while_it_sends_keeps_nothing_and_troubles_nobody(lesson, person, capfd):
    host, _, port = lesson.url.removeprefix("http://").rstrip("/").partition(":")
    head = f"POST /act HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {person.seat}\r\n"
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f'{head}Content-Length: 1000\r\n\r\n{{"exercise":'.encode())
    assert person.do("polyphony", "look")["step"] == "first"
    assert "Traceback" not in capfd.readouterr().err
