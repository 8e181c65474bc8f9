"""ImageNet is read as distributed: folders, tars of tars, both cranes, boxes and WordNet's paths."""

import io
import json
import shutil
import tarfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import SHARED
from scipy import io as matlab

from retrain_kit.annotations.samples import UNKNOWN, Box, Flags, ImageLabel, Region, RejectedAnnotation
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.datasets import imagenet
from retrain_kit.datasets.imagenet import tables as imagenet_tables
from retrain_kit.datasets.imagenet_boxes import box_from_imagenet
from retrain_kit.datasets.transfer.archives import extract_members
from retrain_kit.errors import DataError, ParameterError
from retrain_kit.studies import manifests, sampling

REAL = SHARED / "testdata"
real = pytest.mark.skipif(
    not REAL.is_dir(), reason="the real images and synsets lie in ../shared/testdata, which is not here"
)
MAPPING = (
    "n01440764 tench, Tinca tinca\n"
    "n02012849 crane\n"
    "n03126707 crane\n"
    "n03710637 maillot\n"
    "n03710721 maillot, tank suit\n"
)
SOLUTION = (
    "ImageId,PredictionString\n"
    "ILSVRC2012_val_00000001,n02012849 10 20 30 40 n02012849 0 0 499 374 \n"
    "ILSVRC2012_val_00000002,n03126707 5 5 4 9 \n"
)
NOUNS = {
    "n00001740": {"lemmas": ["entity"], "gloss": "that which is", "hypernyms": []},
    "n02000954": {
        "lemmas": ["wading_bird", "wader"],
        "gloss": "a bird that wades",
        "hypernyms": ["n00001740"],
    },
    "n02012849": {"lemmas": ["crane"], "gloss": "large long-necked wading bird", "hypernyms": ["n02000954"]},
    "n03126707": {"lemmas": ["crane"], "gloss": "lifts and moves heavy objects", "hypernyms": ["n00001740"]},
}
XML = """<annotation>
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
		<name>n02012849</name>
		<pose>Unspecified</pose>
		<truncated>0</truncated>
		<difficult>0</difficult>
		<bndbox>
			<xmin>10</xmin>
			<ymin>20</ymin>
			<xmax>30</xmax>
			<ymax>40</ymax>
		</bndbox>
	</object>
</annotation>
"""


def put(path, content=b"image"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def tar(members):
    """Return a tar of these files, as bytes."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


def study(folder, files, images=(), rule=None, size=(500, 375)):
    """Return a study of these images, id to file, with these files of tables and images."""
    rows = tuple(
        manifests.ImageRow(name, file, "0" * 64, *size, "unknown", "unknown", "unknown")
        for name, file in dict(images).items()
    )
    return manifests.Manifest(
        "mine",
        "t",
        "w",
        "imagenet",
        "2012",
        "l",
        "r",
        folder,
        {name: folder / file for name, file in files.items()},
        manifests.AnnotationProcess(),
        rows,
        "",
        draw=rule,
    )


@pytest.fixture
def tables(tmp_path):
    """Put the tables into the folder and return them by the reader's names."""
    put(tmp_path / "map.txt", MAPPING)
    put(tmp_path / "val.csv", SOLUTION)
    put(tmp_path / "nouns.json", json.dumps(NOUNS))
    return {"synsets": "map.txt", "solution": "val.csv", "wordnet": "nouns.json"}


@pytest.fixture
def archives(tmp_path, tables):
    """Put archives as distributed into the folder and return the files of a study of them."""
    tench = tar({"n01440764_10026.JPEG": b"1", "n01440764_10027.JPEG": b"2"})
    crane = tar({"n02012849_1.JPEG": b"3"})
    put(tmp_path / "train.tar", tar({"n01440764.tar": tench, "n02012849.tar": crane, "readme.txt": b""}))
    names = [f"ILSVRC2012_val_0000000{number}.JPEG" for number in (1, 2)]
    put(tmp_path / "val.tar", tar(dict.fromkeys(names, b"4")))
    return tables | {"train": "train.tar", "val": "val.tar"}


def test_a_validation_image_is_read_field_by_field(tmp_path, tables):
    name = "ILSVRC2012_val_00000001"
    put(tmp_path / "boxes" / "val" / f"{name}.xml", XML)
    (sample,) = imagenet.read(study(tmp_path, tables | {"boxes": "boxes"}, {name: f"val/{name}.JPEG"}))
    assert sample.labels == (
        ImageLabel(
            "crane",
            present=True,
            annotator=UNKNOWN,
            said={
                "synset": "n02012849",
                "gloss": "large long-necked wading bird",
                "paths": [["n00001740", "n02000954", "n02012849"]],
            },
        ),
    )
    corners = {"xmin": "10", "ymin": "20", "xmax": "30", "ymax": "40"}
    assert sample.regions == (
        Region(
            "crane",
            Box(10, 20, 31, 41),
            "1",
            UNKNOWN,
            flags=Flags(truncated=False),
            said={"pose": "Unspecified", "difficult": "0", "bndbox": corners, "synset": "n02012849"},
        ),
    )
    assert sample.said == {
        "folder": "val",
        "filename": name,
        "source": {"database": "ILSVRC_2012"},
        "size": {"width": "500", "height": "375", "depth": "3"},
        "segmented": "0",
        "PredictionString": "n02012849 10 20 30 40 n02012849 0 0 499 374",
    }
    assert sample.path == tmp_path / "val" / f"{name}.JPEG"
    assert sample.size == (500, 375)
    assert sample.provenance.licence == "unknown"


def test_without_xml_the_boxes_are_those_of_the_solution(tmp_path, tables):
    names = [f"ILSVRC2012_val_0000000{number}" for number in (1, 2)]
    first, second = imagenet.read(study(tmp_path, tables, {name: f"val/{name}.JPEG" for name in names}))
    said = {"synset": "n02012849"}
    assert first.regions == (
        Region("crane", Box(10, 20, 31, 41), "1", said=said),
        Region("crane", Box(0, 0, 500, 375), "2", said=said),
    )
    assert second.regions == ()
    assert second.said == {"PredictionString": "n03126707 5 5 4 9"}
    reason = "(5.0, 5.0, 4.0, 9.0), not left <= right and top <= bottom"
    assert second.rejected == (
        RejectedAnnotation(
            "ILSVRC2012_val_00000002",
            reason,
            "1",
            "crane",
            "PredictionString, box 1",
            row="n03126707 5 5 4 9",
        ),
    )


def test_both_cranes_stay_apart(tmp_path, tables):
    images = {
        "n02012849_1": "train/n02012849/n02012849_1.JPEG",
        "n03126707_1": "train/n03126707/n03126707_1.JPEG",
    }
    bird, machine = imagenet.read(study(tmp_path, tables, images))
    assert [bird.labels[0].label, machine.labels[0].label] == ["crane", "crane"]
    assert [bird.labels[0].said["synset"], machine.labels[0].said["synset"]] == ["n02012849", "n03126707"]
    with pytest.raises(ParameterError) as error:
        imagenet.ids(study(tmp_path, tables | {"val": "val"}, rule=sampling.Rule(1, 1, ("crane",))))
    assert error.value.faults[0].found == (
        "'crane', which means n02012849 (crane: large long-necked wading bird) "
        "and n03126707 (crane: lifts and moves heavy objects)"
    )


def test_images_of_which_nothing_is_said_have_no_label(tmp_path, tables):
    (sample,) = imagenet.read(
        study(tmp_path, tables, {"ILSVRC2012_test_00000001": "test/ILSVRC2012_test_00000001.JPEG"})
    )
    assert sample.labels == ()
    assert sample.regions == ()
    assert sample.said == {}


def test_a_synset_without_table_is_its_own_word(tmp_path):
    (sample,) = imagenet.read(study(tmp_path, {}, {"n09999999_1": "train/n09999999/n09999999_1.JPEG"}))
    assert sample.labels == (ImageLabel("n09999999", present=True, said={"synset": "n09999999"}),)


def test_images_that_are_said_to_be_two_things_are_faults_together(tmp_path, tables):
    images = {
        "ILSVRC2012_val_00000001": "val/n03126707/ILSVRC2012_val_00000001.JPEG",
        "n01440764_1": "train/n02012849/n01440764_1.JPEG",
    }
    with pytest.raises(DataError) as error:
        imagenet.read(study(tmp_path, tables, images))
    assert [fault.found for fault in error.value.faults] == [
        "n02012849 and n03126707",
        "n02012849 and n01440764",
    ]


def test_archives_as_distributed_are_listed_without_unpacking(tmp_path, archives):
    manifest = study(tmp_path, archives, rule=sampling.Rule(1, 1))
    names = [
        "n01440764_10026",
        "n01440764_10027",
        "n02012849_1",
        "ILSVRC2012_val_00000001",
        "ILSVRC2012_val_00000002",
    ]
    assert imagenet.ids(manifest) == names
    assert imagenet.describe(manifest, ["n01440764_10027", "ILSVRC2012_val_00000002"]) == [
        sampling.Candidate(
            "n01440764_10027",
            "train/n01440764/n01440764_10027.JPEG",
            archive=("train.tar", "n01440764.tar", "n01440764_10027.JPEG"),
        ),
        sampling.Candidate(
            "ILSVRC2012_val_00000002",
            "val/ILSVRC2012_val_00000002.JPEG",
            archive=("val.tar", "ILSVRC2012_val_00000002.JPEG"),
        ),
    ]
    (candidate,) = imagenet.describe(manifest, ["n02012849_1"])
    assert (candidate.licence, candidate.author, candidate.source) == ("unknown", "unknown", "unknown")


def test_an_image_is_taken_out_of_the_archive_from_where_it_is_said_to_lie(tmp_path, archives):
    manifest = study(tmp_path, archives, rule=sampling.Rule(1, 1))
    for candidate in imagenet.describe(manifest, ["n02012849_1", "ILSVRC2012_val_00000001"]):
        archive, *chain = candidate.archive
        extract_members(tmp_path / archive, {tuple(chain): tmp_path / candidate.file})
    assert (tmp_path / "train" / "n02012849" / "n02012849_1.JPEG").read_bytes() == b"3"
    assert (tmp_path / "val" / "ILSVRC2012_val_00000001.JPEG").read_bytes() == b"4"


@pytest.mark.parametrize(
    ("labels", "subset", "expected"),
    [
        (("n02012849",), "", ["n02012849_1", "ILSVRC2012_val_00000001"]),
        (("n03126707",), "", ["ILSVRC2012_val_00000002"]),
        (("n03126707",), "train", []),
        (("tench, Tinca tinca",), "", ["n01440764_10026", "n01440764_10027"]),
        (("tench", "n03126707"), "", ["n01440764_10026", "n01440764_10027", "ILSVRC2012_val_00000002"]),
        ((), "val", ["ILSVRC2012_val_00000001", "ILSVRC2012_val_00000002"]),
    ],
)
def test_ids_follow_labels_and_subset(tmp_path, archives, labels, subset, expected):
    assert imagenet.ids(study(tmp_path, archives, rule=sampling.Rule(1, 1, labels, subset))) == expected


def test_labels_and_subsets_that_are_unknown_are_refused(tmp_path, archives):
    with pytest.raises(ParameterError, match="Near it: tench"):
        imagenet.ids(study(tmp_path, archives, rule=sampling.Rule(1, 1, ("tensh",))))
    with pytest.raises(
        ParameterError, match="subset: found 'test'; expected one that the study has: train, val"
    ):
        imagenet.ids(study(tmp_path, archives, rule=sampling.Rule(1, 1, (), "test")))


def test_labels_need_tables_that_say_what_words_mean_and_what_images_show(tmp_path, archives):
    rule = sampling.Rule(1, 1, ("n02012849",))
    bare = {name: archives[name] for name in ("val", "train")}
    with pytest.raises(DataError, match="no list of synsets"):
        imagenet.ids(study(tmp_path, bare, rule=rule))
    with pytest.raises(DataError, match="files, val: found 2 images of which nothing says what they show"):
        imagenet.ids(study(tmp_path, bare | {"synsets": "map.txt"}, rule=rule))


def test_folders_by_class_and_flat_are_listed(tmp_path, tables):
    put(tmp_path / "train" / "n02012849" / "n02012849_1.JPEG")
    put(tmp_path / "train" / "n02012849" / "notes.txt")
    put(tmp_path / "train" / "other" / "n02012849_3.JPEG")
    put(tmp_path / "val" / "n03126707" / "ILSVRC2012_val_00000002.png")
    put(tmp_path / "val" / "n01440764_tench.JPEG")
    files = tables | {"train": "train", "val": "val"}
    manifest = study(tmp_path, files, rule=sampling.Rule(1, 1))
    assert imagenet.ids(manifest) == ["n02012849_1", "n01440764_tench", "ILSVRC2012_val_00000002"]
    assert [each.file for each in imagenet.describe(manifest, imagenet.ids(manifest))] == [
        "train/n02012849/n02012849_1.JPEG",
        "val/n01440764_tench.JPEG",
        "val/n03126707/ILSVRC2012_val_00000002.png",
    ]
    tench = study(tmp_path, files, rule=sampling.Rule(1, 1, ("tench",)))
    assert imagenet.ids(tench) == ["n01440764_tench"]


def test_images_that_are_not_there_are_named_together(tmp_path, archives):
    with pytest.raises(DataError) as error:
        imagenet.describe(
            study(tmp_path, archives), ["n01440764_9", "ILSVRC2012_val_00000001", "n07777777_1"]
        )
    assert [fault.where for fault in error.value.faults] == ["image n01440764_9", "image n07777777_1"]


def test_a_study_without_images_and_a_broken_archive_are_faults(tmp_path, archives):
    with pytest.raises(DataError, match="some of train, val and test"):
        imagenet.ids(study(tmp_path, {}))
    whole = (tmp_path / "train.tar").read_bytes()
    put(tmp_path / "train.tar", whole[:2000])
    with pytest.raises(DataError, match="train.tar: found an archive that cannot be read"):
        imagenet.ids(study(tmp_path, archives))
    with pytest.raises(DataError, match="nowhere: found nothing; expected a folder or an archive"):
        imagenet.ids(study(tmp_path, {"val": "nowhere"}))


def test_the_development_kit_says_words_and_what_validation_images_show(tmp_path):
    kinds = [("ILSVRC2012_ID", object), ("WNID", object), ("words", object), ("gloss", object)]
    kinds += [("num_children", object), ("children", object)]
    rows = np.zeros((3, 1), dtype=kinds)
    rows[0, 0] = (1, "n02012849", "crane", "large long-necked wading bird", 0, [])
    rows[1, 0] = (2, "n01440764", "tench, Tinca tinca", "freshwater dace-like game fish", 0, [])
    rows[2, 0] = (3, "n00001740", "entity", "that which is", 2, [1, 2])
    data = tmp_path / "devkit" / "ILSVRC2012_devkit_t12" / "data"
    put(data / "ILSVRC2012_validation_ground_truth.txt", "2\n1\n")
    matlab.savemat(data / "meta.mat", {"synsets": rows})
    names = [f"ILSVRC2012_val_0000000{number}" for number in (1, 2)]
    images = {name: f"val/{name}.JPEG" for name in names}
    tench, crane = imagenet.read(study(tmp_path, {"devkit": "devkit"}, images))
    said = {"synset": "n01440764", "gloss": "freshwater dace-like game fish"}
    assert tench.labels == (ImageLabel("tench, Tinca tinca", present=True, said=said),)
    assert crane.labels[0].said["synset"] == "n02012849"
    put(data / "ILSVRC2012_validation_ground_truth.txt", "2\n3\nx\n")
    with pytest.raises(DataError) as error:
        imagenet.read(study(tmp_path, {"devkit": "devkit"}, images))
    assert [fault.found for fault in error.value.faults] == ["'3'", "'x'"]


def test_all_faults_of_all_tables_come_together(tmp_path):
    put(tmp_path / "map.txt", "n01440764 tench\nn01440764 tench again\nn0144 cut\n\n")
    put(
        tmp_path / "val.csv",
        "ImageId,PredictionString\nb,n01440764 1 2\nc\nd,tench 1 2 3 4\n",
    )
    put(tmp_path / "train.csv", "PredictionString,ImageId\n")
    put(tmp_path / "nouns.json", "{")
    files = {
        "synsets": "map.txt",
        "solution": "val.csv",
        "solution_train": "train.csv",
        "wordnet": "nouns.json",
    }
    files |= {"devkit": "nowhere", "boxes": "nowhere"}
    with pytest.raises(DataError) as error:
        imagenet.read(study(tmp_path, files))
    where = [fault.where.removeprefix(f"{tmp_path}/") for fault in error.value.faults]
    assert where == [
        "nowhere/meta.mat",
        "nowhere/ILSVRC2012_validation_ground_truth.txt",
        "map.txt, line 2",
        "map.txt, line 3",
        "map.txt, line 4",
        "val.csv",
        "train.csv, line 1",
        "nouns.json",
        "nowhere",
    ]


def test_rows_of_a_solution_that_are_none_are_listed_with_their_image_or_with_none(tmp_path, tables):
    rows = [
        "a,n02012849 1 2 3 4",
        "a,n02012849 5 6 7 8",
        "b,n02012849 1 2",
        "c",
        "d,crane 1 2 3 4",
        ",n02012849 1 2 3 4",
        "else,n02012849",
        "",
    ]
    put(tmp_path / "val.csv", "\n".join(["ImageId,PredictionString", *rows]))
    unmatched = []
    samples = imagenet.read(study(tmp_path, tables, {name: f"val/{name}.JPEG" for name in "abcd"}), unmatched)
    no_row = "no synset xmin ymin xmax ymax for each box"
    assert [region.box for region in samples[0].regions] == [Box(1, 2, 4, 5)]
    assert [(each.image, each.place, each.reason) for sample in samples for each in sample.rejected] == [
        ("a", "val.csv, line 3", "the image a second time"),
        ("b", "val.csv, line 4", no_row),
        ("c", "val.csv, line 5", no_row),
        ("d", "val.csv, line 6", no_row),
    ]
    assert [(each.image, each.place, each.reason, each.row) for each in unmatched] == [
        ("", "val.csv, line 7", "no image", ",n02012849 1 2 3 4")
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_tables_are_read_in_the_encoding_that_their_first_bytes_announce(tmp_path, tables, encoding):
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    for name in ("map.txt", "val.csv"):
        text = (tmp_path / name).read_text().replace("\n", "\r\n")
        (tmp_path / name).write_bytes(f"{mark}{text}".encode(encoding))
    images = {"ILSVRC2012_val_00000001": "val/ILSVRC2012_val_00000001.JPEG"}
    (sample,) = imagenet.read(study(tmp_path, tables, images))
    assert [region.label for region in sample.regions] == ["crane", "crane"]
    assert sample.rejected == ()


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab "), st.text("n0123456789 .-eNa", max_size=40)), max_size=5))
def test_every_row_of_a_solution_is_taken_or_listed(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("solution")
    good = "g,n02012849 1 2 3 4"
    put(folder / "val.csv", "\n".join(["ImageId,PredictionString", good, *map(",".join, rows)]))
    unmatched = []
    samples = imagenet.read(
        study(folder, {"solution": "val.csv"}, {name: f"val/{name}.JPEG" for name in "ab"}), unmatched
    )
    rejected = [each for sample in samples for each in sample.rejected if each.place.startswith("val.csv")]
    taken = [sample for sample in samples if "PredictionString" in sample.said]
    assert len(rejected) + len(unmatched) + len(taken) == len(rows)


def test_training_boxes_are_found_in_either_layout_and_may_be_missing(tmp_path):
    images = {f"n02012849_{number}": f"train/n02012849/n02012849_{number}.JPEG" for number in (1, 2, 3)}
    put(tmp_path / "boxes" / "n02012849" / "n02012849_1.xml", XML)
    put(tmp_path / "boxes" / "train" / "n02012849" / "n02012849_2.xml", XML)
    samples = imagenet.read(study(tmp_path, {"boxes": "boxes"}, images))
    assert [len(sample.regions) for sample in samples] == [1, 1, 0]
    assert [region.label for region in samples[0].regions] == ["n02012849"]


def test_a_folder_without_boxes_is_a_fault_and_broken_ones_are_listed(tmp_path):
    images = {"n02012849_1": "train/n02012849/n02012849_1.JPEG"}
    (tmp_path / "boxes").mkdir()
    with pytest.raises(DataError, match="boxes: found no XML"):
        imagenet.read(study(tmp_path, {"boxes": "boxes"}, images))
    put(tmp_path / "boxes" / "n02012849" / "n02012849_1.xml", "<annotation>")
    (sample,) = imagenet.read(study(tmp_path, {"boxes": "boxes"}, images))
    assert [each.place for each in sample.rejected] == ["n02012849_1.xml"]
    assert "no annotation (no element found" in sample.rejected[0].reason


corners = st.tuples(*[st.integers(-9, 999)] * 4)


@given(st.lists(corners, min_size=1, max_size=5))
def test_a_row_of_a_solution_gives_each_box_as_region_or_as_rejected(rows):
    shown = [imagenet_tables.ShownSynset("n02012849", tuple(map(str, row))) for row in rows]
    empty = imagenet_tables.Tables(Taxonomy([Synset("n02012849", ("crane",))]), Taxonomy(()))
    rejected = []
    regions = imagenet._regions("a", shown, empty, rejected)
    good = {number: row for number, row in enumerate(rows, 1) if row[0] <= row[2] and row[1] <= row[3]}
    assert {int(region.id): region.box for region in regions} == {
        number: box_from_imagenet(*row) for number, row in good.items()
    }
    assert {int(each.id) for each in rejected} == set(range(1, len(rows) + 1)) - set(good)


@real
def test_the_thousand_synsets_keep_their_words_to_the_letter():
    path = REAL / "imagenet" / "LOC_synset_mapping.txt"
    faults = []
    tables = imagenet_tables.load_tables(
        {"synsets": path, "wordnet": REAL / "wordnet" / "imagenet1k_ancestors_wn30.json.gz"}, faults
    )
    lines = path.read_text().splitlines()
    assert faults == []
    assert [f"{synset.id} : {synset.words}" for synset in tables.synsets] == lines
    assert all(synset.gloss and synset.parents for synset in tables.synsets)
    assert tables.meanings(["tench"]) == {"n01440764"}


@real
def test_real_images_are_named_by_their_synsets(tmp_path):
    shutil.copytree(REAL / "imagenet" / "val", tmp_path / "val")
    shutil.copy(REAL / "imagenet" / "LOC_synset_mapping.txt", tmp_path)
    shutil.copy(REAL / "wordnet" / "imagenet1k_ancestors_wn30.json.gz", tmp_path)
    files = {
        "val": "val",
        "synsets": "LOC_synset_mapping.txt",
        "wordnet": "imagenet1k_ancestors_wn30.json.gz",
    }
    manifest = study(tmp_path, files, rule=sampling.Rule(1, 1))
    names = imagenet.ids(manifest)
    assert len(names) == 20
    found = {each.id: each.file for each in imagenet.describe(manifest, names)}
    samples = {sample.id: sample for sample in imagenet.read(study(tmp_path, files, found))}
    (label,) = samples["n02086646_Blenheim_spaniel"].labels
    assert label.label == "Blenheim spaniel"
    assert label.said["gloss"] == "red-and-white variety of English toy spaniel"
    assert [len(path) for path in label.said["paths"]] == [18, 13]
    assert imagenet.ids(study(tmp_path, files, rule=sampling.Rule(1, 1, ("stingray",)))) == [
        "n01498041_stingray"
    ]
