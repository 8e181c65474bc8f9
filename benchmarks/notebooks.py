"""The memory of the notebooks: the most that the kernel of each held, run by itself on the embedded sample.

Beside it stands what the kernel held at the end, counted as its share where processes share pages, and what
FiftyOne's database holds, which is one for all of them. In megabytes, as Linux counts.

    python benchmarks/notebooks.py [NUMBER ...]
"""

import re
import sys
from pathlib import Path

import nbformat
import psutil
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

from retrain_kit.reports import notebooks

PATIENCE_S = 1200


def held(pid: int, file: str, name: str) -> int:
    """Return a figure that Linux keeps of a process, in megabytes."""
    found = re.search(rf"^{name}:\s+(\d+) kB", Path(f"/proc/{pid}/{file}").read_text(), re.MULTILINE)
    return int(found[1]) // 1000 if found else 0


def database() -> int:
    """Return what the largest of FiftyOne's databases that run on this machine holds, in megabytes."""
    running = [each.pid for each in psutil.process_iter(["name"]) if each.info["name"] == "mongod"]
    return max((held(pid, "status", "VmRSS") for pid in running), default=0)


def measure(path: Path) -> tuple[int, int]:
    """Run a notebook; return the most its kernel held, and its share at the end."""
    manager = KernelManager(kernel_name="python3")
    client = NotebookClient(
        nbformat.read(path, as_version=4), km=manager, timeout=PATIENCE_S, resources={"metadata": {}}
    )
    with client.setup_kernel():
        pid = manager.provisioner.pid
        for index, cell in enumerate(client.nb.cells):
            client.execute_cell(cell, index)
        return held(pid, "status", "VmHWM"), held(pid, "smaps_rollup", "Pss")


def main() -> None:
    """Measure the notebooks whose numbers are given, or all."""
    wanted = sys.argv[1:]
    for path in notebooks.available_notebooks():
        if not wanted or path.stem[:2] in wanted:
            most, end = measure(path)
            print(
                f"{path.stem}: {most} MB at most, {end} MB at the end; database {database()} MB", flush=True
            )


if __name__ == "__main__":
    main()
