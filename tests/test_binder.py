"""Binder can make the image, and will not make one without a database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

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
        "apt-get install --yes --no-install-recommends libcurl4t64 libturbojpeg wordnet-base",
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


@pytest.fixture
def post_build(tmp_path):
    """Run postBuild here; the kit is installed already, so that `pip` has nothing to do."""
    pip = tmp_path / "bin" / "pip"
    pip.parent.mkdir()
    pip.write_text("#!/bin/sh\n")
    pip.chmod(0o755)
    path = os.pathsep.join([str(pip.parent), str(BIN), os.environ["PATH"]])

    def run(**environment):
        environment = os.environ | {"PATH": path} | environment
        return subprocess.run(
            [ROOT / "binder" / "postBuild"], cwd=ROOT, env=environment, capture_output=True, text=True
        )

    return run


def test_post_build_ends_well_with_a_dataset_in_a_real_database(post_build, kit_database, kit_cache):
    done = post_build(RETRAIN_KIT_CACHE=str(kit_cache))
    assert done.returncode == 0, done.stderr
    assert "retrain-kit-embedded-sample-" in done.stdout


def test_post_build_fails_when_no_database_arrives(post_build, tmp_path):
    environment = {
        "RETRAIN_KIT_CACHE": str(tmp_path / "cache"),
        "FIFTYONE_DATABASE_URI": "",
        "PIP_NO_INDEX": "1",
    }
    done = post_build(**environment, PIP_FIND_LINKS="", PIP_CONFIG_FILE=os.devnull)
    if "FiftyOne brought its own" in done.stdout:
        pytest.skip("FiftyOne brought its own database")
    assert done.returncode != 0
    assert "a wheel to install" in done.stderr
