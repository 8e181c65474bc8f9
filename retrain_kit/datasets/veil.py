"""The veil of a study: its label system as its manifest names it, and its words as its annotations bear them.

A study names its label system in the table `[label_system]`: `file`, in any form of `label_systems`, `names`
for what ids are called, `withdrawn` and `wounding` for lists of ids; `file = "wordnet"` is the one that was
pulled or installed. Without it, WordNet and the hierarchy count that are among its files, and WordNet for
data sets that have its words, where it is on this machine. Whether the content notice was accepted no study
says: it is its reader's.

A study under the veil is a study: whatever reads it gets what may be shown.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from retrain_kit import datasets
from retrain_kit.analysis import own_labels
from retrain_kit.analysis.veiled_study import StudyVeil
from retrain_kit.annotations.taxonomy import Taxonomy
from retrain_kit.datasets import label_sources, label_systems, withdrawn_words
from retrain_kit.errors import KitError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from retrain_kit.studies.manifests import Manifest

_SYSTEM_FILES = ("wordnet", "hierarchy")
_NAMES_FILES = ("classes",)
_OF_WORDNET = ("imagenet", "imagenet-boxes", "imagenet-sample", "stanford-dogs", "visual-genome")
"""Data sets whose words are WordNet's: it is asked where it is on this machine."""


def study_veil(manifest: Manifest) -> StudyVeil:
    """Return the veil over a study by its label system and list; its annotations were not yet looked at.

    Raises
    ------
    DataError
        When the label system, or a list, cannot be read.
    """
    own, named = manifest.label_system, _named_system(manifest)
    listed = withdrawn_words.read_withdrawn(own["wounding"]) if "wounding" in own else None
    if named is None:
        gone = withdrawn_words.read_withdrawn(own["withdrawn"]) if "withdrawn" in own else None
        return StudyVeil(Taxonomy((), gone), listed=listed or ())
    return StudyVeil(named[0], own_labels.people_veil(named[0], listed), named[1])


def _named_system(manifest: Manifest) -> tuple[Taxonomy, dict[str, str]] | None:
    own = manifest.label_system
    system = own.get("file") or _first(manifest, _SYSTEM_FILES)
    if system is None and manifest.dataset in _OF_WORDNET:
        system = label_sources.installed(label_sources.WORDNET)
    if system is None:
        return None
    if system.name == label_sources.WORDNET and not system.exists():
        system = label_sources.label_system_path(label_sources.WORDNET)
    names = own.get("names") or _first(manifest, _NAMES_FILES)
    taxonomy = label_systems.read_label_system(system, names, own.get("withdrawn"))
    return taxonomy, label_systems.sense_ids(system)


def _first(manifest: Manifest, names: Iterable[str]) -> Path | None:
    """Return the first of these files that a study has for its reader."""
    paths = (manifest.files[name] for name in names if name in manifest.files)
    return next((path for path in paths if path.exists()), None)


def veiled(manifest: Manifest, *, accepted: bool = False, whole: bool = True) -> Manifest:
    """Return a study as it may be shown: under the veil, unless the content notice was accepted.

    Its annotations are gone through once, for the words that they bear. Where none is veiled the study is
    returned as it is.

    Parameters
    ----------
    manifest
        The study.
    accepted
        Whether the content notice was accepted.
    whole
        Whether all of its annotations have to be read; if not, those words are veiled that can be.

    Raises
    ------
    DataError
        When its annotations or its label system cannot be read; what that says is under the veil as well.
    """
    if accepted or manifest.unveiled:
        return manifest
    veil = StudyVeil()
    with suppress(*(() if whole else (KitError,))):
        veil = study_veil(manifest)
        if manifest.pinned:
            with veil.over_errors():
                veil.look_at(datasets.stream_quietly(manifest, []))
    return veil.manifest(manifest)
