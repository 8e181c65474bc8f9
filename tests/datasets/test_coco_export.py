"""An export for COCO's tools: what COCO has a place for is where they look, everything else comes back."""

import hashlib
import json

import numpy as np
import pytest
from damage import damaged, damages, places
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image
from trying import examples

from retrain_kit.annotations.samples import (
    Box,
    Click,
    Flags,
    ImageLabel,
    Phrase,
    PointLabel,
    Provenance,
    Region,
    RejectedAnnotation,
    Relationship,
    Sample,
    Votes,
)
from retrain_kit.datasets import coco
from retrain_kit.datasets.coco import export as coco_export
from retrain_kit.datasets.formats import kit_json
from retrain_kit.errors import DataError
from retrain_kit.imaging import masking
from retrain_kit.studies import manifests


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "here" / "p.png"
    path.parent.mkdir()
    Image.fromarray(np.arange(8 * 6 * 3, dtype=np.uint8).reshape(6, 8, 3)).save(path)
    return Sample(
        "p1",
        path,
        8,
        6,
        regions=(
            Region(
                "Bird",
                Box(0.1, 0.2, 3.3, 4),
                "b1",
                "xclick",
                flags=Flags(occluded=True),
                clicks=(Click(1, 2.5),),
            ),
            Region(
                "Tree", Box(1, 1, 5, 4), "t1", mask=np.array([[True, False], [True, True]]), said={"iou": 0.5}
            ),
            Region(
                "Bird",
                Box(0, 0, 4, 4),
                "b2",
                polygons=(((0, 0), (4, 0), (0, 4)),),
                flags=Flags(group_of=False),
            ),
            Region(
                "Bird",
                Box(0, 0, 2, 2),
                "b3",
                polygons=(((0, 0), (2, 0), (0, 2)),),
                flags=Flags(group_of=True),
            ),
        ),
        phrases=(Phrase("a bird", Box(0, 0, 1, 1), "p", "Ann", {"n": [1]}),),
        labels=(ImageLabel("Sea", present=False, annotator="verification"), ImageLabel("Sky", present=None)),
        points=(
            PointLabel("Leg", 1.5, 2, present=True, votes=Votes(2, 1, 0)),
            PointLabel("Leg", 1, 2, present=None),
        ),
        relationships=(Relationship("b1", "on", "t1", "r", "Ann", {"score": 1}),),
        rejected=(
            RejectedAnnotation("a", "no box", "7", "Kite", "objects.json, row 3", "", {"box": [1, None]}),
        ),
        provenance=Provenance("Ann", "CC0-1.0", "https://example.org", "0" * 64, "a note"),
        alt="A bird",
        notice="none",
        leaves_out="the wind",
        said={"ids": {"flickr": 7}, "crops": [], "none": None},
    )


def test_everything_comes_back(sample, tmp_path, same):
    labels = coco_export.write_coco([sample], tmp_path / "out")
    (back,) = coco_export.restore_coco(tmp_path / "out")
    assert labels == tmp_path / "out" / "labels.json"
    assert back.path == tmp_path / "out" / "data" / "000000000001.png"
    assert back.path.read_bytes() == sample.path.read_bytes()
    same([kit_json.replace(back, path=sample.path)], [sample])


whatever = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
said = st.text(max_size=6)
rejections = st.builds(RejectedAnnotation, said, said, said, said, said, said, whatever)


@examples(30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(rejections, max_size=3))
def test_what_was_rejected_comes_back_whatever_it_says(sample, tmp_path, rejected):
    told = kit_json.replace(sample, rejected=tuple(rejected))
    coco_export.write_coco([told], tmp_path / "out")
    (back,) = coco_export.restore_coco(tmp_path / "out")
    assert back.rejected == told.rejected


def is_plain(sample):
    """Say whether a sample's texts are texts and its numbers are numbers."""
    texts = [sample.id, sample.alt, sample.notice, sample.leaves_out, *vars(sample.provenance).values()]
    for each in (*sample.regions, *sample.labels, *sample.points):
        texts += [each.label, each.annotator]
    for lost in sample.rejected:
        texts += [lost.image, lost.reason, lost.id, lost.label, lost.place, lost.kept]
    return all(isinstance(text, str) for text in texts) and {type(edge) for edge in sample.size} == {int}


@examples(150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data(), damage=damages | st.just(places))
def test_of_a_damaged_export_comes_what_it_says_or_a_fault(sample, tmp_path, data, damage):
    labels = tmp_path / "out" / "labels.json"
    if not labels.exists():
        coco_export.write_coco([sample], tmp_path / "out")
        (tmp_path / "whole.json").write_bytes(labels.read_bytes())
    table = json.loads((tmp_path / "whole.json").read_text())
    way = data.draw(st.sampled_from([way for way in places(table) if way]))
    labels.write_text(json.dumps(damaged(table, way, damage)))
    try:
        found = coco_export.restore_coco(tmp_path / "out")
    except DataError:
        return
    assert all(map(is_plain, found))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_an_export_that_went_through_an_editor_comes_back(sample, tmp_path, encoding):
    labels = coco_export.write_coco([sample], tmp_path / "out")
    expected = coco_export.restore_coco(tmp_path / "out")
    labels.write_bytes(labels.read_text(encoding="utf-8").encode(encoding))
    assert repr(coco_export.restore_coco(tmp_path / "out")) == repr(expected)
    labels.write_text("[" * 3000)
    with pytest.raises(DataError, match="no export of the kit"):
        coco_export.restore_coco(tmp_path / "out")


@pytest.mark.parametrize("text", ["\ud800", "é\udfff"])
def test_half_a_sign_in_a_source_comes_back(sample, tmp_path, text):
    told = kit_json.replace(sample, said={"word": text}, alt="é")
    coco_export.write_coco([told], tmp_path / "out")
    (back,) = coco_export.restore_coco(tmp_path / "out")
    assert (back.said, back.alt) == ({"word": text}, "é")


def test_coco_finds_what_it_has_a_place_for(sample, tmp_path):
    table = json.loads(coco_export.write_coco([sample], tmp_path).read_text())
    assert table["categories"] == [{"id": 1, "name": "Bird"}, {"id": 2, "name": "Tree"}]
    assert table["licenses"] == [{"id": 1, "name": "CC0-1.0"}]
    (image,) = table["images"]
    assert (image["id"], image["file_name"], image["width"], image["height"], image["license"]) == (
        1,
        "000000000001.png",
        8,
        6,
        1,
    )
    bird, tree, outlined, crowd = (
        {key: row[key] for key in row if key != "retrain_kit"} for row in table["annotations"]
    )
    assert bird == {
        "id": 1,
        "image_id": 1,
        "category_id": 1,
        "bbox": pytest.approx([0.1, 0.2, 3.2, 3.8]),
        "area": pytest.approx(12.16),
        "segmentation": [],
        "iscrowd": 0,
    }
    assert (tree["segmentation"]["size"], tree["area"], tree["category_id"]) == ([6, 8], 10, 2)
    assert sum(tree["segmentation"]["counts"][1::2]) == 10
    assert (outlined["segmentation"], outlined["area"], outlined["iscrowd"]) == ([[0, 0, 4, 0, 0, 4]], 6, 0)
    assert (crowd["iscrowd"], crowd["segmentation"]) == (1, {"size": [6, 8], "counts": [0, 1, 47]})


def test_the_kits_own_reader_of_coco_sees_the_same_areas(sample, tmp_path):
    labels = coco_export.write_coco([sample], tmp_path)
    row = manifests.ImageRow("1", "data/000000000001.png", "0" * 64, 8, 6, "l", "a", "s")
    texts = ("mine", "t", "w", "coco", "1", "l", "r")
    files = {"instances": labels}
    study = manifests.Manifest(*texts, tmp_path, files, manifests.AnnotationProcess(), (row,), "")
    (back,) = coco.read(study)
    assert [region.label for region in back.regions] == ["Bird", "Tree", "Bird", "Bird"]
    for there, here in zip(back.regions, sample.regions, strict=True):
        masks = [masking.region_mask(region, (8, 6), "outline") for region in (there, here)]
        assert np.array_equal(*masks)


@pytest.mark.parametrize("rotation", [90, None])
def test_a_turned_image_is_upright_for_coco_and_kept_as_it_was(tmp_path, rotation):
    path = tmp_path / "p.jpg"
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", (8, 4), "navy").save(path, exif=exif)
    sample = Sample("p", path, 4, 8, rotation_deg=rotation, provenance=Provenance(sha256="1" * 64))
    table = json.loads(coco_export.write_coco([sample], tmp_path / "out").read_text())
    with Image.open(tmp_path / "out" / "data" / table["images"][0]["file_name"]) as shown:
        assert (shown.size, shown.format, shown.getexif().get(274)) == ((4, 8), "PNG", None)
    (back,) = coco_export.restore_coco(tmp_path / "out")
    assert hashlib.sha256(back.path.read_bytes()).digest() == hashlib.sha256(path.read_bytes()).digest()
    assert back == kit_json.replace(sample, path=tmp_path / "out" / "originals" / "000000000001.jpg")


def test_all_broken_images_are_named_together(sample, tmp_path):
    lost = [kit_json.replace(sample, id=name, path=tmp_path / f"{name}.png") for name in "ab"]
    with pytest.raises(DataError) as caught:
        coco_export.write_coco([*lost, sample], tmp_path / "out")
    assert [fault.where for fault in caught.value.faults] == [
        str(tmp_path / "a.png"),
        str(tmp_path / "b.png"),
    ]


def test_what_is_no_json_is_named(sample, tmp_path):
    with pytest.raises(DataError, match="PosixPath is not JSON serializable"):
        coco_export.write_coco([kit_json.replace(sample, said={"place": tmp_path})], tmp_path / "out")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"path": "../../p.png"}, "found the path '../../p.png'; expected one inside"),
        ({"phrases": [{"text": "a"}]}, "image 1: found no 'box'"),
        (
            {"width": 3, "votes": 2, "labels": [{"word": 1}]},
            "image 1: found .*unexpected keyword argument 'word'",
        ),
        (
            {"regions": 3, "provenance": {"owner": "x"}},
            "image 1: found .*unexpected keyword argument 'owner'",
        ),
    ],
)
def test_a_sample_that_is_none_is_named(sample, tmp_path, change, message):
    labels = coco_export.write_coco([sample], tmp_path)
    table = json.loads(labels.read_text())
    table["images"][0]["retrain_kit"] |= change
    labels.write_text(json.dumps(table))
    with pytest.raises(DataError, match=message):
        coco_export.restore_coco(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"images": [{"id": 1}], "annotations": []}'])
def test_a_file_of_another_origin_is_refused(tmp_path, text):
    (tmp_path / "labels.json").write_text(text)
    with pytest.raises(DataError, match="no export of the kit"):
        coco_export.restore_coco(tmp_path)


@given(arrays.arrays(bool, st.tuples(st.integers(0, 7), st.integers(0, 5))))
def test_runs_and_masks_are_the_same(mask):
    back = kit_json.mask_from_runs(json.loads(json.dumps(kit_json.mask_runs(mask))))
    assert back.shape == mask.shape
    assert np.array_equal(back, mask)


@pytest.mark.parametrize("counts", [[1, 2], [-1, 7], [7]])
def test_runs_that_do_not_fill_the_mask_are_none(counts):
    with pytest.raises(ValueError, match="runs that do not fill 2 rows and 3 columns"):
        kit_json.mask_from_runs({"size": [2, 3], "counts": counts})


def _numbered(path, ids, words, said):
    """Return two samples whose images and regions have those ids, words and further facts."""
    regions = [
        Region(word, Box(0, 0, 2, 2), name, said=facts)
        for name, word, facts in zip(ids[2:], words, said, strict=True)
    ]
    return [
        Sample(ids[0], path, 8, 6, regions=tuple(regions[:1])),
        Sample(ids[1], path, 8, 6, regions=tuple(regions[1:])),
    ]


NEW_NUMBERS = ([1, 2], [(1, 1, 1, 4), (2, 2, 2, 4), (3, 2, 1, 4)], [(1, "chair"), (2, "dog")])


@pytest.mark.parametrize(
    ("ids", "said", "expected"),
    [
        (
            ("139", "7", "55", "1200", "3"),
            ({"category_id": 62, "area": 2.5}, {"category_id": 18}, {"category_id": 62}),
            (
                [139, 7],
                [(55, 139, 62, 2.5), (1200, 7, 18, 4), (3, 7, 62, 4)],
                [(18, "dog"), (62, "chair")],
            ),
        ),
        (
            ("139", "007", "55", "55", "3"),
            ({"category_id": 62}, {"category_id": 62}, {"category_id": 62}),
            NEW_NUMBERS,
        ),
        (
            ("a", "b", "-1", "1", "2"),
            ({"category_id": "62"}, {"area": None}, {"area": True}),
            NEW_NUMBERS,
        ),
    ],
    ids=["the source's numbers", "none that are each once", "none that are numbers"],
)
def test_numbers_and_areas_of_the_source_stay_where_they_are_each_once(sample, tmp_path, ids, said, expected):
    samples = _numbered(sample.path, ids, ("chair", "dog", "chair"), said)
    (tmp_path / "out").mkdir()
    table = json.loads(coco_export.write_coco(samples, tmp_path / "out").read_text())
    images = [row["id"] for row in table["images"]]
    assert [row["file_name"] for row in table["images"]] == [f"{number:012}.png" for number in images]
    rows = [(row["id"], row["image_id"], row["category_id"], row["area"]) for row in table["annotations"]]
    assert (images, rows, [(row["id"], row["name"]) for row in table["categories"]]) == expected
    assert [each.id for each in coco_export.restore_coco(tmp_path / "out")] == list(ids[:2])
