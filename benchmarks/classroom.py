"""A class at once: writes without loss, how long people wait for their answers, and what the server needs.

The server is `retrain-kit class` itself in a process of its own, on the embedded sample; people are
connections of this process, on the same machine, each with a page's stream open: whenever something is new,
they look, as a page does. The wall's delay is the time from the acknowledgement of an answer to the first
news that count it. Each round is checked against the store: every acknowledged answer is there once, under
its author's pseudonym.

The same is done beside `rude.py`, a client that opens connections which ask for nothing whole. At last a
class goes on with 10,000 answers: what the server's processor needs for one more is told beside
what it needs near the first, where people place what is on the list, and where each adds an option.

    python benchmarks/classroom.py [PEOPLE ...]
"""

import asyncio
import json
import math
import os
import random
import re
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx

from retrain_kit import datasets
from retrain_kit.answers import AnswerContext, Author, Consent, Record, Store, entries
from retrain_kit.answers.log import LogHeader
from retrain_kit.exercises.what_if import areas
from retrain_kit.studies import manifests
from retrain_kit.studies import sampling as studies_sampling

COMMAND = [sys.executable, "-m", "retrain_kit", "class", "embedded-sample", "--port", "0"]
WRITERS, WRITES = 30, 50
ANSWERS = 5
THINK_S = 4.0
RUDE = [sys.executable, str(Path(__file__).with_name("rude.py"))]
MANY, COUNTED, OPTIONS = 10_000, 300, 240
PATIENCE_S = 120
Rounds = Callable[[httpx.AsyncClient, str, str], Awaitable[list["Person"]]]


@dataclass
class Person:
    """Somebody with a seat and a key, and how long they waited."""

    client: httpx.AsyncClient
    seat: str
    key: str
    acts_s: list[float] = field(default_factory=list)
    looks_s: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    acknowledged: list[float] = field(default_factory=list)
    again: list[str] = field(default_factory=list)

    async def ask(self, message: dict[str, object], index: int, waits: list[float]) -> None:
        """Ask for something and note how long the answer took.

        Who is too fast waits, and who gets no answer asks the same again, as the page does.
        """
        body = {"exercise": "what-if", "index": index, "key": self.key, "message": message}
        headers = {"Authorization": f"Bearer {self.seat}"}
        while True:
            start = time.perf_counter()
            try:
                answer = await self.client.post("act", json=body, headers=headers)
            except httpx.TransportError as error:
                self.again.append(type(error).__name__)
                continue
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            await asyncio.sleep(1)
        answer.raise_for_status()
        if fault := answer.json().get("fault"):
            raise RuntimeError(fault)
        waits.append(time.perf_counter() - start)

    async def add(self, index: int) -> None:
        """Add an option that nobody else adds."""
        text = secrets.token_hex(8)
        message = {"act": "add", "text": text, "likely": 40, "uses": ["class"], "once": secrets.token_hex(16)}
        await self.ask(message, index, self.acts_s)
        self.said.append(text)
        self.acknowledged.append(time.perf_counter())

    async def place(self, index: int, ref: str) -> None:
        """Say how likely an option of the list seems."""
        once = secrets.token_hex(16)
        likely = random.randrange(101)  # noqa: S311 - no secret
        message = {"act": "place", "ref": ref, "likely": likely, "uses": ["class"], "once": once}
        await self.ask(message, index, self.acts_s)

    async def take_part(self) -> None:
        """Answer now and then."""
        index = random.randrange(4)  # noqa: S311 - who does what when is no secret
        for _ in range(ANSWERS):
            await asyncio.sleep(random.uniform(0, 2 * THINK_S))  # noqa: S311 - the same
            await self.add(index)

    async def watch(self) -> None:
        """Look whenever something is new."""
        new = asyncio.Event()

        async def look() -> None:
            while await new.wait():
                new.clear()
                await self.ask({"act": "look"}, 0, self.looks_s)

        async with asyncio.TaskGroup() as group:
            group.create_task(look())
            async for _ in news(self.client, f"events?seat={self.seat}"):
                new.set()


async def news(client: httpx.AsyncClient, path: str) -> AsyncIterator[dict[str, Any]]:
    """Yield what a stream tells."""
    async with client.stream("GET", path) as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data: {"):  # What says only that it is there has none.
                yield json.loads(line[5:])


async def write(client: httpx.AsyncClient, code: str) -> list[Person]:
    """Let `WRITERS` people write as fast as they can."""
    people = await joined(client, code, WRITERS)

    async def speak(person: Person) -> None:
        for number in range(WRITES):
            await person.add(number % 4)

    start = time.perf_counter()
    await asyncio.gather(*map(speak, people))
    took = time.perf_counter() - start
    waits = [wait for person in people for wait in person.acts_s]
    print(f"{WRITERS} × {WRITES} writes at once: {len(waits) / took:.0f} a second; {told(waits)}")
    return people


def cpu_s(process: int) -> float:
    """Return the processor's time that a process has had."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def filled(folder: Path, count: int, *, unique: bool) -> list[tuple[int, str]]:
    """Put so many answers into a store, by 30 people; return what is on the lists, by place."""
    manifest = manifests.load("embedded-sample")
    every = [sample for sample in datasets.read(manifest) if sample.regions]
    drawn = studies_sampling.draw_samples(every, 4, 7)
    places = [area.place for area in areas.blank_areas(drawn, manifest)]
    people, found, listed = [Author.new() for _ in range(WRITERS)], [], []
    consent = Consent(("class",), "what-if-1", "2026-11-30T09:00:00Z")
    for number in range(count):
        index, author, name = number % 4, people[number // 4 % WRITERS], secrets.token_hex(16)
        place, adds = places[index], unique or number < OPTIONS
        ref = "" if adds else listed[random.randrange(OPTIONS // 4) * 4 + index][1]  # noqa: S311 - no secret
        if adds:
            listed.append((index, name))
        asked = AnswerContext("embedded-sample", "what-if", "", (place.image,), ref)
        details = {"act": "added" if adds else "placed", "likely": number % 101, "hole": place.hole}
        text, (lock,) = secrets.token_hex(8) if adds else "40", author.locks([name])
        when = f"2026-11-30T09:{number // 60 % 60:02}:{number % 60:02}Z"
        record = Record(name, text, author.who, when, asked, consent, details=details, lock=lock)
        unsigned = entries.answer_entry(replace(record, public_key=author.public_key))
        found += entries.signed_entries([unsigned], author, demonstration=False)
    file = folder / "filled.jsonl"
    file.write_bytes(b"".join(line + b"\n" for line in LogHeader().lines(found)))
    with Store(folder / "answers") as store:
        store.merge(file)
    return listed


async def one_more(client: httpx.AsyncClient, code: str, process: int, listed: list[tuple[int, str]]) -> None:
    """Let 30 people answer, and tell what an answer costs the server: on the list where there is one."""
    people = await joined(client, code, WRITERS)

    async def speak(person: Person) -> None:
        for _ in range(COUNTED // WRITERS):
            if listed:
                await person.place(*random.choice(listed))  # noqa: S311 - no secret
            else:
                await person.add(random.randrange(4))  # noqa: S311 - no secret

    before = cpu_s(process)
    await asyncio.gather(*map(speak, people))
    cost = (cpu_s(process) - before) / COUNTED
    print(
        f"  {1000 * cost:.1f} ms of processor an answer; {told([w for each in people for w in each.acts_s])}"
    )
    await asyncio.gather(*(person.client.aclose() for person in people))


async def answered_twice(link: str, code: str, process: int, listed: list[tuple[int, str]]) -> None:
    """Tell what answers cost while what is there is read, and afterwards."""
    async with httpx.AsyncClient(base_url=link, timeout=PATIENCE_S) as client:
        for _ in range(2):
            await one_more(client, code, process, listed)


def grow(*, unique: bool) -> None:
    """Tell what an answer costs at the beginning, and with many that are there."""
    for count in (OPTIONS, MANY):
        with tempfile.TemporaryDirectory() as folder:
            listed = filled(Path(folder), count, unique=unique)
            print(
                f"{count} answers are there, {'each an option' if unique else f'{OPTIONS} of them options'}:"
            )
            with served(folder) as (server, link, code, _):
                asyncio.run(answered_twice(link, code, server.pid, [] if unique else listed))
                print(f"  server's memory: {memory(server.pid, 'VmRSS')} MB", flush=True)


async def live(client: httpx.AsyncClient, code: str, secret: str, count: int) -> list[Person]:
    """Let so many people take part, with their pages and the wall open."""
    people = await joined(client, code, count)
    seen: list[tuple[float, int]] = []

    async def wall() -> None:
        async for each in news(client, f"projector/events?secret={secret}"):
            seen.append((time.perf_counter(), each["answers"]))  # noqa: PERF401 - read while it grows

    watching = [asyncio.create_task(each) for each in (wall(), *(person.watch() for person in people))]
    await asyncio.sleep(2)
    start, before = time.perf_counter(), seen[-1][1]
    await asyncio.gather(*(person.take_part() for person in people))
    took = time.perf_counter() - start
    await asyncio.sleep(5)
    for task in watching:
        task.cancel()
    ended = await asyncio.gather(*watching, return_exceptions=True)
    cut = sum(not isinstance(each, asyncio.CancelledError) for each in ended)
    report(people, took, delays(people, seen, before), cut)
    return people


def report(people: list[Person], took: float, heard: list[float], cut: int) -> None:
    """Print what a round was like."""
    acts = [wait for person in people for wait in person.acts_s]
    looks = [wait for person in people for wait in person.looks_s]
    rate = (len(acts) + len(looks)) / took
    print(f"{len(people)} people, {len(acts)} answers in {took:.0f} s: {rate:.0f} requests a second")
    print(f"  answers: {told(acts)}\n  looks: {told(looks)}")
    print(f"  the wall hears: {told(heard)}\n  streams cut: {cut}")
    print(f"  asked again: {Counter(name for person in people for name in person.again) or 0}")


def delays(people: list[Person], seen: list[tuple[float, int]], before: int) -> list[float]:
    """Return how long after its acknowledgement each answer was counted on the wall; infinite where never."""
    acknowledged = sorted(moment for person in people for moment in person.acknowledged)
    first = (
        next((when for when, answers in seen if answers - before >= number), math.inf)
        for number, _ in enumerate(acknowledged, 1)
    )
    return [max(0.0, when - moment) for when, moment in zip(first, acknowledged, strict=True)]


async def joined(client: httpx.AsyncClient, code: str, count: int) -> list[Person]:
    """Let so many people join."""
    people = []
    while len(people) < count:
        try:
            answer = (await client.post("join", json={"code": code})).raise_for_status().json()
        except httpx.TransportError:
            continue
        own = httpx.AsyncClient(base_url=client.base_url, timeout=PATIENCE_S, verify=False)  # noqa: S501 - no TLS
        people.append(Person(own, answer["seat"], Author.new().key))
    return people


def told(waits: list[float]) -> str:
    """Return the middle and the slow end of waits."""
    cuts = statistics.quantiles(waits, n=20)
    return f"p50 {cuts[9] * 1000:.0f} ms, p95 {cuts[18] * 1000:.0f} ms, most {max(waits) * 1000:.0f} ms"


def check(folder: Path, people: list[Person]) -> None:
    """Compare what was acknowledged with what is in the store."""
    with Store(folder) as store:
        kept = sorted((record.who, record.text) for record in store.records())
    said = sorted((Author(person.key).who, text) for person in people for text in person.said)
    missing, wrong = len(set(said) - set(kept)), len(kept) - len(set(said) & set(kept))
    print(f"  {len(said)} acknowledged, {len(kept)} kept: {missing} missing, {wrong} wrong")


@contextmanager
def served(folder: str) -> Iterator[tuple[subprocess.Popen, str, str, str]]:
    """Hold a class over the answers in a folder; give its process, link, code and secret."""
    command = [*COMMAND, "--answers", f"{folder}/answers"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        said = ""
        while "Ctrl-C" not in said:
            said += server.stdout.readline()
        link, code = re.search(r"join +(\S+)", said)[1], re.search(r"code +(\S+)", said)[1]
        try:
            yield server, link, code, re.search(r"projector#(\S+)", said)[1]
        finally:
            server.send_signal(signal.SIGINT)


def hold(rounds: Rounds, *, rude: bool = False) -> None:
    """Start a class, let people do something in it, beside a rude client or alone, and end it."""
    with tempfile.TemporaryDirectory() as folder:
        with served(folder) as (server, link, code, secret), ExitStack() as beside:
            print(f"  server at the start: {memory(server.pid, 'VmRSS')} MB{', beside a rude client' * rude}")
            if rude:
                other = beside.enter_context(subprocess.Popen([*RUDE, link, code]))
                beside.callback(other.terminate)
            people = asyncio.run(connected(link, rounds, code, secret))
            peak = memory(server.pid, "VmHWM")
        check(Path(folder) / "answers", people)
        print(f"  server's most memory: {peak} MB\n", flush=True)


async def connected(link: str, rounds: Rounds, code: str, secret: str) -> list[Person]:
    """Open the connections of all people."""
    async with httpx.AsyncClient(base_url=link, timeout=PATIENCE_S) as client:
        people = await rounds(client, code, secret)
        await asyncio.gather(*(person.client.aclose() for person in people))
        return people


def memory(process: int, name: str) -> int:
    """Return a process's memory in MB, where the system tells it."""
    path = Path(f"/proc/{process}/status")
    found = re.search(rf"{name}:\s+(\d+) kB", path.read_text() if path.exists() else "")
    return round(int(found[1]) / 1000) if found else -1


def main() -> None:
    """Run all rounds."""
    hold(lambda client, code, _: write(client, code))
    for count in map(int, sys.argv[1:] or ["30", "300"]):
        for rude in (False, True):
            hold(lambda client, code, secret, count=count: live(client, code, secret, count), rude=rude)
    for unique in (False, True):
        grow(unique=unique)


if __name__ == "__main__":
    main()
