"""The session of *What If…?*: what a person may do at a blank area, and what they see of its list.

Nobody sees how likely others find an option before they have spoken themselves.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar

from retrain_kit.answers import messages
from retrain_kit.exercises.common import consent, prompts, refusals
from retrain_kit.exercises.common.session import ANSWER_KEPT, ItemView, Screen, Session
from retrain_kit.exercises.common.study_exercise import StudySession
from retrain_kit.exercises.what_if import aggregate, figures, ranges, start_lists, what_if
from retrain_kit.exercises.what_if.aggregate import ADDED, EXERCISE, LETTING_IN, PLACED, SAME
from retrain_kit.exercises.what_if.start_lists import ELEPHANT_REF, source_list
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrain_kit.answers import Record, SavedRecord
    from retrain_kit.exercises.common.consent import Withheld
    from retrain_kit.exercises.common.session import Act, Sent
    from retrain_kit.exercises.what_if.areas import BlankArea
    from retrain_kit.exercises.what_if.ranges import BlankPlace, Option, Range
    from retrain_kit.exercises.what_if.start_lists import StartList
    from retrain_kit.exercises.what_if.what_if import AskedLine, WhatIf

LET_IN_WORDS = marked("(the elephant)")
LET_IN_NOW = marked("The elephant is in the range. The log says who let it in.")
ANCHOR_IN_NOW = marked("It is in the range now. The log says who let it in.")
BEGUN_BY = marked("This list was begun by {author}, with what fits here.")
BEGUN_EMPTY = marked("Nobody has said what fits here: this list began empty.")
OWN_WORDS = marked("Where the source's sentences do not fit, the kit's own take their place.")
SAME_NOW = marked("They are one option now; both wordings stay. The log says who said so.")
APART_NOW = marked("They are two options again. The log says who took them apart.")


class WhatIfSession(StudySession["BlankArea", "WhatIf"]):
    """Blank areas, and the growing lists of what might exist in them.

    Parameters
    ----------
    exercise
        The exercise, with the store that keeps what is said.
    areas
        The blank areas to go through.
    language
        Which translation stands beside the English prompts; `en` for none.
    rest
        So many times as long as drawing it took, a list stands whatever others say: one that changes all the
        time is not drawn all the time. Whoever has just spoken sees a list with their own words in it.
    """

    name, title, version = EXERCISE, marked("What If…?"), what_if.CONSENT_VERSION
    script = "exercises/what_if/widget.js"
    told: ClassVar = {**Session.told, "elephant": LET_IN_NOW}

    def __init__(
        self,
        exercise: WhatIf,
        areas: Sequence[BlankArea],
        language: str = prompts.ORIGINAL_LANGUAGE,
        *,
        rest: float = 0,
    ) -> None:
        super().__init__(exercise, areas, language)
        self.rest = rest
        self._drawing = Lock()
        self._near = [aggregate.WordingSimilarities() for _ in self.items]
        self._options: dict[tuple[int, bool, str], _DrawnOptions] = defaultdict(dict)
        self._lists: dict[tuple[int, bool, str], _Drawn] = {}
        self._spoke_at: dict[str, float] = {}

    @property
    def language(self) -> str:
        """That of whoever speaks: texts here are short, and nobody is asked for their language."""
        return self.spoken

    @property
    def setting(self) -> dict[str, Any]:
        """Prompts, scale, uses, ways to refuse."""
        return {
            **super().setting,
            "language": self.spoken,
            "unreviewed": prompts.unreviewed_note(self.spoken),
            "credit": prompts.prompts_credit(),
            "scale": [
                [word, low, high, gettext(word)] for word, (low, high) in ranges.LIKELIHOOD_WORDS.items()
            ],
        }

    @property
    def acts(self) -> Mapping[str, Act]:
        """A person adds an option, says how likely one is, lets the elephant in, names wordings the same."""
        own = {"add": self._add, "place": self._place, "elephant": self._elephant}
        return {**super().acts, **own, "same": self._same, "apart": self._apart}

    @property
    def carried(self) -> dict[str, Any]:
        """Also how long an option may be, and what the elephant is called."""
        carried, names = super().carried, sorted(start_lists.elephant_names())
        told = {**carried["told"], "anchor": gettext(ANCHOR_IN_NOW)}
        return {**carried, "told": told, "most": messages.MAX_SHORT_CHARS, "elephant": names}

    def carried_item(self, index: int) -> dict[str, Any]:
        """Return what is asked of a blank area, and its list as it is before anybody speaks."""
        place = self.items[index].place
        first, start = self._listed(index, 0, told=False), self.exercise.start(place)
        lines = what_if.asked_lines(start, self.spoken, listed=True)
        return {
            "asked": self.exercise.context(place, self.language),
            "hole": place.hole,
            "first": first,
            "start": start.details,
            "anchor": start.anchor,
            "anchor_words": start.anchor_words,
            "listed": [[line.text, line.beside] for line in lines],
            "listed_notes": list_notes(start, lines),
        }

    def index_of(self, record: Record) -> int | None:
        """Return which blank area a record speaks of; a refusal is of the image, and stands at its first."""
        for index, area in enumerate(self.items):
            if record.asked.exercise == EXERCISE and _speaks_of(record, area.place):
                return index
        return None

    def _images(self, item: BlankArea) -> tuple[str, ...]:
        return (item.place.image,)

    def typed_words(self, record: Record) -> str:
        """Return what somebody typed; an act without words is kept under its name, or its likelihood."""
        act, likely = record.details.get("act"), str(record.details.get("likely"))
        made_up = act != ADDED and record.text in {act, likely}
        return "" if made_up and not record.refusal else record.text

    def told_in_words(self, record: Record) -> str:
        """Return what somebody said; of who let the elephant in, or what else was outside, that they did."""
        said = super().told_in_words(record)
        if record.details.get("act") in LETTING_IN:
            ref = aggregate.let_in_ref(record)
            let_in = gettext(LET_IN_WORDS) if ref == ELEPHANT_REF else start_lists.wording_of(ref)
            return f"{let_in} {said}".strip()
        return said

    def forget(self) -> None:
        """Let go of the lists that were drawn."""
        self.exercise.forget()
        with self._drawing:
            self._lists.clear()
            self._options.clear()

    def _item(self, index: int, item: BlankArea) -> ItemView:
        """Return a blank area; a number stands for the place, whose name may tell what was taken out."""
        title, alt = item.told
        return ItemView.of_image(item.panel, title=title, place=str(index), credit=item.credit, alt=alt)

    def _view(self, screen: Screen, _: str) -> dict[str, Any]:
        mine = self._own(self._where(screen), screen.who)
        listed = self._listed(screen.index, self._spoke_at.get(screen.who, 0), told=bool(mine))
        return {"place": str(screen.index), **listed, "mine": mine}

    def _add(self, screen: Screen, sent: Sent) -> str:
        text, voice = messages.text_field(sent, "text"), self._voice(screen, sent)
        said = self.exercise.add(self._where(screen), text, sent.get("likely", ""), voice)
        return self._kept(screen, said, gettext(ANSWER_KEPT))

    def _place(self, screen: Screen, sent: Sent) -> str:
        ref, voice = messages.text_field(sent, "ref"), self._voice(screen, sent)
        said = self.exercise.place(self._where(screen), ref, sent.get("likely", ""), voice)
        return self._kept(screen, said, gettext(ANSWER_KEPT))

    def _elephant(self, screen: Screen, sent: Sent) -> str:
        text, voice = messages.text_field(sent, "text"), self._voice(screen, sent)
        place = self._where(screen)
        said = self.exercise.let_elephant_in(place, sent.get("likely", ""), voice, text)
        elephant = self.exercise.start(place).has_elephant
        return self._kept(screen, said, gettext(LET_IN_NOW if elephant else ANCHOR_IN_NOW))

    def _same(self, screen: Screen, sent: Sent) -> str:
        refs = messages.text_field(sent, "one"), messages.text_field(sent, "other")
        said = self.exercise.call_same(self._where(screen), refs, self._voice(screen, sent))
        return self._kept(screen, said, gettext(SAME_NOW))

    def _apart(self, screen: Screen, sent: Sent) -> str:
        record, voice = messages.text_field(sent, "record"), self._voice(screen, sent)
        said = self.exercise.take_apart(self._where(screen), record, voice)
        return self._kept(screen, said, gettext(APART_NOW))

    def _refusal(self, screen: Screen, sent: Sent, refusal: str) -> SavedRecord:
        text, voice = messages.text_field(sent, "text"), self._voice(screen, sent)
        return self.exercise.refuse(self._where(screen), refusal, voice, text)

    def _where(self, screen: Screen) -> BlankPlace:
        return self.items[screen.index].place

    def _own(self, place: BlankPlace, who: str) -> list[dict[str, str]]:
        """Return what somebody has said of a place, in the order of time."""
        store, study = self.exercise.store, self.exercise.study
        said = store.records(study=study, exercise=EXERCISE, who=who) if who else []
        return [_own(record) for record in said if _speaks_of(record, place)]

    def _kept(self, screen: Screen, said: SavedRecord, told: str) -> str:
        answer = super()._kept(screen, said, told)
        self._spoke_at[screen.who] = time.monotonic()
        return answer

    def _listed(self, index: int, spoke_at: float, *, told: bool) -> dict[str, Any]:
        """Return a list as everybody sees it, drawn once for all who see the same, since somebody spoke."""
        with self._drawing:
            stamp, withheld, start = self.exercise.store.stamp, self.withheld, time.monotonic()
            which = index, told, self.spoken
            known = self._lists.get(which)
            rests = known and start <= known.until and known.since >= spoke_at
            if known and known.withheld.hidden != withheld.hidden:
                known = None
            if not known or not (rests or (known.stamp == stamp and known.withheld == withheld)):
                found = self.exercise.range(self.items[index].place, withheld=withheld.ids)
                near, before = self._near[index], self._options[which]
                drawn = list_for_page(found, self.spoken, told=told, known=near, before=before)
                end = time.monotonic()
                known = self._lists[which] = _Drawn(
                    drawn, stamp, withheld, start, end + self.rest * (end - start)
                )
            return known.listed


@dataclass(frozen=True)
class _Drawn:
    """A list as it was drawn: of which state of the store, without what, since when, and until when."""

    listed: dict[str, Any]
    stamp: str
    withheld: Withheld
    since: float
    until: float


_DrawnOptions = dict[str, tuple["Option", dict[str, Any]]]


def list_for_page(
    found: Range,
    language: str,
    *,
    told: bool,
    known: aggregate.WordingSimilarities | None = None,
    before: _DrawnOptions | None = None,
) -> dict[str, Any]:
    """Return what everybody sees of a list; where `told`, with how likely others find its options.

    What was drawn `before`, and `known` of wordings, is not made again; both are brought up to date.
    """
    asked = what_if.asked_lines(found.start, language, listed=bool(found.options))
    return {
        "prompts": [[line.text, line.beside] for line in asked],
        "begun": list_notes(found.start, asked),
        "options": _options(found, language, {} if before is None else before, told=told),
        "outside": _option(found.outside, language, told=False) if found.outside else None,
        "refusals": [refusals.refusal_in_words(record) for record in found.refusals],
        "questions": [
            {
                "one": question.one.refs[0],
                "other": question.other.refs[0],
                "texts": [question.one.text, question.other.text],
            }
            for question in aggregate.similar_wordings(found, known)
        ],
        "merged": [
            {"record": act.record.id, "texts": list(act.texts), "who": act.record.who}
            for act in found.acts
            if act.kind == SAME and not act.undone
        ],
        "withheld": found.withheld,
        "demonstration": gettext(consent.DEMONSTRATION) if found.demonstration else "",
    }


def list_notes(start: StartList, asked: Sequence[AskedLine]) -> list[str]:
    """Return what is to be said of a list and of what is asked; nothing where both are the source's."""
    notes = []
    if start != source_list():
        notes.append(gettext(BEGUN_BY, author=start.author) if start.options else gettext(BEGUN_EMPTY))
    if not all(line.original for line in asked):
        notes.append(gettext(OWN_WORDS))
    return notes


def _speaks_of(record: Record, place: BlankPlace) -> bool:
    here = record.asked.images[:1] == (place.image,)
    return here and bool(record.refusal or record.details.get("hole", "") == place.hole)


def _own(record: Record) -> dict[str, str]:
    """Return what somebody said; where it was how likely an option seems, `of` is its reference."""
    degree = ranges.recorded_likelihood(record.details)
    if record.details.get("act") == PLACED and degree:
        of = record.details.get("option") or record.asked.record
        return {"record": record.id, "text": str(degree), "of": str(of)}
    words = refusals.refusal_in_words(record) if record.refusal else record.text
    return {"record": record.id, "text": words, "of": ""}


def _options(found: Range, language: str, before: _DrawnOptions, *, told: bool) -> list[dict[str, Any]]:
    now: _DrawnOptions = {}
    for option in found.options:
        first = option.wordings[0].refs[0]
        known = before.get(first)
        same = known if known and known[0] is option else None
        now[first] = same or (option, _option(option, language, told=told))
    before.clear()
    before.update(now)
    return [drawn for _, drawn in now.values()]


def _option(option: Option, language: str, *, told: bool) -> dict[str, Any]:
    first = option.wordings[0].refs[0]
    notes = [note.text for wording in option.wordings for note in wording.footnotes]
    return {
        "ref": first,
        "also": [wording.refs[0] for wording in option.wordings[1:]],
        "text": figures.option_label(option),
        "beside": start_lists.translation_of(first, language),
        "told": figures.degrees_in_words(option) if told and option.degrees else "",
        "footnotes": notes,
    }
