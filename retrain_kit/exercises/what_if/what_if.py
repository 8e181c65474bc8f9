"""*What If…?*: what might exist in the blank area, and how likely it seems.

>>> exercise = WhatIf(store, "embedded-sample")
>>> said = exercise.add(BlankPlace("bison"), "mist", "likely", Voice(consent))
>>> exercise.range(BlankPlace("bison")).options[-1].span
(66.0, 90.0)

Every act is an answer in the store: it has an author, a time and a consent, and its author can withdraw it.
"""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from retrain_kit.answers import AnswerContext, messages
from retrain_kit.answers.cached import CachedStore
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.what_if import aggregate, ranges
from retrain_kit.exercises.what_if.aggregate import (
    ADDED,
    APART,
    ELEPHANT_REF,
    EXERCISE,
    LET_IN,
    ORIGINAL_PREFIX,
    PLACED,
    SAME,
)
from retrain_kit.exercises.what_if.growing import GrowingRange
from retrain_kit.storage.languages import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrain_kit.answers import SavedRecord, Store
    from retrain_kit.answers.cached import Arrivals
    from retrain_kit.exercises.common.consent import Voice
    from retrain_kit.exercises.what_if.ranges import BlankPlace, Range

CONSENT_VERSION = "what-if-1"


class WhatIf:
    """The exercise on the images of a study.

    Parameters
    ----------
    store
        Where answers are kept.
    study
        The study's name.
    demonstration
        Whether the store's answers are made for demonstration; every range and figure of them says so.
    """

    def __init__(self, store: Store, study: str, *, demonstration: bool = False) -> None:
        self.store = store
        self.study = study
        self.demonstration = demonstration
        self._lock = Lock()
        self._growing: dict[tuple[BlankPlace, str, bool], tuple[GrowingRange, Arrivals]] = {}

    def add(self, place: BlankPlace, text: str, likely: float | str, voice: Voice) -> SavedRecord:
        """Add an option to the list of a place.

        Parameters
        ----------
        likely
            How likely it seems: a word of `ranges.LIKELIHOOD_WORDS`, or per cent.

        Raises
        ------
        ParameterError
            When the wording is empty or long, is the elephant's, or the likelihood is none; all together.
        """
        faults = [*_text_faults(text, least=1), *_likely_faults(likely)]
        if ranges.is_elephant(text):
            do = gettext("Let it in: that is an act of its own.")
            found, expected = (
                gettext("the elephant, outside the range"),
                gettext("a reasonably probable option"),
            )
            faults.append(Fault(gettext("option"), found, expected, do))
        return self._say(faults, text, place, {"act": ADDED, "likely": likely}, voice)

    def place(self, place: BlankPlace, ref: str, likely: float | str, voice: Voice) -> SavedRecord:
        """Say how likely an option of the list seems; `ref` is one of its `Wording.refs`.

        Raises
        ------
        ParameterError
            When it is not on the list of this place, or the elephant, or the likelihood is none.
        """
        faults = [*self._ref_faults(place, ref), *_likely_faults(likely)]
        details: dict[str, object] = {"act": PLACED, "likely": likely}
        if ref.startswith(ORIGINAL_PREFIX):
            return self._say(faults, "", place, {**details, "option": ref}, voice)
        return self._say(faults, "", place, details, voice, record=ref)

    def let_elephant_in(
        self, place: BlankPlace, likely: float | str, voice: Voice, text: str = ""
    ) -> SavedRecord:
        """Move the elephant into the range of a place; the act is logged, with a reason where one is given.

        Raises
        ------
        ParameterError
            When the likelihood is none, or the reason too long.
        """
        faults = [*_text_faults(text), *_likely_faults(likely)]
        return self._say(faults, text, place, {"act": LET_IN, "likely": likely}, voice)

    def call_same(self, place: BlankPlace, refs: Sequence[str], voice: Voice, text: str = "") -> SavedRecord:
        """Say that two wordings are one option; both wordings stay. The act is logged.

        Raises
        ------
        ParameterError
            When they are not two different options of this place, or one is the elephant.
        """
        faults = [*_text_faults(text), *(fault for ref in refs for fault in self._ref_faults(place, ref))]
        on_list = {option for option in self._options(place) if option.intersection(refs)}
        if not faults and not (len(refs) == len(on_list) == len("ab")):
            found = ngettext("{count} option", "{count} options", len(on_list))
            expected = gettext("two different options of the list")
            faults.append(Fault(gettext("wordings"), found, expected))
        return self._say(faults, text, place, {"act": SAME, "of": list(refs)}, voice)

    def take_apart(self, place: BlankPlace, act: str, voice: Voice, text: str = "") -> SavedRecord:
        """Take back that wordings were called the same, whoever said it; that is logged too.

        Parameters
        ----------
        act
            The id of the record by which they were called the same.

        Raises
        ------
        ParameterError
            When there is no such act, or it is taken back already.
        """
        standing = {
            each.record.id for each in self.range(place).acts if each.kind == SAME and not each.undone
        }
        faults = _text_faults(text)
        if act not in standing:
            faults.append(Fault("act", repr(act), gettext("the id of a merging that stands")))
        return self._say(faults, text, place, {"act": APART}, voice, record=act)

    def refuse(self, place: BlankPlace, refusal: str, voice: Voice, text: str = "") -> SavedRecord:
        """Refuse, in one of the ways of `answers.REFUSALS`. A refusal is an answer to the whole image.

        Raises
        ------
        ParameterError
            When there is no such way to refuse, or the words are too many.
        """
        _refuse(_text_faults(text))
        asked, language = self.context(place, voice.language), voice.language
        return self.store.refuse(
            refusal, asked, voice.consent, voice.key, text=text, language=language, once=voice.once
        )

    def range(
        self, place: BlankPlace, use: str = "class", *, withheld: frozenset[str] = frozenset()
    ) -> Range:
        """Return what was said could be in a place, by people who have agreed to this use.

        Parameters
        ----------
        withheld
            The ids of records that are left out: an option of theirs goes with all that was said of it.
        """
        found = self._range(place, use, withheld)
        options = found.options
        if withheld:
            options = tuple(option for option in options if withheld.isdisjoint(option.wordings[0].refs))
        return replace(found, options=options, demonstration=self.demonstration)

    def forget(self) -> None:
        """Let go of the ranges that are kept, as when something was withdrawn."""
        with self._lock:
            self._growing.clear()

    def _range(self, place: BlankPlace, use: str, withheld: frozenset[str]) -> Range:
        """Return a range, which a store that tells what has come lets grow."""
        if not isinstance(self.store, CachedStore):
            records = self.store.records(study=self.study, exercise=EXERCISE)
            return aggregate.range_from_answers(
                (record for record in records if record.id not in withheld), place, use
            )
        with self._lock:
            kept = place, use, bool(withheld)
            growing, known = self._growing.get(kept, (GrowingRange(place, use), None))
            come = self.store.arrivals(known)
            if not come.start:
                growing = GrowingRange(place, use)
            growing.withhold(withheld)
            for record in come.records:
                if record.asked.study == self.study:
                    growing.add(record)
            self._growing[kept] = growing, come
            return growing.range()

    def _say(  # noqa: PLR0913 - what is wrong, what is said, of what, how, by whom, of which record
        self,
        faults: Sequence[Fault],
        text: str,
        place: BlankPlace,
        details: dict[str, object],
        voice: Voice,
        *,
        record: str = "",
    ) -> SavedRecord:
        _refuse(faults)
        words = text or (str(details["likely"]) if details["act"] == PLACED else str(details["act"]))
        return self.store.say(
            words,
            self.context(place, voice.language, record),
            voice.consent,
            voice.key,
            language=voice.language if text else "",
            details={**details, "hole": place.hole},
            once=voice.once,
        )

    def context(self, place: BlankPlace, language: str, record: str = "") -> AnswerContext:
        """Return what an answer in a language answers."""
        lines = "\n".join(shown for line in prompts_in(language) for shown in line if shown)
        return AnswerContext(self.study, EXERCISE, lines, (place.image,), record)

    def _options(self, place: BlankPlace) -> list[frozenset[str]]:
        options = self.range(place).options
        return [frozenset(ref for wording in option.wordings for ref in wording.refs) for option in options]

    def _ref_faults(self, place: BlankPlace, ref: str) -> list[Fault]:
        if ref == ELEPHANT_REF and ELEPHANT_REF not in {
            ref for option in self._options(place) for ref in option
        }:
            expected, do = gettext("an option within the range"), gettext("Let it in first.")
            return [Fault(gettext("option"), gettext("the elephant"), expected, do)]
        if not any(ref in option for option in self._options(place)):
            return [Fault(gettext("option"), repr(ref), gettext("one of the list of this place"))]
        return []


def prompts_in(language: str) -> list[tuple[str, str]]:
    """Return the prompts in their order: the English to the letter, and what stands beside it."""
    return [(prompt.text, prompt.translation(language)) for prompt in prompts.prompts_of(EXERCISE).values()]


def _likely_faults(likely: object) -> list[Fault]:
    try:
        ranges.parse_likelihood(likely)
    except ParameterError as error:
        return list(error.faults)
    return []


def _text_faults(text: str, least: int = 0) -> list[Fault]:
    return messages.length_faults(gettext("text"), text, messages.MAX_SHORT_CHARS, least=least)


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise ParameterError(*faults)
