"""COCO's real rows come through whole: boxes, outlines, crowds, licences; what is no annotation is listed."""

import contextlib
import gzip
import json
import zipfile
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from cases import copy_case
from damage import damaged, damages, places
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from places import SHARED
from trying import examples

from retrain_kit import datasets
from retrain_kit.annotations.samples import Box, Flags, Region
from retrain_kit.datasets import coco
from retrain_kit.datasets.coco import annotations as coco_annotations
from retrain_kit.datasets.formats import fields, rle
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.imaging import masking
from retrain_kit.studies import manifests, sampling

SOURCE = SHARED / "testdata" / "coco" / "annotations"
TRAIN, VAL = SOURCE / "instances_train2017.json", SOURCE / "instances_val2017.json"

CROWD_RUNS = (  # the real crowd 900100296649, written by COCO's own tool
    "W\\m32W=2`C0d;1[D7];JcD;X;FfD<Y;FdD<Z;FcD=[;FaD;`;J[D5f;g001O001O100O10000000000001O1SOYD3j;_OVD1<4k;HZD2_PS4"
)


def study(folder, images, files, licence="CC"):
    rows = tuple(
        manifests.ImageRow(str(name), f"{name}.jpg", "0" * 64, width, height, licence, "a", "s")
        for name, width, height in images
    )
    return manifests.Manifest(
        "mine", "t", "w", "coco", "1", "l", "r", folder, files, manifests.AnnotationProcess(), rows, ""
    )


@pytest.fixture(scope="module")
def real():
    """All real images of both files, with no licence of the manifest's own."""
    if not TRAIN.is_file():
        pytest.skip("the real rows of COCO are not here: ../shared/testdata/coco")
    tables = [json.loads(path.read_text()) for path in (TRAIN, VAL)]
    images = [(row["id"], row["width"], row["height"]) for table in tables for row in table["images"]]
    files = {"instances": TRAIN, "instances_val": VAL}
    samples = coco.read(study(SOURCE, images, files, licence=""))
    return {sample.id: sample for sample in samples}, [
        row for table in tables for row in table["annotations"]
    ]


def test_a_real_image_is_read_field_by_field(real):
    sample = real[0]["491497"]
    assert (sample.id, sample.path, sample.size) == ("491497", SOURCE / "491497.jpg", (375, 500))
    assert sample.provenance.licence == (
        "Attribution-NonCommercial-NoDerivs License, http://creativecommons.org/licenses/by-nc-nd/2.0/"
    )
    assert sample.said == {
        "license": {
            "url": "http://creativecommons.org/licenses/by-nc-nd/2.0/",
            "id": 3,
            "name": "Attribution-NonCommercial-NoDerivs License",
        },
        "file_name": "000000491497.jpg",
        "coco_url": "http://images.cocodataset.org/val2017/000000491497.jpg",
        "date_captured": "2013-11-15 17:19:41",
        "flickr_url": "http://farm3.staticflickr.com/2076/2227048481_0ed8653652_z.jpg",
    }
    assert len(sample.regions) == 12
    assert sample.regions[0] == Region(
        label="tv",
        box=Box(1.03, 180.41, 1.03 + 91.75, 180.41 + 186.6),
        id="34061",
        annotator="unknown",
        polygons=(((1.03, 180.41), (92.78, 185.57), (92.78, 355.67), (2.06, 367.01)),),
        flags=Flags(group_of=False),
        said={"category_id": 72, "area": 16273.3536, "supercategory": "electronic"},
    )


def test_a_real_crowd_has_a_mask_over_its_own_extent_and_keeps_the_stated_box(real):
    (crowd,) = (region for region in real[0]["296649"].regions if region.id == "900100296649")
    assert (crowd.label, crowd.flags) == ("person", Flags(group_of=True))
    assert crowd.box == Box(300, 280, 326, 335)
    assert crowd.said == {
        "category_id": 1,
        "area": 1340,
        "supercategory": "person",
        "bbox": [300, 280, 25, 54],
    }
    assert crowd.mask.shape == (55, 26)
    assert crowd.mask.sum() == 1004


def test_every_real_row_becomes_a_region_and_nothing_of_it_is_lost(real):
    samples, rows = real
    regions = {region.id: region for sample in samples.values() for region in sample.regions}
    assert len(samples) == 38
    assert len(rows) == len(regions) == 424
    assert Counter(region.flags.group_of for region in regions.values()) == {False: 419, True: 5}
    assert not any(sample.rejected for sample in samples.values())
    for row in rows:
        region = regions[str(row["id"])]
        stated = region.said.get("bbox", row["bbox"])
        assert stated == row["bbox"]
        if row["iscrowd"]:
            whole = rle.decode_mask(row["segmentation"], samples[str(row["image_id"])].size)
            put_back = masking.region_mask(region, samples[str(row["image_id"])].size, "outline")
            assert np.array_equal(put_back, whole)
        else:
            assert [[n for point in polygon for n in point] for polygon in region.polygons] == row[
                "segmentation"
            ]
            assert region.box == coco_annotations.box_from_coco(*row["bbox"])


def test_a_compressed_real_crowd_is_the_uncompressed_one(real):
    (row,) = (row for row in real[1] if row["id"] == 900100296649)
    assert rle.decompressed_runs(CROWD_RUNS) == row["segmentation"]["counts"]


def test_runs_go_down_the_columns():
    mask = rle.decode_mask({"size": [2, 3], "counts": [1, 3, 2]}, (3, 2))
    assert mask.astype(int).tolist() == [[0, 1, 0], [1, 1, 0]]


def test_a_compressed_text_of_the_original_tool():
    mask = np.zeros((12, 40), bool)
    mask[2:9, 3:17] = mask[5, :] = mask[11, 39] = mask[0, 0] = mask[6:8, 30:34] = True
    text = "01407000M6M00000000000000000000000003J30000000000000000000000002N000000N2000000000J0"
    assert np.array_equal(rle.decode_mask({"size": [12, 40], "counts": text}, (40, 12)), mask)


def runs_of(mask):
    column_by_column = mask.T.ravel()
    ends = np.flatnonzero(np.diff(column_by_column)) + 1
    runs = np.diff([0, *ends, column_by_column.size]).tolist()
    return [0, *runs] if column_by_column[0] else runs


masks = arrays.arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9)))


@given(masks)
def test_runs_give_back_the_mask_they_were_counted_from(mask):
    encoded = {"size": list(mask.shape), "counts": runs_of(mask)}
    assert np.array_equal(rle.decode_mask(encoded, mask.shape[::-1]), mask)


def compressed(runs):
    """Write runs as the public description says, by base 32 in two's complement."""
    text = ""
    for place, run in enumerate(runs):
        rest = run - runs[place - 2] if place > 2 else run
        digits = [rest & 31]
        while not -16 <= rest < 16:
            rest >>= 5
            digits.append(rest & 31)
        text += "".join(chr(48 + 32 + digit) for digit in digits[:-1]) + chr(48 + digits[-1])
    return text


@given(st.lists(st.integers(0, 400_000), max_size=12))
def test_compressed_runs_come_back_as_they_were_written(runs):
    assert rle.decompressed_runs(compressed(runs)) == runs


INSTANCE = {"id": 1, "image_id": 5, "category_id": 3, "bbox": [1, 2, 3, 4], "iscrowd": 0, "segmentation": []}


def written(folder, *annotations, **other):
    table = {
        "images": [{"id": 5, "width": 8, "height": 6, "file_name": "5.jpg", "license": 9}],
        "categories": [{"id": 3, "name": "cat", "supercategory": "animal"}],
        "annotations": annotations,
    }
    path = folder / "instances.json"
    path.write_text(json.dumps(table | other))
    return path


def only_sample(folder, *annotations, **other):
    (sample,) = coco.read(study(folder, [(5, 8, 6)], {"instances": written(folder, *annotations, **other)}))
    return sample


def region_of(folder, **row):
    (region,) = only_sample(folder, INSTANCE | row).regions
    return region


@given(mask=masks.filter(np.any), data=st.data())
def test_wherever_the_stated_box_lies_the_mask_covers_what_the_runs_say(tmp_path_factory, mask, data):
    height, width = mask.shape
    corner, edge = st.sampled_from([-1, 0, 0.5, 1]), st.sampled_from([0, 0.5, 1, 2, 9])
    bbox = list(data.draw(st.tuples(corner, corner, edge, edge)))
    encoded = {"size": [height, width], "counts": runs_of(mask)}
    images = [{"id": 5, "width": width, "height": height}]
    path = written(
        tmp_path_factory.mktemp("coco"), INSTANCE | {"bbox": bbox, "segmentation": encoded}, images=images
    )
    (sample,) = coco.read(study(path.parent, [(5, width, height)], {"instances": path}))
    (region,) = sample.regions
    assert np.array_equal(masking.region_mask(region, sample.size, "outline"), mask)
    assert region.said.get("bbox", bbox) == bbox


def test_a_stated_box_on_whole_pixels_that_holds_the_mask_stays(tmp_path):
    region = region_of(tmp_path, segmentation={"size": [6, 8], "counts": [15, 1, 32]})
    assert region.box == Box(1, 2, 4, 6)
    assert "bbox" not in region.said
    assert region.mask.astype(int).tolist() == [[0, 0, 0], [0, 1, 0], [0, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize("bbox", [[-1, 2, 5, 4], [1, -2, 3, 8], [1, 2, 8, 4], [1, 2, 3, 5], [1, 2, 2.5, 4]])
def test_a_stated_box_off_the_frame_or_off_whole_pixels_gives_way_to_the_masks_extent(tmp_path, bbox):
    region = region_of(tmp_path, bbox=bbox, segmentation={"size": [6, 8], "counts": [15, 1, 32]})
    assert region.box == Box(2, 3, 3, 4)
    assert region.said["bbox"] == bbox
    assert region.mask.tolist() == [[True]]


def test_an_empty_mask_covers_nothing(tmp_path):
    region = region_of(tmp_path, segmentation={"size": [6, 8], "counts": [48]})
    assert region.box == Box(1, 2, 4, 6)
    assert not masking.region_mask(region, (8, 6), "outline").any()


@pytest.mark.parametrize(
    ("stated", "flag", "kept"),
    [({"iscrowd": 0}, False, {}), ({"iscrowd": 1}, True, {}), ({"iscrowd": 2}, None, {"iscrowd": 2})],
)
def test_a_crowd_is_a_crowd_only_where_the_file_says_so(tmp_path, stated, flag, kept):
    region = region_of(tmp_path, **stated)
    assert region.flags == Flags(group_of=flag)
    assert region.said == {"category_id": 3, "supercategory": "animal", **kept}


def test_a_crowd_nobody_spoke_of_is_unknown(tmp_path):
    row = {key: value for key, value in INSTANCE.items() if key != "iscrowd"}
    assert only_sample(tmp_path, row).regions[0].flags == Flags()


@pytest.mark.parametrize(
    ("stated", "who"),
    [
        ({"annotator_id": 3}, "annotator 3"),
        ({"annotator": " W-07 ", "annotator_id": 3}, "W-07"),
        ({"annotator": "", "annotator_id": "k2"}, "k2"),
        ({"annotator": "ana@example.org"}, "unknown"),
        ({"annotator_id": [3]}, "unknown"),
        ({"annotator_id": True}, "unknown"),
    ],
)
def test_who_annotated_is_known_where_a_field_of_the_data_set_says_it(tmp_path, stated, who):
    assert region_of(tmp_path, **stated).annotator == who


def test_unforeseen_fields_are_kept_under_their_own_names(tmp_path):
    assert region_of(tmp_path, keypoints=[1, 2, 2], score=0.5).said["keypoints"] == [1, 2, 2]


def test_the_manifests_own_licence_comes_first_and_an_unlisted_number_stays(tmp_path):
    sample = only_sample(tmp_path)
    assert sample.provenance.licence == "CC"
    assert sample.said == {"file_name": "5.jpg", "license": 9}


def test_a_box_outside_the_image_is_fine_as_it_is(tmp_path):
    assert region_of(tmp_path, bbox=[-3, -2, 100, 1]).box == Box(-3, -2, 97, -1)


@pytest.mark.parametrize(
    ("row", "why", "kept"),
    [
        ({"bbox": [float("nan"), 0, 1, 1]}, "bbox: [NaN, 0, 1, 1], not finite numbers alone", 0),
        ({"bbox": [0, 0, float("inf"), 1]}, "not finite numbers alone", 0),
        ({"bbox": [0, 0, 1e308, 1e308], "segmentation": 7}, "segmentation: 7, no outline", 1),
        ({"bbox": [1e308, 0, 1e308, 1]}, "four finite numbers", 0),
        ({"bbox": ["0", "0", "1", "1"]}, "not finite numbers alone", 0),
        ({"bbox": "0011"}, "not finite numbers alone", 0),
        ({"bbox": [True, 0, 1, 1]}, "not finite numbers alone", 0),
        ({"bbox": {"x": 0, "y": 0, "w": 1, "h": 1}}, "not finite numbers alone", 0),
        ({"bbox": []}, "bbox: none, and no outline", 0),
        ({"bbox": [0, 0, -1, 1]}, "left <= right", 0),
        ({"bbox": [0, 0, 1]}, "bbox: ", 0),
        ({"bbox": None}, "bbox: ", 0),
        ({"segmentation": [[0, 0, 1, 1]]}, "three or more vertices", 1),
        ({"segmentation": [[0, 0, 1, 1, 2]]}, "three or more vertices", 1),
        ({"segmentation": [[0, 0, 1, 1, float("inf"), 2]]}, "not finite numbers alone", 1),
        ({"segmentation": [[0, 0, 1, 1, float("nan"), 2]]}, "not finite numbers alone", 1),
        ({"segmentation": [[0, 0, 1, 1, 10**400, 2]]}, "not finite numbers alone", 1),
        ({"segmentation": [["0", "0", "1", "1", "0", "2"]]}, "not finite numbers alone", 1),
        ({"segmentation": [[[0, 0], [1, 1], [0, 2]]]}, "not finite numbers alone", 1),
        ({"segmentation": [[0, 0, 5, 0, 5, 5], [0, 0]]}, "three or more vertices", 1),
        ({"segmentation": [None]}, "not finite numbers alone", 1),
        ({"segmentation": {"size": [6, 8], "counts": [True, 47]}}, "no list of whole numbers", 1),
        ({"segmentation": {"size": [6, 8], "counts": [0.5, 47.5]}}, "no list of whole numbers", 1),
        ({"segmentation": {"size": [6, 8], "counts": ["48"]}}, "no list of whole numbers", 1),
        ({"segmentation": [{"size": [6, 8], "counts": [48]}, {"size": [6, 8], "counts": [47]}]}, "do not fill", 1),
        ({"segmentation": {"size": [8, 6], "counts": [48]}}, "runs for [8, 6]", 1),
        ({"segmentation": {"size": [6, 8], "counts": [47]}}, "do not fill the 8 × 6 pixels", 1),
        ({"segmentation": {"size": [6, 8], "counts": [49, -1]}}, "do not fill the 8 × 6 pixels", 1),
        ({"segmentation": {"size": [6, 8], "counts": [10**30]}}, "do not fill the 8 × 6 pixels", 1),
        ({"segmentation": {"size": [6, 8], "counts": "\u00e9"}}, "no compressed RLE", 1),
        ({"segmentation": {"size": [6, 8], "counts": "P"}}, "ends within a number", 1),
        ({"segmentation": {"size": [6, 8]}}, "segmentation: no counts", 1),
    ],
)  # fmt: skip
def test_what_is_no_annotation_is_listed_with_its_row_and_the_others_are_read(tmp_path, row, why, kept):
    sample = only_sample(tmp_path, INSTANCE | row, INSTANCE | {"id": 2})
    assert [region.id for region in sample.regions] == ["1", "2"][-1 - kept :]
    (rejected,) = sample.rejected
    assert (rejected.id, rejected.image, rejected.label) == ("1", "5", "cat")
    assert rejected.place == "instances.json, annotation 1"
    assert why in rejected.reason
    assert rejected.kept == ("the box" if kept else "")
    assert json.dumps(rejected.row) == json.dumps(INSTANCE | row)


OUTLINE = [[1, 1, 4, 1, 4, 3, 1, 3]]


@pytest.mark.parametrize("without", [{}, {"bbox": None}, {"bbox": []}])
def test_an_outline_without_a_box_gives_its_extent(tmp_path, without):
    row = {key: value for key, value in INSTANCE.items() if key != "bbox"} | without
    sample = only_sample(tmp_path, row | {"segmentation": OUTLINE})
    (region,) = sample.regions
    assert (region.box, region.polygons) == (Box(1, 1, 4, 3), (((1, 1), (4, 1), (4, 3), (1, 3)),))
    assert sample.rejected == ()
    masked = only_sample(tmp_path, row | {"segmentation": {"size": [6, 8], "counts": [15, 1, 32]}})
    assert (masked.regions[0].box, masked.regions[0].mask.tolist()) == (Box(2, 3, 3, 4), [[True]])
    assert masked.rejected == ()
    (nothing,) = only_sample(tmp_path, row | {"segmentation": {"size": [6, 8], "counts": [48]}}).rejected
    assert nothing.reason == "bbox: none, and no outline that covers anything"


@pytest.mark.parametrize("bbox", [[0, 0, -1, 1], [float("nan"), 0, 1, 1], "box"])
def test_an_outline_whose_box_is_none_is_taken_and_listed(tmp_path, bbox):
    sample = only_sample(tmp_path, INSTANCE | {"bbox": bbox, "segmentation": OUTLINE})
    assert [region.box for region in sample.regions] == [Box(1, 1, 4, 3)]
    (rejected,) = sample.rejected
    assert rejected.reason.startswith("bbox: ")
    assert rejected.kept == "the outline"


def test_a_polygon_that_stands_in_no_list_is_one(tmp_path):
    assert region_of(tmp_path, segmentation=OUTLINE[0]).polygons == (((1, 1), (4, 1), (4, 3), (1, 3)),)


def test_runs_in_a_list_are_united_and_so_are_polygons_beside_them(tmp_path):
    one, two = ({"size": [6, 8], "counts": [n, 1, 47 - n]} for n in (15, 17))
    region = region_of(tmp_path, segmentation=[one, two])
    assert masking.region_mask(region, (8, 6), "outline").sum() == 2
    assert np.argwhere(masking.region_mask(region, (8, 6), "outline")).tolist() == [[3, 2], [5, 2]]
    both = region_of(tmp_path, segmentation=[one, [0, 0, 2, 0, 2, 1, 0, 1]])
    assert np.argwhere(masking.region_mask(both, (8, 6), "outline")).tolist() == [[0, 0], [0, 1], [3, 2]]
    as_text = {"size": [6, 8], "counts": compressed([15, 1, 32])}
    assert region_of(tmp_path, segmentation=[as_text]).mask.sum() == 1


def test_runs_may_be_bytes_and_numbers_with_a_point(tmp_path):
    expected = rle.decode_mask({"size": [6, 8], "counts": [15, 1, 32]}, (8, 6))
    for counts in (compressed([15, 1, 32]).encode(), [15.0, 1, 32]):
        assert np.array_equal(rle.decode_mask({"size": [6, 8], "counts": counts}, (8, 6)), expected)


def test_the_case_of_an_outline_without_a_box(tmp_path):
    (first, second) = datasets.read(
        manifests.load(str(copy_case("files/04-coco-outline-without-bbox", tmp_path) / "mine.toml"))
    )
    assert [(region.label, region.box) for region in first.regions] == [("cat", Box(10, 10, 60, 50))]
    assert (first.rejected, second.regions) == ((), ())


def test_the_case_of_runs_in_a_list(tmp_path):
    first = datasets.read(manifests.load(str(copy_case("files/07-rle-in-a-list", tmp_path) / "mine.toml")))[0]
    (region,) = first.regions
    assert masking.region_mask(region, first.size, "outline").sum() == 2400
    assert first.rejected == ()


@pytest.mark.parametrize("category", [4, None, "cat", True, [3], {"id": 3}, 3.5])
def test_an_annotation_of_no_category_is_listed_and_the_others_are_read(tmp_path, category):
    sample = only_sample(tmp_path, INSTANCE | {"category_id": category}, INSTANCE | {"id": 2})
    assert [region.id for region in sample.regions] == ["2"]
    assert [each.reason for each in sample.rejected] == [
        f"category_id: {json.dumps(category)}, none that categories lists"
    ]


@pytest.mark.parametrize("name", ["\ud800", ["7"], True, {"id": 7}])
def test_an_id_that_is_none_is_listed_with_its_annotation(tmp_path, name):
    sample = only_sample(tmp_path, {**INSTANCE, "id": name})
    assert sample.regions == ()
    (rejected,) = sample.rejected
    rejected.in_words().encode()


@pytest.mark.parametrize("name", [None, 7, ["cat"], True, {"en": "cat"}, "\ud800"])
def test_a_category_without_a_word_makes_no_label(tmp_path, name):
    sample = only_sample(tmp_path, INSTANCE, categories=[{"id": 3, "name": name}])
    assert sample.regions == ()
    (rejected,) = sample.rejected
    assert rejected.reason.startswith("the name of the category 3: ")


def test_a_category_that_is_named_twice_differently_is_a_fault(tmp_path):
    twice = [{"id": 3, "name": "cat"}, {"id": "3", "name": "dog"}]
    with pytest.raises(
        DataError, match='categories: found the category 3 as "cat" and as "dog"; expected one'
    ):
        only_sample(tmp_path, INSTANCE, categories=twice)
    assert only_sample(tmp_path, INSTANCE, categories=twice[:1] * 2).regions[0].label == "cat"


IDS = [5, 5.0, "5", "0005", "5.0", " 5 "]


@pytest.mark.parametrize("image", IDS)
@pytest.mark.parametrize("annotation", IDS)
def test_ids_join_by_their_value(tmp_path, image, annotation):
    images = [{"id": image, "width": 8, "height": 6, "file_name": "5.jpg", "license": "9"}]
    path = written(
        tmp_path,
        INSTANCE | {"image_id": annotation, "category_id": "03"},
        images=images,
        licenses=[{"id": 9, "name": "CC"}],
        categories=[{"id": 3.0, "name": "cat"}],
    )
    for own in ("5", "000000000005"):
        (sample,) = coco.read(study(tmp_path, [(own, 8, 6)], {"instances": path}, licence=""))
        assert (sample.id, len(sample.regions), sample.provenance.licence) == (own, 1, "CC")


@pytest.mark.parametrize("value", [2**53 + 1, 10**30, -7, 0])
def test_ids_of_any_length_are_told_apart(tmp_path, value):
    images = [{"id": each, "width": 8, "height": 6} for each in (value, value + 1)]
    path = written(tmp_path, INSTANCE | {"image_id": str(value)}, images=images)
    samples = coco.read(study(tmp_path, [(value, 8, 6), (value + 1, 8, 6)], {"instances": path}))
    assert [len(sample.regions) for sample in samples] == [1, 0]


def test_two_rows_of_the_table_with_one_number_are_a_fault(tmp_path):
    with pytest.raises(DataError, match=r"mine\.csv, id: found '05', the number of another row"):
        coco.read(study(tmp_path, [("5", 8, 6), ("05", 8, 6)], {"instances": written(tmp_path)}))


def test_annotations_without_an_id_are_taken_and_those_with_something_else_are_listed(tmp_path):
    bare = {key: value for key, value in INSTANCE.items() if key != "id"}
    sample = only_sample(
        tmp_path, bare, bare | {"id": None}, *(bare | {"id": each} for each in (True, [1], {}))
    )
    assert [region.id for region in sample.regions] == ["", ""]
    assert [each.reason for each in sample.rejected] == [
        f"id: {each}, no number and no text" for each in ("true", "[1]", "{}")
    ]


def test_an_id_that_comes_a_second_time_is_listed_with_its_row(tmp_path):
    sample = only_sample(tmp_path, INSTANCE, INSTANCE | {"id": "01"}, INSTANCE | {"id": 2})
    assert [region.id for region in sample.regions] == ["1", "2"]
    assert [(each.id, each.reason) for each in sample.rejected] == [("01", 'id: "01" a second time')]


@pytest.mark.parametrize("image", [6, None, True, "five", [5], {"id": 5}, 5.5, float("nan")])
def test_an_annotation_of_no_listed_image_is_listed_beside(tmp_path, image):
    path = written(tmp_path, INSTANCE, INSTANCE | {"id": 2, "image_id": image}, 7, images=[
        {"id": each, "width": 8, "height": 6} for each in (5, 8)
    ])  # fmt: skip
    unmatched = []
    (sample,) = datasets.read(study(tmp_path, [(5, 8, 6)], {"instances": path}), unmatched)
    assert (len(sample.regions), sample.rejected) == (1, ())
    assert [(each.place, each.label) for each in unmatched] == [
        ("instances.json, annotation 2", "cat"),
        ("instances.json, annotation 3", ""),
    ]
    assert unmatched[0].reason == f"image_id: {json.dumps(image)}, none of the images that the files list"
    assert (unmatched[1].reason, unmatched[1].row) == ("7, no annotation", 7)
    streamed = []
    assert len(list(datasets.stream(study(tmp_path, [(5, 8, 6)], {"instances": path}), streamed))) == 1
    assert repr(streamed) == repr(unmatched)


def test_an_annotation_without_an_image_does_not_match_an_image_without_an_id(tmp_path):
    bare = {key: value for key, value in INSTANCE.items() if key != "image_id"}
    images = [{"id": 5, "width": 8, "height": 6}, {"width": 8, "height": 6}, {"id": None}]
    unmatched = []
    path = written(tmp_path, INSTANCE, bare, images=images)
    coco.read(study(tmp_path, [(5, 8, 6)], {"instances": path}), unmatched)
    assert [each.reason for each in unmatched] == ["image_id: null, none of the images that the files list"]


def test_annotations_of_an_image_that_the_study_does_not_look_at_are_no_unmatched_ones(tmp_path):
    images = [{"id": each, "width": 8, "height": 6} for each in (5, 6)]
    path, unmatched = written(tmp_path, INSTANCE | {"image_id": 6}, images=images), []
    captions = tmp_path / "captions.json"
    captions.write_text(json.dumps({"annotations": [{"id": 1, "image_id": 6, "caption": "A cat."}]}))
    coco.read(study(tmp_path, [(5, 8, 6)], {"instances": path, "captions": captions}), unmatched)
    assert unmatched == []


def test_a_file_of_which_no_annotation_matches_an_image_is_a_fault(tmp_path):
    path = written(tmp_path, *(INSTANCE | {"id": n, "image_id": f"image {n}"} for n in range(3)))
    expected = r"instances\.json, annotations: found no annotation that matches an image; expected in each"
    with pytest.raises(DataError, match=expected):
        coco.read(study(tmp_path, [(5, 8, 6)], {"instances": path}))
    captions = tmp_path / "captions.json"
    captions.write_text(json.dumps({"annotations": [{"id": 1, "image_id": 6, "caption": "A cat."}]}))
    files = {"instances": written(tmp_path, INSTANCE), "captions": captions}
    with pytest.raises(DataError, match=r"captions\.json, annotations: found no annotation that matches"):
        coco.read(study(tmp_path, [(5, 8, 6)], files))


@pytest.mark.parametrize("caption", [None, 3, ["A cat."], True, {"raw": "A cat."}])
def test_a_caption_that_is_no_text_is_listed(tmp_path, caption):
    path = tmp_path / "captions.json"
    rows = [{"id": 7, "image_id": 5, "caption": caption}, {"id": 8, "image_id": "5", "caption": "A cat."}]
    path.write_text(json.dumps({"annotations": rows}))
    (sample,) = coco.read(study(tmp_path, [(5, 8, 6)], {"instances": written(tmp_path), "captions": path}))
    assert sample.said["captions"] == [{"id": 8, "caption": "A cat."}]
    (rejected,) = sample.rejected
    assert (rejected.id, rejected.place) == ("7", "captions.json, annotation 1")
    assert rejected.reason == f"caption: {json.dumps(caption)}, no text"


@pytest.mark.parametrize("licence", [{"name": 7}, {"name": "CC", "url": ["x"]}])
def test_a_licence_that_is_no_text_is_a_fault_of_the_file(tmp_path, licence):
    with pytest.raises(
        DataError, match=r"licenses, (name|url): found (7|\[\"x\"\]); expected a text, or null"
    ):
        only_sample(tmp_path, INSTANCE, licenses=[{"id": 9} | licence])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_is_read_in_every_encoding_of_json_and_packed(tmp_path, encoding, packed):
    path = written(tmp_path, INSTANCE, categories=[{"id": 3, "name": "Vélo"}])
    table = json.loads(path.read_text())
    data = json.dumps(table, ensure_ascii=False, indent=1).replace("\n", "\r\n").encode(encoding)
    path.write_bytes(gzip.compress(data) if packed else data)
    (sample,) = coco.read(study(tmp_path, [(5, 8, 6)], {"instances": path}))
    assert sample.regions[0].label == "Vélo"


@pytest.mark.parametrize("deep", [99, 150, 900, 3000, 100_000])
def test_lists_in_lists_are_read_or_a_fault(tmp_path, deep):
    path = written(tmp_path, INSTANCE)
    path.write_text(path.read_text().replace('"iscrowd"', f'"deep": {"[" * deep}{"]" * deep}, "iscrowd"'))
    if deep < 100:
        assert len(coco.read(study(tmp_path, [(5, 8, 6)], {"instances": path}))[0].regions) == 1
    else:
        with pytest.raises(DataError, match=r"instances\.json: found no annotations \(.*(deep|recursion)"):
            coco.read(study(tmp_path, [(5, 8, 6)], {"instances": path}))


def test_a_packed_file_that_is_not_whole_is_a_fault(tmp_path):
    path = written(tmp_path, INSTANCE)
    path.write_bytes(gzip.compress(path.read_bytes())[:-20])
    with pytest.raises(DataError, match="not whole"):
        coco.read(study(tmp_path, [(5, 8, 6)], {"instances": path}))


def test_captions_are_kept_as_they_are(tmp_path):
    captions = tmp_path / "captions.json"
    row = {"id": 7, "image_id": 5, "caption": "A cat."}
    captions.write_text(json.dumps({"annotations": [row, row | {"image_id": 6}], "images": [{"id": 6}]}))
    files = {"instances": written(tmp_path), "captions": captions}
    (sample,) = coco.read(study(tmp_path, [(5, 8, 6)], files))
    assert sample.said["captions"] == [{"id": 7, "caption": "A cat."}]
    assert sample.phrases == ()


PERSON = {"id": 3, "name": "person", "supercategory": "person", "keypoints": ["nose"], "skeleton": [[1, 1]]}


def with_keypoints(folder, *rows, instances=(INSTANCE,)):
    path = folder / "person_keypoints.json"
    path.write_text(json.dumps({"annotations": rows, "categories": [PERSON]}))
    files = {"instances": written(folder, *instances), "keypoints": path}
    (sample,) = coco.read(study(folder, [(5, 8, 6)], files))
    return sample


def test_keypoints_join_the_region_of_their_id_and_say_what_they_say_otherwise(tmp_path):
    row = INSTANCE | {"keypoints": [1, 2, 2], "num_keypoints": 1, "bbox": [0, 0, 1, 1]}
    (region,) = with_keypoints(tmp_path, row).regions
    assert (region.label, region.box) == ("cat", Box(1, 2, 4, 6))
    assert region.said == {
        "category_id": 3,
        "supercategory": "person",
        "keypoints": [1, 2, 2],
        "num_keypoints": 1,
        "keypoints_bbox": [0, 0, 1, 1],
        "category_keypoints": ["nose"],
        "skeleton": [[1, 1]],
    }


def test_keypoints_without_an_instance_are_a_region_themselves(tmp_path):
    first, second = with_keypoints(tmp_path, INSTANCE | {"id": 2, "keypoints": [1, 2, 2]}).regions
    assert (first.id, second.id, second.label) == ("1", "2", "person")
    assert (second.said["keypoints"], second.said["category_keypoints"]) == ([1, 2, 2], ["nose"])


def test_keypoints_of_a_rejected_instance_are_listed_too(tmp_path):
    wrong = INSTANCE | {"bbox": None}
    sample = with_keypoints(tmp_path, INSTANCE | {"keypoints": [1, 2, 2]}, instances=[wrong])
    assert sample.regions == ()
    assert [each.id for each in sample.rejected] == ["1", "1"]
    assert sample.rejected[1].row["keypoints"] == [1, 2, 2]


def test_keypoints_whose_id_comes_twice_are_listed(tmp_path):
    sample = with_keypoints(tmp_path, INSTANCE, INSTANCE)
    assert len(sample.regions) == 1
    assert [(each.place, each.reason) for each in sample.rejected] == [
        ("person_keypoints.json, annotation 2", "id: 1 a second time")
    ]


def test_keypoints_join_the_region_of_their_id_by_its_value(tmp_path):
    (region,) = with_keypoints(tmp_path, INSTANCE | {"id": "01", "keypoints": [1, 2, 2]}).regions
    assert (region.id, region.said["keypoints"]) == ("1", [1, 2, 2])


def test_an_outline_of_a_hundred_thousand_vertices_is_read_and_masks_what_it_holds(tmp_path):
    turns = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
    flat = np.column_stack([4 + 2 * np.cos(turns), 3 + 2 * np.sin(turns)]).ravel().tolist()
    region = region_of(tmp_path, bbox=[2, 1, 4, 4], segmentation=[flat])
    assert len(region.polygons[0]) == 100_000
    assert masking.region_mask(region, (8, 6), "outline").astype(int).tolist() == [
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 1, 1, 0, 0, 0],
        [0, 0, 1, 1, 1, 1, 0, 0],
        [0, 0, 1, 1, 1, 1, 0, 0],
        [0, 0, 0, 1, 1, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
    ]


def drawing(folder, *labels, subset="", **files):
    """Return a study that carries the rule of a draw and has no images yet."""
    return replace(study(folder, [], files), draw=sampling.Rule(2, 7, labels, subset))


@pytest.fixture(scope="module")
def real_files():
    if not TRAIN.is_file():
        pytest.skip("the real rows of COCO are not here: ../shared/testdata/coco")
    return {"instances_one": TRAIN, "instances_two": VAL}


def test_a_draw_takes_images_from_the_whole_list_or_from_a_subset(real_files):
    assert len(coco.ids(drawing(SOURCE, **real_files))) == 38
    assert coco.ids(drawing(SOURCE, subset="val2017", **real_files)) == coco.ids(
        drawing(SOURCE, subset="two", **real_files)
    )
    assert len(coco.ids(drawing(SOURCE, subset="val2017", **real_files))) == 6


@pytest.mark.parametrize(
    ("words", "drawn"),
    [
        (["giraffe"], {"289393", "153299"}),
        (["25", "cow"], {"289393", "153299"}),
        (["animal"], {"289393", "456496", "296649", "41888", "153299", "181666"}),
    ],
)
def test_a_draw_takes_only_images_that_bear_a_category(real_files, words, drawn):
    assert set(coco.ids(drawing(SOURCE, *words, **real_files))) == drawn


def test_a_word_that_no_category_has_is_named_with_those_near_it(real_files):
    with pytest.raises(ParameterError, match="labels: found 'girafe'.*Near it: giraffe"):
        coco.ids(drawing(SOURCE, "girafe", **real_files))


def test_a_subset_that_no_file_is_named_after_is_refused_with_those_that_are(real_files):
    with pytest.raises(
        ParameterError, match="one that the files' names end in: one, train2017, two, val2017"
    ):
        coco.ids(drawing(SOURCE, subset="test2017", **real_files))


def test_a_drawn_image_is_described_as_the_file_says(real_files):
    (candidate,) = coco.describe(drawing(SOURCE, **real_files), ["491497"])
    assert candidate == sampling.Candidate(
        id="491497",
        file="val2017/000000491497.jpg",
        url="http://images.cocodataset.org/val2017/000000491497.jpg",
        licence="Attribution-NonCommercial-NoDerivs License, http://creativecommons.org/licenses/by-nc-nd/2.0/",
        author="unknown",
        source="http://farm3.staticflickr.com/2076/2227048481_0ed8653652_z.jpg",
    )


def test_a_drawn_image_in_an_archive_is_described_with_its_place_there(tmp_path):
    rows = [{"id": 5, "file_name": "5.jpg", "coco_url": "http://example.org/val/5.jpg"}]
    with zipfile.ZipFile(tmp_path / "val.zip", "w") as archive:
        archive.writestr("val/5.jpg", b"x")
    files = {"instances": written(tmp_path, images=rows), "images_val": tmp_path / "val.zip"}
    (candidate,) = coco.describe(drawing(tmp_path, **files), ["5"])
    assert candidate.archive == ("val.zip", "val/5.jpg")
    assert (candidate.licence, candidate.source) == ("unknown", "http://example.org/val/5.jpg")


def test_an_archive_that_is_none_is_named(tmp_path):
    (tmp_path / "val.zip").write_bytes(b"x")
    files = {"instances": written(tmp_path), "images": tmp_path / "val.zip"}
    with pytest.raises(
        DataError, match="found no archive .File is not a zip file.; expected a zip of images"
    ):
        coco.describe(drawing(tmp_path, **files), ["5"])


@pytest.mark.parametrize(
    "name",
    [
        "IMG 0001 (1).jpg",
        "a,b;c.jpg",
        "50%.jpg",
        "#1.jpg",
        "été/ä.jpg",
        "./a.jpg",
        "a\\b.jpg",
        "$$[x].jpg",
        "👩\u200d👧.jpg",
        "1.02\u202fPM.jpg",
    ],
)
def test_a_file_is_named_as_people_name_files(tmp_path, name):
    files = {"instances": written(tmp_path, images=[{"id": 5, "file_name": name, "coco_url": "http://[x"}])}
    (candidate,) = coco.describe(drawing(tmp_path, **files), ["5"])
    assert (candidate.file, candidate.url) == (name, "http://[x")


@pytest.mark.parametrize("name", [7, True, ["5.jpg"], {"name": "5.jpg"}, "\ud800.jpg", "a\nb.jpg"])
def test_a_name_that_is_no_text_names_no_file(tmp_path, name):
    files = {"instances": written(tmp_path, images=[{"id": 5, "file_name": name}])}
    with pytest.raises(DataError, match="image 5: found .*; expected the name of a file"):
        coco.describe(drawing(tmp_path, **files), ["5"])


@pytest.mark.parametrize("own", [None, True, [5], {}])
def test_a_draw_names_images_whose_id_is_none(tmp_path, own):
    files = {"instances": written(tmp_path, images=[{"id": 5}, {"id": own}])}
    with pytest.raises(DataError, match="images, entry 2: found the id .*; expected a number or a text"):
        coco.ids(drawing(tmp_path, **files))


@pytest.mark.parametrize("name", ["", "../5.jpg", "/5.jpg", "a/../5.jpg", None])
def test_every_drawn_image_without_a_usable_name_is_a_fault(tmp_path, name):
    files = {"instances": written(tmp_path, images=[{"id": 5, "file_name": name}])}
    with pytest.raises(DataError) as caught:
        coco.describe(drawing(tmp_path, **files), ["5", "6"])
    assert [fault.where.rpartition(", ")[2] for fault in caught.value.faults] == ["image 5", "image 6"]


def test_only_images_of_the_manifest_are_returned(tmp_path):
    images = [{"id": 5, "width": 8, "height": 6}, {"id": 6, "width": 8, "height": 6}]
    sample = only_sample(tmp_path, INSTANCE | {"image_id": 6}, images=images)
    assert (sample.id, sample.regions) == ("5", ())


def test_all_faults_are_reported_together(tmp_path):
    path = written(tmp_path, categories=[{"id": 3, "name": "cat"}, {"id": 3, "name": "dog"}])
    (tmp_path / "broken.json").write_text("{")
    files = {
        "instances": path,
        "instances_more": tmp_path / "broken.json",
        "captions": tmp_path / "none.json",
    }
    with pytest.raises(DataError) as caught:
        coco.read(study(tmp_path, [(5, 8, 7)], files))
    said = [str(fault) for fault in caught.value.faults]
    assert len(said) == 3
    assert 'found the category 3 as "cat" and as "dog"' in said[0]
    assert "broken.json: found no annotations" in said[1]
    assert "none.json: found no annotations" in said[2]


@pytest.mark.parametrize("stated", [{}, {"width": None, "height": None}, {"width": 0, "height": 0}])
def test_an_image_without_a_stated_size_is_read(tmp_path, stated):
    sample = only_sample(tmp_path, INSTANCE, images=[{"id": 5} | stated])
    assert (sample.size, len(sample.regions), sample.rejected) == ((8, 6), 1, ())


@pytest.mark.parametrize("stated", [{"width": 8.0, "height": "6"}, {"width": "8", "height": 6}])
def test_a_size_is_the_number_that_it_says(tmp_path, stated):
    assert len(only_sample(tmp_path, INSTANCE, images=[{"id": 5} | stated]).regions) == 1


@pytest.mark.parametrize(
    ("stated", "told"),
    [((8, 7), "8 × 7"), ((6, 8), "6 × 8"), ((None, 6), "null × 6"), ((True, 6), "true × 6")],
)
def test_annotations_of_an_image_listed_at_another_size_are_listed_alone(tmp_path, stated, told):
    images = [
        {"id": 5, "width": stated[0], "height": stated[1]},
        {"id": 6, "width": 8, "height": 6},
    ]
    path = written(tmp_path, INSTANCE, INSTANCE | {"id": 8, "image_id": 6}, images=images)
    odd, other = coco.read(study(tmp_path, [(5, 8, 6), (6, 8, 6)], {"instances": path}))
    (found,) = odd.rejected
    assert (odd.regions, found.image, found.label) == ((), "5", "cat")
    assert found.reason == f"size: {told} pixels, not 8 × 6 as the image has"
    assert (len(other.regions), other.rejected) == (1, ())


def test_licences_that_are_null_are_none(tmp_path):
    assert len(only_sample(tmp_path, INSTANCE, licenses=None).regions) == 1


def test_a_list_that_a_file_has_not_is_said_to_be_none(tmp_path):
    path = tmp_path / "instances.json"
    path.write_text(json.dumps({"images": [{"id": 5, "width": 8, "height": 6}], "categories": []}))
    with pytest.raises(DataError, match="annotations: found none; expected a list of objects"):
        coco.read(study(tmp_path, [(5, 8, 6)], {"instances": path}))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"bbox": [1, 2, 3]}, "bbox: [1, 2, 3], not x, y, width and height"),
        ({"bbox": [1, 2, 3, 4, 5]}, "bbox: [1, 2, 3, 4, 5], not x, y, width and height"),
        (
            {"segmentation": [[1, 1, 5, 1, 5, 5, 1]]},
            "segmentation: a polygon: [1, 1, 5, 1, 5, 5, 1], an x without its y",
        ),
    ],
)
def test_a_row_of_another_length_is_told_in_words(tmp_path, row, reason):
    (found,) = only_sample(tmp_path, INSTANCE | row).rejected
    assert found.reason == reason


@pytest.mark.parametrize(
    "broken", [{"images": 3}, {"annotations": None}, {"categories": [1]}, {"licenses": "x"}]
)
def test_a_file_of_another_kind_is_named(tmp_path, broken):
    with pytest.raises(DataError, match="expected a list of objects"):
        only_sample(tmp_path, **broken)


def test_a_study_without_instances_is_named(tmp_path):
    with pytest.raises(DataError, match="mine.toml, files: found no instances"):
        coco.read(study(tmp_path, [], {}))


def test_an_image_that_the_files_do_not_list_is_named(tmp_path):
    with pytest.raises(DataError, match="found no image 6; expected all images of the manifest"):
        coco.read(study(tmp_path, [(5, 8, 6), (6, 1, 1)], {"instances": written(tmp_path)}))


def test_an_image_listed_twice_differently_is_named(tmp_path):
    twice = [{"id": 5, "width": 8, "height": 6}, {"id": "5", "width": 8, "height": 6}]
    assert only_sample(tmp_path, images=twice).size == (8, 6)
    with pytest.raises(DataError, match="images: found 5 a second time, with something else"):
        only_sample(tmp_path, images=[*twice, {"id": 5, "width": 8, "height": 7}])


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.sampled_from(["size", "counts"]), inner),
    max_leaves=8,
)


WHOLE = {
    "instances": {
        "images": [{"id": 5, "width": 8, "height": 6, "file_name": "5.jpg", "license": 9}, {"id": 6}],
        "categories": [{"id": 3, "name": "cat", "supercategory": "animal"}, {"id": 4, "name": "dog"}],
        "licenses": [{"id": 9, "name": "CC", "url": "u"}],
        "annotations": [
            {
                "id": 1,
                "image_id": 5,
                "category_id": 3,
                "bbox": [1, 2, 3, 4],
                "iscrowd": 0,
                "segmentation": [],
            },
            {"id": 2, "image_id": 5, "category_id": 4, "bbox": [1, 1, 3, 2], "segmentation": OUTLINE},
            {
                "id": 3,
                "image_id": 5,
                "category_id": 4,
                "segmentation": {"size": [6, 8], "counts": [15, 1, 32]},
            },
            {"id": 4, "image_id": 6, "category_id": 3, "bbox": [1, 2, 3, 4]},
        ],
    },
    "captions": {"annotations": [{"id": 7, "image_id": 5, "caption": "A cat."}, {"id": 8, "image_id": 6}]},
    "keypoints": {
        "annotations": [{"id": 1, "image_id": 5, "category_id": 3, "keypoints": [1, 2, 2]}],
        "categories": [PERSON],
    },
}
WAYS = [path for path in places(WHOLE) if len(path) > 1]


def images_of(tables, name, key):
    """Return what the rows of a list say of their images, joined by value; an empty text where it is nothing."""
    rows = (row if isinstance(row, dict) else {} for row in tables[name][key])
    return [fields.id_key(row.get("id" if key == "images" else "image_id")) for row in rows]


@examples(300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(WAYS), st.one_of(damages, st.just(places))), max_size=2))
def test_of_a_damaged_file_every_annotation_is_taken_or_listed_or_the_file_is_a_fault(
    tmp_path_factory, wounds
):
    folder, tables = tmp_path_factory.getbasetemp(), WHOLE
    for path, damage in wounds:
        with contextlib.suppress(KeyError, IndexError, TypeError):
            tables = damaged(tables, path, damage)
    files = {name: folder / f"damaged_{name}.json" for name in tables}
    for name, path in files.items():
        path.write_text(json.dumps(tables[name]))
    unmatched = []
    try:
        (sample,) = datasets.read(study(folder, [(5, 8, 6)], files), unmatched)
    except DataError:
        return
    nothing = [each for each in sample.rejected if not each.kept]
    taken = len(sample.regions) + len(sample.said.get("captions", ()))
    unseen = {name for name in images_of(tables, "instances", "images") if name not in {"", "5"}}
    there = [name for kind in tables for name in images_of(tables, kind, "annotations") if name not in unseen]
    joined = len(there) - taken - len(nothing) - len(unmatched)
    assert joined in {0, 1}
    if joined:
        (row,) = tables["keypoints"]["annotations"]
        assert fields.id_key(row["id"]) in {fields.id_key(region.id) for region in sample.regions}
    if not wounds:
        assert (taken, nothing, unmatched, joined) == (4, [], [], 1)


def test_every_real_image_comes_back_out_of_fiftyone(real, through_fiftyone, same):
    samples = list(real[0].values())
    same(through_fiftyone(samples), samples)
