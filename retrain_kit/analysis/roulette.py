"""Roulette, turned round: an image of a study and what the label system says of it, by lot, label or depth.

ImageNet Roulette classified whoever came. Here nobody is: there is no camera, no upload and no model. What
is turned is the system, on images that its data set has already labelled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from retrain_kit.analysis import people_in_images
from retrain_kit.analysis.annotators import annotator_lookup
from retrain_kit.analysis.label_use import said_to_be_there, synsets_meant
from retrain_kit.annotations.samples import Region
from retrain_kit.annotations.veil import VeiledTexts
from retrain_kit.display import figures, views
from retrain_kit.display.label_keys import label_keys
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.imaging import decoding, masking
from retrain_kit.studies.sampling import draw_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from retrain_kit.analysis.label_use import LabelUse
    from retrain_kit.analysis.people_in_images import PeopleInImages
    from retrain_kit.annotations.rejections import Rejections
    from retrain_kit.annotations.samples import ImageLabel, PointLabel, Sample
    from retrain_kit.annotations.taxonomy import Synset, Taxonomy
    from retrain_kit.annotations.veil import Veil
    from retrain_kit.display.figures import Figure, Note
    from retrain_kit.studies.manifests import Manifest

By = Literal["lot", "label", "depth"]
MOST_SIBLINGS = 12
_ARROW = " → "
_NOTHING_BESIDE = {
    True: "nothing else: the label system has no word beside it",
    False: "not known: nothing is said to stand above it",
}


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
    veil
        Which words are veiled.
    ids
        The system's own ids by the names that the source may give in their place.
    people_veiled
        Whether regions of people are made coarse before an image is shown.
    """

    samples: Sequence[Sample]
    manifest: Manifest
    taxonomy: Taxonomy
    use: LabelUse
    veil: Veil
    ids: Mapping[str, str]
    people_veiled: bool = True

    @cached_property
    def people(self) -> PeopleInImages:
        """What tells which regions are of people: words at and below *person*, and veiled ones."""
        return people_in_images.people_of_study(self.manifest, self.taxonomy, self.veil, self.ids)

    @cached_property
    def texts(self) -> VeiledTexts:
        """What hides veiled words in glosses and reasons."""
        return VeiledTexts(self.taxonomy, self.veil)


def study_note(wheel: Wheel, rejections: Rejections) -> Note:
    """Return the card of the study, its sentences under the veil, and without the ids of withdrawn images."""
    card = figures.study_card(replace(wheel.manifest, withdrawn={}), rejections)
    lines = tuple((name, wheel.texts(text)) for name, text in card.lines)
    return replace(card, title=wheel.texts(card.title), lines=lines)


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
        drawn.sort(key=lambda turn: -max(map(len, wheel.taxonomy.paths(turn.synset))))
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


def turn_views(turn: Turn, wheel: Wheel) -> tuple[Figure, Note]:
    """Return a turn to look at: the image with its label, without what was tagged, and what is said of it."""
    return _turn_figure(turn, wheel), _turn_note(turn, wheel)


def _turn_note(turn: Turn, wheel: Wheel) -> Note:
    taxonomy, veil = wheel.taxonomy, wheel.veil
    synset, who = taxonomy.synset(turn.synset), annotator_lookup(wheel.manifest)(turn.annotation.annotator)
    beside = _siblings(taxonomy, synset)
    never = sum(not wheel.use.images_below.get(name) for name in beside)
    shown = ", ".join(veil.words(taxonomy.synset(name)) for name in beside[:MOST_SIBLINGS])
    more = f", and {len(beside) - MOST_SIBLINGS:,} more" if len(beside) > MOST_SIBLINGS else ""
    shares, all_images = wheel.use.images.get(synset.id, 0), wheel.use.all_images
    lines = [("label", veil.words(synset)), ("withdrawn", wheel.texts(str(synset.withdrawal or "")))]
    lines += [("gloss", _gloss(synset, wheel))]
    lines += [("path", way) for way in _ways(taxonomy, synset, veil)]
    lines += [
        (
            "it could have been",
            f"{shown}{more}: {len(beside):,} siblings, {never:,} of them never used in this study"
            if beside
            else _NOTHING_BESIDE[bool(taxonomy.parents(synset.id))],
        ),
        ("images that share it", f"{shares:,} of {all_images:,}, this one among them"),
        ("who gave it", f"{who.word}; {who.source.words}"),
    ]
    return figures.Note(f"Image {turn.number:,} of the study", tuple(lines))


def _gloss(synset: Synset, wheel: Wheel) -> str:
    if wheel.veil.hides(synset.id):
        return "veiled"
    return wheel.texts(synset.gloss) or "the label system has none"


def _ways(taxonomy: Taxonomy, synset: Synset, veil: Veil) -> list[str]:
    return [
        _ARROW.join(veil.words(taxonomy.synset(name)) for name in way) for way in taxonomy.paths(synset.id)
    ]


def _siblings(taxonomy: Taxonomy, synset: Synset) -> tuple[str, ...]:
    beside = (each for parent in taxonomy.parents(synset.id) for each in taxonomy.children(parent))
    return tuple(dict.fromkeys(each for each in beside if each != synset.id))


def _turn_figure(turn: Turn, wheel: Wheel) -> Figure:
    sample, synset = turn.sample, wheel.taxonomy.synset(turn.synset)
    shown = wheel.veil.words(synset)
    credit = f"{figures.image_credit(sample)} {figures.study_credit(wheel.manifest)}"
    told = f"Image {turn.number:,} of the study, labelled {shown}."
    name = f"labelled: {shown}"
    try:
        image = decoding.load_sample(sample)
    except DataError as error:
        said = f"{told} It cannot be shown: {figures.reason(error)}."
        sheet = views.unshown(sample.size, figures.PREVIEW_PX)
        return figures.Figure((figures.Panel.from_image(sheet, name, said),), said, credit)
    mark = _mark(turn.annotation, wheel.veil, synset)
    veiled, coarse = (
        people_in_images.veil_people(image, sample, wheel.people) if wheel.people_veiled else (image, "")
    )
    panels = (
        figures.Panel.from_image(views.tagged(veiled, mark), name, told),
        figures.Panel.from_image(
            views.tagged(masking.remove_regions(veiled, sample.regions), mark),
            f"decanonized, and still labelled: {shown}",
            f"The same image without what was tagged; the label {shown} still hangs there.",
        ),
    )
    keys = label_keys(region.label for region in mark)
    return figures.Figure(panels, coarse, credit, legend=tuple(keys.values()))


def _mark(annotation: Region | ImageLabel | PointLabel, veil: Veil, synset: Synset) -> Sequence[Region]:
    """Return the region that bears the label, with the words shown; none where it is not a region."""
    shown = veil.shown_id(synset.id) if veil.hides(synset.id) else synset.words
    return (replace(annotation, label=shown),) if isinstance(annotation, Region) else ()


def credits_note(turns: Sequence[Turn], manifest: Manifest) -> Note:
    """Return author and licence of each image shown, by its number: ids may hold words that are veiled."""
    numbered = {f"image {turn.number:,}": figures.image_credit(turn.sample) for turn in turns}
    return figures.Note(figures.study_credit(manifest), tuple(numbered.items()))
