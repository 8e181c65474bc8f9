"""A class behind a reverse proxy: a real nginx, at a path, with and without the addresses of those who ask."""

import json
import re
from contextlib import ExitStack, contextmanager
from urllib.parse import urljoin

import needs
import proxying
import pytest
import requests
from lessons import PATIENCE_S, held
from ports import free_port

from retrain_kit.classroom.door import SHUT
from retrain_kit.classroom.limits import RateLimit
from retrain_kit.classroom.proxies import Proxies, PublicUrl
from retrain_kit.errors import ParameterError


@pytest.fixture(scope="module")
def nginx():
    return needs.nginx()


@contextmanager
def behind(program, folder, locations, trusted=()):
    """Hold a class behind nginx at `/sub/`."""
    own = free_port()
    proxies = Proxies.stated(f"http://127.0.0.1:{own}/sub/", trusted)
    with (
        held(folder / "answers", proxies=proxies, exercises=("polyphony", "what-if")) as lesson,
        proxying.nginx(program, folder / "nginx", own, lesson.endpoint.port, locations),
    ):
        assert lesson.url == f"http://127.0.0.1:{own}/sub/"
        yield lesson


@pytest.fixture(
    scope="module",
    params=[
        (proxying.STRIPPED, ()),
        (proxying.WHOLE, ("127.0.0.1",)),
        (proxying.DOCUMENTED, ("127.0.0.1",)),
    ],
    ids=["path taken away", "path kept, addresses stated", "as documented"],
)
def lesson(nginx, tmp_path_factory, request):
    with behind(nginx, tmp_path_factory.mktemp("class"), *request.param) as running:
        yield running


def opened(stack, lesson, person):
    """Open a person's stream, and return a function that gives the next news."""
    address = f"{lesson.url}events?seat={person.seat}"
    lines = stack.enter_context(requests.get(address, stream=True, timeout=PATIENCE_S)).iter_lines(1)
    return lambda: next(json.loads(line[5:]) for line in lines if line.startswith(b"data:"))


def test_two_people_join_and_answer_and_the_other_hears_of_it_while_both_stay(lesson):
    one, other = lesson.join(), lesson.join()
    with ExitStack() as stack:
        hear = opened(stack, lesson, other)
        before = hear()["versions"]
        assert one.say("Both wait for winter.")["fault"] == ""
        while (news := hear())["versions"] == before:
            pass
        assert news["present"] == 1
        assert other.say("Both are cold.")["fault"] == ""
    assert {record.text for record in lesson.store.records()} >= {"Both wait for winter.", "Both are cold."}


def test_the_wall_hears_at_once_and_shows_the_address_that_others_know(lesson):
    secret = lesson.entry.projector_secret
    bearer = {"Authorization": f"Bearer {secret}"}
    about = requests.get(f"{lesson.url}projector/about", headers=bearer, timeout=PATIENCE_S).json()
    assert (about["link"], about["certificate"]) == (lesson.url, None)
    address = f"{lesson.url}projector/events?secret={secret}"
    with requests.get(address, stream=True, timeout=PATIENCE_S) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        lines = (line for line in stream.iter_lines(1) if line.startswith(b"data:"))
        count = json.loads(next(lines)[5:])["answers"]
        lesson.join().add(f"fog {count}")
        while json.loads(next(lines)[5:])["answers"] == count:
            pass


@pytest.mark.parametrize("page", ["", "projector", "teacher"])
def test_all_that_a_page_asks_for_is_there(lesson, page):
    found, seen = [urljoin(lesson.url, page)], set()
    while found:
        address = found.pop()
        answer = requests.get(address, timeout=PATIENCE_S)
        assert answer.status_code == 200, address
        seen.add(address)
        named = re.findall(r"(?:src|href)=\"([^\"]+)\"|from \"([^\"]+)\"", answer.text)
        found += [
            more
            for path in map("".join, named)
            if not path.startswith("data:") and (more := urljoin(address, path)) not in seen
        ]
    assert all(address.startswith(lesson.url) for address in seen)
    assert any(address.endswith("/classroom/static/http.js") for address in seen)


def test_the_path_without_its_end_leads_to_the_class(lesson):
    answer = requests.get(lesson.url.rstrip("/"), timeout=PATIENCE_S, allow_redirects=False)
    assert answer.status_code in {301, 308}
    assert requests.get(lesson.url.rstrip("/"), timeout=PATIENCE_S).url == lesson.url


def test_pages_of_others_are_refused_there_too(lesson):
    person = lesson.join()
    assert person.post("mine", {"key": person.key}, Origin="https://evil.example").status_code == 403
    assert person.post("mine", {"key": person.key}, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_signature_for_another_address_is_none(lesson):
    """Whoever lures people to a page of their own cannot hand their signatures on."""
    person = lesson.join()
    shown = dict(person.shown)
    person.url = "https://evil.example/sub/"
    lured = {"exercise": "polyphony", "index": 0, "message": {"act": "look"}, **person.shown}
    person.url = lesson.url
    assert person.post("act", lured).status_code == 403
    assert person.post("act", {**lured, **shown}).status_code == 200


def test_the_proxys_connections_are_not_cut_short(lesson):
    held_before = lesson.classroom.connections.strangers
    lesson.classroom.connections.strangers = 2
    try:
        with ExitStack() as stack:
            people = [lesson.join() for _ in range(8)]
            news = [opened(stack, lesson, person) for person in people]
            assert [hear()["present"] > 0 for hear in news] == [True] * 8
            assert lesson.classroom.connections.counts["gave way"] == 0
    finally:
        lesson.classroom.connections.strangers = held_before


def test_a_proxys_connection_is_nobodys_however_many_ask_over_it(nginx, tmp_path):
    with behind(nginx, tmp_path, proxying.WHOLE) as lesson:
        people = [lesson.join() for _ in range(20)]
        assert {person.do("polyphony", "look")["step"] for person in people} == {"first"}
        assert not lesson.classroom.connections._seats


def join(lesson, code, page, address):
    headers = {"X-Forwarded-For": address}
    sent = {"code": code, "page": page}
    return requests.post(f"{lesson.url}join", json=sent, headers=headers, timeout=PATIENCE_S)


def test_wrong_codes_shut_out_those_alone_from_whom_they_come_where_the_proxy_is_trusted(nginx, tmp_path):
    with behind(nginx, tmp_path, proxying.WHOLE, ("127.0.0.1",)) as lesson:
        lesson.classroom.door.by_address = RateLimit(2, 0)
        rude = [join(lesson, f"wrong-{n}", str(n), "203.0.113.9").status_code for n in range(3)]
        assert rude == [403, 403, 429]
        assert lesson.classroom.door.state["shut"] == ["from 203.0.113.9"]
        assert join(lesson, lesson.entry.code, "mine", "203.0.113.10").status_code == 200
        shut = join(lesson, lesson.entry.code, "mine", "203.0.113.9")
        assert shut.json()["fault"] == SHUT


def test_where_it_is_not_trusted_what_it_says_is_not_believed_and_nobody_is_shut_out(nginx, tmp_path):
    with behind(nginx, tmp_path, proxying.WHOLE) as lesson:
        lesson.classroom.door.by_address = RateLimit(2, 0)
        statuses = [join(lesson, f"wrong-{n}", "one page", f"203.0.113.{n}").status_code for n in range(12)]
        assert statuses == [403] * 10 + [429] * 2
        assert join(lesson, lesson.entry.code, "another page", "203.0.113.9").status_code == 200
        assert lesson.classroom.door.state["shut"] == []


# -- what is typed.


@pytest.mark.parametrize(
    ("stated", "link"),
    [
        ("https://class.example.org", "https://class.example.org/"),
        ("https://class.example.org/sub", "https://class.example.org/sub/"),
        (" https://Class.Example.org:443/a/b/ ", "https://class.example.org/a/b/"),
        ("https://class.example.org:8443/sub/", "https://class.example.org:8443/sub/"),
        ("https://[2001:DB8::5]/sub/", "https://[2001:db8::5]/sub/"),
        ("https://schön.example/süb/", "https://xn--schn-7qa.example/s%C3%BCb/"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/"),
    ],
)
def test_a_public_address_is_written_as_browsers_write_it(stated, link):
    assert PublicUrl.parse(stated).link == link


@pytest.mark.parametrize(
    "stated",
    [
        "class.example.org",
        "ftp://class.example.org/",
        "http://class.example.org/",
        "https://",
        "https://class.example.org/?a=1",
        "https://class.example.org/#code",
        "https://me:word@class.example.org/",
        "https://class.example.org:99999/",
        "https://[2001/",
    ],
)
def test_what_is_no_public_address_is_told(stated):
    with pytest.raises(ParameterError, match="public-url"):
        PublicUrl.parse(stated)


def test_a_proxy_is_known_by_its_network_and_with_a_public_address_alone():
    proxies = Proxies.stated("https://class.example.org/", ["10.0.0.0/24", "fd00::7"])
    ips = ("10.0.0.9", "fd00::7", "127.0.0.1", "::1", "10.0.1.9", "fd00::8", "nothing")
    assert [ip in proxies for ip in ips] == [True] * 4 + [False] * 3
    assert "127.0.0.1" not in Proxies()
    with pytest.raises(ParameterError, match="trusted-proxy"):
        Proxies.stated("https://class.example.org/", ["nobody"])
    with pytest.raises(ParameterError, match="--public-url"):
        Proxies.stated(None, ["10.0.0.7"])
