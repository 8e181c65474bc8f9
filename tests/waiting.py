"""Wait for what a test needs, however busy the machine is; the limit ends only what would never end."""

import time

import psutil

PATIENCE_S = 300
PATIENCE_MS = 1000 * PATIENCE_S


def until(condition, each_s=0.01):
    """Wait until a condition is true, and return what it said."""
    end = time.monotonic() + PATIENCE_S
    while not (said := condition()):
        assert time.monotonic() < end, "it did not come true"
        time.sleep(each_s)
    return said


def holds(page, script, arg=None):
    """Wait until what a script says of a page is true.

    Playwright's own way evaluates it in the page each time but the first, which a page's policy may forbid.
    """
    return until(lambda: page.evaluate(script, arg), each_s=0.05)


def ended(process):
    """Say whether a process has ended, whoever is to hear of it."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def stop_clock(page):
    """Let the time of a page stand still, but for what a test lets pass; also of what it loads from now on."""
    page.clock.install()
    page.clock.pause_at("2100-01-01")


_FRAMES = "async () => { for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame); }"


def frames(page):
    """Wait until a page has drawn some frames more: what it was told before is done then."""
    page.evaluate(_FRAMES)


def still(page):
    """Wait until a page looks the same some frames later."""

    def same():
        before = page.screenshot()
        frames(page)
        return page.screenshot() == before

    until(same)
