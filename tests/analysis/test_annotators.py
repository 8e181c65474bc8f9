"""Who made an annotation is named as far as its source says, and no further."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import image_labels, phrases, regions

from retrain_kit.analysis import annotators, by_annotator, disagreement
from retrain_kit.analysis.annotators import (
    CHECKED,
    HAND,
    MACHINE,
    PEOPLE,
    UNKNOWN_SOURCE,
    AnnotationCount,
    Annotator,
    AnswerCount,
    TraceCount,
)
from retrain_kit.analysis.disagreement import (
    AGAINST_MACHINE,
    CONTRADICTION,
    SPLIT_VOTES,
    DeniedLabel,
    DisputedLabel,
)
from retrain_kit.annotations.samples import Box, Click, ImageLabel, Phrase, PointLabel, Region, Sample, Votes
from retrain_kit.datasets import folder
from retrain_kit.display.figures import Note
from retrain_kit.reports import charts, tables
from retrain_kit.studies import disclosure, manifests

SOURCES = {
    "xclick": "hand",
    "activemil": "checked",
    "verification": "checked",
    "crowdsource-verification": "checked",
    "machine": "machine",
    "asked": "people",
}
BOX = Box(0, 0, 2, 2)


def study(sources=SOURCES, annotators=(), **more):
    annotation = disclosure.AnnotationProcess(
        sources=sources, annotators=dict(annotators), undisclosed=more.pop("undisclosed", ())
    )
    plain = manifests.load("embedded-sample")
    return replace(plain, name="two", title="Two", annotation=annotation, **more)


def sample(name="a", **annotations):
    return Sample(name, Path(name), 10, 10, **annotations)


@pytest.fixture(scope="module")
def embedded():
    manifest = manifests.load("embedded-sample")
    return manifest, folder.read(manifest)


# Annotation sources


def test_a_source_follows_from_the_sources_word_and_the_studys_table():
    name = annotators.annotator_lookup(study())
    assert name("xclick") == Annotator("xclick", HAND)
    assert name("activemil") == Annotator("activemil", CHECKED)
    assert name("asked") == Annotator("asked", PEOPLE)


def test_a_word_without_a_source_is_not_said_and_not_guessed():
    assert annotators.annotator_lookup(study({}, {"drawn": "by whom?"}))("drawn") == Annotator(
        "drawn", UNKNOWN_SOURCE
    )


def test_a_word_that_the_study_does_not_explain_is_not_shown():
    assert annotators.annotator_lookup(study())("worker 4711") == Annotator("not explained", UNKNOWN_SOURCE)


def test_a_silent_source_stays_silent_but_a_study_may_say_how_all_its_annotations_were_made():
    assert annotators.annotator_lookup(study())("unknown") == Annotator("not said", UNKNOWN_SOURCE)
    assert annotators.annotator_lookup(study({"unknown": "hand"}))("unknown") == Annotator("not said", HAND)


def test_all_sources_that_do_not_exist_are_named_together():
    faults = []
    known = {"who": "unknown", "when": "unknown", "how": "unknown"}
    disclosure.parse_annotation_process(
        known | {"sources": {"a": "magic", "b": "hand", "c": "Hand"}}, "two.toml", faults
    )
    assert [str(fault) for fault in faults] == [
        "two.toml, sources, a: found 'magic'; expected one of hand, checked, people, machine, unknown.",
        "two.toml, sources, c: found 'Hand'; expected one of hand, checked, people, machine, unknown.",
    ]


def test_the_sources_a_manifest_may_name_are_those_the_kit_explains():
    assert tuple(annotators.ANNOTATION_SOURCES) == disclosure.SOURCE_NAMES


def test_no_hand_drew_the_embedded_sample(embedded):
    manifest, found = embedded
    assert annotators.sources_by_annotator(manifest) == {
        "model-drawn": MACHINE,
        "detector-corrected": MACHINE,
    }
    assert {row.annotator.source for row in annotators.count_annotations(found, manifest)} == {MACHINE}


# Counts


def test_annotations_are_counted_by_kind_annotator_and_image():
    hand, machine = Region("Bird", BOX, annotator="xclick"), Region("Bird", BOX, annotator="activemil")
    found = [
        sample("a", regions=(hand, hand, machine), phrases=(Phrase("a bird", BOX),)),
        sample("b", regions=(hand, Region("Bird", BOX, annotator="7"), Region("Bird", BOX, annotator="8"))),
    ]
    assert annotators.count_annotations(found, study()) == [
        AnnotationCount("region", Annotator("xclick", HAND), 3, 6, 2),
        AnnotationCount("region", Annotator("activemil", CHECKED), 1, 6, 1),
        AnnotationCount("region", Annotator("not explained", UNKNOWN_SOURCE), 2, 6, 1),
        AnnotationCount("phrase", Annotator("not said", UNKNOWN_SOURCE), 1, 1, 1),
    ]


def test_annotators_of_one_source_come_by_their_words_not_by_their_numbers():
    many = tuple(Region("Bird", BOX, annotator=annotator) for annotator in ("z", "z", "z", "b", "a", "a"))
    rows = annotators.count_annotations([sample(regions=many)], study(dict.fromkeys("abz", "hand")))
    assert [(row.annotator.word, row.annotations) for row in rows] == [("a", 2), ("b", 1), ("z", 3)]


@given(st.lists(regions(), max_size=4), st.lists(phrases, max_size=3), st.lists(image_labels, max_size=3))
def test_every_annotation_is_counted_once(some, spoken, labels):
    rows = annotators.count_annotations([sample(regions=some, phrases=spoken, labels=labels)], study())
    for kind, annotations in (("region", some), ("phrase", spoken), ("image label", labels)):
        assert sum(row.annotations for row in rows if row.kind == kind) == len(annotations)
        assert {row.of_kind for row in rows if row.kind == kind} <= {len(annotations)}


def test_yes_no_and_neither_are_counted_apart():
    labels = (
        ImageLabel("Bird", present=True, annotator="verification"),
        ImageLabel("Kite", present=False, annotator="verification"),
        ImageLabel("Drone", present=None, annotator="machine"),
    )
    points = (PointLabel("Bird", 1, 1, present=False, annotator="asked"),)
    assert annotators.count_answers([sample(labels=labels, points=points)], study()) == [
        AnswerCount("image label", Annotator("verification", CHECKED), 1, 1, 0),
        AnswerCount("image label", Annotator("machine", MACHINE), 0, 0, 1),
        AnswerCount("point", Annotator("asked", PEOPLE), 0, 1, 0),
    ]


def test_traces_of_hands_are_clicks_and_votes():
    extreme = Region("Bird", BOX, clicks=tuple(Click(n, n) for n in range(4)))
    corrected = Region(
        "Bird", BOX, clicks=(Click(1, 1, on=True), Click(2, 2, on=False), Click(3, 3, on=True))
    )
    points = (
        PointLabel("Bird", 1, 1, present=True, votes=Votes(yes=2, unsure=1)),
        PointLabel("Bird", 1, 1, present=None),
    )
    assert annotators.count_hand_traces(
        [sample(regions=(extreme, corrected, Region("Bird", BOX)), points=points)]
    ) == [
        TraceCount("clicks on the edge of a thing", 4, 1, 3),
        TraceCount("clicks that say: this belongs to it", 2, 1, 3),
        TraceCount("clicks that say: this does not", 1, 1, 3),
        TraceCount("votes on a point: yes", 2, 1, 2),
        TraceCount("votes on a point: unsure", 1, 1, 2),
    ]


# Denied and disputed


def test_only_what_is_said_to_be_absent_is_denied():
    labels = (
        ImageLabel("Kite", present=False, annotator="verification"),
        ImageLabel("Bird", present=True, annotator="verification"),
        ImageLabel("Drone", present=None, annotator="machine"),
    )
    assert disagreement.denied_labels([sample(labels=labels)], study()) == [
        DeniedLabel("a", "Kite", Annotator("verification", CHECKED))
    ]


def said(*voices, regions=()):
    labels = tuple(ImageLabel("Bird", present=present, annotator=annotator) for annotator, present in voices)
    return disagreement.disputed_labels([sample(labels=labels, regions=regions)], study())


def test_people_who_contradict_each_other_are_listed_with_what_they_said():
    rows = said(("verification", True), ("crowdsource-verification", False))
    assert rows == [
        DisputedLabel("a", "Bird", CONTRADICTION, "crowdsource-verification: no; verification: yes")
    ]


def test_a_machines_word_that_people_deny_is_a_dispute():
    assert said(("machine", None), ("verification", False)) == [
        DisputedLabel("a", "Bird", AGAINST_MACHINE, "machine: neither yes nor no; verification: no")
    ]


@pytest.mark.parametrize(
    ("voices", "kind"),
    [
        ([("machine", True), ("verification", False)], AGAINST_MACHINE),
        ([("machine", False), ("verification", True)], AGAINST_MACHINE),
        ([("machine", False), ("machine", True)], CONTRADICTION),
        ([("machine", None), ("verification", True), ("asked", False)], CONTRADICTION),
    ],
)
def test_disputes_are_told_apart(voices, kind):
    assert [row.kind for row in said(*voices)] == [kind]


@pytest.mark.parametrize(
    "voices",
    [
        [("machine", None), ("verification", True)],
        [("machine", None), ("machine", False)],
        [("verification", False), ("verification", False)],
        [("verification", None), ("asked", False)],
        [],
    ],
)
def test_voices_that_go_together_are_no_dispute(voices):
    assert said(*voices) == []


def test_a_region_that_bears_a_denied_word_is_a_dispute():
    drawn = Region("Bird", BOX, annotator="xclick")
    assert said(("verification", False), regions=(drawn, drawn)) == [
        DisputedLabel("a", "Bird", CONTRADICTION, "verification: no; xclick: yes")
    ]


def test_votes_that_differ_are_a_dispute_whatever_was_concluded():
    points = (
        PointLabel("Bird", 1, 1, present=True, votes=Votes(3, 1, 1)),
        PointLabel("Kite", 2, 2, present=False, votes=Votes(no=3)),
        PointLabel("Drone", 3, 3, present=True),
        PointLabel("Cloud", 4, 4, present=None, votes=Votes(yes=1, unsure=1)),
    )
    assert disagreement.disputed_labels([sample(points=points)], study()) == [
        DisputedLabel("a", "Bird", SPLIT_VOTES, "3 yes, 1 no, 1 unsure; concluded: yes"),
        DisputedLabel("a", "Cloud", SPLIT_VOTES, "1 yes, 1 unsure; concluded: neither yes nor no"),
    ]


# Partings

DRAWN = Region("Bird", Box(0, 0, 5, 10), annotator="xclick")
OFFERED = Region("Kite", Box(0, 0, 10, 5), annotator="activemil")
SILENT = Region("Kite", Box(0, 0, 1, 1))


def test_regions_part_by_source_in_the_order_of_sources():
    found = by_annotator.region_groups([SILENT, OFFERED, DRAWN, OFFERED], study(), "source")
    assert [(part.short_name, part.made, part.regions) for part in found] == [
        ("by hand", "what hands drew", (DRAWN,)),
        ("proposed", "what machines proposed", (OFFERED, OFFERED)),
        ("unknown", "what nobody claims", (SILENT,)),
    ]


def test_where_all_came_by_one_source_regions_part_by_the_sources_words(embedded):
    manifest, found = embedded
    assert by_annotator.best_grouping(found, manifest) == "word"
    parts = by_annotator.region_groups(
        [annotation for each in found for annotation in each.regions], manifest, "word"
    )
    assert [(part.made, len(part.regions)) for part in parts] == [
        ("“detector-corrected”", 32),
        ("“model-drawn”", 563),
    ]
    note = by_annotator.annotator_note(found, manifest)
    assert note.title == "595 regions in 47 images, all made by a machine"
    assert note.lines[2] == (
        "“model-drawn”",
        "563 regions. The study says: placed by the model from looking at the image.",
    )


def test_where_sources_differ_the_summary_names_each():
    note = by_annotator.annotator_note(
        [sample(regions=(DRAWN, OFFERED)), sample("b", regions=(DRAWN,))], study()
    )
    assert note.title == "3 regions in 2 images, made in 2 ways"
    assert [name for name, _ in note.lines] == ["drawn by hand", "proposed by a machine, checked by people"]
    assert note.lines[0][1] == "2 regions. A person drew it, or clicked where it ends."


def test_a_study_without_regions_is_said_to_have_none():
    note = by_annotator.annotator_note([sample()], study())
    assert (note.title, note.lines) == ("0 regions in 1 image", ())


def test_images_in_which_several_annotators_meet_are_found():
    both, one = sample(regions=(DRAWN, OFFERED)), sample("b", regions=(DRAWN, DRAWN))
    assert by_annotator.samples_with_several_groups([both, one, sample("c")], study(), "source") == [both]


def test_an_image_is_shown_without_each_annotator_and_without_all(embedded):
    found = embedded[1]
    giraffe = next(each for each in found if each.id == "giraffe")
    annotations = [
        replace(annotation, annotator="xclick" if place else "activemil")
        for place, annotation in enumerate(giraffe.regions)
    ]
    shown = by_annotator.without_each_group(replace(giraffe, regions=tuple(annotations)), study(), "source")
    assert shown.names == (
        "by whom",
        "without what hands drew",
        "without what machines proposed",
        "decanonized",
    )
    assert len({panel.size for panel in shown.panels}) == 1
    assert giraffe.alt in shown.panels[0].alt
    assert (
        "drawn by hand (4 regions); proposed by a machine, checked by people (1 region)"
        in shown.panels[0].alt
    )
    assert giraffe.provenance.author in shown.credit
    assert shown.title == "giraffe"


def test_what_is_left_without_one_annotator_is_counted_on_the_masks(embedded):
    found = embedded[1]
    image = replace(found[0], regions=())
    width, height = image.size
    left, top = Box(0, 0, width / 2, height), Box(0, 0, width, height / 4)
    image = replace(image, regions=(replace(DRAWN, box=left), replace(OFFERED, box=top)))
    shown = by_annotator.without_each_group(image, study(), "source")
    for told, panel in zip(("50.0%", "75.0%", "37.5%"), shown.panels[1:], strict=True):
        assert f": {told} of it is left." in panel.alt
        assert f"{panel.name} {told}" in shown.caption


def test_no_two_sources_have_the_same_colour():
    assert charts.SOURCE_COLOURS.keys() == annotators.ANNOTATION_SOURCES.keys()
    assert len(set(charts.SOURCE_COLOURS.values())) == len(annotators.ANNOTATION_SOURCES)


# What tables and charts say of it


def test_a_study_without_annotations_says_so_instead_of_showing_empty_tables():
    empty = [
        tables.annotation_counts([]),
        tables.answer_counts([]),
        tables.label_denials([]),
        tables.label_disputes([]),
        tables.hand_trace_counts([]),
        charts.annotation_source_bars([], study()),
    ]
    assert all(isinstance(note, Note) and note.lines == () for note in empty)


def test_the_table_of_annotators_says_what_its_shares_are_of():
    rows = [AnnotationCount("region", Annotator("xclick", HAND), 1, 4, 1)]
    assert tables.annotation_counts(rows).data.to_dict("records") == [
        {
            "kind": "region",
            "annotator": "xclick",
            "how it was made": "drawn by hand",
            "annotations": 1,
            "of": 4,
            "share": 0.25,
            "images": 1,
        }
    ]


def test_a_long_list_says_how_much_of_it_is_shown():
    rows = [DeniedLabel("a", f"word {number}", Annotator("verification", CHECKED)) for number in range(5)]
    assert "The first 3 of 5 rows; the CSV has all." in tables.label_denials(rows, most=3).to_html()
    assert "rows" not in tables.label_denials(rows).to_html()


def test_every_question_has_plain_words():
    assert tables.LABOUR_IN_WORDS.keys() == set(disclosure.LABOUR_QUESTIONS)


def test_what_was_never_disclosed_is_listed_before_what_nobody_answered():
    labour = dict.fromkeys(disclosure.LABOUR_QUESTIONS[1:], "so")
    note = tables.undisclosed_questions(study(undisclosed=("Wages.",), labour=labour))
    assert note.title == "Two"
    assert note.lines == (
        ("never disclosed", "Wages."),
        ("answered", "11 of 12 questions that Croissant asks of a data set"),
        ("without an answer", "what annotators were asked to do"),
    )


def test_the_chart_of_sources_tells_its_shares_in_words():
    rows = [
        AnnotationCount("region", Annotator("xclick", HAND), 1, 4, 1),
        AnnotationCount("region", Annotator("activemil", CHECKED), 3, 4, 1),
        AnnotationCount("phrase", Annotator("not said", UNKNOWN_SOURCE), 2, 2, 1),
    ]
    (panel,) = charts.annotation_source_bars(rows, study()).panels
    assert "Of 4 regions: 25.0% drawn by hand, 75.0% proposed by a machine, checked by people." in panel.alt
    assert "Of 2 phrases: 100.0% not said." in panel.alt
