"""Visual Genome is read without loss: names, synsets, attributes, relationships, odd boxes."""

import gzip
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from cases import copy_case
from hypothesis import given, settings
from hypothesis import strategies as st
from places import SHARED
from trying import examples

from retrain_kit import datasets
from retrain_kit.annotations.samples import UNKNOWN, Box, Phrase, Region, Relationship
from retrain_kit.datasets import visual_genome
from retrain_kit.datasets.visual_genome.scene import box_from_visual_genome
from retrain_kit.errors import BoxError, DataError, ParameterError
from retrain_kit.studies import manifests, sampling

REAL = SHARED / "testdata" / "visual_genome"
real = pytest.mark.skipif(
    not REAL.is_dir(), reason="the real rows lie in ../shared/testdata, which is not here"
)
CLOCK = {"object_id": 7, "x": 4, "y": 9, "w": 10, "h": 20, "names": ["clock"], "synsets": ["clock.n.01"]}
WALL = {"object_id": 8, "x": 0, "y": 0, "w": 80, "h": 60, "name": "wall", "synsets": ["wall.n.01"]}
numbers = st.integers(-10_000, 10_000)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Return the function that reads a study of these images, with these files."""
    folder = tmp_path_factory.mktemp("study")

    def make(*ids, unmatched=None, **contents):
        files = {}
        for name, content in contents.items():
            files[name] = content if isinstance(content, Path) else folder / f"{name}.json"
            if not isinstance(content, Path):
                text = content if isinstance(content, str) else json.dumps(content)
                files[name].write_text(text, encoding="utf-8")
        images = tuple(
            manifests.ImageRow(name, f"{name}.jpg", "", 800, 600, "CC-BY-4.0", "Ann", "https://example.org")
            for name in ids
        )
        texts = ("few", "t", "w", "visual-genome", "1.4", "l", "r")
        return visual_genome.read(
            manifests.Manifest(*texts, folder, files, manifests.AnnotationProcess(), images, ""), unmatched
        )

    return make


@pytest.fixture(scope="module")
def first(study):
    """Return the first image of the real rows."""
    if not REAL.is_dir():
        pytest.skip("the real rows lie in ../shared/testdata, which is not here")
    (sample,) = study("1", **{name: REAL / f"{name}.json" for name in visual_genome.LISTS})
    return sample


def objects(*rows, image=1):
    return [{"image_id": image, "objects": list(rows)}]


def link(subject, thing, **more):
    row = {"relationship_id": 3, "predicate": "ON", "synsets": [], "subject": subject, "object": thing}
    return [{"image_id": 1, "relationships": [row | more]}]


def test_a_real_image_keeps_what_image_data_says_of_it(first):
    assert first.said == {
        "width": 800,
        "height": 600,
        "url": "https://cs.stanford.edu/people/rak248/VG_100K_2/1.jpg",
        "coco_id": None,
        "flickr_id": None,
    }
    assert (first.id, first.path.name, first.size) == ("1", "1.jpg", (800, 600))
    assert (first.provenance.author, first.provenance.licence) == ("Ann", "CC-BY-4.0")


def test_a_real_object_keeps_its_names_synsets_and_attributes(first):
    assert len(first.regions) == 40
    assert first.regions[0] == Region(
        "clock",
        Box(421, 91, 500, 430),
        "o1058498",
        UNKNOWN,
        said={"names": ["clock"], "synsets": ["clock.n.01"], "attributes": ["green", "tall"]},
    )


def test_a_real_object_without_attributes_is_given_none(first):
    assert first.regions[2].said == {"names": ["shade"], "synsets": ["shade.n.01"]}


def test_a_real_region_description_is_a_phrase_as_it_was_typed(first):
    assert len(first.phrases) == 262
    assert first.phrases[0] == Phrase(
        "the clock is green in colour", Box(421, 57, 503, 196), "r1382", UNKNOWN
    )
    assert first.phrases[1].text == "shade is along the street "


def test_a_real_relationship_joins_two_regions(first):
    assert len(first.relationships) == 41
    link = first.relationships[0]
    assert link == Relationship("o5045", "ON", "o5046", "q15927", UNKNOWN, {"synsets": ["along.r.01"]})
    words = {region.id: region.label for region in first.regions}
    assert [words[link.subject], words[link.object]] == ["shade", "street"]


@real
def test_all_real_rows_come_through_and_none_is_rejected(study):
    samples = study("5", "4", "3", "2", "1", **{name: REAL / f"{name}.json" for name in visual_genome.LISTS})
    assert [sample.id for sample in samples] == ["5", "4", "3", "2", "1"]
    assert sum(len(sample.regions) for sample in samples) == 177
    assert sum(len(sample.phrases) for sample in samples) == 1278
    assert sum(len(sample.relationships) for sample in samples) == 158
    assert not any(sample.rejected for sample in samples)
    for sample in samples:
        assert json.loads(json.dumps(sample.said)) == sample.said
        assert all(json.loads(json.dumps(region.said)) == region.said for region in sample.regions)


@real
def test_a_real_relationship_keeps_its_own_word_for_a_thing_of_two_names(study):
    (sample,) = study("3", objects=REAL / "objects.json", relationships=REAL / "relationships.json")
    (link,) = [link for link in sample.relationships if link.id == "q3187825"]
    assert link.said["subject"] == {"name": "woman", "synsets": ["woman.n.01"]}
    assert link.said["object"] == {"name": "dark hair"}
    (girl,) = [region for region in sample.regions if region.id == link.subject]
    assert (girl.label, girl.said["names"]) == ("girl", ["girl", "woman"])


@real
def test_an_image_that_the_manifest_does_not_list_is_left_out(study):
    (sample,) = study("2", objects=REAL / "objects.json")
    assert len(sample.regions) == 27


def test_entries_of_other_images_are_not_kept_in_memory(tmp_path):
    path = tmp_path / "objects.json"
    path.write_text(json.dumps(objects(CLOCK) + objects(WALL, image=2)), encoding="utf-8")
    assert visual_genome.entries_by_image(path, {"2"}) == {"2": [{"objects": [WALL]}]}


def test_fractions_come_through_as_json_has_them(study):
    (sample,) = study("1", objects=objects(CLOCK | {"x": 0.25, "sure": 0.5}))
    assert sample.regions[0].box == Box(0.25, 9, 10.25, 29)
    assert json.dumps(sample.regions[0].said["sure"]) == "0.5"


def test_an_image_that_no_file_names_has_no_annotations(study):
    (sample,) = study("99", objects=objects(CLOCK))
    assert (sample.regions, sample.said) == ((), {})


def test_a_packed_file_is_read_as_the_plain_one(study, tmp_path):
    packed = tmp_path / "objects.json.gz"
    packed.write_bytes(gzip.compress(json.dumps(objects(CLOCK)).encode()))
    assert study("1", objects=packed) == study("1", objects=objects(CLOCK))


def zipped(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__dot__", ".").replace("__in__", "/"), text)
    return path


def test_an_archive_as_distributed_is_read_as_the_plain_file(study, tmp_path):
    text = json.dumps(objects(CLOCK))
    archive = zipped(
        tmp_path / "objects.json.zip", objects__dot__json=text, __MACOSX__in__objects__dot__json=""
    )
    assert study("1", objects=archive) == study("1", objects=objects(CLOCK))


def test_an_archive_of_two_files_or_of_none_is_named(study, tmp_path):
    two = zipped(tmp_path / "two.zip", a__dot__json="[]", b__dot__json="[]")
    (tmp_path / "none.zip").write_bytes(b"PK")
    with pytest.raises(DataError) as caught:
        study("1", objects=two, attributes=tmp_path / "none.zip")
    assert [fault.found for fault in caught.value.faults] == [
        "no JSON (2 JSON files in the archive, not one)",
        "no JSON (File is not a zip file)",
    ]


def test_a_broken_archive_is_named(study, tmp_path):
    path = zipped(tmp_path / "objects.json.zip", objects__dot__json=json.dumps(objects(CLOCK)))
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"objects\.json\.zip: found no JSON"):
        study("1", objects=path)


def test_both_spellings_of_the_keys_say_the_same(study):
    old = {"id": 7, "x": 4, "y": 9, "width": 10, "height": 20, "name": "clock"}
    (sample,) = study("1", objects=[{"id": "1", "objects": [old]}])
    assert sample.regions == (Region("clock", Box(4, 9, 14, 29), "o7", said={"name": "clock"}),)


def test_a_second_name_and_merged_ids_are_kept(study):
    row = CLOCK | {"names": ["clock", "watch"], "merged_object_ids": [1, 2]}
    (sample,) = study("1", objects=[{"image_id": 1, "objects": [row], "image_url": "https://example.org/1"}])
    assert sample.regions[0].label == "clock"
    assert sample.regions[0].said == {
        "names": ["clock", "watch"],
        "synsets": ["clock.n.01"],
        "merged_object_ids": [1, 2],
    }
    assert sample.said == {"image_url": "https://example.org/1"}


def test_two_files_that_say_different_things_of_an_image_are_both_kept(study):
    (sample,) = study(
        "1",
        image_data=[{"image_id": 1, "url": "https://example.org/a"}],
        objects=[{"image_id": 1, "url": "https://example.org/b", "objects": []}],
    )
    assert sample.said == {"url": "https://example.org/a", "objects_url": "https://example.org/b"}


def test_an_object_without_a_name_has_an_empty_label(study):
    (sample,) = study("1", objects=objects(CLOCK | {"names": []}))
    assert (sample.regions[0].label, sample.regions[0].said["names"]) == ("", [])


def test_ends_of_a_relationship_that_are_no_objects_are_kept_with_where_they_were_found(study):
    (sample,) = study("1", objects=objects(CLOCK), relationships=link(CLOCK, WALL))
    assert sample.regions[1] == Region(
        "wall",
        Box(0, 0, 80, 60),
        "o8",
        said={"name": "wall", "synsets": ["wall.n.01"], "found_in": "relationships"},
    )
    assert sample.relationships == (Relationship("o7", "ON", "o8", "q3", said={"synsets": []}),)


def test_attributes_of_what_is_no_object_are_kept_with_where_they_were_found(study):
    rows = [{"image_id": 1, "attributes": [WALL | {"attributes": ["red"]}]}]
    (sample,) = study("1", attributes=rows)
    assert sample.regions[0].id == "o8"
    assert sample.regions[0].said["attributes"] == ["red"]
    assert sample.regions[0].said["found_in"] == "attributes"


def test_what_attributes_say_twice_is_joined_and_what_they_say_otherwise_is_kept(study):
    rows = [CLOCK | {"attributes": ["red", "red"]}, CLOCK | {"w": 11, "attributes": ["red", "old"]}]
    (sample,) = study("1", objects=objects(CLOCK), attributes=[{"image_id": 1, "attributes": rows}])
    (region,) = sample.regions
    assert region.said["attributes"] == ["red", "red", "old"]
    assert region.said["in_attributes"] == [{"w": 11}]
    assert region.box == Box(4, 9, 14, 29)


def test_what_a_relationship_says_otherwise_of_its_ends_is_kept(study):
    subject = {"object_id": 7, "x": 5, "y": 9, "width": 10, "h": 20, "name": "watch"}
    (sample,) = study("1", objects=objects(CLOCK, WALL), relationships=link(subject, WALL))
    assert sample.relationships[0].said == {"synsets": [], "subject": {"x": 5, "name": "watch"}}
    assert [region.label for region in sample.regions] == ["clock", "wall"]


def test_what_else_a_region_description_says_is_kept_with_its_phrase(study):
    row = {"region_id": 5, "image_id": 1, "x": 1, "y": 2, "width": 3, "height": 4, "phrase": "a", "by": "Ann"}
    (sample,) = study("1", region_descriptions=[{"id": 1, "regions": [row]}])
    assert sample.phrases == (Phrase("a", Box(1, 2, 4, 6), "r5", said={"by": "Ann"}),)
    assert sample.said == {}


def test_a_box_at_negative_places_or_outside_stays_as_it_is(study):
    row = {"region_id": 5, "x": -3, "y": -904, "width": 9000, "height": 20, "phrase": "sky"}
    (sample,) = study("1", region_descriptions=[{"id": 1, "regions": [row]}])
    assert sample.phrases[0].box == Box(-3, -904, 8997, -884)
    assert sample.said == {}


def sized(width, height):
    return [{"image_id": 1, "width": width, "height": height}]


def test_an_image_smaller_than_visual_genome_had_it_has_its_boxes_scaled_and_says_so(study):
    phrase = {"region_id": 5, "x": -4, "y": 8, "width": 16, "height": 24, "phrase": "sky"}
    (sample,) = study(
        "1",
        image_data=sized(1600, 1200),
        objects=objects(CLOCK),
        region_descriptions=[{"id": 1, "regions": [phrase]}],
    )
    assert sample.said == {"width": 1600, "height": 1200, "scaled_from": [1600, 1200]}
    assert sample.regions[0].box == Box(2, 4.5, 7, 14.5)
    assert sample.regions[0].said == {key: CLOCK[key] for key in CLOCK if key != "object_id"}
    assert sample.phrases == (
        Phrase("sky", Box(-2, 4, 6, 16), "r5", said={"x": -4, "y": 8, "width": 16, "height": 24}),
    )


@pytest.mark.parametrize(("width", "height"), [(800, 600), (0, 0), (None, None)])
def test_an_image_of_the_same_size_or_of_none_stated_is_not_scaled(study, width, height):
    (sample,) = study("1", image_data=sized(width, height), objects=objects(CLOCK))
    assert sample.regions[0].box == Box(4, 9, 14, 29)
    assert "scaled_from" not in sample.said


def test_all_rows_of_an_image_that_was_turned_or_cut_are_listed(study):
    (sample,) = study("1", image_data=sized(600, 800), objects=objects(CLOCK, WALL))
    assert sample.regions == ()
    assert [(each.id, each.label) for each in sample.rejected] == [("7", "clock"), ("8", "wall")]
    assert sample.rejected[0].reason == (
        "image_data speaks of 600 × 800 pixels, and the image has 800 × 600: not the same scaled, so it was cut "
        "or turned"
    )


@pytest.mark.parametrize("wide", ["wide", [800], True, {"px": 800}])
def test_a_size_that_is_no_number_is_listed_and_nothing_is_scaled(study, wide):
    (sample,) = study("1", image_data=sized(wide, 600), objects=objects(CLOCK))
    assert sample.regions[0].box == Box(4, 9, 14, 29)
    (rejected,) = sample.rejected
    assert rejected.place == "image_data.json, image 1"
    assert "no finite number" in rejected.reason
    assert rejected.kept == "the annotations as they stand, not scaled"


@given(st.integers(1, 50), st.integers(1, 50))
def test_a_box_keeps_its_share_of_a_scaled_image(study, across, down):
    whole = CLOCK | {"x": 0, "y": 0, "w": 4 * across, "h": 3 * across}
    part = CLOCK | {"object_id": 9, "x": across, "y": across, "w": across, "h": across}
    (sample,) = study("1", image_data=sized(4 * across, 3 * across), objects=objects(whole, part))
    assert sample.regions[0].box.edges == pytest.approx((0, 0, 800, 600))
    assert sample.regions[1].box.edges == pytest.approx((200, 200, 400, 400))


URL = "https://cs.stanford.edu/people/rak248/VG_100K_2/1.jpg"


def drawing(folder, *labels, subset="", **files):
    """Return a study that carries the rule of a draw and has no images yet."""
    for name, content in files.items():
        if not isinstance(content, Path):
            files[name] = folder / f"{name}.json"
            files[name].write_text(json.dumps(content), encoding="utf-8")
    rule = sampling.Rule(2, 7, labels, subset)
    texts = ("few", "t", "w", "visual-genome", "1.4", "l", "")
    return manifests.Manifest(*texts, folder, files, manifests.AnnotationProcess(), (), "", draw=rule)


@real
def test_a_draw_takes_images_that_bear_a_name_or_a_synset_from_the_whole_file(tmp_path):
    files = {"image_data": REAL / "image_data.json", "objects": REAL / "objects.json"}
    assert list(visual_genome.ids(drawing(tmp_path, **files))) == ["1", "2", "3", "4", "5"]
    assert list(visual_genome.ids(drawing(tmp_path, "clock", **files))) == ["1"]
    assert list(visual_genome.ids(drawing(tmp_path, "clock.n.01", "girl", **files))) == ["1", "3"]


def test_either_spelling_of_a_name_is_drawn(tmp_path):
    rows = [*objects(CLOCK, 5), {"id": 2, "objects": [WALL]}, {"id": 3, "objects": None}]
    assert list(visual_genome.ids(drawing(tmp_path, "wall", objects=rows))) == ["2"]
    assert list(visual_genome.ids(drawing(tmp_path, "wall.n.01", "clock", objects=rows))) == ["1", "2"]


def test_words_that_no_object_bears_are_named_with_those_near_them(tmp_path):
    with pytest.raises(ParameterError) as caught:
        visual_genome.ids(drawing(tmp_path, "clok", "clock", "zebra", objects=objects(CLOCK, WALL)))
    assert [str(fault) for fault in caught.value.faults] == [
        "labels: found 'clok'; expected a name or a synset of an object in objects.json. Near it: clock.",
        "labels: found 'zebra'; expected a name or a synset of an object in objects.json.",
    ]


def test_a_subset_is_refused_for_there_are_none(tmp_path):
    with pytest.raises(ParameterError, match="subset: found 'train'; expected none"):
        visual_genome.ids(drawing(tmp_path, subset="train"))


def test_a_draw_without_the_file_it_needs_is_named(tmp_path):
    with pytest.raises(DataError, match=r"few\.toml, files: found no image_data"):
        visual_genome.ids(drawing(tmp_path))
    with pytest.raises(DataError, match=r"few\.toml, files: found no objects"):
        visual_genome.ids(drawing(tmp_path, "clock"))


@real
def test_a_drawn_image_is_described_as_image_data_says(tmp_path):
    study = drawing(tmp_path, image_data=REAL / "image_data.json")
    assert visual_genome.describe(study, ["2", "1"])[1] == sampling.Candidate(
        id="1", file="VG_100K_2/1.jpg", url=URL, licence="unknown", author="unknown", source=URL
    )
    assert visual_genome.describe(study, ["2", "1"])[0].file == "VG_100K/2.jpg"


def test_a_drawn_image_in_an_archive_is_described_with_its_place_there(tmp_path):
    (tmp_path / "packed").mkdir()
    archive = zipped(tmp_path / "packed" / "images2.zip", VG_100K_2__in__1__dot__jpg="x")
    study = drawing(
        tmp_path,
        image_data=[{"image_id": 1, "url": URL}],
        images=tmp_path / "not-here.zip",
        images2=archive,
    )
    (candidate,) = visual_genome.describe(study, ["1"])
    assert candidate.archive == ("packed/images2.zip", "VG_100K_2/1.jpg")
    (sample,) = visual_genome.read(
        replace(study, images=(manifests.ImageRow("1", "1.jpg", "", 8, 6, "l", "a", "s"),))
    )
    assert sample.said == {"url": URL}


@pytest.mark.parametrize(
    "url", [None, "", "https://example.org/", "https://example.org/a/../..", "http://[x/"]
)
def test_every_image_without_a_usable_address_is_named(tmp_path, url):
    study = drawing(tmp_path, image_data=[{"image_id": 1, "url": url}])
    with pytest.raises(DataError) as caught:
        visual_genome.describe(study, ["1", "7"])
    assert [fault.where.rpartition(", ")[2] for fault in caught.value.faults] == ["image 1", "image 7"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"w": -1}, "left <= right"),
        ({"h": -20}, "top <= bottom"),
        ({"x": "NaN"}, 'x: "NaN", no finite number'),
        ({"x": 1.7e308, "w": 1.7e308}, "four finite numbers"),
        ({"x": True}, "x: true, no finite number"),
        ({"x": None}, "no x"),
        ({"h": None}, "no h or height"),
        ({"y": "low"}, 'y: "low", no finite number'),
        ({"y": [1]}, "y: [1], no finite number"),
        ({"names": [None]}, "names: [null], no word"),
        ({"names": [["clock"]]}, 'names: [["clock"]], no word'),
        ({"names": 5}, "names: 5, no word"),
        ({"names": {"a": "clock"}}, 'names: {"a": "clock"}, no word'),
    ],
)
def test_an_object_without_a_box_or_a_word_is_listed_and_the_others_are_read(study, change, why):
    (sample,) = study("1", objects=objects(CLOCK | change, WALL))
    assert [region.id for region in sample.regions] == ["o8"]
    (rejected,) = sample.rejected
    assert (rejected.image, rejected.id, rejected.row) == ("1", "7", CLOCK | change)
    assert rejected.label == ("" if "names" in change else "clock")
    assert rejected.place == "objects.json, image 1, row 1"
    assert why in rejected.reason
    assert "rejected" not in sample.said


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("NaN", "x: NaN, no finite number"),
        ("-Infinity", "x: -Infinity, no finite number"),
        ("1e999", "x: Infinity, no finite number"),
        (f"1{'0' * 400}", f"x: 1{'0' * 79}…, no finite number"),
        (f"-1{'0' * 5000}", "x: -Infinity, no finite number"),
    ],
)
def test_a_number_without_end_stops_only_its_row(study, number, why):
    text = json.dumps([*objects(CLOCK | {"x": "HERE"}, WALL), *objects(WALL, image=2)])
    first, second = study("1", "2", objects=text.replace('"HERE"', number))
    assert [region.id for region in (*first.regions, *second.regions)] == ["o8", "o8"]
    (rejected,) = first.rejected
    assert (rejected.id, rejected.label, rejected.reason) == ("7", "clock", why)
    assert second.rejected == ()


def test_an_id_of_more_than_64_bits_is_one(study):
    (sample,) = study("1", objects=objects(CLOCK | {"object_id": 1 << 70}, WALL))
    assert [region.id for region in sample.regions] == ["o1180591620717411303424", "o8"]


def test_half_a_sign_stands_there_as_json_names_it(study):
    text = json.dumps(
        objects(CLOCK | {"names": ["clock HERE"], "note": ["HERE", "\N{CLOCK FACE ONE OCLOCK}"]})
    )
    (sample,) = study("1", objects=text.replace("HERE", r"\uD83d"))
    (region,) = sample.regions
    assert (region.label, region.said["note"]) == (r"clock \ud83d", [r"\ud83d", "\N{CLOCK FACE ONE OCLOCK}"])


def test_a_second_annotation_with_the_same_id_is_listed(study):
    (sample,) = study("1", objects=objects(CLOCK, CLOCK | {"names": ["moon"]}))
    assert [region.label for region in sample.regions] == ["clock"]
    (rejected,) = sample.rejected
    assert rejected.reason == "o7 a second time, expected every id once an image"
    assert (rejected.label, rejected.row["names"]) == ("moon", ["moon"])


def test_a_relationship_with_a_rejected_end_is_listed_whole(study):
    thing = WALL | {"w": -1}
    (sample,) = study("1", objects=objects(CLOCK, thing), relationships=link(CLOCK, thing))
    assert sample.relationships == ()
    assert [(each.place, each.id, each.label) for each in sample.rejected] == [
        ("objects.json, image 1, row 2", "8", "wall"),
        ("relationships.json, image 1, row 1", "3", "ON"),
    ]


def test_all_faults_of_all_files_come_together(study, tmp_path):
    cut = tmp_path / "cut.json.gz"
    cut.write_bytes(gzip.compress(json.dumps(objects(CLOCK)).encode())[:-12])
    with pytest.raises(DataError) as caught:
        study(
            "1",
            image_data=tmp_path / "none.json",
            objects=cut,
            attributes='[{"image_id": 1, "attributes": [{"x": }]}]',
            relationships=[{"relationships": []}, 5],
            region_descriptions="{}",
        )
    texts = [str(fault) for fault in caught.value.faults]
    assert [Path(fault.where.partition(",")[0]).name for fault in caught.value.faults] == [
        "none.json",
        "cut.json.gz",
        "attributes.json",
        "relationships.json",
        "region_descriptions.json",
    ]
    assert "No such file" in texts[0]
    assert "no JSON (Expecting value, character 38)" in texts[2]
    assert "found no image_id in any of 2 entries" in texts[3]
    assert "no list" in texts[4]


@pytest.mark.parametrize(
    ("files", "place", "reason"),
    [
        ({"objects": [{"image_id": 1, "things": []}]}, "objects.json, image 1", "objects: null, no list"),
        ({"objects": [{"image_id": 1, "objects": {"a": 1}}]}, "image 1", 'objects: {"a": 1}, no list'),
        ({"objects": objects(CLOCK, 5)}, "objects.json, image 1, row 2", "5, no row"),
        ({"objects": objects({"x": 1})}, "image 1, row 1", "no object_id or id"),
        ({"objects": objects(CLOCK | {"object_id": True})}, "row 1", "object_id: true, no number of an id"),
        ({"objects": objects(CLOCK | {"object_id": 7.5})}, "row 1", "object_id: 7.5, no number of an id"),
        ({"objects": objects(CLOCK | {"object_id": [7]})}, "row 1", "object_id: [7], no number of an id"),
        ({"relationships": link(CLOCK, WALL, predicate=None)}, "image 1, row 1", "no predicate"),
        ({"relationships": link(CLOCK, WALL, predicate=["ON"])}, "row 1", 'predicate: ["ON"], no text'),
        ({"relationships": link("clock", WALL)}, "row 1", 'subject: "clock", no object'),
        ({"relationships": link(CLOCK, WALL | {"name": [None]})}, "row 1", "names: [null], no word"),
        (
            {"attributes": [{"id": 1, "attributes": [CLOCK | {"attributes": "red"}]}]},
            "attributes.json, image 1, row 1",
            'attributes: "red", no list of words',
        ),
        (
            {"attributes": [{"id": 1, "attributes": [CLOCK | {"attributes": ["red", None]}]}]},
            "row 1",
            'attributes: ["red", null], no list of words',
        ),
        ({"region_descriptions": [{"id": 1, "regions": [{"region_id": 1}]}]}, "row 1", "no phrase"),
        (
            {"region_descriptions": [{"id": 1, "regions": [{"region_id": 1, "phrase": 5}]}]},
            "row 1",
            "phrase: 5, no text",
        ),
    ],
)
def test_a_row_of_another_form_is_listed_with_its_place(study, files, place, reason):
    (sample,) = study("1", **files)
    (rejected,) = sample.rejected
    assert place in rejected.place
    assert reason in rejected.reason


@pytest.mark.parametrize("one", [1, 1.0, "1", "1.0", "01"])
@pytest.mark.parametrize("name", ["1", "1.0"])
def test_ids_are_numbers_however_they_are_written(study, one, name):
    thing = {"object_id": 8, "x": 1, "y": 1, "w": 1, "h": 1, "name": "wall"}
    (sample,) = study(
        name,
        image_data=[{"image_id": one, "width": 800, "height": 600}],
        objects=objects(CLOCK | {"object_id": 7.0}, image=one)
        + objects(WALL | {"object_id": "8"}, image=one),
        relationships=[{"image_id": one, "relationships": link(CLOCK, thing)[0]["relationships"]}],
        region_descriptions=[
            {
                "id": one,
                "regions": [{"region_id": "5.0", "image_id": one, "phrase": "a", **dict.fromkeys("xywh", 1)}],
            }
        ],
    )
    assert sample.id == name
    assert [region.id for region in sample.regions] == ["o7", "o8"]
    assert (sample.relationships[0].subject, sample.relationships[0].object) == ("o7", "o8")
    assert [(phrase.id, phrase.said) for phrase in sample.phrases] == [("r5", {})]
    assert sample.rejected == ()


def test_great_ids_stay_apart(study):
    great = 1 << 60
    (sample,) = study(str(great), objects=objects(CLOCK, image=great) + objects(WALL, image=great + 1))
    assert [region.label for region in sample.regions] == ["clock"]


def test_two_ids_of_a_study_that_are_one_number_are_a_fault(study):
    with pytest.raises(DataError, match="found 1.0, the number of another id"):
        study("1", "1.0", objects=objects(CLOCK))


def test_entries_that_name_no_image_or_one_that_image_data_does_not_list_match_none(study):
    unmatched = []
    (sample,) = study(
        "1",
        unmatched=unmatched,
        image_data=[*sized(800, 600), {"image_id": 2}, {"image_id": True}, {"url": "u"}, 5],
        objects=[
            *objects(CLOCK),
            *objects(WALL, image=2),
            *objects(WALL, WALL, image=3),
            {"objects": [WALL]},
        ],
    )
    assert [region.label for region in sample.regions] == ["clock"]
    no_id = "no image_id or id that is a number"
    assert [(each.image, each.place, each.reason) for each in unmatched] == [
        ("", "image_data.json, entry 3", no_id),
        ("", "image_data.json, entry 4", no_id),
        ("", "image_data.json, entry 5", no_id),
        ("3", "objects.json, image 3", "image_data lists no image 3; 2 objects"),
        ("", "objects.json, entry 4", no_id),
    ]
    assert unmatched[4].row == {"objects": [WALL]}


def test_image_data_without_any_image_of_the_study_is_a_fault(study):
    with pytest.raises(DataError, match="found none of the study's images"):
        study("99", image_data=sized(800, 600))


def test_the_case_of_one_entry_without_an_image(tmp_path):
    path = copy_case("files/19-one-entry-without-image-id", tmp_path) / "relationships.json"
    entries = json.loads(path.read_text(encoding="utf-8"))
    broken = next(entry for entry in entries if "image_id" not in entry)
    images = tuple(
        manifests.ImageRow(str(each["image_id"]), "a.jpg", "", 4000, 4000, "l", "a", "s")
        for each in entries
        if each is not broken
    )
    texts = ("few", "t", "w", "visual-genome", "1.4", "l", "r")
    process, files = manifests.AnnotationProcess(), {"relationships": path}
    manifest = manifests.Manifest(*texts, tmp_path, files, process, images, "")
    for read in (datasets.read, datasets.stream):
        unmatched = []
        samples = list(read(manifest, unmatched))
        taken = sum(len(sample.relationships) + len(sample.rejected) for sample in samples)
        assert taken == sum(len(each["relationships"]) for each in entries if each is not broken)
        assert [(each.image, each.row) for each in unmatched] == [("", broken)]
        assert unmatched[0].place == f"relationships.json, entry {entries.index(broken) + 1}"


odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 9),
    st.sampled_from([1.5, 1e300, "1", "", "nan", "clock", [], [None], ["a", "b"], {}, {"object_id": 7}]),
)


def changed(*keys):
    """Changes of a row: what stands under some of its keys, or that they are not there."""
    return st.dictionaries(st.sampled_from(keys), st.one_of(odd, st.just("gone")), max_size=3)


def changed_row(row, change):
    return {key: value for key, value in (row | change).items() if value != "gone"}


changes = st.tuples(
    st.lists(changed(*CLOCK), max_size=4),
    st.lists(changed("relationship_id", "predicate", "subject", "object"), max_size=3),
    st.lists(changed(*CLOCK, "attributes"), max_size=3),
    st.lists(changed("region_id", "image_id", "phrase", *"xywh"), max_size=3),
    st.dictionaries(st.sampled_from(["width", "height", "image_id"]), odd),
)


@examples(200, deadline=None)
@given(changes)
def test_every_row_is_an_annotation_or_listed(study, made):
    things, links, attributes, phrases, size = made
    phrase = {"region_id": 1, "phrase": "a clock", "x": 1, "y": 1, "w": 1, "h": 1}
    files = {
        "image_data": [{"image_id": 1}, {"image_id": 1, "width": 800, "height": 600} | size],
        "objects": objects(*(changed_row(CLOCK, each) for each in things)),
        "relationships": [
            {
                "image_id": 1,
                "relationships": [
                    changed_row(link(CLOCK, WALL)[0]["relationships"][0], each) for each in links
                ],
            }
        ],
        "attributes": [{"image_id": 1, "attributes": [changed_row(CLOCK, each) for each in attributes]}],
        "region_descriptions": [{"id": 1, "regions": [changed_row(phrase, each) for each in phrases]}],
    }
    unmatched = []
    (sample,) = study("1", unmatched=unmatched, **files)
    rejected = [each.place.partition(".")[0] for each in sample.rejected]
    found_in = [region.said.get("found_in") for region in sample.regions]
    assert found_in.count(None) + rejected.count("objects") == len(things)
    assert len(sample.relationships) + rejected.count("relationships") == len(links)
    assert len(sample.phrases) + rejected.count("region_descriptions") == len(phrases)
    assert rejected.count("attributes") + found_in.count("attributes") <= len(attributes)
    assert all(
        isinstance(region.label, str) and region.id[1:].lstrip("-").isdecimal() for region in sample.regions
    )


def test_a_broken_row_of_another_image_does_not_matter(study):
    (sample,) = study("1", objects=objects(5, image=2) + objects(CLOCK))
    assert [region.id for region in sample.regions] == ["o7"]


def test_a_file_of_an_unknown_name_is_refused(study):
    with pytest.raises(
        DataError, match=r"few\.toml, files: found question_answers; expected some of image_data"
    ):
        study("1", question_answers=[])


@pytest.mark.parametrize(
    "edges", [(0, 0, -1, 1), (0, 0, 1, -1), (float("nan"), 0, 1, 1), (0, 0, 1, float("inf"))]
)
def test_what_is_no_box_is_refused(edges):
    with pytest.raises(BoxError):
        box_from_visual_genome(*edges)


@settings(deadline=None)
@given(rows=st.lists(st.tuples(numbers, numbers, numbers, numbers), max_size=6))
def test_every_row_is_either_a_region_with_its_very_numbers_or_rejected(study, rows):
    listed = [
        CLOCK | {"object_id": number} | dict(zip("xywh", row, strict=True)) for number, row in enumerate(rows)
    ]
    (sample,) = study("1", objects=objects(*listed))
    kept = {
        int(region.id[1:]): (region.box.left, region.box.top, region.box.width_px, region.box.height_px)
        for region in sample.regions
    }
    assert kept == {number: row for number, row in enumerate(rows) if row[2] >= 0 and row[3] >= 0}
    rejected = [each.row for each in sample.rejected]
    assert rejected == [row for row in listed if row["object_id"] not in kept]


def test_a_real_image_comes_back_out_of_fiftyone(first, through_fiftyone, same):
    same(through_fiftyone([first]), [first])
