"""A city of 1.74 million generated images: bytes of its page, how soon it opens, frames, stills.

Frames are drawn by software, by SwiftShader in headless Chromium, while the view turns: from afar, at a
district, in a street. A frame's seconds of CPU are those of all processes of the browser. On a machine that
does something else, too, fewer frames come; the page draws fewer pixels and larger blocks then.

    python benchmarks/city.py [images] [--rows ROWS]   # with rows, a table of so many boxes is built as well
"""

import argparse
import tempfile
import time
from pathlib import Path

import ledger
import numpy as np
import psutil
from playwright.sync_api import Page, sync_playwright

from retrain_kit.analysis.city import City, Houses, Storey, build_city, stills
from retrain_kit.batch import work_city, work_ledger
from retrain_kit.reports import render
from retrain_kit.reports.city import CityPage, city_html
from retrain_kit.studies import labour_figures, manifests

IMAGES, LABELS, NEAR = 1_743_042, 600, 0.6
FIGURES = labour_figures.load_figures()
SOFTWARE = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox")


def generated(images: int) -> Houses:
    """Return houses: some boxes drawn, some checked, mostly few; of the labels the first are frequent."""
    random = np.random.default_rng(1)
    mean = np.exp(random.normal(1.5, 0.9, images))
    counts = random.poisson(mean[:, None] * [0.6, 0.4]).astype(np.uint32)
    counts[counts.sum(axis=1) == 0, 1] = 1
    share = 1 / np.arange(1, LABELS + 1) ** 1.1
    many = 1 + random.poisson(1.4, images)
    starts = np.concatenate([[0], np.cumsum(many)])
    numbers = random.choice(LABELS, starts[-1], p=share / share.sum())
    first = np.repeat(numbers[starts[:-1]], many)
    near = random.random(starts[-1]) < NEAR
    numbers[near] = (first[near] + 1 + random.geometric(0.5, int(near.sum()))) % LABELS
    numbers[starts[:-1]] = random.choice(LABELS, images, p=share / share.sum())
    storeys = (Storey.of("box", "hand", FIGURES), Storey.of("box check", "checked", FIGURES))
    names = tuple(f"label {number}" for number in range(LABELS))
    return Houses(
        [f"{number:016x}" for number in range(images)],
        storeys,
        counts,
        names,
        starts,
        numbers.astype(np.int32),
    )


def tell(what: str, began: float, more: str = "") -> None:
    """Print how many seconds of CPU something took."""
    print(f"{what}: {time.process_time() - began:.2f} s of CPU{more}", flush=True)


def browser_s() -> float:
    """Return the seconds of CPU of all processes that this one started."""
    found = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        found += times.user + times.system
    return found


def turn(page: Page, name: str, seconds: float = 5) -> None:
    """Print the frames of a view while it turns."""
    page.get_by_role("button", name=name).click()
    page.wait_for_timeout(3000)
    page.locator("#city").focus()
    page.keyboard.down("e")
    page.wait_for_timeout(2500)
    canvas = page.locator("#city")
    before, cpu, began = int(canvas.get_attribute("data-frames") or 0), browser_s(), time.perf_counter()
    page.wait_for_timeout(seconds * 1000)
    frames = int(canvas.get_attribute("data-frames") or 0) - before
    rate, each = frames / (time.perf_counter() - began), (browser_s() - cpu) / max(frames, 1)
    blocks, scale = canvas.get_attribute("data-blocks"), canvas.get_attribute("data-scale")
    page.keyboard.up("e")
    told = f"{blocks} blocks, {float(scale or 1):.2f} of the width"
    print(f"{name}: {rate:.1f} frames a second, {each * 1000:.0f} ms of CPU each; {told}", flush=True)


def walk(path: Path) -> None:
    """Open the page in Chromium without a graphics card, and turn in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=render.find_chromium(), args=[*SOFTWARE])
        page = browser.new_page(viewport={"width": 1040, "height": 835})
        cpu, began = browser_s(), time.perf_counter()
        page.goto(path.as_uri())
        page.locator("#city[data-frames]").wait_for()
        print(f"opens: {time.perf_counter() - began:.2f} s, {browser_s() - cpu:.2f} s of CPU", flush=True)
        for name in ("From afar", "A district", "In the street"):
            turn(page, name)
        browser.close()


def draw(city: City, folder: Path) -> None:
    """Draw stills in numpy."""
    for view in ("afar", "middle", "street"):
        began = time.process_time()
        stills.draw_city(city, view).save(folder / f"{view}.png")
        tell(f"still, {view}, 1280 x 720", began, f", {(folder / f'{view}.png').stat().st_size:,} bytes")


def main() -> None:
    """Build, write, open, turn, draw."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("images", type=int, nargs="?", default=IMAGES)
    parser.add_argument("--rows", type=int, default=0, help="also build the city of a table of so many boxes")
    options = parser.parse_args()
    houses = generated(options.images)
    began = time.process_time()
    city = build_city(houses)
    tell(f"{len(city):,} images laid out", began)
    manifest = manifests.load("open-images-nature", pinned=False)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        began = time.process_time()
        page = folder / "city.html"
        page.write_bytes(
            city_html(CityPage("City", "retrain-kit city open-images-nature", manifest, city, FIGURES))
        )
        tell("page written", began, f", {page.stat().st_size:,} bytes")
        walk(page)
        draw(city, folder)
        if options.rows:
            ledger.write_table(folder / "boxes.csv", options.rows)
            began = time.process_time()
            study = work_city.table_houses(folder / "boxes.csv", manifest, work_ledger.choose_figures(()))
            peak = psutil.Process().memory_info().rss // 2**20
            tell(
                f"{len(study):,} images of {options.rows:,} boxes counted", began, f", {peak:,} MB at its end"
            )


if __name__ == "__main__":
    main()
