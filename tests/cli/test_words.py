"""`retrain-kit words` shows a label system and how a study uses it; what it cannot take is one clear fault."""

import csv
import io
import json
import zipfile

import pytest
from commands import typed
from PIL import Image
from places import SHARED

from retrain_kit.annotations.taxonomy import Synset
from retrain_kit.datasets.label_systems import read_label_system

NOUNS = """  1 This software and database is being provided to you.
  2 WordNet 3.0 Copyright 2006 by Princeton University.
00000001 03 n 01 entity 0 000 | that which is perceived
00000002 05 n 01 crane 0 001 @ 00000001 n 0000 | a bird
00000003 06 n 01 crane 0 001 @ 00000001 n 0000 | a machine
00007846 18 n 01 person 0 001 @ 00000001 n 0000 | a human being
00000005 18 n 01 wretch 0 001 @ 00007846 n 0000 | a person
"""
INDEX = "crane n 2 1 @ 2 2 00000003 00000002  \nwretch n 1 1 @ 1 1 00000005  \n"
OBJECTS = [
    {"image_id": 1, "objects": [{"names": ["crane"], "synsets": ["crane.n.01"]}, {"names": ["lamp post"]}]},
    {"image_id": 2, "objects": [{"names": ["crane"], "synsets": ["crane.n.02"]}]},
    {"image_id": 3, "objects": [{"names": ["wretch"], "synsets": ["wretch.n.01"]}]},
]
PHRASES = [
    {"id": 1, "regions": [{"phrase": "a crane beside the sidewalk"}, {"phrase": "two men on a sidewalk"}]}
]


@pytest.fixture
def wordnet(tmp_path):
    (tmp_path / "data.noun").write_text(NOUNS)
    (tmp_path / "index.noun").write_text(INDEX)
    return tmp_path


@pytest.fixture
def visual_genome(tmp_path):
    """Visual Genome's files where its study looks for them, in the form they are distributed in; no image."""
    folder = tmp_path / "data" / "visual-genome-1.2"
    folder.mkdir(parents=True)
    for name, content in (("objects_v1_2", OBJECTS), ("region_descriptions", PHRASES)):
        with zipfile.ZipFile(folder / f"{name}.json.zip", "w") as archive:
            archive.writestr(f"{name}.json", json.dumps(content))
    return {"RETRAIN_KIT_DATA": str(tmp_path / "data")}


def rows(path):
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def test_all_words_of_a_data_set_are_counted_without_its_images(wordnet, visual_genome, tmp_path):
    done = typed(
        *(tmp_path, "words", ".", "-o", "all.csv", "--study", "visual-genome", "--whole"),
        *("--free-names", "names.csv", "--lacking", "lacking.csv"),
        **visual_genome,
    )
    assert done.returncode == 0, done.stderr
    assert "names: 1 led to one synset, 1 to several, 1 to none\n" in done.stdout
    assert "words in no place of the system: 1, as lamp post\n" in done.stdout
    assert "WordNet 3.0 Copyright 2006 by Princeton University." in done.stdout
    found = {row["id"]: row for row in rows(tmp_path / "all.csv")}
    assert [found[name]["images at and below"] for name in ("n00000001", "n00000002", "n00007846")] == [
        "3",
        "1",
        "1",
    ]
    assert found["n00000002"]["siblings never used"] == "0"
    assert found["n00000005"]["words"] == "▒▒▒ (n00000005)"
    assert found["n00000003"]["paths"] == "entity → crane"
    names = rows(tmp_path / "names.csv")
    assert [(row["name"], row["synsets"], row["led to"]) for row in names[:1]] == [
        ("crane", "2", "crane: a machine (1); crane: a bird (1)")
    ]
    assert [row["word"] for row in rows(tmp_path / "lacking.csv")] == ["▒▒▒ #48b676e2", "sidewalk"]
    said = "".join(path.read_text(errors="replace") for path in tmp_path.glob("*.csv"))
    assert "wretch" not in said
    assert "WordNet 3.0 Copyright" in (tmp_path / "names.notice.txt").read_text()


def test_each_file_has_the_notice_and_no_word_for_people(wordnet, tmp_path):
    done = typed(tmp_path, "words", "data.noun", "-o", "a.html", "-o", "a.svg", "-o", "a.png", "-o", "a.csv")
    assert done.stdout.startswith("a.html\na.svg\na.png\na.csv\na.notice.txt\nmeanings: 5; veiled: 1\n")
    with Image.open(tmp_path / "a.png") as image:
        assert image.size == (2000, 1240)
        assert "WordNet 3.0 Copyright 2006" in image.info["Copyright"]
    for name in ("a.html", "a.svg", "a.notice.txt"):
        assert "WordNet 3.0 Copyright 2006" in (tmp_path / name).read_text()
    assert not any(b"wretch" in path.read_bytes() for path in tmp_path.glob("a.*"))
    typed(tmp_path, "words", "data.noun", "-o", "b.svg", "--accept-words")
    assert "wretch" in (tmp_path / "b.svg").read_text()


def test_what_is_written_is_read_again_with_every_withdrawal(tmp_path):
    table = "id,words,parents,gloss,retired,retired_on,retired_by,instance_of\nall,all|whole,,,,,,\nx,x,all,,bad,2019,Ann,\n"
    (tmp_path / "own.csv").write_text(table + "laika,Laika,all|x,a dog,,,,all\n")
    (tmp_path / "gone.json").write_text(
        '{"laika": {"reason": "unasked", "date": "1957", "source": "Bo"}, "new": null}'
    )
    done = typed(
        *(
            tmp_path,
            "words",
            "own.csv",
            "-o",
            "out.csv",
            "--withdrawn",
            "gone.json",
            "--accept-words",
        )
    )
    assert "gone.json: 1 of 2 ids are not in this system, as new\n" in done.stdout
    written = read_label_system(tmp_path / "out.csv")
    assert {*written} == {*read_label_system(tmp_path / "own.csv", withdrawn=tmp_path / "gone.json")}
    assert str(written.synset("laika").withdrawal) == "unasked (1957, Bo)"
    assert written.synset("x") == Synset("x", ("x",), "", ("all",), "bad", (), "2019", "Ann")


def test_words_for_people_stay_out_until_they_are_asked_for(tmp_path):
    (tmp_path / "own.csv").write_text("id,words,parents\nall,all,\npeople,people,all\nw,wretch,people\n")
    asked = ("words", "own.csv", "-o", "map.html")
    assert "meanings: 3; veiled: 1\n" in typed(tmp_path, *asked, "--person", "people").stdout
    assert b"wretch" not in (tmp_path / "map.html").read_bytes()
    unknown = typed(tmp_path, *asked)
    assert (
        "meanings: 3; veiled: 3\nThis label system does not say which of its words are for people"
        in unknown.stdout
    )
    (tmp_path / "list.txt").write_text("w\nq\n")
    listed = typed(tmp_path, *asked, "--wounding", "list.txt")
    assert (
        "list.txt: 1 of 2 ids are not in this system, as q\nmap.html\nmeanings: 3; veiled: 3\n"
        in listed.stdout
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("own.csv", "-o", "map.pdf"), "-o: found map.pdf; expected a name that ends in .html"),
        (("own.csv", "-o", "map.html", "--whole"), "--study: found none"),
        (("nothing.csv", "-o", "map.html"), "nothing.csv: found no file"),
        (("own.csv", "-o", "map.html", "--person", "nobody"), "'nobody'"),
        (("own.csv", "-o", "map.html", "--study", "embedded-sample", "--whole"), "--whole: found folder"),
        (("circle.csv", "-o", "map.html"), "circle.csv: found a circle: a → b → a"),
        (("own.csv", "-o", "map.html", "--withdrawn", "empty.txt"), "empty.txt: found no id"),
        (("cut.tar.gz", "-o", "map.html"), "cut.tar.gz: found no WordNet"),
    ],
)
def test_what_cannot_be_taken_is_one_clear_fault_and_nothing_is_written(tmp_path, words, said):
    (tmp_path / "own.csv").write_text("id,words\nall,all\n")
    (tmp_path / "circle.csv").write_text("id,parents\na,b\nb,a\n")
    (tmp_path / "empty.txt").write_text("\n")
    (tmp_path / "cut.tar.gz").write_bytes(b"\x1f\x8b\x08\0")
    done = typed(tmp_path, "words", *words)
    assert done.returncode in {1, 2}
    assert len(done.stderr.strip().splitlines()) == 1
    assert said in done.stderr
    assert not [*tmp_path.glob("map.*")]


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")
@pytest.mark.parametrize(
    ("files", "told", "line"),
    [
        (
            ("coco/annotations/instances_val2017.json",),
            "meanings: 91; veiled: 0",
            "zebra,zebra,supercategory: animal,",
        ),
        (
            ("open_images/hierarchy.json", "--names", "open_images/classes.csv"),
            "meanings: 602; veiled: ",
            "/m/0k4j,Car,",
        ),
    ],
)
def test_published_systems_become_a_table_without_glosses(tmp_path, files, told, line):
    data = SHARED / "testdata"
    asked = [data / each if "/" in each else each for each in files]
    done = typed(tmp_path, "words", *asked, "-o", "out.csv")
    assert told in done.stdout
    assert line in (tmp_path / "out.csv").read_text("utf-8-sig")
    assert {row["gloss"] for row in rows(tmp_path / "out.csv")} == {""}
