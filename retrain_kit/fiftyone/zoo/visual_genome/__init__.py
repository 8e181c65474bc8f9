"""Visual Genome for FiftyOne's dataset zoo, by a study of the kit.

    import fiftyone.zoo as foz

    dataset = foz.load_zoo_dataset("https://github.com/retrain-kit/retrain-kit")
    dataset = foz.load_zoo_dataset("retrain-kit/visual-genome", study="mine.toml", dataset_name="mine")

The first line fetches this folder, the files of the study and its images, as `retrain-kit pull` does. The
parameter `study` is the name or the path of another study of Visual Genome; FiftyOne returns a dataset of the
same name as it is, so give another study another `dataset_name`.

`retrain_kit.fiftyone.samples` of the dataset gives the kit's samples.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import tomlkit

from retrain_kit import fiftyone
from retrain_kit.datasets import pinning, pulling
from retrain_kit.studies import manifests

if TYPE_CHECKING:
    from retrain_kit.studies.manifests import Manifest

STUDY = "visual-genome"


def download_and_prepare(dataset_dir: str, study: str = STUDY) -> tuple[None, int, None]:
    """Fetch what the study needs; return what FiftyOne asks for: no type of its own, the number of images.

    Parameters
    ----------
    dataset_dir
        Where FiftyOne keeps this folder. Receives the pinned copy of a study that came with the kit.
    study
        Name or path of a study of Visual Genome.
    """
    manifest = _load(dataset_dir, study)
    kits_own = pinning.pinned_path(manifest.toml) != manifest.toml
    place = _pinned(dataset_dir, study) if kits_own else manifest.toml
    document = tomlkit.parse(manifest.toml.read_text(encoding="utf-8"))
    return None, pulling.pull_study(manifest, document, place), None


def load_dataset(dataset: fiftyone.fo.Dataset, dataset_dir: str, study: str = STUDY) -> None:
    """Fill a new dataset with the samples of the study, in the kit's layout."""
    fiftyone.fill_dataset(dataset, manifests.load(_load(dataset_dir, study).toml))


def _load(dataset_dir: str, study: str) -> Manifest:
    pinned = _pinned(dataset_dir, study)
    return manifests.load(pinned if pinned.is_file() else study, pinned=False)


def _pinned(dataset_dir: str, study: str) -> Path:
    return Path(dataset_dir) / "studies" / f"{Path(study).stem}.toml"
