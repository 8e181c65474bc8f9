"""KITTI's label files, with lines as its own have them."""

import pytest
from datasets.study_files import KITTI, kitti, paint
from small_studies import put, study

from retrain_kit import datasets
from retrain_kit.annotations.samples import Box, Flags, Region
from retrain_kit.datasets import kitti as reader
from retrain_kit.datasets import layouts
from retrain_kit.datasets.layouts.found import FoundImage, LeftOut
from retrain_kit.datasets.layouts.listing import Listing
from retrain_kit.errors import DataError, ParameterError

LINE = KITTI.splitlines()[0]


def test_what_hides_and_cuts_a_thing_off_is_kept_as_it_is_said(tmp_path):
    unmatched = []
    sample, without = datasets.read(kitti(tmp_path), unmatched)
    assert (unmatched, without.regions, without.said) == ([], (), {})
    assert sample.regions[0] == Region(
        "Truck",
        Box(10.5, 2.25, 40, 30.75),
        "1",
        flags=Flags(occluded=False, truncated=False),
        said={"truncated": 0, "occluded": 0, "alpha": -1.57, "dimensions_m": [2.85, 2.63, 12.34], "location_m": [0.47, 1.49, 69.44], "rotation_y": -1.56},
    )  # fmt: skip
    assert [(each.label, each.flags.occluded, each.flags.truncated) for each in sample.regions] == [
        ("Truck", False, False),
        ("Car", True, True),
        ("DontCare", None, None),
        ("Pedestrian", None, False),
    ]
    assert sample.regions[3].said["score"] == 0.93
    assert [(each.id, each.label, each.place, each.reason) for each in sample.rejected] == [
        ("5", "Cyclist", "training/label_2/000000.txt, line 5", "4 columns, not 15, or 16 with a score")
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (LINE.replace("10.50", "x"), 'a column: "x", no finite number'),
        (
            LINE.replace("10.50", "41"),
            "its box: (41.0, 2.25, 40.0, 30.75), not left <= right and top <= bottom",
        ),
    ],
)
def test_a_line_that_cannot_be_taken_is_listed(tmp_path, line, reason):
    put(tmp_path, "label_2/a.txt", content=f"{line}\n\n{LINE}".encode())
    (sample,) = datasets.read(study(tmp_path, "kitti", [("a", "image_2/a.png", (50, 40))]))
    assert [(each.reason, each.place, each.row) for each in sample.rejected] == [
        (reason, "label_2/a.txt, line 1", line)
    ]
    assert [each.id for each in sample.regions] == ["3"]


def test_lines_without_an_image_are_unmatched_and_images_without_any_file_a_fault(tmp_path):
    paint(tmp_path / "image_2" / "a.png", (50, 40))
    put(tmp_path, "label_2/a.txt", "label_2/b.txt", content=LINE.encode())
    images, unmatched = [("a", "image_2/a.png", (50, 40))], []
    datasets.read(study(tmp_path, "kitti", images, {"labels": "label_2"}), unmatched)
    assert [(each.image, each.place, each.row) for each in unmatched] == [
        ("b", "label_2/b.txt, line 1", LINE)
    ]
    with pytest.raises(DataError, match="no .txt file of any image"):
        datasets.read(study(tmp_path, "kitti", [("c", "image_2/c.png", (50, 40))]))


def test_a_layout_tells_the_folder_and_images_are_drawn_by_their_types(tmp_path):
    kitti(tmp_path)
    for name in ("training/image_2/000000.png", "training/image_2/000001.png", "maps/a.png"):
        paint(tmp_path / name, (50, 40))
    found = layouts.choose_layout(Listing(tmp_path))
    assert (found.layout, found.dataset, found.files) == ("kitti", "kitti", {"labels": "training/label_2"})
    ids = [f"training%2Fimage_2%2F00000{at}.png" for at in (0, 1)]
    assert list(found.images(LeftOut())) == [
        FoundImage(ids[0], "training/image_2/000000.png", split="training"),
        FoundImage(ids[1], "training/image_2/000001.png", split="training"),
    ]
    assert reader.ids(study(tmp_path, "kitti", labels=["DontCare"])) == ids[:1]
    assert [each.file for each in reader.describe(study(tmp_path, "kitti"), ids[:1])] == [
        "training/image_2/000000.png"
    ]
    with pytest.raises(ParameterError):
        reader.ids(study(tmp_path, "kitti", labels=["Tram"]))
