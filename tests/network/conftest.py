"""The island, where every address leads back to this machine and all that is sent is written down."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import needs
import pytest

ISLAND = Path(__file__).with_name("island.py")
SPACES = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--map-root-user")


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


@pytest.fixture(scope="session")
def stay(tmp_path_factory):
    """Return the function that runs a command on the island."""
    if not (shutil.which("unshare") and shutil.which("ip")):
        needs.lacking("no unshare or no ip", "sudo apt install util-linux iproute2")
    if subprocess.run([*SPACES, "true"], capture_output=True).returncode:
        needs.lacking("no network namespaces", "sysctl kernel.unprivileged_userns_clone=1, or run as root")

    def stayed(*command, **options):
        out = tmp_path_factory.mktemp("island") / "sent.json"
        done = subprocess.run(
            [*SPACES, sys.executable, str(ISLAND), str(out), *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **options,
        )
        assert out.exists(), done.stdout[-2000:]
        return Stay(done.returncode, done.stdout, **json.loads(out.read_text()))

    return stayed
