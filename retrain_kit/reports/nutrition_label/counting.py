"""Counting: a study's label from its samples, in one pass that holds none of them, under the veil."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from retrain_kit.analysis import own_labels, study_counts
from retrain_kit.analysis.people_in_images import DATA_SETS_OF_FACES, PeopleInImages
from retrain_kit.analysis.person_words import find_person_words
from retrain_kit.analysis.veiled_study import StudyVeil
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.reports.nutrition_label.contents import WordFacts, fill_label

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence, Sized

    from retrain_kit.analysis.study_counts import StudyCounts, WithdrawnCounts
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.annotations.taxonomy import Withdrawal
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
        Its label system, with what was withdrawn of it; the system's ids by the names that the source may
        give in their place.
    retired
        What was withdrawn, where there is no label system.
    wounding
        The ids of words that may wound; without such a list all words for people count.
    accepted
        Whether the content notice was accepted: then no word is veiled.
    labour
        Figures of the work in it.
    """
    if not manifest.pinned:
        return fill_label(manifest, labour=labour)
    system = Taxonomy(map(Synset, wounding or ()), retired) if taxonomy is None else taxonomy
    veil = StudyVeil(system, own_labels.people_veil(system, wounding), ids, lifted=accepted)
    tally = study_counts.Tally(manifest)
    for sample in samples:
        tally.take(sample)
        veil.look_at((sample,))
    counts = tally.counts()
    words = frozenset(find_person_words(system).ids)
    people = PeopleInImages(system, words, ids or {}, manifest.dataset in DATA_SETS_OF_FACES)
    withdrawn = _told(study_counts.count_withdrawn(counts, system, ids), veil)
    facts = WordFacts(
        study_counts.count_people(counts, people), withdrawn, _shown(counts, veil), len(veil.labels)
    )
    figures = [replace(each, name=veil.told(each.name), source=veil.told(each.source)) for each in labour]
    return fill_label(veil.manifest(manifest), counts, len(unmatched), facts, figures)


def _told(withdrawn: WithdrawnCounts, veil: StudyVeil) -> WithdrawnCounts:
    """Return what was withdrawn, the reasons under the veil."""
    return replace(withdrawn, reasons={veil.text(why): count for why, count in withdrawn.reasons.items()})


def _shown(counts: StudyCounts, veil: StudyVeil) -> Mapping[str, str]:
    shown = {word[0]: veil.label(study_counts.bearing(word)) for word in counts.words}
    return {label: text for label, text in (shown | veil.labels).items() if text != label}
