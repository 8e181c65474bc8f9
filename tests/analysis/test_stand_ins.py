"""What stands for a word is counted by meaning, against all images; what is listed below it and never there, too."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.analysis.stand_ins import stand_ins
from retrain_kit.annotations.samples import Box, ImageLabel, Region, Sample
from retrain_kit.annotations.taxonomy import Synset, Taxonomy

SYSTEM = Taxonomy(
    [
        Synset("meal1", ("meal",), "food at one time"),
        Synset("lunch", ("lunch",), "", ("meal1",)),
        Synset("iftar", ("iftar",), "", ("meal1",)),
        Synset("meal2", ("meal",), "coarse flour"),
        Synset("fest", ("festivity", "celebration")),
        Synset("eve", ("Halloween",), "", ("fest",)),
        Synset("ramadan", ("Ramadan",), "", ("fest",)),
    ]
)


def sample(name, *labels, path="none.jpg"):
    return Sample(str(name), Path(path), 9, 9, tuple(Region(label, Box(0, 0, 9, 9)) for label in labels))


IMAGES = [
    *(sample(f"e{n}", "Halloween", "pumpkin") for n in range(6)),
    sample("e6", "celebration", "person"),
    *(sample(f"l{n}", "lunch", "pizza") for n in range(2)),
    sample("m", "meal", "flour"),
    *(sample(f"x{n}", "person") for n in range(10)),
]


def test_a_word_is_looked_for_at_and_below_each_of_its_meanings():
    festivity, meal, house = stand_ins(["Festivity", "meal", "house"], IMAGES, IMAGES, SYSTEM)
    (found,) = festivity.found
    assert found.synset.id == "fest"
    assert found.samples == ("e0", "e1", "e2", "e3", "e4", "e5", "e6")
    assert found.labels == {"Halloween": ("e0", "e1", "e2", "e3", "e4", "e5"), "celebration": ("e6",)}
    rows = [
        (each.label, len(each.samples), each.of_word, each.of_label, each.of_all) for each in found.beside
    ]
    assert rows == [("pumpkin", 6, 7, 6, 20), ("person", 1, 7, 11, 20)]
    assert found.beside[0].times == pytest.approx(6 / 7 / (6 / 20))
    assert found.beside[0].is_more
    assert found.beside[1].interval is None
    assert [each.id for each in found.listed] == ["fest", "eve", "ramadan"]
    assert [each.id for each in found.never] == ["ramadan"]
    assert [(each.synset and each.synset.id, each.samples) for each in meal.found] == [
        ("meal1", ("l0", "l1")),
        (None, ("m",)),
    ]
    assert [each.id for each in meal.unused] == ["meal2"]
    assert (house.found, house.unused) == ((), ())


def test_an_id_is_one_meaning_and_a_denied_label_means_nothing():
    images = [*IMAGES, Sample("no", Path("no"), 9, 9, labels=(ImageLabel("lunch", present=False),))]
    (found,) = stand_ins(["meal1"], images, images, SYSTEM)
    assert [each.samples for each in found.found] == [("l0", "l1")]
    assert found.unused == ()


def test_labels_and_ids_are_those_that_are_shown():
    shown = [
        sample(f"#{n}", *("▒▒▒" if each.label == "person" else each.label for each in image.regions))
        for n, image in enumerate(IMAGES)
    ]
    (found,) = stand_ins(["celebration"], IMAGES, shown, SYSTEM)
    assert [each.label for each in found.found[0].beside] == ["pumpkin", "▒▒▒"]
    assert found.found[0].samples[-1] == "#6"


@given(st.lists(st.sets(st.sampled_from(["Halloween", "lunch", "meal", "pizza", "person"])), max_size=30))
def test_numbers_are_those_of_the_images(borne):
    images = [sample(n, *sorted(labels)) for n, labels in enumerate(borne)]
    for asked in stand_ins(["festivity", "meal"], images, images, SYSTEM):
        for found in asked.found:
            assert len(found.samples) == len(set(found.samples)) > 0
            assert {name for names in found.labels.values() for name in names} == set(found.samples)
            for each in found.beside:
                assert set(each.samples) <= set(found.samples)
                assert each.of_label == sum(each.label in labels for labels in borne)
                assert each.label not in found.labels
