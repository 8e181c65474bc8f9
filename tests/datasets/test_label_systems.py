"""Label systems are read in the forms they are published in, and what was withdrawn stays with its reason."""

import gzip
import json

import pytest
from places import SHARED

from retrain_kit.annotations.label_tree import build_label_tree
from retrain_kit.datasets.label_systems import read_label_system, read_withdrawn, sense_ids
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


def test_wordnet_comes_with_its_notice_and_with_the_names_of_senses(tmp_path):
    written(tmp_path / "data.noun", NOUNS)
    written(tmp_path / "index.noun", INDEX)
    found = read_label_system(tmp_path)
    assert found.synset("n00000002").words == "dog, domestic dog"
    assert found.notice.startswith("This software and database is being provided to you.\nWordNet 3.0")
    assert sense_ids(tmp_path) == {"dog.n.01": "n00000002", "domestic_dog.n.01": "n00000002"}
    assert sense_ids(tmp_path / "data.noun") == sense_ids(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "reasons"),
    [
        ("list.txt", "n1\n\nn2\n", {"n1": "withdrawn", "n2": "withdrawn"}),
        ("list.json", '["n1"]', {"n1": "withdrawn"}),
        ("list.json", '{"n1": "an insult"}', {"n1": "an insult"}),
        (
            "list.csv",
            "id,reason,date,source\nn1,unsafe,2019-09-17,Yang et al.\nn2,,,\n",
            {"n1": "unsafe (2019-09-17, Yang et al.)", "n2": "withdrawn"},
        ),
    ],
)
def test_lists_of_withdrawn_ids_are_read_as_published(tmp_path, name, content, reasons):
    found = read_withdrawn(written(tmp_path / name, content))
    assert found.keys() == reasons.keys()
    assert all(found[each].startswith(reason) for each, reason in reasons.items())


def test_a_withdrawn_synset_stays_with_its_reason_and_unknown_ids_are_listed_too(tmp_path):
    written(tmp_path / "data.noun", NOUNS)
    gone = written(tmp_path / "gone.json", {"n00000002": "an insult", "n09999999": "unsafe"})
    found = read_label_system(tmp_path, withdrawn=gone)
    assert found.synset("n00000002").retired == "an insult"
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
        ("a.csv", "id,words\na,b\na,c\n", "synset a: found its id a second time"),
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
