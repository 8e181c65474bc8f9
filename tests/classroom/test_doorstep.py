"""One port for what is encrypted and what is not yet: who types a bare address arrives."""

import socket
import ssl
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
import requests
from lessons import PATIENCE_S, Clock, held
from places import ROOT
from waiting import until

from retrain_kit.classroom.certificates import WARNINGS, Certificate, own_warning

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/19.0 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Mobile Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15"


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    with held(tmp_path_factory.mktemp("class"), encrypted=True, exercises=("polyphony",)) as running:
        yield running


def plain(lesson, method="GET", path="", **headers):
    address = f"{lesson.url.replace('https', 'http')}{path}"
    return requests.request(method, address, headers=headers, timeout=PATIENCE_S, allow_redirects=False)


def connected(lesson):
    host, _, port = urlsplit(lesson.url).netloc.partition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE_S)


def test_a_bare_address_leads_on_and_says_what_the_browser_will_say(lesson):
    answer = plain(lesson, **{"User-Agent": IPHONE})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    own, others = answer.text.split("<details>", 1)
    assert "This Connection Is Not Private" in own
    assert "Firefox" not in own
    assert "Firefox" in others
    assert f'href="{lesson.url}"' in own
    assert all(f"<code>{group}</code>" in others for group in lesson.endpoint.certificate.groups)
    assert "'unsafe" not in answer.headers["Content-Security-Policy"]
    style = answer.text.partition('stylesheet" href="')[2].partition('"')[0]
    assert plain(lesson, path=style).headers["Content-Type"] == "text/css; charset=utf-8"


def test_nothing_secret_travels_in_the_open(lesson):
    for path in ("", "projector", "about", "files/classroom/static/class.js"):
        answer = plain(lesson, path=path)
        said = answer.text + str(answer.headers)
        assert lesson.entry.code not in said
        assert lesson.entry.projector_secret not in said
    assert plain(lesson, "POST", "join").status_code == 405


def test_whoever_knows_where_to_go_is_led_there_without_what_they_asked(lesson):
    answer = plain(lesson, path="projector?secret=x")
    assert (answer.status_code, answer.headers["Location"]) == (307, f"{lesson.url}projector")


def test_only_the_classs_own_names_are_led_on(lesson):
    assert plain(lesson, Host="evil.example").status_code == 421
    assert plain(lesson, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_the_page_before_is_in_the_readers_language(lesson):
    for asked, spoken in (("fr-CA, en;q=0.5", "fr"), ("zh", "en"), ("", "en")):
        assert f'<html lang="{spoken}">' in plain(lesson, **{"Accept-Language": asked}).text


def test_people_come_in_encrypted_on_the_same_port(lesson):
    assert lesson.join().do("polyphony", "look")["step"] == "first"


@pytest.mark.parametrize(
    ("browser", "found"),
    [(IPHONE, "iPhone"), (MAC, "iPhone"), (FIREFOX, "Firefox"), (ANDROID, "Android"), (EDGE, "Computers")],
)
def test_browsers_are_known_by_what_they_call_themselves(browser, found):
    assert own_warning(browser).browser.startswith(found)


def test_the_page_for_whoever_runs_a_class_has_the_same_warnings():
    page = (ROOT / "docs" / "classroom.md").read_text("utf-8")
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    for each in WARNINGS:
        words = [
            each.says.partition(" / ")[0],
            *(tap.partition(" / ")[0].split(" (")[0] for tap in each.taps),
        ]
        assert any(all(word in line for word in words) for line in lines), words


def test_an_unknown_browser_is_shown_all_warnings(lesson):
    own = plain(lesson, **{"User-Agent": "curl"}).text.partition("<details>")[0]
    assert all(each.browser in own for each in WARNINGS)
    assert own_warning("curl") is None


def test_a_fingerprint_is_compared_in_short_groups(tmp_path):
    groups = Certificate(tmp_path, ":".join(["AB", "CD"] * 16)).groups
    assert groups == ["ABCD"] * 16


def test_the_wall_is_told_what_phones_will_say(lesson):
    bearer = {"Authorization": f"Bearer {lesson.entry.projector_secret}"}
    about = requests.get(
        f"{lesson.url}projector/about", headers=bearer, verify=lesson.verify, timeout=PATIENCE_S
    )
    told = about.json()["certificate"]
    assert told["fingerprint"] == lesson.endpoint.certificate.groups
    assert told["browsers"][0] == {
        "browser": "iPhone and iPad, Safari",
        "says": "This Connection Is Not Private",
        "taps": ["Show Details", "visit this website", "Visit Website"],
    }


def test_who_says_nothing_and_who_breaks_off_a_handshake_are_ended_and_the_class_goes_on(tmp_path):
    with (
        held(tmp_path / "answers", encrypted=True, exercises=("polyphony",)) as lesson,
        ExitStack() as opened,
    ):
        clock = lesson.classroom.connections.clock = Clock()
        clients = [opened.enter_context(connected(lesson)) for _ in range(3)]
        clients[1].sendall(b"\x16\x03\x01")
        clients[2].sendall(b"GET / HTTP/1.1\r\nHost: 127")
        until(lambda: len(lesson.classroom.connections) == 3)
        clock.now = 11
        for client in clients:
            while client.recv(4096):
                pass
        assert lesson.classroom.connections.counts["slow"] == 3
        assert lesson.join().do("polyphony", "look")["step"] == "first"


def test_those_who_wait_at_the_door_count_and_the_oldest_gives_way(tmp_path):
    with (
        held(tmp_path / "answers", encrypted=True, exercises=("polyphony",)) as lesson,
        ExitStack() as opened,
    ):
        lesson.classroom.connections.strangers = 5
        clients = [opened.enter_context(connected(lesson)) for _ in range(20)]
        until(lambda: lesson.classroom.connections.counts["gave way"] == 15)
        assert clients[0].recv(1) == b""
        assert lesson.join().do("polyphony", "look")["step"] == "first"


def test_a_handshake_that_comes_in_pieces_comes_about(lesson):
    context = ssl.create_default_context(cafile=lesson.verify)
    ours, theirs = ssl.MemoryBIO(), ssl.MemoryBIO()
    made = context.wrap_bio(theirs, ours, server_hostname="127.0.0.1")
    with connected(lesson) as client:
        while True:
            try:
                made.do_handshake()
                break
            except ssl.SSLWantReadError:
                for byte in ours.read():
                    client.sendall(bytes([byte]))
                theirs.write(client.recv(65_536))
        assert made.version() in {"TLSv1.2", "TLSv1.3"}
