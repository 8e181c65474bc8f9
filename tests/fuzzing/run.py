"""Changed files, many thousands of them: each ends with an answer or an error of the kit.

    make fuzz                         # 100,000 inputs
    python tests/fuzzing/run.py --inputs 2000 --seed 7 --only 'reader coco'
    python tests/fuzzing/run.py --again 'reader coco' 7 1234     # one of them, with its traceback

Nothing may end in a traceback, take more than ten seconds of the processor's time or more than a gigabyte, sleep for
minutes, or end the process. The seed is printed; with it and its number an input comes back.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]
os.environ |= {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"} if __name__ != "fuzzing.run" else {}

from fuzzing.mutations import mutate
from fuzzing.targets import every_target

from retrain_kit.errors import KitError

MEMORY_BYTES = 1_000_000_000
ADDRESS_SPACE_BYTES = 8_000_000_000
PATIENCE_S = 10
"""Of the processor's time, which a machine that is busy with others does not stretch."""
SLEEP_S = 600
CHUNK = 50


class TooSlowError(BaseException):
    """An input that works longer than `PATIENCE_S`, or sleeps longer than `SLEEP_S`."""


def run_one(target, pristine, folder, seed, number):
    """Change a file as seed and number say, act, put it back; return what was wrong, or an empty text."""
    chance = random.Random(f"{seed} {target.name} {number}")
    name = chance.choice([path for path in sorted(pristine) if target.changed(path)])
    path = folder / name
    path.write_bytes(mutate(pristine[name], path.suffix, chance))
    before = _forget_peak()
    signal.setitimer(signal.ITIMER_PROF, PATIENCE_S)
    signal.setitimer(signal.ITIMER_REAL, SLEEP_S)
    try:
        target.act(folder)
    except KitError as error:
        str(error).encode("utf-8", "backslashreplace")
    except TooSlowError as error:
        return f"{name}: {error}"
    except BaseException as error:  # noqa: BLE001 - that is what is looked for
        where = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in where if "retrain_kit" in frame.filename] or where
        place = f"{Path(own[-1].filename).name}:{own[-1].lineno}"
        return f"{name}: {type(error).__name__} in {place}: {str(error)[:200]}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _put_back(folder, pristine)
    taken = _memory_bytes("VmHWM") - before
    return f"{name}: {taken / 1e6:.0f} MB" if taken > MEMORY_BYTES else ""


def _put_back(folder, pristine):
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() and not path.is_symlink():
            if not any(each.startswith(f"{name}/") for each in pristine):
                shutil.rmtree(path)
        elif name not in pristine:
            path.unlink()
    for name, data in pristine.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def _work(jobs, results, now):
    """Do chunks of inputs until there are no more; `now` says what is being done, should the process end."""
    warnings.simplefilter("ignore")
    for sign in TIMERS:
        signal.signal(sign, _too_slow)
    targets = {target.name: target for target in every_target()}
    ready = {}
    with tempfile.TemporaryDirectory() as place:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libraries in C complain there of each file
        _limit_memory()
        while (job := jobs.get()) is not None:
            name, seed, first, count = job
            if name not in ready:
                folder = Path(place, str(len(ready)))
                folder.mkdir()
                targets[name].prepare(folder)
                files = (path for path in folder.rglob("*") if path.is_file())
                ready[name] = (
                    folder,
                    {path.relative_to(folder).as_posix(): path.read_bytes() for path in files},
                )
            wrong = []
            for number in range(first, first + count):
                now.value = f"{name}|{seed}|{number}".encode()
                if fault := run_one(targets[name], ready[name][1], ready[name][0], seed, number):
                    wrong.append((number, fault))
            gc.collect()
            results.put((name, count, wrong))
        now.value = b""
        results.put(None)


def _limit_memory():
    """Let no input take the whole machine; what it takes is measured apart, as address space is not memory."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))


def _memory_bytes(which):
    """Return the memory of this process: `VmRSS` now, `VmHWM` at the most since `_forget_peak`."""
    found = next(
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(which)
    )
    return int(found.split()[1]) * 1024


def _forget_peak():
    Path("/proc/self/clear_refs").write_text("5")
    return _memory_bytes("VmRSS")


TIMERS = (signal.SIGPROF, signal.SIGALRM)


def _too_slow(sign, _):
    raise TooSlowError(
        f"more than {PATIENCE_S} s of work" if sign == signal.SIGPROF else f"more than {SLEEP_S} s"
    )


def fuzz(inputs, seed, only="", workers=2, say=print):
    """Try so many inputs; return the counts by target and what was wrong: target, number and words."""
    names = [target.name for target in every_target() if only in target.name]
    jobs = [
        (name, seed, first, min(CHUNK, inputs // len(names) - first))
        for first in range(0, max(inputs // len(names), 1), CHUNK)
        for name in names
    ]
    return _Crew(jobs, workers, say).finish()


class _Crew:
    """Processes that try inputs; one that ends is a finding, and another takes its place."""

    def __init__(self, jobs, workers, say):
        self.context = multiprocessing.get_context("spawn")
        self.todo, self.results = self.context.Queue(), self.context.Queue()
        self.total, self.say = sum(job[3] for job in jobs), say
        for job in [*jobs, *[None] * workers]:
            self.todo.put(job)
        self.workers = [self._new() for _ in range(workers)]
        self.counts, self.wrong = Counter(), []

    def _new(self):
        now = self.context.Array("c", 400)
        process = self.context.Process(target=_work, args=(self.todo, self.results, now), daemon=True)
        process.start()
        return process, now

    def finish(self):
        left, begun = len(self.workers), time.monotonic()
        while left:
            try:
                found = self.results.get(timeout=1)
            except Exception:  # noqa: BLE001 - queue.Empty of a process's queue
                left -= self._replace_the_dead()
                continue
            if found is None:
                left -= 1
                continue
            name, count, wrong = found
            self.counts[name] += count
            for number, fault in wrong:
                self.wrong.append((name, number, fault))
                self.say(f"{name}, number {number}: {fault}")
            done = self.counts.total()
            if done // 5000 != (done - count) // 5000:
                self.say(f"{done:,} of {self.total:,} inputs, {time.monotonic() - begun:.0f} s")
        return self.counts, self.wrong

    def _replace_the_dead(self):
        """Write down what ended a process, and start another; return how many end with nothing left to do."""
        gone = 0
        for place, (process, now) in enumerate(self.workers):
            if process.exitcode in (None, 0) or not now.value:
                continue
            name, _, number = now.value.decode().split("|")
            self.wrong.append((name, int(number), f"the process ended with {process.exitcode}"))
            self.say(f"{name}, number {number}: the process ended with {process.exitcode}")
            self.workers[place] = self._new()
        return gone


def again(name, seed, number):
    """Do one input again, here, and let its error be seen."""
    target = next(each for each in every_target() if each.name == name)
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    target.prepare(folder)
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    chance = random.Random(f"{seed} {name} {number}")
    chosen = chance.choice([path for path in sorted(files) if target.changed(path)])
    files[chosen].write_bytes(mutate(files[chosen].read_bytes(), files[chosen].suffix, chance))
    print(f"changed: {files[chosen]}")
    target.act(folder)
    print("an answer")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", default="", help="only targets whose name holds this")
    parser.add_argument("--again", nargs=3, metavar=("TARGET", "SEED", "NUMBER"))
    options = parser.parse_args()
    if options.again:
        again(options.again[0], int(options.again[1]), int(options.again[2]))
        return
    print(f"seed {options.seed}", flush=True)
    counts, wrong = fuzz(
        options.inputs, options.seed, options.only, os.cpu_count() or 1, lambda text: print(text, flush=True)
    )
    print(json.dumps(dict(sorted(counts.items())), indent=1))
    print(f"{counts.total():,} inputs, seed {options.seed}, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
