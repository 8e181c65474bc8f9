"""What a layout finds in a folder: its reader, its images, what is left out and what nobody has said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrain_kit.datasets.formats import listings
from retrain_kit.errors import NAMES_SHOWN, names_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Images = Callable[["LeftOut"], Iterator["FoundImage"]]

PERHAPS, NOTHING, IMAGE_LABELS, BOXES, OUTLINES, SENTENCES = range(-1, 5)
"""How much a layout's annotations say, for `Found.detail`: of several layouts the highest is taken.

PERHAPS is for what only a person can tell: whether names of folders are labels.
"""


@dataclass(frozen=True)
class FoundImage:
    """An image of a data set, as its layout knows it before its file is opened.

    Parameters
    ----------
    id
        Its id in the study: that by which the reader joins annotations to it, once in the whole study. It has
        no slash; `datasets.images.id_of_path` makes one of any path.
    file
        Its path below the folder, with slashes: a file of the listing.
    width_px, height_px
        As an annotation file states them; 0 where none does, then the image's header is read.
    licence, author, source
        What the data set says of the image; empty where it says nothing, which is written as *unknown*.
    split
        The part of the data set it belongs to, for example `train`; empty without any.
    """

    id: str
    file: str
    width_px: int = 0
    height_px: int = 0
    licence: str = ""
    author: str = ""
    source: str = ""
    split: str = ""


@dataclass
class LeftOut:
    """What is left out of a study, counted by reason; `listed` has the first of them by path.

    What a layout knows it has to leave out, it adds while it yields images. What it neither yields nor names
    among its files is counted without it.
    """

    most: int = 100_000
    counts: Counter[str] = field(default_factory=Counter)
    listed: dict[str, str] = field(default_factory=dict)

    def add(self, what: str, why: str) -> None:
        """Leave out a file or an image; what the reason has in brackets or behind a colon is of it alone."""
        self.counts[listings.reason_in_short(why)] += 1
        if len(self.listed) < self.most:
            self.listed.setdefault(what, why)

    def in_words(self) -> list[str]:
        """Return a line for each reason: how many were left out for it, and the first of them by name."""
        named: dict[str, list[str]] = {}
        for what, why in self.listed.items():
            named.setdefault(listings.reason_in_short(why), []).append(what)
        names = {why: names_in_words(sorted(named.get(why, ()))[:NAMES_SHOWN]) for why in self.counts}
        more = {why: count - min(count, NAMES_SHOWN) for why, count in self.counts.items()}
        return [
            f"left out: {count:,} ({why}): {names[why]}" + (f" and {more[why]:,} more" if more[why] else "")
            for why, count in sorted(self.counts.items())
        ]


@dataclass(frozen=True)
class Found:
    """A data set that a layout found in a folder.

    Parameters
    ----------
    layout
        The name of the layout, as the option `--as` takes it.
    dataset
        The name of the reader, as a study's TOML has it.
    files
        The files that the reader needs, by its own names for them: their paths below the folder.
    images
        Yields the images, from whatever says which there are; what has to be left out goes into the
        `LeftOut` it is called with. It may raise a `DataError`, where a file that it has to read is broken.
    sentences
        What was found, as sentences for a person: which files, how many images a split, how it was told.
    detail
        How much the annotations say: NOTHING, IMAGE_LABELS, BOXES, OUTLINES or SENTENCES.
    version, licence
        What the data set's own files say of these; empty where they say nothing.
    publication
        What they say for the table `[publication]`: url, published, cite as texts.
    who, when, how
        What they say of the making of the annotations, to the letter; empty where they say nothing. Never
        guessed: who published a file is not who annotated.
    annotators, sources
        As in a study's `[annotation.annotators]` and `[annotation.sources]`, where the format itself says it.
    looked_into
        The paths of other files that something of this was taken from, as readmes.
    advice
        What to do where none of the images is here.
    undisclosed
        What nobody has said, as sentences; those that hold for every data set of unknown origin are added.
    """

    layout: str
    dataset: str
    files: Mapping[str, str]
    images: Images
    sentences: tuple[str, ...]
    detail: int = BOXES
    version: str = ""
    licence: str = ""
    publication: Mapping[str, str] = field(default_factory=dict)
    who: str = ""
    when: str = ""
    how: str = ""
    annotators: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    undisclosed: tuple[str, ...] = ()
    looked_into: tuple[str, ...] = ()
    advice: str = ""
