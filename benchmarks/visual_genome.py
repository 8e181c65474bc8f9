"""An objects.json of Visual Genome's size: the kit's reader against `json`, time and peak memory.

A gigabyte of generated entries in the form of objects.json is written below the folder. The kit reads the
annotations of 50 images in it; `json` loads the whole and keeps the same entries; a third run does that with
the garbage collector off. Each runs in a process of its own, in turn; the file goes when all is done.

    python benchmarks/visual_genome.py [--folder FOLDER] [--megabytes 1000] [--rounds 3]
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

IMAGES = 50
KIT = """
import sys; from pathlib import Path
from retrain_kit.studies import disclosure, manifests
from retrain_kit.datasets import visual_genome
path = Path(sys.argv[1])
names = Path(sys.argv[2]).read_text().split()
images = tuple(manifests.ImageRow(name, f"{name}.jpg", "", 800, 600, "l", "a", "s") for name in names)
texts = ("few", "t", "w", "visual-genome", "1.4", "l", "r")
files = {"objects": path}
study = manifests.Manifest(*texts, path.parent, files, disclosure.AnnotationProcess(), images, "")
print(sum(len(sample.regions) for sample in visual_genome.read(study)))
"""
JSON = """
import json, sys; from pathlib import Path
wanted = set(map(int, Path(sys.argv[2]).read_text().split()))
with open(sys.argv[1], encoding="utf-8") as file:
    table = json.load(file)
print(sum(len(entry["objects"]) for entry in table if entry["image_id"] in wanted))
"""
PROGRAMS = {"kit": KIT, "json": JSON, "json without its collector": "import gc; gc.disable()\n" + JSON}


def write(folder: Path, megabytes: int) -> tuple[Path, Path]:
    """Write entries of 35 objects on average, until there are so many megabytes, and 50 of their ids."""
    chance = random.Random(7)  # noqa: S311 - a benchmark, no secret
    words = [
        "".join(chance.choices("abcdefghiklmnoprstuvw ", k=chance.randint(3, 14))) for _ in range(80_000)
    ]
    path, number, size = folder / "objects.json", 0, 0
    with path.open("w", encoding="utf-8") as file:
        while size < megabytes * 1_000_000:
            number += 1
            entry = json.dumps(_entry(number, words, chance))
            size += file.write(("[" if number == 1 else ", ") + entry)
        file.write("]")
    ids = folder / "ids.txt"
    ids.write_text("\n".join(map(str, chance.sample(range(1, number + 1), min(IMAGES, number)))))
    return path, ids


def _entry(number: int, words: list[str], chance: random.Random) -> dict[str, object]:
    objects = []
    for place in range(chance.randint(10, 60)):
        name = words[int(len(words) * chance.random() ** 3)]
        box = {key: chance.randrange(800) for key in "xywh"}
        named = {"object_id": number * 100 + place, "names": [name], "synsets": [f"{name}.n.01"]}
        objects.append(box | named | {"merged_object_ids": []})
    return {"image_id": number, "objects": objects, "image_url": f"https://example.org/VG_100K/{number}.jpg"}


def measure(program: str, *paths: Path) -> tuple[float, float, str]:
    """Return the seconds, the peak memory in MB and what was printed of a process that runs the program."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", program, *paths], stdout=subprocess.PIPE, text=True)
    said = process.stdout.read() if process.stdout else ""
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - start, usage.ru_maxrss / 1000, said.strip()


def main() -> None:
    """Run all in turn and print times, memory and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--folder", type=Path, help="where the file is written, and removed; else the system's"
    )
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as place:
        paths = write(Path(place), options.megabytes)
        print(f"{paths[0].stat().st_size / 1e6:,.0f} MB")
        runs = [
            {name: measure(program, *paths) for name, program in PROGRAMS.items()}
            for _ in range(options.rounds)
        ]
    for name in PROGRAMS:
        seconds, memory = ([run[name][part] for run in runs] for part in (0, 1))
        each = ", ".join(f"{value:.1f}" for value in seconds)
        print(f"{name}: {each} s; {max(memory):,.0f} MB; {runs[0][name][2]} objects kept")
    for part, what in ((0, "time"), (1, "memory")):
        for other in list(PROGRAMS)[1:]:
            ratio = statistics.median(run["kit"][part] / run[other][part] for run in runs)
            print(f"ratio of {what} kit / {other}: {ratio:.3f}")


if __name__ == "__main__":
    main()
