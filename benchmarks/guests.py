"""How many images a second guests take, a view at a time, and which of their words survive.

    python benchmarks/guests.py [--study embedded-sample] [--without ID …]

Guests whose weights are here are asked, see `retrain-kit models`. The survival table is printed for both
rules by which the control's mask is moved; an image that is left out by `--without` is in no figure.
"""

import argparse
import time

import numpy as np

from retrain_kit import datasets
from retrain_kit.analysis import label_survival
from retrain_kit.annotations.samples import Sample
from retrain_kit.imaging import decoding, holes
from retrain_kit.models import asking, cards, guests
from retrain_kit.studies import manifests

ROUNDS = 3


def main() -> None:
    """Print how fast each guest is, and its survival table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--study", default="embedded-sample")
    words.add_argument("--without", nargs="*", default=())
    told = words.parse_args()
    samples = [each for each in datasets.read(manifests.load(told.study)) if each.id not in told.without]
    here = [card for card in map(cards.find_card, cards.card_names()) if not card.missing]
    print(f"{len(samples)} images; guests here: {', '.join(card.name for card in here) or 'none'}")
    for card in here:
        guest = guests.Guest(card)
        measure(guest, samples[:12])
        if card.labels.words != ("face",):
            for move in ("wrapped", "inside"):
                survive(guest, samples, asking.Trial(move=move))


def measure(guest: guests.Guest, samples: list[Sample]) -> None:
    """Print what a guest needs for views of each kind, the best of some rounds."""
    trial = asking.Trial(("white",), draws=1)
    shown = {}
    for sample in samples:
        image = decoding.load_sample(sample)
        for view in trial.views(sample):
            shown.setdefault(view.kind, []).append(np.asarray(view.of(image)))
    for kind, pictures in shown.items():
        found = [took(guest, pictures) for _ in range(ROUNDS)]
        seconds, cpu_seconds = (min(each) / len(pictures) for each in zip(*found, strict=True))
        rate = f"{1 / seconds:5.1f} views a second"
        print(f"  {guest.card.name:20} {kind:8} {rate}, {1000 * cpu_seconds:4.0f} ms of CPU each")


def took(guest: guests.Guest, pictures: list[np.ndarray]) -> tuple[float, float]:
    """Return how many seconds a guest needs for pictures, and how many of the processor's."""
    start, cpu_start = time.perf_counter(), time.process_time()
    if guest.card.does == "detect":
        for picture in pictures:
            guest.detect(picture)
    else:
        guest.classify(pictures)
    return time.perf_counter() - start, time.process_time() - cpu_start


def survive(guest: guests.Guest, samples: list[Sample], trial: asking.Trial) -> None:
    """Print the survival table."""
    start = time.perf_counter()
    answered = asking.ask_guest(guest, samples, trial)
    views = sum(map(len, answered.views))
    seconds = time.perf_counter() - start
    print(
        f"  {guest.card.name}, the mask {trial.move}: {views} views in {seconds:.1f} s; kept ones take none"
    )
    covered = [
        holes.still_covered(trial.mask(sample), moved)
        for sample in samples
        if (moved := trial.moved(sample, trial.mask(sample)))
    ]
    print(f"    of what was tagged the moved mask still covers {np.mean(covered):.0%}")
    for row in label_survival.survival_by_view(answered.said()):
        if row.name == "moved":
            continue
        paired = (
            f"control {row.control:.1%} of {row.paired}, lost {100 * row.lost:+.1f}" if row.paired else ""
        )
        more = f" ({row.lost_interval.points})" if row.lost_interval else ""
        interval = f" ({row.interval.percent})" if row.interval else ""
        print(
            f"    {row.name:8} {row.fill:10} {row.images:3} images {row.share:6.1%}{interval}  {paired}{more}"
        )


if __name__ == "__main__":
    main()
