"""A class goes on beside a rude client: whoever answers is answered, and the rude one is refused."""

import asyncio
import json
import logging
import secrets
import socket
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlsplit

import pytest
import requests
from lessons import PATIENCE_S, STANDING, Clock, held
from waiting import until

from retrain_kit.classroom.classroom import ACTS, LARGE, LOOKS, MAX_LARGE_BYTES
from retrain_kit.classroom.connections import BEGINS, BODY, RESTS, WORKS, Connections
from retrain_kit.classroom.door import Door
from retrain_kit.classroom.entry import ClassEntry
from retrain_kit.classroom.limits import RateLimit, RequestRefusedError, parsed_json
from retrain_kit.classroom.notices import MAX_ALIKE, MAX_NOTICES, Notices

HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def processes():
    """Nothing but the word that a test is not quick: many people and sockets at once."""


# -- connections: which are held, and which give way.


@pytest.fixture
def sockets():
    with ExitStack() as opened:

        def pair():
            near, far = socket.socketpair()
            opened.enter_context(near)
            opened.enter_context(far)
            return near, far

        yield pair


@pytest.fixture
def come(sockets):
    """Return a function by which somebody connects: what is held of it, and their end."""
    ports = iter(range(1, 1000))

    def connected(to, address=HERE):
        near, far = sockets()
        far.settimeout(0)
        return to.admit(near, (address, next(ports))), far

    return connected


def is_ended(far):
    try:
        return far.recv(1) == b""
    except BlockingIOError:
        return False


def test_the_oldest_of_an_address_gives_way_and_nobody_elses(come):
    kept = Connections(most=9, strangers=2)
    others, first, second = come(kept, THERE)[1], come(kept)[1], come(kept)[1]
    third = come(kept)[1]
    assert [is_ended(far) for far in (others, first, second, third)] == [False, True, False, False]
    assert kept.counts == {"gave way": 1}


def test_what_is_being_answered_gives_no_way_and_whoever_has_a_seat_neither(come):
    kept = Connections(most=9, strangers=2)
    (one, first), (_, second) = come(kept), come(kept)
    kept.enter(one, WORKS)
    third = come(kept)[1]
    assert [is_ended(far) for far in (first, second, third)] == [False, True, False]
    assert kept.note_seat(one.client, "a seat")
    assert [is_ended(come(kept)[1]) for _ in range(5)] == [False] * 5
    assert not is_ended(first)


def test_where_nothing_gives_way_whoever_comes_is_refused(come):
    kept = Connections(most=9, strangers=1)
    one, _ = come(kept)
    kept.enter(one, WORKS)
    assert come(kept)[0] is None
    assert (len(kept), kept.counts) == (1, {"refused": 1})


def test_where_all_is_full_the_address_with_most_strangers_gives_way(come):
    kept = Connections(most=3, strangers=9)
    far = [come(kept)[1], come(kept, THERE)[1], come(kept, THERE)[1]]
    come(kept)
    assert [is_ended(each) for each in far] == [False, True, False]


def test_a_seat_has_a_dozen_connections_whose_oldest_gives_way(come):
    kept = Connections()
    held_ones = [come(kept) for _ in range(13)]
    assert all(kept.note_seat(one.client, "a seat") for one, _ in held_ones)
    assert [is_ended(far) for _, far in held_ones] == [True, *[False] * 12]
    for one, _ in held_ones:
        kept.enter(one, WORKS)
    more, _ = come(kept)
    assert not kept.note_seat(more.client, "a seat")
    assert kept.note_seat(more.client, "another")


@pytest.mark.parametrize(("phase", "seconds"), [(BEGINS, 10), (BODY, 30), (RESTS, 75)])
def test_what_does_not_go_on_is_ended(come, phase, seconds):
    clock = Clock()
    kept = Connections(clock=clock)
    one, far = come(kept)
    working, _ = come(kept)
    kept.enter(one, phase)
    kept.enter(working, WORKS)
    clock.now = seconds
    kept.sweep()
    assert not is_ended(far)
    clock.now = 1e6
    kept.enter(one, phase)  # Some more of the same is no progress.
    kept.sweep()
    assert is_ended(far)
    assert len(kept) == 1


def test_what_is_closed_makes_room(come):
    kept = Connections(most=1)
    one, _ = come(kept)
    kept.enter(one, WORKS)
    one.socket.close()
    assert come(kept)[0] is not None


# -- limits: before anything is parsed, and of what people send.


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 4_000_000,
        b'{"a":' * 17 + b"1" + b"}" * 17,
        b'{"a":[' + b"[]," * 200_000 + b"[]]}",
        b'{"a":[' + b"1," * 600_000 + b"1]}",
        b'{"a":[' + b'""' * 600_000 + b"]}",
        b'{"a":[[[[[[[[[[[[[[[[[' + b'"' + b'\\"' * 50_000,
    ],
    ids=["open", "deep", "arrays", "numbers", "texts", "no end"],
)
def test_what_is_nested_or_of_many_parts_is_refused_unparsed(data):
    with pytest.raises(RequestRefusedError) as refused:
        parsed_json(data)
    assert refused.value.status == 400


def test_brackets_in_a_text_are_letters():
    told = {"text": '[[{{"\\[' * 90, "pieces": [[[0.5, 0.5, 1]] * 9]}
    assert parsed_json(json.dumps(told).encode()) == told


def test_bytes_are_counted_by_seat_and_what_is_too_much_is_told_in_words(tmp_path):
    with held(tmp_path / "answers", exercises=("informational-surfaces",)) as lesson:
        lesson.classroom.sent_bytes.clock = STANDING
        person, statuses = lesson.join(), []
        while not statuses or statuses[-1].status_code != 429:
            statuses.append(
                person.session.post(f"{lesson.url}act", data=b'"' * 4_900_000, timeout=PATIENCE_S)
            )
        assert len(statuses) == 9
        assert "Wait a while" in statuses[-1].json()["fault"]
        assert lesson.join().do("informational-surfaces", "look")["fault"] == ""


def test_what_is_long_comes_once_at_a_time_from_a_seat_and_not_too_much_of_all(tmp_path):
    with held(tmp_path / "answers", exercises=("informational-surfaces",)) as lesson:
        classroom = lesson.classroom
        with classroom.taking("one", 4_000_000):
            for number, length in (("one", 4_000_000), ("two", MAX_LARGE_BYTES)):
                classroom.sent_bytes.burst = 2 * MAX_LARGE_BYTES
                classroom.sent_bytes.clear()
                with (
                    pytest.raises(RequestRefusedError, match="Many people"),
                    classroom.taking(number, length),
                ):
                    pass
            with classroom.taking("one", 400):
                pass
        with classroom.taking("one", 4_000_000):
            pass


def test_a_seat_has_four_streams_and_another_seat_its_own(tmp_path):
    with held(tmp_path / "answers", exercises=("polyphony",)) as lesson, ExitStack() as opened:
        one, other, reading = lesson.join(), lesson.join(), []

        def stream(person):
            address = f"{lesson.url}events?seat={person.seat}"
            found = opened.enter_context(requests.get(address, stream=True, timeout=PATIENCE_S))
            reading.append(found.iter_lines())  # One that nobody holds is closed, and its stream with it.
            next(reading[-1])
            return found.status_code

        assert [stream(one) for _ in range(5)] == [200] * 4 + [429]
        assert stream(other) == 200


def test_what_is_small_and_who_looks_does_not_wait_for_what_is_long(tmp_path):
    async def main(run):
        over = threading.Event()
        long = [asyncio.create_task(run(over.wait, lane=LARGE)) for _ in range(9)]
        done = [await run(lambda: "said", lane=ACTS), await run(lambda: "seen", lane=LOOKS)]
        over.set()
        return [*done, *await asyncio.gather(*long)]

    with held(tmp_path / "answers", exercises=("polyphony",)) as lesson, ThreadPoolExecutor(1) as pool:
        done = pool.submit(asyncio.run, main(lesson.classroom.run_in_thread)).result()
    assert done == ["said", "seen", *[True] * 9]


# -- the door.


@pytest.fixture
def door():
    told = []
    found = Door(ClassEntry.new(), told.append)
    for limit in (found.by_page, found.by_address, found.of_all, found.joins):
        limit.clock = STANDING
    found.told = told
    return found


def tried(door, typed, address=HERE, page="mine"):
    try:
        return 200 if door.enter(typed, address, page) else 0
    except RequestRefusedError as error:
        return error.status


def test_wrong_codes_slow_the_page_on_which_they_are_typed_and_no_other_of_its_address(door):
    assert [tried(door, f"wrong-{number}") for number in range(12)] == [403] * 10 + [429] * 2
    assert tried(door, door.entry.code) == 429
    assert tried(door, door.entry.code, page="another") == 200
    assert door.told == []


def test_a_class_that_reads_last_weeks_code_shuts_out_nobody(door):
    assert {tried(door, "old-code", page=str(number)) for number in range(400)} == {403}
    assert tried(door, door.entry.code) == 200


def test_who_makes_up_names_of_pages_meets_the_addresss_ceiling_and_the_door_can_be_opened(door):
    found = [tried(door, f"wrong-{number}", page=str(number)) for number in range(120)]
    assert found == [403] * 100 + [429] * 20
    assert (tried(door, door.entry.code), tried(door, door.entry.code, THERE)) == (429, 200)
    assert door.state == {"wrong_codes": 100, "shut": [f"from {HERE}"]}
    assert len(door.told) == 1
    assert f"from {HERE}" in door.told[0]
    door.open()
    assert tried(door, door.entry.code) == 200
    assert door.state["shut"] == []


def test_beyond_a_ceiling_the_door_is_shut_for_all_addresses(door):
    found = [tried(door, f"wrong-{n}", f"198.51.100.{n % 50}", str(n)) for n in range(520)]
    assert (found[499], found[500]) == (403, 429)
    assert tried(door, door.entry.code, THERE) == 429
    assert door.state["shut"] == ["from many places"]


def test_whoever_holds_the_projectors_link_sees_a_shut_door_and_opens_it(tmp_path):
    with held(tmp_path / "answers", exercises=("polyphony",)) as lesson:
        lesson.classroom.door.by_address = RateLimit(1, 0)
        codes = [
            requests.post(
                f"{lesson.url}join", json={"code": code, "page": code}, timeout=PATIENCE_S
            ).status_code
            for code in ("wrong", lesson.entry.code)
        ]
        assert codes == [403, 429]
        secret = lesson.entry.projector_secret
        stream = requests.get(
            f"{lesson.url}projector/events?secret={secret}", stream=True, timeout=PATIENCE_S
        )
        with stream:
            lines = (line for line in stream.iter_lines() if line.startswith(b"data:"))
            assert json.loads(next(lines)[5:])["strain"]["shut"] == ["from 127.0.0.1"]
        assert requests.post(f"{lesson.url}projector/door", timeout=PATIENCE_S).status_code == 401
        bearer = {"Authorization": f"Bearer {secret}"}
        opened = requests.post(f"{lesson.url}projector/door", headers=bearer, timeout=PATIENCE_S).json()
        assert opened["shut"] == []
        assert lesson.join().do("polyphony", "look")["step"] == "first"
        assert len(lesson.told) == 1


# -- notices.


def test_notices_are_few_a_minute_and_what_was_left_out_is_counted():
    told, clock = [], Clock()
    notices = Notices(told.append, clock)
    for _ in range(1000):
        notices("the disk is full")
    for number in range(1000):
        notices(f"notice {number}")
    assert (told[:3], len(told)) == (["the disk is full"] * MAX_ALIKE, MAX_NOTICES)
    clock.now = 61
    notices("x" * 100_000)
    assert told[MAX_NOTICES].startswith(
        "1980 more notices were left out in the last minute, 997 of them like"
    )
    assert len(told[-1]) < 3000
    assert notices.left_out == 1980


def test_what_is_no_request_cannot_flood_the_log(tmp_path, caplog):
    with held(tmp_path / "answers", exercises=("polyphony",)) as lesson, caplog.at_level(logging.WARNING):
        lesson.classroom.notices.clock = STANDING
        logging.getLogger("uvicorn.error").addHandler(caplog.handler)
        for _ in range(40):
            with connected(lesson) as client:
                client.sendall(b"\x16\x03\x01 no request\r\n\r\n")
                while client.recv(4096):
                    pass
        assert 1 <= len(caplog.records) <= 2 * MAX_ALIKE
        assert lesson.classroom.notices.left_out == 37
    logging.getLogger("uvicorn.error").removeHandler(caplog.handler)


# -- beside a rude client.


@contextmanager
def connected(lesson):
    host, _, port = urlsplit(lesson.url).netloc.partition(":")
    with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as client:
        yield client


RUDE = {
    "says nothing": "",
    "half a head": "GET / HTTP/1.1\r\nHost: 127",
    "half a body": "POST /act HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {seat}\r\n"
    "Content-Length: 90\r\n\r\n{{",
    "streams": "GET /events?seat={seat} HTTP/1.1\r\nHost: {host}\r\n\r\n",
    "nested": "POST /join HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1900\r\n\r\n" + "[" * 1900,
}


def phases(lesson):
    """How many connections are in which phase."""
    return Counter(each.phase for each in [*lesson.classroom.connections._held.values()])


def test_half_requests_are_ended_and_the_rude_one_is_counted(tmp_path):
    with held(tmp_path / "answers", exercises=("polyphony",)) as lesson, ExitStack() as opened:
        clock = lesson.classroom.connections.clock = Clock()
        seat, host = lesson.join().seat, urlsplit(lesson.url).netloc
        clients = [opened.enter_context(connected(lesson)) for _ in range(3)]
        for client, kind in zip(clients, ("says nothing", "half a head", "half a body"), strict=True):
            client.sendall(RUDE[kind].format(seat=seat, host=host).encode())
        until(lambda: (phases(lesson)[BEGINS], phases(lesson)[BODY]) == (2, 1))
        clock.now = 31
        for client in clients:
            while client.recv(4096):
                pass
        assert lesson.classroom.connections.counts["slow"] == 3
        assert lesson.join().do("polyphony", "look")["step"] == "first"


def be_rude(lesson, over, sent):
    """Open connections that ask for nothing whole, three hundred at a time, until it is over."""
    seat, host = lesson.join().seat, urlsplit(lesson.url).netloc
    with ExitStack() as opened:
        while not over.is_set():
            for request in RUDE.values():
                sent.append(opened.enter_context(connected(lesson)))
                sent[-1].sendall(request.format(seat=seat, host=host).encode())
            while len(sent) > 300:
                sent.pop(0).close()


def added(person, text, once):
    """Add an option, and ask the same again where nothing comes back, as the page does."""
    while True:
        with suppress(requests.ConnectionError):
            return person.add(text, once=once)["fault"]


@pytest.mark.parametrize("encrypted", [False, True], ids=["open", "encrypted"])
def test_thirty_people_are_answered_beside_a_rude_client_and_nothing_is_lost(processes, tmp_path, encrypted):
    with held(tmp_path / "answers", encrypted=encrypted, exercises=("what-if",)) as lesson:
        lesson.classroom.connections.strangers = 60
        lesson.classroom.connections.most = 400
        people = [lesson.join() for _ in range(30)]
        over, sent, told = threading.Event(), [], {}

        def answer(person):
            for number in range(4):
                told[person.who, number] = added(person, f"{person.who} {number}", secrets.token_hex(16))

        rude = threading.Thread(target=be_rude, args=[lesson, over, sent])
        rude.start()
        until(lambda: len(sent) > 250)
        speaking = [threading.Thread(target=answer, args=[person]) for person in people]
        for each in speaking:
            each.start()
        for each in speaking:
            each.join(PATIENCE_S)
        over.set()
        rude.join(PATIENCE_S)
        assert set(told.values()) == {""}
        assert len({record.text for record in lesson.store.records()}) == len(told) == 120
        assert len(lesson.classroom.connections) <= 400
        assert lesson.classroom.connections.counts["gave way"] > 100
