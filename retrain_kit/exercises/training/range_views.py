"""What leaving people out and the probe have shown, as tables and notes for notebooks and reports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.analysis.intervals import DASH, signed
from retrain_kit.display.figures import Note
from retrain_kit.errors import DataError, Fault, ParameterError, count_in_words
from retrain_kit.exercises.training import predicted_people, probe, soft_label_files
from retrain_kit.exercises.training.selection import select_answers
from retrain_kit.models import features
from retrain_kit.reports.data_table import DataTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from retrain_kit.analysis.intervals import Interval
    from retrain_kit.analysis.left_out import Verdict
    from retrain_kit.answers import Store
    from retrain_kit.exercises.training.probe import ArmScores, SoftLabels


def class_views(answers: Store) -> list[Note | DataTable]:
    """Return what leaving people out has shown of each study of which a store's people have spoken."""
    selected, found = select_answers(answers), list[Note | DataTable]()
    for study in selected.studies:
        verdict = predicted_people.predict_people(selected, study)
        found.append(verdict_note(verdict, study, demonstration=selected.demonstration))
        found.append(verdict_table(verdict, f"left-out-{study}"))
    return found or [Note("Nobody has said anything that may be used.", ())]


def verdict_note(verdict: Verdict, title: str, *, demonstration: bool = False) -> Note:
    """Return what leaving people out has shown, in words."""
    words = predicted_people.verdict_words(verdict, demonstration=demonstration)
    return Note(title, (("who was left out", " ".join(words[:-1])), ("what was shown", words[-1])))


def verdict_table(verdict: Verdict, name: str) -> DataTable | Note:
    """Return the scores of all arms; a note where there is too little."""
    rows = predicted_people.verdict_rows(verdict)
    if not rows:
        return Note("No scores: too few people or images.", ())
    return DataTable.from_rows(rows, name, caption=predicted_people.READ_AS, figures=tuple(rows[0])[1:])


@dataclass(frozen=True)
class ProbeFiles:
    """What a probe is made of: answers, and embeddings or images with a model; empty where there is none."""

    soft_labels: str = ""
    embeddings: str = ""
    images: str = ""
    model: str = ""

    @property
    def is_enough(self) -> bool:
        """Whether there is something to train with."""
        return bool(self.soft_labels and (self.embeddings or (self.images and self.model)))

    def read(self) -> tuple[NDArray[np.float64], SoftLabels]:
        """Return the features of the images, and what people said of them.

        Raises
        ------
        DataError, ParameterError
            As the readers of these files, and the model.
        """
        if self.embeddings and self.images:
            do = "Set one of them, and leave the other empty."
            raise ParameterError(Fault("images", "images, and embeddings too", "one of both", do))
        answers = Path(self.soft_labels)
        ids, said = soft_label_files.read_soft_labels(answers)
        in_order = not soft_label_files.is_of_the_kit(answers)
        if self.embeddings:
            return soft_label_files.read_embeddings(Path(self.embeddings), ids, in_order=in_order), said
        if not in_order:
            expected = "embeddings, an .npz with ids: answers of the kit have ids, and no order"
            raise ParameterError(Fault("images", self.images, expected))
        _check_order(Path(self.images), said)
        return features.image_features(Path(self.images), self.model, len(ids)), said


CIFAR_LABELS, LEAST_ALIKE = 10, 0.5
"""Of so many images of CIFAR-10 at least most people say what the file says: of its own counts it is 99 %."""


def _check_order(images: Path, said: SoftLabels) -> None:
    """Check that answers with the ten labels of CIFAR-10 are about the images of its file, in its order.

    Raises
    ------
    DataError
        When the file's own labels are not what people said.
    """
    own = features.own_labels_of(images)
    if said.counts.shape != (len(own), CIFAR_LABELS):
        return
    alike = float((said.counts.argmax(axis=1) == own).mean())
    if alike < LEAST_ALIKE:
        found = f"labels of its own that most people gave to {alike:.0%} of the images"
        do = "The counts of CIFAR-10H are about test_batch.bin. Of images without labels make an .npy."
        raise DataError(
            Fault(str(images), found, "the images that the answers are about, in their order", do)
        )


def probe_views(files: ProbeFiles, seed: int) -> list[Note | DataTable]:
    """Return what the probe has shown, or what it needs."""
    if not files.is_enough:
        return [Note("No probe: set soft_labels and embeddings, or images and model.", ())]
    rows, said = files.read()
    scores = probe.probe(rows, said, seed)
    return [probe_note(scores, said, seed), probe_table(scores)]


def probe_note(scores: Mapping[str, ArmScores], said: SoftLabels, seed: int = probe.SEED) -> Note:
    """Return what the probe has shown, in words."""
    as_good = probe.controls_as_good(scores)
    shown = f"The range of all answers was not shown to teach more than {' or '.join(as_good)}. {_NULL}"
    if not as_good:
        shown = "The range of all answers teaches more than each of the three controls."
    rows, labels = said.counts.shape
    aside = f"{count_in_words(said.left_out, 'image')}: none of the labels was said of it"
    alone = probe.without_another(said, seed)
    none = f"{count_in_words(alone, 'image')}: no other has the same label, and its own range stands in"
    return Note(
        "The probe",
        (
            ("asked of", f"{rows:,} images, {labels:,} labels"),
            ("left out", aside if said.left_out else ""),
            ("without the range of another", none if alone else ""),
            ("what was shown", shown),
        ),
    )


_NULL = (
    "By the rule that was fixed beforehand, it was not shown that a range teaches more than a label. That is "
    "a result."
)


def probe_table(scores: Mapping[str, ArmScores]) -> DataTable:
    """Return the scores of all arms, those of ranges last."""
    rows = [
        {
            "trained on": arm,
            "log loss": f"{each.log_loss:.3f}",
            "where people differ most": f"{each.ambiguous_log_loss:.3f}",
            "accuracy": f"{each.accuracy:.1%}",
            "calibration error": f"{each.calibration_error:.3f}",
            "penalty chosen": f"{each.penalty:g}",
            "all answers are better by": signed(each.gain, 4) if arm != probe.MANY else "",
            "with other images": _limits(each.interval) if arm != probe.MANY else "",
        }
        for arm, each in scores.items()
    ]
    return DataTable.from_rows(rows, "probe", caption=_PROBE_READ_AS, figures=tuple(rows[0])[1:])


_PROBE_READ_AS = (
    "Log loss against all that people said: less is better. Half of the images train, the other half is "
    "scored. All arms have the same grid, and choose from it by the same score."
)


def _limits(interval: Interval | None) -> str:
    return interval.signed(4) if interval else DASH
