"""Archives as distributed, zip and tar: what is in them, single members, or everything.

A member is named as its archive names it. A chain of names leads into archives within archives:
`("n01440764.tar", "n01440764_18.JPEG")`. Each archive is gone through once, from its beginning.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from retrain_kit.datasets.transfer import archive_members
from retrain_kit.datasets.transfer import archive_members as inside
from retrain_kit.datasets.transfer.resume import exclusive_target
from retrain_kit.errors import DataError, Fault
from retrain_kit.storage.files import writing

if TYPE_CHECKING:
    import io
    from collections.abc import Collection, Iterator, Mapping

    from retrain_kit.datasets.transfer.archive_members import Member

    Chain = tuple[str, ...]


class Unpacking:
    """A folder that members are written into, one after the other, as long as none is refused.

    Links come last, so that nothing is ever written through one.

    Parameters
    ----------
    archive
        The archive, to name it in faults.
    folder
        An empty folder.
    """

    def __init__(self, archive: Path, folder: Path) -> None:
        self.faults: list[Fault] = []
        self._archive = archive
        self._folder = folder
        self._names: set[str] = set()
        self._links: list[Member] = []
        self._free_bytes = shutil.disk_usage(folder).free
        self._size_bytes = 0

    def take(self, member: Member) -> None:
        """Write a member, or refuse it."""
        self.faults += self._refusals(member)
        if self.faults:
            return
        if member.kind == "folder":
            (self._folder / member.name).mkdir(parents=True, exist_ok=True)
        elif member.kind == "file":
            self._write(member)
        else:
            self._links.append(member)

    def finish(self) -> None:
        """Make the links, where nothing was refused."""
        if self.faults:
            return
        for member in sorted(self._links, key=lambda link: link.kind):  # hard links are made before others
            place = self._folder / member.name
            place.parent.mkdir(parents=True, exist_ok=True)
            if member.kind == "link":
                place.symlink_to(member.target)
            else:
                self._link(member, place)
        self.faults += [self._leads_out(link) for link in self._links if self._is_out(link)]

    def _write(self, member: Member) -> None:
        place = self._folder / member.name
        place.parent.mkdir(parents=True, exist_ok=True)
        with member.open() as source, place.open("xb") as target:
            archive_members.copy_content(source, target)

    def _link(self, member: Member, place: Path) -> None:
        source = self._folder / member.target
        if source.is_file():
            place.hardlink_to(source)
        else:
            self.faults.append(self._fault(member, f"a link to {member.target!r}", "a file of the archive"))

    def _refusals(self, member: Member) -> list[Fault]:
        """Return why a member may not be written."""
        faults = []
        if member.kind in ("device", "encrypted file"):
            faults.append(self._fault(member, member.kind, "a file, a folder or a link"))
        if _climbs(member.name):
            faults.append(self._fault(member, "a name that leads elsewhere", "one below the folder"))
        if member.target and self._climbs_from(member):
            faults.append(self._leads_out(member))
        name = str(PurePosixPath(member.name))
        if member.kind != "folder" and name in self._names:
            faults.append(self._fault(member, "a second member of that name", "one of each name"))
        self._names |= {name} if member.kind != "folder" else set()
        return faults + self._size_faults(member)

    def _size_faults(self, member: Member) -> list[Fault]:
        """Return the fault that the disk is too small, once."""
        before, self._size_bytes = self._size_bytes, self._size_bytes + member.size_bytes
        if not before <= self._free_bytes < self._size_bytes:
            return []
        found, expected = (
            f"{self._size_bytes} bytes or more to unpack",
            f"at most {self._free_bytes}, which are free",
        )
        do = "Free some space, or choose a folder on another disk; beware of an archive that swells."
        return [Fault(str(self._archive), found, expected, do)]

    def _climbs_from(self, link: Member) -> bool:
        start = PurePosixPath(link.name).parent if link.kind == "link" else PurePosixPath()
        way = os.path.normpath(start / link.target)
        return _climbs(way) or "\\" in link.target

    def _is_out(self, link: Member) -> bool:
        end = Path(os.path.realpath(self._folder / link.name))  # Path.resolve raises at circles
        return not end.is_relative_to(self._folder.resolve())

    def _leads_out(self, link: Member) -> Fault:
        return self._fault(link, f"a link to {link.target!r}", "one to something below the folder")

    def _fault(self, member: Member, found: str, expected: str) -> Fault:
        do = "Nothing was written. Is this the archive that the data set's authors distribute?"
        return Fault(f"{self._archive}, {member.name!r}", found, expected, do)


def _climbs(name: str) -> bool:
    """Say whether a name leads out of the folder it is joined to, on any system."""
    return (
        not name
        or name.startswith("/")
        or "\\" in name
        or "\0" in name
        or bool(re.match("[A-Za-z]:", name))
        or ".." in PurePosixPath(name).parts
    )


def member_names(path: Path) -> list[str]:
    """Return the names of the files in an archive, in its order.

    Raises
    ------
    DataError
        When the archive cannot be read.
    """
    with inside.open_archive(path) as file:
        return [member.name for member in inside.read_members(file) if member.kind in inside.FILE_KINDS]


def member_content(path: Path, chain: str | Chain) -> bytes:
    """Return the content of one member.

    Raises
    ------
    DataError
        When the archive cannot be read, or has no such member.
    """
    with inside.open_archive(path) as file:
        for _, stream in _found(file, {_chain(chain)}):
            return stream.read()
    raise DataError(_absent(path, _chain(chain)))


def extract_members(path: Path, wanted: Mapping[str, Path] | Mapping[Chain, Path]) -> None:
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
    with inside.open_archive(path) as file:
        for chain, stream in _found(file, set(left)):
            with writing(left.pop(chain)) as temporary, temporary.open("wb") as target:
                inside.copy_content(stream, target)
    if left:
        raise DataError(*(_absent(path, chain) for chain in left))


def unpack_archive(path: Path, folder: Path) -> Path:
    """Unpack everything into a folder, whole or not at all; a folder that has something in it is left alone.

    Raises
    ------
    DataError
        When the archive cannot be read, or with all its members that may not be unpacked: those that
        climb out of the folder, links that lead out, devices, encrypted ones, two of one name, and more
        than the disk has space for. Nothing is written then.
    """
    with exclusive_target(folder):
        if not (folder.is_dir() and any(folder.iterdir())):
            _unpack(path, folder)
    return folder


def _unpack(path: Path, folder: Path) -> None:
    new = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(new, ignore_errors=True)
    try:
        with inside.open_archive(path) as file:
            new.mkdir()
            unpacking = Unpacking(path, new)
            for member in inside.read_members(file):
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
    for member in inside.read_members(file) if tails else ():
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
        with inside.open_nested(stream, again=() in tails) as file:
            if () in tails:
                yield (), file
                file.seek(0)
            yield from _found(file, tails - {()})
