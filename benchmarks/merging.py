"""How long it takes to bring the answers of many laptops together, against reading the same lines alone.

So many files with so many answers each are merged into a new store in one go; then once more, which changes
nothing. The peer reads the files and parses every line as JSON, and keeps nothing: with less no merge can do.

    python benchmarks/merging.py [files] [answers a file]
"""

import json
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from retrain_kit.answers import AnswerContext, Author, Consent, Record, Store, entries, log, merge_files
from retrain_kit.answers.records import utc_timestamp

ASKED = AnswerContext("nature", "what-if", "What might exist in the blank area?", ("0a1b",))
CONSENT = Consent(("class", "publication"), "1", "2026-11-22T09:00:00Z")


def main() -> None:
    """Print the figures of one run."""
    count, each = (int(text) for text in (*sys.argv[1:], *("100", "1000")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        files = [_written(Path(folder, f"{number}.jsonl"), each) for number in range(count)]
        into = Path(folder, "merged")
        parsed_s = _timed(lambda: _parse(files))
        merged_s = _timed(lambda: merge_files(files, into))
        again_s = _timed(lambda: merge_files(files, into))
        with Store(into) as store:
            kept = len(store.records())
    if kept != count * each:
        sys.exit(f"{kept} answers of {count * each} are there")
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"{count} files of {each} answers: merged {merged_s:.2f} s, again {again_s:.2f} s")
    print(f"peak memory {peak_mb:.0f} MB")
    print(f"{merged_s / parsed_s:.1f} × the time of parsing the lines alone ({parsed_s:.2f} s)")


def _written(path: Path, count: int) -> Path:
    author = Author.new()
    names = [secrets.token_hex(16) for _ in range(count)]
    keys = [{"lock": lock, "public_key": author.public_key} for lock in author.locks(names)]
    said = (
        Record(name, f"a kite {name}", author.who, utc_timestamp(), ASKED, CONSENT, **each)
        for name, each in zip(names, keys, strict=True)
    )
    signed = entries.signed_entries(map(entries.answer_entry, said), author, demonstration=False)
    path.write_bytes(b"\n".join(log.LogHeader().lines(signed)) + b"\n")
    return path


def _parse(files: Iterable[Path]) -> None:
    for path in files:
        with path.open("rb") as lines:
            for line in lines:
                json.loads(line)


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
