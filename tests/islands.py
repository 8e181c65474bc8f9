"""A program on the island, where every address leads back to this machine: see `network/island.py`."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass

from places import ROOT

ISLAND = ROOT / "tests" / "network" / "island.py"
SPACES = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--map-root-user")

TRAVELLER = (
    "tests/network/test_nothing_leaves.py::test_notebooks_class_review_and_app_speak_to_this_machine_alone"
)
NOTEBOOKS_THERE = {
    "02": "tests/browser/test_notebook_02.py",
    "03": "tests/browser/test_notebook_03.py::test_the_notebook_shows_six_images_with_two_cards_each",
    "07": "tests/browser/test_surfaces_notebook.py",
    "10": "tests/browser/test_notebook_10.py",
}
"""The tests that run a notebook as it is, whole, in JupyterLab."""
THERE = [
    "tests/browser/inside.py",
    *NOTEBOOKS_THERE.values(),
    "tests/browser/test_app.py",
    "tests/browser/test_app_command.py::test_a_view_is_decanonized_and_opened",
    "tests/browser/test_class.py::test_two_browsers_go_through_polyphony_to_the_end_and_the_wall_shows_it",
    "tests/browser/test_review.py::test_keys_accept_replace_with_a_reason_and_undo",
    "tests/browser/test_review.py::test_a_page_without_a_notebook_gives_its_decisions_as_a_file",
]
"""The tests that `TRAVELLER` runs on the island; where it is run, they are not run elsewhere too."""


@dataclass(frozen=True)
class Stay:
    """What a program did on the island: its exit status, its words, the names asked for, the packets away."""

    status: int
    said: str
    names: list[str]
    packets: list[list[object]]

    @property
    def sent(self):
        return {"names": self.names, "packets": self.packets}


def lacking():
    """Return what is not there to enter the island, and what to do; nothing where it can be entered."""
    if not (shutil.which("unshare") and shutil.which("ip")):
        return "no unshare or no ip", "sudo apt install util-linux iproute2"
    if subprocess.run([*SPACES, "true"], capture_output=True).returncode:
        return "no network namespaces", "sysctl kernel.unprivileged_userns_clone=1, or run as root"
    return ()


def stay(folder, *command, **options):
    """Run a command on the island, and keep in a folder what it was."""
    out = folder / "sent.json"
    done = subprocess.run(
        [*SPACES, sys.executable, str(ISLAND), str(out), *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )
    assert out.exists(), done.stdout[-2000:]
    found = Stay(done.returncode, done.stdout, **json.loads(out.read_text()))
    (folder / "stay.json").write_text(json.dumps(asdict(found)))
    return found


def kept_stay(folder):
    """Return what a stay was that a folder keeps; None where nobody was on the island."""
    path = folder / "stay.json"
    return Stay(**json.loads(path.read_text())) if path.exists() else None


def environment(home, cache):
    """Return the environment of the island's programs: a home and a cache that no other program has."""
    (home / "cache").mkdir()
    if (cache / "mongod").exists():
        (home / "cache" / "mongod").symlink_to((cache / "mongod").resolve())
    own = {"HOME": str(home), "RETRAIN_KIT_CACHE": str(home / "cache")}
    own |= {"FIFTYONE_DATABASE_DIR": str(home / "cache" / "fiftyone"), "PYTHONPATH": str(ROOT)}
    return os.environ | own
