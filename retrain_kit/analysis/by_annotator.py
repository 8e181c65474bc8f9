"""By annotator: the regions of an image in groups by how they were made, and the image without each group.

Regions are grouped by their annotation sources. Where all regions of a study have one annotation source, they
are grouped by the data set's own words for their annotators, as far as the study explains them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from retrain_kit.analysis.annotators import ANNOTATION_SOURCES, annotator_lookup
from retrain_kit.display import views
from retrain_kit.display.figures import Figure, Note, Panel, image_and_study_credit
from retrain_kit.display.label_keys import label_keys
from retrain_kit.imaging import decoding, masking

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrain_kit.annotations.samples import Region, Sample
    from retrain_kit.imaging.masking import Shape
    from retrain_kit.studies.manifests import Manifest

Grouping = Literal["source", "word"]


@dataclass(frozen=True)
class RegionGroup:
    """Regions that were made in one way.

    Parameters
    ----------
    short_name
        A word or two to write on them.
    words
        What lists call them.
    made
        What they are, as in "the image without what hands drew".
    means
        What is said of this way, in a sentence.
    regions
        In the source's order.
    """

    short_name: str
    words: str
    made: str
    means: str
    regions: tuple[Region, ...]


def region_groups(regions: Iterable[Region], manifest: Manifest, by: Grouping) -> list[RegionGroup]:
    """Return the regions in groups by annotation source, or by the words for their annotators.

    Sources come in the order of `annotators.ANNOTATION_SOURCES`, words from a to z.

    Raises
    ------
    DataError
        With every annotation source of the manifest that the kit does not know.
    """
    name, found = annotator_lookup(manifest), defaultdict(list)
    for region in regions:
        annotator = name(region.annotator)
        found[annotator.source.name if by == "source" else annotator.word].append(region)
    if by == "word":
        says = {word: f"The study says: {text}." for word, text in manifest.annotation.annotators.items()}
        return [
            RegionGroup(word, f"“{word}”", f"“{word}”", says.get(word, ""), tuple(found[word]))
            for word in sorted(found)
        ]
    return [
        RegionGroup(source.short_name, source.words, source.made, source.means, tuple(found[source.name]))
        for source in ANNOTATION_SOURCES.values()
        if found[source.name]
    ]


def best_grouping(samples: Iterable[Sample], manifest: Manifest) -> Grouping:
    """Return how to group the regions of these samples: by words where all have one annotation source."""
    return "source" if len(region_groups(_regions(samples), manifest, "source")) > 1 else "word"


def samples_with_several_groups(samples: Iterable[Sample], manifest: Manifest, by: Grouping) -> list[Sample]:
    """Return the samples with regions of more than one group."""
    return [sample for sample in samples if len(region_groups(sample.regions, manifest, by)) > 1]


def annotator_note(samples: Sequence[Sample], manifest: Manifest) -> Note:
    """Return how many regions of these samples were made in which way; where in one way, by which words."""
    regions = _regions(samples)
    sources = region_groups(regions, manifest, "source")
    found = sources if len(sources) > 1 else [*sources, *region_groups(regions, manifest, "word")]
    ways = f", all {sources[0].words}" if len(sources) == 1 else f", made in {len(sources)} ways"
    title = f"{_count(regions, 'region')} in {_count(samples, 'image')}{ways if sources else ''}"
    return Note(
        title, tuple((part.words, f"{_count(part.regions, 'region')}. {part.means}") for part in found)
    )


def without_each_group(
    sample: Sample, manifest: Manifest, by: Grouping, fill: str = "white", shape: Shape = "box"
) -> Figure:
    """Return a sample with its regions named by group, without each group, and without all regions."""
    image = decoding.load_sample(sample)
    found = region_groups(sample.regions, manifest, by)
    order = [source.short_name for source in ANNOTATION_SOURCES.values()]
    named = [replace(region, label=part.short_name) for part in found for region in part.regions]
    told = "; ".join(f"{part.words} ({_count(part.regions, 'region')})" for part in found)
    alt = f"{sample.alt or f'The image {sample.id}.'} Outlined in it, by who made the annotations: {told}."
    panels = [Panel.from_image(views.tagged(image, named, shape, order), "by whom", alt)]
    left = {}
    for name, regions in _cuts(found, sample.regions).items():
        left[name] = f"{1 - masking.union_mask(regions, sample.size, shape).mean():.1%}"
        alt = f"The same image {name} ({_count(regions, 'region')}): {left[name]} of it is left."
        panels.append(Panel.from_image(views.decanonized(image, regions, fill, shape), name, alt))
    shares = "; ".join(f"{name} {share}" for name, share in left.items())
    notice = f" Notice: {sample.notice.rstrip('.')}." if sample.notice else ""
    caption = f"By whom: {told}. Left of the image: {shares}.{notice}"
    return Figure(
        tuple(panels),
        caption,
        image_and_study_credit(sample, manifest),
        sample.id,
        tuple(label_keys((region.label for region in named), order).values()),
    )


def _regions(samples: Iterable[Sample]) -> list[Region]:
    return [region for sample in samples for region in sample.regions]


def _cuts(found: Iterable[RegionGroup], every: Sequence[Region]) -> dict[str, Sequence[Region]]:
    """Return what to take out for each panel, by the panel's name."""
    return {**{f"without {part.made}": part.regions for part in found}, "decanonized": every}


def _count(things: Sequence[object], noun: str) -> str:
    return f"{len(things):,} {noun}{'' if len(things) == 1 else 's'}"
