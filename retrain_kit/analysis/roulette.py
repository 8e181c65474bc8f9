"""Roulette, turned round: an image of a study and what the label system says of it, by lot, label or depth.

ImageNet Roulette classified whoever came. Here nobody is: there is no camera, no upload and no model. What
is turned is the system, on images that its data set has already labelled.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from retrain_kit.analysis import people_in_images
from retrain_kit.analysis.label_use import said_to_be_there, synsets_meant
from retrain_kit.analysis.veiled_study import StudyVeil
from retrain_kit.annotations.samples import Region
from retrain_kit.annotations.second_labels import SecondLabels
from retrain_kit.display import figures
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.studies.sampling import draw_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrain_kit.analysis.label_use import LabelUse
    from retrain_kit.analysis.people_in_images import PeopleInImages
    from retrain_kit.analysis.person_words import PersonWords
    from retrain_kit.annotations.rejections import Rejections
    from retrain_kit.annotations.samples import ImageLabel, PointLabel, Sample
    from retrain_kit.annotations.taxonomy import Taxonomy
    from retrain_kit.annotations.veil import Veil
    from retrain_kit.display.figures import Note
    from retrain_kit.studies.manifests import Manifest

By = Literal["lot", "label", "depth"]
WHY_NO_UPLOAD = (
    "No image can be brought in here, and no camera is asked for. A label says what a system has words for; "
    "said of a visitor it would say the same, and it would hurt."
)


@dataclass(frozen=True)
class Turn:
    """One image with one of its labels.

    Parameters
    ----------
    sample
        The image.
    number
        Where it stands in the study, from 1.
    annotation
        The annotation that gave the label; where several did, the one of the largest box.
    synset
        The id of what it means.
    """

    sample: Sample
    number: int
    annotation: Region | ImageLabel | PointLabel
    synset: str


@dataclass(frozen=True)
class Wheel:
    """What is turned: a study, and a label system to read its images with.

    Parameters
    ----------
    samples
        The study's images.
    manifest
        The study.
    taxonomy
        The label system.
    use
        How the study uses it.
    words
        Which of its words are for people.
    veil
        Which words are veiled.
    ids
        The system's own ids by the names that the source may give in their place.
    people_veiled
        Whether regions of people are made coarse before an image is shown.
    second
        What others have said of the images.
    """

    samples: Sequence[Sample]
    manifest: Manifest
    taxonomy: Taxonomy
    use: LabelUse
    words: PersonWords
    veil: Veil
    ids: Mapping[str, str] = field(default_factory=dict)
    people_veiled: bool = True
    second: SecondLabels = field(default_factory=SecondLabels)

    @cached_property
    def people(self) -> PeopleInImages:
        """What tells which regions are of people: words at and below *person*, and veiled ones."""
        found = people_in_images.people_of_study(self.manifest, self.taxonomy, self.veil, self.ids)
        return replace(found, words=found.words | frozenset(self.words.ids))

    @cached_property
    def veiled(self) -> StudyVeil:
        """What hides veiled words in all that is said of the study and its images."""
        return StudyVeil(self.taxonomy, self.veil, self.ids).look_at(self.samples)

    @cached_property
    def credit(self) -> str:
        """The line that stands under what is shown of the study."""
        return self.veiled.told(figures.study_credit(self.manifest))

    def image_credit(self, sample: Sample) -> str:
        """Return the author and the licence of an image."""
        return self.veiled.told(figures.image_credit(sample))


def study_note(wheel: Wheel, rejections: Rejections) -> Note:
    """Return the card of the study, its sentences under the veil, and without the ids of withdrawn images."""
    card, told = figures.study_card(replace(wheel.manifest, withdrawn={}), rejections), wheel.veiled.told
    lines = tuple((told(name), told(text)) for name, text in card.lines)
    return replace(card, title=told(card.title), lines=lines, folded=tuple(map(told, card.folded)))


def draw_turns(wheel: Wheel, n: int, seed: int, by: By = "lot", label: str = "") -> list[Turn]:
    """Return images with one of their labels each.

    Parameters
    ----------
    wheel
        The study and the label system.
    n
        How many; all where it is 0.
    seed
        Another seed draws others.
    by
        `lot`: by chance, over all pairs of an image and a label. `label`: the images of one label. `depth`:
        the labels that stand deepest first. Chance decides among equals.
    label
        An id or a word of the system, for `label`; of a veiled word its id.

    Raises
    ------
    ParameterError
        When a label is asked for that is not in the system, has several meanings, or is veiled.
    """
    wanted = _wanted(wheel, label) if by == "label" else None
    turns = {
        f"{turn.sample.id}\n{turn.synset}": turn for turn in _every(wheel) if wanted in (None, turn.synset)
    }
    drawn = [turns[key] for key in draw_order(turns, seed)]
    if by == "depth":
        depths = {name: max(map(len, wheel.taxonomy.paths(name))) for name in {each.synset for each in drawn}}
        drawn.sort(key=lambda turn: -depths[turn.synset])
    return drawn[:n] if n else drawn


def _every(wheel: Wheel) -> Iterator[Turn]:
    """Yield each image with each of its labels, once."""
    for number, sample in enumerate(wheel.samples, start=1):
        bearing: dict[str, Region | ImageLabel | PointLabel] = {}
        for annotation in sorted(said_to_be_there(sample), key=_area_px, reverse=True):
            for synset in synsets_meant(wheel.taxonomy, annotation, wheel.ids):
                bearing.setdefault(synset, annotation)
        yield from (Turn(sample, number, annotation, synset) for synset, annotation in bearing.items())


def _area_px(annotation: Region | ImageLabel | PointLabel) -> float:
    box = annotation.box if isinstance(annotation, Region) else None
    return box.width_px * box.height_px if box else 0


def _wanted(wheel: Wheel, label: str) -> str:
    ids = (name for name in wheel.taxonomy.synsets if wheel.veil.shown_id(name) == label)
    if known := next(ids, ""):
        return known
    found = wheel.taxonomy.named(label)
    if any(wheel.veil.hides(synset.id) for synset in found):
        raise ParameterError(Fault("label", "a word that is veiled", "its id, or the notice accepted"))
    if not found:
        raise ParameterError(Fault("label", repr(label), "an id or a word of the label system"))
    if len(found) > 1:
        several = f"{label!r}, which has the ids {', '.join(synset.id for synset in found)}"
        raise ParameterError(Fault("label", several, "one meaning", "Give the id of the one you mean."))
    return found[0].id


def credits_note(turns: Sequence[Turn], wheel: Wheel) -> Note:
    """Return author and licence of each image shown, by its number: ids may hold words that are veiled.

    Below stands the licence of second labels.
    """
    numbered = {f"image {turn.number:,}": wheel.image_credit(turn.sample) for turn in turns}
    return figures.Note(wheel.credit, (*numbered.items(), *wheel.second.licences.items()))
