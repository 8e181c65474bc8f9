"""Open Images is read without loss: annotators, unknown flags, clicks, denials, votes, rotation."""

import csv
import hashlib
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from PIL import Image
from places import SHARED
from trying import examples

from retrain_kit.annotations.samples import (
    UNKNOWN,
    Box,
    Click,
    Flags,
    ImageLabel,
    PointLabel,
    Region,
    Relationship,
    Votes,
)
from retrain_kit.datasets import open_images
from retrain_kit.datasets.open_images.files import ImageFrame, box_from_relative_xxyy
from retrain_kit.errors import BoxError, DataError
from retrain_kit.imaging import masking
from retrain_kit.studies import manifests

REAL = SHARED / "testdata" / "open_images"
real = pytest.mark.skipif(
    not REAL.is_dir(), reason="the real rows lie in ../shared/testdata, which is not here"
)
HEADER = (
    "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside,"
    "XClick1X,XClick2X,XClick3X,XClick4X,XClick1Y,XClick2Y,XClick3Y,XClick4Y"
)


@pytest.fixture
def study(tmp_path):
    """Return the function that makes a study of these images, id to size, with these tables."""

    def make(sizes, unmatched=None, **tables):
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
                manifests.ImageRow(name, path.name, digest, *size, "CC-BY-2.0", "Ann", "https://example.org")
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
            manifests.AnnotationProcess(),
            tuple(images),
            "",
        )
        return open_images.read(made, unmatched)

    return make


@real
def test_a_real_box_keeps_annotator_flags_and_the_four_clicks_of_a_hand(study):
    (sample,) = study(
        {"000002b66c9c498e": (1024, 1024)},
        boxes=REAL / "train-annotations-bbox.rows-with-clicks.csv",
        classes=REAL / "classes.csv",
    )
    assert len(sample.regions) == 3
    first = sample.regions[0]
    assert (first.label, first.annotator, first.id) == ("Person", "xclick", "b1")
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
def test_every_real_row_of_an_image_is_there_and_no_other(study):
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
        "/m/014j1m",
        present=False,
        annotator="verification",
        said={"LabelName": "/m/014j1m", "Confidence": "0"},
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
    assert len(region.clicks) == 12
    assert (region.label, region.annotator, region.box) == (
        "/m/04yx4",
        UNKNOWN,
        Box(887.5, 454.167, 960.938, 720.833),
    )
    assert region.said == {
        "MaskPath": "677c122b0eaa5d16_m04yx4_9a041d52.png",
        "LabelName": "/m/04yx4",
        "BoxID": "9a041d52",
        "BoxXMin": "0.8875",
        "BoxXMax": "0.960938",
        "BoxYMin": "0.454167",
        "BoxYMax": "0.720833",
        "PredictedIoU": "0.86864",
    }


@real
def test_the_real_image_table_is_kept_column_by_column(study):
    (sample,) = study({"4fa8054781a4c382": (8, 8)}, images=REAL / "train-images-with-rotation.rows.csv")
    assert sample.rotation_deg == 0
    assert sample.said == {
        "Subset": "train",
        "OriginalURL": "https://farm3.staticflickr.com/5310/5898076654_51085e157c_o.jpg",
        "OriginalLandingURL": "https://www.flickr.com/photos/michael-beat/5898076654",
        "License": "https://creativecommons.org/licenses/by/2.0/",
        "AuthorProfileURL": "https://www.flickr.com/people/michael-beat/",
        "Author": "Michael Beat",
        "Title": "...die FNF-Kerze",
        "OriginalSize": "4405052",
        "OriginalMD5": "KFukvivpCM5QXl5SqKe41g==",
        "Thumbnail300KURL": "https://c1.staticflickr.com/6/5310/5898076654_00643a940c_z.jpg",
        "Rotation": "0.0",
    }


def row(flags="0,1,-1,0,0", source="activemil", edges="0.25,0.5,0.25,0.75", clicks="-1,-1,-1,-1,-1,-1,-1,-1"):
    return f"a,{source},/m/1,1,{edges},{flags},{clicks}"


def test_an_unknown_flag_stays_unknown_and_a_machines_box_has_no_clicks(study):
    (sample,) = study({"a": (100, 100)}, boxes=[HEADER, row()])
    (region,) = sample.regions
    assert region.flags == Flags(occluded=False, truncated=True, group_of=None, depiction=False, inside=False)
    assert (region.annotator, region.clicks) == ("activemil", ())


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
def test_image_and_boxes_are_turned_by_the_data_sets_rotation(study, rotation, size, box):
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
    box = box_from_relative_xxyy((left / 8, right / 8, top / 8, bottom / 8), ImageFrame((8, 8), rotation))
    assert np.array_equal(masking.box_mask(box, (8, 8)), np.rot90(stored, rotation // 90))


def test_a_mask_of_another_size_than_the_image_is_scaled_to_it(study, tmp_path):
    stored = np.zeros((4, 8), dtype=np.uint8)
    stored[1:3, 2:4] = 255
    (tmp_path / "masks").mkdir()
    Image.fromarray(stored).save(tmp_path / "masks" / "a_m1_9f.png")
    table = ["MaskPath,ImageID,LabelName,BoxID,BoxXMin,BoxXMax,BoxYMin,BoxYMax,PredictedIoU,Clicks"]
    table.append("a_m1_9f.png,a,/m/1,9f,0.25,0.5,0.25,0.75,0.9,0.3 0.3 1")
    (sample,) = study({"a": (16, 8)}, masks=table, mask_folder=tmp_path / "masks")
    found = masking.region_mask(sample.regions[0], (16, 8), "outline")
    assert np.array_equal(found, np.kron(stored > 0, np.ones((2, 2), dtype=bool)))


PAIRS = "ImageID,LabelName1,LabelName2,XMin1,XMax1,YMin1,YMax1,XMin2,XMax2,YMin2,YMax2,RelationshipLabel"


def test_a_relationship_keeps_both_its_boxes(study):
    (sample,) = study(
        {"a": (100, 100)},
        relationships=[PAIRS, "a,/m/1,/m/2,0,0.5,0,0.5,0.5,1,0.5,1,on"],
        classes=["/m/1,Cup"],
    )
    assert sample.relationships == (Relationship("v1a", "on", "v1b", "v1"),)
    assert sample.regions == (
        Region("Cup", Box(0, 0, 50, 50), "v1a", said={"LabelName": "/m/1"}),
        Region("/m/2", Box(50, 50, 100, 100), "v1b", said={"LabelName": "/m/2"}),
    )


def test_an_attribute_is_a_relationship_with_the_attributes_word(study):
    (sample,) = study(
        {"a": (100, 100)},
        relationships=[PAIRS, "a,/m/1,/m/083vt,0,0.5,0,0.5,0,0.5,0,0.5,is"],
        attributes=["/m/083vt,Wooden(made of)"],
    )
    (link,) = sample.relationships
    assert [region.label for region in sample.regions] == ["/m/1", "Wooden(made of)"]
    assert (link.subject, link.predicate, link.object) == ("v1a", "is", "v1b")


POINTS = "ImageId,X,Y,Label,EstimatedYesNo,Source,YesVotes,NoVotes,UnsureVotes,TextLabel"


def test_votes_on_a_point_are_kept_with_their_disagreement(study):
    (sample,) = study(
        {"a": (80, 40)}, points=[POINTS, "a,0.5,0.25,/m/1,yes,ih,3,1,2,"], classes=["/m/1,Sand"]
    )
    said = {"Label": "/m/1", "TextLabel": ""}
    assert sample.points == (
        PointLabel("Sand", 40, 10, present=True, annotator="ih", votes=Votes(3, 1, 2), said=said),
    )


@pytest.mark.parametrize(("said", "present"), [("yes", True), ("no", False), ("unsure", None)])
def test_what_is_concluded_of_a_point_is_yes_no_or_open(study, said, present):
    (sample,) = study({"a": (8, 8)}, points=[POINTS, f"a,0.5,0.25,/m/1,{said},cs,1,1,1,"])
    assert sample.points[0].present is present


def test_a_point_turns_with_its_image_and_may_have_no_votes(study):
    (sample,) = study(
        {"a": (100, 200)},
        points=[POINTS, "a,0.25,0.5,,no,cs,,,,a muddy path"],
        images=[IMAGES, "a,CC,Ann,90.0"],
    )
    said = {"Label": "", "TextLabel": "a muddy path"}
    assert sample.points == (PointLabel("a muddy path", 50, 150, present=False, annotator="cs", said=said),)


def test_who_somebody_seems_to_be_in_miap_stays_in_the_sources_words(study):
    header = (
        "ImageID,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepictionOf,IsInsideOf,"
        "GenderPresentation,AgePresentation"
    )
    row = "a,/m/01g317,1,0.25,0.5,0.25,0.75,0,1,0,-1,0,Predominantly Feminine,Unknown"
    (sample,) = study({"a": (100, 100)}, miap=[header, row])
    assert sample.regions == (
        Region(
            "/m/01g317",
            Box(25, 25, 50, 75),
            "p1",
            UNKNOWN,
            flags=Flags(occluded=False, truncated=True, group_of=False, depiction=None, inside=False),
            said={
                "LabelName": "/m/01g317",
                "Confidence": "1",
                "GenderPresentation": "Predominantly Feminine",
                "AgePresentation": "Unknown",
            },
        ),
    )


def test_rows_that_are_no_annotations_are_listed_and_the_others_go_on(study):
    wrong = [
        row(edges="0.5,0.25,0.25,0.75"), row(edges="nan,0.5,0,1"), row(flags="2,0,0,0,0"), row(edges="left,0.5,0,1"),
        row(edges=",0.5,0,1"),
    ]  # fmt: skip
    (sample,) = study(
        {"a": (100, 100)},
        boxes=[HEADER, *wrong, row()],
        points=[
            POINTS,
            "a,inf,0.5,/m/1,yes,cs,1,1,1,",
            "a,0.5,0.5,/m/1,perhaps,cs,1,1,1,",
            "a,0,0,/m/1,no,cs,1,-1,1,",
            "a,1e300,0.5,/m/1,no,cs,1,1,1,",
            "a,0,0,,no,cs,1,1,1,",
        ],
    )
    assert [region.id for region in sample.regions] == ["b6"]
    assert sample.points == ()
    assert [(found.place, found.reason) for found in sample.rejected] == [
        ("boxes.csv, line 2", "(0.5, 0.25, 0.25, 0.75), not left <= right and top <= bottom"),
        ("boxes.csv, line 3", 'XMin: "nan", no finite number'),
        ("boxes.csv, line 4", "IsOccluded: '2' is none of 1, 0, -1"),
        ("boxes.csv, line 5", 'XMin: "left", no finite number'),
        ("boxes.csv, line 6", 'XMin: "", no finite number'),
        ("points.csv, line 2", 'X: "inf", no finite number'),
        ("points.csv, line 3", "EstimatedYesNo: 'perhaps' is none of yes, no, unsure"),
        ("points.csv, line 4", "'-1' is no number of votes"),
        ("points.csv, line 5", "X and Y: 1e300, 0.5, outside the image"),
        ("points.csv, line 6", 'Label and TextLabel: "", no word'),
    ]
    assert {(found.image, found.label) for found in sample.rejected[:5]} == {("a", "/m/1")}
    assert sample.rejected[0].row == dict(zip(HEADER.split(","), wrong[0].split(","), strict=True))
    assert "rejected" not in sample.said


def test_a_row_without_a_word_is_listed(study):
    boxes = "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax"
    (sample,) = study(
        {"a": (100, 100)},
        boxes=[boxes, "a,x,,1,0,1,0,1", "a,x, ,1,0,1,0,1"],
        image_labels=["ImageID,Source,LabelName,Confidence", "a,x,,1", "a,x,/m/1,", "a,x,/m/1,1_0"],
        relationships=[PAIRS, "a,/m/1,/m/2,0,0.5,0,0.5,0.5,1,0.5,1,", "a,,/m/2,0,0.5,0,0.5,0.5,1,0.5,1,on"],
    )
    assert (sample.regions, sample.labels, sample.relationships) == ((), (), ())
    assert [(found.place, found.reason, found.label) for found in sample.rejected] == [
        ("relationships.csv, line 2", 'RelationshipLabel: "", no word', ""),
        ("relationships.csv, line 3", 'LabelName: "", no word', "on"),
        ("boxes.csv, line 2", 'LabelName: "", no word', ""),
        ("boxes.csv, line 3", 'LabelName: " ", no word', " "),
        ("image_labels.csv, line 2", 'LabelName: "", no word', ""),
        ("image_labels.csv, line 3", 'Confidence: "", no finite number', "/m/1"),
        ("image_labels.csv, line 4", 'Confidence: "1_0", no finite number', "/m/1"),
    ]


def test_a_row_that_was_cut_is_listed_and_the_others_are_read(study):
    unmatched = []
    (sample,) = study(
        {"a": (100, 100)},
        unmatched=unmatched,
        boxes=[HEADER, row(), "a,xclick,/m/1,1,0.1", "b,xclick", f"{row()},7", ",xclick", row()],
    )
    assert [region.id for region in sample.regions] == ["b1", "b2"]
    assert [(found.place, found.reason) for found in sample.rejected] == [
        ("boxes.csv, line 3", "5 cells, not 21 cells"),
        ("boxes.csv, line 5", "22 cells, not 21 cells"),
    ]
    assert [(found.image, found.place, found.reason, found.row) for found in unmatched] == [
        ("", "boxes.csv, line 6", "2 cells, not 21 cells", {"ImageID": "", "Source": "xclick"})
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_tables_are_read_in_the_encoding_that_their_first_bytes_announce(study, tmp_path, encoding):
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    texts = {
        "boxes": f"{HEADER}\r\n{row()}\r\n{row()}\r\n",
        "classes": "/m/1,Vélo\r\n",
        "narratives": json.dumps(NARRATIVE, ensure_ascii=False) + "\r\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_bytes(f"{mark}{text}".encode(encoding))
    (sample,) = study({"a": (100, 100)}, **{name: tmp_path / name for name in texts})
    assert [region.label for region in sample.regions] == ["Vélo", "Vélo"]
    assert sample.said["localized_narratives"] == [NARRATIVE]


@pytest.mark.parametrize(("sign", "named"), [(";", ";"), ("\t", "tabs"), ("|", "|")])
def test_a_table_that_is_not_separated_by_commas_is_said_to_be_so(study, sign, named):
    text = [line.replace(",", sign) for line in (HEADER, row())]
    with pytest.raises(
        DataError, match=f"line 1: found cells separated by {re.escape(named)}; expected commas"
    ):
        study({"a": (8, 8)}, boxes=text)


def test_a_class_that_is_named_twice_differently_is_a_fault(study):
    same = study({"a": (100, 100)}, boxes=[HEADER, row()], classes=["/m/1,Sand", "/m/1,Sand"])
    assert same[0].regions[0].label == "Sand"
    with pytest.raises(DataError, match="line 2: found 'Sea' for /m/1; expected 'Sand', as before"):
        study({"a": (100, 100)}, classes=["/m/1,Sand", "/m/1,Sea"])
    with pytest.raises(DataError, match="line 1: found '/m/1, '; expected a machine id and a name"):
        study({"a": (100, 100)}, classes=["/m/1, "])


def test_all_rows_of_an_image_whose_turn_is_none_are_listed(study):
    (sample,) = study({"a": (100, 100)}, images=[IMAGES, "a,CC,Ann,45.0"], boxes=[HEADER, row()])
    assert sample.regions == ()
    assert [found.place for found in sample.rejected] == ["images.csv, line 2", "boxes.csv, line 2"]
    assert all("Rotation: '45.0'" in found.reason for found in sample.rejected)


def test_an_image_table_without_any_image_of_the_study_is_a_fault(study):
    with pytest.raises(DataError, match="images.csv: found none of the study's images"):
        study({"a": (8, 8)}, images=[IMAGES, "b,CC,Ann,0"])


def test_a_mask_that_cannot_be_read_is_listed_and_its_box_is_kept(study, tmp_path):
    (tmp_path / "masks").mkdir()
    (tmp_path / "masks" / "torn.png").write_bytes(b"PNG")
    Image.new("L", (100, 100), 255).save(tmp_path / "masks" / "whole.png")
    names = ("torn.png", "gone.png", "../a.png", "whole.png")
    (sample,) = study(
        {"a": (100, 100)},
        masks=[MASKS, *(f"{path},a,/m/1,9f,0,0.5,0,1,0.9," for path in names)],
        mask_folder=tmp_path / "masks",
    )
    assert [region.box for region in sample.regions] == [Box(0, 0, 50, 100)] * 3 + [Box(0, 0, 100, 100)]
    assert [region.mask is None for region in sample.regions] == [True, True, True, False]
    assert [(found.id, found.place, found.kept) for found in sample.rejected] == [
        ("9f", f"masks.csv, line {line}", "the box") for line in (2, 3, 4)
    ]
    assert "an image that cannot be decoded" in sample.rejected[0].reason
    assert "MaskPath gone.png: no file" in sample.rejected[1].reason
    assert "MaskPath ../a.png: a way out of its folder" in sample.rejected[2].reason


def test_a_folder_without_any_mask_is_a_fault(study, tmp_path):
    (tmp_path / "masks").mkdir()
    with pytest.raises(DataError, match="masks: found no file; expected PNGs of masks"):
        study(
            {"a": (100, 100)},
            masks=[MASKS, "a.png,a,/m/1,9f,0,1,0,1,0.9,"],
            mask_folder=tmp_path / "masks",
        )


def test_a_click_of_another_form_is_listed(study):
    (sample,) = study({"a": (8, 8)}, masks=[MASKS, "a.png,a,/m/1,9f,0,1,0,1,0.9,0.5 0.5"])
    assert [found.reason for found in sample.rejected] == ["Clicks: '0.5 0.5', not x, y and 1 or 0"]


def test_a_line_that_is_no_narrative_is_listed_with_its_image_or_with_none(study):
    unmatched = []
    (sample,) = study(
        {"a": (8, 8)},
        unmatched=unmatched,
        narratives=[
            json.dumps(NARRATIVE),
            json.dumps(NARRATIVE | {"caption": None}),
            "{}",
            '{"image_id": "b"}',
        ],
    )
    assert sample.said == {"localized_narratives": [NARRATIVE]}
    assert [(found.image, found.place, found.reason) for found in sample.rejected] == [
        ("a", "narratives.csv, line 2", "caption: null")
    ]
    assert [(found.image, found.place) for found in unmatched] == [("", "narratives.csv, line 3")]


odd = st.sampled_from(
    ["", " ", "0", "1", "1.0", "-1", "0.5", "nan", "inf", "1e300", "1_0", "²", "/m/1", "x y 1", '"']
)
tables_and_columns = st.sampled_from(
    [
        ("boxes", HEADER),
        ("image_labels", "ImageID,Source,LabelName,Confidence"),
        (
            "relationships",
            "ImageID,LabelName1,LabelName2,XMin1,XMax1,YMin1,YMax1,XMin2,XMax2,YMin2,YMax2,RelationshipLabel",
        ),
        ("points", "ImageId,X,Y,Label,EstimatedYesNo,Source,YesVotes,NoVotes,UnsureVotes,TextLabel"),
        ("miap", "ImageID,LabelName,XMin,XMax,YMin,YMax"),
        ("masks", "MaskPath,ImageID,LabelName,BoxID,BoxXMin,BoxXMax,BoxYMin,BoxYMax,PredictedIoU,Clicks"),
    ]
)


@examples(200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables_and_columns, st.data())
def test_every_row_is_an_annotation_or_listed(study, table, data):
    name, header = table
    columns = header.split(",")
    rows = data.draw(st.lists(st.lists(odd, min_size=len(columns) - 1, max_size=len(columns)), max_size=4))
    key = next(number for number, column in enumerate(columns) if column.lower() == "imageid")
    rows = [[*cells[:key], data.draw(st.sampled_from(["a", ""])), *cells[key + 1 :]] for cells in rows]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([columns, *rows])
    unmatched = []
    try:
        (sample,) = study({"a": (8, 8)}, unmatched=unmatched, **{name: text.getvalue().splitlines()})
    except DataError:
        assert not rows or all(len(cells) < len(columns) or not cells[key] for cells in (*rows[:0], rows[-1]))
        return
    taken = (
        sample.relationships if name == "relationships" else (*sample.regions, *sample.labels, *sample.points)
    )
    assert len(taken) + len(sample.rejected) + len(unmatched) == len(rows)


def test_all_faults_of_the_tables_are_reported_together(study, tmp_path):
    with pytest.raises(DataError) as caught:
        study(
            {"a": (100, 100)},
            boxes=[HEADER, row(), "a,xclick,/m/1,1,0.1", f"{row()},7", "b,xclick"],
            image_labels=["ImageID,Source", "a,machine"],
            images=[IMAGES, "b,CC,Ann,45.0"],
            masks=[MASKS, "m.png,a,/m/1,9f,0,1,0,1,0.9,"],
            mask_folder=tmp_path / "masks",
            narratives=["{}"],
            classes=["/m/1"],
            points=tmp_path / "none.csv",
        )
    said = [str(fault).replace(str(tmp_path), "") for fault in caught.value.faults]
    expected = [
        "/images.csv: found none of the study's images",
        "/boxes.csv, line 3: found 5 cells; expected 21 cells. The row was cut",
        "/boxes.csv, line 4: found 22 cells; expected 21 cells.",
        "/boxes.csv, line 5: found 2 cells; expected 21 cells.",
        "/image_labels.csv, line 1: found other columns; expected also LabelName, Confidence",
        "/none.csv: found no table (",
        "/classes.csv, line 1: found '/m/1'; expected a machine id and a name",
        "/narratives.csv, line 1: found no dataset_id, image_id, annotator_id,",
        "/masks: found no file; expected PNGs of masks",
    ]
    assert [line[: len(start)] for line, start in zip(said, expected, strict=True)] == expected


MASKS = "MaskPath,ImageID,LabelName,BoxID,BoxXMin,BoxXMax,BoxYMin,BoxYMax,PredictedIoU,Clicks"


@pytest.mark.parametrize("below", ["", "A", "a"])
def test_a_mask_may_lie_in_a_folder_named_by_the_first_digit(study, tmp_path, below):
    folder = tmp_path / "labels" / below
    folder.mkdir(parents=True)
    Image.fromarray(np.eye(8, dtype=np.uint8) * 255).save(folder / "m.png")
    (sample,) = study(
        {"ab": (8, 8)}, masks=[MASKS, "m.png,ab,/m/1,9f,0,1,0,1,0.9,"], mask_folder_1=tmp_path / "labels"
    )
    assert np.array_equal(sample.regions[0].mask, np.eye(8, dtype=bool))


def test_a_mask_of_another_shape_is_stretched_and_that_is_said(study, tmp_path):
    (tmp_path / "masks").mkdir()
    Image.new("L", (80, 2), 255).save(tmp_path / "masks" / "m.png")
    (sample,) = study(
        {"a": (8, 16)},
        masks=[MASKS, "m.png,a,/m/1,9f,0,1,0,1,0.9,"],
        mask_folder=tmp_path / "masks",
        images=[IMAGES, "a,CC,Ann,90.0"],
    )
    (region,) = sample.regions
    assert region.box == Box(0, 0, 8, 16)
    assert region.said == {
        "MaskPath": "m.png",
        "LabelName": "/m/1",
        "BoxID": "9f",
        "BoxXMin": "0",
        "BoxXMax": "1",
        "BoxYMin": "0",
        "BoxYMax": "1",
        "PredictedIoU": "0.9",
        "stretched": "the mask has 80 × 2 pixels, the stored image 16 × 8",
    }


NARRATIVE = {
    "dataset_id": "open_images_train",
    "image_id": "a",
    "annotator_id": 7,
    "caption": "A cup.",
    "timed_caption": [{"utterance": "A cup.", "start_time": 0, "end_time": 1.5}],
    "traces": [[{"x": -0.1, "y": 1, "t": 0.02}]],
    "voice_recording": "a.ogg",
}


def test_narratives_are_kept_as_they_are(study):
    other = NARRATIVE | {"image_id": "b"}
    (sample,) = study({"a": (8, 8)}, narratives=[json.dumps(other), json.dumps(NARRATIVE)])
    assert sample.said == {"localized_narratives": [NARRATIVE]}


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
        points=[POINTS, "a,0.5,0.25,/m/1,unsure,cs,3,1,2,"],
        relationships=[PAIRS, "a,/m/1,/m/2,0,0.5,0,0.5,0.5,1,0.5,1,on"],
        narratives=[json.dumps(NARRATIVE)],
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
        box_from_relative_xxyy((0.5, 0.25, 0, 1), ImageFrame((8, 8)))
