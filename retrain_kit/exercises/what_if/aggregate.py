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

from retrain_kit.exercises.common import prompts
from retrain_kit.exercises.what_if import ranges
from retrain_kit.exercises.what_if.ranges import WITHDRAWN_WORDING, Degree, NamedAct, Option, Range, Wording

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from retrain_kit.answers import Record
    from retrain_kit.exercises.what_if.ranges import BlankPlace


EXERCISE = "what-if"
ADDED, PLACED = "added", "placed"
LET_IN, SAME, APART = "let the elephant in", "called the same", "took apart"
NAMED_ACTS = (LET_IN, SAME, APART)
ORIGINAL_PREFIX = "original:"
ELEPHANT_REF = ORIGINAL_PREFIX + ranges.ELEPHANT_KEY


def wording_key(text: str) -> str:
    """Return what makes two wordings one: all but the width of spaces and the way letters are composed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def range_from_answers(records: Iterable[Record], place: BlankPlace, use: str) -> Range:
    """Return the range of a place, of what people have agreed to for this use."""
    every = sorted(_about(records, place), key=lambda record: (record.when, record.id))
    agreed = [record for record in every if use in record.consent.agreed]
    said = [record for record in agreed if not record.refusal]
    names = _Names(said)
    acts = named_acts(said, names)
    options = _options(said, names, acts)
    let_in = any(act.kind == LET_IN for act in acts)
    elephant = options.pop(ELEPHANT_REF)
    return Range(
        place,
        tuple(options.values()) + ((elephant,) if let_in else ()),
        None if let_in else elephant,
        tuple(record for record in agreed if record.refusal),
        acts,
        len(every) - len(agreed),
    )


def original_texts() -> dict[str, str]:
    """Return the options of the original's list, by their references."""
    return {
        ORIGINAL_PREFIX + name: prompt.text for name, prompt in prompts.prompts_of("what-if-options").items()
    }


class NamedOptions(Protocol):
    """Which option each reference is of, and its wording."""

    option_of_ref: dict[str, str]
    texts: dict[str, str]


class _Names:
    """Which option each reference is of: references of one wording have one name."""

    def __init__(self, said: Sequence[Record]) -> None:
        self.texts = original_texts()
        self.option_of_ref = {name: name for name in self.texts}
        names = {wording_key(text): name for name, text in self.texts.items()}
        for record in said:
            if record.details.get("act") == ADDED:
                wording = wording_key(record.text)
                name = ELEPHANT_REF if ranges.is_elephant(wording) else names.setdefault(wording, record.id)
                self.option_of_ref[record.id] = name
                self.texts.setdefault(name, record.text)

    def option_of_record(self, record: Record) -> str:
        """Return the option that a record speaks of; what is withdrawn keeps its id for a name."""
        act = record.details.get("act")
        if act == LET_IN:
            return ELEPHANT_REF
        option = record.asked.record or str(record.details.get("option", ""))
        ref = record.id if act == ADDED else option
        if act == PLACED and record.asked.record and ref not in self.option_of_ref:
            self.option_of_ref[ref], self.texts[ref] = ref, WITHDRAWN_WORDING
        return self.option_of_ref.get(ref, "") if act in (ADDED, PLACED) else ""


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
        about = {LET_IN: (ELEPHANT_REF,), SAME: pairs.get(record.id), APART: pairs.get(record.asked.record)}
        named = about.get(kind)
        if named:
            texts = tuple(names.texts[name] for name in named)
            acts.append(NamedAct(kind, record, texts, record.id in undone))
    return tuple(acts)


def same_refs(record: Record) -> list[str]:
    """Return the references that a record calls the same."""
    refs = record.details.get("of")
    return [ref for ref in refs if isinstance(ref, str)] if isinstance(refs, list) else []


def _pair(record: Record, names: NamedOptions) -> tuple[str, ...]:
    """Return the two options that a record calls the same; nothing where one is gone, or the elephant."""
    found = [names.option_of_ref.get(ref, "") for ref in same_refs(record)]
    pair = tuple(dict.fromkeys(name for name in found if name not in ("", ELEPHANT_REF)))
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

_ARTICLES = {"a", "an", "the", "some"}


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
    return [word for word in re.findall(r"\w+", text.casefold()) if word not in _ARTICLES]
