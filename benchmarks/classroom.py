"""A class at once: writes without loss, how long people wait for their answers, and what the server needs.

The server is `retrain-kit class` itself in a process of its own, on the embedded sample; people are
connections of this process, on the same machine, each with a page's stream open: whenever something is new,
they look, as a page does. The wall's delay is the time from the acknowledgement of an answer to the first
news that count it. Each round is checked against the store: every acknowledged answer is there once, under
its author's pseudonym.

    python benchmarks/classroom.py [PEOPLE ...]
"""

import asyncio
import json
import math
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
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from retrain_kit.answers import Author, Store

COMMAND = [sys.executable, "-m", "retrain_kit", "class", "embedded-sample", "--port", "0"]
WRITERS, WRITES = 30, 50
ANSWERS = 5
THINK_S = 4.0
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
            if line.startswith("data:"):
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
    for _ in range(count):
        answer = (await client.post("join", json={"code": code})).raise_for_status().json()
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


def hold(rounds: Rounds) -> None:
    """Start a class, let people do something in it, and end it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [*COMMAND, "--answers", f"{folder}/answers"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            said = ""
            while "Ctrl-C" not in said:
                said += server.stdout.readline()
            link, code = re.search(r"join +(\S+)", said)[1], re.search(r"code +(\S+)", said)[1]
            secret = re.search(r"projector#(\S+)", said)[1]
            print(f"  server at the start: {memory(server.pid, 'VmRSS')} MB")
            try:
                people = asyncio.run(connected(link, rounds, code, secret))
            finally:
                peak = memory(server.pid, "VmHWM")
                server.send_signal(signal.SIGINT)
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
        hold(lambda client, code, secret, count=count: live(client, code, secret, count))


if __name__ == "__main__":
    main()
