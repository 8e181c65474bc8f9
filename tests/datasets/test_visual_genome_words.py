"""The words of Visual Genome are read without its images, and are those of its samples."""

import json

import pytest
from places import SHARED

from retrain_kit.analysis.free_names import NameCounting
from retrain_kit.analysis.label_use import Naming, image_namings
from retrain_kit.datasets import visual_genome
from retrain_kit.datasets.visual_genome import words
from retrain_kit.errors import DataError
from retrain_kit.studies import manifests

REAL = SHARED / "testdata" / "visual_genome"
OBJECTS = [
    {
        "image_id": 1,
        "objects": [{"names": ["clock"], "synsets": ["clock.n.01"]}, {"name": "wall"}, {"names": [" "]}],
    },
    {"objects": [{"names": ["no image"]}]},
    {"id": "2", "objects": [{"names": ["girl", 3, "woman"], "synsets": None}, "row"]},
    {"image_id": 3, "objects": None},
]
REGIONS = [{"id": 1, "regions": [{"phrase": "the clock is green"}, {"phrase": ""}, {"phrase": 4}, None]}]


def study(folder, ids=(), **contents):
    files = {}
    for name, content in contents.items():
        files[name] = folder / f"{name}.json"
        files[name].write_text(content if isinstance(content, str) else json.dumps(content))
    images = tuple(manifests.ImageRow(each, f"{each}.jpg", "", 800, 600, "l", "a", "s") for each in ids)
    texts = ("few", "t", "w", "visual-genome", "1.4", "l", "r")
    return manifests.Manifest(*texts, folder, files, manifests.AnnotationProcess(), images, "")


def test_names_and_phrases_come_image_by_image_and_what_is_no_word_is_listed(tmp_path):
    lost = []
    manifest = study(tmp_path, objects=OBJECTS, region_descriptions=REGIONS)
    assert [(row.image, row.namings) for row in words.stream_namings(manifest, lost)] == [
        ("1", [Naming(("clock",), ("clock.n.01",)), Naming(("wall",), ())]),
        ("2", [Naming(("girl", "woman"), ())]),
        ("3", []),
    ]
    assert [each.place for each in lost] == [
        "objects.json, image 1, row 3",
        "objects.json, entry 2",
        "objects.json, image 2, row 2",
    ]
    lost.clear()
    assert [*words.stream_phrases(manifest, lost)] == [("1", ["the clock is green"])]
    assert [each.reason for each in lost] == [
        'phrase: "", no word',
        "phrase: 4, no word",
        "phrase: null, no word",
    ]


@pytest.mark.parametrize(
    ("content", "fault"), [("[{", "no JSON"), ("{}", "no list"), ('[{"objects": []}]', "no image_id")]
)
def test_a_file_that_is_none_is_one_clear_fault(tmp_path, content, fault):
    with pytest.raises(DataError, match=fault) as caught:
        [*words.stream_namings(study(tmp_path, objects=content))]
    assert len(caught.value.faults) == 1
    with pytest.raises(DataError, match=r"few\.toml, files: found no region_descriptions"):
        [*words.stream_phrases(study(tmp_path))]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real rows lie in ../shared/testdata, which is not here")
def test_the_real_rows_say_the_same_with_and_without_their_images(tmp_path):
    contents = {name: (REAL / f"{name}.json").read_text() for name in ("objects", "region_descriptions")}
    ids = [str(entry["image_id"]) for entry in json.loads(contents["objects"])]
    manifest = study(tmp_path, ids, **contents)
    samples = visual_genome.read(manifest)
    rows = [*words.stream_namings(manifest)]
    assert [row for row in rows if row.namings] == [row for row in image_namings(samples) if row.namings]
    counting = NameCounting()
    for row in rows:
        counting.take(row)
    found = counting.result()
    assert (found.annotations, len(found.to_several), found.states_synsets) == (177, 0, True)
    assert {name.name for name in found.to_none} >= {"work truck", "lamp post", "computer tower"}
    phrases = dict(words.stream_phrases(manifest))
    by_image = {sample.id: [phrase.text for phrase in sample.phrases] for sample in samples}
    assert phrases == {image: texts for image, texts in by_image.items() if image in phrases}
