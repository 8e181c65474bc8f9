"""WordNet 3.0: the nouns, as its own distribution writes them, or as an extract in JSON.

The form is told from the file's name:

* `data.noun`, the file in `dict/` of the distribution, or a folder that holds it;
* a `.tar.gz`, `.tgz` or `.tar` that holds it, as `WordNet-3.0.tar.gz` and `WNdb-3.0.tar.gz` do;
* `.json` or `.json.gz`: id → `lemmas`, `gloss`, `hypernyms`. An extract may end below the top.

Beside `data.noun`, in the folder or the archive, `index.noun` has the names of senses that other data sets
give: clock.n.01 is the first meaning of *clock*.

An id is `n` and the eight digits of the synset's offset in `data.noun`. Offsets are of one version:
ImageNet's ids are those of 3.0, and in 3.1 the same numbers mean other things or nothing. A file that says it
is of another version is refused, and so is one that says nothing and in which the ids of `LANDMARKS` mean
something else.

Parents are the hypernyms (`@`: a crane is a kind of wading bird) and the instance hypernyms (`@i`: Hart Crane
is an instance of a poet), in the order of the file; an extract does not tell the two apart.
"""

from __future__ import annotations

import gzip
import json
import re
import tarfile
import zlib
from typing import TYPE_CHECKING, Any

from retrain_kit.annotations.notices import WORDNET as NOTICE
from retrain_kit.annotations.taxonomy import Synset, Taxonomy
from retrain_kit.datasets.formats import values
from retrain_kit.errors import DataError, Fault, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOUNS_FILE, INDEX_FILE = "data.noun", "index.noun"
VERSION = "3.0"
LANDMARKS = {"n02084071": "dog", "n03126707": "crane", "n07747607": "orange"}
"""What some ids mean in 3.0. In a whole file of another version the same places hold something else."""
_WHOLE = 50_000
"""A file with so many synsets is no extract."""
HYPERNYM, INSTANCE_HYPERNYM = "@", "@i"
POINTER_FIELDS = 4
_ITS_OWN = "The ids are places in the file, and every version has its own."
SYNSET_ID = re.compile(r"n[0-9]{8}")
_BROKEN = (OSError, EOFError, ValueError, RecursionError, tarfile.TarError, zlib.error)


def read_nouns(path: Path) -> Taxonomy:
    """Return the nouns of WordNet 3.0 in a file.

    Raises
    ------
    DataError
        When there is no such file or it is of another version, or with every line that is no synset and every
        hypernym that the file does not hold.
    """
    try:
        if path.name.endswith((".json", ".json.gz")):
            return _from_extract(json.loads(_bytes(path), object_pairs_hook=values.once), str(path))
        return _from_data(_bytes(path).decode(), str(path))
    except _BROKEN as error:
        fault = Fault(
            str(path),
            f"no WordNet ({reason_of(error)})",
            f"{NOUNS_FILE} of WordNet {VERSION}",
            "Is the file whole?",
        )
        raise DataError(fault) from None


def read_senses(path: Path) -> dict[str, str]:
    """Return the ids of synsets by the names of senses, as clock.n.01; none where there is no `index.noun`.

    Raises
    ------
    DataError
        When the file cannot be read, or with every line that is none of an index.
    """
    if path.name.endswith((".json", ".json.gz")):
        return {}
    try:
        text = _bytes(path, INDEX_FILE).decode()
    except (FileNotFoundError, _NoMemberError):
        return {}
    except _BROKEN as error:
        fault = Fault(str(path), f"no index ({reason_of(error)})", INDEX_FILE, "Is the file whole?")
        raise DataError(fault) from None
    found, faults = {}, []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith(" ") or not line.strip():
            continue
        try:
            lemma, _, count, *rest = line.split()
            for sense, offset in enumerate(rest[len(rest) - int(count) :], start=1):
                found[f"{lemma}.n.{sense:02}"] = f"n{offset}"
        except ValueError:
            expected = "a word with the places of its meanings"
            faults.append(Fault(f"{path}, {INDEX_FILE}, line {number}", repr(line[:60]), expected))
    if faults:
        raise DataError(*faults)
    return found


class _NoMemberError(ValueError):
    """An archive has no such file."""


def _bytes(path: Path, wanted: str = NOUNS_FILE) -> bytes:
    """Return one of WordNet's files: itself, in a folder, in an archive, or beside the one that is named."""
    if path.name.endswith((".tar.gz", ".tgz", ".tar")):
        return _member(path, wanted)
    if path.is_dir() or wanted != NOUNS_FILE:
        folder = path if path.is_dir() else path.parent
        places = (folder / wanted, folder / "dict" / wanted)
        return next((each for each in places if each.is_file()), places[0]).read_bytes()
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _member(path: Path, wanted: str) -> bytes:
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and member.name.rpartition("/")[2] == wanted:
                return archive.extractfile(member).read()  # type: ignore[union-attr] # it is a file
    raise _NoMemberError(f"no {wanted} in it")


def _from_data(text: str, where: str) -> Taxonomy:
    """Return the synsets of a `data.noun`; lines that begin with a space are its licence."""
    version = re.search(r"^ .*WordNet ([0-9.]+[0-9]) Copyright", text, re.MULTILINE)
    if version and version[1] != VERSION:
        raise DataError(Fault(where, f"WordNet {version[1]}", f"WordNet {VERSION}", _ITS_OWN))
    synsets, faults = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.startswith(" "):
            continue
        try:
            synsets.append(_synset(line))
        except (ValueError, IndexError):
            faults.append(Fault(f"{where}, line {number}", repr(line[:60]), "a noun as WordNet writes it"))
    if not synsets and not faults:
        faults.append(Fault(where, "no synset", f"{NOUNS_FILE} of WordNet {VERSION}"))
    taxonomy = _indexed(synsets, where, faults, _notice(text))
    missing = taxonomy.missing if not faults else ()
    faults = faults or [Fault(where, f"no synset {name}", "all hypernyms that it names") for name in missing]
    faults = faults or [*_other_meanings(taxonomy, where)]
    if faults:
        raise DataError(*faults)
    return taxonomy


def _other_meanings(taxonomy: Taxonomy, where: str) -> Iterator[Fault]:
    """Yield a fault where the ids are those of another version."""
    for name, word in LANDMARKS.items():
        known = name in taxonomy
        if (known or len(taxonomy) > _WHOLE) and not (known and word in taxonomy.synset(name).lemmas):
            found = f"{taxonomy.synset(name)}" if known else f"no synset {name}"
            yield Fault(where, found, f"{word}, as WordNet {VERSION} has it", _ITS_OWN)
            return


def _synset(line: str) -> Synset:
    """Return the synset of a line: offset, file, type, words (counted in hexadecimal), pointers, gloss."""
    head, bar, gloss = line.partition(" | ")
    offset, _, kind, count, *fields = head.split()
    words, (number, *pointers) = fields[: 2 * int(count, 16)], fields[2 * int(count, 16) :]
    name = f"n{offset}"
    if not bar or kind != "n" or not SYNSET_ID.fullmatch(name) or not words:
        raise ValueError(line)
    if len(pointers) != POINTER_FIELDS * int(number):
        raise ValueError(line)
    ways = [*zip(pointers[::POINTER_FIELDS], pointers[1::POINTER_FIELDS], strict=True)]
    parents = tuple(f"n{target}" for symbol, target in ways if symbol in (HYPERNYM, INSTANCE_HYPERNYM))
    instance_of = tuple(f"n{target}" for symbol, target in ways if symbol == INSTANCE_HYPERNYM)
    return Synset(name, tuple(words[::2]), gloss.strip(), parents, instance_of=instance_of)


def _from_extract(table: object, where: str) -> Taxonomy:
    if not isinstance(table, dict):
        raise DataError(Fault(where, "no object", "synsets by their ids"))
    faults = []
    synsets = []
    for name, row in table.items():
        if _whole(name, row):
            synsets.append(Synset(name, tuple(row["lemmas"]), row["gloss"], tuple(row["hypernyms"])))
        else:
            expected = f"n and 8 digits, with lemmas, gloss and hypernyms, not {json.dumps(row)[:60]}"
            faults.append(Fault(f"{where}, {name}", "no synset", expected))
    if faults:
        raise DataError(*faults)
    taxonomy = Taxonomy(synsets, notice=NOTICE)
    if other := [*_other_meanings(taxonomy, where)]:
        raise DataError(*other)
    return taxonomy


def _whole(name: str, row: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    if not SYNSET_ID.fullmatch(name) or not isinstance(row, dict) or not isinstance(row.get("gloss"), str):
        return False
    lists = [row.get("lemmas"), row.get("hypernyms")]
    return all(isinstance(each, list) and all(isinstance(word, str) for word in each) for each in lists)


def _notice(text: str) -> str:
    """Return the licence at the head of the file, which goes wherever its words go."""
    head = re.match(r"(?: .*\n)*", text)
    lines = [re.sub(r"^ +[0-9]+ ?", "", line).rstrip() for line in head[0].splitlines()] if head else []
    return "\n".join(lines).strip()


def _indexed(synsets: list[Synset], where: str, faults: list[Fault], notice: str) -> Taxonomy:
    try:
        return Taxonomy(synsets, notice=notice)
    except DataError as error:
        faults += [Fault(f"{where}, {fault.where}", fault.found, fault.expected) for fault in error.faults]
        return Taxonomy(())
