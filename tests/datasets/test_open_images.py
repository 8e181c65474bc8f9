"""Open Images is read without loss: makers, unknown flags, clicks, denials, rotation."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from retrain_kit import manifests, masking
from retrain_kit.datasets import open_images
from retrain_kit.datasets.open_images import Frame, from_relative_xxyy
from retrain_kit.errors import BoxError, DataError
from retrain_kit.samples import UNKNOWN, Box, Click, Flags, ImageLabel

REAL = Path(__file__).parents[3] / "shared" / "testdata" / "open_images"
real = pytest.mark.skipif(
    not REAL.is_dir(), reason="the real rows lie in ../shared/testdata, which is not here"
)
HEADER = (
    "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside,"
    "XClick1X,XClick2X,XClick3X,XClick4X,XClick1Y,XClick2Y,XClick3Y,XClick4Y"
)


@pytest.fixture
def study(tmp_path):
    """Return the function that makes a study of these pictures, id to size, with these tables."""

    def make(sizes, **tables):
        files = {}
        for name, content in tables.items():
            files[name] = content if isinstance(content, Path) else tmp_path / f"{name}.csv"
            if not isinstance(content, Path):
                files[name].write_text("\n".join(content) + "\n", encoding="utf-8")
        images = []
        for name, size in sizes.items():
            path = tmp_path / f"{name}.png"
            Image.new("RGB", size).save(path)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            images.append(
                manifests.Image(name, path.name, digest, *size, "CC-BY-2.0", "Ann", "https://example.org")
            )
        made = manifests.Manifest(
            "two",
            "t",
            "w",
            "open-images",
            "7",
            "l",
            "r",
            tmp_path,
            files,
            manifests.Annotation(),
            tuple(images),
            "",
        )
        return open_images.read(made)

    return make


@real
def test_a_real_box_keeps_maker_flags_and_the_four_clicks_of_a_hand(study):
    (sample,) = study(
        {"000002b66c9c498e": (1024, 1024)},
        boxes=REAL / "train-annotations-bbox.rows-with-clicks.csv",
        classes=REAL / "classes.csv",
    )
    assert len(sample.regions) == 3
    first = sample.regions[0]
    assert (first.label, first.maker, first.id) == ("Person", "xclick", "b1")
    assert first.box == Box(12.8, 152.000512, 199.999488, 601.6)
    assert first.flags == Flags(occluded=False, truncated=True, group_of=False, depiction=False, inside=False)
    assert first.clicks == (
        Click(152.000512, 152.000512),
        Click(12.8, 366.399488),
        Click(60.8, 601.6),
        Click(199.999488, 332.8),
    )
    assert first.said == {"LabelName": "/m/01g317", "Confidence": "1"}


@real
def test_every_real_row_of_a_picture_is_there_and_no_other(study):
    lines = (REAL / "train-annotations-bbox.subset.csv").read_text().splitlines()[1:]
    ids = sorted({line.split(",")[0] for line in lines})[:200]
    found = study(dict.fromkeys(ids, (64, 48)), boxes=REAL / "train-annotations-bbox.subset.csv")
    expected = [sum(line.startswith(name + ",") for line in lines) for name in ids]
    assert [len(sample.regions) for sample in found] == expected


@real
def test_what_people_denied_stays_a_denial(study):
    (sample,) = study(
        {"000002b66c9c498e": (8, 8)}, image_labels=REAL / "train-annotations-human-imagelabels.rows.csv"
    )
    rows = (REAL / "train-annotations-human-imagelabels.rows.csv").read_text().splitlines()[1:]
    assert [(label.said["LabelName"], label.present) for label in sample.labels] == [
        (row.split(",")[2], row.split(",")[3] == "1") for row in rows if row.startswith("000002b66c9c498e")
    ]
    assert sample.labels[0] == ImageLabel(
        "/m/014j1m", present=False, maker="verification", said={"LabelName": "/m/014j1m", "Confidence": "0"}
    )


@real
def test_a_real_mask_row_keeps_its_corrective_clicks_and_its_quality(study):
    (sample,) = study(
        {"677c122b0eaa5d16": (1000, 1000)}, masks=REAL / "train-annotations-object-segmentation.rows.csv"
    )
    (region,) = sample.regions
    assert region.clicks[:3] == (
        Click(954.98, 651.97, on=True), Click(893.7, 565.79, on=True), Click(947.01, 489.68, on=False)
    )  # fmt: skip
    assert region.said["PredictedIoU"] == "0.86864"
    assert region.said["BoxID"] == "9a041d52"
    assert region.maker == UNKNOWN


@real
def test_the_real_image_table_is_kept_column_by_column(study):
    (sample,) = study({"4fa8054781a4c382": (8, 8)}, images=REAL / "train-images-with-rotation.rows.csv")
    assert sample.said["Author"] == "Michael Beat"
    assert sample.said["License"] == "https://creativecommons.org/licenses/by/2.0/"
    assert sample.said["OriginalMD5"] == "KFukvivpCM5QXl5SqKe41g=="
    assert sample.said["Title"] == "...die FNF-Kerze"
    assert len(sample.said) == 11


def row(flags="0,1,-1,0,0", source="activemil", edges="0.25,0.5,0.25,0.75", clicks="-1,-1,-1,-1,-1,-1,-1,-1"):
    return f"a,{source},/m/1,1,{edges},{flags},{clicks}"


def test_an_unknown_flag_stays_unknown_and_a_machines_box_has_no_clicks(study):
    (sample,) = study({"a": (100, 100)}, boxes=[HEADER, row()])
    (region,) = sample.regions
    assert region.flags == Flags(occluded=False, truncated=True, group_of=None, depiction=False, inside=False)
    assert (region.maker, region.clicks) == ("activemil", ())


def test_a_machines_guess_is_neither_yes_nor_no(study):
    (sample,) = study(
        {"a": (8, 8)}, image_labels=["ImageID,Source,LabelName,Confidence", "a,machine,/m/1,0.7"]
    )
    assert (sample.labels[0].present, sample.labels[0].said["Confidence"]) == (None, "0.7")


IMAGES = "ImageID,License,Author,Rotation"


@pytest.mark.parametrize(
    ("rotation", "size", "box"),
    [
        ("0.0", (200, 100), Box(50, 25, 100, 75)),
        ("", (200, 100), Box(50, 25, 100, 75)),
        ("90.0", (100, 200), Box(25, 100, 75, 150)),
        ("180.0", (200, 100), Box(100, 25, 150, 75)),
        ("270.0", (100, 200), Box(25, 50, 75, 100)),
    ],
)
def test_picture_and_boxes_are_turned_by_the_data_sets_rotation(study, rotation, size, box):
    (sample,) = study({"a": size}, boxes=[HEADER, row()], images=[IMAGES, f"a,CC,Ann,{rotation}"])
    assert sample.regions[0].box == box
    assert sample.rotation_deg == int(float(rotation or 0))


@given(
    st.sampled_from([0, 90, 180, 270]),
    st.integers(0, 8),
    st.integers(0, 8),
    st.integers(0, 8),
    st.integers(0, 8),
)
def test_a_turned_box_covers_the_pixels_that_turning_the_mask_covers(rotation, a, b, c, d):
    (left, right), (top, bottom) = sorted((a, b)), sorted((c, d))
    stored = masking.box_mask(Box(left, top, right, bottom), (8, 8))
    box = from_relative_xxyy((left / 8, right / 8, top / 8, bottom / 8), Frame((8, 8), rotation))
    assert np.array_equal(masking.box_mask(box, (8, 8)), np.rot90(stored, rotation // 90))


def test_a_mask_of_another_size_than_the_picture_is_scaled_to_it(study, tmp_path):
    stored = np.zeros((4, 8), dtype=np.uint8)
    stored[1:3, 2:4] = 255
    (tmp_path / "masks").mkdir()
    Image.fromarray(stored).save(tmp_path / "masks" / "a_m1_9f.png")
    table = ["MaskPath,ImageID,LabelName,BoxID,BoxXMin,BoxXMax,BoxYMin,BoxYMax,PredictedIoU,Clicks"]
    table.append("a_m1_9f.png,a,/m/1,9f,0.25,0.5,0.25,0.75,0.9,0.3 0.3 1")
    (sample,) = study({"a": (16, 8)}, masks=table, mask_folder=tmp_path / "masks")
    found = masking.region_mask(sample.regions[0], (16, 8), "outline")
    assert np.array_equal(found, np.kron(stored > 0, np.ones((2, 2), dtype=bool)))


def test_a_relationship_keeps_both_its_boxes(study):
    header = "ImageID,LabelName1,LabelName2,XMin1,XMax1,YMin1,YMax1,XMin2,XMax2,YMin2,YMax2,RelationshipLabel"
    (sample,) = study({"a": (100, 100)}, relationships=[header, "a,/m/1,/m/2,0,0.5,0,0.5,0.5,1,0.5,1,on"])
    (link,) = sample.relationships
    boxes = {region.id: (region.label, region.box) for region in sample.regions}
    assert (boxes[link.subject], link.predicate, boxes[link.object]) == (
        ("/m/1", Box(0, 0, 50, 50)), "on", ("/m/2", Box(50, 50, 100, 100))
    )  # fmt: skip


def test_votes_on_a_point_are_kept_with_their_disagreement(study):
    header = "ImageId,X,Y,Label,EstimatedYesNo,Source,YesVotes,NoVotes,UnsureVotes,TextLabel"
    (sample,) = study({"a": (8, 8)}, points=[header, "a,0.5,0.25,/m/1,yes,cs,3,1,2,"])
    (point,) = sample.said["points"]
    assert (point["YesVotes"], point["NoVotes"], point["UnsureVotes"]) == ("3", "1", "2")


def test_all_faults_of_the_tables_are_reported_together(study):
    wrong = [
        row(edges="0.5,0.25,0.25,0.75"), row(edges="nan,0.5,0,1"), row(flags="2,0,0,0,0"), "a,xclick,/m/1,1,0.1"
    ]  # fmt: skip
    with pytest.raises(DataError) as caught:
        study({"a": (100, 100)}, boxes=[HEADER, row(), *wrong], image_labels=["ImageID,Source", "a,machine"])
    said = [str(fault) for fault in caught.value.faults]
    assert any(
        "boxes.csv, line 3: found (0.5, 0.25, 0.25, 0.75); expected left <= right" in line for line in said
    )
    assert any("boxes.csv, line 4: found (nan," in line for line in said)
    assert any("boxes.csv, line 5: found '2'" in line for line in said)
    assert any("boxes.csv, line 6, XMax: found nothing" in line for line in said)
    assert any(
        "image_labels.csv, line 1: found other columns; expected also LabelName, Confidence" in line
        for line in said
    )


def test_everything_comes_back_out_of_fiftyone(study, tmp_path, through_fiftyone, same):
    (tmp_path / "masks").mkdir()
    Image.fromarray(np.eye(8, dtype=np.uint8) * 255).save(tmp_path / "masks" / "a_m1_9f.png")
    (sample,) = study(
        {"a": (80, 60)},
        images=[IMAGES, "a,CC,Ann,180.0"],
        boxes=[HEADER, row(clicks="0.25,0.3,0.5,0.3,0.3,0.25,0.3,0.75", source="xclick"), row()],
        image_labels=["ImageID,Source,LabelName,Confidence", "a,machine,/m/1,0.7", "a,verification,/m/2,0"],
        masks=[
            "MaskPath,ImageID,LabelName,BoxID,BoxXMin,BoxXMax,BoxYMin,BoxYMax,PredictedIoU,Clicks",
            "a_m1_9f.png,a,/m/1,9f,0.25,0.5,0.25,0.75,0.9,0.3 0.3 1;0.1 0.2 0",
        ],
        mask_folder=tmp_path / "masks",
    )
    same(through_fiftyone([sample]), [sample])


def test_columns_in_another_order_are_read_by_their_names(study):
    header = "LabelName,ImageID,YMax,YMin,XMax,XMin,Confidence,Source"
    (sample,) = study({"a": (100, 100)}, boxes=[header, "/m/1,a,0.75,0.25,0.5,0.25,1,xclick"])
    assert sample.regions[0].box == Box(25, 25, 50, 75)
    assert sample.regions[0].flags == Flags()


def test_a_table_the_reader_does_not_know_is_named(study):
    with pytest.raises(DataError, match="two.toml, files: found boxen; expected some of images, boxes"):
        study({"a": (8, 8)}, boxen=["a"])


def test_a_missing_table_is_named(study, tmp_path):
    with pytest.raises(DataError, match="gone.csv: found no table"):
        study({"a": (8, 8)}, boxes=tmp_path / "gone.csv")


def test_a_reversed_box_is_none():
    with pytest.raises(BoxError):
        from_relative_xxyy((0.5, 0.25, 0, 1), Frame((8, 8)))
