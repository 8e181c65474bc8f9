"""References: what a person types to say which study they mean, and what they are told where there is none.

There are four ways to name one, the same for every command and notebook:

| typed | means |
|---|---|
| `embedded-sample` | the study of that name, in one of `manifests.study_folders` |
| `mine.toml` | the study of that manifest |
| `photos/` or `./photos` | what lies in that folder; `photos` alone too, where no study has that name |
| `fiftyone:NAME` | the dataset of that name in FiftyOne |
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.storage import files

if TYPE_CHECKING:
    from collections.abc import Collection

FIFTYONE_PREFIX = "fiftyone:"
"""Before the name of a dataset that is in FiftyOne; whether it is there, only its database knows."""

FOUR_WAYS = "a study's name, the path of its .toml, a folder, or fiftyone:NAME"
"""What may be typed for a study, in the words of every command, notebook and error."""


def is_fiftyone(study: str) -> bool:
    """Say whether a text names a dataset in FiftyOne."""
    return study.startswith(FIFTYONE_PREFIX)


def is_path(study: str) -> bool:
    """Say whether a text can be no study's name, but only the path of something."""
    return any(sign in study for sign in filter(None, (os.sep, os.altsep))) or study in {".", "..", "~"}


def no_such_study(study: str, names: Collection[str]) -> ParameterError:
    """Return the error that there is no such study; of the names there are, those like it come first."""
    asked = study.removeprefix(FIFTYONE_PREFIX).removesuffix(".toml").rstrip(os.sep).rpartition(os.sep)[2]
    near = difflib.get_close_matches(asked, names, n=3, cutoff=0.6)
    listed = ", ".join(dict.fromkeys((*near, *sorted(names)))) or "none"
    place = "In FiftyOne there are" if is_fiftyone(study) else "There are"
    path = is_path(study) or study.endswith(".toml")
    beside = f"{files.similar_file(Path(study).expanduser())} " if path else ""
    return ParameterError(Fault("study", repr(study), FOUR_WAYS, f"{beside}{place}: {listed}.".lstrip()))
