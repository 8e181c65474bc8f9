"""Data access: how a data set is obtained, and which files a study takes from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.studies.disclosure import list_of_texts, shown, texts_of
from retrain_kit.studies.sampling import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCESS_STATUSES = ("open", "on request", "gone", "withdrawn")
_DIGITS = {"sha256": 64, "md5": 32}


@dataclass(frozen=True)
class Access:
    """How a data set can be obtained.

    Parameters
    ----------
    status
        `open` (anybody can fetch it), `on request` (by registration or by asking), `gone` (no longer
        offered at its source) or `withdrawn` (taken back by its authors).
    how
        What to do, or why nothing can be done, in sentences.
    stated
        Whether the manifest says so; without a word of it `open` is taken, so that it may be tried.
    """

    status: str = "open"
    how: str = ""
    stated: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Publication:
    """Who published a data set, when and where; empty where that is not known.

    Parameters
    ----------
    url
        Its page.
    persons, organisations
        Its authors, by name.
    published
        A day, or a year.
    cite
        The text that describes it, as one quotes it.
    """

    url: str = ""
    persons: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    published: str = ""
    cite: str = ""


@dataclass(frozen=True)
class Download:
    """One file that a study takes from the web.

    Parameters
    ----------
    name
        The reader's name for it.
    url
        Where it is; empty where it cannot be fetched and has to be brought.
    file
        Where it goes, below the study's folder.
    sha256, md5
        What its content must be, in hexadecimal digits; empty where nobody has said so yet.
    unpack
        The folder, below the study's folder, that an archive is unpacked into; empty to leave it as it is.
    """

    name: str
    url: str
    file: str
    sha256: str = ""
    md5: str = ""
    unpack: str = ""

    @property
    def result(self) -> str:
        """What the reader reads, below the study's folder: the file, or what was unpacked."""
        return self.unpack or self.file


def parse_access(table: Mapping[str, Any], where: str, faults: list[Fault]) -> Access:
    """Return how the data set can be obtained, as the manifest's table `[access]` says; list its faults."""
    texts = texts_of(table, ("status", "how"), where, faults)
    found = Access(texts["status"] if "status" in table else "open", texts["how"], stated=bool(table))
    if found.status not in ACCESS_STATUSES:
        faults.append(Fault(f"{where}, status", repr(found.status), f"one of {', '.join(ACCESS_STATUSES)}"))
    if found.status != "open" and not found.how:
        faults.append(Fault(f"{where}, how", "nothing", "how to obtain it, or why that cannot be"))
    return found


def parse_publication(table: Mapping[str, Any], where: str, faults: list[Fault]) -> Publication:
    """Return who published the data set, as the manifest's table `[publication]` says; list its faults."""
    unknown = sorted(table.keys() - Publication.__dataclass_fields__.keys())
    faults += [Fault(f"{where}, {key}", repr(table[key]), "a field of a publication") for key in unknown]
    persons, organisations = (
        list_of_texts(table, key, where, faults, "names") for key in ("persons", "organisations")
    )
    texts = texts_of(table, ("url", "cite"), where, faults)
    published = texts_of(table, ("published",), where, faults, (int, date))["published"]
    return Publication(texts["url"], persons, organisations, published, texts["cite"])


def parse_downloads(tables: Mapping[str, Any], where: str, faults: list[Fault]) -> dict[str, Download]:
    """Return the downloads that the manifest's tables `[downloads.NAME]` describe; list their faults."""
    found = {}
    for name, table in tables.items():
        place = f"{where}, {name}"
        if not isinstance(table, dict):
            faults.append(Fault(place, repr(table), "a table with url and file"))
            continue
        texts = texts_of(table, tuple(table), place, faults)
        faults += _download_faults(texts, place)
        known = {key: texts.get(key, "") for key in Download.__dataclass_fields__ if key != "name"}
        found[name] = Download(name, **known)
    return found


def parse_rule(table: Mapping[str, Any], where: str, faults: list[Fault]) -> Rule | None:
    """Return the rule of a study's draw, as the manifest's table `[draw]` says; list its faults."""
    if not table:
        return None
    unknown = sorted(table.keys() - Rule.__dataclass_fields__.keys())
    faults += [Fault(f"{where}, {key}", repr(table[key]), "only n, seed, labels, subset") for key in unknown]
    numbers = {key: table.get(key) for key in ("n", "seed")}
    wrong = [key for key, value in numbers.items() if not isinstance(value, int) or isinstance(value, bool)]
    faults += [Fault(f"{where}, {key}", repr(numbers[key]), "a whole number") for key in wrong]
    labels = table.get("labels", [])
    if not (isinstance(labels, list) and all(isinstance(label, str) for label in labels)):
        faults.append(Fault(f"{where}, labels", shown(labels), "a list of words"))
        return None
    subset = texts_of(table, ("subset",), where, faults)["subset"]
    if wrong or unknown:
        return None
    try:
        return Rule(table["n"], table["seed"], tuple(labels), subset)
    except ParameterError as error:
        faults += [Fault(f"{where}, {fault.where}", fault.found, fault.expected) for fault in error.faults]
        return None


def _download_faults(texts: Mapping[str, str], where: str) -> list[Fault]:
    unknown = sorted(texts.keys() - Download.__dataclass_fields__.keys())
    faults = [Fault(f"{where}, {key}", repr(texts[key]), "a field of a download") for key in unknown]
    if not texts.get("file"):
        faults.append(Fault(f"{where}, file", "nothing", "where the file goes, below the study's folder"))
    if texts.get("url") and not re.match(r"https?://", texts["url"]):
        faults.append(Fault(f"{where}, url", repr(texts["url"]), "an address that begins with http(s)://"))
    for key, digits in _DIGITS.items():
        if texts.get(key) and not re.fullmatch(f"[0-9a-f]{{{digits}}}", texts[key]):
            faults.append(Fault(f"{where}, {key}", repr(texts[key]), f"{digits} hexadecimal digits"))
    return faults
