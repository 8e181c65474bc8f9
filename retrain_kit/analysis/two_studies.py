"""Two studies: laid beside each other, what each asks for, what it has, and what nobody has said of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from retrain_kit.analysis import coverage, reach
from retrain_kit.annotations.rejections import Rejections
from retrain_kit.annotations.samples import UNKNOWN
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.studies import sampling

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from retrain_kit.annotations.samples import Region, Sample
    from retrain_kit.display.figures import Note
    from retrain_kit.imaging.masking import Shape
    from retrain_kit.studies.manifests import Manifest


@dataclass(frozen=True)
class Side:
    """One of two studies.

    Parameters
    ----------
    manifest, samples
        Its manifest, and the images that are looked at.
    rejections
        What could not be taken of its annotations.
    drawn_from
        How many images these were drawn from; None where they are all.
    """

    manifest: Manifest
    samples: Sequence[Sample]
    rejections: Rejections
    drawn_from: int | None = None

    @property
    def name(self) -> str:
        """The study's name, which heads its columns."""
        return self.manifest.name


Two = tuple[Side, Side]


@dataclass(frozen=True)
class Row:
    """One question, and what each of two studies says to it."""

    question: str
    first: str
    second: str


def check_two(study: str, other: str) -> None:
    """Raise a `ParameterError` where both parameters name one study."""
    if study == other:
        do = "Name another study, or leave it empty: then the halves of one are compared."
        raise ParameterError(Fault("other", repr(other), "another study than the first", do))


def two_sides(sides: Sequence[Side], seed: int) -> Two:
    """Return the two studies; where there is one, its images in two halves by chance.

    Two halves of one study differ by chance alone: they show what a comparison makes of that.

    Raises
    ------
    ParameterError
        When the two say the same, image for image.
    """
    if len(sides) == 1:
        return _halves(sides[0], seed)
    first, second = sides
    if first.manifest.digest == second.manifest.digest:
        found = f"{second.name}, which says the same as {first.name}"
        raise ParameterError(Fault("other", found, "another study than the first"))
    if first.name == second.name:
        renamed = replace(second.manifest, name=f"{second.name} (the other)")
        return first, replace(second, manifest=renamed)
    return first, second


def _halves(side: Side, seed: int) -> Two:
    """Return a study's images in two halves; annotations that match no image go with the first."""
    order = sampling.draw_samples(side.samples, 0, seed)
    middle = -(-len(order) // 2)
    first, second = (
        Side(
            replace(side.manifest, name=f"{side.name}, {half} half"), part, Rejections.of_samples(part, lost)
        )
        for half, part, lost in (
            ("one", order[:middle], side.rejections.unmatched),
            ("other", order[middle:], ()),
        )
    )
    return first, second


def asked(two: Two) -> list[Row]:
    """Return what each study asks for: its title, its reason, its draw, its licence, its annotators."""
    return [
        Row("title", *(side.manifest.title for side in two)),
        Row("why", *(side.manifest.why for side in two)),
        Row("data set", *(f"{side.manifest.dataset} {side.manifest.version}" for side in two)),
        Row("images looked at", *(f"{len(side.samples):,}" for side in two)),
        Row("how they were chosen", *(reach.choice_in_words(side.manifest) for side in two)),
        Row("licence", *(side.manifest.licence for side in two)),
        Row("retrieved", *(side.manifest.retrieved for side in two)),
        Row("content notice", *(side.manifest.content_notice or "none" for side in two)),
        Row(
            "taken back by its source",
            *(count_in_words(len(side.manifest.withdrawn), "image") for side in two),
        ),
        Row("left out", *(count_in_words(sum(side.manifest.left_out.values()), "file") for side in two)),
        Row("annotations not taken", *(f"{len(side.rejections):,}" for side in two)),
    ]


def drawn(two: Two, number: int, seed: int) -> Two:
    """Return the two studies with so many of their images, drawn by the seed; with all where it is 0."""
    first, second = (
        replace(side, samples=sampling.draw_samples(side.samples, number, seed), drawn_from=len(side.samples))
        for side in two
    )
    return first, second


def reach_notes(two: Two) -> list[Note]:
    """Return for each study of which images its figures speak."""
    notes = [
        reach.reach_note(side.manifest, len(side.samples), side.drawn_from or len(side.samples))
        for side in two
    ]
    return [replace(note, title=f"{note.title}: {side.name}") for note, side in zip(notes, two, strict=True)]


def annotation_process(two: Two) -> list[Row]:
    """Return who made the annotations of each study, when and how, and what was never disclosed."""
    said = [side.manifest.annotation for side in two]
    rows = [
        Row(question, *(getattr(each, field) or UNKNOWN for each in said))
        for question, field in (("made by", "who"), ("when", "when"), ("how", "how"), ("status", "status"))
    ]
    never = ("; ".join(text.rstrip(".") for text in each.undisclosed) or "nothing is named" for each in said)
    return [*rows, Row("never disclosed", *never)]


def units(two: Two) -> list[Row]:
    """Return how many annotations of each kind each study has: what it asked people and machines for."""
    counts: dict[str, Callable[[Sample], int]] = {
        "regions": lambda each: len(each.regions),
        "regions with an outline": lambda each: sum(map(_has_outline, each.regions)),
        "phrases": lambda each: len(each.phrases),
        "image labels": lambda each: len(each.labels),
        "points": lambda each: len(each.points),
        "relationships": lambda each: len(each.relationships),
        "captions": lambda each: len(each.said.get("captions") or ()),
    }
    every = [(kind, [sum(map(count, side.samples)) for side in two]) for kind, count in counts.items()]
    return [Row(kind, *(f"{number:,}" for number in found)) for kind, found in every if any(found)]


def _has_outline(region: Region) -> bool:
    return bool(region.polygons) or region.mask is not None


def sizes(two: Two) -> list[Row]:
    """Return how large the images of each study are: the middle of each measure, its least and its most."""
    measures: dict[str, tuple[Callable[[Sample], float], str]] = {
        "width, px": (lambda sample: sample.width_px, "{:,.0f}"),
        "height, px": (lambda sample: sample.height_px, "{:,.0f}"),
        "megapixels": (lambda sample: sample.width_px * sample.height_px / 1e6, "{:.2f}"),
        "width by height": (lambda sample: sample.width_px / sample.height_px, "{:.2f}"),
    }
    return [
        Row(what, *(_range([measure(sample) for sample in side.samples], form) for side in two))
        for what, (measure, form) in measures.items()
    ]


def licences(two: Two, most: int = 12) -> list[Row]:
    """Return how many images each study has under each licence of its table, the most frequent first."""
    counts = [Counter(each.provenance.licence or UNKNOWN for each in side.samples) for side in two]
    every = sorted(counts[0] | counts[1], key=lambda name: (-sum(each[name] for each in counts), name))
    rows = [Row(name, *(f"{each[name]:,}" for each in counts)) for name in every[:most]]
    if len(every) > most:
        rest = (sum(each[name] for name in every[most:]) for each in counts)
        rows.append(Row(f"{len(every) - most:,} more", *(f"{count:,}" for count in rest)))
    return rows


def frame_maps(two: Two, shape: Shape = "box") -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where on the frame each study is tagged, as `coverage.heat_map`."""
    first, second = (coverage.heat_map(side.samples, shape) for side in two)
    return first, second


def _range(values: Sequence[float], form: str) -> str:
    if not values:
        return "no images"
    least, middle, most = (form.format(value) for value in (min(values), median(values), max(values)))
    return most if least == most else f"{middle} (from {least} to {most})"


def count_in_words(number: int, noun: str) -> str:
    """Return how many there are of something, in words.

    Examples
    --------
    >>> count_in_words(2, "image"), count_in_words(0, "image")
    ('2 images', 'none')
    """
    return f"{number:,} {noun if number == 1 else f'{noun}s'}" if number else "none"
