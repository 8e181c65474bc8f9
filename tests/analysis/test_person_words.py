"""Words for people are counted without being shown, and what was withdrawn stays with its reason."""

from dataclasses import replace
from pathlib import Path

import pytest
from places import SHARED

from retrain_kit.analysis.label_use import count_label_use
from retrain_kit.analysis.own_labels import own_label_system, people_veil, persons_meant
from retrain_kit.analysis.person_words import (
    Branch,
    WithdrawnImages,
    find_person_words,
    person_branches,
    withdrawn_images,
)
from retrain_kit.analysis.roulette import Wheel, draw_turns
from retrain_kit.analysis.told_turns import tell_turn
from retrain_kit.annotations.samples import Box, ImageLabel, Region, Sample
from retrain_kit.annotations.second_labels import AnnotatorSentence, SecondLabels
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.annotations.veil import VeiledTexts
from retrain_kit.datasets import label_systems
from retrain_kit.errors import ParameterError
from retrain_kit.imaging import decoding
from retrain_kit.reports import people
from retrain_kit.studies import manifests

WORDS = Taxonomy(
    [
        Synset("n00000001", ("entity",)),
        Synset("n00007846", ("person",), "a human being", ("n00000001",)),
        Synset("n00000003", ("poet",), "who writes", ("n00007846",)),
        Synset("n00000004", ("Crane", "Hart_Crane"), "", ("n00000003",), instance_of=("n00000003",)),
        Synset("n00000005", ("wretch",), "a wretch", ("n00007846",)),
        Synset("n00000006", ("poor_wretch",), "", ("n00000005", "n00000003")),
        Synset("n00000007", ("shirt",), "worn by Poor  wretches", ("n00000001",)),
    ],
    retired={"n00000005": "a wretch is no kind of person (2019)", "gone": "not in use"},
)
BOX = Box(0, 0, 2, 2)
IMAGES = [
    Sample("wretch/a", Path("a"), 4, 4, (Region("wretch", BOX), Region("shirt", BOX, annotator="x"))),
    Sample("b", Path("b"), 4, 4, (), labels=(ImageLabel("wretch", present=True),)),
    Sample("c", Path("c"), 4, 4, (Region("poet", BOX), Region("knave", BOX))),
    Sample("d", Path("d"), 4, 4, (Region("shirt", Box(0, 0, 1, 1)), Region("shirt", BOX, annotator="y"))),
]
VEIL = people_veil(WORDS)
USE = count_label_use(WORDS, IMAGES)
PEOPLE = find_person_words(WORDS)


def wheel(veil=VEIL):
    return Wheel(IMAGES, manifests.load("embedded-sample"), WORDS, USE, PEOPLE, veil)


def test_kinds_and_named_people_are_told_apart():
    assert PEOPLE.kinds == ("n00007846", "n00000003", "n00000005", "n00000006")
    assert PEOPLE.named == ("n00000004",)
    assert PEOPLE.withdrawn == {"n00000005": "a wretch is no kind of person (2019)"}
    assert PEOPLE.remaining == ("n00007846", "n00000003", "n00000006", "n00000004")


def test_a_branch_counts_all_at_and_below_it():
    assert person_branches(WORDS, PEOPLE, USE) == [
        Branch("n00000003", kinds=2, named=1, withdrawn=0, images=1),
        Branch("n00000005", kinds=2, named=0, withdrawn=1, images=2),
    ]


def test_images_under_what_was_withdrawn_are_counted_with_what_is_left():
    found = withdrawn_images(WORDS, PEOPLE, USE)
    assert found == WithdrawnImages(images=4, of_people=3, touched=2, by_another=1)
    assert found.left == 2


def test_systems_without_person_and_words_without_a_place_are_veiled_whole():
    assert people_veil(Taxonomy([Synset("x"), Synset("y", parents=("x",))])).ids == {"x", "y"}
    own = own_label_system([*IMAGES, Sample("e", Path("e"), 1, 1, (Region("Man", BOX),))], {"poet": "old"})
    veil = people_veil(own)
    assert veil.ids == {"man", "poet"}
    assert veil.words(own.synset("man")).startswith("▒▒▒ (#")
    said = {"synset": "n10277132"}
    placeless = own_label_system([Sample("e", Path("e"), 1, 1, (Region("lout", BOX, said=said),))])
    assert people_veil(placeless).ids == {"n10277132"}


def test_a_list_of_another_system_lifts_no_veil():
    assert people_veil(WORDS, ["n00000007"]).ids == {"n00000007"}
    assert people_veil(WORDS, ["n00000007", "other"]).ids == VEIL.ids | {"n00000007"}
    assert people_veil(WORDS, []).ids == VEIL.ids


def test_another_node_counts_as_person_where_somebody_says_so():
    own = Taxonomy([Synset("top", ("being",)), Synset("7", ("lout",), "", ("top",)), Synset("8", ("rock",))])
    assert people_veil(own).ids == {"top", "7", "8"}
    tops = persons_meant(own, ["being"])
    assert people_veil(own, persons=tops).ids == {"7"}
    assert find_person_words(own, tops).kinds == ("top", "7")
    assert [branch.id for branch in person_branches(own, find_person_words(own, tops), USE)] == ["7"]
    assert persons_meant(WORDS, ["shirt"]) == ("n00007846", "n00000007")
    with pytest.raises(ParameterError) as raised:
        persons_meant(WORDS, ["poor wretches", "poet"])
    assert [fault.found for fault in raised.value.faults] == ["'poor wretches'"]
    assert "near" not in str(raised.value).casefold()


def test_words_in_sentences_are_veiled_in_any_case_and_number():
    texts = VeiledTexts(WORDS, VEIL)
    assert texts("Wretches? A poet's WRETCH; poor  wretch, Crane.") == "▒▒▒? A ▒▒▒ ▒▒▒; ▒▒▒, Crane."
    assert texts("") == ""


def shown(veil):
    """Return all that tables, notes and figures show or hold, as one text."""
    parts = [
        people.people_note(WORDS, PEOPLE, veil, USE),
        people.people_icicle(WORDS, PEOPLE, veil),
        people.branches(WORDS, PEOPLE, veil, USE),
        people.people_words(WORDS, PEOPLE, veil, USE),
        people.withdrawn_words(WORDS, PEOPLE, veil, USE),
    ]
    turns = [tell_turn(turn, wheel(veil)) for turn in draw_turns(wheel(veil), 0, 7)]
    told = [view for turn in turns for view in (turn.figure, turn.note)]
    tables = [part.csv for part in parts if hasattr(part, "csv")]
    drawing = parts[1].panels[0].data.decode()
    return "\n".join([*(part._repr_html_() + repr(part) for part in [*parts, *told]), *tables, drawing])


def test_no_veiled_word_is_in_any_table_figure_or_csv_until_the_notice_is_accepted():
    text = shown(VEIL)
    assert [word for word in ("wretch", "poet", "Hart", "knave") if word in text] == []
    assert "n00000005" in text
    assert "is no kind of person (2019)" in text
    assert "wretch" in shown(people_veil(WORDS, accepted=True))


def test_a_turn_says_gloss_path_siblings_sharers_and_who():
    (turn, *_) = draw_turns(wheel(), 1, 7, "label", "shirt")
    assert {each.sample.id for each in draw_turns(wheel(), 0, 7, "label", "shirt")} == {"wretch/a", "d"}
    assert dict(tell_turn(turn, wheel()).note.lines) | {"who gave it": ""} == {
        "label": "shirt",
        "withdrawn": "",
        "gloss": "worn by ▒▒▒",
        "path": "entity → shirt",
        "it could have been": "1 sibling, 0 of them never used in this study: person",
        "images that share it": "2 of 4, this one among them",
        "who gave it": "",
    }


def test_second_labels_and_an_annotators_words_are_said_under_the_veil():
    name = "ILSVRC2012_val_00000001"
    image = Sample(name, Path("a"), 4, 4, (Region("shirt", BOX),))
    said = AnnotatorSentence("a wretch in a shirt", "", ("person_blocking",))

    def told(labels, sentences):
        second = SecondLabels(labels, sentences)
        turned = replace(wheel(), samples=[image], second=second)
        lines = dict(tell_turn(*draw_turns(turned, 1, 7), turned).below)
        return [text for name, text in lines.items() if "ReaL" in name or "ImageNet-X" in name]

    assert told({name: ("n00000005", "n00000007", "n99999999")}, {name: said}) == [
        "▒▒▒ (n00000005); shirt; n99999999, which is not in this label system. The label is among them",
        "“a ▒▒▒ in a shirt”; marked as unusual: person blocking",
    ]
    assert told({name: ("n00000001",)}, {}) == ["entity. The label is not among them"]
    assert told({name: ()}, {"another": said}) == [
        "none: the raters found that no label of the thousand fits",
        "nothing: nobody was asked about it",
    ]
    assert told({}, {}) == []


def test_a_label_hangs_where_its_region_ends_and_nowhere_where_it_is_of_the_whole_image():
    places = {
        (turn.sample.id, turn.synset): tell_turn(turn, wheel()).place for turn in draw_turns(wheel(), 0, 7)
    }
    assert places["d", "n00000007"] == (0.25, 0.5)
    assert places["b", "n00000005"] is None


def test_depth_begins_with_the_deepest_and_a_seed_draws_the_same_again():
    depths = [len(WORDS.paths(turn.synset)[0]) for turn in draw_turns(wheel(), 0, 7, "depth")]
    assert depths == [3, 3, 3, 2, 2]
    assert draw_turns(wheel(), 2, 7) == draw_turns(wheel(), 2, 7)


def test_a_veiled_word_is_asked_for_by_its_id():
    assert {turn.sample.id for turn in draw_turns(wheel(), 0, 7, "label", "n00000005")} == {"wretch/a", "b"}
    with pytest.raises(ParameterError, match="a word that is veiled") as raised:
        draw_turns(wheel(), 0, 7, "label", "wretch")
    assert "wretch" not in str(raised.value)
    with pytest.raises(ParameterError, match="an id or a word of the label system"):
        draw_turns(wheel(), 0, 7, "label", "nothing")


def test_the_largest_box_of_a_label_is_shown():
    found = {turn.sample.id: turn.annotation for turn in draw_turns(wheel(), 0, 7, "label", "shirt")}
    assert found["d"].annotator == "y"


def test_a_wombat_of_imagenet_hangs_below_entity_with_its_siblings_beside():
    data = SHARED / "testdata"
    if not data.is_dir():
        pytest.skip("photos of ImageNet and the extract of WordNet lie in ../shared, which is not here")
    taxonomy = label_systems.read_label_system(data / "wordnet" / "imagenet1k_ancestors_wn30.json.gz")
    wombat = ImageLabel("wombat", present=True, said={"synset": "n01883070"})
    photo = data / "imagenet" / "val" / "n01883070_wombat.JPEG"
    image = Sample(photo.stem, photo, *decoding.image_size(photo), labels=(wombat,))
    use, words = count_label_use(taxonomy, [image]), find_person_words(taxonomy)
    turned = Wheel([image], manifests.load("embedded-sample"), taxonomy, use, words, people_veil(taxonomy))
    told = tell_turn(*draw_turns(turned, 1, 7), turned)
    assert told.paths == (
        (
            *("entity", "physical entity", "object, physical object", "whole, unit"),
            *("living thing, animate thing", "organism, being"),
            "animal, animate being, beast, brute, creature, fauna",
            *("chordate", "vertebrate, craniate", "mammal, mammalian"),
            *("metatherian", "marsupial, pouched mammal", "wombat"),
        ),
    )
    assert (
        dict(told.above)["gloss"] == "burrowing herbivorous Australian marsupials about the size of a badger"
    )
    siblings = dict(told.below)["it could have been"]
    assert siblings == "2 siblings, 2 of them never used in this study: kangaroo; phalanger, opossum, possum"
    assert (told.tagged, told.place) == (False, None)


def test_wordnet_has_6979_kinds_of_person():
    path = SHARED / "testdata" / "wordnet" / "person_subtree_wn30.json.gz"
    if not path.is_file():
        pytest.skip("the extract of WordNet lies in ../shared, which is not here")
    taxonomy = label_systems.read_label_system(path)
    found = find_person_words(taxonomy)
    assert (len(found.kinds), len(found.named)) == (6979, 0)  # the extract holds no named people
    assert len(people_veil(taxonomy).ids) == 6978
