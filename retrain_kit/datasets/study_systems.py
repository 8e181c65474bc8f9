"""Study systems: the label system that a study is read with.

It is the one that somebody names; else the one that the study names, see `datasets.veil`; else the study's
own words, of which nobody says what stands above them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.analysis import own_labels
from retrain_kit.annotations.taxonomy import Taxonomy
from retrain_kit.datasets import label_sources, label_systems, withdrawn_words
from retrain_kit.datasets import veil as datasets_veil

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest


def read_study_system(
    manifest: Manifest,
    samples: Sequence[Sample],
    system: Path | None = None,
    names: Path | None = None,
    withdrawn: Path | None = None,
) -> tuple[Taxonomy, Mapping[str, str]]:
    """Return a study's label system, and its ids by the names that the source may give in their place.

    Parameters
    ----------
    manifest, samples
        The study, not under the veil.
    system, names, withdrawn
        As for `label_systems.read_label_system`, `wordnet` as for `label_sources.label_system_path`; None
        where nobody names them.

    Raises
    ------
    DataError
        When one of the files cannot be read.
    """
    if system:
        path = label_sources.label_system_path(system)
        return label_systems.read_label_system(path, names, withdrawn), label_systems.sense_ids(path)
    gone = withdrawn_words.read_withdrawn(withdrawn) if withdrawn else None
    known = datasets_veil.study_veil(manifest)
    if known.taxonomy:
        return Taxonomy(known.taxonomy, gone, known.taxonomy.notice), known.ids
    named = manifest.dataset in own_labels.NAMED_AFTER_PEOPLE
    return own_labels.own_label_system(samples, gone, names_of_people=named), {}


def read_listed(manifest: Manifest, wounding: Path | None = None) -> Mapping[str, object] | None:
    """Return the ids whose words may wound: of a list that somebody names, or the study; None without one.

    Raises
    ------
    DataError
        When the list cannot be read.
    """
    path = wounding or manifest.label_system.get("wounding")
    return withdrawn_words.read_withdrawn(path) if path else None
