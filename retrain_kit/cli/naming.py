"""How commands are told which study is meant: one argument, one option, one way in for all of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from retrain_kit.cli import words_veil
from retrain_kit.studies import manifests, references

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from retrain_kit.studies.manifests import Manifest

STUDY_IS = f"STUDY is {references.FOUR_WAYS}, a dataset in FiftyOne."
"""What the help of every command says that takes a study."""


class StudyReference(click.ParamType):  # type: ignore[type-arg] # not so in older versions of click
    """A study as it is typed, in one of the four ways; shells complete it."""

    name = "study"

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        param: click.Parameter,  # noqa: ARG002 - the same
        incomplete: str,
    ) -> list[CompletionItem]:
        """Return the names that begin so, and have the shell add files and folders."""
        own = (path.stem for path in Path().glob("*.toml") if path.with_suffix(".csv").is_file())
        names = sorted({*own, *manifests.study_names(), references.FIFTYONE_PREFIX})
        found = [CompletionItem(name) for name in names if name.startswith(incomplete)]
        return [*found, CompletionItem(incomplete, type="file")]


STUDY = StudyReference()

study_argument = click.argument("study", type=STUDY)


def studies_argument(*, required: bool) -> Callable[[Any], Any]:
    """Return the decorator of a command that takes any number of studies."""
    return click.argument("studies", metavar="STUDY...", nargs=-1, required=required, type=STUDY)


def study_option(*names: str, **settings: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - click's settings
    """Return the decorator of a command with an option that is a study."""
    return click.option(*names, type=STUDY, metavar="STUDY", **settings)


def takes_study(command: click.Command) -> bool:
    """Say whether a command has a parameter that is a study."""
    return any(isinstance(each.type, StudyReference) for each in command.params)


def find_study(study: str) -> Path:
    """Return the TOML of a study; of what is no manifest itself, say where its study is and what it lacks.

    Raises
    ------
    KitError
        As `fiftyone.find_study`.
    """
    from retrain_kit import fiftyone  # noqa: PLC0415 - see the package's docstring
    from retrain_kit.datasets import pinning  # noqa: PLC0415 - the same

    toml = fiftyone.find_study(study)
    if references.is_fiftyone(study) or manifests.find_folder(study):
        left_out = pinning.read_document(toml).unwrap().get("left_out", {})
        lacks = "".join(f"; left out: {number:,} ({why})" for why, number in left_out.items())
        click.echo(f"retrain-kit: {study} is the study {toml.stem}, kept as {toml}{lacks}", err=True)
    return toml


def study_name(study: str) -> str:
    """Return the name under which answers speak of a study, which need not be on this machine.

    Raises
    ------
    KitError
        As `fiftyone.find_study`, for what is no name.
    """
    elsewhere = references.is_fiftyone(study) or study.endswith(".toml") or manifests.find_folder(study)
    return find_study(study).stem if elsewhere else study


def load_study(study: str, *, pinned: bool = True, keep: bool = True) -> Manifest:
    """Return a study, however it is named, under the veil: see `manifests.load` and `datasets.veil`.

    Raises
    ------
    KitError
        As `fiftyone.find_study` and `manifests.load`.
    """
    return words_veil.current().over(load_unveiled(study, pinned=pinned, keep=keep))


def load_unveiled(study: str, *, pinned: bool = True, keep: bool = True) -> Manifest:
    """Return a study as it says itself, for what writes its own files, or veils its words itself.

    Raises
    ------
    KitError
        As `fiftyone.find_study` and `manifests.load`.
    """
    return manifests.load(find_study(study), pinned=pinned, keep=keep)


def load_studies(studies: Iterable[str], *, unveiled: bool = False) -> list[Manifest]:
    """Return studies under the veil, or as they say themselves, each once.

    Raises
    ------
    KitError
        As `load_study`.
    """
    tomls = dict.fromkeys(find_study(study) for study in dict.fromkeys(studies))
    found = [manifests.load(toml) for toml in tomls]
    return found if unveiled else list(map(words_veil.current().over, found))
