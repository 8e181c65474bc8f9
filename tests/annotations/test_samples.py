"""Drawing samples and keeping labels."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.annotations.samples import Box, Region, Sample, filter_regions, samples_that_hold
from retrain_kit.errors import ParameterError
from retrain_kit.studies.sampling import draw_in_words, draw_samples

ids = st.lists(st.text("abcdef0123456789", min_size=1, max_size=6), unique=True, max_size=12)


def samples_of(names):
    return [Sample(name, Path(name), 4, 4) for name in names]


@given(ids, st.integers(0, 15), st.integers())
def test_a_draw_has_no_repeats_and_the_size_asked_for(names, n, seed):
    drawn = [sample.id for sample in draw_samples(samples_of(names), n, seed)]
    assert len(set(drawn)) == len(drawn) == (min(n, len(names)) or (0 if n else len(names)))


@given(ids, st.integers(1, 15), st.integers(), st.randoms())
def test_a_draw_does_not_depend_on_the_order_of_the_samples(names, n, seed, random):
    shuffled = names[:]
    random.shuffle(shuffled)
    assert draw_samples(samples_of(names), n, seed) == draw_samples(samples_of(shuffled), n, seed)


@given(ids, st.integers(1, 14), st.integers())
def test_a_larger_draw_begins_with_the_smaller(names, n, seed):
    assert draw_samples(samples_of(names), n + 1, seed)[:n] == draw_samples(samples_of(names), n, seed)


def test_a_draw_is_the_same_on_every_machine():
    # for i in a b c d e f g h; do echo "$(printf "7:$i" | sha256sum) $i"; done | sort | head -3
    assert [sample.id for sample in draw_samples(samples_of("abcdefgh"), 3, 7)] == ["c", "e", "a"]


def test_other_seeds_draw_other_samples():
    draws = {
        tuple(sample.id for sample in draw_samples(samples_of("abcdefgh"), 3, seed)) for seed in range(20)
    }
    assert len(draws) > 15


def test_a_negative_number_of_images_is_refused():
    with pytest.raises(ParameterError, match="images: found -1"):
        draw_samples([], -1, 0)


BIRD = Region("Bird", Box(0, 0, 1, 1), annotator="drawn")
TREE = Region("Tree", Box(0, 0, 2, 2), annotator="drawn")
GUESS = Region("Tree", Box(0, 0, 3, 3), annotator="detector")
HOLDING = [
    Sample("a", Path(), 4, 4, (BIRD, replace(TREE, annotator="machine"))),
    Sample("b", Path(), 4, 4, (BIRD,)),
    Sample("c", Path(), 4, 4),
]
TWO = [Sample("a", Path(), 4, 4, (BIRD, TREE, GUESS)), Sample("b", Path(), 4, 4, (TREE,))]


@pytest.mark.parametrize(
    ("labels", "annotators", "expected"),
    [
        ([], [], [(BIRD, TREE, GUESS), (TREE,)]),
        (["Bird"], [], [(BIRD,), ()]),
        ([], ["detector"], [(GUESS,), ()]),
        (["Tree"], ["drawn"], [(TREE,), (TREE,)]),
    ],
)
def test_only_wanted_regions_are_kept_and_every_sample_stays(labels, annotators, expected):
    assert [sample.regions for sample in filter_regions(TWO, labels, annotators)] == expected


@pytest.mark.parametrize(
    ("labels", "annotators", "ids"),
    [
        ([], [], ["a", "b", "c"]),
        (["Tree"], [], ["a"]),
        (["Bird"], [], ["a", "b"]),
        (["Tree", "Bird"], ["machine"], ["a"]),
        ([], ["drawn"], ["a", "b"]),
    ],
)
def test_only_samples_that_hold_what_is_asked_for_are_kept(labels, annotators, ids):
    held = samples_that_hold(HOLDING, labels, annotators)
    assert [sample.id for sample in held] == ids
    assert all(region.label in (labels or {"Tree", "Bird"}) for sample in held for region in sample.regions)


def test_labels_and_annotators_that_meet_in_no_region_are_refused():
    with pytest.raises(ParameterError) as caught:
        samples_that_hold(HOLDING, ["Bird"], ["machine"])
    assert str(caught.value) == (
        "labels, annotators: found no region of Bird by machine; expected one that the study has."
    )


def test_a_name_that_nothing_is_near_is_answered_with_all_that_there_are():
    with pytest.raises(ParameterError, match=r"labels: found 'Xylophone'; .* There are: Bird, Tree\.$"):
        filter_regions(HOLDING, ["Xylophone"])
    with pytest.raises(ParameterError, match=r"There are: none\.$"):
        filter_regions([Sample("c", Path(), 4, 4)], ["Bird"])
    many = tuple(Region(f"{number:03}", Box(0, 0, 1, 1)) for number in range(60))
    with pytest.raises(ParameterError, match=r"There are 60, such as: 000, 001, .*, 049\.$"):
        filter_regions([Sample("a", Path(), 4, 4, many)], ["Bird"])


def test_the_draw_is_said_with_what_it_was_drawn_from():
    held = samples_that_hold(HOLDING, ["Bird"])
    assert draw_in_words(held[:1], held, HOLDING) == (
        "2 of 3 images of the study hold what was asked for. Drawn: 1 of them, 1 region."
    )
    assert draw_in_words(HOLDING[:2], HOLDING, HOLDING) == "2 of 3 images, 3 regions."


def test_unknown_labels_and_annotators_are_refused_together_with_those_near_them():
    with pytest.raises(ParameterError) as caught:
        filter_regions(TWO, ["Brid"], ["drawer"])
    assert [str(fault) for fault in caught.value.faults] == [
        "labels: found 'Brid'; expected one that the study has. Near it: Bird.",
        "annotators: found 'drawer'; expected one that the study has. Near it: drawn.",
    ]


def test_what_the_annotations_leave_out_is_said_only_of_all_of_them():
    sample = Sample("a", Path(), 4, 4, (BIRD, TREE), leaves_out="the sky")
    assert [
        filter_regions([sample], labels)[0].leaves_out for labels in ([], ["Bird"], ["Bird", "Tree"])
    ] == [
        "the sky",
        "",
        "the sky",
    ]
