"""What is shown: voices, the archive and places of work, as far as their terms allow, and how many are not.

The archive is ordered by what strategies answer. An entry of it has words and footnotes, and nothing else: no
pseudonym, no day, no id, no client, no image. Two entries of one person are two entries.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrain_kit.answers import deriving
from retrain_kit.answers.records import utc_timestamp
from retrain_kit.errors import KitError
from retrain_kit.exercises.living_with_images.returns import file_types, metadata
from retrain_kit.exercises.living_with_images.returns.cleaning import CleanedFile
from retrain_kit.exercises.living_with_images.returns.exhibition import PieceFootnote, ShownFile
from retrain_kit.exercises.voices import terms as agreements
from retrain_kit.exercises.voices import voices as kept
from retrain_kit.exercises.voices.terms import ARCHIVE, UNVEILED, WITHDRAWAL
from retrain_kit.exercises.voices.voices import STRATEGY, TESTIMONY, WORKPLACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from retrain_kit.answers import Record
    from retrain_kit.exercises.voices.study import VoicesStudy
    from retrain_kit.exercises.voices.terms import Terms
    from retrain_kit.exercises.voices.voices import Voices


@dataclass(frozen=True)
class ShownVoice:
    """What somebody said, with its terms.

    Parameters
    ----------
    who, day
        What they call themselves, else their pseudonym; and when it was kept.
    text, language
        Their words; of a sound its transcript.
    terms
        Under which it is shown.
    client
        The code name of whom they worked for; empty where nobody has said.
    images
        Ids of images that it is about.
    media
        A sound, or a picture; None without one.
    missing
        Why a file that was given is not shown; empty where none is missing.
    notes
        Footnotes by the same person.
    """

    who: str
    day: str
    text: str
    language: str
    terms: Terms
    client: str = ""
    images: tuple[str, ...] = ()
    media: ShownFile | None = None
    missing: str = ""
    notes: tuple[PieceFootnote, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether there is something to be heard."""
        return self.media is not None and self.media.kind.kind == file_types.SOUND

    @property
    def is_veiled(self) -> bool:
        """Whether its picture is kept as coarse colours alone."""
        return UNVEILED not in self.terms.agreed


@dataclass(frozen=True)
class Strategy:
    """A small strategy as it stands in the archive: words, and footnotes without their day."""

    text: str
    language: str
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Situation:
    """What strategies answer, and those that do."""

    word: str
    meaning: str
    strategies: tuple[Strategy, ...]


@dataclass(frozen=True)
class ShownVoices:
    """All that is shown of a study of voices for one use on one day.

    Parameters
    ----------
    ends
        The last day on which all of it may be shown; empty where no terms have an end.
    withheld
        By the reason for which something is not shown, how many there are.
    withdrawn
        How much was withdrawn from the whole store.
    record_ids
        The ids of all records and footnotes in it.
    """

    study: VoicesStudy
    use: str
    day: str
    testimonies: tuple[ShownVoice, ...]
    workplaces: tuple[ShownVoice, ...]
    situations: tuple[Situation, ...]
    ends: str = ""
    withheld: Mapping[str, int] = field(default_factory=dict)
    withdrawn: int = 0
    record_ids: tuple[str, ...] = ()
    demonstration: bool = False


def build_shown(voices: Voices, study: VoicesStudy, use: str, day: str = "") -> ShownVoices:
    """Return what may be shown of a study's voices for a use.

    Parameters
    ----------
    day
        On which it is shown, as `2026-11-30`; today where it is empty.

    Raises
    ------
    ParameterError
        When there is no such use.
    """
    agreements.check_view(use)
    day = day or utc_timestamp()[:10]
    withheld: Counter[str] = Counter()
    allowed: dict[str, list[Record]] = {TESTIMONY: [], STRATEGY: [], WORKPLACE: []}
    for record in voices.records():
        why = _why_not(record, use, day)
        if why:
            withheld[why] += 1
        else:
            allowed[kept.kind_of(record)].append(record)
    every = [record for records in allowed.values() for record in records]
    return ShownVoices(
        study,
        use,
        day,
        tuple(_voice(record, voices) for record in allowed[TESTIMONY]),
        tuple(_voice(record, voices) for record in allowed[WORKPLACE]),
        _archive(allowed[STRATEGY], study),
        _first_end(every),
        dict(sorted(withheld.items())),
        len(voices.store.withdrawals()),
        tuple(deriving.ids_of(every)),
        voices.store.demonstration,
    )


def _first_end(records: Iterable[Record]) -> str:
    days = (kept.terms_of(record).until for record in records)
    return min((day for day in days if day != WITHDRAWAL), default="")


def _why_not(record: Record, use: str, day: str) -> str:
    kind, terms = kept.kind_of(record), kept.terms_of(record)
    if not kind:
        return "of a kind that this version of the kit does not know"
    why = terms.why_not(use, day)
    if not why and kind == STRATEGY and ARCHIVE not in terms.agreed:
        return "a small strategy, and not agreed to: archive"
    return why


def _voice(record: Record, voices: Voices) -> ShownVoice:
    details = record.details
    media, missing = _media(record, voices)
    text = record.text if "file" not in details or details.get("words") else ""
    return ShownVoice(
        kept.text_of(details, "pseudonym") or record.who,
        record.when[:10],
        text,
        record.language,
        kept.terms_of(record),
        kept.text_of(details, "client"),
        record.asked.images,
        media,
        missing,
        tuple(PieceFootnote(note.text, note.language, note.when[:10]) for note in record.footnotes),
    )


def _media(record: Record, voices: Voices) -> tuple[ShownFile | None, str]:
    """Return a record's file, or why it is not shown; what it is is looked up anew, whatever is stated."""
    if "file" not in record.details:
        return None, ""
    path = voices.file(record)
    if not path:
        return None, "The file is not here."
    try:
        kind = file_types.detect_type(path)
        data, remark = metadata.remove_metadata(path.read_bytes(), kind.media_type)
        if kind.kind == file_types.IMAGE and UNVEILED not in kept.terms_of(record).agreed:
            coarse = kept.veiled(CleanedFile(data, kind))
            data, kind = coarse.data, coarse.kind
    except KitError:
        return None, "The file cannot be shown."
    if not data or kind.kind not in (file_types.SOUND, file_types.IMAGE):
        return None, "The file cannot be shown."
    return ShownFile(kind, data, remark), ""


def _archive(records: Iterable[Record], study: VoicesStudy) -> tuple[Situation, ...]:
    """Return what each situation was answered with, in the order of the words, which tells of nobody."""
    found: dict[str, list[Strategy]] = {word: [] for word in study.situations}
    for record in records:
        notes = tuple((note.text, note.language) for note in record.footnotes)
        stated = record.details.get("answers")
        for word in stated if isinstance(stated, list) else ():
            if isinstance(word, str):
                found.setdefault(word, []).append(Strategy(record.text, record.language, notes))
    return tuple(
        Situation(word, study.situations.get(word, ""), tuple(sorted(each, key=lambda one: one.text)))
        for word, each in found.items()
    )
