"""The page of one image with 100,000 outlines, and its ledger alone: seconds of CPU and memory.

python benchmarks/what_it_took.py [outlines]
"""

import resource
import sys
import time

import numpy as np

from retrain_kit.analysis import ledger
from retrain_kit.analysis.city import count_houses
from retrain_kit.annotations.samples import Box, Region
from retrain_kit.reports import what_it_took
from retrain_kit.studies import labour_figures, manifests


def main() -> None:
    """Print what each step takes."""
    outlines = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    manifest, figures = manifests.load("embedded-sample"), labour_figures.kit_figures()
    places = np.random.default_rng(1).uniform(0, 600, (outlines, 2)).tolist()
    regions = tuple(
        Region(
            f"word {number % 80}",
            Box(x, y, x + 20, y + 16),
            polygons=(((x, y), (x + 20, y + 3), (x + 9, y + 16)),),
        )
        for number, (x, y) in enumerate(places)
    )
    sample = manifest.sample(manifest.images[0], regions=regions)
    began = time.process_time()

    def told(step: str) -> None:
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{step}: {time.process_time() - began:.1f} s of CPU since the beginning, {peak_mb} MB at most")

    tally = ledger.count_work([sample], manifest)
    told(ledger.make_ledger(tally.images[sample.id], figures).told)
    houses = count_houses([sample], manifest, figures)
    pictures = what_it_took.draw_pictures(sample, manifest, houses, figures)
    told("pictures")
    pdf = what_it_took.page_pdf(what_it_took.tell_what_it_took(sample, manifest, figures, pictures))
    told(f"PDF of {len(pdf):,} bytes")


if __name__ == "__main__":
    main()
