"""VOC's XML is read whole, in VOC's own convention or in ImageNet's; no entity is expanded."""

import json
from dataclasses import replace

import pytest
from cases import copy_case
from hypothesis import given, settings
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


def test_what_the_old_labelme_deleted_is_listed_and_whom_it_names_is_not_kept(tmp_path):
    points = "".join(f"<pt><x>{x}</x><y>{y}</y></pt>" for x, y in ((3, 4), (9, 4), (9, 8)))
    objects = "".join(
        f"<object><name>{name}</name><deleted>{deleted}</deleted><polygon><username>ann</username>{points}</polygon></object>"
        for name, deleted in (("cat", 0), ("dog", 1))
    )
    put(tmp_path, f"<annotation>{objects}</annotation>")
    (sample,) = pascal_voc.read(study(tmp_path))
    assert [region.label for region in sample.regions] == ["cat"]
    assert "'ann'" not in repr(sample)
    assert [(each.label, each.reason) for each in sample.rejected] == [("dog", "deleted by whoever drew it")]


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
        ("<xmax>195</xmax>", "<xmax>nan</xmax>", 'bndbox, xmax: "nan", no finite number'),
        ("<xmax>195</xmax>", "<xmax>1e999</xmax>", 'bndbox, xmax: "1e999", no finite number'),
        ("<xmax>195</xmax>", "<xmax>1_95</xmax>", 'bndbox, xmax: "1_95", no finite number'),
        ("<xmax>195</xmax>", "<xmax>wide</xmax>", 'bndbox, xmax: "wide", no finite number'),
        ("<xmax>195</xmax>", "", "no xmax"),
        (
            "<xmax>195</xmax>",
            "<xmax>195</xmax><xmax>196</xmax>",
            'bndbox, xmax: ["195", "196"], no finite number',
        ),
        ("<pose>Left</pose>", "<pose>Left</pose><bndbox>48 240</bndbox>", 'bndbox: ["48 240", {'),
    ],
)
def test_an_object_whose_box_is_none_is_listed_and_the_others_are_read(tmp_path, before, after, why):
    sample = only_sample(tmp_path, VOC.replace(before, after))
    assert [(region.id, region.label) for region in sample.regions] == [("2", "person")]
    (rejected,) = sample.rejected
    assert (rejected.image, rejected.id, rejected.label) == ("000001", "1", "dog")
    assert (rejected.place, rejected.kept) == ("000001.xml, object 1", "")
    assert why in rejected.reason
    assert rejected.row["pose"] == "Left"
    assert "rejected" not in sample.said


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
        ("<svg/>", "no annotation (<svg>)"),
        (
            "<annotation>" + "<a>" * 5000 + "</a>" * 5000 + "</annotation>",
            "no annotation (elements within elements, more than 50 deep",
        ),
    ],
    ids=lambda text: text[:30],
)
def test_a_file_that_is_no_annotation_stops_its_own_image_alone(tmp_path, text, expected):
    put(tmp_path, text, "000002")
    put(tmp_path, VOC)
    manifest = study(tmp_path)
    other = replace(manifest.images[0], id="000002")
    broken, whole = pascal_voc.read(replace(manifest, images=(other, *manifest.images)))
    (rejected,) = broken.rejected
    assert (broken.regions, broken.said) == ((), {})
    assert (rejected.image, rejected.place) == ("000002", "000002.xml")
    assert expected in rejected.reason
    assert "boom" not in rejected.reason
    assert (len(whole.regions), whole.rejected) == (2, ())


@pytest.mark.parametrize(
    ("before", "after", "reason", "label"),
    [
        ("<name>dog</name>", "", "no name", ""),
        ("<name>dog</name>", "<name/>", "no name", ""),
        ("<name>dog</name>", "<name>  </name>", "no name", ""),
        ("<name>dog</name>", "<name>dog</name><name>cat</name>", 'name: ["dog", "cat"], no word', ""),
        ("<name>dog</name>", "<name><b>dog</b></name>", 'name: {"b": "dog"}, no word', ""),
    ],
)
def test_an_object_without_one_word_for_a_name_is_listed(tmp_path, before, after, reason, label):
    sample = only_sample(tmp_path, VOC.replace(before, after))
    assert [region.label for region in sample.regions] == ["person"]
    assert [(each.reason, each.label, each.id) for each in sample.rejected] == [(reason, label, "1")]


@pytest.mark.parametrize("thing", ["<object/>", "<object>dog</object>"])
def test_an_object_of_which_nothing_is_said_is_listed(tmp_path, thing):
    sample = only_sample(tmp_path, f"<annotation>{thing}</annotation>")
    assert [(each.reason, each.place) for each in sample.rejected] == [("no name", "000001.xml, object 1")]


def test_attributes_beside_a_word_or_a_number_do_not_hide_it(tmp_path):
    text = VOC.replace("<name>dog<", '<name id="7">dog<').replace("<xmin>48<", '<xmin unit="px">48<')
    region = only_sample(tmp_path, text).regions[0]
    assert (region.label, region.box) == ("dog", Box(47, 239, 195, 371))
    assert region.said["name"] == {"@id": "7", "#text": "dog"}


def test_all_objects_of_a_file_that_speaks_of_another_size_are_listed(tmp_path):
    sample = only_sample(tmp_path, VOC.replace("<width>353<", "<width>300<"))
    reason = "size: 300 × 500 pixels, not 353 × 500 as the image has"
    assert sample.regions == ()
    assert [(each.id, each.label, each.reason) for each in sample.rejected] == [
        ("1", "dog", reason),
        ("2", "person", reason),
    ]


@pytest.mark.parametrize(("width", "height"), [("353.0", "500"), ("0353", "500.00"), ("0.0", "0"), ("", "")])
def test_a_size_is_a_number_however_it_is_written(tmp_path, width, height):
    text = VOC.replace("<width>353<", f"<width>{width}<").replace("<height>500<", f"<height>{height}<")
    assert len(only_sample(tmp_path, text).regions) == 2


OUTLINES = {
    "numbered": "<polygon><x1>10</x1><y1>20</y1><x2>50.5</x2><y2>20</y2><x3>30</x3><y3>60</y3></polygon>",
    "points": (
        "<polygon><username>anonymous</username><pt><x>10</x><y>20</y></pt><pt><x>50.5</x><y>20</y></pt>"
        "<pt><x>30</x><y>60</y></pt></polygon>"
    ),
    "rows": ("<segmentation><x>10</x><y>20</y><x>50.5</x><y>20</y><x>30</x><y>60</y></segmentation>"),
    "text": "<segmentation>10,20;50.5,20;30,60</segmentation>",
    "two": (
        "<polygon><x1>10</x1><y1>20</y1><x2>11</x2><y2>20</y2><x3>10</x3><y3>21</y3></polygon>"
        "<polygon><x1>50.5</x1><y1>60</y1><x2>50</x2><y2>60</y2><x3>50</x3><y3>59</y3></polygon>"
    ),
}


@pytest.mark.parametrize("written", OUTLINES)
def test_an_outline_without_a_box_gives_its_extent(tmp_path, written):
    text = f"<annotation><object><name>leaf</name>{OUTLINES[written]}</object></annotation>"
    (region,) = only_sample(tmp_path, text).regions
    assert (region.label, region.box) == ("leaf", Box(9, 19, 50.5, 60))
    assert region.said.keys() <= {"polygon", "segmentation"}


def test_a_box_counts_where_there_is_an_outline_too(tmp_path):
    text = VOC.replace("<pose>Left</pose>", OUTLINES["numbered"])
    assert only_sample(tmp_path, text).regions[0].box == Box(47, 239, 195, 371)


@pytest.mark.parametrize(
    ("outline", "reason"),
    [
        (OUTLINES["numbered"].replace("50.5", "nan"), 'x: "nan", no finite number'),
        (OUTLINES["numbered"].replace("<y2>20</y2>", ""), "y: null, no finite number"),
        (OUTLINES["points"].replace("<pt><x>30</x><y>60</y></pt>", ""), "fewer than three vertices"),
        (OUTLINES["text"].replace("30,60", "30"), "y: null, no finite number"),
        ("<polygon/>", "no bndbox"),
        ("<polygon>on</polygon>", "fewer than three vertices"),
        ("<polygon><pt>1 2</pt><pt>1 2</pt><pt>1 2</pt></polygon>", "no finite number"),
    ],
)
def test_an_outline_that_is_none_is_listed(tmp_path, outline, reason):
    text = f"<annotation><object><name>leaf</name>{outline}</object></annotation>"
    sample = only_sample(tmp_path, text)
    assert sample.regions == ()
    assert reason in sample.rejected[0].reason


WORD = "<annotation><object><name>Vélo</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object></annotation>"


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ("UTF-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("UTF-16BE", "utf-16-be"),
        ("iso-8859-1", "latin-1"),
        ("ISO-8859-15", "iso-8859-15"),
        ("windows-1252", "cp1252"),
        ("macintosh", "mac-roman"),
    ],
)
def test_a_file_is_read_in_the_encoding_it_declares(tmp_path, declared, written):
    said = f'<?xml version="1.0" encoding="{declared}"?>\r\n' if declared else ""
    put(tmp_path, "").write_bytes((said + WORD).encode(written))
    (sample,) = pascal_voc.read(study(tmp_path))
    assert [region.label for region in sample.regions] == ["Vélo"]


def test_words_of_other_scripts_are_read_in_their_own_encodings(tmp_path):
    for declared, word in (("GB2312", "自行车"), ("Shift_JIS", "自転車"), ("koi8-r", "велосипед")):
        text = f'<?xml version="1.0" encoding="{declared}"?>{WORD.replace("Vélo", word)}'
        put(tmp_path, "").write_bytes(text.encode(declared))
        (sample,) = pascal_voc.read(study(tmp_path))
        assert [region.label for region in sample.regions] == [word]


@pytest.mark.parametrize(
    ("declared", "written", "reason"),
    [
        ("", "latin-1", "the byte 0xE9 at place 28, which is no UTF-8"),
        ("UTF-8", "latin-1", "which is no UTF-8"),
        ("UTF-16", "utf-8", "it declares UTF-16, its first bytes are none of it"),
        ("iso-8859-1", "utf-16", "it declares iso-8859-1, its first bytes are UTF-16-LE"),
        ("iso-8859-1", "utf-8-sig", "it declares iso-8859-1, its first bytes are UTF-8"),
        ("velo-8", "utf-8", "unknown encoding: velo-8"),
        ("rot13", "utf-8", "it declares rot13, no encoding of XML"),
        ("punycode", "utf-8", "it declares punycode, no encoding of XML"),
    ],
)
def test_a_file_in_another_encoding_than_it_declares_is_listed_in_words(tmp_path, declared, written, reason):
    said = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    put(tmp_path, "").write_bytes((said + WORD).encode(written))
    (sample,) = pascal_voc.read(study(tmp_path))
    assert reason in sample.rejected[0].reason


def test_the_case_of_a_file_in_latin_1(tmp_path):
    (sample,) = datasets.read(manifests.load(copy_case("files/05-voc-latin1", tmp_path) / "mine.toml"))
    assert [(region.label, region.box) for region in sample.regions] == [("Vélo", Box(9, 19, 50, 60))]


def test_the_case_of_a_reversed_box(tmp_path):
    whole, reversed_ = datasets.read(
        manifests.load(copy_case("files/17-rejected-box", tmp_path) / "two.toml")
    )
    assert [region.label for region in whole.regions] == ["x"]
    assert reversed_.regions == ()
    (rejected,) = reversed_.rejected
    assert (rejected.image, rejected.label, rejected.id, rejected.place) == (
        "b",
        "person",
        "1",
        "b.xml, object 1",
    )
    assert rejected.reason == "bndbox: (300.0, 200.0, 10.0, 20.0), not left <= right and top <= bottom"


def test_the_case_of_images_beside_their_xml(tmp_path):
    manifest = manifests.load(
        copy_case("files/02-voc-pictures-beside-xml", tmp_path) / "mine.toml", pinned=False
    )
    assert pascal_voc.ids(manifest) == ["a"]
    assert [each.file for each in pascal_voc.describe(manifest, ["a"])] == ["train/a.jpg"]


@pytest.mark.parametrize(
    ("image", "filename", "xml"),
    [
        ("JPEGImages/a.jpg", "a.jpg", "Annotations/a"),
        ("JPEGImages/a.PNG", "a.jpg", "Annotations/a"),
        ("JPEGImages/a.jpeg", "a", "Annotations/a"),
        ("JPEGImages/train/a.jpg", "a.jpg", "Annotations/train/a"),
        ("JPEGImages/a.jpg", "a.jpg", "Annotations/train/a"),
        ("images/a.webp", "", "Annotations/a"),
        ("Annotations/a.bmp", "a.bmp", "Annotations/a"),
        ("a.jpg", "C:\\Users\\ann\\my photos\\a.jpg", "Annotations/a"),
        ("a.jpg", "/home/ann/a.jpg", "Annotations/a"),
        ("Annotations/IMG 0001 (1).jpg", "IMG 0001 (1).jpg", "Annotations/IMG 0001 (1)"),
        ("Annotations/IMG 0001 [a].v2.jpg", "IMG 0001 [a].v2", "Annotations/IMG 0001 [a].v2"),
        ("JPEGImages/b c.jpg", "b c.jpg", "Annotations/a"),
        ("JPEGImages/b.c.png", "b.c", "Annotations/a"),
        ("photos/a.jpg", "", "Annotations/a"),
    ],
)
def test_an_image_is_found_where_it_lies(tmp_path, image, filename, xml):
    path = tmp_path / f"{xml}.xml"
    path.parent.mkdir(parents=True)
    path.write_text(VOC.replace("000001.jpg", filename), encoding="utf-8")
    (tmp_path / image).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / image).write_bytes(b"")
    files = {"annotations": tmp_path / "Annotations"}
    files |= {"images": tmp_path / "photos"} if image.startswith("photos") else {}
    (candidate,) = pascal_voc.describe(study(tmp_path, files), [path.stem])
    assert candidate.file == image


def test_of_two_images_that_differ_in_their_ending_the_one_that_the_xml_names_is_taken(tmp_path):
    put(tmp_path, VOC.replace("000001.jpg", "000001.png"))
    for ending in ("jpg", "png"):
        (tmp_path / f"Annotations/000001.{ending}").write_bytes(b"")
    (candidate,) = pascal_voc.describe(study(tmp_path), ["000001"])
    assert candidate.file == "Annotations/000001.png"


def test_an_image_that_has_an_xml_of_its_own_is_no_other_xmls(tmp_path):
    put(tmp_path, VOC)
    put(tmp_path, VOC, "000002")
    (tmp_path / "Annotations/000001.jpg").write_bytes(b"")
    (candidate,) = pascal_voc.describe(study(tmp_path), ["000002"])
    assert candidate.file == "JPEGImages/000001.jpg"


def test_files_for_which_there_is_no_image_match_none(tmp_path):
    put(tmp_path, VOC)
    put(tmp_path, VOC, "000002")
    put(tmp_path, VOC, "renamed")
    put(tmp_path, "<svg/>", "drawing")
    for name in ("000001", "000002"):
        (tmp_path / f"{name}.jpg").write_bytes(b"")
    unmatched = []
    (sample,) = datasets.read(study(tmp_path), unmatched)
    assert len(sample.regions) == 2
    assert [(each.image, each.place, each.reason) for each in unmatched] == [
        ("drawing", "drawing.xml", "no annotation (<svg>)"),
        ("renamed", "renamed.xml", "no image renamed; the file names 000001.jpg"),
    ]


def test_of_images_that_lie_elsewhere_nobody_says_that_they_are_not_there(tmp_path):
    put(tmp_path, VOC)
    put(tmp_path, VOC, "000002")
    unmatched = []
    pascal_voc.read(study(tmp_path), unmatched)
    assert unmatched == []


changed = st.lists(
    st.tuples(st.integers(0, len(VOC.encode()) - 1), st.integers(0, 255)), min_size=1, max_size=8
)


@settings(deadline=None)
@given(changed, st.sampled_from(["utf-8", "latin-1", "utf-16"]))
def test_bytes_changed_at_random_leave_a_sample_or_a_reason(tmp_path_factory, changes, encoding):
    data = bytearray(VOC.encode(encoding))
    for place, value in changes:
        data[place % len(data)] = value
    folder = tmp_path_factory.mktemp("changed")
    put(folder, "").write_bytes(data)
    (sample,) = pascal_voc.read(study(folder))
    json.dumps([sample.said, *(each.row for each in sample.rejected)])
    assert all(each.reason and each.image == "000001" for each in sample.rejected)
    assert sample.regions or sample.rejected or not sample.said.get("object")


cells = st.sampled_from(
    ["", "dog", "nan", "1e300", "-5", "7.5", "9" * 400, "<a/>", "<a>1</a><a>2</a>", "1 2"]
)


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(["name", "pose", *pascal_voc.EDGES]), cells), max_size=5))
def test_every_object_is_a_region_or_listed(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("objects")
    things = [
        "<object>{}<bndbox>{}</bndbox></object>".format(
            *(
                "".join(f"<{key}>{row[key]}</{key}>" for key in row if (key in pascal_voc.EDGES) == box)
                for box in (False, True)
            )
        )
        for row in rows
    ]
    sample = only_sample(folder, f"<annotation>{''.join(things)}</annotation>")
    found = sorted(int(each.id) for each in (*sample.regions, *sample.rejected))
    assert found == list(range(1, len(rows) + 1))


def test_all_faults_are_reported_together(tmp_path):
    put(tmp_path, VOC, below="a")
    put(tmp_path, VOC, below="b")
    files = {"annotations": tmp_path / "Annotations", "more": tmp_path / "nowhere"}
    with pytest.raises(DataError) as caught:
        pascal_voc.read(study(tmp_path, files))
    said = [fault.found for fault in caught.value.faults]
    assert said == ["a second file for 000001", "nothing"]


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


def test_all_images_without_an_xml_are_named_together(tmp_path):
    with pytest.raises(DataError) as caught:
        pascal_voc.describe(drawing(tmp_path), ["000001", "000004", "000005"])
    assert [fault.found for fault in caught.value.faults] == ["no XML for 000004", "no XML for 000005"]


def test_a_file_that_is_no_annotation_can_be_drawn_and_bears_no_label(tmp_path):
    study = drawing(tmp_path)
    broken = put(tmp_path, "<svg/>", "000003")
    (candidate,) = pascal_voc.describe(study, ["000003"])
    assert candidate == sampling.Candidate("000003", "JPEGImages/000003.jpg")
    labelled = replace(study, draw=sampling.Rule(1, 1, ("dog",)))
    assert pascal_voc.ids(labelled) == ["000001"]
    assert pascal_voc.reasons_left_out(labelled) == {str(broken): "no annotation (<svg>)"}
    for name in ("000001", "000002"):
        put(tmp_path, "<svg/>", name)
    with pytest.raises(DataError, match="000003.xml: found no annotation"):
        pascal_voc.ids(labelled)


def test_a_list_of_ids_with_spaces_is_read(tmp_path):
    study = drawing(tmp_path, subset="val", val="\ufeffIMG 1\nIMG 2 1\n000001 -1\n")
    for name in ("IMG 1", "IMG 2"):
        put(tmp_path, VOC, name)
    assert pascal_voc.ids(study) == ["IMG 1", "IMG 2"]
