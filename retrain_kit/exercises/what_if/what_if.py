"""*What If…?*: what might exist in the blank area, and how likely it seems.

>>> exercise = WhatIf(store, "embedded-sample")
>>> said = exercise.add(BlankPlace("bison"), "mist", "likely", Voice(consent))
>>> exercise.range(BlankPlace("bison")).options[-1].span
(66.0, 90.0)

Every act is an answer in the store: it has an author, a time and a consent, and its author can withdraw it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from retrain_kit.answers import AnswerContext, messages
from retrain_kit.answers.cached import CachedStore
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.exercises.common import consent, prompts
from retrain_kit.exercises.common.ids import view_of
from retrain_kit.exercises.common.study_exercise import InStore
from retrain_kit.exercises.what_if import aggregate, ranges, start_lists
from retrain_kit.exercises.what_if.aggregate import (
    ADDED,
    APART,
    EXERCISE,
    LET_ANCHOR_IN,
    LET_IN,
    PLACED,
    SAME,
)
from retrain_kit.exercises.what_if.growing import GrowingRange
from retrain_kit.storage.languages import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from retrain_kit.answers import SavedRecord, Store
    from retrain_kit.answers.cached import Arrivals
    from retrain_kit.exercises.common.consent import Voice
    from retrain_kit.exercises.what_if.ranges import BlankPlace, Range
    from retrain_kit.exercises.what_if.start_lists import StartList

CONSENT_VERSION = "what-if-1"


class WhatIf(InStore):
    """The exercise on the images of a study.

    Parameters
    ----------
    store
        Where answers are kept.
    study
        The study's name.
    lists
        What stands on the list of each image at first, as `start_lists.study_lists` has it of a study; that
        of an image which is not among them is empty. Without any, the source's list stands everywhere.
    demonstration
        Whether the store's answers are made for demonstration; every range and figure of them says so.
    """

    def __init__(
        self,
        store: Store,
        study: str,
        lists: Mapping[str, StartList] | None = None,
        *,
        demonstration: bool = False,
    ) -> None:
        super().__init__(store, study)
        self._lists = lists
        self.demonstration = demonstration
        self._lock = Lock()
        self._growing: dict[tuple[BlankPlace, str, str], tuple[GrowingRange, Arrivals]] = {}

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
        start = self.start(place)
        if start.is_anchor(text):
            do = gettext("Let it in: that is an act of its own.")
            found = gettext("{option}, outside the range", option=_anchor_name(start))
            faults.append(Fault(gettext("option"), found, gettext("a reasonably probable option"), do))
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
        if start_lists.wording_of(ref):
            return self._say(faults, "", place, {**details, "option": ref}, voice)
        return self._say(faults, "", place, details, voice, record=ref)

    def let_elephant_in(
        self, place: BlankPlace, likely: float | str, voice: Voice, text: str = ""
    ) -> SavedRecord:
        """Move the elephant, or what else is improbable there, into the range of a place.

        The act is logged, with a reason where one is given.

        Raises
        ------
        ParameterError
            When nothing is outside the range, the likelihood is none, or the reason too long.
        """
        faults = [*_text_faults(text), *_likely_faults(likely)]
        start = self.start(place)
        if not start.anchor:
            found = gettext("nothing outside the range")
            faults.append(Fault(gettext("act"), found, gettext("a list with something improbable")))
        act = {"act": LET_IN} if start.has_elephant else {"act": LET_ANCHOR_IN, "option": start.anchor}
        return self._say(faults, text, place, {**act, "likely": likely}, voice)

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
        return self.store.refuse(
            refusal,
            self.context(place, voice.language),
            voice.consent,
            voice.key,
            text=text,
            language=voice.language,
            details=self.start(place).details,
            once=voice.once,
        )

    def start(self, place: BlankPlace) -> StartList:
        """Return what stands on the list of a place at first."""
        if self._lists is None:
            return start_lists.source_list()
        return self._lists.get(place.image, start_lists.EMPTY)

    def asked(self, place: BlankPlace, language: str) -> list[AskedLine]:
        """Return what is asked of a place now, in its order."""
        start = self.start(place)
        return asked_lines(start, language, listed=bool(start.options or self.range(place).options))

    def range(
        self, place: BlankPlace, use: str = "class", *, withheld: AbstractSet[str] = frozenset()
    ) -> Range:
        """Return what was said could be in a place, by people who have agreed to this use.

        Parameters
        ----------
        withheld
            The ids of records and footnotes that are left out: an option of theirs goes with all that was
            said of it.
        """
        return replace(self._range(place, use, withheld), demonstration=self.demonstration)

    def forget(self) -> None:
        """Let go of the ranges that are kept, as when something was withdrawn."""
        with self._lock:
            self._growing.clear()

    def _range(self, place: BlankPlace, use: str, withheld: AbstractSet[str]) -> Range:
        """Return a range, which a store that tells what has come lets grow."""
        if not isinstance(self.store, CachedStore):
            records = self.store.records(study=self.study, exercise=EXERCISE)
            here = consent.shown(records, withheld)
            found = aggregate.range_from_answers(here, place, use, self.start(place))
            return replace(found, options=aggregate.options_without(found.options, withheld))
        with self._lock:
            kept = place, use, view_of(withheld)
            growing, known = self._growing.get(kept, (None, None))
            come = self.store.arrivals(known)
            if not growing or not come.start:
                growing = GrowingRange(place, use, self.start(place))
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
            details={**details, "hole": place.hole, **self.start(place).details},
            once=voice.once,
        )

    def context(self, place: BlankPlace, language: str, record: str = "") -> AnswerContext:
        """Return what an answer in a language answers."""
        lines = [shown for line in self.asked(place, language) for shown in (line.text, line.beside)]
        return AnswerContext(self.study, EXERCISE, "\n".join(filter(None, lines)), (place.image,), record)

    def _options(self, place: BlankPlace) -> list[frozenset[str]]:
        options = self.range(place).options
        return [frozenset(ref for wording in option.wordings for ref in wording.refs) for option in options]

    def _ref_faults(self, place: BlankPlace, ref: str) -> list[Fault]:
        start, options = self.start(place), self._options(place)
        if ref and ref == start.anchor and not any(ref in option for option in options):
            expected, do = gettext("an option within the range"), gettext("Let it in first.")
            return [Fault(gettext("option"), _anchor_name(start), expected, do)]
        if not any(ref in option for option in options):
            return [Fault(gettext("option"), repr(ref), gettext("one of the list of this place"))]
        return []


@dataclass(frozen=True)
class AskedLine:
    """A sentence of what is asked: in English, what stands beside it, and whether it is the source's."""

    text: str
    beside: str
    original: bool


def asked_lines(start: StartList, language: str, *, listed: bool) -> list[AskedLine]:
    """Return what is asked of a blank area, in its order.

    The source's sentences stand to the letter where they are true: of a list that has something on it, and
    of the elephant where it is what is improbable. Elsewhere the kit's own take their place.

    Parameters
    ----------
    start
        What stood on the list at first.
    language
        What stands beside the English.
    listed
        Whether there is something on the list by now.
    """
    source, own = prompts.prompts_of(EXERCISE), prompts.prompts_of("what-if-elsewhere")
    lines = [_line(source["question"], language)]
    lines.append(_line(source["add"] if listed else own["begin"], language, original=listed))
    for key in ("probable", "aligned") if listed else ("probable",):
        if start.has_elephant:
            lines.append(_line(source[key], language))
        else:
            named = own[key if start.anchor else f"{key}-alone"]
            lines.append(_line(named, language, original=False, anchor=start.anchor_text))
    return lines


def _line(prompt: prompts.Prompt, language: str, *, original: bool = True, **named: str) -> AskedLine:
    text, beside = prompt.text, prompt.translation(language)
    return AskedLine(
        text if original else text.format(**named), beside if original else beside.format(**named), original
    )


def _anchor_name(start: StartList) -> str:
    return gettext("the elephant") if start.has_elephant else start.anchor_text


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
