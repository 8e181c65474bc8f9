"""How many places of a mouse the recorder keeps in a second, against a page that listens to moves alone.

Chromium gets moves of a mouse, as fast as it takes them or so many a second, while the page is idle and
while it is busy for half of the time. A plain listener is told less often; the recorder keeps every place
that the browser has. What is lost on the way is told too: moves sent, less places kept.

    python benchmarks/recording.py [moves] [moves a second, 0 for as fast as can be]
"""

import asyncio
import functools
import shutil
import sys
import tempfile
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.async_api import CDPSession, Page, async_playwright

from retrain_kit.exercises import surfaces
from retrain_kit.reports import render

PAGE = """<!doctype html><meta charset="utf-8"><body style="margin: 0"><script type="module">
import { record } from "./recorder.js"; const surface =
document.body.appendChild(document.createElement("div")); Object.assign(surface.style, { position:
"absolute", inset: "0" }); Object.assign(window, { recorder: record(surface), told: 0, busy: 0 });
surface.addEventListener("pointermove", () => { told += 1; }); const work = () => { for (const end =
performance.now() + busy; performance.now() < end;); setTimeout(work, busy || 16); }; work();
</script>"""
BUSY_MS = (0, 40)
DEFAULTS = ("3000", "1000")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


async def sweep(session: CDPSession, moves: int, hertz: int) -> float:
    """Send moves of a mouse; return the seconds it took until the browser had them all."""
    began, waiting = time.perf_counter(), []
    for number in range(moves):
        event = {"type": "mouseMoved", "x": 100 + number % 600 + 0.25, "y": 100 + number // 600 % 300}
        waiting.append(asyncio.ensure_future(session.send("Input.dispatchMouseEvent", event)))
        ahead = began + (number + 1) / hertz - time.perf_counter() if hertz else 0
        await asyncio.sleep(max(0.0, ahead))
    await asyncio.gather(*waiting)
    return time.perf_counter() - began


async def measure(page: Page, moves: int, hertz: int, busy: int) -> None:
    """Print what was kept of a sweep, on a page that is busy and idle for so many milliseconds in turn."""
    session = await page.context.new_cdp_session(page)
    await page.evaluate(f"told = 0; busy = {busy}; recorder.start()")
    seconds = await sweep(session, moves, hertz)
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))")
    kept, told = await page.evaluate("[recorder.pieces.flat().length, told]")
    print(
        f"busy {busy:2} ms: sent {moves / seconds:5.0f}/s, kept {kept / seconds:5.0f}/s ({kept} of {moves}), "
        f"a plain listener {told / seconds:4.0f}/s, ratio {kept / max(1, told):.1f}"
    )


async def run(address: str, moves: int, hertz: int) -> None:
    """Measure on an idle and on a busy page."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=render.find_chromium(), args=[*render.QUIET_FLAGS, "--no-sandbox"]
        )
        page = await browser.new_page()
        await page.goto(address)
        await page.wait_for_function("window.recorder !== undefined")
        for busy in BUSY_MS:
            await measure(page, moves, hertz, busy)
        await browser.close()


def main() -> None:
    """Serve the recorder on this machine and measure it."""
    moves, hertz = (int(text) for text in [*sys.argv[1:], *DEFAULTS[len(sys.argv) - 1 :]])
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(Path(surfaces.__file__).parent / "recorder.js", folder)
        (Path(folder) / "index.html").write_text(PAGE, encoding="utf-8")
        handler = functools.partial(Quiet, directory=folder)
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            asyncio.run(run(f"http://127.0.0.1:{server.server_port}/", moves, hertz))
            server.shutdown()


if __name__ == "__main__":
    main()
