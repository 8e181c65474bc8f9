"""Who is here, and how pages hear of news."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from lessons import Clock
from waiting import PATIENCE_S

from retrain_kit.classroom.presence import ABSENT_S, Presence


def alone(work):
    """Run a coroutine in a thread of its own: a browser of another test may keep a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


async def until(condition):
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - what a test waits for rings no bell
            await asyncio.sleep(0)


def test_whoever_is_silent_for_a_while_has_left_once():
    clock = Clock()
    here = Presence(clock)
    here.note_speaker("1", "kavod")
    with here.present_at("1"):
        clock.now = 1000
        assert here.take_left() == []
        assert here.count == 1
    assert here.count == 0
    assert here.take_left() == []
    clock.now += ABSENT_S + 1
    assert here.take_left() == ["kavod"]
    assert here.take_left() == []


def test_whoever_loads_the_page_anew_has_not_left():
    clock = Clock()
    here = Presence(clock)
    here.note_speaker("1", "kavod")
    with here.present_at("1"):
        pass
    clock.now = ABSENT_S - 1
    with here.present_at("1"):
        clock.now = 1000
        assert here.take_left() == []


def test_whoever_goes_on_at_another_page_has_not_left():
    clock = Clock()
    here = Presence(clock)
    here.note_speaker("1", "kavod")
    here.note_speaker("2", "kavod")
    with here.present_at("2"):
        clock.now = 1000
        assert here.take_left() == []


def test_it_is_told_who_spoke_at_a_seat_before():
    here = Presence()
    assert here.note_speaker("1", "kavod") == ""
    assert here.note_speaker("1", "kavod") == ""
    assert here.note_speaker("1", "muzat") == "kavod"


def test_news_that_come_together_are_told_as_one_and_none_is_missed():
    async def main():
        here = Presence()
        heard = []

        async def listen():
            async for versions in here.changes(0.01):
                heard.append(versions)  # noqa: PERF401 - each at once, for who waits for it

        listening = asyncio.create_task(listen())
        await until(lambda: heard)
        for _ in range(1000):
            here.notify("what-if")
        await until(lambda: heard[-1].get("what-if") == 1000)
        here.notify("what-if")
        await until(lambda: heard[-1].get("what-if") == 1001)
        here.close()
        await listening
        return heard

    heard = alone(main())
    assert heard[0] == {}
    assert [versions.get("what-if") for versions in heard[-2:]] in ([1000, 1001], [1001, 1001])
    assert len(heard) < 10


def test_a_listener_that_goes_leaves_nothing_behind():
    async def main():
        here = Presence()

        async def listen():
            async for _ in here.changes(0.01):
                pass

        listening = [asyncio.create_task(listen()) for _ in range(100)]
        await until(lambda: len(here._bells) == 100)
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        return here._bells

    assert alone(main()) == set()
