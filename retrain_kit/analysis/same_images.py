"""Same images: which images two studies both have, and what the annotators of each saw on them.

Two images are taken for the same where their files are, byte for byte; where both sources name them by one id
of a third place, as COCO's or Flickr's; or where they look alike by their perceptual hashes. Each match says
how it was found. Only the first is certain: an id can be wrong, and what looks alike is a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps

from retrain_kit.analysis import intervals, trajectories
from retrain_kit.analysis.images_per_label import labels_in
from retrain_kit.analysis.shared_words import word_key
from retrain_kit.display import views
from retrain_kit.display.figures import Figure, Note, Panel, image_credit, study_credit
from retrain_kit.display.label_keys import label_keys
from retrain_kit.errors import DataError
from retrain_kit.imaging import decoding, masking
from retrain_kit.studies import sampling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from retrain_kit.analysis.intervals import Interval
    from retrain_kit.analysis.two_studies import Side, Two
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.display.label_keys import LabelKey
    from retrain_kit.imaging.masking import Shape
    from retrain_kit.studies.manifests import Manifest

    Mask = NDArray[np.bool_]

OWN_IDS = {"open-images", "visual-genome", "ffhq", "tencent-ml-images"}
"""Data sets that are one and the same wherever they are read, so that their ids name an image."""
FILE, ID, LOOK = "the same file", "the same id", "looks alike"
_COCO_FILE = re.compile(r"https?://(?:images\.cocodataset\.org|(?:[\w.]+\.)?mscoco\.org)/.*?(\d+)\.jpg")
_SAME_FORMAT = 0.02
"""By so much the two may differ in width by height and still show the same frame."""
MOST_WORDS = 12


@dataclass(frozen=True)
class SameImage:
    """An image that both studies have.

    Parameters
    ----------
    first, second
        As each study has it.
    kind
        `FILE`, `ID` or `LOOK`.
    how
        How that is known, in words.
    mirrored
        Whether the second is the first mirrored left to right.
    """

    first: Sample
    second: Sample
    kind: str
    how: str
    mirrored: bool = False


@dataclass(frozen=True)
class Seen:
    """What the annotators of each study tagged of one image, as shares of its frame; together they are 1."""

    both: float
    first_alone: float
    second_alone: float
    neither: float


def names_of(sample: Sample, manifest: Manifest) -> frozenset[tuple[str, str]]:
    """Return the names of an image that hold beyond its study: each where, and the id there.

    They are what the source says: its own id where its data set is one and the same everywhere, COCO's id,
    and the number of a photo on Flickr.
    """
    found = {("this file", sample.provenance.sha256)}
    if manifest.dataset in OWN_IDS:
        found.add((f"{manifest.dataset}'s id", sample.id))
    if coco := _COCO_FILE.match(str(sample.said.get("coco_url") or "")):
        found.add(("COCO's id", str(int(coco[1]))))
    stated = str(sample.said.get("coco_id") or "")
    if stated.isdecimal():
        found.add(("COCO's id", str(int(stated))))
    photos = trajectories.flickr_photos(sample, ("flickr_url", "OriginalURL"))
    found |= {("a photo's number on Flickr", photo) for photo in photos}
    return frozenset((where, name) for where, name in found if name)


def same_images(two: Two, alike: Iterable[tuple[str, str, int, bool]] = ()) -> list[SameImage]:
    """Return the images that both studies have, each once: by file, by id, then by how they look.

    Parameters
    ----------
    two
        The two studies.
    alike
        Pairs that look alike: the id in each study, how many bits of their hashes differ, and whether the
        second is mirrored; the nearest first.
    """
    first, second = ({sample.id: sample for sample in side.samples} for side in two)
    found: list[SameImage] = []
    taken: tuple[set[str], set[str]] = (set(), set())
    looks = {(a, b): mirrored for a, b, _, mirrored in alike}
    for kind, how, a, b in (*_named_alike(two), *_looking_alike(alike)):
        if a in taken[0] or b in taken[1]:
            continue
        taken[0].add(a)
        taken[1].add(b)
        found.append(SameImage(first[a], second[b], kind, how, mirrored=looks.get((a, b), False)))
    return found


def _named_alike(two: Two) -> Iterator[tuple[str, str, str, str]]:
    """Yield kind, how, and both ids of images with a name in common; the same files first."""
    by_name: dict[tuple[str, str], str] = {}
    for sample in two[1].samples:
        by_name |= dict.fromkeys(names_of(sample, two[1].manifest), sample.id)
    pairs: dict[tuple[str, str], list[str]] = {}
    for sample in two[0].samples:
        for name in sorted(names_of(sample, two[0].manifest) & by_name.keys()):
            pairs.setdefault((sample.id, by_name[name]), []).append(name[0])
    for (a, b), wheres in sorted(pairs.items(), key=lambda pair: "this file" not in pair[1]):
        if "this file" in wheres:
            yield FILE, "the same file, byte for byte", a, b
        else:
            yield ID, f"both sources name it by {' and by '.join(wheres)}", a, b


def _looking_alike(alike: Iterable[tuple[str, str, int, bool]]) -> Iterator[tuple[str, str, str, str]]:
    for a, b, bits, mirrored in alike:
        turned = ", mirrored" if mirrored else ""
        yield LOOK, f"it looks alike{turned}: {bits} of 256 bits of its hashes differ; nobody said so", a, b


def draw_matches(matches: Sequence[SameImage], number: int, seed: int) -> list[SameImage]:
    """Return so many of the images in both, in the order in which a seed draws them; all where it is 0."""
    by_id = {match.first.id: match for match in matches}
    order = [by_id[name] for name in sampling.draw_order(by_id, seed)]
    return order[: number or None]


def masks_of(same: SameImage, shape: Shape = "box") -> tuple[Mask, Mask] | None:
    """Return what each study tagged, on the frame of the first; None where the two show different frames.

    The second's mask is stretched to the first's size, and mirrored where the image is.
    """
    formats = [sample.width_px / sample.height_px for sample in (same.first, same.second)]
    if abs(formats[0] / formats[1] - 1) > _SAME_FORMAT:
        return None
    first, second = (
        masking.union_mask(sample.regions, sample.size, shape) for sample in (same.first, same.second)
    )
    laid = Image.fromarray(second)
    laid = ImageOps.mirror(laid) if same.mirrored else laid
    return first, np.asarray(laid.resize(same.first.size, Image.Resampling.NEAREST), dtype=bool)


def seen(first: Mask, second: Mask) -> Seen:
    """Return which shares of a frame are under both masks, under one alone, and under neither."""
    return Seen(
        *(
            float(mask.mean())
            for mask in (first & second, first & ~second, second & ~first, ~(first | second))
        )
    )


@dataclass(frozen=True)
class SeenTogether:
    """What both studies tagged of the images they share: a mean over these images, and its interval."""

    what: str
    mean: float
    interval: Interval | None


def seen_in_all(matches: Sequence[SameImage], two: Two, shape: Shape = "box") -> list[SeenTogether]:
    """Return the mean shares over all images that both studies have; those of other frames do not count."""
    masks = (masks_of(match, shape) for match in matches)
    rows = [seen(*each) for each in masks if each]
    names = {
        "both": "tagged in both",
        "first_alone": f"only in {two[0].name}",
        "second_alone": f"only in {two[1].name}",
        "neither": "in neither",
    }
    if not rows:
        return []
    values = {words: [getattr(row, field) for row in rows] for field, words in names.items()}
    return [
        SeenTogether(words, fmean(found), intervals.mean_interval(found)) for words, found in values.items()
    ]


def found_note(matches: Sequence[SameImage], two: Two) -> Note:
    """Return how many images are in both studies, and how that is known."""
    if not matches:
        return Note("No image was found to be in both studies.", ())
    kinds = {kind: sum(match.kind == kind for match in matches) for kind in (FILE, ID, LOOK)}
    lines = (
        *((kind, f"{count:,}") for kind, count in kinds.items() if count),
        *((f"of {side.name}", f"{len(matches):,} of {len(side.samples):,} images") for side in two),
    )
    return Note("Images that are in both studies", lines)


def same_image_figure(same: SameImage, two: Two, shape: Shape = "box", fill: str = "white") -> Figure:
    """Return an image as each study tagged it, and what both, only one or only the other tagged.

    Where the two show different frames, as one was cut, only the tagged images are shown; where one cannot be
    shown, it says so. One legend has the labels of both.
    """
    labels = (region.label for sample in (same.first, same.second) for region in sample.regions)
    keys = label_keys(labels)
    panels = [
        _tagged(sample, side, shape, keys)
        for sample, side in zip((same.first, same.second), two, strict=True)
    ]
    masks = masks_of(same, shape)
    told = "The two show different frames, so that what was tagged cannot be laid on each other."
    if masks:
        panels += _parts(same.first, masks, two, fill)
        told = _shares_in_words(seen(*masks), two)
    caption = f"{told} How it is known: {same.how}. {_words_in_words(same, two)}"
    credit = " ".join((image_credit(same.first), *(study_credit(side.manifest) for side in two)))
    title = " and ".join(dict.fromkeys((same.first.id, same.second.id)))
    return Figure(tuple(panels), caption, credit, title, tuple(keys.values()))


def _parts(sample: Sample, masks: tuple[Mask, Mask], two: Two, fill: str) -> Iterator[Panel]:
    """Yield the image under both masks, one alone, and neither; nothing where it cannot be shown."""
    try:
        image = decoding.load_sample(sample)
    except DataError:
        return
    first, second = masks
    for name, mask in (
        ("tagged in both", first & second),
        (f"only in {two[0].name}", first & ~second),
        (f"only in {two[1].name}", second & ~first),
        ("in neither", ~(first | second)),
    ):
        alt = f"Only what is {name}: {mask.mean():.1%} of the image."
        yield Panel.from_image(masking.keep_pixels(image, mask, fill), name, alt)


def _shares_in_words(shares: Seen, two: Two) -> str:
    return (
        f"Tagged in both {shares.both:.1%}, only in {two[0].name} {shares.first_alone:.1%}, "
        f"only in {two[1].name} {shares.second_alone:.1%}, in neither {shares.neither:.1%}."
    )


def _tagged(sample: Sample, side: Side, shape: Shape, keys: Mapping[str, LabelKey]) -> Panel:
    words = ", ".join(sorted({region.label for region in sample.regions})) or "no words"
    alt = f"{sample.alt or f'The image {sample.id}.'} Outlined in it by {side.name}: {words}."
    name = f"tagged by {side.name}"
    try:
        tagged = views.tagged(decoding.load_sample(sample), sample.regions, shape, keys=keys)
    except DataError:
        return Panel.from_sample(sample, name, alt)
    return Panel.from_image(tagged, name, alt)


def _words_in_words(same: SameImage, two: Two) -> str:
    first, second = ({word_key(word): word for word in labels_in(each)} for each in (same.first, same.second))
    groups = (
        ("Words in both", first.keys() & second.keys(), first),
        (f"Only in {two[0].name}", first.keys() - second.keys(), first),
        (f"Only in {two[1].name}", second.keys() - first.keys(), second),
    )
    return " ".join(f"{name}: {_listed([spelled[key] for key in keys])}." for name, keys, spelled in groups)


def _listed(words: Sequence[str]) -> str:
    shown = ", ".join(sorted(words)[:MOST_WORDS]) or "none"
    return f"{shown} and {len(words) - MOST_WORDS} more" if len(words) > MOST_WORDS else shown
