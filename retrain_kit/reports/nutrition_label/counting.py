"""Counting: a study's label from its samples, in one pass that holds none of them, under the veil."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from retrain_kit.analysis import ledger, study_counts
from retrain_kit.analysis.annotators import annotator_lookup
from retrain_kit.analysis.people_in_images import DATA_SETS_OF_FACES, PeopleInImages
from retrain_kit.analysis.person_words import find_person_words
from retrain_kit.analysis.veiled_study import StudyVeil
from retrain_kit.reports.nutrition_label.contents import LabourFigure, WordFacts, fill_label
from retrain_kit.studies import labour_figures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Sized

    from retrain_kit.analysis.study_counts import StudyCounts
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.reports.nutrition_label.contents import NutritionLabel
    from retrain_kit.studies.manifests import Manifest


def study_label(
    manifest: Manifest,
    samples: Iterable[Sample],
    unmatched: Sized = (),
    veil: StudyVeil | None = None,
    labour: Sequence[LabourFigure] = (),
) -> NutritionLabel:
    """Return the nutrition label of a study.

    Parameters
    ----------
    manifest
        The study, pinned or not, as it says itself or under a veil.
    samples
        Its samples, under the same veil or none; gone through once. Of a study that is not pinned nothing is
        counted.
    unmatched
        What matches no image of the data set; its length is asked when the last sample was taken.
    veil
        The veil over the study, with its label system and what was withdrawn of that; the manifest's own
        where it is None.
    labour
        Figures of the work in it.
    """
    own = manifest.veil if isinstance(manifest.veil, StudyVeil) else None
    veil = veil or own or StudyVeil()
    manifest = manifest.unveiled or manifest
    if not manifest.pinned:
        return fill_label(manifest, labour=labour)
    tally, known = study_counts.Tally(manifest), annotator_lookup(manifest)
    work: Counter[tuple[str, str]] = Counter()
    for sample in samples:
        tally.take(sample)
        work += ledger.count_pieces(sample, known)
        veil.look_at((sample,))
    counts = _with_words(tally.counts(), {shown: label for label, shown in veil.labels.items()})
    told = replace(
        veil.manifest(manifest), content_notice=veil.told(manifest.content_notice), digest=manifest.digest
    )
    figures = [replace(each, name=veil.told(each.name), source=veil.told(each.source)) for each in labour]
    figures += _time_of(work)
    return fill_label(told, counts, len(unmatched), _word_facts(counts, manifest, veil), figures)


def _time_of(work: Counter[tuple[str, str]]) -> list[LabourFigure]:
    """Return how long so much work takes by published figures of like work; nothing where there is none."""
    if not work:
        return []
    found = ledger.make_ledger(work, labour_figures.load_figures())
    machines = sum(ledger.by_hand(work).values())
    source = "see retrain-kit ledger"
    if machines:
        source += f"; {machines:,} of {found.pieces:,} pieces made by machines"
    if found.untimed:
        source += f"; {found.untimed:,} without any figure"
    time = found.time
    return [LabourFigure(_LIKE_WORK, time.low, time.high, "seconds", source, found.time_told)]


_LIKE_WORK = "time that like work takes"


def _with_words(counts: StudyCounts, words: Mapping[str, str]) -> StudyCounts:
    """Return counts of veiled samples with the words in the place of what is shown for them."""
    return replace(
        counts,
        label_images={words.get(label, label): images for label, images in counts.label_images.items()},
        words={(words.get(label, label), said): use for (label, said), use in counts.words.items()},
    )


def _word_facts(counts: StudyCounts, manifest: Manifest, veil: StudyVeil) -> WordFacts:
    people = PeopleInImages(
        veil.taxonomy,
        frozenset(find_person_words(veil.taxonomy).ids),
        veil.ids,
        manifest.dataset in DATA_SETS_OF_FACES,
    )
    withdrawn = study_counts.count_withdrawn(counts, veil.taxonomy, veil.ids)
    shown = {word[0]: veil.label(study_counts.bearing(word)) for word in counts.words} | veil.labels
    return WordFacts(
        people=study_counts.count_people(counts, people),
        withdrawn=replace(
            withdrawn, reasons={veil.text(why): number for why, number in withdrawn.reasons.items()}
        ),
        shown={label: text for label, text in shown.items() if text != label},
        veiled=len(veil.labels),
    )
