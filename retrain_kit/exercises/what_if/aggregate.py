"""Aggregation: the answers to *What If…?* become ranges.

The same records give the same range in whatever order they come, since they are put in the order of time.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from retrain_kit.exercises.what_if import ranges, start_lists
from retrain_kit.exercises.what_if.ranges import WITHDRAWN_WORDING, Degree, NamedAct, Option, Range, Wording
from retrain_kit.exercises.what_if.start_lists import ELEPHANT_REF

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from retrain_kit.answers import Record
    from retrain_kit.exercises.what_if.ranges import BlankPlace
    from retrain_kit.exercises.what_if.start_lists import StartList


EXERCISE = "what-if"
ADDED, PLACED = "added", "placed"
LET_IN, LET_ANCHOR_IN, SAME, APART = "let the elephant in", "let in", "called the same", "took apart"
LETTING_IN = (LET_IN, LET_ANCHOR_IN)
NAMED_ACTS = (*LETTING_IN, SAME, APART)


def wording_key(text: str) -> str:
    """Return what makes two wordings one: all but the width of spaces and the way letters are composed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def range_from_answers(
    records: Iterable[Record], place: BlankPlace, use: str, start: StartList | None = None
) -> Range:
    """Return the range of a place, of what people have agreed to for this use.

    Parameters
    ----------
    start
        What stood on the list at first; where it is not known, what the last answer says of that.
    """
    every = sorted(_about(records, place), key=lambda record: (record.when, record.id))
    if start is None:
        start = start_lists.recorded_list(every[-1].details) if every else start_lists.source_list()
    agreed = [record for record in every if use in record.consent.agreed]
    said = [record for record in agreed if not record.refusal]
    names = _Names(said, start)
    acts = named_acts(said, names)
    options = _options(said, names, acts)
    anchor = options.pop(start.anchor, None)
    let_in = start.anchor in anchors_let_in(said)
    return Range(
        place,
        tuple(options.values()) + ((anchor,) if anchor and let_in else ()),
        None if let_in else anchor,
        tuple(record for record in agreed if record.refusal),
        acts,
        len(every) - len(agreed),
        start=start,
    )


def options_without(options: Iterable[Option], withheld: AbstractSet[str]) -> tuple[Option, ...]:
    """Return the options that stand on a list without what is withheld, whoever else spoke of it."""
    return tuple(each for each in options if not any(ref in withheld for ref in each.wordings[0].refs))


def anchors_let_in(said: Iterable[Record]) -> set[str]:
    """Return the references of what people have let in."""
    return {let_in_ref(record) for record in said if record.details.get("act") in LETTING_IN}


def let_in_ref(record: Record) -> str:
    """Return the reference of what a record lets in."""
    return ELEPHANT_REF if record.details.get("act") == LET_IN else _listed_ref(record)


def option_ref(record: Record) -> str:
    """Return the reference that a record speaks of; empty where it names none that a list has or had."""
    return record.asked.record or _listed_ref(record)


def _listed_ref(record: Record) -> str:
    ref = str(record.details.get("option", ""))
    return ref if start_lists.wording_of(ref) else ""


class NamedOptions(Protocol):
    """Which option each reference is of, its wording, and which one is improbable there."""

    option_of_ref: dict[str, str]
    texts: dict[str, str]
    anchor: str


class _Names:
    """Which option each reference is of: references of one wording have one name."""

    def __init__(self, said: Sequence[Record], start: StartList) -> None:
        self.texts, self.anchor = start.texts, start.anchor
        self.option_of_ref = {name: name for name in self.texts}
        names = {wording_key(text): name for name, text in self.texts.items()}
        for record in said:
            if record.details.get("act") == ADDED:
                wording = wording_key(record.text)
                name = self.anchor if start.is_anchor(wording) else names.setdefault(wording, record.id)
                self.option_of_ref[record.id] = name
                self.texts.setdefault(name, record.text)

    def option_of_record(self, record: Record) -> str:
        """Return the option that a record speaks of; what is withdrawn keeps its id for a name."""
        act = record.details.get("act")
        if act == ADDED:
            return self.option_of_ref[record.id]
        if act not in (PLACED, *LETTING_IN):
            return ""
        ref = option_ref(record) if act == PLACED else let_in_ref(record)
        if ref and ref not in self.option_of_ref:
            self.option_of_ref[ref], self.texts[ref] = ref, missing_wording(ref)
        return self.option_of_ref.get(ref, "")


def missing_wording(ref: str) -> str:
    """Return the wording of a reference that is not on the list: of an earlier one, or withdrawn."""
    return start_lists.wording_of(ref) or WITHDRAWN_WORDING


def _about(records: Iterable[Record], place: BlankPlace) -> list[Record]:
    return [record for record in records if is_about(record, place)]


def is_about(record: Record, place: BlankPlace) -> bool:
    """Say whether a record answers what is asked of a place."""
    return (
        record.asked.exercise == EXERCISE
        and record.asked.images[:1] == (place.image,)
        and (bool(record.refusal) or record.details.get("hole", "") == place.hole)
    )


def named_acts(said: Sequence[Record], names: NamedOptions) -> tuple[NamedAct, ...]:
    """Return the named acts among records in the order of time, as far as what they name is here."""
    undone = {record.asked.record for record in said if record.details.get("act") == APART}
    pairs = {record.id: _pair(record, names) for record in said if record.details.get("act") == SAME}
    acts = []
    for record in said:
        kind = str(record.details.get("act"))
        about = {SAME: pairs.get(record.id), APART: pairs.get(record.asked.record)}
        named = (let_in_ref(record),) if kind in LETTING_IN else about.get(kind)
        if named and all(named):
            texts = tuple(names.texts.get(name) or missing_wording(name) for name in named)
            acts.append(NamedAct(kind, record, texts, record.id in undone))
    return tuple(acts)


def same_refs(record: Record) -> list[str]:
    """Return the references that a record calls the same."""
    refs = record.details.get("of")
    return [ref for ref in refs if isinstance(ref, str)] if isinstance(refs, list) else []


def _pair(record: Record, names: NamedOptions) -> tuple[str, ...]:
    """Return the two options that a record calls the same; nothing where one is gone, or the anchor."""
    found = [names.option_of_ref.get(ref, "") for ref in same_refs(record)]
    pair = tuple(dict.fromkeys(name for name in found if name not in ("", names.anchor)))
    return pair if len(pair) == len("ab") else ()


def _options(said: Sequence[Record], names: _Names, acts: Sequence[NamedAct]) -> dict[str, Option]:
    degrees: dict[str, dict[str, Degree]] = defaultdict(dict)
    for record in said:
        name, likelihood = names.option_of_record(record), ranges.recorded_likelihood(record.details)
        if name and likelihood:
            degrees[name].pop(record.who, None)
            degrees[name][record.who] = Degree(record.who, likelihood, record.id)
    wordings = _wordings(said, names)
    groups = grouped(wordings, acts, names)
    return {
        group[0]: Option(
            tuple(wordings[name] for name in group),
            tuple(degree for name in group for degree in degrees[name].values()),
        )
        for group in groups
    }


def _wordings(said: Sequence[Record], names: _Names) -> dict[str, Wording]:
    refs: dict[str, list[str]] = {name: [] for name in names.texts}
    for ref, name in names.option_of_ref.items():
        refs[name].append(ref)
    by_id = {record.id: record for record in said}
    return {
        name: Wording(
            names.texts[name],
            tuple(refs[name]),
            tuple(note for ref in refs[name] if ref in by_id for note in by_id[ref].footnotes),
        )
        for name in refs
    }


def grouped(listed: Iterable[str], acts: Iterable[NamedAct], names: NamedOptions) -> list[list[str]]:
    """Return the options of a list, gathered where people call them the same, in the order of the list."""
    return _groups(listed, [_pair(act.record, names) for act in acts if act.kind == SAME and not act.undone])


def _groups(names: Iterable[str], pairs: Iterable[Sequence[str]]) -> list[list[str]]:
    """Return the names, gathered where a chain of pairs joins them, in the order of the list."""
    group_of = {name: [name] for name in names}
    order = {name: at for at, name in enumerate(group_of)}
    for one, other in pairs:
        joined = sorted({*group_of[one], *group_of[other]}, key=order.__getitem__)
        group_of.update(dict.fromkeys(joined, joined))
    return list({group[0]: group for group in group_of.values()}.values())


# -- wordings: which of them may mean the same. It is asked, never decided.


MIN_SIMILARITY = 0.8
"""From so alike on, by the letters that two wordings share in the same order, they are asked about."""


@dataclass(frozen=True)
class SamenessQuestion:
    """Two wordings of which a person may say that they are the same."""

    one: Wording
    other: Wording

    def __str__(self) -> str:
        return f"{self.one.text} – {self.other.text}"


class WordingSimilarities:
    """Which wordings of a growing list are near to each other.

    Each is compared once, and only with those that can be near: see `_Shared`.
    """

    def __init__(self) -> None:
        self._words: dict[str, list[str]] = {}
        self._near: set[tuple[str, str]] = set()
        self._shared = _Shared()

    def similar_pairs(self, texts: Collection[str]) -> set[tuple[str, str]]:
        """Return the pairs of these that are near, each in some order; others are forgotten."""
        if not self._words.keys() <= set(texts):
            self.__init__()  # type: ignore[misc]  # what is gone leaves no trace
        for text in texts:
            if text not in self._words:
                words = _words(text)
                found = self._shared.candidates(words)
                self._near |= {(other, text) for other in found if _near(self._words[other], words)}
                self._words[text] = words
                self._shared.add(text, words)
        return self._near


class _Shared:
    """Texts by their words and by their pairs of letters.

    A text whose words are all among another's shares a word with it. Where the letters of two, `T` together,
    are alike by `MIN_SIMILARITY`, at least `0.4 T` of each stand in the other, in at most `0.2 T + 1` runs,
    since between two runs there is a letter that does not: so they share at least `0.2 T - 1` pairs.
    """

    def __init__(self) -> None:
        self._of_word: dict[str, list[str]] = defaultdict(list)
        self._of_pair: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._letters: dict[str, int] = {}
        self._short: list[str] = []

    def add(self, text: str, words: list[str]) -> None:
        """Add a text."""
        joined = " ".join(words)
        self._letters[text] = len(joined)
        for word in set(words):
            self._of_word[word].append(text)
        for pair in _letter_pairs(joined):
            self._of_pair[pair].append(text)
        if len(joined) < _NO_PAIRS:
            self._short.append(text)

    def candidates(self, words: list[str]) -> set[str]:
        """Return the texts that may be near to one with these words."""
        joined = " ".join(words)
        pairs = Counter(text for pair in _letter_pairs(joined) for text in self._of_pair.get(pair, ()))
        few = (1 - MIN_SIMILARITY) * len(joined) - 1
        near = {
            text
            for text, count in pairs.items()
            if count + _ROUNDING >= few + (1 - MIN_SIMILARITY) * self._letters[text]
        }
        short = self._short if len(joined) < _NO_PAIRS else ()
        return near.union(short, *(self._of_word.get(word, ()) for word in words))


_NO_PAIRS, _ROUNDING = 5, 1e-9
"""Texts that are alike may share no pair of letters where they have no more than these together."""


def _letter_pairs(text: str) -> list[tuple[str, int]]:
    """Return the pairs of letters that follow each other, the same pair numbered each time it comes."""
    met: Counter[str] = Counter()
    found = []
    for start in range(len(text) - 1):
        pair = text[start : start + 2]
        met[pair] += 1
        found.append((pair, met[pair]))
    return found


def similar_wordings(found: Range, known: WordingSimilarities | None = None) -> tuple[SamenessQuestion, ...]:
    """Return the pairs of wordings that may be the same, in the order of the list.

    A pair is asked about where the letters are nearly the same, or all words of one are among the other's;
    not where the two are the same option already, or somebody has taken them apart. `known` remembers what
    was compared before, where a list is asked about again and again.
    """
    apart = {frozenset(act.texts) for act in found.acts if act.undone}
    listed = [(number, each) for number, option in enumerate(found.options) for each in option.wordings]
    places = {each.text: place for place, (_, each) in enumerate(listed) if each.text != WITHDRAWN_WORDING}
    near = sorted(
        tuple(sorted(map(places.__getitem__, pair)))
        for pair in (known or WordingSimilarities()).similar_pairs(places)
    )
    return tuple(
        SamenessQuestion(listed[one][1], listed[other][1])
        for one, other in near
        if listed[one][0] != listed[other][0]
        and frozenset((listed[one][1].text, listed[other][1].text)) not in apart
    )


def are_similar(one: str, other: str) -> bool:
    """Say whether two wordings are alike, articles, capitals and punctuation aside."""
    return _near(_words(one), _words(other))


def _near(first: list[str], second: list[str]) -> bool:
    if not (first and second):
        return False
    if set(first) <= set(second) or set(second) <= set(first):
        return True
    one, other = " ".join(first), " ".join(second)
    most = 2 * min(len(one), len(other)) / (len(one) + len(other))
    return most >= MIN_SIMILARITY and difflib.SequenceMatcher(None, one, other).ratio() >= MIN_SIMILARITY


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.casefold()) if word not in start_lists.ARTICLES]
