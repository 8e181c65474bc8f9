"""An export is whole or not there, and other tools read it."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from retrain_kit import fiftyone
from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.errors import DataError, ParameterError


@pytest.fixture(scope="module", autouse=True)
def _database(kit_database):
    """These tests need FiftyOne's real database."""


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "p.png"
    Image.fromarray(np.arange(8 * 6 * 3, dtype=np.uint8).reshape(6, 8, 3)).save(path)
    regions = (
        Region("Bird", Box(1, 2, 3, 4), "b1", "xclick"),
        Region("Kite", Box(0, 0, 4, 4), "k1", polygons=(((0, 0), (4, 0), (0, 4)),)),
    )
    return Sample("p", path, 8, 6, regions)


def left_behind(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("kind", ["fiftyone", "coco"])
def test_an_export_into_a_folder_with_something_in_it_is_refused(sample, tmp_path, kind):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(DataError, match="full: found something there; expected a new folder"):
        fiftyone.export_dataset([sample], tmp_path / "full", kind)
    assert left_behind(tmp_path / "full") == ["mine.txt"]


@pytest.mark.parametrize("kind", ["fiftyone", "coco"])
def test_an_export_that_fails_leaves_nothing(sample, tmp_path, kind):
    before = fiftyone.fo.list_datasets()
    with pytest.raises(DataError, match=r"q.png: found no file"):
        fiftyone.export_dataset([sample, replace(sample, path=tmp_path / "q.png")], tmp_path / "out", kind)
    assert left_behind(tmp_path) == ["p.png"]
    assert fiftyone.fo.list_datasets() == before


def test_an_unknown_kind_is_refused(sample, tmp_path):
    with pytest.raises(ParameterError, match="kind: found 'yolo'; expected 'fiftyone' or 'coco'"):
        fiftyone.export_dataset([sample], tmp_path / "out", "yolo")


def test_a_folder_without_a_dataset_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"found no samples.json; expected a dataset in FiftyOne's format"):
        fiftyone.restore_dataset(tmp_path)


def test_an_export_may_be_moved(sample, tmp_path):
    fiftyone.export_dataset([sample], tmp_path / "out").rename(tmp_path / "elsewhere")
    (back,) = fiftyone.samples(fiftyone.restore_dataset(tmp_path / "elsewhere"))
    assert back == replace(sample, path=tmp_path / "elsewhere" / "data" / "p.png")


def test_fiftyones_own_reader_of_coco_finds_the_same_boxes(sample, tmp_path):
    folder = fiftyone.export_dataset([sample], tmp_path / "out", "coco")
    theirs = fiftyone.fo.Dataset.from_dir(
        str(folder), dataset_type=fiftyone.fo.types.COCODetectionDataset, label_types=["detections"]
    )
    (back,) = fiftyone.samples(theirs)
    assert [(region.label, region.box) for region in back.regions] == [
        ("Bird", Box(1, 2, 3, 4)),
        ("Kite", Box(0, 0, 4, 4)),
    ]


def test_cocos_own_tools_find_the_same_areas(sample, tmp_path):
    tools = pytest.importorskip("pycocotools.coco", reason="pycocotools are not installed")
    masked = replace(sample.regions[0], mask=np.array([[True, False], [True, True]]))
    crowd = replace(sample.regions[1], flags=replace(sample.regions[1].flags, group_of=True))
    folder = fiftyone.export_dataset(
        [replace(sample, regions=(masked, sample.regions[1], crowd))], tmp_path / "out", "coco"
    )
    index = tools.COCO(str(folder / "labels.json"))
    found = [index.annToMask(index.anns[number]).astype(bool) for number in (1, 2, 3)]
    assert np.argwhere(found[0]).tolist() == [[2, 1], [3, 1], [3, 2]]
    assert found[1].any()
    assert found[2].sum() == index.anns[3]["area"] == 6
