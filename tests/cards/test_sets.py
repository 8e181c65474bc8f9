"""Nobody gets an image that somebody else has, by lot, and the same again from the same seed."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from retrain_kit.errors import ParameterError
from retrain_kit.exercises.living_with_images import allocation
from retrain_kit.exercises.living_with_images.allocation import AllocationTerms, StudyImage
from retrain_kit.studies import reviews

seeds = st.integers(0, 10_000)
odds = st.sampled_from(["images", "datasets"])


def lots_of(**studies):
    return [StudyImage(name, f"{name}{number}") for name, count in studies.items() for number in range(count)]


def names(hands):
    return [lot.image for hand in hands for lot in hand.lots]


def test_the_sets_of_a_seed_are_these():
    hands = allocation.allocate_images(lots_of(a=6, b=3), AllocationTerms(2, 3, 7))
    assert [[lot.image for lot in hand.lots] for hand in hands] == [["a2", "a4", "b2"], ["a1", "a3", "b1"]]
    assert [hand.code for hand in hands] == ["H9CK4", "2DJWM"]


@given(seeds, odds, st.integers(1, 12), st.integers(1, 4))
def test_no_image_comes_twice_in_a_class(seed, how, people, each):
    hands = allocation.allocate_images(lots_of(a=20, b=40), AllocationTerms(people, each, seed, how))
    assert [len(hand.lots) for hand in hands] == [each] * people
    assert len(set(names(hands))) == people * each
    assert len({hand.code for hand in hands}) == people


@given(seeds, odds, st.randoms())
def test_sets_do_not_depend_on_the_order_of_the_list(seed, how, random):
    images = lots_of(a=9, b=9)
    shuffled = random.sample(images, len(images))
    assert allocation.allocate_images(
        shuffled, AllocationTerms(4, 3, seed, how)
    ) == allocation.allocate_images(images, AllocationTerms(4, 3, seed, how))


@given(seeds, odds, st.integers(1, 5))
def test_one_person_more_changes_nothing_for_the_others(seed, how, people):
    images = lots_of(a=9, b=9)
    fewer = allocation.allocate_images(images, AllocationTerms(people, 3, seed, how))
    assert allocation.allocate_images(images, AllocationTerms(people + 1, 3, seed, how))[:people] == fewer


@given(seeds, odds, st.data())
def test_a_replaced_image_gives_its_place_to_the_next_lot_and_changes_nothing_else(seed, how, data):
    images, terms = lots_of(a=15, b=15), AllocationTerms(4, 3, seed, how)
    before = names(allocation.allocate_images(images, terms))
    seat = data.draw(st.integers(0, 11))
    aside = {(before[seat][0], before[seat])}
    after = names(allocation.allocate_images(images, terms, replaced=aside))
    assert before[seat] not in after
    assert [one for place, one in enumerate(after) if place != seat] == before[:seat] + before[seat + 1 :]
    again = names(allocation.allocate_images(images, terms, replaced=aside | {(after[seat][0], after[seat])}))
    assert [one for place, one in enumerate(again) if place != seat] == before[:seat] + before[seat + 1 :]


def test_the_place_of_a_removed_image_stays_empty():
    whole = allocation.allocate_images(lots_of(a=6), AllocationTerms(2, 2, 1))
    taken = whole[1].lots[0]
    hands = allocation.allocate_images(lots_of(a=6), AllocationTerms(2, 2, 1), removed={taken.name})
    assert [hand.lots for hand in hands] == [whole[0].lots, whole[1].lots[1:]]


def test_a_class_with_one_image_too_few_is_told_so():
    said = (
        "found 8 different ones; expected 9, 3 for each of 3 people. 1 image is missing: name another study"
    )
    with pytest.raises(ParameterError, match=said):
        allocation.allocate_images(lots_of(a=8), AllocationTerms(3, 3, 7))


def test_images_set_aside_are_said_to_be_missing():
    aside = {("a", "a0"), ("a", "a1")}
    with pytest.raises(
        ParameterError, match="9 different ones, 2 of the studies' set aside.* 2 images are missing"
    ):
        allocation.allocate_images(lots_of(a=9), AllocationTerms(3, 3, 7), replaced=aside)


def test_all_faults_of_the_terms_are_told_together():
    with pytest.raises(ParameterError) as caught:
        AllocationTerms(0, 0, 1, "luck")
    assert [fault.where for fault in caught.value.faults] == ["people", "each", "odds"]


def test_three_hundred_people_get_three_images_each():
    hands = allocation.allocate_images(lots_of(a=1000), AllocationTerms(300, 3, 7))
    assert len(set(names(hands))) == 900
    assert len({hand.code for hand in hands}) == 300


def test_ten_thousand_sets_have_ten_thousand_codes():
    hands = allocation.allocate_images(lots_of(a=10_000), AllocationTerms(10_000, 1, 7))
    assert len({hand.code for hand in hands}) == 10_000


def test_over_images_every_image_has_the_same_chance():
    images = lots_of(small=5, large=45)
    drawn = Counter(
        lot.image
        for seed in range(2000)
        for lot in allocation.allocate_images(images, AllocationTerms(1, 3, seed))[0].lots
    )
    assert len(drawn) == 50
    assert chisquare(list(drawn.values())).pvalue > 0.01


def test_over_data_sets_every_study_has_the_same_chance_and_every_image_in_it():
    images = lots_of(small=5, large=45)
    first = Counter(
        allocation.allocate_images(images, AllocationTerms(1, 1, seed, "datasets"))[0].lots[0].image
        for seed in range(4000)
    )
    of_small = [count for name, count in first.items() if name.startswith("small")]
    of_large = [count for name, count in first.items() if name.startswith("large")]
    assert (len(of_small), len(of_large)) == (5, 45)
    assert chisquare([sum(of_small), sum(of_large)]).pvalue > 0.01
    assert chisquare(of_small).pvalue > 0.01
    assert chisquare(of_large).pvalue > 0.01


def test_a_study_that_is_used_up_leaves_its_chance_to_the_others():
    hands = allocation.allocate_images(lots_of(small=2, large=10), AllocationTerms(4, 3, 5, "datasets"))
    assert Counter(name[:5] for name in names(hands)) == {"small": 2, "large": 10}


def test_the_same_file_in_two_studies_counts_once(make_study, coded):
    red, blue = coded(), coded(colour=(30, 30, 200))
    one = make_study({"x.jpg": red, "y.jpg": blue}, "one")
    two = make_study({"z.jpg": red}, "two")
    assert [lot.name for lot in allocation.study_images([two, one])] == [("one", "x"), ("one", "y")]


def test_the_same_id_of_one_data_set_in_two_studies_counts_once():
    assert allocation._once(
        [
            StudyImage("a", "7", "open-images"),
            StudyImage("b", "7", "open-images"),
            StudyImage("c", "7", "coco"),
        ]
    ) == [
        StudyImage("a", "7", "open-images"),
        StudyImage("c", "7", "coco"),
    ]


def test_the_same_id_in_two_plain_folders_is_two_images(make_study, coded):
    one = make_study({"x.jpg": coded()}, "one")
    two = make_study({"x.jpg": coded(colour=(30, 30, 200))}, "two")
    assert [lot.name for lot in allocation.study_images([one, two])] == [("one", "x"), ("two", "x")]


def test_only_chosen_images_are_dealt_and_unknown_ones_are_told_together(make_study, coded):
    study = make_study({f"{name}.jpg": coded((60, height)) for height, name in enumerate("abcd", 40)})
    assert [lot.image for lot in allocation.study_images([study], {"a", "d"})] == ["a", "d"]
    with pytest.raises(ParameterError) as caught:
        allocation.study_images([study], {"a", "y", "z"})
    assert [fault.found for fault in caught.value.faults] == ["'y'", "'z'"]


def test_decisions_of_a_person_who_looked_count_at_the_next_deal(make_study, coded):
    study = make_study({f"{number}.jpg": coded((60, 40 + number)) for number in range(5)})
    terms = AllocationTerms(1, 3, 7)
    first, second, third = (lot.image for lot in allocation.allocate_reviewed([study], terms)[0].lots)
    assert [
        lot.image
        for lot in allocation.unreviewed_images(allocation.allocate_reviewed([study], terms), [study])
    ] == [first, second, third]
    reviews.keep_decision(study, first, "accept")
    reviews.keep_decision(study, second, "replace", "too dark")
    reviews.keep_decision(study, third, "remove", "a person who cannot be asked")
    hands = allocation.allocate_reviewed([study], terms)
    assert len(hands[0].lots) == 2
    assert hands[0].lots[0].image == first
    assert hands[0].lots[1].image not in {first, second, third}
    assert allocation.unreviewed_images(hands, [study]) == hands[0].lots[1:]


def test_a_class_that_is_too_large_is_told_which_studies_are_large_enough(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RETRAIN_KIT_DATA", str(tmp_path / "data"))
    (tmp_path / "ours.toml").write_text('dataset = "folder"\n', encoding="utf-8")
    rows = "".join(f"{number},{number}.jpg,\n" for number in range(900))
    (tmp_path / "ours.csv").write_text(f"id,file,sha256\n{rows}", encoding="utf-8")
    assert allocation.large_enough(900) == "Large enough alone: ours (900, to be pulled)."
    assert allocation.large_enough(901).startswith(
        "No study known here has 901: name several, or make one with retrain-kit draw. The largest: ours (900"
    )
