"""The map of all nouns of WordNet: bytes, and seconds to its first drawing in headless Chromium.

The map with and without the words for people, against a page that holds the same words as JSON in a plain
list and shows their number: its bytes, and the time until it shows it. `tests/browser/test_word_map.py`
clicks and searches through the same page and counts what is reached: all 82,115.

    python benchmarks/word_map.py [--system wordnet] [--rounds 5]
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from retrain_kit.annotations.label_tree import build_label_tree
from retrain_kit.annotations.taxonomy import Taxonomy
from retrain_kit.annotations.veil import veil_over
from retrain_kit.datasets import label_sources, label_systems
from retrain_kit.reports import render
from retrain_kit.reports.word_map import word_map_html

PLAIN = """<!DOCTYPE html><meta charset="utf-8"><p id="about"><h2></h2>
<script type="application/json" id="words">{words}</script>
<script>document.querySelector("h2").textContent = JSON.parse(words.textContent).length</script>"""


def write(folder: Path, taxonomy: Taxonomy) -> dict[str, Path]:
    """Write the pages; return them by name."""
    tree = build_label_tree(taxonomy)
    words = [[each.id, each.lemmas, each.parents] for each in taxonomy]
    plain = PLAIN.format(words=json.dumps(words, ensure_ascii=False).replace("<", "\\u003c"))
    pages = {
        "map, words for people veiled": word_map_html(tree, "WordNet", veil_over(taxonomy)),
        "map, all words": word_map_html(tree, "WordNet", veil_over(taxonomy, accepted=True)),
        "plain JSON": plain.encode(),
    }
    paths = {name: folder / f"{number}.html" for number, name in enumerate(pages)}
    for name, content in pages.items():
        paths[name].write_bytes(content)
    return paths


def seconds(browser: Browser, path: Path) -> float:
    """Return how long a page takes, opened anew, until it has drawn and says what is chosen."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    start = time.perf_counter()
    page.goto(path.as_uri())
    page.wait_for_function("document.querySelector('h2')?.textContent")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))")
    found = time.perf_counter() - start
    page.context.close()
    return found


def main() -> None:
    """Open all pages in turn and print bytes, seconds and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--system", default="wordnet", help="a label system: its path, or wordnet")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    taxonomy = label_systems.read_label_system(label_sources.label_system_path(options.system))
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        paths = write(Path(place), taxonomy)
        browser = playwright.chromium.launch(
            executable_path=render.find_chromium(), args=[*render.QUIET_FLAGS, "--no-sandbox"]
        )
        runs = [{name: seconds(browser, path) for name, path in paths.items()} for _ in range(options.rounds)]
        browser.close()
        print(f"{len(taxonomy):,} meanings")
        for name, path in paths.items():
            size, taken = path.stat().st_size, [run[name] for run in runs]
            ratio = statistics.median(run[name] / run["plain JSON"] for run in runs)
            print(
                f"{name}: {size:,} bytes; {', '.join(f'{each:.2f}' for each in taken)} s; ratio {ratio:.2f}"
            )


if __name__ == "__main__":
    main()
