"""Guests are asked of all views of a study's images; what they said is kept, and shown under the veil."""

from dataclasses import replace

import numpy as np
import pytest
import tiny_models
from PIL import Image

from retrain_kit.analysis import own_labels, people_in_images, veiled_study
from retrain_kit.annotations.samples import Box, Provenance, Region, Sample
from retrain_kit.errors import DataError
from retrain_kit.models import (
    asking,
    guests,
    kept_answers,
    survival_figures,
    survival_tables,
)
from retrain_kit.storage import files
from retrain_kit.studies import manifests

SIDE = 16
TRIAL = asking.Trial(("white", "black"), draws=2)
COLOURS = {"left": (255, 0, 0), "right": (0, 255, 0)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    tiny_models.onnx()
    pytest.importorskip("onnxruntime", reason="no onnxruntime (pip install 'retrain-kit[models]')")
    return tmp_path_factory.mktemp("asking")


@pytest.fixture(scope="module")
def samples(folder):
    """Three images whose left half is red and tagged, one as a man; the last has no tags, one is no image."""
    made = []
    for number, label in enumerate(["rose", "Man", ""]):
        pixels = np.full((SIDE, SIDE, 3), COLOURS["right"], np.uint8)
        pixels[:, : SIDE // 2 + number] = COLOURS["left"]
        path = folder / f"{number}.png"
        Image.fromarray(pixels).save(path)
        region = Region(label, Box(0, 0, SIDE // 2 + number, SIDE), id="1")
        made.append(
            Sample(
                f"image {number}",
                path,
                SIDE,
                SIDE,
                regions=(region,) if label else (),
                provenance=Provenance(sha256=files.sha256(path)),
            )
        )
    (folder / "broken.png").write_bytes(b"no image")
    broken = Sample("broken", folder / "broken.png", SIDE, SIDE, regions=made[0].regions)
    small = replace(made[0], id="small", width_px=1, height_px=1)
    changed = replace(made[0], id="changed", provenance=Provenance(sha256="0" * 64))
    return [*made, broken, small, changed]


@pytest.fixture(scope="module")
def classifier(folder):
    return guests.invite(str(tiny_models.write_classifier(folder)))


@pytest.fixture(scope="module")
def detector(folder):
    path = tiny_models.write_detector(folder, '["person"]')
    path.write_text(path.read_text() + "score = 0.3\n")
    return guests.invite(str(path))


def ask(guest, samples, place):
    return asking.ask_guest(guest, samples, TRIAL, kept_answers.KeptAnswers(guest.card.digest, place))


def test_each_view_of_each_image_is_asked_and_an_image_that_cannot_be_shown_stops_nothing(
    classifier, samples, tmp_path
):
    found = ask(classifier, samples, tmp_path)
    assert found.left_out == {
        "broken": "an image that cannot be decoded (cannot identify image file 'broken.png')",
        "small": "an image of 1 × 1 pixels shows a machine nothing",
        "changed": "its file is another one than the study's table says",
    }
    said = found.said()
    names = classifier.card.labels.words
    assert [names[int(row.argmax())] for row in said.whole] == ["red", "red", "red"]
    assert np.nanmean(said.kept("residue", "black")) == 0  # what is left is green
    assert np.nanmean(said.kept("taken", "black")) == 1
    assert np.isnan(said.kept("residue", "black")).tolist() == [False, False, True]
    assert said.views["moved", "black"].shape == (3, 2, 3)


def test_what_was_said_of_an_image_is_not_said_of_the_same_file_turned_nor_by_another_guest(
    classifier, detector, samples, tmp_path
):
    straight, turned = samples[0], replace(samples[0], id="turned", rotation_deg=180)
    found = ask(classifier, [straight, turned], tmp_path)
    residues = [
        answers[views.index(("residue", "black", 0))]
        for views, answers in zip(found.views, found.answers, strict=True)
    ]
    assert [said[0][0] for said in residues] == [1, 0]  # what is left is green, and red where it is turned
    readings = [
        survival_tables.Reading(ask(guest, samples, tmp_path), ["a"] * 3) for guest in (classifier, detector)
    ]
    readings[0].answered.left_out.update({"broken": "NaN", "image 2": "NaN"})
    note = survival_tables.left_out_note(readings)
    first, second = (reading.guest.card.title for reading in readings)
    told = dict(note.lines)
    assert told["image 2"] == f"{first}: NaN"
    assert told["broken"].startswith(f"{first}: NaN; {second}: ")
    assert told["changed"] == asking.CHANGED


def test_what_was_said_is_kept_and_asked_no_second_time(classifier, samples, tmp_path, monkeypatch):
    first = ask(classifier, samples[:2], tmp_path)
    (path,) = tmp_path.glob("*.jsonl")
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])  # as a killed process leaves it
    assert ask(classifier, samples[:2], tmp_path).answers == first.answers
    assert len(kept_answers.KeptAnswers(classifier.card.digest, tmp_path)) == len(set(whole.splitlines()))

    def refuse(_images):
        raise AssertionError

    monkeypatch.setattr(classifier, "classify", refuse)
    assert ask(classifier, samples[:2], tmp_path).answers == first.answers


def test_an_image_of_which_a_guest_says_no_number_is_listed(samples, tmp_path):
    nodes = [
        ("Log", ["image"], ["logs"], {}),
        ("ReduceMean", ["logs"], ["out"], {"axes": [2, 3], "keepdims": 0}),
    ]
    tiny_models.write_model(tmp_path, "logs", nodes, {"out": ["n", 3]})
    guest = guests.invite(
        str(tiny_models.write_card(tmp_path, "logs", "classify", "logits", '["a", "b", "c"]'))
    )
    found = ask(guest, samples[:1], tmp_path)
    assert found.left_out == {"image 0": "an answer that is no number (NaN), or infinite"}
    *_, reading = readings(found, samples[:1])
    assert survival_tables.survival_table(reading).title == "logs was shown no image; see above why."


def test_an_answer_that_does_not_fit_the_card_ends_the_work(folder, samples, tmp_path):
    short = guests.invite(str(tiny_models.write_classifier(tmp_path, labels='["red", "green"]')))
    with pytest.raises(DataError, match="labels: found 2 words; expected 3"):
        ask(short, samples, tmp_path)


def readings(found, samples):
    taxonomy = own_labels.own_label_system(samples)
    veil = veiled_study.StudyVeil(taxonomy)
    shown = dict(zip((each.id for each in samples), veil.samples(samples), strict=True))
    reading = survival_tables.Reading(found, found.guest.card.labels.shown(), shown)
    return taxonomy, veil, reading


def test_tables_say_the_word_the_control_and_no_veiled_label(classifier, samples, tmp_path):
    *_, reading = readings(ask(classifier, samples[:3], tmp_path), samples[:3])
    rows = survival_tables.survival_table(reading).data
    assert rows["shown to the machine"].tolist()[:2] == [survival_tables.VIEWS["residue"]] * 2
    assert rows["its word survives"].tolist()[1] == 0
    labels = survival_tables.label_table(reading, 1).data["label"].tolist()
    assert [label for label in labels if "▒" not in label] == ["rose", "rose"]
    assert len(labels) == 4
    found = survival_tables.found_table(reading, "black").data
    assert (found["its word"].tolist(), found["residues"].tolist()) == (["green"], [2])
    assert set(dict(survival_tables.loss_note(reading).lines).values()) == {
        "Nothing can be said: too few of 2 images differ.",
    }
    note = dict(survival_tables.trial_note(samples[:3], TRIAL).lines)
    assert (note["images"], note["images with a control"]) == ("3; 2 have something tagged", "2")
    blank = survival_tables.Reading(ask(classifier, samples[2:3], tmp_path), reading.words)
    assert "there is no residue" in survival_tables.survival_table(blank).title
    assert "there is no residue" in survival_tables.loss_note(blank).title
    alone = survival_figures.Album(samples[2:3], samples[2:3], TRIAL, None, [blank])
    assert "No guest that detects" in survival_figures.silent_note(alone).title
    assert "the whole of them alone" in survival_figures.view_figures(alone, [], "white")[0].title
    assert survival_tables.each_reading([], survival_tables.survival_table)[0].lines == ()


def test_a_study_that_is_tagged_from_edge_to_edge_has_no_control_and_no_number_in_its_place(
    classifier, samples, tmp_path
):
    whole = [replace(each, regions=(Region("rose", Box(0, 0, SIDE, SIDE)),)) for each in samples[:2]]
    *_, reading = readings(ask(classifier, whole, tmp_path), whole)
    assert survival_tables.label_table(reading).data["in the control"].tolist() == ["–", "–"]
    found = survival_tables.found_table(reading, "black")
    assert found.data["in the control, mean"].tolist() == ["–"]
    assert found.caption.endswith("filled with black: 2. Images with a control: 0.")
    assert set(dict(survival_tables.loss_note(reading).lines).values()) == {
        "Nothing can be said: the mask could be moved in no image.",
    }


def test_where_they_part_ways_is_shown_with_people_coarse(detector, samples, tmp_path):
    found = ask(detector, samples[:3], tmp_path)
    taxonomy, veil, reading = readings(found, samples[:3])
    manifest = manifests.load("embedded-sample")
    people = people_in_images.people_of_study(manifest, taxonomy, veil.veil)
    shown = list(reading.shown.values())
    album = survival_figures.Album(samples[:3], shown, TRIAL, manifest, [reading], people)
    shares = album.apart
    assert list(shares) == [0, 1]
    assert shares[0] == pytest.approx((96 + 32) / (128 + 32))
    twins = [samples[0], replace(samples[0], id="twin")]  # one file, under two ids
    both = survival_tables.Reading(ask(reading.guest, twins, tmp_path), reading.words)
    of_twins = survival_figures.Album(twins, twins, TRIAL, manifest, [both])
    assert list(of_twins.apart) == [0, 1]
    note, first, second = survival_figures.parting_figures(album, [0, 1])
    assert dict(note.lines)["the machine alone"] == "1"
    assert (
        first.caption
        == "80.0% of what one or both have a region for, only one of them has. 1 box that a machine calls a person made coarse."
    )
    assert "1 region of people and 1 box that a machine calls a person" in second.caption
    assert "Man" not in repr(second)
    album = replace(album, readings=[replace(reading, words=["Woman"])])  # as it is shown where all words are
    assert "1 box that a machine calls a person made coarse" in album.opened(0)[1]
    album = replace(album, readings=[reading])
    views = survival_figures.view_figure(album, 0, "white")
    assert views.names[0] == "the whole image. reds: person"
    alone = replace(album, readings=())
    assert survival_figures.drawn_places(alone, 5) in ([0, 1], [1, 0])
    assert survival_figures.view_figure(alone, 0, "white").names[:3] == (
        *("the whole image", "the hole's shape", "the residue"),
    )
