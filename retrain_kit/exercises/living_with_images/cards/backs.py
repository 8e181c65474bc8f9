"""Backs: what is said of a card's image, and who says it; what nobody says is said to be so.

On the card itself stand its code and the data set alone: people are asked what they see before they are told.
The rest is on the sheet of answers, and what `retrain-kit card CODE` says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrain_kit.analysis import trajectories
from retrain_kit.annotations.samples import UNKNOWN
from retrain_kit.annotations.works import work_of_sample
from retrain_kit.storage.languages import gettext, marked
from retrain_kit.studies import codes

if TYPE_CHECKING:
    from retrain_kit.annotations.samples import Sample
    from retrain_kit.display.cards import Fact
    from retrain_kit.studies.manifests import Manifest

NOT_SAID = marked("not said")
MAX_TEXT_CHARS, MAX_WORD_ROWS, MAX_RUN_CHARS = 900, 10, 24
_BREAKS = re.compile(r"([/?&=_.,;:+%-])(?=[^\s\u200b])")
_RUN = re.compile(rf"([^\s\u200b]{{{MAX_RUN_CHARS}}})(?=[^\s\u200b])")
_ZERO_SPACE = "\u200b"


@dataclass(frozen=True)
class CardBack:
    """What belongs to a card.

    Parameters
    ----------
    code
        The card's code, which leads back to all that is known of the image.
    rows
        What is said, by what it is about; texts are cut, and then end in an ellipsis. The data set is first.
    """

    code: str
    rows: tuple[tuple[str, str], ...]

    @property
    def printed(self) -> tuple[tuple[str, str], ...]:
        """What stands on the card: the data set, and nothing that tells what is to be seen."""
        return self.rows[:1]


def card_back(sample: Sample, manifest: Manifest) -> CardBack:
    """Return what a study says of an image: where it is from, and which words it carries, from whom."""
    origin = sample.provenance
    way = trajectories.trajectory_card(sample, manifest)
    rows = [
        (gettext("Data set"), _data_set(manifest)),
        (gettext("Image"), sample.id),
        *((gettext("Title"), fact.answer) for fact in way.facts if fact.question == trajectories.TITLE),
        (gettext("Author"), _said(origin.author)),
        (gettext("Licence"), _said(origin.licence)),
        (gettext("Source"), _source(sample)),
        *(
            (gettext("Time, by published figures"), fact.answer)
            for fact in way.facts
            if fact.question == trajectories.LIKE_WORK
        ),
        *_words([fact for group in way.groups if group.title == trajectories.WORDS for fact in group.facts]),
    ]
    if sample.notice:
        rows.append((gettext("Notice"), sample.notice))
    return CardBack(
        codes.card_code(manifest.name, sample.id),
        tuple((breakable_text(name), breakable_text(text)) for name, text in rows),
    )


def breakable_text(text: str) -> str:
    """Return a text for a page: cut where it is endless, with places where a long run of signs may break."""
    flat = " ".join(text[: 2 * MAX_TEXT_CHARS].split())
    cut = (
        flat[:MAX_TEXT_CHARS].rstrip() + "…"
        if len(flat) > MAX_TEXT_CHARS or len(text) > 2 * MAX_TEXT_CHARS
        else flat
    )
    words = (_broken(word) if len(word) > MAX_RUN_CHARS else word for word in cut.split(" "))
    return " ".join(words)


def _broken(word: str) -> str:
    """Return a long run of signs with invisible places to break it."""
    return _RUN.sub(rf"\1{_ZERO_SPACE}", _BREAKS.sub(rf"\1{_ZERO_SPACE}", word))


def _data_set(manifest: Manifest) -> str:
    """Return the data set by its name, where it has one of its own, and the study."""
    own = manifest.dataset in {"folder", "images", "works"}
    study = gettext("{title} (study {name})", title=manifest.title, name=manifest.name)
    return study if own else f"{manifest.dataset} {manifest.version}: {study}"


def _said(text: str) -> str:
    return text if text.strip().lower() not in {"", UNKNOWN} else gettext(NOT_SAID)


def _source(sample: Sample) -> str:
    """Return where an image is from; of a work also its credit line, as the museum has it."""
    work = work_of_sample(sample)
    told = [sample.provenance.source, work.credit if work else ""]
    return "; ".join(text for text in told if text.strip().lower() not in {"", UNKNOWN}) or gettext(NOT_SAID)


def _words(facts: list[Fact]) -> list[tuple[str, str]]:
    """Return the words of each kind and annotator, a row each, and how many kinds more there are."""
    if not facts:
        return [(gettext("Words"), gettext("none"))]
    rows = [(fact.question[:1].upper() + fact.question[1:], fact.answer) for fact in facts[:MAX_WORD_ROWS]]
    more = len(facts) - MAX_WORD_ROWS
    return (
        [*rows, (gettext("Words"), gettext("and of {count} kinds or annotators more", count=more))]
        if more > 0
        else rows
    )
