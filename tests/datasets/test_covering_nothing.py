"""What covers nothing in its image is listed, whoever read it: nothing would be taken out for it."""

import json

import pytest
from small_studies import study

from retrain_kit import datasets

SQUARE = [[2, 2], [22, 2], [22, 22], [2, 22]]
CASES = {
    "empty": ({"box": [0, 0, 0, 0]}, "its box: empty: covers nothing"),
    "outside": ({"box": [100, 2, 120, 20]}, "its box: wholly outside the image: covers nothing"),
    "above": ({"box": [2, -20, 20, 0]}, "its box: wholly outside the image: covers nothing"),
    "tiny": ({"box": [2.6, 2.6, 3.4, 3.4]}, "its box: smaller than a pixel: covers no pixel centre"),
    "outline outside": (
        {"box": [2, 2, 22, 22], "polygons": [[[100, 100], [200, 100], [200, 200]]]},
        "its outline: wholly outside its box",
    ),
    "outline elsewhere": (
        {"box": [2, 2, 10, 10], "polygons": [[[30, 30], [40, 30], [40, 40]]]},
        "its outline: wholly outside its box",
    ),
    "outline a line": (
        {"box": [2, 2, 22, 22], "polygons": [[[2, 2], [22, 22], [2, 2]]]},
        "its outline: no pixel centre in it: covers nothing",
    ),
}


def samples(folder, read, *records):
    lines = [json.dumps({"image": "a", "id": f"r{at}", "label": "person", **each}) for at, each in records]
    (folder / "annotations.jsonl").write_text("\n".join(lines))
    files = {"annotations": "annotations.jsonl"}
    return list(read(study(folder, "folder", [("a", "a.jpg", (64, 48))], files)))


@pytest.mark.parametrize("read", [datasets.read, datasets.stream])
@pytest.mark.parametrize("case", CASES)
def test_it_is_listed_and_stays_a_region(tmp_path, read, case):
    record, reason = CASES[case]
    (sample,) = samples(tmp_path, read, (1, record), (2, {"box": [1, 1, 5, 5]}))
    (found,) = sample.rejected
    assert (found.image, found.id, found.label, found.reason) == ("a", "r1", "person", reason)
    assert found.kept == ("the box" if "outline" in case else "the word")
    assert [region.id for region in sample.regions] == ["r1", "r2"]


def test_what_covers_a_pixel_is_not_listed(tmp_path):
    inside = [{"box": [0, 0, 64, 48]}, {"box": [-9, -9, 900, 900]}, {"box": [63.4, 47.4, 64, 48]}]
    outlined = [{"box": [2, 2, 22, 22], "polygons": [SQUARE]}, {"polygons": [[[-9, -9], [99, 0], [0, 99]]]}]
    (sample,) = samples(tmp_path, datasets.read, *enumerate(inside + outlined))
    assert sample.rejected == ()
    assert len(sample.regions) == 5


@pytest.mark.parametrize("word", ["", " ", "\n\t"])
@pytest.mark.parametrize(
    ("kind", "id_", "kept"),
    [
        ("label", "n", "the box"),
        ("phrase", "n", "the box"),
        ("image_label", "", "the answer"),
        ("predicate", "n", "the regions"),
    ],
)
def test_what_has_no_word_is_listed(tmp_path, kind, id_, kept, word):
    lines = [
        {"image": "a", "id": "r", "label": "cat", "box": [1, 1, 5, 5]},
        {"image": "a", "id": "n", kind: word, "box": [1, 1, 5, 5], "subject": "r", "object": "r"},
    ]
    (tmp_path / "annotations.jsonl").write_text("\n".join(map(json.dumps, lines)))
    files = {"annotations": "annotations.jsonl"}
    (sample,) = datasets.read(study(tmp_path, "folder", [("a", "a.jpg", (64, 48))], files))
    (found,) = sample.rejected
    assert (found.id, found.kept, found.reason) == (id_, kept, f"its word: {json.dumps(word)}, no word")


def test_a_relationship_without_its_region_is_listed(tmp_path):
    lines = [
        {"image": "a", "id": "r", "label": "cat", "box": [1, 1, 5, 5]},
        {"image": "a", "id": "s", "label": "mat", "box": [5, 1, 1, 5]},
        {"image": "a", "id": "q", "subject": "r", "predicate": "on", "object": "s"},
        {"image": "a", "id": "p", "subject": "r", "predicate": "is", "object": "r"},
    ]
    (tmp_path / "annotations.jsonl").write_text("\n".join(map(json.dumps, lines)))
    files = {"annotations": "annotations.jsonl"}
    (sample,) = datasets.read(study(tmp_path, "folder", [("a", "a.jpg", (64, 48))], files))
    assert [each.id for each in sample.rejected] == ["s", "q"]
    assert sample.rejected[1].reason == 'between regions: "s", none that could be taken of this image'
