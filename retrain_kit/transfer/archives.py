"""Archives as distributed, zip and tar: what is in them, single members, or everything.

A member is named as its archive names it. A chain of names leads into archives within archives:
`("n01440764.tar", "n01440764_18.JPEG")`. Each archive is gone through once, from its beginning.
"""

from __future__ import annotations

import shutil
from typing import IO, TYPE_CHECKING

from retrain_kit.errors import DataError, Fault
from retrain_kit.files import writing
from retrain_kit.transfer import members as inside
from retrain_kit.transfer.partials import alone
from retrain_kit.transfer.unpacking import Unpacking

if TYPE_CHECKING:
    import io
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    Chain = tuple[str, ...]


def members(path: Path) -> list[str]:
    """Return the names of the files in an archive, in its order.

    Raises
    ------
    DataError
        When the archive cannot be read.
    """
    with inside.reading(path) as file:
        return [member.name for member in inside.members(file) if member.kind in inside.FILES]


def content(path: Path, chain: str | Chain) -> bytes:
    """Return the content of one member.

    Raises
    ------
    DataError
        When the archive cannot be read, or has no such member.
    """
    with inside.reading(path) as file:
        for _, stream in _found(file, {_chain(chain)}):
            return stream.read()
    raise DataError(_absent(path, _chain(chain)))


def extract(path: Path, wanted: Mapping[str, Path] | Mapping[Chain, Path]) -> None:
    """Write single members to files, each whole or not at all.

    Parameters
    ----------
    path
        The archive.
    wanted
        Where each goes, by its name or by the chain of names that leads to it. Of several members of one
        name the first counts.

    Raises
    ------
    DataError
        When the archive cannot be read, or with all members that it does not have; the others are
        written.
    """
    left = {_chain(name): place for name, place in wanted.items()}
    with inside.reading(path) as file:
        for chain, stream in _found(file, set(left)):
            with writing(left.pop(chain)) as temporary, temporary.open("wb") as target:
                inside.copy(stream, target)
    if left:
        raise DataError(*(_absent(path, chain) for chain in left))


def unpack(path: Path, folder: Path) -> Path:
    """Unpack everything into a folder, whole or not at all; a folder that has something in it is left alone.

    Raises
    ------
    DataError
        When the archive cannot be read, or with all its members that may not be unpacked: those that
        climb out of the folder, links that lead out, devices, encrypted ones, two of one name, and more
        than the disk has space for. Nothing is written then.
    """
    with alone(folder):
        if not (folder.is_dir() and any(folder.iterdir())):
            _unpack(path, folder)
    return folder


def _unpack(path: Path, folder: Path) -> None:
    new = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(new, ignore_errors=True)
    try:
        with inside.reading(path) as file:
            new.mkdir()
            unpacking = Unpacking(path, new)
            for member in inside.members(file):
                unpacking.take(member)
            unpacking.finish()
            if unpacking.faults:
                raise DataError(*unpacking.faults)
            new.replace(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _chain(name: str | Chain) -> Chain:
    return (name,) if isinstance(name, str) else tuple(name)


def _absent(path: Path, chain: Chain) -> Fault:
    return Fault(str(path), f"no member {' → '.join(chain)}", "one of that name")


def _found(file: io.BufferedReader, wanted: Collection[Chain]) -> Iterator[tuple[Chain, IO[bytes]]]:
    """Give the chain and the content of each member that is wanted, in the archive's order."""
    tails: dict[str, set[Chain]] = {}
    for chain in wanted:
        tails.setdefault(chain[0], set()).add(chain[1:])
    for member in inside.members(file) if tails else ():
        if here := tails.pop(member.name, None):
            for tail, stream in _within(member, here):
                yield (member.name, *tail), stream
        if not tails:
            return


def _within(member: inside.Member, tails: set[Chain]) -> Iterator[tuple[Chain, IO[bytes]]]:
    """Give what is wanted of one member: its content, for the empty chain, or what lies in it."""
    with member.open() as stream:
        if tails == {()}:
            yield (), stream
            return
        with inside.nested(stream, again=() in tails) as file:
            if () in tails:
                yield (), file
                file.seek(0)
            yield from _found(file, tails - {()})
