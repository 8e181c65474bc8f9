"""All words of a data set of Visual Genome's size: the kit's audit against a plain loop and polars.

`objects.json` and `region_descriptions.json` are generated in their original form: 108,077 images, 3.8
million objects with names and synsets, 5.4 million phrases. The kit reads them as an audit does, with a label
system: in how many images each synset is, to which synsets each name was led, which written things are in no
box, and for which the system has no word. The plain loop loads each file by `json` and counts names and words
of phrases with `Counter`, no more; polars does the same. Each runs in a process of its own, in turn; the
files go when all is done.

    python benchmarks/word_audit.py [--system wordnet] [--images 108077] [--rounds 1] [--only kit]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from retrain_kit.datasets import label_sources, label_systems

IMAGES, OBJECTS, PHRASES = 108_077, 3_802_374, 5_408_689
KIT = """
import sys; from pathlib import Path
from retrain_kit.analysis.word_audit import audit_words
from retrain_kit.datasets import label_systems
from retrain_kit.datasets.visual_genome import words
from retrain_kit.studies import manifests
folder, system = Path(sys.argv[1]), Path(sys.argv[2])
files = {name: folder / f"{name}.json" for name in ("objects", "region_descriptions")}
texts = ("all", "t", "w", "visual-genome", "1.4", "l", "r")
study = manifests.Manifest(*texts, folder, files, manifests.AnnotationProcess(), (), "")
found = audit_words(words.stream_namings(study), words.stream_lines(study),
    label_systems.read_label_system(system), label_systems.sense_ids(system))
print(f"{found.names.annotations:,} objects, {len(found.names.names):,} names, "
    f"{len(found.names.to_several):,} led to several synsets, {len(found.names.to_none):,} to none; "
    f"{found.written.texts:,} phrases, {len(found.lacking):,} written things that the system lacks; "
    f"{len(found.use.images):,} synsets used")
"""
PLAIN = """
import json, sys; from collections import Counter; from pathlib import Path
folder = Path(sys.argv[1])
names, pairs, images, written = Counter(), Counter(), Counter(), Counter()
with open(folder / "objects.json", encoding="utf-8") as file:
    table = json.load(file)
for entry in table:
    for row in entry["objects"]:
        names.update(row["names"])
        pairs.update((name, synset) for name in row["names"] for synset in row["synsets"])
    images.update({name for row in entry["objects"] for name in row["names"]})
del table
with open(folder / "region_descriptions.json", encoding="utf-8") as file:
    table = json.load(file)
for entry in table:
    for row in entry["regions"]:
        written.update(row["phrase"].lower().split())
print(f"{names.total():,} names, {len(written):,} words")
"""
POLARS = """
import sys; from pathlib import Path
import polars as pl
folder = Path(sys.argv[1])
objects = pl.read_json(folder / "objects.json", infer_schema_length=50).explode("objects").unnest("objects")
names = objects.select("image_id", "names", "synsets").explode("names")
pairs = names.explode("synsets").group_by("names", "synsets").len()
images = names.unique(["image_id", "names"]).group_by("names").len()
names = names.group_by("names").len()
del objects
table = pl.read_json(folder / "region_descriptions.json", infer_schema_length=50).explode("regions")
phrases = table.select(pl.col("regions").struct.field("phrase"))
written = phrases.lazy().select(pl.col("phrase").str.to_lowercase().str.split(" ").explode().value_counts())
print(f"{names['len'].sum():,} names, {written.collect().height:,} words")
"""
PROGRAMS = {"kit": KIT, "json and Counter": PLAIN, "polars": POLARS}
_JOINED = ("on", "in", "of a", "near the", "holding a", "with", "behind the", "wearing a")
_SAID = ("white", "red", "large", "old", "wooden", "a", "the", "small", "green", "two")
_BATCH = 2000
_SYNSETS = 8000


def write(folder: Path, system: Path, images: int) -> None:
    """Write both files: names and phrases of words of the label system, and some that it lacks."""
    chance = np.random.default_rng(7)
    senses = list(label_systems.sense_ids(system)) or [
        f"{synset.words}.n.01" for synset in label_systems.read_label_system(system)
    ]
    chance.shuffle(senses)
    names = [sense.rpartition(".n.")[0].replace("_", " ") for sense in senses]
    objects, phrases = round(images * OBJECTS / IMAGES), round(images * PHRASES / IMAGES)
    _write(folder / "objects.json", images, objects, _Objects(chance, names, senses), "objects")
    _write(folder / "region_descriptions.json", images, phrases, _Regions(chance, names), "regions")


def _write(path: Path, images: int, rows: int, make: "_Objects | _Regions", name: str) -> None:
    counts = np.bincount(make.chance.integers(0, images, rows), minlength=images)
    with path.open("w", encoding="utf-8") as file:
        for first in range(0, images, _BATCH):
            part = range(first, min(first + _BATCH, images))
            made = make(int(counts[part.start : part.stop].sum()))
            for number in part:
                listed = ", ".join(next(made) for _ in range(counts[number]))
                file.write(f'{", " if number else "["}{{"image_id": {number + 1}, "{name}": [{listed}]}}')
        file.write("]")


class _Words:
    """Words of a label system, few of them often: and one of thirty that it lacks."""

    def __init__(self, chance: np.random.Generator, names: list[str]) -> None:
        self.chance, self.names = chance, names

    def places(self, size: int) -> np.ndarray:
        return (len(self.names) * self.chance.random(size) ** 10).astype(int)

    def word(self, place: int) -> str:
        return self.names[place] if place % 30 else f"{self.names[place]}let"


class _Objects(_Words):
    """Objects as Visual Genome has them."""

    def __init__(self, chance: np.random.Generator, names: list[str], senses: list[str]) -> None:
        super().__init__(chance, names)
        self.senses, self.number = senses, 0

    def __call__(self, size: int) -> Iterator[str]:
        for place, x in zip(
            self.places(size).tolist(), self.chance.integers(1, 800, size).tolist(), strict=True
        ):
            self.number += 1
            word = self.word(place)
            synsets = [self.senses[place % _SYNSETS]] if place % 30 else []
            row = {"synsets": synsets, "h": x, "object_id": self.number, "merged_object_ids": []}
            yield json.dumps(row | {"names": [word], "w": x, "y": x, "x": x})


class _Regions(_Words):
    """Phrases as Visual Genome has them."""

    def __call__(self, size: int) -> Iterator[str]:
        firsts, lasts, chosen = self.places(size), self.places(size), self.chance.integers(0, 80, size)
        for first, last, each in zip(firsts.tolist(), lasts.tolist(), chosen.tolist(), strict=True):
            phrase = f"{_SAID[each % 10]} {self.word(first)} {_JOINED[each // 10]} {self.word(last)}"
            box = {"width": each + 9, "height": each + 30, "image_id": each, "phrase": phrase}
            yield json.dumps({"region_id": first} | box | {"y": each, "x": each * 4})


def measure(program: str, *paths: Path) -> tuple[float, float, str]:
    """Return the seconds, the peak memory in MB and what was printed of a process that runs the program."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", program, *paths], stdout=subprocess.PIPE, text=True)
    said = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = usage.ru_utime + usage.ru_stime
    told = said.strip() if not status else f"ended with {status}"
    return time.perf_counter() - start, usage.ru_maxrss / 1000, f"{told}; {seconds:.0f} CPU s"


def main() -> None:
    """Run all in turn and print times, memory and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--system", default="wordnet", help="a label system: its path, or wordnet")
    parser.add_argument("--folder", type=Path, help="where the files are written, and removed")
    parser.add_argument("--images", type=int, default=IMAGES)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", action="append", choices=PROGRAMS, help="these alone; repeatable")
    options = parser.parse_args()
    system = label_sources.label_system_path(options.system)
    chosen = {name: PROGRAMS[name] for name in options.only or PROGRAMS}
    with tempfile.TemporaryDirectory(dir=options.folder) as place:
        write(Path(place), system, options.images)
        sizes = [f"{path.name} {path.stat().st_size / 1e6:,.0f} MB" for path in sorted(Path(place).iterdir())]
        print("; ".join(sizes))
        runs = [
            {name: measure(program, Path(place), system) for name, program in chosen.items()}
            for _ in range(options.rounds)
        ]
    for name in chosen:
        seconds, memory = ([run[name][part] for run in runs] for part in (0, 1))
        each = ", ".join(f"{value:.1f}" for value in seconds)
        print(f"{name}: {each} s; {max(memory):,.0f} MB; {runs[0][name][2]}")
    for part, what in ((0, "time"), (1, "memory")):
        for other in [*chosen][1:]:
            first = next(iter(chosen))
            ratio = statistics.median(run[first][part] / run[other][part] for run in runs)
            print(f"ratio of {what} {first} / {other}: {ratio:.2f}")


if __name__ == "__main__":
    main()
