"""Folders of images with annotations, made for the tests, and runs of the kit over them."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from imaging.jpeg_files import APP1, exif, jpeg, pixels, with_segment
from PIL import Image

from retrain_kit.batch.decanonize import WorkerPool, decanonize
from retrain_kit.batch.decanonize.journals import JournalEntry

PROGRAM = """
import json, sys
from retrain_kit.batch.decanonize import WorkerPool, DecanonizeOptions, decanonize
from retrain_kit.errors import KitError
try:
    done = decanonize(sys.argv[1], sys.argv[2], DecanonizeOptions(**json.loads(sys.argv[3])), WorkerPool(**json.loads(sys.argv[4])))
except KitError as error:
    sys.exit(str(error))
sys.exit(7 if done.skipped else 0)
"""
HELD = """
import sys
from retrain_kit.batch.decanonize.journals import Journal
lines, left, add = int(sys.argv.pop()), -1, Journal.add
files = int(sys.argv.pop())
def step(event="open", _=None):
    global left
    if left >= 0 and event in ("open", "os.rename"):
        left -= 1
        if left < 0:
            print("held", flush=True)
            sys.stdin.readline()
def count(journal, record):
    global left, lines
    add(journal, record)
    if journal.done_count >= lines:
        left, lines = files, sys.maxsize
        step()
Journal.add = count
sys.addaudithook(step)
"""
BOXES = ([5.0, 4.0, 40.0, 30.0], [30.0, 20.0, 61.0, 45.0])


def deadly(batch):
    """Work that ends its process where it meets the image 5."""
    if any(task.row == 5 for task in batch):
        os.kill(os.getpid(), signal.SIGKILL)
    return [JournalEntry(task.row, task.id, task.file, way="exact") for task in batch]


def pid(_batch):
    """Work that says which process did it."""
    return os.getpid()


def png(width=75, height=53, seed=0, mode="RGB"):
    file = io.BytesIO()
    Image.fromarray(pixels(width, height, seed)).convert(mode).save(file, "PNG")
    return file.getvalue()


def lines(name, boxes=BOXES):
    """The annotations of an image, as the kit writes them."""
    return [
        json.dumps({"image": name, "id": f"r{n}", "label": "Bird", "box": box}) + "\n"
        for n, box in enumerate(boxes)
    ]


def fill(folder, files):
    """Write files and annotations for each of them."""
    for name, data in files.items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    annotations = [line for name in files for line in lines(name)]
    (Path(folder) / "annotations.jsonl").write_text("".join(annotations))
    return folder


def mixed(folder, count=40, side=1):
    """A folder of images of many kinds; one of a hundred is broken."""
    kinds = [
        lambda seed: jpeg(75 * side, 53 * side, seed=seed),
        lambda seed: jpeg(75 * side, 53 * side, seed=seed, progressive=True),
        lambda seed: png(75 * side, 53 * side, seed=seed),
        lambda seed: jpeg(75 * side, 53 * side, "L", seed=seed),
        lambda seed: jpeg(75 * side, 53 * side, "CMYK", seed=seed),
        lambda seed: with_segment(
            jpeg(75 * side, 53 * side, seed=seed), APP1, exif(6, thumbnail=jpeg(16, 12))
        ),
    ]
    ending = {2: "png"}
    files = {
        f"{'ab'[n % 2]}/{n:04}.{ending.get(n % len(kinds), 'jpg')}": kinds[n % len(kinds)](n)
        for n in range(count)
    }
    for name in list(files)[7::100]:
        files[name] = files[name][: len(files[name]) // 2]
    return fill(folder, files)


def command(study, out, options=None, crew=None):
    """The command that decanonizes in a process of its own."""
    texts = json.dumps(options or {}), json.dumps(crew or {"workers": 1})
    return [sys.executable, "-c", PROGRAM, str(study), str(out), *texts]


def run(*arguments, **options):
    return subprocess.run(command(*arguments), capture_output=True, text=True, **options)


def finish(study, out):
    """Decanonize in this process, or go on where a run was ended; return what was done."""
    return decanonize(str(study), str(out), None, WorkerPool(1), progress=False)


def held(study, out, crew, lines, files=0, **options):
    """Start a run; return it when it stands still, until `go_on`.

    That is where its journal has so many lines, and so many files more were opened or renamed.
    """
    python, option, program, *texts = command(study, out, None, crew)
    process = subprocess.Popen(
        [python, option, HELD + program, *texts, str(files), str(lines)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **{"stderr": subprocess.DEVNULL, **options},
    )
    assert process.stdout.readline() == "held\n"
    return process


def go_on(process):
    """Let a run go on that stands still; return its exit status."""
    process.communicate("\n")
    return process.returncode


def contents(folder):
    """The digest of every file of a result."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


def records(out):
    """The journal's records, by ids."""
    found = [json.loads(line) for line in (Path(out) / "decanonized.jsonl").read_text().splitlines()[1:]]
    return {record["id"]: record for record in found}
