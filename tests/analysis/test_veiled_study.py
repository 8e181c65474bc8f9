import json
from dataclasses import asdict
from pathlib import Path

import pytest

from retrain_kit.analysis.veiled_study import StudyVeil
from retrain_kit.annotations.hidden_words import HiddenWords
from retrain_kit.annotations.samples import (
    Box,
    ImageLabel,
    Phrase,
    PointLabel,
    Provenance,
    Region,
    RejectedAnnotation,
    Relationship,
    Sample,
)
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.annotations.veil import Veil

BOX = Box(0, 0, 2, 2)
SYSTEM = Taxonomy(
    [
        Synset("entity"),
        Synset("person", ("person",), "", ("entity",)),
        Synset("n1", ("zorbnik",), "a zorbnik is one who zorbs", ("person",)),
        Synset("n2", ("flat_grelk",), "", ("person",)),
        Synset("n3", ("cat",), "", ("person",)),
        Synset("n4", ("cat",), "", ("entity",)),
        Synset("n5", ("boat",), "", ("entity",)),
    ]
)


def sample(name="1", **parts):
    return Sample(name, Path("one.jpg"), 4, 4, **parts)


def veiled_samples(samples, taxonomy=None, veil=None, *, accepted=False):
    return StudyVeil(taxonomy, veil, lifted=accepted).samples(samples)


def region(label, **said):
    return Region(label, BOX, said=said)


def test_a_label_below_person_is_the_sign_with_an_id_of_its_own():
    found = veiled_samples(
        [sample(regions=(region("zorbnik"), region("flat grelk"), region("boat"), region("zorbnik")))], SYSTEM
    )
    labels = [each.label for each in found[0].regions]
    assert labels == ["▒▒▒ #383bd993", "▒▒▒ #ab00e47a", "boat", "▒▒▒ #383bd993"]


def test_the_place_that_a_source_gives_decides_and_a_word_of_several_places_is_veiled():
    regions = (region("cat", synset="n4"), region("cat", synset="n3"), region("cat"), region("person"))
    shown = [each.label[:3] for each in veiled_samples([sample(regions=regions)], SYSTEM)[0].regions]
    assert shown == ["cat", "▒▒▒", "▒▒▒", "per"]


def test_without_a_label_system_words_for_people_and_those_of_wordnet_are_veiled():
    regions = (region("Man"), region("human arm"), region("dog"), region("person"))
    more = (
        region("dog", synset="n02084071"),
        region("dog", synsets=["dog.n.01"]),
        region("dog", LabelName="/m/0bt9lr"),
    )
    shown = [each.label[:3] for each in veiled_samples([sample(regions=regions + more)])[0].regions]
    assert shown == ["▒▒▒", "▒▒▒", "dog", "per", "dog", "▒▒▒", "dog"]


def test_no_word_is_left_anywhere_in_a_sample():
    word = "zorbnik"
    everything = sample(
        f"photos/{word}/1",
        regions=(
            Region(word, BOX, "r1", word, said={"attributes": [f"very {word}"], word: {"deep": [word]}}),
        ),
        phrases=(Phrase(f"two {word.upper()}S in a boat", BOX, "", word, {"of": word}),),
        labels=(ImageLabel(f"a_{word}_boat", True, word),),  # noqa: FBT003 - as the source says it
        points=(PointLabel(word, 1, 1, None, word, said={"x": word}),),
        relationships=(Relationship("r1", f"hugs {word}", "r1", said={"synset": f"{word}.n.01"}),),
        rejected=(RejectedAnnotation("1", f"its box: {word}", "", word, f"{word}.csv", "", {"label": word}),),
        provenance=Provenance(f"{word} Smith", word, f"https://a.example/{word}_01.jpg", "", word),
        alt=f"A {word}.",
        notice=word,
        leaves_out=f"The {word}'s dog.",
        said={"caption": f"a {word}", "tags": [word]},
    )
    (shown,) = veiled_samples([everything], SYSTEM)
    assert word not in json.dumps({**asdict(shown), "path": ""}, default=repr).casefold()
    assert shown.phrases[0].text == "two ▒▒▒ in a boat"
    assert shown.leaves_out == "The ▒▒▒'s dog."
    assert shown.id == "veiled-b1ed9e9d5ab9a374"
    assert shown.path == everything.path
    assert veiled_samples([everything], SYSTEM, accepted=True) == [everything]
    assert veiled_samples([shown], SYSTEM)[0].regions == shown.regions


def test_texts_about_the_study_hide_only_what_its_annotations_bear():
    veil = StudyVeil(SYSTEM).look_at([sample(regions=(region("flat grelk"),))])
    assert veil.told("by a zorbnik, of a Flat-Grelk") == "by a zorbnik, of a ▒▒▒"
    assert veil.text("by a zorbnik, of a Flat-Grelk") == "by a ▒▒▒, of a ▒▒▒"
    assert veil.note.startswith("1 label is veiled, ▒▒▒ stands in its place; --accept-words")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("n01-flat_grelk/07.jpg", "n01-▒▒▒/07.jpg"),
        ("flat grelks, FlatGrelk, FLAT%20GRELK", "▒▒▒, ▒▒▒, ▒▒▒"),
        ("flat; grelk", "flat; grelk"),
        ("inflatable flat", "inflatable flat"),
        ("fe\u0301ee10", "▒▒▒10"),
    ],
)
def test_hidden_words_are_found_however_they_are_joined(text, shown):
    assert HiddenWords(["flat grelk", "f\u00e9ee"]).hide(text) == shown


def test_names_of_files_keep_their_ending_and_their_places():
    veil = StudyVeil(SYSTEM).look_at([sample(regions=(region("zorbnik"),))])
    assert veil.file("train/n1-zorbnik/7.jpg") == "train/veiled-507dde896da38a1a/7.jpg"
    assert veil.file("zorbnik_7.JPG").endswith(".JPG")
    assert veil.file("boat/7.jpg") == "boat/7.jpg"


def test_a_list_says_which_words_may_wound():
    veil = StudyVeil(SYSTEM, Veil(frozenset({"n5"})))
    found = veil.samples([sample(regions=(region("zorbnik"), region("boat")))])
    assert [each.label[:3] for each in found[0].regions] == ["zor", "▒▒▒"]


def test_a_word_that_is_borne_in_another_meaning_alone_is_shown_in_sentences():
    phrase = Phrase("a cat on a boat", BOX)
    shown = [
        veiled_samples([sample(regions=regions, phrases=(phrase,))], SYSTEM)[0].phrases[0].text
        for regions in (
            (),
            (region("cat", synset="n4"),),
            (region("cat", synset="n4"), region("cat", synset="n3")),
        )
    ]
    assert shown == ["a ▒▒▒ on a boat", "a cat on a boat", "a ▒▒▒ on a boat"]


@pytest.mark.parametrize(
    ("name", "veiled"),
    [
        ("n02085620", False),
        ("n10148035", True),
        ("n06340977", True),
        ("n00007846", False),
        ("dog.n.01", True),
    ],
)
def test_a_number_of_wordnet_tells_without_it_whether_a_word_is_for_people(name, veiled):
    (shown,) = veiled_samples([sample(regions=(region("a word", synset=name),))])[0].regions
    assert (shown.label != "a word") == veiled
