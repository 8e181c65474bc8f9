"""Label survival, on answers that are typed out."""

import numpy as np
import pytest

from retrain_kit.analysis.label_survival import (
    Found,
    Said,
    found_in_residue,
    parting_share,
    said_in_words,
    survival_by_label,
    survival_by_view,
)

# Eight images, three words. A classifier says one of them; of the last image there is no control.
WHOLE = [0, 0, 0, 0, 1, 1, 1, 2]
RESIDUE = [0, 1, 1, 1, 1, 0, 0, 0]
MOVED = [[0, 0], [0, 1], [0, 2], [1, 1], [1, 1], [1, 0], [0, 0], []]


def said(**views):
    """Return what was said, from one number for each image and draw."""
    numbers = {kind: [[[word] for word in drawn] for drawn in rows] for kind, rows in views.items()}
    arrays = {(kind, "white"): said_in_words(rows, 3, max(map(len, rows))) for kind, rows in numbers.items()}
    asked = {key: np.array([bool(drawn) for drawn in numbers[key[0]]]) for key in arrays}
    return Said(said_in_words([[[word]] for word in WHOLE], 3, 1)[:, 0], arrays, asked)


SAID = said(residue=[[word] for word in RESIDUE], moved=MOVED)


def test_a_word_survives_where_it_is_said_again_and_is_paired_with_its_control():
    residue, moved = survival_by_view(SAID)
    assert (residue.name, residue.fill, residue.images, residue.share) == ("residue", "white", 8, 0.25)
    assert (residue.paired, residue.control) == (7, pytest.approx((1 + 0.5 + 0.5 + 0 + 1 + 0.5 + 0) / 7))
    assert residue.lost == pytest.approx((0 + 0.5 + 0.5 + 0 + 0 + 0.5 + 0) / 7)
    assert residue.lost_interval is None  # fewer than five images differ
    assert (moved.images, moved.share) == (7, pytest.approx(3.5 / 7))


def test_what_was_not_asked_and_what_said_nothing_count_for_nothing():
    assert np.isnan(SAID.kept("moved", "white")).tolist() == [False] * 7 + [True]
    silent = Said(np.zeros((2, 3), bool), {("residue", "white"): np.ones((2, 1, 3), bool)})
    assert np.isnan(silent.kept("residue", "white")).all()
    (row,) = survival_by_view(silent)
    assert row.images == 0
    assert np.isnan(row.share)


def test_of_several_words_the_share_that_is_said_again_counts():
    whole = np.array([[True, True, False], [True, False, False]])
    view = np.array([[[True, False, True]], [[False, False, False]]])
    assert Said(whole, {("taken", ""): view}).kept("taken").tolist() == [0.5, 0.0]


def test_labels_count_the_images_that_bear_them():
    bearing = {
        "tree": np.array([True] * 4 + [False] * 4),
        "cat": np.array([False] * 4 + [True] * 4),
        "rare": np.array([True] + [False] * 7),
    }
    rows = survival_by_label(SAID, "white", bearing, fewest=2)
    assert [(row.name, row.images, row.share, row.paired, row.control) for row in rows] == [
        ("cat", 4, 0.25, 3, 0.5),
        ("tree", 4, 0.25, 4, 0.5),
    ]


def test_what_is_found_in_residues_is_told_apart_from_what_was_there():
    assert found_in_residue(SAID, "white") == [Found(0, 4, 4, 1, 3.5), Found(1, 3, 4, 1, 3.0)]
    assert [row.came for row in found_in_residue(SAID, "white")] == [3, 3]
    assert found_in_residue(SAID, "white", {2})[2] == Found(2, 1, 0, 0, 0.5)


def test_machine_and_annotators_part_ways_over_what_only_one_of_them_has():
    tagged, boxed = np.zeros((4, 4), bool), np.zeros((4, 4), bool)
    assert parting_share(tagged, boxed) == 0
    tagged[:2], boxed[1:3] = True, True
    assert parting_share(tagged, boxed) == 8 / 12
    assert parting_share(tagged, ~tagged) == 1
