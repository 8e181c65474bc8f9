"""Features of many small images: CIFAR-10's binary rows, arrays, and what is none."""

import numpy as np
import pytest
import tiny_models

from retrain_kit.errors import DataError, ParameterError
from retrain_kit.models import features


def test_a_classifiers_features_are_the_logarithms_of_its_words(tmp_path):
    card = tiny_models.write_classifier(tmp_path)
    images = np.zeros((3, 16, 16, 3), np.uint8)
    images[0, ..., 0], images[1, ..., 2] = 255, 255
    np.save(tmp_path / "images.npy", images)
    found = features.image_features(tmp_path / "images.npy", str(card))
    sure, unsure = 1 - np.log(np.e + 2), -np.log(np.e + 2)
    assert found == pytest.approx(
        np.array([[sure, unsure, unsure], [unsure, unsure, sure], [-np.log(3)] * 3]), abs=1e-5
    )

    with pytest.raises(DataError, match="found 3 images; expected 9, one for each with answers"):
        features.image_features(tmp_path / "images.npy", str(card), 9)


def test_rows_of_cifar_10_are_red_green_and_blue_planes_behind_a_label(tmp_path):
    row = np.concatenate([[7], np.arange(1024) % 256, np.full(1024, 2), np.full(1024, 3)]).astype(np.uint8)
    (tmp_path / "test_batch.bin").write_bytes(row.tobytes() * 2)
    images = features.read_images(tmp_path / "test_batch.bin")
    assert images.shape == (2, 32, 32, 3)
    assert images[1, 0, :3].tolist() == [[0, 2, 3], [1, 2, 3], [2, 2, 3]]
    assert images[0, 1, 0].tolist() == [32, 2, 3]
    assert features.own_labels_of(tmp_path / "test_batch.bin").tolist() == [7, 7]


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("cut.bin", lambda path: path.write_bytes(b"\x00" * 3072)),
        ("empty.bin", lambda path: path.write_bytes(b"")),
        ("absent.bin", lambda _: None),
        ("flat.npy", lambda path: np.save(path, np.zeros((2, 8, 8), np.uint8))),
        ("floats.npy", lambda path: np.save(path, np.zeros((2, 8, 8, 3)))),
        ("none.npy", lambda path: np.save(path, np.zeros((0, 8, 8, 3), np.uint8))),
        ("text.npy", lambda path: path.write_text("no", "utf-8")),
    ],
)
def test_a_file_without_images_is_one_fault(tmp_path, name, write):
    write(tmp_path / name)
    with pytest.raises(DataError, match=name):
        features.read_images(tmp_path / name)


def test_a_detector_gives_no_features(tmp_path):
    np.save(tmp_path / "images.npy", np.zeros((1, 8, 8, 3), np.uint8))
    with pytest.raises(ParameterError, match="one that can embed or classify"):
        features.image_features(tmp_path / "images.npy", str(tiny_models.write_detector(tmp_path)))
