"""Claims: whether a record is here, and whether it belongs to whoever says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.answers.entries import FOOTNOTE, WITHDRAWAL
from retrain_kit.errors import Fault, ParameterError

if TYPE_CHECKING:
    from retrain_kit.answers.authors import Author
    from retrain_kit.answers.entries import Entry
    from retrain_kit.answers.indexes import Index


def here(index: Index, name: str) -> list[Entry]:
    """Return the answers or footnotes of an id."""
    return [entry for entry in index.about(name) if entry.id == name]


def opens(author: Author, entry: Entry) -> bool:
    """Say whether an answer or a footnote is an author's own."""
    return entry.locks.get(entry.id) == author.lock(entry.id)


def own(index: Index, name: str, author: Author, *kinds: str) -> Entry:
    """Return an author's own answer or footnote.

    Raises
    ------
    ParameterError
        When there is none of this id and one of these kinds, or it is another's.
    """
    found = [entry for entry in here(index, name) if entry.kind in kinds]
    if not found:
        raise ParameterError(missing(index, name))
    for entry in found:
        if opens(author, entry):
            return entry
    do = "Only who said it can amend or withdraw it."
    raise ParameterError(Fault("key", "another one", "the key that its author was handed", do))


def all_of(index: Index, author: Author) -> list[str]:
    """Return the ids of an author's answers, and of those footnotes that wait for one."""
    said = [entry.id for entry in index.entries(who=author.who) if opens(author, entry)]
    notes = (entry for entry in index.entries(kind=FOOTNOTE) if entry.of not in said)
    return [*said, *(entry.id for entry in notes if opens(author, entry))]


def made_by(index: Index, author: Author) -> list[Entry]:
    """Return what an author has said, amended and withdrawn."""
    said = [*index.entries(who=author.who), *index.entries(kind=FOOTNOTE)]
    gone = (entry for entry in index.withdrawals() if entry.fields["proof"] == author.proof(entry.of))
    return [*(entry for entry in said if opens(author, entry)), *gone]


def kept(index: Index, new: Entry) -> Entry | None:
    """Return what an earlier request of the same has kept; None where there was none.

    Raises
    ------
    ParameterError
        When the id stands for something else, or for something that was withdrawn.
    """
    taken = [entry for entry in index.about(new.id) if entry.kind == WITHDRAWAL or entry.id == new.id]
    for entry in taken:
        if _timeless(entry) == _timeless(new):
            return entry
    if taken:
        raise ParameterError(Fault("once", "an id of something else", "a new one for each answer"))
    return None


def kinds(index: Index, name: str, author: Author) -> set[str]:
    """Return of which kinds an author's own entries of an id are: said, amended, or withdrawn."""
    about = index.about(name)
    said = {entry.kind for entry in about if entry.id == name and opens(author, entry)}
    gone = (entry for entry in about if entry.kind == WITHDRAWAL)
    return said | {entry.kind for entry in gone if entry.fields["proof"] == author.proof(name)}


def missing(index: Index, name: str) -> Fault:
    """Return the fault of an id that cannot be found."""
    withdrawn = any(entry.kind == WITHDRAWAL for entry in index.about(name))
    return Fault("record", f"{name!r}, {'withdrawn' if withdrawn else 'not here'}", "one of this store")


def _timeless(entry: Entry) -> dict[str, object]:
    """Return what an entry says, whenever it came: a request that comes again comes later."""
    agreed = {"consent": {**entry.fields["consent"], "when": ""}} if "consent" in entry.fields else {}
    return {**entry.fields, **agreed, "when": ""}
