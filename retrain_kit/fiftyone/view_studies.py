"""Studies of what is looked at in FiftyOne: two files, and the annotations beside them. Images stay in place.

The TOML says what the dataset says of all its images, and in `[view]` which view of it this is. The samples
are written whole, as `datasets.fiftyone` reads them: later changes in FiftyOne do not reach the study.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import tomlkit

from retrain_kit import __version__
from retrain_kit.datasets import fiftyone as reader
from retrain_kit.datasets import pinning
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.storage import files
from retrain_kit.studies import manifests

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from retrain_kit.annotations.samples import Sample
    from retrain_kit.studies.manifests import ImageRow, Manifest

NO_IMAGE = "no file that can be read"
NO_ID = "an id that cannot name a file"


@dataclass(frozen=True)
class StudyFiles:
    """The files of a new study.

    Parameters
    ----------
    toml
        What the study says of itself; the others are beside it.
    """

    toml: Path

    @property
    def table(self) -> Path:
        """The table of images."""
        return self.toml.with_suffix(".csv")

    @property
    def samples(self) -> Path:
        """The samples, a line each."""
        return reader.samples_path(self.toml)

    @property
    def every(self) -> tuple[Path, ...]:
        """All that may be written."""
        return self.samples, *manifests.own_files(self.toml)


def folder() -> Path:
    """Return where new studies are written: `data_manifests` of the working folder, or the folder itself."""
    return pinning.own_studies_folder().resolve()


def files_of(name: str) -> StudyFiles:
    """Return the files of a new study of that name.

    Raises
    ------
    ParameterError
        When no study can have the name, or there is one of that name.
    """
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise ParameterError(
            Fault("name", repr(name), "letters, digits, hyphens and dots", "Choose another.")
        )
    new = StudyFiles(folder() / f"{name}.toml")
    there = [str(path) for path in new.every if path.exists()]
    if there or name in manifests.study_names():
        found = f"{name!r}, which is there already: {', '.join(there) or 'a study of the kit'}"
        raise ParameterError(Fault("name", found, "a free name", "Choose another."))
    return new


class ViewStudy:
    """A study that is being written of samples, image after image.

    Parameters
    ----------
    new
        Its files.
    samples
        What is looked at.
    manifest
        What the dataset says of them, as `studies.manifest_of_samples` gives it.
    about
        Its title, and why these images; and more of where it comes from, for the TOML's `[view]`.
    """

    def __init__(
        self, new: StudyFiles, samples: Sequence[Sample], manifest: Manifest, about: Mapping[str, str]
    ) -> None:
        self._new, self._samples, self._manifest, self._about = new, samples, manifest, about
        self._images = list(manifest.images)
        self._rows: list[ImageRow] = []
        self._taken: list[Sample] = []
        self.left_out: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._samples)

    def take(self, number: int) -> None:
        """Take an image into the study, with the digest of its file, or leave it out."""
        sample, row = self._samples[number], self._images[number]
        if re.search(r"[/\\\x00-\x1f]", sample.id):
            self.left_out[sample.id] = NO_ID
            return
        try:
            digest = files.sha256(sample.path)
        except OSError:
            self.left_out[sample.id] = NO_IMAGE
            return
        self._rows.append(replace(row, sha256=digest))
        self._taken.append(sample)

    def write(self) -> Manifest:
        """Write the files, all or none, and return the study as the kit reads it.

        Raises
        ------
        DataError
            When no image was taken, the files cannot be written, or what was written cannot be read.
        """
        if not self._rows:
            reasons = Counter(self.left_out.values())
            found = ", ".join(f"{count:,} left out ({why})" for why, count in reasons.items())
            raise DataError(Fault("the study", found or "no images", "one image at least"))
        try:
            return self._write()
        except BaseException as error:
            for path in self._new.every:
                path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                where = str(self._new.toml.parent)
                found = f"a folder that cannot be written ({error.strerror})"
                raise DataError(Fault(where, found, "one that can")) from error
            raise

    def _write(self) -> Manifest:
        reader.write_samples(self._new.samples, self._taken)
        pins = pinning.Pins(tuple(self._rows), {}, {}, datetime.now(UTC).date(), self.left_out)
        pinning.write_pinned(self._new.toml, self._document(), pins)
        return manifests.load(self._new.toml)

    def _document(self) -> tomlkit.TOMLDocument:
        about, process = self._about, self._manifest.annotation
        document = tomlkit.document()
        document.update({"title": about["title"], "why": about["why"], "dataset": "fiftyone"})
        document.update({"version": self._manifest.version, "licence": self._manifest.licence})
        document["folder"] = str(self._manifest.folder)
        if self._manifest.content_notice:
            document["content_notice"] = self._manifest.content_notice
        digest = files.sha256(self._new.samples)
        known = {key: value for key, value in vars(process).items() if value}
        document["annotation"] = {key: _plain(value) for key, value in known.items()}
        told = {key: value for key, value in about.items() if key not in {"title", "why"}}
        document["view"] = {"kit": f"retrain-kit {__version__}", **told, "samples_sha256": digest}
        return document


def describe_view(view: Any) -> dict[str, str]:  # noqa: ANN401 - FiftyOne has no types
    """Return which view of which dataset it is, for the TOML."""
    stages = [str(stage) for stage in view._stages]  # noqa: SLF001 - FiftyOne has no other way to ask for them
    return {"dataset": view.dataset_name, "stages": "; ".join(stages) or "all images"}


def _plain(value: Any) -> Any:  # noqa: ANN401 - texts, lists and tables
    return list(value) if isinstance(value, tuple) else value
