"""Units of work: one picture read, decanonized and written, and the record of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from retrain_kit.decanonizing import copying, names, places, ways
from retrain_kit.decanonizing.journals import Record
from retrain_kit.errors import DataError, Fault
from retrain_kit.jpegs.turbo import LibraryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.decanonizing.made import Made
    from retrain_kit.decanonizing.options import Options
    from retrain_kit.decanonizing.places import Place
    from retrain_kit.decanonizing.tasks import Task


@dataclass(frozen=True)
class Job:
    """What is done to a batch of pictures, wherever.

    Parameters
    ----------
    root
        The place of the result.
    options
        What is done to every picture.
    """

    root: str
    options: Options

    @cached_property
    def place(self) -> Place:
        """Where the result goes."""
        return places.place(self.root)

    def __call__(self, batch: Sequence[Task]) -> list[Record]:
        """Do every picture of a batch; one that cannot be done is skipped with the reason.

        Raises
        ------
        places.UnwritableError
            When nothing more can be written.
        jpegs.turbo.LibraryError
            When a library is missing.
        """
        return [do(task, self.options, self.place) for task in batch]


def do(task: Task, options: Options, place: Place) -> Record:
    """Read a picture, take out what the marks cover and write it; return the record of it."""
    digest = ""
    try:
        data = places.read(task.source)
        digest = hashlib.sha256(data).hexdigest()
        _check_digest(task, digest)
        made, why = ways.take(data, task, options)
    except LibraryError:
        raise
    except DataError as error:
        return skipped(task, _reason(error), digest)
    except FileNotFoundError:
        return skipped(task, "no file")
    except Exception as error:  # noqa: BLE001 - one strange picture must not stop a million others
        return skipped(task, f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}", digest)
    return Record(
        task.row,
        task.id,
        task.file,
        digest,
        **_write(made, task, options, place),
        width_px=made.size[0],
        height_px=made.size[1],
        way=made.way,
        why=why,
        removed=made.removed,
        effective=made.effective,
        fill=made.fill,
        gone=made.gone,
        still_holds=made.original,
    )


def skipped(task: Task, reason: str, digest: str = "") -> Record:
    """Return the record of a picture that was skipped."""
    return Record(task.row, task.id, task.file, digest, skipped=reason)


def _write(made: Made, task: Task, options: Options, place: Place) -> dict[str, Any]:
    """Write what was made and return what the record says of it."""
    name = names.written(task.file, made.ending)
    about: dict[str, Any] = {"output": name, "size_bytes": len(made.data)}
    if options.masks or made.original:
        mask = made.mask_png(copying.notes(task, options))
        place.put(names.mask(name), mask)
        about |= {"mask": names.mask(name), "mask_sha256": hashlib.sha256(mask).hexdigest()}
    if made.original:
        place.put_original(name, task.source, made.data)
    else:
        place.put(name, made.data)
    return {**about, "output_sha256": hashlib.sha256(made.data).hexdigest()}


def _check_digest(task: Task, digest: str) -> None:
    if task.sha256 not in {"", digest}:
        do = "It is another file than the study was made with."
        raise DataError(Fault(task.id, f"sha256 {digest[:12]}…", f"{task.sha256[:12]}…", do))


def _reason(error: DataError) -> str:
    """Return what is wrong with a picture, without where: that stands in the record."""
    return "; ".join(f"{fault.found}; expected {fault.expected}" for fault in error.faults)
