"""The veil over words in every command that reads a study, and `--accept-words`."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.analysis.veiled_study import StudyVeil
    from retrain_kit.errors import Fault
    from retrain_kit.studies.manifests import Manifest


ACCEPT = "--accept-words"


@dataclass
class Veiling:
    """What is veiled while a command runs.

    Parameters
    ----------
    accepted
        Whether who typed it has accepted the content notice.
    studies
        The veils over the studies that were read, by their names.
    said
        The studies of which it was said what is veiled.
    """

    accepted: bool = False
    studies: dict[str, StudyVeil] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)

    def over(self, manifest: Manifest, *, whole: bool = True) -> Manifest:
        """Return a study under the veil, and remember it: see `datasets.veil.veiled`."""
        from retrain_kit.datasets import veil  # noqa: PLC0415 - see the package's docstring

        found = veil.veiled(manifest, accepted=self.accepted, whole=whole)
        if found.veil:
            self.note(found.name, found.veil)  # type: ignore[arg-type] # it is one
        return found

    def over_what_is_here(self, manifest: Manifest) -> Manifest:
        """Return a study under the veil, as far as its annotations are here and can be read."""
        return self.over(manifest, whole=False)

    def note(self, study: str, veil: StudyVeil) -> None:
        """Remember the veil over a study."""
        self.studies[study] = veil

    def say(self) -> None:
        """Say of each study, once, how many labels are veiled, and how they are shown."""
        for name, veil in self.studies.items():
            if name not in self.said and veil.note:
                click.echo(f"retrain-kit: {name}: {veil.note}", err=True)
            self.said.add(name)

    def fault(self, fault: Fault) -> Fault:
        """Return what is wrong without veiled words of the studies that were read."""
        for veil in self.studies.values():
            fault = veil.fault(fault)
        return fault


_VEILING: ContextVar[Veiling] = ContextVar("veiling")


def current() -> Veiling:
    """Return what is veiled in the command that runs."""
    return _VEILING.get(Veiling())


@contextmanager
def veiling() -> Iterator[Veiling]:
    """Veil for the block the words of every study that is read."""
    token = _VEILING.set(Veiling())
    try:
        yield _VEILING.get()
    finally:
        _VEILING.reset(token)


def accept(_: click.Context, __: click.Parameter, accepted: bool) -> bool:  # noqa: FBT001 - click's signature
    """Remember whether the content notice was accepted, and return it."""
    current().accepted = accepted
    return accepted


class AcceptOption(click.Option):
    """`--accept-words`: every command has it that takes a study."""

    def __init__(self) -> None:
        super().__init__(
            [ACCEPT],
            is_flag=True,
            expose_value=False,
            callback=accept,
            help="I have read the notice: among words for people there are insults. Show all labels; without "
            "it ▒▒▒ stands for those below person, or for those that the study's own list names.",
        )
