"""What is counted in one pass, with no sample held, is what a plain count of all samples says."""

import statistics
from collections import Counter
from pathlib import Path

import pytest
import strategies
from datasets.study_files import STUDIES
from hypothesis import given
from hypothesis import strategies as st
from trying import examples

from retrain_kit import datasets
from retrain_kit.analysis import annotators, disagreement, label_use, person_words, study_counts
from retrain_kit.analysis.images_per_label import images_per_label
from retrain_kit.analysis.people_in_images import PeopleInImages
from retrain_kit.analysis.study_counts import Spread, Years
from retrain_kit.annotations.samples import UNKNOWN, Box, ImageLabel, Region, Sample
from retrain_kit.annotations.taxonomy import Synset, Taxonomy, Withdrawal
from retrain_kit.studies import manifests

EMBEDDED = manifests.load("embedded-sample")
SYSTEM = Taxonomy(
    [
        Synset("n1", ("entity",)),
        Synset("n00007846", ("person",), "", ("n1",)),
        Synset("n3", ("wader",), "", ("n00007846", "n1")),
        Synset("n4", ("bird", "a"), "", ("n1",)),
        Synset("n5", ("b",)),
    ],
    {"n3": Withdrawal("It wounds.", "2019"), "n4": Withdrawal(), "n9": Withdrawal()},
)
PEOPLE = PeopleInImages(SYSTEM, frozenset({"n00007846", "n3"}))


@st.composite
def images(draw):
    label = st.sampled_from(["wader", "bird", "a", "b", "Person", "grelk"])
    said = st.sampled_from([{}, {"synsets": ["n3"]}, {"synset": "n4"}, {"LabelName": "n77"}])
    who = st.sampled_from([UNKNOWN, "model-drawn", "somebody"])
    region = st.builds(Region, label, st.just(Box(0, 0, 3, 2)), st.just(""), who, said=said)
    of_image = st.builds(ImageLabel, label, strategies.yes_no_unknown, who, said)
    return tuple(
        Sample(
            str(number),
            Path("nowhere"),
            3,
            2,
            tuple(draw(st.lists(region, max_size=3))),
            labels=tuple(draw(st.lists(of_image, max_size=3))),
            phrases=tuple(draw(st.lists(strategies.phrases, max_size=2))),
        )
        for number in range(draw(st.integers(0, 5)))
    )


def count_study(samples, manifest):
    tally = study_counts.Tally(manifest)
    for sample in samples:
        tally.take(sample)
    return tally.counts()


def assert_plain(samples, manifest):
    """Compare the count of one pass with what other functions, and plain sums, say of the same samples."""
    found = count_study(samples, manifest)
    every = [
        [each for _, part in annotators.annotations_by_kind(sample) for each in part] for sample in samples
    ]
    numbers = [len(each) for each in every]
    assert (found.images, found.annotations, found.empty_images) == (
        len(samples),
        sum(numbers),
        numbers.count(0),
    )
    rows = annotators.count_annotations(samples, manifest)
    by_kind, by_source = Counter(), Counter()
    for row in rows:
        by_kind[row.kind] += row.annotations
        by_source[row.annotator.source.name] += row.annotations
    assert (found.kinds, found.sources) == (by_kind, by_source)
    assert found.unnamed == sum(each.annotator == UNKNOWN for part in every for each in part)
    if numbers:
        assert found.per_image == Spread(min(numbers), statistics.median(numbers), max(numbers))
    labels = images_per_label(samples)
    assert list(found.label_images.items()) == [(row.label, row.images) for row in labels]
    assert found.denied == len(disagreement.denied_labels(samples, manifest))
    assert found.disputed == len(disagreement.disputed_labels(samples, manifest))
    assert found.rejected == sum(len(sample.rejected) for sample in samples)
    return found


@examples(40)
@given(images())
def test_one_pass_counts_what_a_plain_count_does(samples):
    found = assert_plain(samples, EMBEDDED)
    people = study_counts.count_people(found, PEOPLE)
    assert people.regions == sum(len(PEOPLE.regions(sample)) for sample in samples)
    there = [list(label_use.said_to_be_there(sample)) for sample in samples]
    assert people.images == sum(any(map(PEOPLE.are_meant, each)) for each in there)
    use = label_use.count_label_use(SYSTEM, samples)
    words = person_words.find_person_words(SYSTEM)
    withdrawn = study_counts.count_withdrawn(found, SYSTEM)
    assert withdrawn.images == person_words.withdrawn_images(SYSTEM, words, use).touched
    assert withdrawn.borne == sum(bool(use.images.get(name)) for name in ("n3", "n4", "n9"))
    assert (withdrawn.synsets, sum(withdrawn.reasons.values())) == (3, 3)
    assert "It wounds. (2019)" in withdrawn.reasons


@pytest.mark.parametrize("study", STUDIES)
def test_a_study_of_every_reader_is_counted_so(study, tmp_path):
    manifest = STUDIES[study](tmp_path)
    assert_plain(datasets.read(manifest), manifest)


def test_a_word_without_a_place_may_be_one_for_people():
    samples = [
        Sample(
            "1",
            Path("nowhere"),
            3,
            2,
            tuple(Region(word, Box(0, 0, 1, 1)) for word in ("b", "bird", "grelk")),
        )
    ]
    found = count_study(samples, EMBEDDED)
    assert study_counts.count_people(found, PEOPLE).placeless == 2
    of_faces = PeopleInImages(Taxonomy(()), frozenset(), everywhere=True)
    assert study_counts.count_people(found, of_faces) == study_counts.PeopleCounts(0, 0, 1, 3)


def test_years_are_those_that_the_source_says():
    said = [
        {"date_captured": "2013-11-14 11:18:45"},
        {"date_captured": 2015, "metadata": {"date_uploaded": "1999-01-01"}},
        {"date_captured": "20131114"},
        {"date_captured": "yesterday"},
        {},
    ]
    samples = [Sample(str(at), Path("nowhere"), 3, 2, said=each) for at, each in enumerate(said)]
    assert count_study(samples, EMBEDDED).years == (
        Years("date_captured", 2013, 2015, 2),
        Years("metadata.date_uploaded", 1999, 1999, 1),
    )
