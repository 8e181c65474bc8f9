"""VOC's XML is read whole, in VOC's own convention or in ImageNet's; no entity is expanded."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit import datasets
from retrain_kit.annotations.samples import Box, Flags, Region
from retrain_kit.datasets import imagenet_boxes, pascal_voc
from retrain_kit.errors import BoxError, DataError, ParameterError
from retrain_kit.imaging import masking
from retrain_kit.studies import manifests, sampling

VOC = """<annotation>
	<folder>VOC2007</folder>
	<filename>000001.jpg</filename>
	<source>
		<database>The VOC2007 Database</database>
		<annotation>PASCAL VOC2007</annotation>
		<image>flickr</image>
		<flickrid>341012865</flickrid>
	</source>
	<owner>
		<flickrid>a-flickr-name</flickrid>
		<name>A. Müller</name>
	</owner>
	<size>
		<width>353</width>
		<height>500</height>
		<depth>3</depth>
	</size>
	<segmented>0</segmented>
	<object>
		<name>dog</name>
		<pose>Left</pose>
		<truncated>1</truncated>
		<difficult>0</difficult>
		<bndbox>
			<xmin>48</xmin>
			<ymin>240</ymin>
			<xmax>195</xmax>
			<ymax>371</ymax>
		</bndbox>
	</object>
	<object>
		<name>person</name>
		<pose>Unspecified</pose>
		<truncated>0</truncated>
		<occluded>1</occluded>
		<difficult>1</difficult>
		<bndbox>
			<xmin>1</xmin>
			<ymin>1</ymin>
			<xmax>353</xmax>
			<ymax>500</ymax>
		</bndbox>
		<part>
			<name>head</name>
			<bndbox>
				<xmin>90</xmin>
				<ymin>12.5</ymin>
				<xmax>150</xmax>
				<ymax>80</ymax>
			</bndbox>
		</part>
	</object>
</annotation>
"""

IMAGENET = """<annotation>
	<folder>val</folder>
	<filename>ILSVRC2012_val_00000001</filename>
	<source>
		<database>ILSVRC_2012</database>
	</source>
	<size>
		<width>500</width>
		<height>375</height>
		<depth>3</depth>
	</size>
	<segmented>0</segmented>
	<object>
		<name>n01751748</name>
		<pose>Unspecified</pose>
		<truncated>0</truncated>
		<difficult>0</difficult>
		<bndbox>
			<xmin>111</xmin>
			<ymin>108</ymin>
			<xmax>441</xmax>
			<ymax>193</ymax>
		</bndbox>
	</object>
</annotation>
"""


def study(folder, files=None, dataset="pascal-voc", name="000001", size=(353, 500)):
    image = manifests.ImageRow(name, f"{name}.jpg", "0" * 64, *size, "CC", "author", "source", alt="A dog.")
    files = {"annotations": folder / "Annotations"} if files is None else files
    return manifests.Manifest(
        "mine", "t", "w", dataset, "1", "l", "r", folder, files, manifests.AnnotationProcess(), (image,), ""
    )


def put(folder, text, name="000001", below=""):
    path = folder / "Annotations" / below / f"{name}.xml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def only_sample(folder, text):
    put(folder, text)
    (sample,) = pascal_voc.read(study(folder))
    return sample


def test_an_image_of_voc_is_read_field_by_field(tmp_path):
    sample = only_sample(tmp_path, VOC)
    assert (sample.id, sample.path, sample.size) == ("000001", tmp_path / "000001.jpg", (353, 500))
    assert (sample.provenance.licence, sample.provenance.author, sample.alt) == ("CC", "author", "A dog.")
    assert sample.said == {
        "folder": "VOC2007",
        "filename": "000001.jpg",
        "source": {
            "database": "The VOC2007 Database",
            "annotation": "PASCAL VOC2007",
            "image": "flickr",
            "flickrid": "341012865",
        },
        "owner": {"flickrid": "a-flickr-name", "name": "A. Müller"},
        "size": {"width": "353", "height": "500", "depth": "3"},
        "segmented": "0",
    }
    dog, person = sample.regions
    assert dog == Region(
        label="dog",
        box=Box(47, 239, 195, 371),
        id="1",
        annotator="unknown",
        flags=Flags(truncated=True),
        said={
            "pose": "Left",
            "difficult": "0",
            "bndbox": {"xmin": "48", "ymin": "240", "xmax": "195", "ymax": "371"},
        },
    )
    assert person.flags == Flags(occluded=True, truncated=False)
    assert person.said["difficult"] == "1"
    assert person.said["part"] == [
        {"name": "head", "bndbox": {"xmin": "90", "ymin": "12.5", "xmax": "150", "ymax": "80"}}
    ]
    assert json.loads(json.dumps(dict(person.said))) == person.said


def test_from_the_first_to_the_last_pixel_is_the_whole_image_in_either_convention():
    assert masking.box_mask(pascal_voc.box_from_voc(1, 1, 353, 500), (353, 500)).all()
    assert masking.box_mask(imagenet_boxes.box_from_imagenet(0, 0, 352, 499), (353, 500)).all()


corners = st.integers(-50, 50).map(float)


@given(corners, corners, st.integers(0, 50), st.integers(0, 50))
def test_a_box_is_as_many_pixels_wide_and_high_as_its_corners_count(left, top, across, down):
    voc = pascal_voc.box_from_voc(left, top, left + across, top + down)
    imagenet = imagenet_boxes.box_from_imagenet(left, top, left + across, top + down)
    assert (voc.width_px, voc.height_px) == (imagenet.width_px, imagenet.height_px) == (across + 1, down + 1)
    assert (imagenet.left - voc.left, imagenet.top - voc.top) == (1, 1)


@pytest.mark.parametrize("convert", [pascal_voc.box_from_voc, imagenet_boxes.box_from_imagenet])
def test_a_box_reversed_by_one_pixel_is_none(convert):
    with pytest.raises(BoxError):
        convert(10, 1, 9, 5)


def test_the_data_set_named_by_the_manifest_chooses_the_convention(tmp_path):
    put(tmp_path, IMAGENET, "ILSVRC2012_val_00000001", "val")
    manifest = study(tmp_path, dataset="imagenet-boxes", name="ILSVRC2012_val_00000001", size=(500, 375))
    (imagenet,) = datasets.read(manifest)
    (voc,) = datasets.read(replace(manifest, dataset="pascal-voc"))
    assert imagenet.regions[0].label == "n01751748"
    assert imagenet.regions[0].box == Box(111, 108, 442, 194)
    assert voc.regions[0].box == Box(110, 107, 441, 193)
    assert imagenet.said == voc.said


def test_any_order_of_elements_is_read(tmp_path):
    box = "<bndbox><xmax>195</xmax><xmin>48</xmin><ymax>371</ymax><ymin>240.25</ymin></bndbox>"
    sample = only_sample(
        tmp_path, f"<annotation><object>{box}<name>dog</name></object><folder>f</folder></annotation>"
    )
    assert sample.regions[0].box == Box(47, 239.25, 195, 371)
    assert sample.regions[0].flags == Flags()
    assert sample.said == {"folder": "f"}


@pytest.mark.parametrize("answer", ["Unspecified", "-1", ""])
def test_an_answer_that_is_neither_yes_nor_no_stays_unknown_and_is_kept(tmp_path, answer):
    text = VOC.replace("<truncated>1<", f"<truncated>{answer}<")
    region = only_sample(tmp_path, text).regions[0]
    assert region.flags == Flags()
    assert region.said["truncated"] == answer


def test_attributes_and_repeated_elements_are_kept(tmp_path):
    text = VOC.replace("<pose>Left</pose>", '<pose by="x">Left</pose><tag>a</tag><tag>b</tag>')
    said = only_sample(tmp_path, text).regions[0].said
    assert said["pose"] == {"@by": "x", "#text": "Left"}
    assert said["tag"] == ["a", "b"]


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("<xmax>195</xmax>", "<xmax>47</xmax>", "left <= right"),
        ("<xmax>195</xmax>", "<xmax>nan</xmax>", "four finite numbers"),
        ("<xmax>195</xmax>", "<xmax>wide</xmax>", "could not convert string to float: 'wide'"),
        ("<xmax>195</xmax>", "", "no xmax"),
        ("<xmax>195</xmax>", "<xmax>195</xmax><xmax>196</xmax>", "bndbox: "),
    ],
)
def test_an_object_whose_box_is_none_is_listed_and_the_others_are_read(tmp_path, before, after, why):
    sample = only_sample(tmp_path, VOC.replace(before, after))
    assert [(region.id, region.label) for region in sample.regions] == [("2", "person")]
    (rejected,) = sample.said["rejected"]
    assert rejected["id"] == "1"
    assert why in rejected["why"]
    assert rejected["row"]["pose"] == "Left"


def test_an_image_without_xml_has_no_regions(tmp_path):
    put(tmp_path, VOC)
    manifest = study(tmp_path)
    other = replace(manifest.images[0], id="000002")
    samples = pascal_voc.read(replace(manifest, images=(other, *manifest.images)))
    assert [(sample.id, len(sample.regions)) for sample in samples] == [("000002", 0), ("000001", 2)]


def test_a_single_file_may_stand_for_the_folder_and_the_names_of_files_are_free(tmp_path):
    path = put(tmp_path, VOC)
    (sample,) = pascal_voc.read(study(tmp_path, {"my own name": path}))
    assert len(sample.regions) == 2


def test_a_size_of_zero_says_nothing(tmp_path):
    text = VOC.replace("<width>353<", "<width>0<").replace("<height>500<", "<height>0<")
    assert len(only_sample(tmp_path, text).regions) == 2


BOMB = '<!DOCTYPE a [<!ENTITY b "boom"><!ENTITY c "&b;&b;">]><annotation><folder>&c;</folder></annotation>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BOMB, "a document type declaration"),
        ('<!DOCTYPE a SYSTEM "other.dtd"><annotation/>', "a document type declaration"),
        ("<annotation><folder>&c;</folder></annotation>", "undefined entity"),
        ("<annotation>", "no element found"),
        ("", "no element found"),
        ("<svg/>", "found no annotation (<svg>)"),
        ("<annotation>" + "<a>" * 5000 + "</a>" * 5000 + "</annotation>", "found no annotation"),
        (VOC.replace("<name>dog</name>", ""), "object 1: found no name; expected <name> with a word"),
        ("<annotation><object/></annotation>", "object 1: found no name"),
        (VOC.replace("<width>353<", "<width>300<"), "size: found 300 × 500 pixels; expected 353 × 500"),
    ],
    ids=lambda text: text[:30],
)
def test_a_file_that_cannot_be_used_is_named_with_what_is_wrong(tmp_path, text, expected):
    with pytest.raises(DataError) as caught:
        only_sample(tmp_path, text)
    assert "000001.xml" in str(caught.value)
    assert expected in str(caught.value)
    assert "boom" not in str(caught.value)


def test_a_file_in_another_encoding_is_named(tmp_path):
    path = put(tmp_path, VOC)
    path.write_bytes(VOC.encode("utf-16"))
    with pytest.raises(DataError, match="expected <annotation> in plain XML, UTF-8"):
        pascal_voc.read(study(tmp_path))


def test_all_faults_are_reported_together(tmp_path):
    put(tmp_path, "<svg/>", below="a")
    put(tmp_path, VOC, below="b")
    files = {"annotations": tmp_path / "Annotations", "more": tmp_path / "nowhere"}
    with pytest.raises(DataError) as caught:
        pascal_voc.read(study(tmp_path, files))
    said = [fault.found for fault in caught.value.faults]
    assert said == ["no annotation (<svg>)", "a second file for 000001", "nothing"]


def test_files_that_belong_to_no_image_at_all_are_a_fault(tmp_path):
    put(tmp_path, VOC, "something-else")
    with pytest.raises(DataError, match="found no XML named as an image"):
        pascal_voc.read(study(tmp_path))


def test_a_study_without_files_is_named(tmp_path):
    with pytest.raises(DataError, match="mine.toml, files: found nothing"):
        pascal_voc.read(study(tmp_path, {}))


def drawing(folder, *labels, subset="", **lists):
    """Return a study that carries the rule of a draw, with these lists and three images' XML."""
    put(folder, VOC)
    put(folder, VOC.replace("<name>dog<", "<name>cat<"), "000002")
    put(folder, IMAGENET, "000003")
    sets = folder / "ImageSets" / "Main"
    sets.mkdir(parents=True, exist_ok=True)
    for name, text in lists.items():
        (sets / f"{name}.txt").write_text(text)
    files = {"annotations": folder / "Annotations", "sets": sets}
    return replace(study(folder, files), images=(), draw=sampling.Rule(2, 7, labels, subset))


def test_a_draw_takes_the_images_of_the_whole_folder_or_those_that_bear_a_name(tmp_path):
    assert pascal_voc.ids(drawing(tmp_path)) == ["000001", "000002", "000003"]
    assert pascal_voc.ids(drawing(tmp_path, "person")) == ["000001", "000002"]
    assert pascal_voc.ids(drawing(tmp_path, "dog", "n01751748")) == ["000001", "000003"]


def test_a_draw_from_a_subset_takes_the_images_of_its_list(tmp_path):
    lists = {"val": "000002\n000003\n\n", "cat_val": "000002  1\n000003 -1\n000001  0\n"}
    assert pascal_voc.ids(drawing(tmp_path, subset="val", **lists)) == ["000002", "000003"]
    assert pascal_voc.ids(drawing(tmp_path, "person", subset="val", **lists)) == ["000002"]
    assert pascal_voc.ids(drawing(tmp_path, subset="cat_val", **lists)) == ["000001", "000002"]


def test_a_name_or_a_list_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    with pytest.raises(
        ParameterError, match="labels: found 'dgo'; expected a name of an object. Near it: dog"
    ):
        pascal_voc.ids(drawing(tmp_path, "dgo"))
    with pytest.raises(ParameterError, match="subset: found 'test'; expected one of the lists: train, val"):
        pascal_voc.ids(drawing(tmp_path, subset="test", train="", val=""))


def test_a_drawn_image_is_described_as_its_xml_says(tmp_path):
    third, first = pascal_voc.describe(drawing(tmp_path), ["000003", "000001"])
    assert first == sampling.Candidate(
        id="000001",
        file="JPEGImages/000001.jpg",
        licence="unknown",
        author="A. Müller",
        source="The VOC2007 Database, flickr 341012865",
    )
    assert (third.author, third.source) == ("unknown", "ILSVRC_2012")


def test_all_that_cannot_be_described_is_named_together(tmp_path):
    study = drawing(tmp_path)
    put(tmp_path, VOC.replace("<filename>", "<filename>../"), "000002")
    put(tmp_path, "<svg/>", "000003")
    with pytest.raises(DataError) as caught:
        pascal_voc.describe(study, ["000001", "000002", "000003", "000004"])
    assert [fault.found for fault in caught.value.faults] == [
        "no XML for 000004",
        "'../000001.jpg'",
        "no annotation (<svg>)",
    ]
    with pytest.raises(DataError, match="000003.xml: found no annotation"):
        pascal_voc.ids(replace(study, draw=sampling.Rule(1, 1, ("dog",))))
