"""Allocation: who in a class gets which images, by lot, none twice, and the same again from the same seed.

An image's lot follows from the seed and its name alone. So another person more or less, or an image that is
set aside after somebody has looked at it, changes nothing for all the others: what comes in its place is the
next lot.
"""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass
from itertools import count, islice
from typing import TYPE_CHECKING, Literal, get_args

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.studies import codes, outlines, reviews, sampling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from retrain_kit.studies.manifests import Manifest

Odds = Literal["images", "datasets"]
"""`images`: every image has the same chance. `datasets`: every study has, then every image in it."""

MAX_PEOPLE, MAX_IMAGES_EACH = 10_000, 100

ImageName = tuple[str, str]
"""A study's name and the id of an image in it."""


@dataclass(frozen=True)
class AllocationTerms:
    """How the images of some studies are dealt to a class.

    Raises
    ------
    ParameterError
        When `people`, `each` or the odds are out of range; all faults together.
    """

    people: int
    each: int = 3
    seed: int = 0
    odds: Odds = "images"

    def __post_init__(self) -> None:
        counts = (("people", self.people, MAX_PEOPLE), ("each", self.each, MAX_IMAGES_EACH))
        faults = [Fault(name, str(n), f"from 1 to {most}") for name, n, most in counts if not 1 <= n <= most]
        if self.odds not in get_args(Odds):
            faults.append(Fault("odds", repr(self.odds), f"one of {', '.join(get_args(Odds))}"))
        if faults:
            raise ParameterError(*faults)


@dataclass(frozen=True, order=True)
class StudyImage:
    """An image that can be drawn.

    Parameters
    ----------
    study, image
        The study's name and the image's id in it.
    dataset
        The data set whose id it is: the same id of the same data set is the same image in every study.
    sha256
        The file's digest; empty where nobody knows it.
    """

    study: str
    image: str
    dataset: str = ""
    sha256: str = ""

    @property
    def name(self) -> ImageName:
        """The study's name and the image's id."""
        return self.study, self.image

    @property
    def code(self) -> str:
        """The code on its card."""
        return codes.card_code(self.study, self.image)


@dataclass(frozen=True)
class ImageSet:
    """The set of one person: its code, which names nobody, and its images in order."""

    code: str
    lots: tuple[StudyImage, ...]


def study_images(studies: Iterable[Manifest], only: Collection[str] | None = None) -> list[StudyImage]:
    """Return every image of the studies once, in the order of names.

    An image that two studies hold, by its data set's id or by its file's digest, counts once: as the first
    one's by name.

    Parameters
    ----------
    studies
        Where the images are from.
    only
        Ids to choose from, as somebody picked them; all images when None.

    Raises
    ------
    ParameterError
        When ids are in none of the studies; all of them together.
    """
    every = sorted(_lot(study, image.id, image.sha256) for study in studies for image in study.images)
    missing = sorted(set(only or ()) - {lot.image for lot in every})
    if missing:
        raise ParameterError(*(Fault("image", repr(name), "an id of one of the studies") for name in missing))
    return _once(lot for lot in every if only is None or lot.image in only)


def allocate_images(
    images: Sequence[StudyImage],
    terms: AllocationTerms,
    replaced: Collection[ImageName] = (),
    removed: Collection[ImageName] = (),
) -> tuple[ImageSet, ...]:
    """Return the sets of a class.

    Parameters
    ----------
    images
        What can be dealt, each once, as `study_images` gives it.
    terms
        How many, for how many people, by which seed and odds.
    replaced, removed
        Images that were set aside: in the place of a replaced one comes the next lot, the place of a
        removed one stays empty.

    Raises
    ------
    ParameterError
        When there are too few images; it says how many are missing.
    """
    drawn = _by_study(images, terms.seed) if terms.odds == "datasets" else _alike(images, terms.seed)
    seats: list[StudyImage | None] = [None] * (terms.people * terms.each)
    waiting = deque(range(len(seats)))
    for lot in drawn:
        if not waiting:
            break
        seat = waiting.popleft()
        if lot.name in replaced:
            waiting.append(seat)
        elif lot.name not in removed:
            seats[seat] = lot
    if waiting:
        raise ParameterError(_missing(len(waiting), terms, len(images), len(replaced)))
    held = (seats[start : start + terms.each] for start in range(0, len(seats), terms.each))
    whole = (tuple(lot for lot in hand if lot) for hand in held)
    return tuple(map(ImageSet, _set_codes(terms), whole))


def allocate_reviewed(
    studies: Sequence[Manifest], terms: AllocationTerms, only: Collection[str] | None = None
) -> tuple[ImageSet, ...]:
    """Return the sets of a class, without what somebody has set aside on looking; see `reviews`.

    Raises
    ------
    ParameterError
        As `study_images` and `allocate_images`.
    DataError
        When the kept decisions cannot be read.
    """
    decided = [(study.name, reviews.load_reviews(study)) for study in studies]
    replaced = {(name, image) for name, review in decided for image in review.replaced}
    removed = {(name, image) for name, review in decided for image in review.removed}
    return allocate_images(study_images(studies, only), terms, replaced, removed)


def unreviewed_images(hands: Iterable[ImageSet], studies: Iterable[Manifest]) -> tuple[StudyImage, ...]:
    """Return the dealt images that nobody has looked at yet."""
    accepted: Mapping[str, frozenset[str]] = {
        study.name: reviews.load_reviews(study).accepted for study in studies
    }
    return tuple(lot for hand in hands for lot in hand.lots if lot.image not in accepted[lot.study])


def _lot(study: Manifest, image: str, sha256: str) -> StudyImage:
    """Return an image as a lot; ids of plain folders, and of somebody's own data set, are the study's own."""
    own = study.read_only or study.dataset in {"folder", "images"}
    return StudyImage(study.name, image, "" if own else study.dataset, sha256)


def _once(every: Iterable[StudyImage]) -> list[StudyImage]:
    """Return the lots without those that an earlier one is, by id or by digest."""
    ids: set[ImageName] = set()
    digests: set[str] = set()
    kept = []
    for lot in every:
        if (lot.dataset or lot.study, lot.image) not in ids and lot.sha256 not in digests:
            kept.append(lot)
        ids.add((lot.dataset or lot.study, lot.image))
        digests |= {lot.sha256} - {""}
    return kept


def _alike(images: Iterable[StudyImage], seed: int) -> Iterator[StudyImage]:
    """Yield the images in the order in which a seed draws them."""
    by_name = {"/".join(lot.name): lot for lot in images}
    yield from (by_name[name] for name in sampling.draw_order(by_name, seed))


def _by_study(images: Sequence[StudyImage], seed: int) -> Iterator[StudyImage]:
    """Yield the images: for each a study by lot, of those that still have some, then one of its own."""
    names = sorted({lot.study for lot in images})
    piles = {name: deque(_alike((lot for lot in images if lot.study == name), seed)) for name in names}
    for number in count():
        open_piles = [pile for pile in piles.values() if pile]
        if not open_piles:
            return
        digest = hashlib.sha256(f"{seed}:study {number}".encode()).digest()
        yield open_piles[int.from_bytes(digest) % len(open_piles)].popleft()


def _set_codes(terms: AllocationTerms) -> Iterator[str]:
    """Yield codes for as many sets as there are people, none twice."""
    every = (codes.set_code(terms.seed, number) for number in count(1))
    yield from islice(dict.fromkeys(islice(every, 2 * terms.people + 64)), terms.people)


def _missing(count: int, terms: AllocationTerms, found: int, aside: int) -> Fault:
    without = f", {aside} of the studies' set aside" if aside else ""
    images = "image is" if count == 1 else "images are"
    needed = terms.people * terms.each
    do = f"{count} {images} missing: name another study, or deal fewer. {large_enough(needed)}"
    expected = f"{needed}, {terms.each} for each of {terms.people} people"
    return Fault("images", f"{found} different ones{without}", expected, do.strip())


MAX_NAMED = 8
"""So many studies are named where one is too small for a class."""


def large_enough(needed: int) -> str:
    """Return which studies that the kit finds by name are large enough for so many cards, in a sentence."""
    sizes = sorted((each.images or each.drawn, each.name, each.here) for each in outlines.list_outlines())
    told = [
        (size >= needed, f"{name} ({size:,}{'' if here else ', to be pulled'})")
        for size, name, here in sizes
        if size
    ]
    large = [each for enough, each in told if enough]
    if not large:
        largest = f" The largest: {', '.join(each for _, each in told[:-4:-1])}." if told else ""
        return (
            f"No study known here has {needed:,}: name several, or make one with retrain-kit draw.{largest}"
        )
    more = f", and {len(large) - MAX_NAMED} more" if len(large) > MAX_NAMED else ""
    return f"Large enough alone: {', '.join(large[:MAX_NAMED])}{more}."
