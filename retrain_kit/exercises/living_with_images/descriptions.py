"""Descriptions: what people see in an image at first sight, and what they see after living with it.

Two short texts by one person about one image belong together. Either may be missing, and either may be a
refusal; nothing is made up for it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.answers import load_records
from retrain_kit.display import figures
from retrain_kit.display.figures import Panel
from retrain_kit.exercises.common.consent import ConsentedAnswers
from retrain_kit.exercises.common.prompts import ORIGINAL_LANGUAGE, Prompt
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.answers import Record, Store
    from retrain_kit.studies.manifests import Manifest


EXERCISE = "living-with-images"
FIRST, SECOND = WHICH = ("first", "second")
"""The description of class 1, and that of class 2."""
DIFFERENCE = "difference"
"""The prompt that is asked when both are there."""
TIME_LIMITS_S = {FIRST: 20, SECOND: 30}
"""The time that the exercise gives for each."""
DESCRIPTION_NAMES = {FIRST: marked("at first sight"), SECOND: marked("after living with it")}
EXAMPLE_FILE = Path(__file__).with_name("first_and_second.jsonl")
"""Descriptions made for demonstration: said by nobody."""


@dataclass(frozen=True)
class DescriptionPair:
    """What one person wrote about one image; None where there is nothing."""

    image: str
    who: str
    first: Record | None = None
    second: Record | None = None

    def __getitem__(self, which: str) -> Record | None:
        return {FIRST: self.first, SECOND: self.second}[which]


def description_pairs(records: Iterable[Record]) -> list[DescriptionPair]:
    """Return descriptions two and two, images and people in the order in which they were first spoken of."""
    found: dict[tuple[str, str], dict[str, Record]] = {}
    images: dict[str, None] = {}
    for record in records:
        if which := which_description(record):
            images.setdefault(record.asked.images[0])
            found.setdefault((record.asked.images[0], record.who), {}).setdefault(which, record)
    order = {image: place for place, image in enumerate(images)}
    pairs = [DescriptionPair(image, who, **said) for (image, who), said in found.items()]
    return sorted(pairs, key=lambda pair: order[pair.image])


def which_description(record: Record) -> str:
    """Return which of the two descriptions a record is; empty where it is none."""
    which = record.details.get("which") if record.asked.exercise == EXERCISE and record.asked.images else ""
    return str(which) if which in WHICH else ""


def describes_image(record: Record, image: str, study: str) -> bool:
    """Say whether a record describes this image of this study."""
    return bool(which_description(record)) and (record.asked.images[0], record.asked.study) == (image, study)


def described_samples(heard: ConsentedAnswers, samples: Iterable[Sample], study: str) -> list[Sample]:
    """Return the samples of a study that somebody has written about."""
    return [
        sample for sample in samples if any(describes_image(each, sample.id, study) for each in heard.records)
    ]


def consented_descriptions(store: Store, studies: Collection[str], use: str = "class") -> ConsentedAnswers:
    """Return what people wrote about images of studies and agreed to show for a use.

    Where nobody has written anything, the demonstration.
    """
    every = [
        record
        for record in store.records(exercise=EXERCISE)
        if which_description(record) and record.asked.study in studies
    ]
    if not every:
        return example_descriptions()
    agreed = tuple(record for record in every if use in record.consent.agreed)
    return ConsentedAnswers(agreed, tuple(store.withdrawals()), withheld=len(every) - len(agreed))


def example_descriptions() -> ConsentedAnswers:
    """Return descriptions that nobody wrote, of two images of the embedded sample."""
    return ConsentedAnswers(load_records(EXAMPLE_FILE), demonstration=True)


def description_prompts() -> dict[str, Prompt]:
    """Return what is asked, by key: one for each description, and `DIFFERENCE`."""
    return {key: _prompt(key, words) for key, words in _read()["prompt"].items()}


def returned_questions() -> list[tuple[str, tuple[Prompt, ...]]]:
    """Return what is asked of whoever gives something back: whose questions, and the questions."""
    asked = _read()["returned"]
    return [
        (credit, tuple(_prompt(key, words) for key, words in asked[whose].items()))
        for whose, credit in asked["credit"].items()
    ]


def exercise_credit() -> str:
    """Return whose exercise it is, and whose words."""
    words = _read()["credit"]
    return gettext(words)


def _prompt(key: str, words: Mapping[str, str]) -> Prompt:
    beside = {name: text for name, text in words.items() if name != ORIGINAL_LANGUAGE}
    return Prompt(key, words[ORIGINAL_LANGUAGE], beside)


@cache
def _read() -> dict[str, Any]:
    with Path(__file__).with_name("living_with_images.toml").open("rb") as file:
        return tomllib.load(file)


# -- seen: images as people are asked about them, each with its image, its credit and its notice.


@dataclass(frozen=True)
class ImageToDescribe:
    """An image to describe; `name` is a number, since an id as `giraffe` would describe it already."""

    image: str
    name: str
    panel: Panel
    credit: str
    notice: str = ""


def images_to_describe(samples: Iterable[Sample], manifest: Manifest) -> list[ImageToDescribe]:
    """Return samples of a study as images to describe."""
    return [_of(number, sample, manifest) for number, sample in enumerate(samples, 1)]


def _of(number: int, sample: Sample, manifest: Manifest) -> ImageToDescribe:
    name = f"Image {number}"
    panel = Panel.from_sample(sample, name, sample.alt or f"{name}.")
    credit = figures.image_and_study_credit(sample, manifest)
    return ImageToDescribe(sample.id, name, panel, credit, sample.notice)
