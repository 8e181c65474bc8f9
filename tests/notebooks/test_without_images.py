"""What audits annotations runs where the images are not there, and not where one was changed."""

import shutil

import pytest
import reporting
from places import ROOT


@pytest.fixture
def study(tmp_path):
    """The embedded sample's annotations and table, and one of its images."""
    sample = ROOT / "retrain_kit" / "data" / "sample"
    manifest = (ROOT / "data_manifests" / "embedded-sample.toml").read_text("utf-8")
    (tmp_path / "absent.toml").write_text(manifest.replace("package:data/sample", "."), "utf-8")
    shutil.copy(ROOT / "data_manifests" / "embedded-sample.csv", tmp_path / "absent.csv")
    shutil.copy(sample / "annotations.jsonl", tmp_path)
    (tmp_path / "photos").mkdir()
    shutil.copy(sample / "photos" / "cat.jpg", tmp_path / "photos")
    return tmp_path / "absent.toml"


def test_audits_run_with_images_absent(kernel, study, tmp_path):
    done = reporting.report("10", tmp_path, "11", "17", "--study", str(study))
    assert done.returncode == 0, done.stderr
    pages = sorted((tmp_path / "reports").glob("1*.html"))
    assert [path.name[:2] for path in pages] == ["10", "11", "17"]
    assert "It cannot be shown: no file." in pages[0].read_text("utf-8")


def test_an_image_that_was_changed_is_a_fault(kernel, study, tmp_path):
    (image,) = (tmp_path / "photos").iterdir()
    image.write_bytes(image.read_bytes() + b"x")
    done = reporting.report("10", tmp_path, "--study", str(study))
    assert done.returncode != 0
    assert image.name in done.stderr
