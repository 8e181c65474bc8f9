"""Told turns: an image with one of its labels, and all that is said of the label, under the veil.

Whatever shows a turn, as a notebook, its widget or a wall, takes it from here: no veiled word is in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retrain_kit.analysis import people_in_images
from retrain_kit.analysis.annotators import annotator_lookup
from retrain_kit.annotations.samples import PointLabel, Region
from retrain_kit.display import figures, views
from retrain_kit.display.figures import PREVIEW_PX, Figure, Note, Panel
from retrain_kit.display.label_keys import label_keys
from retrain_kit.errors import DataError
from retrain_kit.imaging import decoding, masking

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrain_kit.analysis.roulette import Turn, Wheel
    from retrain_kit.annotations.taxonomy import Synset, Taxonomy

    Line = tuple[str, str]

MOST_SIBLINGS = 12
_ARROW = " → "
_NOTHING_BESIDE = {
    True: "nothing else: the label system has no word beside it",
    False: "not known: nothing is said to stand above it",
}


@dataclass(frozen=True)
class ToldTurn:
    """What is shown and said of a turn: plain texts, and previews.

    Parameters
    ----------
    title
        Which image of the study it is.
    label
        The words of the label, or what stands for them.
    paths
        Every way from the top down to it, each a list of words.
    above, below
        What is said of it, by names, before and after the paths.
    figure
        The image with what bears the label, and the image without what was tagged.
    place
        Where in the image the label hangs, as shares of its width and height; None where it is said of the
        whole image.
    tagged
        Whether anything in the image was tagged: else the second image is the first.
    """

    title: str
    label: str
    paths: tuple[tuple[str, ...], ...]
    above: tuple[Line, ...]
    below: tuple[Line, ...]
    figure: Figure
    place: tuple[float, float] | None
    tagged: bool

    @property
    def note(self) -> Note:
        """All that is said, as a note."""
        paths = (("path", _ARROW.join(path)) for path in self.paths)
        return Note(self.title, (("label", self.label), *self.above, *paths, *self.below))


def tell_turn(turn: Turn, wheel: Wheel, longest_px: int = PREVIEW_PX) -> ToldTurn:
    """Return what is shown and said of a turn.

    Parameters
    ----------
    turn, wheel
        The turn, and what it is of.
    longest_px
        The longer side of its previews.
    """
    taxonomy, synset = wheel.taxonomy, wheel.taxonomy.synset(turn.synset)
    return ToldTurn(
        title=f"Image {turn.number:,} of the study",
        label=wheel.veil.words(synset),
        paths=tuple(
            tuple(wheel.veil.words(taxonomy.synset(name)) for name in way)
            for way in taxonomy.paths(synset.id)
        ),
        above=(
            ("withdrawn", wheel.veiled.text(str(synset.withdrawal or ""))),
            ("gloss", _gloss(synset, wheel)),
        ),
        below=(
            ("it could have been", _could_have_been(synset, wheel)),
            ("images that share it", _shared(synset, wheel)),
            ("who gave it", _given(turn, wheel)),
            *_said_second(turn, wheel),
        ),
        figure=_figure(turn, wheel, longest_px),
        place=_place(turn),
        tagged=bool(turn.sample.regions),
    )


def _gloss(synset: Synset, wheel: Wheel) -> str:
    if wheel.veil.hides(synset.id):
        return "veiled"
    return wheel.veiled.text(synset.gloss) or "the label system has none"


def _could_have_been(synset: Synset, wheel: Wheel) -> str:
    """Return the words beside a label, and how many of them are used."""
    taxonomy = wheel.taxonomy
    beside = _siblings(taxonomy, synset)
    if not beside:
        return _NOTHING_BESIDE[bool(taxonomy.parents(synset.id))]
    never = sum(not wheel.use.images_below.get(name) for name in beside)
    shown = "; ".join(wheel.veil.words(taxonomy.synset(name)) for name in beside[:MOST_SIBLINGS])
    more = f"; and {len(beside) - MOST_SIBLINGS:,} more" if len(beside) > MOST_SIBLINGS else ""
    count = "1 sibling" if len(beside) == 1 else f"{len(beside):,} siblings"
    return f"{count}, {never:,} of them never used in this study: {shown}{more}"


def _siblings(taxonomy: Taxonomy, synset: Synset) -> tuple[str, ...]:
    beside = (each for parent in taxonomy.parents(synset.id) for each in taxonomy.children(parent))
    return tuple(dict.fromkeys(each for each in beside if each != synset.id))


def _shared(synset: Synset, wheel: Wheel) -> str:
    return f"{wheel.use.images.get(synset.id, 0):,} of {wheel.use.all_images:,}, this one among them"


def _given(turn: Turn, wheel: Wheel) -> str:
    who = annotator_lookup(wheel.manifest)(turn.annotation.annotator)
    told = wheel.veiled.told(who.word)
    return told if told == who.source.words else f"{told}; {who.source.words}"


def _said_second(turn: Turn, wheel: Wheel) -> Iterator[Line]:
    """Yield what others have said of the image, where there is a file of it."""
    second = wheel.second
    if second.labels:
        yield "second labels (ReaL)", _second_labels(turn, wheel)
    if second.sentences:
        said = second.sentence_of(turn.sample)
        told = (
            _sentence(said.sentence, said.word, said.factors)
            if said
            else "nothing: nobody was asked about it"
        )
        yield "an annotator's own words (ImageNet-X)", wheel.veiled.text(told)


def _second_labels(turn: Turn, wheel: Wheel) -> str:
    found = wheel.second.labels_of(turn.sample)
    if found is None:
        return "nothing: nobody was asked about it"
    if not found:
        return "none: the raters found that no label of the thousand fits"
    words = "; ".join(
        wheel.veil.words(wheel.taxonomy.synset(name))
        if name in wheel.taxonomy
        else f"{name}, which is not in this label system"
        for name in found
    )
    return f"{words}. The label is {'' if turn.synset in found else 'not '}among them"


def _sentence(sentence: str, word: str, factors: Sequence[str]) -> str:
    marked = ", ".join(each.replace("_", " ") for each in factors)
    parts = (
        f"“{sentence}”" if sentence else "no sentence",
        f"in a word: “{word}”" if word else "",
        f"marked as unusual: {marked}" if marked else "nothing marked as unusual",
    )
    return "; ".join(filter(None, parts))


# -- the image, and the image without what was tagged


def _figure(turn: Turn, wheel: Wheel, longest_px: int) -> Figure:
    sample, shown = turn.sample, wheel.veil.words(wheel.taxonomy.synset(turn.synset))
    credit = f"{wheel.image_credit(sample)} {wheel.credit}"
    told = f"Image {turn.number:,} of the study, labelled {shown}."
    names = [f"labelled: {shown}", f"decanonized, and still labelled: {shown}"]
    alts = [told, f"The same image without what was tagged; the label {shown} still hangs there."]
    if not sample.regions:
        names[1] = f"nothing was tagged: {shown} is said of the whole image"
        alts[1] = f"The same image: nothing in it was tagged, the label {shown} is said of the whole of it."
    try:
        image = decoding.load_sample(sample)
    except DataError as error:
        said = f"{told} It cannot be shown: {figures.reason(error)}."
        sheet = views.unshown(sample.size, longest_px)
        panels = tuple(Panel.from_image(sheet, name, said, longest_px) for name in names)
        return Figure(panels, said, credit)
    mark = _mark(turn, wheel)
    veiled, coarse = (
        people_in_images.veil_people(image, sample, wheel.people) if wheel.people_veiled else (image, "")
    )
    residue = masking.remove_regions(veiled, sample.regions)
    panels = tuple(
        Panel.from_image(views.tagged(each, mark), name, alt, longest_px)
        for each, name, alt in zip((veiled, residue), names, alts, strict=True)
    )
    keys = label_keys(region.label for region in mark)
    return Figure(panels, coarse, credit, legend=tuple(keys.values()))


def _mark(turn: Turn, wheel: Wheel) -> Sequence[Region]:
    """Return the region that bears the label, with the words shown; none where it is not a region."""
    veil, synset = wheel.veil, wheel.taxonomy.synset(turn.synset)
    shown = veil.shown_id(synset.id) if veil.hides(synset.id) else synset.words
    return (replace(turn.annotation, label=shown),) if isinstance(turn.annotation, Region) else ()


def _place(turn: Turn) -> tuple[float, float] | None:
    """Return where a label hangs: the middle of the lower edge of its box, or its point."""
    annotation, (width, height) = turn.annotation, turn.sample.size
    if isinstance(annotation, Region):
        box = annotation.box
        x, y = (box.left + box.right) / 2, box.bottom
    elif isinstance(annotation, PointLabel):
        x, y = annotation.x, annotation.y
    else:
        return None
    return min(1.0, max(0.0, x / width)), min(1.0, max(0.0, y / height))
