"""The veil of a study: its label system as its manifest names it, and its words as its annotations bear them.

In its table `[files]` a study names its label system, in any form of `label_systems`: `label_system`, else
`wordnet` or `hierarchy`; `label_names`, else `classes`, for what ids are called; `withdrawn_labels` and
`wounding`, lists of ids. Whether the content notice was accepted is nobody's but the reader's: no study says it.

A study under the veil is a study: whatever reads it gets what may be shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit import datasets
from retrain_kit.analysis import own_labels
from retrain_kit.analysis.veiled_study import StudyVeil
from retrain_kit.datasets import label_systems

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import Manifest

SYSTEM_FILES = ("label_system", "wordnet", "hierarchy")
NAMES_FILES = ("label_names", "classes")
WITHDRAWN_FILE, WOUNDING_FILE = "withdrawn_labels", "wounding"


def study_veil(manifest: Manifest, samples: Iterable[Sample] = ()) -> StudyVeil:
    """Return the veil over a study by its label system and list, and by the words that samples of it bear.

    Raises
    ------
    DataError
        When the label system, or the list, cannot be read.
    """
    system, names = _first(manifest, SYSTEM_FILES), _first(manifest, NAMES_FILES)
    withdrawn, wounding = _first(manifest, (WITHDRAWN_FILE,)), _first(manifest, (WOUNDING_FILE,))
    listed = label_systems.read_withdrawn(wounding) if wounding else None
    if system is None:
        return StudyVeil(listed=listed or ()).look_at(samples)
    taxonomy = label_systems.read_label_system(system, names, withdrawn)
    veil = own_labels.people_veil(taxonomy, listed)
    return StudyVeil(taxonomy, veil, label_systems.sense_ids(system)).look_at(samples)


def _first(manifest: Manifest, names: Iterable[str]) -> Path | None:
    """Return the first of these files that a study names and has."""
    paths = (manifest.files[name] for name in names if name in manifest.files)
    return next((path for path in paths if path.exists()), None)


def veiled(manifest: Manifest, *, accepted: bool = False) -> Manifest:
    """Return a study as it may be shown: under the veil, unless the content notice was accepted.

    Its annotations are gone through once, for the words that they bear. Where none is veiled the study is
    returned as it is.

    Raises
    ------
    DataError
        When its annotations or its label system cannot be read; what that says is under the veil as well.
    """
    if accepted or manifest.unveiled:
        return manifest
    veil = study_veil(manifest)
    if manifest.pinned:
        with veil.over_errors():
            veil.look_at(datasets.stream_quietly(manifest, []))
    return veil.manifest(manifest)
