"""Selection: the answers that may go into training data, and the count of those that may not.

Nobody is asked by the kit's exercises whether machines may be trained with what they say. What they are asked
is whether it may be published, with their pseudonym: that is what counts here. In a store made for
demonstration nobody said anything, so nobody's consent is wanting.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tqdm.auto import tqdm

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.what_if import aggregate
from retrain_kit.exercises.what_if.ranges import BlankPlace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from retrain_kit.answers import Record, Store
    from retrain_kit.exercises.what_if.ranges import Range
    from retrain_kit.studies.manifests import Manifest


REQUIRED_USE = "publication"
"""The use that people must have agreed to."""


@dataclass(frozen=True)
class SelectedAnswers:
    """What may be used.

    Parameters
    ----------
    records
        In the order of time, then of id; refusals among them.
    withheld
        How many answers are left out since their authors have not agreed to `REQUIRED_USE`.
    withheld_refusals
        How many of those are refusals.
    withdrawn
        How many answers and footnotes were withdrawn from the whole store, of whichever study.
    demonstration
        Whether nobody said it.
    accepted
        Whether the content notice was accepted: then ids of images are shown that hold a veiled word.
    """

    records: tuple[Record, ...]
    withheld: int = 0
    withheld_refusals: int = 0
    withdrawn: int = 0
    demonstration: bool = False
    accepted: bool = False

    @property
    def studies(self) -> tuple[str, ...]:
        """The studies that were spoken of, in alphabetical order."""
        return tuple(sorted({record.asked.study for record in self.records}))

    def by_exercise(self, exercise: str) -> tuple[Record, ...]:
        """Return what was said in an exercise, refusals among it."""
        return tuple(record for record in self.records if record.asked.exercise == exercise)

    def ranges(self, study: str) -> list[Range]:
        """Return the range of each place of a study that was spoken of, by image and hole."""
        about: dict[str, list[Record]] = defaultdict(list)
        for record in self.by_exercise(aggregate.EXERCISE):
            if record.asked.study == study and record.asked.images:
                about[record.asked.images[0]].append(record)
        use = "class" if self.demonstration else REQUIRED_USE
        return [
            aggregate.range_from_answers(about[image], BlankPlace(image, hole), use)
            for image in tqdm(sorted(about), desc=f"reading {study}", delay=1, leave=False)
            for hole in sorted({_hole(record) for record in about[image]})
        ]


def select_answers(
    store: Store, studies: Collection[str] = (), exercises: Collection[str] = ()
) -> SelectedAnswers:
    """Return what may be used of a store: of some studies and exercises, or of all where none is named.

    Raises
    ------
    ParameterError
        With each study of which nobody has said anything. Where something was withdrawn, nobody can tell
        which study it was about, and nothing is raised.
    """
    withdrawn = len(store.withdrawals())
    every = store.records()
    if not withdrawn:
        _check(studies, every)
    asked = [record for record in every if not exercises or record.asked.exercise in exercises]
    about = [
        record for record in asked if not studies or any(concerns_study(record, study) for study in studies)
    ]
    return select_records(about, withdrawn=withdrawn, demonstration=store.demonstration)


def concerns_study(record: Record, study: str) -> bool:
    """Say whether a record is about a study's images, or about one of them beside one of another study."""
    return bool(images_of_record(record, study)) or record.asked.study == study


def images_of_record(record: Record, study: str) -> list[str]:
    """Return the ids of a study's images that a record is about: those of others have a study before them."""
    of_study, is_own = f"{study}/", record.asked.study == study
    return [
        name.removeprefix(of_study)
        for name in record.asked.images
        if name.startswith(of_study) or (is_own and "/" not in name)
    ]


def under_veil(selected: SelectedAnswers, opened: Mapping[str, Manifest | None]) -> SelectedAnswers:
    """Return answers that name images as their studies do under the veil; what people wrote stays theirs.

    Parameters
    ----------
    selected
        The answers.
    opened
        Their studies under the veil, by name; None for one that is not on this machine.
    """

    def shown(name: str, study: str) -> str:
        other, slash, image = name.partition("/")
        if slash and (manifest := opened.get(other)):
            return f"{other}/{manifest.shown_id(image)}"
        own = opened.get(study)
        return own.shown_id(name) if own else name

    def named(record: Record) -> Record:
        images = tuple(shown(name, record.asked.study) for name in record.asked.images)
        same = images == tuple(record.asked.images)
        return record if same else replace(record, asked=replace(record.asked, images=images))

    return replace(selected, records=tuple(map(named, selected.records)))


def select_records(
    records: Iterable[Record], *, withdrawn: int = 0, demonstration: bool = False
) -> SelectedAnswers:
    """Return what may be used of records, in whatever order they come."""
    every = sorted(records, key=lambda record: (record.when, record.id))
    kept = tuple(record for record in every if demonstration or REQUIRED_USE in record.consent.agreed)
    refused = sum(bool(record.refusal) for record in every) - sum(bool(record.refusal) for record in kept)
    return SelectedAnswers(kept, len(every) - len(kept), refused, withdrawn, demonstration)


def _hole(record: Record) -> str:
    return "" if record.refusal else str(record.details.get("hole", ""))


def _check(studies: Collection[str], records: Collection[Record]) -> None:
    there = ", ".join(sorted({record.asked.study for record in records})) or "none yet"
    faults = [
        Fault(f"study {study}", "no answer about it", f"one that the store speaks of: {there}")
        for study in studies
        if not any(concerns_study(record, study) for record in records)
    ]
    if faults:
        raise ParameterError(*faults)
