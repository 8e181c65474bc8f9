"""The recorder and the replay of pointers in a browser, each as a module of its own."""

from __future__ import annotations

import asyncio
import math
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.async_api import async_playwright
from serving import Serving
from waiting import PATIENCE_MS

from retrain_kit.reports import render
from retrain_kit.studies.manifests import PACKAGE_FOLDER

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>A surface</title>
<link rel="icon" href="data:,">
<body style="margin: 0">
<script type="module">
import { record } from "./exercises/surfaces/recorder.js";
import { replayOf } from "./exercises/surfaces/replay.js";

window.replayOf = replayOf;
window.bare = () => {
  const surface = document.body.appendChild(document.createElement("div"));
  surface.tabIndex = 0;
  Object.assign(surface.style, { position: "absolute", left: "40px", top: "30px", width: "400px", height: "300px" });
  window.recorder = record(surface);
  Object.assign(window, { heard: [], events: 0 });
  surface.addEventListener("pointermove", (event) => {
    events += 1;
    for (const each of event.getCoalescedEvents()) heard.push([each.clientX, each.clientY, each.timeStamp]);
  });
  recorder.start();
};
</script>
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Serve both modules, what they import, and a page that has them, on this machine."""
    folder = tmp_path_factory.mktemp("modules")
    surfaces, shared = ("recorder", "replay"), ("languages", "parts")
    names = [f"exercises/surfaces/{name}.js" for name in surfaces] + [f"widgets/{name}.js" for name in shared]
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        shutil.copy(PACKAGE_FOLDER / name, folder / name)
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    with Serving(folder) as server:
        for name in names:
            server.headers[name] = {"Content-Type": "text/javascript; charset=utf-8"}
        server.headers["index.html"] = {"Content-Type": "text/html; charset=utf-8"}
        yield server.url("index.html")


@pytest.fixture
def bare(page, address):
    """A page with a recorder on a surface of 400 × 300 pixels at (40, 30), and nothing else."""
    page.goto(address)
    page.wait_for_function("typeof bare === 'function'")
    page.mouse.move(700, 500)
    page.evaluate("bare()")
    return page


def flood(address, moves, busy_ms):
    """Send moves of a mouse while the page is busy; return what the recorder kept and what the page was told.

    The browser hands such moves out several at a time, if they come while it is.
    """

    async def run():
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=render.find_chromium(),
                args=[*render.QUIET_FLAGS, "--no-sandbox"],
                timeout=PATIENCE_MS,
            )
            page = await browser.new_page()
            page.set_default_timeout(PATIENCE_MS)
            await page.goto(address)
            await page.wait_for_function("typeof bare === 'function'")
            await page.evaluate("bare()")
            session = await page.context.new_cdp_session(page)
            await page.evaluate(BUSY, busy_ms)
            sent = (
                session.send("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": x, "y": y})
                for x, y in moves
            )
            await asyncio.gather(*sent)
            await page.evaluate(
                "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
            )
            found = await page.evaluate("({ pieces: recorder.pieces, heard, events })")
            await browser.close()
            return found

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(run())).result()


BUSY = """(ms) => void setTimeout(() => { for (const end = performance.now() + ms; performance.now() < end;); }, 20)"""


def test_every_place_that_the_browser_tells_is_kept_also_those_it_hands_out_together(browser, address):
    moves = [(100 + 200 * share / 300 + 0.25, 120 + 60 * math.sin(share / 20)) for share in range(300)]
    floods = (flood(address, moves, busy_ms) for busy_ms in (300, 1000, 3000, 10_000, 30_000))
    found = next((found for found in floods if found["events"] < 100), None)
    assert found, "the moves came one by one: nothing was handed out together"
    (piece,) = found["pieces"]
    told = [((x - 40) / 400, (y - 30) / 300) for x, y, _ in found["heard"]]
    assert len(told) == 300
    assert [(point["x"], point["y"]) for point in piece] == [pytest.approx(place, abs=1e-6) for place in told]
    times = [point["t"] for point in piece]
    assert times == sorted(times)
    assert len({round(x * 400 % 1, 3) for x, _ in told}) > 2, "parts of a pixel are told, and kept"


def places(piece):
    return [(point["x"], point["y"]) for point in piece]


def test_a_piece_ends_where_the_pointer_leaves_and_parts_of_a_pixel_are_kept(bare):
    for x, y in ((140, 105), (240.5, 180.25), (700, 180), (340, 255)):
        bare.mouse.move(x, y)
    first, second = bare.evaluate("recorder.pieces")
    assert places(first)[:2] == [(0.25, 0.25), (0.50125, 0.500833)]
    assert places(second)[0] == (0.75, 0.75)
    assert bare.evaluate("recorder.devices") == ["mouse"]


def touch(session, kind, *fingers):
    points = [{"x": x, "y": y, "id": name} for name, x, y in fingers]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_each_finger_leaves_pieces_of_its_own(bare):
    session = bare.context.new_cdp_session(bare)
    touch(session, "touchStart", (1, 140, 105))
    touch(session, "touchMove", (1, 160, 105))
    touch(session, "touchStart", (1, 160, 105), (2, 240, 180))
    touch(session, "touchMove", (1, 180, 120), (2, 260, 180))
    touch(session, "touchEnd")
    touch(session, "touchStart", (1, 400, 300))
    touch(session, "touchEnd")
    pieces = bare.evaluate("recorder.pieces")
    assert [places(piece)[0] for piece in pieces] == [(0.25, 0.25), (0.5, 0.5), (0.9, 0.9)]
    assert [places(piece)[-1] for piece in pieces] == [(0.35, 0.3), (0.55, 0.5), (0.9, 0.9)]
    assert bare.evaluate("recorder.devices") == ["touch"]


def test_a_pen_is_told_apart(bare):
    session = bare.context.new_cdp_session(bare)
    for x in (140, 180):
        event = {"type": "mouseMoved", "x": x, "y": 105, "pointerType": "pen"}
        session.send("Input.dispatchMouseEvent", event)
    (piece,) = bare.evaluate("recorder.pieces")
    assert places(piece) == [(0.25, 0.25), (0.35, 0.25)]
    assert bare.evaluate("recorder.devices") == ["pen"]


def test_the_focus_of_the_keyboard_is_kept_apart_and_ends_where_it_goes_away(bare):
    bare.keyboard.press("Tab")
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowRight", "ArrowLeft", "ArrowLeft"):
        bare.keyboard.press(key)
    bare.evaluate("document.activeElement.blur()")
    (path,) = bare.evaluate("recorder.focus")
    first = (0.020833, 0.027778)
    assert places(path) == [
        first,
        (0.0625, 0.027778),
        (0.0625, 0.083333),
        (0.066667, 0.083333),
        (0.025, 0.083333),
        (0, 0.083333),
        (0, 0.083333),
    ]
    assert bare.evaluate("[recorder.pieces, recorder.devices]") == [[], ["keyboard"]]
    assert path[-1]["t"] > path[-2]["t"]


def test_nothing_is_recorded_before_the_start_or_after_the_end_and_no_trace_of_the_recorder_stays(bare):
    bare.mouse.move(140, 105)
    bare.evaluate("recorder.stop()")
    bare.mouse.move(240, 105)
    bare.keyboard.press("Tab")
    bare.keyboard.press("ArrowRight")
    assert [len(piece) for piece in bare.evaluate("recorder.pieces")] == [1]
    assert bare.evaluate("recorder.focus") == []
    bare.evaluate("recorder.cleanup()")
    assert bare.evaluate("recorder.surface.childNodes.length") == 0
    assert bare.evaluate("recorder.surface.style.touchAction") == ""


def test_a_recording_that_is_full_says_so_and_keeps_no_more(bare):
    bare.evaluate("recorder.count = 100_000 - 1")
    bare.mouse.move(140, 105)
    bare.mouse.move(150, 105)
    assert [len(piece) for piece in bare.evaluate("recorder.pieces")] == [1]
    assert bare.evaluate("recorder.full")


def test_the_replay_is_at_true_speed_and_pauses_and_goes_on(page, address):
    page.goto(address)
    page.wait_for_function("typeof replayOf === 'function'")
    page.clock.install()
    page.clock.pause_at("2030-01-01")
    page.evaluate(
        """() => { window.shown = replayOf({ pieces: [[{ x: 0, y: 0, t: 0 }, { x: 1, y: 1, t: 8 }]], seconds: 10, size: [400, 300] });
        document.body.append(shown.root); shown.play(); }"""
    )
    page.clock.run_for(2000)
    assert page.evaluate("shown.at") == pytest.approx(2, abs=0.05)
    page.evaluate("shown.pause()")
    page.clock.run_for(2000)
    assert page.evaluate("shown.at") == pytest.approx(2, abs=0.05)
    page.evaluate("shown.play()")
    page.clock.run_for(3000)
    assert page.evaluate("shown.at") == pytest.approx(5, abs=0.1)
    page.clock.run_for(9000)
    assert page.evaluate("[shown.at, shown.playing]") == [10, False]
