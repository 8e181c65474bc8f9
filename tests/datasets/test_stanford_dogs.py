"""Stanford Dogs keeps breed, WordNet id and box; its XML has no ending."""

import tarfile

import pytest
from small_studies import put, study

from retrain_kit import datasets
from retrain_kit.annotations.samples import Box, Flags, ImageLabel, Region
from retrain_kit.datasets import stanford_dogs
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.studies.sampling import Candidate

XML = b"""<annotation>
	<folder>02085620</folder>
	<filename>n02085620_7</filename>
	<source>
		<database>ImageNet database</database>
	</source>
	<size>
		<width>250</width>
		<height>188</height>
		<depth>3</depth>
	</size>
	<segment>0</segment>
	<object>
		<name>Chihuahua</name>
		<pose>Unspecified</pose>
		<truncated>0</truncated>
		<difficult>0</difficult>
		<bndbox>
			<xmin>71</xmin>
			<ymin>1</ymin>
			<xmax>192</xmax>
			<ymax>180</ymax>
		</bndbox>
	</object>
</annotation>
"""
CHIHUAHUA = "Images/n02085620-Chihuahua/n02085620_7.jpg"
RETRIEVER = "Images/n02099429-curly-coated_retriever/n02099429_1039.jpg"
IMAGES = [("n02085620_7", CHIHUAHUA, (250, 188)), ("n02099429_1039", RETRIEVER, (500, 375))]
FILES = {"annotations": "annotation"}
ANNOTATION = "annotation/Annotation/n02085620-Chihuahua/n02085620_7"


def test_an_image_is_read_with_breed_wordnet_id_and_box(tmp_path):
    put(tmp_path, ANNOTATION, content=XML)
    chihuahua, retriever = datasets.read(study(tmp_path, "stanford-dogs", IMAGES, FILES))
    assert chihuahua.labels == (
        ImageLabel("Chihuahua", present=True, annotator="unknown", said={"synset": "n02085620"}),
    )
    assert chihuahua.regions == (
        Region(
            "Chihuahua",
            Box(71, 1, 193, 181),
            "1",
            annotator="unknown",
            flags=Flags(truncated=False),
            said={
                "pose": "Unspecified",
                "difficult": "0",
                "bndbox": {"xmin": "71", "ymin": "1", "xmax": "192", "ymax": "180"},
            },
        ),
    )
    assert chihuahua.said == {
        "folder": "02085620",
        "filename": "n02085620_7",
        "source": {"database": "ImageNet database"},
        "size": {"width": "250", "height": "188", "depth": "3"},
        "segment": "0",
    }
    assert (chihuahua.id, chihuahua.path, chihuahua.size) == ("n02085620_7", tmp_path / CHIHUAHUA, (250, 188))
    assert retriever.labels[0].label == "curly-coated_retriever"
    assert retriever.regions == ()


def test_without_annotations_the_breed_is_read_alone(tmp_path):
    samples = stanford_dogs.read(study(tmp_path, "stanford-dogs", IMAGES))
    assert [(sample.labels[0].label, sample.regions) for sample in samples] == [
        ("Chihuahua", ()),
        ("curly-coated_retriever", ()),
    ]


def test_a_box_that_is_none_is_listed(tmp_path):
    put(tmp_path, ANNOTATION, content=XML.replace(b"<xmax>192", b"<xmax>19"))
    (sample,) = stanford_dogs.read(study(tmp_path, "stanford-dogs", IMAGES[:1], FILES))
    assert sample.regions == ()
    assert [(each.id, each.label) for each in sample.rejected] == [("1", "Chihuahua")]


def test_annotations_that_are_not_there_are_a_fault_and_broken_ones_are_listed(tmp_path):
    with pytest.raises(DataError, match="annotation: found nothing"):
        stanford_dogs.read(study(tmp_path, "stanford-dogs", IMAGES, FILES))
    put(tmp_path, ANNOTATION, content=XML[:200])
    broken, other = stanford_dogs.read(study(tmp_path, "stanford-dogs", IMAGES, FILES))
    assert [(each.image, each.place) for each in broken.rejected] == [("n02085620_7", "n02085620_7")]
    assert "no annotation (unclosed token" in broken.rejected[0].reason
    assert [label.label for label in broken.labels] == ["Chihuahua"]
    assert other.rejected == ()


def test_all_images_outside_a_folder_of_a_breed_are_reported_together(tmp_path):
    images = [("a", "Images/a.jpg", (1, 1)), *IMAGES, ("b", "Images/n1-dog/b.jpg", (1, 1))]
    with pytest.raises(DataError) as caught:
        stanford_dogs.read(study(tmp_path, "stanford-dogs", images))
    assert [fault.found for fault in caught.value.faults] == ["the folder 'Images'", "the folder 'n1-dog'"]


def test_the_archive_as_distributed_is_listed_and_chosen_from_by_breed_or_wordnet_id(tmp_path):
    put(tmp_path, CHIHUAHUA, RETRIEVER)
    with tarfile.open(tmp_path / "images.tar", "w") as archive:
        archive.add(tmp_path / "Images", "Images")

    def ids(*labels):
        return stanford_dogs.ids(
            study(tmp_path, "stanford-dogs", (), {"images": "images.tar"}, labels=labels)
        )

    assert sorted(ids()) == ["n02085620_7", "n02099429_1039"]
    assert ids("Chihuahua") == ids("n02085620") == ["n02085620_7"]
    with pytest.raises(ParameterError, match="'Chiwawa'"):
        ids("Chiwawa", "Chihuahua")
    manifest = study(tmp_path, "stanford-dogs", (), {"images": "images.tar"})
    assert stanford_dogs.describe(manifest, ["n02085620_7"]) == [
        Candidate("n02085620_7", CHIHUAHUA, archive=("images.tar", CHIHUAHUA))
    ]
