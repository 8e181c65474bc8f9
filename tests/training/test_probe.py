"""The probe over embeddings of which it is known what their ranges hold, and files that are none."""

import numpy as np
import polars as pl
import pytest

from retrain_kit.errors import DataError, ParameterError
from retrain_kit.exercises.training import probe, soft_label_files, soft_labels
from retrain_kit.exercises.training.probe import SoftLabels
from retrain_kit.exercises.training.range_views import ProbeFiles


@pytest.fixture(scope="module")
def told():
    """Scores of 600 images, whose labels are drawn by weights that their embeddings decide."""
    random = np.random.default_rng(1)
    embeddings = random.standard_normal((600, 6))
    logits = 1.5 * embeddings @ random.standard_normal((6, 3))
    weights = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    said = SoftLabels(("a", "b", "c"), random.multinomial(50, weights).astype(float))
    return embeddings, said, probe.probe(embeddings, said)


def test_all_arms_are_scored_together_and_the_same_seed_scores_the_same(told):
    embeddings, said, scores = told
    assert tuple(scores) == probe.ARMS
    assert probe.probe(embeddings, said) == scores
    assert probe.controls_as_good(scores) == []
    assert scores[probe.MANY].log_loss < scores[probe.FEW].log_loss < scores[probe.ONE_PERSON].log_loss


def test_where_everybody_says_the_same_no_arm_is_better():
    random = np.random.default_rng(2)
    embeddings = random.standard_normal((200, 3))
    said = SoftLabels(("a", "b"), 20 * np.eye(2)[(embeddings[:, 0] > 0).astype(int)])
    scores = probe.probe(embeddings, said)
    assert {round(each.log_loss, 9) for each in scores.values()} == {round(scores[probe.MANY].log_loss, 9)}
    assert probe.controls_as_good(scores) == list(probe.CONTROLS)


def test_targets_are_those_typed_out():
    said = SoftLabels(("a", "b", "c"), np.array([[8, 2, 0], [6, 2, 2], [0, 0, 10.0]]))
    targets = probe.arm_targets(said, np.arange(3), np.random.default_rng(7))
    assert targets[probe.ONE_LABEL].tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 1]]
    assert targets[probe.SMOOTHED] == pytest.approx(
        np.array([[0.8, 0.1, 0.1], [0.8, 0.1, 0.1], [0.1, 0.1, 0.8]])
    )
    assert probe.without_another(SoftLabels(("each",) * 10, np.eye(10))) == 5  # of half of them, all
    assert targets[probe.OTHER_RANGE].tolist() == [[0.6, 0.2, 0.2], [0.8, 0.2, 0], [0, 0, 1]]
    assert sorted(targets[probe.ONE_PERSON].ravel().tolist()) == [0] * 6 + [1] * 3
    assert (targets[probe.FEW] * 5 % 1 == 0).all()
    for each in targets.values():
        assert each.sum(axis=1) == pytest.approx(np.ones(3))


def test_coefficients_are_where_the_loss_is_least():
    random = np.random.default_rng(3)
    embeddings, targets = random.standard_normal((30, 2)), np.eye(2)[random.integers(0, 2, 30)]
    found = probe.fit(embeddings, targets, 0.1)

    def loss(coefficients):
        weights = probe.predict(coefficients, embeddings)
        return -(targets * np.log(weights)).sum() / 30 + 0.1 * (coefficients[:-1] ** 2).sum() / 3

    assert all(loss(found) <= loss(found + 1e-2 * random.standard_normal(found.shape)) for _ in range(50))


def test_what_does_not_match_is_told_together():
    embeddings, counts = np.ones((120, 2)), np.ones((120, 3))
    embeddings[4, 1], counts[7] = np.nan, 0
    with pytest.raises(DataError) as told:
        probe.probe(embeddings, SoftLabels(("a", "b", "c"), counts))
    assert [str(fault.where) for fault in told.value.faults] == ["embeddings, row 4", "answers, row 7"]
    with pytest.raises(DataError, match="99 images.*\n.*found 1 label; expected two at least"):
        probe.probe(np.ones((99, 2)), SoftLabels(("a",), np.ones((99, 1))))
    counts[7], embeddings[4, 1] = np.inf, 1
    with pytest.raises(DataError, match="row 7: .* what is no number"):
        probe.probe(embeddings, SoftLabels(("a", "b", "c"), counts))
    with pytest.raises(DataError, match="100 embeddings, 99 images"):
        probe.probe(np.ones((100, 2)), SoftLabels(("a",), np.ones((99, 1))))


def test_files_of_counts_and_embeddings_are_read(tmp_path):
    np.save(tmp_path / "counts.npy", np.array([[3, 1], [0, 4]]))
    ids, said = soft_label_files.read_soft_labels(tmp_path / "counts.npy")
    assert (ids, said.labels, said.shares.tolist()) == (("0", "1"), ("0", "1"), [[0.75, 0.25], [0, 1]])
    np.savez(
        tmp_path / "these.npz", ids=np.array(["1", "0", "9"]), embeddings=np.array([[1.0], [0.0], [9.0]])
    )
    assert soft_label_files.read_embeddings(tmp_path / "these.npz", ids).tolist() == [[0], [1]]
    with pytest.raises(DataError, match="no embedding of 1 image, 5 for one"):
        soft_label_files.read_embeddings(tmp_path / "these.npz", ("0", "5"))
    with pytest.raises(DataError, match="embeddings without ids"):
        soft_label_files.read_embeddings(tmp_path / "counts.npy", ids, in_order=False)
    np.savez(tmp_path / "these.npz", ids=np.array(["1", "1"]), embeddings=np.ones((2, 1)))
    with pytest.raises(DataError, match="found 1 more than once"):
        soft_label_files.read_embeddings(tmp_path / "these.npz", ids)
    np.savez(tmp_path / "these.npz", ids=np.array(["0", "1"]), embeddings=np.ones((3, 1)))
    with pytest.raises(DataError, match="found 2 ids, 3 embeddings; expected as many of both"):
        soft_label_files.read_embeddings(tmp_path / "these.npz", ids)


def test_counts_of_cifar_10_are_about_the_images_of_its_file(tmp_path):
    (tmp_path / "data_batch_1.bin").write_bytes(b"".join(bytes([each, *[9] * 3072]) for each in (3, 8, 5)))
    counts, files = (
        np.zeros((3, 10)),
        ProbeFiles(str(tmp_path / "counts.npy"), images=str(tmp_path / "data_batch_1.bin"), model="any"),
    )
    counts[[0, 1, 2], [8, 3, 5]] = 51
    np.save(tmp_path / "counts.npy", counts)
    with pytest.raises(DataError, match="most people gave to 33% of the images"):
        files.read()
    counts[1, 8] = 52
    np.save(tmp_path / "counts.npy", counts)
    with pytest.raises(ParameterError, match="expected a model's name"):
        files.read()


def test_labels_of_the_kits_own_files_are_wordings_that_stand_at_several_places(tmp_path):
    rows = [
        {
            "study": "s",
            "image_id": "a",
            "options": [["bird"], ["kite", "a kite"]],
            "weights": [0.75, 0.25],
            "people": [4, 3],
        },
        {
            "study": "s",
            "image_id": "b",
            "options": [["bird"], ["mist"]],
            "weights": [0.5, 0.5],
            "people": [2, 1],
        },
        {
            "study": "s",
            "image_id": "c",
            "options": [["kite"], ["kite"]],
            "weights": [0.5, 0.5],
            "people": [5, 1],
        },
        {"study": "s", "image_id": "d", "options": [["mist lamp"]], "weights": [1.0], "people": [1]},
    ]
    schema = {name: soft_labels.SOFT_LABEL_SCHEMA[name] for name in rows[0]}
    path = tmp_path / "soft-labels.parquet"
    pl.DataFrame(rows, schema=schema).write_parquet(path)
    ids, said = soft_label_files.read_soft_labels(path)
    assert (ids, said.labels, said.left_out) == (("a", "b", "c"), ("bird", "kite"), 1)
    assert said.counts.tolist() == [[3, 1], [1, 0], [0, 5]]
    for odd in ([0.75], [0.75, 0.75], [1.5, -0.5], [0.5, float("nan")]):
        pl.DataFrame([*rows[1:], {**rows[0], "weights": odd}], schema=schema).write_parquet(path)
        with pytest.raises(DataError, match="weights that are none, in 1 row, 3 for one"):
            soft_label_files.read_soft_labels(path)
    pl.DataFrame([*rows, {**rows[0], "study": "t"}], schema=schema).write_parquet(path)
    with pytest.raises(DataError, match="images of several studies by one id, a for one"):
        soft_label_files.read_soft_labels(path)
    pl.DataFrame(rows, schema=schema).write_parquet(path)
    with pytest.raises(ParameterError, match="answers of the kit have ids, and no order"):
        ProbeFiles(str(path), images="these.npy", model="any").read()


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("pickled.npy", lambda path: np.save(path, np.array([{}], dtype=object), allow_pickle=True)),
        ("one.npy", lambda path: np.save(path, np.ones(3))),
        ("words.npy", lambda path: np.save(path, np.array([["a"]]))),
        ("cut.npy", lambda path: path.write_bytes(b"\x93NUMPY")),
        ("text.npy", lambda path: path.write_text("no", "utf-8")),
        ("text.parquet", lambda path: path.write_text("no", "utf-8")),
        ("absent.npy", lambda _: None),
    ],
)
def test_a_file_that_is_none_is_one_fault_with_its_name(tmp_path, name, write):
    write(tmp_path / name)
    with pytest.raises(DataError, match=name):
        soft_label_files.read_soft_labels(tmp_path / name)
