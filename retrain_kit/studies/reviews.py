"""Reviews: what a person decided who looked at each image before it was handed out.

>>> keep_decision(manifest, "bison", "accept")
>>> keep_decision(manifest, "cow", "replace", "too sad for a first class", by="Ana")
>>> load_reviews(manifest).unseen(["bison", "cow", "dog"])
('dog',)

There is one decision an image, and none for many at once: an image that nobody was shown is not seen. An
image whose file has changed since then is another one. Decisions are lines that are added and never
changed; the latest one counts, and an undone one leaves the image unseen. They are kept with the study:
beside its TOML, or for the kit's own studies among the user's data.
"""

from __future__ import annotations

import codecs
import json
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from retrain_kit.answers.records import utc_timestamp
from retrain_kit.errors import DataError, Fault, ParameterError
from retrain_kit.storage import files, locks, texts
from retrain_kit.studies import manifests

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from retrain_kit.studies.manifests import Manifest

ACCEPT, REPLACE, REMOVE, UNDO = "accept", "replace", "remove", "undo"
VERDICTS = (ACCEPT, REPLACE, REMOVE, UNDO)
MAX_FIELD_CHARS = 2_000


@dataclass(frozen=True)
class Decision:
    """What somebody decided on one image that they were shown.

    Parameters
    ----------
    study, image
        The study's name and the image's id in it.
    verdict
        `accept`; `replace`: another one takes its place; `remove`: its place stays empty; `undo`: undecided.
    reason
        Why it is replaced or removed, in a person's own words.
    by
        A name that the person chose; empty where they gave none.
    when
        In UTC, to the second.
    sha256
        The image's digest in the study's table, of which the decision speaks; empty where it was not yet
        computed.
    """

    study: str
    image: str
    verdict: str
    reason: str = ""
    by: str = ""
    when: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Reviews:
    """The decisions that stand on the images of a study, by id."""

    decisions: Mapping[str, Decision]

    @property
    def accepted(self) -> frozenset[str]:
        """The images that may be handed out."""
        return self._with(ACCEPT)

    @property
    def replaced(self) -> frozenset[str]:
        """The images in whose place another one comes."""
        return self._with(REPLACE)

    @property
    def removed(self) -> frozenset[str]:
        """The images whose place stays empty."""
        return self._with(REMOVE)

    def unseen(self, images: Iterable[str]) -> tuple[str, ...]:
        """Return those of the ids on which nobody has decided, in their order."""
        return tuple(image for image in images if image not in self.decisions)

    def _with(self, verdict: str) -> frozenset[str]:
        return frozenset(name for name, each in self.decisions.items() if each.verdict == verdict)


def reviews_path(manifest: Manifest) -> Path:
    """Return the file in which a study's decisions are kept."""
    if manifest.toml.resolve().parent in {folder.resolve() for folder in manifests.KIT_FOLDERS}:
        return manifests.data_folder() / "reviews" / f"{manifest.name}.jsonl"
    return manifest.toml.with_suffix(".reviews.jsonl")


def load_reviews(manifest: Manifest) -> Reviews:
    """Return the decisions that stand on a study's images as they are now.

    Raises
    ------
    DataError
        When lines of the file are no decisions; all of them together.
    """
    digests = _digests(manifest)
    last: dict[str, Decision] = {}
    for each in sorted(read_decisions(reviews_path(manifest)), key=lambda each: each.when):
        image = manifest.shown_id(each.image)
        if image in digests and each.sha256 in {"", digests[image]}:
            last[image] = replace(each, image=image)
    return Reviews({name: each for name, each in last.items() if each.verdict != UNDO})


def keep_decision(
    manifest: Manifest, image: str, verdict: str, reason: str = "", *, by: str = ""
) -> Decision:
    """Keep what somebody decided on an image they were shown; it is on the disk when this returns.

    Raises
    ------
    ParameterError
        When there is no such image or verdict, or no reason for replacing or removing; all faults together.
    DataError
        When it cannot be written; nothing is changed then.
    """
    digest = _digests(manifest).get(image, "")
    decision = Decision(manifest.name, image, verdict, reason.strip(), by.strip(), utc_timestamp(), digest)
    _keep(manifest, [decision], known=False)
    return decision


def keep_decisions(manifest: Manifest, decisions: Iterable[Decision]) -> int:
    """Keep decisions that were made elsewhere, as on a page, each once; return how many are new.

    Raises
    ------
    ParameterError, DataError
        As `keep_decision`, with the faults of all of them; then none is kept.
    """
    return _keep(manifest, list(decisions), known=True)


def decision_faults(manifest: Manifest, decisions: Iterable[Decision]) -> list[Fault]:
    """Return all that is wrong with decisions on images of a study."""
    digests = _digests(manifest)
    return [fault for each in decisions for fault in _faults(each, manifest.name, digests)]


def read_decisions(path: Path) -> list[Decision]:
    """Return all decisions of a file, in its order; none where there is no file.

    Raises
    ------
    DataError
        When lines are no decisions; all of them together.
    """
    try:
        whole = path.read_bytes()
    except FileNotFoundError:
        return []
    found, wrong = [], []
    *lines, last = _lines(path, whole)
    for number, line in enumerate([*lines, last] if _is_whole(last) else lines, start=1):
        try:
            found += [_decision(line)] if line.strip() else []
        except (TypeError, ValueError, RecursionError):
            do = "Mend the line, or take it out: what it said is then to be decided anew."
            wrong.append(Fault(f"{path}, line {number}", "something else", "a decision on an image", do))
    if wrong:
        raise DataError(*wrong)
    return found


def _lines(path: Path, whole: bytes) -> list[bytes]:
    """Return the lines of a file, in UTF-8; the last one is what stands behind the last line break."""
    try:
        return whole.decode(texts.encoding_of_bytes(whole[:4])).encode().split(b"\n")
    except UnicodeError:
        if whole.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise DataError(Fault(str(path), "no whole text", "decisions, a line each, in UTF-8")) from None
        return whole.split(b"\n")


def _is_whole(line: bytes) -> bool:
    """Say whether a line without a line break is a decision; else a killed process left it half-written."""
    with suppress(TypeError, ValueError, RecursionError):
        return bool(_decision(line))
    return False


def decision_lines(decisions: Iterable[Decision]) -> bytes:
    """Return decisions as the file has them, one JSON object a line."""
    stated = (json.dumps(asdict(each), ensure_ascii=False, sort_keys=True) for each in decisions)
    return b"".join(line.encode() + b"\n" for line in stated)


def _keep(manifest: Manifest, decisions: Sequence[Decision], *, known: bool) -> int:
    """Put decisions on the disk, without those that are there already where `known` asks for it."""
    found = decision_faults(manifest, decisions)
    if found:
        raise ParameterError(*found)
    path = reviews_path(manifest)
    with files.explaining_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with locks.exclusive_lock(path.with_suffix(".lock")):
            there = set(read_decisions(path)) if known else set()
            fresh = [each for each in dict.fromkeys(decisions) if each not in there]
            _append(path, fresh)
    return len(fresh)


def _digests(manifest: Manifest) -> dict[str, str]:
    return {image.id: image.sha256 for image in manifest.images}


def _append(path: Path, decisions: Sequence[Decision]) -> None:
    """Put decisions at the end, in place of what a killed process left half-written there."""
    with path.open("a+b") as file:
        file.seek(0)
        whole = file.read()
        *lines, last = _lines(path, whole)
        if _is_whole(last) or not texts.encoding_of_bytes(whole[:4]).startswith("utf-8"):
            files.write_lines(path, [*lines, last] if _is_whole(last) else lines)
        else:
            file.truncate(whole.rfind(b"\n") + 1)
    with files.appending_lines(path, decision_lines(decisions).splitlines()):
        pass


def _decision(line: bytes) -> Decision:
    stated: Any = json.loads(line)
    if not isinstance(stated, dict) or not all(isinstance(value, str) for value in stated.values()):
        raise TypeError
    decision = Decision(**stated)
    if decision.verdict not in VERDICTS:
        raise ValueError
    decision_lines([decision])
    return decision


def _faults(decision: Decision, study: str, digests: Mapping[str, str]) -> list[Fault]:
    faults = []
    if decision.study != study or decision.image not in digests:
        found = f"{decision.image!r} of {decision.study!r}"
        faults.append(Fault("image", found, f"one of the study {study}"))
    elif decision.sha256 not in {"", digests[decision.image]}:
        do = "Look at it again: its file is another one by now."
        faults.append(Fault(f"image {decision.image}", "another file", "the one in the study's table", do))
    if decision.verdict not in VERDICTS:
        faults.append(Fault("verdict", repr(decision.verdict), f"one of {', '.join(VERDICTS)}"))
    if decision.verdict in (REPLACE, REMOVE) and not decision.reason.strip():
        faults.append(Fault(f"reason, {decision.image}", "nothing", "why, in a word or more"))
    halves = [each.name for each in fields(decision) if not texts.is_writable(getattr(decision, each.name))]
    faults += [Fault(f"{name}, {decision.image!a}", "half a sign", "a text") for name in halves]
    long = [each.name for each in fields(decision) if len(getattr(decision, each.name)) > MAX_FIELD_CHARS]
    faults += [
        Fault(f"{name}, {decision.image}", "a very long text", f"{MAX_FIELD_CHARS} letters") for name in long
    ]
    return faults
