"""Notebook 14 runs headless: without a class, and with a class's answers and files for the probe."""

import numpy as np
import pytest
import reporting

from retrain_kit.answers import Consent, Store
from retrain_kit.exercises.common.consent import Voice
from retrain_kit.exercises.what_if.ranges import BlankPlace
from retrain_kit.exercises.what_if.what_if import WhatIf


@pytest.fixture(scope="module")
def alone(kernel, tmp_path_factory):
    where = tmp_path_factory.mktemp("alone")
    done = reporting.report("14", where)
    assert done.returncode == 0, done.stderr
    return reporting.text(reporting.page(where))


def test_without_a_class_people_who_do_not_exist_show_both_ends(alone):
    assert "was not shown to predict better than the range of another image." in alone
    assert "predicts the next person better than each of the four controls." in alone
    assert "No class: set store_folder" in alone
    assert "No probe: set soft_labels and embeddings, or images and model." in alone


def test_a_class_and_a_probe_are_told_with_all_arms(kernel, tmp_path):
    consent = Consent(("class", "publication"), "what-if-1", "2026-11-22T09:00:00Z")
    with Store(tmp_path / "answers") as store:
        exercise = WhatIf(store, "nature")
        for number in range(3):
            exercise.place(
                BlankPlace("sky"), "original:bird", 40, Voice(consent, "-".join([f"ba{'bdf'[number]}ab"] * 8))
            )
    random = np.random.default_rng(1)
    np.save(tmp_path / "counts.npy", random.integers(1, 9, (120, 3)))
    np.save(tmp_path / "features.npy", random.standard_normal((120, 4)))
    options = ["-p", "store_folder=answers", "-p", "soft_labels=counts.npy", "-p", "embeddings=features.npy"]
    done = reporting.report("14", tmp_path, *options)
    assert done.returncode == 0, done.stderr
    text = reporting.text(reporting.page(tmp_path))
    assert "That is too little to say anything: 10 people at 5 images are the fewest." in text
    assert "asked of 120 images, 3 labels" in text
    assert "one label, smoothed" in text
    assert "the range of all answers" in text
