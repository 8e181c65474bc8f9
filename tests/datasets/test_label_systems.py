"""Label systems are read in the forms they are published in, and what was withdrawn stays with its reason."""

import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest
from places import SHARED

from retrain_kit.analysis.label_use import count_label_use
from retrain_kit.annotations.label_tree import build_label_tree
from retrain_kit.annotations.samples import Box, Region, Sample
from retrain_kit.annotations.taxonomy import UNSTATED, Withdrawal
from retrain_kit.datasets.label_systems import read_label_system, sense_ids
from retrain_kit.datasets.withdrawn_words import read_withdrawn
from retrain_kit.errors import DataError

DATA = SHARED / "testdata"
HIERARCHY = {
    "LabelName": "/m/top",
    "Subcategory": [
        {"LabelName": "/m/dog", "Part": [{"LabelName": "/m/tail"}]},
        {"LabelName": "/m/toy", "Subcategory": [{"LabelName": "/m/dog"}]},
    ],
}
NOUNS = """  1 This software and database is being provided to you.
  2 WordNet 3.0 Copyright 2006 by Princeton University.
00000001 03 n 01 entity 0 000 | that which is perceived
00000002 05 n 02 dog 0 domestic_dog 0 001 @ 00000001 n 0000 | an animal
"""
INDEX = "  1 licence\ndog n 1 1 @ 1 1 00000002  \ndomestic_dog n 1 1 @ 1 0 00000002  \n"


def written(path, content):
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_open_images_hierarchy_has_each_class_below_all_that_it_stands_below(tmp_path):
    path = written(tmp_path / "hierarchy.json", HIERARCHY)
    names = written(tmp_path / "names.csv", 'LabelName,DisplayName\n/m/dog,Dog\n/m/toy,"Toy, any"\n')
    found = read_label_system(path, names)
    assert {each.id: (each.words, each.parents) for each in found} == {
        "/m/top": ("/m/top", ()),
        "/m/dog": ("Dog", ("/m/top", "/m/toy")),
        "/m/tail": ("/m/tail", ("/m/dog",)),
        "/m/toy": ("Toy, any", ("/m/top",)),
    }


def test_cocos_categories_stand_below_their_supercategories(tmp_path):
    rows = [
        {"id": 1, "name": "person", "supercategory": "person"},
        {"id": 2, "name": "cat", "supercategory": "animal"},
        {"id": 3, "name": "street", "supercategory": ""},
    ]
    found = read_label_system(written(tmp_path / "instances.json", {"images": [], "categories": rows}))
    assert {each.id: (each.words, each.parents) for each in found} == {
        "supercategory: animal": ("animal", ()),
        "person": ("person", ()),
        "cat": ("cat", ("supercategory: animal",)),
        "street": ("street", ()),
    }


def test_a_table_of_ones_own_needs_nothing_but_ids(tmp_path):
    path = written(
        tmp_path / "own.csv", "id;words;parents;retired\nall;;;\nold;crone|hag;all;insults (2026)\n"
    )
    found = read_label_system(path)
    assert found.synset("all").words == "all"
    assert found.synset("old").words == "crone, hag"
    assert found.synset("old").parents == ("all",)
    assert found.synset("old").retired == "insults (2026)"


MIAP = """ImageID,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepictionOf,IsInsideOf,GenderPresentation,AgePresentation
a,/m/01g317,1,0.1,0.2,0.3,0.4,0,0,0,0,0,Predominantly Feminine,Middle
a,/m/01g317,1,0.1,0.2,0.3,0.4,0,0,0,0,0,Unknown,Unknown
"""


def test_miaps_values_stand_below_person_and_say_whose_they_are(tmp_path):
    found = read_label_system(written(tmp_path / "open_images_extended_miap_boxes_val.csv", MIAP))
    assert {each.id: (each.words, each.parents) for each in found} == {
        "/m/01g317": ("person", ()),
        "GenderPresentation": ("GenderPresentation", ("/m/01g317",)),
        "GenderPresentation: Predominantly Feminine": ("Predominantly Feminine", ("GenderPresentation",)),
        "GenderPresentation: Unknown": ("Unknown", ("GenderPresentation",)),
        "AgePresentation": ("AgePresentation", ("/m/01g317",)),
        "AgePresentation: Middle": ("Middle", ("AgePresentation",)),
        "AgePresentation: Unknown": ("Unknown", ("AgePresentation",)),
    }
    said = {"GenderPresentation": "Unknown", "AgePresentation": "Middle"}
    region = Region("Person", Box(0, 0, 1, 1), said=said)
    use = count_label_use(found, [Sample(id="a", path=Path("a"), width_px=2, height_px=2, regions=(region,))])
    assert use.annotations == {"GenderPresentation: Unknown": 1, "AgePresentation: Middle": 1}
    assert use.annotations_below["/m/01g317"] == 1


def archived(path, files):
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


def test_an_archive_of_wordnet_has_the_names_of_senses_too_and_a_cut_one_is_one_fault(tmp_path):
    noise = {"dict/index.verb": " ".join(map(str, range(2000)))}
    path = archived(tmp_path / "WNdb-3.0.tar.gz", noise | {"dict/data.noun": NOUNS, "dict/index.noun": INDEX})
    assert len(read_label_system(path)) == 2
    assert sense_ids(path) == {"dog.n.01": "n00000002", "domestic_dog.n.01": "n00000002"}
    path.write_bytes(path.read_bytes()[:1000])
    for read in (read_label_system, sense_ids):
        with pytest.raises(DataError, match=r"WNdb-3\.0\.tar\.gz: found no (WordNet|index) ") as caught:
            read(path)
        assert len(caught.value.faults) == 1


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("data.noun", NOUNS.replace("WordNet 3.0", "WordNet 3.1"), "found WordNet 3.1; expected WordNet 3.0"),
        (
            "data.noun",
            "02084071 05 n 01 goat 0 000 | an animal\n",
            "found n02084071 (goat: an animal); expected dog",
        ),
        (
            "n.json",
            {"n02084071": {"lemmas": ["goat"], "gloss": "", "hypernyms": []}},
            "expected dog, as WordNet 3.0",
        ),
    ],
)
def test_another_version_of_wordnet_is_refused_also_where_it_does_not_say_so(tmp_path, name, content, found):
    with pytest.raises(DataError) as caught:
        read_label_system(written(tmp_path / name, content))
    assert found in str(caught.value)
    assert len(caught.value.faults) == 1


def test_an_extract_of_wordnet_has_its_notice_as_well(tmp_path):
    path = written(tmp_path / "n.json", {"n00000001": {"lemmas": ["entity"], "gloss": "", "hypernyms": []}})
    assert "WordNet 3.0 Copyright 2006 by Princeton University." in read_label_system(path).notice


def test_wordnet_comes_with_its_notice_and_with_the_names_of_senses(tmp_path):
    written(tmp_path / "data.noun", NOUNS)
    written(tmp_path / "index.noun", INDEX)
    found = read_label_system(tmp_path)
    assert found.synset("n00000002").words == "dog, domestic dog"
    assert found.notice.startswith("This software and database is being provided to you.\nWordNet 3.0")
    assert sense_ids(tmp_path) == {"dog.n.01": "n00000002", "domestic_dog.n.01": "n00000002"}
    assert sense_ids(tmp_path / "data.noun") == sense_ids(tmp_path)


SAID = Withdrawal("unsafe", "2019-09-17", "Yang et al.")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("list.txt", "n1\n\nn2\nn00000003 a word, another\n", {"n1": None, "n2": None, "n00000003": None}),
        ("list.json", '["n1"]', {"n1": None}),
        ("list.json", '{"n1": "an insult", "n2": null}', {"n1": Withdrawal("an insult"), "n2": None}),
        (
            "list.json",
            '[{"id": "n1", "reason": "unsafe", "source": "me"}]',
            {"n1": Withdrawal("unsafe", "", "me")},
        ),
        (
            "list.json",
            '{"n1": {"reason": "unsafe", "date": "2019-09-17", "source": "Yang et al."}}',
            {"n1": SAID},
        ),
        (
            "list.csv",
            "id,reason,date,source\nn1,unsafe,2019-09-17,Yang et al.\nn2,,,\n",
            {"n1": SAID, "n2": None},
        ),
        ("list.csv", "id\nn1\nn1\n", {"n1": None}),
    ],
)
def test_lists_of_withdrawn_ids_are_read_as_published(tmp_path, name, content, expected):
    found = read_withdrawn(written(tmp_path / name, content))
    assert found == {each: told or Withdrawal(UNSTATED, "", "") for each, told in expected.items()}


@pytest.mark.parametrize(
    ("name", "content", "faults"),
    [
        ("list.txt", "\n\n", ["list.txt: found no id; expected a list with at least one id"]),
        (
            "list.csv",
            "id,reason\n,bad\nn1,a\nn1,b\n",
            ["line 2: found no id", "line 4: found n1 a second time"],
        ),
        ("list.json", '[1, "n1", {"reason": "x"}, ["n2"]]', ["entry 1", "entry 3: found no id", "entry 4"]),
        ("list.json", '{"n1": 3, "n2": {"date": 2019}}', ["entry 1", "entry 2"]),
        ("list.json", '"n1"', ['list.json: found "n1"']),
        ("list.json", "[", ["list.json: found no JSON"]),
    ],
)
def test_a_list_that_is_broken_names_all_its_faults(tmp_path, name, content, faults):
    with pytest.raises(DataError) as caught:
        read_withdrawn(written(tmp_path / name, content))
    said = str(caught.value).splitlines()
    assert len(said) == len(faults)
    assert all(part in line for part, line in zip(faults, said, strict=True))


def test_a_withdrawn_synset_stays_with_its_reason_and_unknown_ids_are_listed_too(tmp_path):
    written(tmp_path / "data.noun", NOUNS)
    gone = written(tmp_path / "gone.json", {"n00000002": "an insult", "n09999999": "unsafe"})
    found = read_label_system(tmp_path, withdrawn=gone)
    assert found.synset("n00000002").withdrawal == Withdrawal("an insult", "", "")
    assert found.synset("n00000002").gloss == "an animal"
    assert found.synset("n09999999").retired == "unsafe"


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.json", "{", "no JSON"),
        ("a.json", '{"LabelName": "x", "Subcategory": [{"No": 1}]}', 'found {"No": 1}; expected a class'),
        ("a.json", '{"categories": [{"id": 1}]}', 'found {"id": 1}; expected a category with its name'),
        ("a.json", "[1, 2]", "no object"),
        ("a.csv", "name,words\n", "also id"),
        ("a.csv", "id,words\na,b\n,c\n", "line 3: found no id"),
        ("a.csv", "id,words\na,b\na,c\n", "line 3: found a a second time"),
        ("a.csv", "id\n", "found no row"),
        ("a.csv", "id,parents\na,b\nb,c\nc,a\n", "a circle: a → b → c → a"),
        ("a.csv", "id,parents\ntop,\na,top|b\nb,a\n", "a circle: a → b → a"),
        ("a.json", '{"LabelName": "x", "Part": {"LabelName": "y"}}', "a list of classes"),
        ("a.json", '{"LabelName": "x", "Subcategory": [{"LabelName": "x"}]}', "a circle: x → x"),
        (
            "a.json",
            '{"categories": [{"name": "a", "supercategory": "b"}, {"name": "b", "supercategory": "a"}]}',
            "a circle: a → b → a",
        ),
        ("a.tar.gz", "", "no WordNet"),
        ("a.noun", "", "no synset"),
    ],
)
def test_what_is_no_label_system_is_one_clear_fault(tmp_path, name, content, fault):
    with pytest.raises(DataError, match=r"a\.") as caught:
        read_label_system(written(tmp_path / name, content))
    assert fault in str(caught.value)


@pytest.mark.skipif(not DATA.is_dir(), reason="../shared is absent")
def test_the_published_files_are_read_whole():
    open_images = read_label_system(
        DATA / "open_images" / "hierarchy.json", DATA / "open_images" / "classes.csv"
    )
    assert len(open_images) == 602
    assert [open_images.synset(name).words for name in open_images.parents("/m/04yx4")] == ["Person"]
    people = read_label_system(DATA / "wordnet" / "person_subtree_wn30.json.gz")
    assert len(build_label_tree(people).ids) == 6979
    assert gzip.decompress((DATA / "wordnet" / "person_subtree_wn30.json.gz").read_bytes()).startswith(b"{")
    coco = read_label_system(DATA / "coco" / "annotations" / "instances_val2017.json")
    assert coco.synset("zebra").parents == ("supercategory: animal",)
