"""Boxes, regions and samples: what a data set says about an image.

One convention throughout: pixels of the upright image, origin at the top left, x to the right, y
downwards; the right and the bottom edge of a box are excluded. A pixel (column, row) is the square
from (column, row) to (column + 1, row + 1), its centre lies at + 0.5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import BoxError, Fault, ParameterError, advise_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


Size = tuple[int, int]
Point = tuple[float, float]
Polygon = tuple[Point, ...]

UNKNOWN = "unknown"
"""Stands for the annotator where the source does not say who made an annotation."""


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels; right and bottom excluded. It may reach beyond the image or be empty.

    Raises
    ------
    BoxError
        When an edge is not a finite number, or right < left or bottom < top.
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        edges = (self.left, self.top, self.right, self.bottom)
        if not all(map(math.isfinite, edges)):
            raise BoxError(Fault("box", str(edges), "four finite numbers"))
        if self.right < self.left or self.bottom < self.top:
            raise BoxError(
                Fault(
                    "box", str(edges), "left <= right and top <= bottom", "Is the order of the edges right?"
                )
            )

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return self.left, self.top, self.right, self.bottom

    @property
    def width_px(self) -> float:
        """Right minus left."""
        return self.right - self.left

    @property
    def height_px(self) -> float:
        """Bottom minus top."""
        return self.bottom - self.top

    @classmethod
    def around(cls, polygons: Iterable[Polygon]) -> Box:
        """Return the smallest box that holds all vertices of the polygons.

        Raises
        ------
        BoxError
            When an edge of a vertex is not a finite number.
        """
        points = [point for polygon in polygons for point in polygon]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        wrong = [edge for edge in (*xs, *ys) if not math.isfinite(edge)]
        return cls(wrong[0] if wrong else min(xs), min(ys), max(xs), max(ys))


@dataclass(frozen=True)
class Flags:
    """What the source says of a region: yes, no, or None where it does not say.

    The names are those of Open Images: `group_of` is a box around more than five touching things,
    `depiction` an image or sculpture of the thing, `inside` a box drawn from inside it.
    """

    occluded: bool | None = None
    truncated: bool | None = None
    group_of: bool | None = None
    depiction: bool | None = None
    inside: bool | None = None


@dataclass(frozen=True)
class Click:
    """A click that made an annotation: the trace of a hand, in pixels.

    `on` is yes where it says "this belongs to the thing", no where it says "this does not", and None where
    it is neither, as the four extreme points that span a box.
    """

    x: float
    y: float
    on: bool | None = None


@dataclass(frozen=True)
class Region:
    """An area of an image, and the word for it.

    Parameters
    ----------
    label
        The word of the data set.
    box
        The rectangle around it.
    id
        The source's own identifier, unique within the sample.
    annotator
        Who or what made it, in the source's word; `UNKNOWN` where the source does not say.
    polygons
        The outline, where the source has one: each polygon a tuple of (x, y) in pixels; the area is
        the union of the polygons.
    mask
        An instance mask, where the source has one: boolean (rows, columns) of any size, stretched
        over `box`. Not part of the comparison of two regions.
    flags
        What Open Images and its kin ask of every box.
    clicks
        The clicks that made it, in the source's order.
    said
        Everything else the source says of it, under the source's own names.
    """

    label: str
    box: Box
    id: str = ""
    annotator: str = UNKNOWN
    polygons: tuple[Polygon, ...] = ()
    mask: NDArray[np.bool_] | None = field(default=None, compare=False, repr=False)
    flags: Flags = Flags()
    clicks: tuple[Click, ...] = ()
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Phrase:
    """A short description of a part of an image, in the manner of Visual Genome."""

    text: str
    box: Box
    id: str = ""
    annotator: str = UNKNOWN
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Votes:
    """How many people said yes, no, or that they were unsure."""

    yes: int = 0
    no: int = 0
    unsure: int = 0


@dataclass(frozen=True)
class PointLabel:
    """A word for one point of an image, in its pixels; `present` is what the source concludes, or None.

    `votes` are the answers of the people who were asked, where the source gives them: a conclusion of yes may
    stand on votes that disagree.
    """

    label: str
    x: float
    y: float
    present: bool | None
    annotator: str = UNKNOWN
    votes: Votes | None = None
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ImageLabel:
    """A word for the whole image: `present` is yes, no (someone denied it) or None (not said)."""

    label: str
    present: bool | None
    annotator: str = UNKNOWN
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Relationship:
    """Two regions of a sample and the word between them; `subject` and `object` are ids of regions."""

    subject: str
    predicate: str
    object: str
    id: str = ""
    annotator: str = UNKNOWN
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RejectedAnnotation:
    """What a source lists as an annotation and a reader could not take: shown, never dropped in silence.

    Parameters
    ----------
    image
        The id of its image, as the source says it; an empty string where it says none.
    reason
        Why it could not be taken, in words.
    id, label
        As the source says them; empty strings where it does not.
    place
        Where it stands: the name of the file, and the line, row or place in it.
    kept
        What could be taken of it all the same, in words, as "the box"; an empty string where nothing could.
    row
        The source's own words: what stands there, as JSON has it.
    """

    image: str
    reason: str
    id: str = ""
    label: str = ""
    place: str = ""
    kept: str = ""
    row: Any = None

    def in_words(self) -> str:
        """Return it in a line: its image, id and label, why it could not be taken, and where it stands."""
        named = [f"image {self.image}" if self.image else "no image named"]
        named += [f"annotation {self.id}" if self.id else "", f"“{self.label}”" if self.label else ""]
        more = [self.place, f"kept: {self.kept}" if self.kept else ""]
        told = f" ({'; '.join(filter(None, more))})" if any(more) else ""
        return f"{', '.join(filter(None, named))}: {self.reason}{told}"


NOT_YET_COMPUTED = "not yet computed"
"""What is shown for a digest that nobody has computed yet."""


@dataclass(frozen=True)
class Provenance:
    """Where an image comes from; an empty string where the source does not say.

    `sha256` is empty where it is not yet computed.
    """

    author: str = ""
    licence: str = ""
    source: str = ""
    sha256: str = ""
    note: str = ""


@dataclass(frozen=True)
class Sample:
    """An image and what the data set says about it.

    Parameters
    ----------
    id
        Unique within the study.
    path
        The image's file.
    width_px, height_px
        Size of the upright image, the frame that all coordinates refer to.
    alt
        The image in one sentence, for those who cannot see it.
    leaves_out
        What the annotations leave out, where somebody has said so.
    rotation_deg
        The data set's own word on how far to turn the stored image counter-clockwise; None where
        it says nothing, then EXIF orientation counts. See `decoding.load_image`.
    rejected
        What the source lists as annotations of this image, and the reader could not take.
    said
        Everything else the source says of the image, under the source's own names.
    """

    id: str
    path: Path
    width_px: int
    height_px: int
    regions: tuple[Region, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    labels: tuple[ImageLabel, ...] = ()
    points: tuple[PointLabel, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    rejected: tuple[RejectedAnnotation, ...] = ()
    provenance: Provenance = Provenance()
    alt: str = ""
    notice: str = ""
    leaves_out: str = ""
    rotation_deg: int | None = None
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> Size:
        """Width and height in pixels, as Pillow orders them."""
        return self.width_px, self.height_px


def filter_regions(
    samples: Iterable[Sample], labels: Collection[str] = (), annotators: Collection[str] = ()
) -> list[Sample]:
    """Return every sample with those of its regions that have one of the `labels` and `annotators`.

    An empty collection keeps all. Where regions go, `leaves_out` goes too: it speaks of all of them.

    Raises
    ------
    ParameterError
        When no region of the samples bears one of the labels, or is by one of the annotators; all such
        together.
    """
    samples = list(samples)
    regions = [region for sample in samples for region in sample.regions]
    faults = _unknown("labels", labels, {region.label for region in regions})
    faults += _unknown("annotators", annotators, {region.annotator for region in regions})
    if faults:
        raise ParameterError(*faults)

    def wanted(region: Region) -> bool:
        return (not labels or region.label in labels) and (not annotators or region.annotator in annotators)

    return [_with_regions(sample, tuple(filter(wanted, sample.regions))) for sample in samples]


def samples_that_hold(
    samples: Iterable[Sample], labels: Collection[str] = (), annotators: Collection[str] = ()
) -> list[Sample]:
    """Return the samples that hold such a region, with such regions alone, as `filter_regions` keeps them.

    Where nothing is asked for every sample stays, also one without regions.

    Raises
    ------
    ParameterError
        As `filter_regions`; and when no region has both one of the labels and one of the annotators.
    """
    every = filter_regions(samples, labels, annotators)
    held = [sample for sample in every if sample.regions] if labels or annotators else every
    if every and not held:
        asked = f"{', '.join(labels)} by {', '.join(annotators)}"
        raise ParameterError(Fault("labels, annotators", f"no region of {asked}", "one that the study has"))
    return held


def _with_regions(sample: Sample, regions: tuple[Region, ...]) -> Sample:
    return sample if regions == sample.regions else replace(sample, regions=regions, leaves_out="")


def _unknown(parameter: str, names: Iterable[str], known: Collection[str]) -> list[Fault]:
    """Return a fault for each name that the study does not have, with those near it."""
    faults = []
    for name in names:
        if name not in known:
            do = advise_names(name, known)
            faults.append(Fault(parameter, repr(name), "one that the study has", do))
    return faults
