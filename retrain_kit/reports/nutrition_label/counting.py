"""Counting: a study's label from its samples, in one pass that holds none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.analysis import own_labels, study_counts
from retrain_kit.reports.nutrition_label.contents import WordFacts, fill_label

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence, Sized

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.taxonomy import Taxonomy, Withdrawal
    from retrain_kit.reports.nutrition_label.contents import LabourFigure, NutritionLabel
    from retrain_kit.studies.manifests import Manifest


def study_label(  # noqa: PLR0913 - what a label is filled from
    manifest: Manifest,
    samples: Iterable[Sample],
    unmatched: Sized = (),
    *,
    taxonomy: Taxonomy | None = None,
    ids: Mapping[str, str] | None = None,
    retired: Mapping[str, Withdrawal] | None = None,
    wounding: Collection[str] | None = None,
    accepted: bool = False,
    labour: Sequence[LabourFigure] = (),
) -> NutritionLabel:
    """Return the nutrition label of a study.

    Parameters
    ----------
    manifest
        The study, pinned or not.
    samples
        What its reader gives; gone through once. Of a study that is not pinned nothing is counted.
    unmatched
        What matches no image of the data set; its length is asked when the last sample was taken.
    taxonomy, ids
        Its label system, and the system's ids by the names that the source may give in their place; without
        one the study's own words are one.
    retired
        Why ids were withdrawn, where the study's own words are the system.
    wounding
        The ids of words that may wound; without such a list all words for people count.
    accepted
        Whether the content notice was accepted: then no word is veiled.
    labour
        Figures of the work in it.
    """
    if not manifest.pinned:
        return fill_label(manifest, labour=labour)
    tally = study_counts.Tally(manifest)
    if taxonomy is None:
        taxonomy = own_labels.own_label_system(tally.passing(samples), retired)
    else:
        for sample in samples:
            tally.take(sample)
    counts = tally.counts()
    veil = own_labels.people_veil(taxonomy, wounding, accepted=accepted)
    facts = WordFacts(
        taxonomy,
        veil,
        study_counts.count_people(counts, taxonomy, veil, ids),
        study_counts.count_withdrawn(counts, taxonomy, ids),
    )
    return fill_label(manifest, counts, len(unmatched), facts, labour)
