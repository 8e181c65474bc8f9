"""Unpacking a whole archive: what may be written, and where."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from retrain_kit.errors import Fault
from retrain_kit.transfer import members

if TYPE_CHECKING:
    from retrain_kit.transfer.members import Member


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
            members.copy(source, target)

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
        do = "Nothing was written. Is this the archive that the data set's makers distribute?"
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
