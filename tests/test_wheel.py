"""The built package holds what an installed kit needs."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from places import ROOT

PROGRAM = """
import sys
for name in ("fiftyone", "click", "pandas", "matplotlib", "tqdm", "platformdirs", "pydantic"):
    sys.modules[name] = None
import retrain_kit
from retrain_kit.studies import manifests
from retrain_kit.imaging import masking, decoding
from retrain_kit.datasets import folder
manifest = manifests.load("embedded-sample")
manifests.verify_files(manifest)
sample = folder.read(manifest)[0]
masking.remove_regions(decoding.load_sample(sample), sample.regions)
print(retrain_kit.__file__, len(manifest.images))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    place = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(place.glob("*.whl"))


def test_the_embedded_sample_loads_offline_with_numpy_pillow_filelock_and_cryptography_alone(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    where, images = done.stdout.split()
    assert Path(where).is_relative_to(tmp_path / "site")
    assert int(images) >= 40


@pytest.mark.parametrize(
    "name",
    [
        "retrain_kit/notebooks/01_tagged_and_decanonized.ipynb",
        "retrain_kit/data_manifests/embedded-sample.csv",
        "retrain_kit/data/sample/LICENCES.md",
        "retrain_kit/data/free_works/works/rk-01.png",
        "retrain_kit/reports/templates/report/index.html.j2",
        "retrain_kit/widgets/compare.js",
        "retrain_kit/widgets/compare.css",
        "retrain_kit/display/tokens.css",
        "retrain_kit/fiftyone/plugin/fiftyone.yml",
        "retrain_kit/fiftyone/plugin/assets/who.svg",
    ],
)
def test_the_wheel_holds_what_is_no_code(wheel, name):
    assert name in zipfile.ZipFile(wheel).namelist()
