"""A study as it was read: what a batch needs of its pictures, on the disk, however many they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.shelves import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.decanonizing.tasks import Task
    from retrain_kit.manifests import Manifest

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Credit:
    """What goes on into the result's table of what a study says of a picture."""

    id: str
    licence: str = UNKNOWN
    author: str = UNKNOWN
    source: str = UNKNOWN
    note: str = ""
    notice: str = ""
    leaves_out: str = ""


class Study:
    """What a batch works through; every pass gives the same pictures in the same order.

    Parameters
    ----------
    name
        Of the study, or of the folder.
    manifest
        The study's; None for a folder.
    """

    def __init__(self, name: str, manifest: Manifest | None = None) -> None:
        self.name, self.manifest = name, manifest
        self.digest = manifest.digest if manifest else ""
        self._shelf = Shelf()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, task: Task, credit: Credit) -> None:
        """Put a picture behind all others."""
        self._shelf.put("", (task, credit))
        self._count += 1

    def tasks(self) -> Iterator[Task]:
        """Yield the pictures' tasks."""
        return (task for task, _ in self._shelf)

    def credits(self) -> Iterator[Credit]:
        """Yield what goes on into the result's table."""
        return (credit for _, credit in self._shelf)
