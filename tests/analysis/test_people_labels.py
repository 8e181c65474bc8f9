"""What a study calls people is counted without being shown, and names of people are shown to nobody."""

from dataclasses import replace
from pathlib import Path

from PIL import Image

from retrain_kit.analysis.found_faces import FaceFinder, Misses
from retrain_kit.analysis.own_labels import own_label_system, people_veil
from retrain_kit.analysis.people_in_images import people_of_study
from retrain_kit.analysis.people_labels import PeopleLabel, count_people_labels
from retrain_kit.analysis.people_views import PeopleViews, count_all_misses, draw_images_of_people
from retrain_kit.analysis.person_words import find_person_words
from retrain_kit.analysis.veiled_study import StudyVeil
from retrain_kit.annotations.samples import Box, ImageLabel, Region, Sample
from retrain_kit.annotations.veil import SIGN
from retrain_kit.display.figures import Note
from retrain_kit.reports import training_humans
from retrain_kit.studies import histories, manifests

MANIFEST = manifests.load("embedded-sample")
BOX = Box(0, 0, 20, 20)


def person(gender, age, label="Person"):
    said = {"LabelName": "/m/01g317", "GenderPresentation": gender, "AgePresentation": age}
    return Region(label, BOX, annotator="unknown", said=said)


SAMPLES = [
    Sample("a", Path("a"), 40, 40, (person("Predominantly X", "Unknown"), person("Predominantly X", "Y"))),
    Sample("b", Path("b"), 40, 40, (person("Unknown", "Unknown"), Region("Cat", BOX))),
    Sample("c", Path("c"), 40, 40, (Region("Cat", BOX),)),
    Sample("d", Path("d"), 40, 40, (), labels=(ImageLabel("Woman", present=True, annotator="w"),)),
]


def reading(samples, *, accepted=False, manifest=MANIFEST, finder=None):
    taxonomy = own_label_system(samples)
    veil = people_veil(taxonomy, accepted=accepted)
    people = replace(people_of_study(manifest, taxonomy, veil), finder=finder)
    return people, StudyVeil(taxonomy, veil, lifted=accepted).look_at(samples)


def test_labels_and_fields_are_counted_by_annotations_and_images_values_by_numbers():
    people, words = reading(SAMPLES)
    rows = count_people_labels(SAMPLES, people, words)
    (woman,) = (row for row in rows if row.annotators == ("w",))
    assert woman.shown.startswith(SIGN)
    assert [row for row in rows if row is not woman] == [
        PeopleLabel("label", "Person", 3, 2, ("unknown",)),
        PeopleLabel("GenderPresentation", f"{SIGN} 1", 2, 1, ("unknown",)),
        PeopleLabel("GenderPresentation", "Unknown", 1, 1, ("unknown",)),
        PeopleLabel("AgePresentation", "Unknown", 2, 2, ("unknown",)),
        PeopleLabel("AgePresentation", f"{SIGN} 2", 1, 1, ("unknown",)),
    ]
    people, words = reading(SAMPLES, accepted=True)
    shown = {row.shown for row in count_people_labels(SAMPLES, people, words)}
    assert shown == {"Person", "Woman", "Predominantly X", "Y", "Unknown"}


def test_names_of_people_are_one_row_whatever_was_accepted():
    named = [
        Sample(f"{each}_0001", Path("a"), 9, 9, labels=(ImageLabel(each, present=True),)) for each in "AB"
    ]
    people, words = reading(named, accepted=True)
    rows = count_people_labels(named, people, words, names=True)
    assert rows == [PeopleLabel("label", "name of a person", 2, 2, ("unknown",))]


def test_names_of_people_stand_below_person_as_names_and_are_veiled():
    named = [Sample("1", Path("a"), 9, 9, labels=(ImageLabel("Ada_Nobody", present=True),))]
    system = own_label_system(named, names_of_people=True)
    assert find_person_words(system).named == ("ada_nobody",)
    veil = people_veil(system)
    assert veil.words(system.synset("ada_nobody")).startswith(SIGN)
    assert StudyVeil(system, veil).look_at(named).text("This is Ada Nobody.") == f"This is {SIGN}."


def test_images_of_people_are_drawn_and_those_that_are_absent_say_so(tmp_path):
    people, words = reading(SAMPLES)
    drawn = draw_images_of_people(SAMPLES, people, 9, 7)
    assert sorted(number for number, _ in drawn) == [1, 2, 4]
    assert draw_images_of_people(SAMPLES, people, 1, 7) == drawn[:1]
    views = PeopleViews(MANIFEST, people, words)
    figure = views.figure(4, SAMPLES[3])
    assert "cannot be shown" in figure.caption
    assert len(figure.panels) == 1
    Image.new("RGB", (40, 40), "red").save(tmp_path / "d.png")
    there = Sample("d", tmp_path / "d.png", 40, 40, labels=SAMPLES[3].labels)
    figure = views.figure(4, there)
    assert figure.caption == "Image 4 of the study. The whole image, labelled as one of people, made coarse."
    assert figure.names == ("people veiled", "decanonized")


def test_an_image_that_is_absent_counts_as_one_on_which_the_detector_failed(tmp_path):
    finder = FaceFinder(lambda _: [(0, 0, 4, 4, 1.0, "face")])
    people, _ = reading(SAMPLES, finder=finder)
    Image.new("RGB", (40, 40), "red").save(tmp_path / "a.png")
    samples = [Sample("a", tmp_path / "a.png", 40, 40, SAMPLES[0].regions), *SAMPLES[1:3]]
    found = count_all_misses(samples, people, finder)
    assert found == Misses(images=3, failed=2, finds=1, persons=3, persons_found=1, without=1)
    told = dict(training_humans.misses(found, finder).lines)
    assert told["people"].startswith("found in 1 of 3 regions of a person; in 2 nothing was found")
    assert told["faces"] == "no region of a face to count on: nothing is known of what it missed"
    assert count_all_misses(samples, people, None) == Misses()
    assert isinstance(training_humans.misses(Misses(), None), Note)


def test_cards_and_tables_have_every_source_and_no_veiled_label():
    found = histories.load_histories()
    parts = (training_humans.timeline(found), training_humans.history_cards(found, accepted=False))
    held = "".join(part.html for part in parts) + training_humans.statements(found, accepted=False).csv
    assert [word for word in ("Chubby", "Double_Chin") if word in held] == []
    assert "10 that are veiled here" in held
    assert "Chubby" in training_humans.history_cards(found, accepted=True).html
    told = training_humans.statements(found, accepted=False).data
    assert (told[told["said"] != "not stated"]["source"] != "").all()
    assert (told["said"] == "not stated").sum() == sum(len(history.unstated) for history in found)
    matrix = training_humans.stated(found).data.set_index("data set")
    assert matrix.loc["LFW", "Consent, as far as said"] == "not stated"
    assert matrix.loc["LFW", "not verified"] == 1
