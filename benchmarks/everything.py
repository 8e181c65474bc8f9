"""All comparisons, one after the other, each against its peer: ratios within one run.

What is compared, and how, stands in the first lines of each script. With `--small` tables and files are a
hundredth of their real size: a look at whether everything runs, not a measurement. shapely comes with
`pip install '.[bench]'`.

    python benchmarks/everything.py [--small]
"""

import argparse
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
FULL = {
    "masking.py": ["15"],
    "lossless_jpeg.py": [],
    "decanonizing.py": [],
    "mosaic.py": [],
    "unions.py": [],
    "box_table.py": [],
    "visual_genome.py": [],
    "sheets.py": [],
    "memory.py": ["10000", "100000"],
    "written_words.py": [],
    "words_by_place.py": [],
    "recording.py": [],
    "merging.py": [],
    "classroom.py": [],
    "reports.py": [],
}
SMALL = {
    "masking.py": ["1"],
    "lossless_jpeg.py": ["1"],
    "decanonizing.py": ["1", "48"],
    "mosaic.py": ["60", "1"],
    "unions.py": ["100000", "1"],
    "box_table.py": ["100000", "1"],
    "visual_genome.py": ["--megabytes", "10", "--rounds", "1"],
    "sheets.py": ["60", "1"],
    "memory.py": ["100", "200"],
    "written_words.py": ["50000"],
    "words_by_place.py": ["500"],
    "recording.py": ["300", "0"],
    "merging.py": ["10", "50"],
    "classroom.py": ["5"],
    "reports.py": ["3", "2"],
}


def main() -> int:
    """Run all benchmarks in turn; return how many failed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--small", action="store_true", help="a hundredth of the real size")
    asked = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {_machine()}, Python {platform.python_version()}")
    failed = 0
    for script, arguments in (SMALL if asked.small else FULL).items():
        print(f"\n{script}", flush=True)
        failed += bool(subprocess.run([sys.executable, HERE / script, *arguments], check=False).returncode)
    return failed


def _machine() -> str:
    """Return the processor's name, where the system says it, and how many of them there are."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names) or '?'} × {names[0] if names else platform.machine()}"


if __name__ == "__main__":
    sys.exit(main())
