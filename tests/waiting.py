"""Wait for what a test needs, however busy the machine is; the limit ends only what would never end."""

import time

PATIENCE_S = 300
PATIENCE_MS = 1000 * PATIENCE_S


def until(condition, each_s=0.01):
    """Wait until a condition is true, and return what it said."""
    end = time.monotonic() + PATIENCE_S
    while not (said := condition()):
        assert time.monotonic() < end, "it did not come true"
        time.sleep(each_s)
    return said


_FRAMES = "async () => { for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame); }"


def still(page):
    """Wait until a page looks the same some frames later."""

    def same():
        before = page.screenshot()
        page.evaluate(_FRAMES)
        return page.screenshot() == before

    until(same)
