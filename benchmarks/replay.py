"""What the replay costs: films, stills and pages, by bytes, CPU seconds and memory.

Run from the checkout: `.venv/bin/python benchmarks/replay.py`. An image of 67 boxes is as in the embedded
sample; one of 100,000 is what nobody has drawn yet.
"""

from __future__ import annotations

import io
import random
import resource
import time
from pathlib import Path

from retrain_kit.analysis.study_replay import StudyReplay, make_replay
from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.display.replay_film import film_patches, lay_out, write_film
from retrain_kit.display.replay_screen import Moment, Scene, Screen
from retrain_kit.studies import labour_figures, manifests
from retrain_kit.widgets.replay_wall import replay_wall_html

SIZE = (1024, 806)
LABELS = [f"label {number}" for number in range(40)]


def image(name: str, boxes: int) -> Sample:
    """Return an image with so many boxes of every size."""
    chance = random.Random(name)  # noqa: S311 - a draw that can be repeated
    regions = []
    for _ in range(boxes):
        width, height = (side * chance.random() ** 3 for side in SIZE)
        left, top = chance.random() * (SIZE[0] - width), chance.random() * (SIZE[1] - height)
        regions.append(Region(chance.choice(LABELS), Box(left, top, left + width, top + height)))
    return Sample(name, Path("nowhere.jpg"), *SIZE, tuple(regions))


def replay(*images: Sample) -> StudyReplay:
    """Return the replay of images at the most of all published seconds."""
    return make_replay(images, manifests.load("embedded-sample"), labour_figures.load_figures())


def measured(what: str, start: float, size: int) -> None:
    """Print a line: CPU seconds since a start, and bytes."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{what:34} {time.process_time() - start:6.2f} CPU s {size / 1000:9.0f} kB  {memory:6.0f} MB at most"
    )


def main() -> None:
    """Measure a film of one image, one of nine, the wall of 30, and an image of 100,000 boxes."""
    start = time.process_time()
    one = replay(image("one", 67))
    file = io.BytesIO()
    write_film(file, film_patches(lay_out(one.timelines, 960), one.play, one.caption))
    measured("film of 67 boxes, 960 px", start, len(file.getvalue()))
    start, file = time.process_time(), io.BytesIO()
    nine = replay(*(image(str(number), 20) for number in range(9)))
    write_film(file, film_patches(lay_out(nine.timelines, 960), nine.play, nine.caption))
    measured("film of nine images of 20 boxes", start, len(file.getvalue()))
    start = time.process_time()
    page = replay_wall_html(replay(*(image(str(number), 20) for number in range(30))))
    measured("page of 30 screens of 20 boxes", start, len(page.encode()))
    start = time.process_time()
    (many,) = replay(image("many", 100_000)).timelines
    measured("timeline of 100,000 boxes", start, 0)
    start = time.process_time()
    end_s = many.end_s("most")
    Screen(Scene(many, 960)).show(Moment(end_s, len(many.drawings), len(many.drawings)))
    measured("still of 100,000 boxes", start, 0)
    start = time.process_time()
    page = replay_wall_html(replay(image("many", 100_000)))
    measured("page of 100,000 boxes", start, len(page.encode()))


if __name__ == "__main__":
    main()
