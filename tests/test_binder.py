"""Binder can make the image, and will not make one without a database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def dockerfile():
    command = [BIN / "jupyter-repo2docker", "--no-build", "--debug", ROOT]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    "line",
    [
        "Building conda environment for python=3.12",
        'pip install --no-cache-dir -r "binder/requirements.txt"',
        "apt-get install --yes --no-install-recommends libcurl4t64",
        "RUN ./binder/postBuild",
        'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"',
    ],
)
def test_the_dockerfile_does_what_the_folder_asks_for(dockerfile, line):
    assert line in dockerfile


def test_the_scripts_are_executable_and_sound():
    for name in ("postBuild", "start"):
        path = ROOT / "binder" / name
        assert os.access(path, os.X_OK)
        subprocess.run(["bash", "-n", path], check=True)


def test_start_runs_what_it_is_given():
    done = subprocess.run([ROOT / "binder" / "start", "echo", "two words"], capture_output=True, text=True)
    assert done.stdout == "two words\n"
