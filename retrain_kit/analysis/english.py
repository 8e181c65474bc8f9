"""English: which words of a sentence name things, by a few stated rules and short lists, without a model.

A sentence is cut into words. Words of closed classes (*on*, *is*, *the*) part it into runs, and a run names
one thing, with its last word: *a loose thread* names *thread*. The rules, in full:

- a word in *-ing* with words before and after it parts a run: *woman holding an umbrella*; at the end of one
  it is left out, as a word in *-ed* is: *pink tongue hanging*, *tail curled*;
- a word in *-ing* or *-ed* alone names nothing, but behind an article: *a painting*; colours and words in
  *-ly* are taken as if they ended in *-ed*: *black and white cat* names *cat*;
- a word in *-s* between another word and an article is a verb: *a man performs a trick*;
- what follows a form of *be* without an article names nothing, it says how something is: *is green*;
- words for places in the frame and for amounts (`PLACES`) name nothing: *on the left side*;
- a word that is a number stands for an article.

They take some words for things that are none, and miss others. What is counted by them is therefore asked in
how many of its uses it named a thing. They know English alone: what they find in another language is not to
be trusted.

Plurals are taken back by WordNet's rules of detachment (morphy(7WN)) for nouns. Where several forms are known
words the shortest counts; where none is known, what English does regularly.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence


class Kind(IntEnum):
    """What a word does in a sentence, as far as it is known from the word alone."""

    CONTENT = 0
    ED = 1
    ING = 2
    VERB = 3
    BE = 4
    ARTICLE = 5
    AND = 6
    THERE = 7
    CLOSED = 8
    END = 9


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PLACES = _words(
    "left right top bottom front back middle center centre side sides part parts background foreground"
    " image images picture pictures photo photos photograph view lot lots couple pair group bunch set"
    " row kind type piece color colour colors colours"
)
"""Words for places in the frame, for amounts and for the image itself: they name nothing in it."""
_ARTICLES = _words(
    "a an the this that these those his her its their my our your some any each every all both no another"
    " other one two three four five six seven eight nine ten eleven twelve many several few more most"
)
_BE = _words("is are was were be been being am isn't aren't it's that's he's she's there's they're")
_VERBS = _words(
    "has have had having wears wear sits sit stands stand holds hold lies lie rides ride walks walk looks"
    " hangs hang plays eats eat grazes graze leans lean flies fly runs shows show"
    " carries carry reads smiles talks sleeps waits says goes comes makes make gets get see sees appears"
)
_ADVERBS = _words(
    "also just only partly partially fully well together away here still then now"
    " up down out off over under in on at by of to from with without within into onto through across along"
    " against behind beside besides between above below beneath underneath inside outside near next close"
    " around about after before during until toward towards upon for as than like per via among amid beyond"
    " past but because if when while where which who whom whose what how why that's can could will would may"
    " might must shall should do does did done i you he she it we they him them me us himself herself itself"
    " themselves something someone somebody anyone nobody nothing everything each"
)
_AND = _words("and or & nor very so too not almost")
_COLOURS = _words(
    "black white red green blue yellow brown grey gray orange purple pink beige tan golden silver dark"
)
_NAMES_IN_ING = _words(
    "building ceiling clothing railing awning wing ring king string spring earring thing something swing"
    " painting wedding stocking icing pudding morning evening frosting topping dumpling duckling viking"
    " lightning sibling nothing anything everything sling herring pudding living siding flooring molding"
    " covering landing crossing bring sting"
)
_NAMES_IN_ED = _words("bed shed sled seed weed reed moped bobsled hundred flatbed seaweed speed feed need")
_NAMES_IN_LY = _words(
    "family butterfly jelly belly lily dragonfly firefly housefly assembly supply rally gully ally bully"
    " trolly dolly holly anomaly monopoly"
)
_ALWAYS_MANY = _words(
    "glasses sunglasses eyeglasses jeans pants shorts scissors trousers clothes goggles binoculars headphones"
    " stairs tongs pliers tights leggings overalls pajamas pyjamas news lens gas canvas christmas atlas bias"
    " series species swiss chess mattress"
)
_IRREGULAR = {
    "men": "man",
    "women": "woman",
    "children": "child",
    "people": "people",
    "feet": "foot",
    "teeth": "tooth",
    "geese": "goose",
    "mice": "mouse",
    "oxen": "ox",
    "leaves": "leaf",
    "knives": "knife",
    "shelves": "shelf",
    "wolves": "wolf",
    "loaves": "loaf",
    "scarves": "scarf",
    "calves": "calf",
    "halves": "half",
    "wives": "wife",
    "hooves": "hoof",
    "buses": "bus",
    "skis": "ski",
}
_DETACHED = (
    ("ies", "y"),
    ("sses", "ss"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("xes", "x"),
    ("zes", "z"),
    ("men", "man"),
    ("ses", "s"),
    ("ves", "f"),
    ("s", ""),
)
"""WordNet's rules for nouns, the longer ending first; *sses* stands for itself."""
_REGULAR = frozenset(("ies", "sses", "ches", "shes", "xes", "men", "s"))
"""Those that are taken where nothing is known: *houses* and *gloves* lose an s alone."""
_NO_PLURAL = ("ss", "us", "is")
_SHORTEST = 4
_MOST_KEPT = 50_000

_TOKEN = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*|[.,;:!?&]")
_SIGNS = frozenset(".,;:!?&")
_CLOSED_KINDS: dict[str, Kind] = {
    **dict.fromkeys(_ADVERBS | PLACES, Kind.CLOSED),
    **dict.fromkeys(_COLOURS, Kind.ED),
    **dict.fromkeys(_VERBS, Kind.VERB),
    **dict.fromkeys(_BE, Kind.BE),
    **dict.fromkeys(_ARTICLES, Kind.ARTICLE),
    **dict.fromkeys(_AND, Kind.AND),
    "there": Kind.THERE,
    ",": Kind.AND,
    **dict.fromkeys(".;:!?", Kind.END),
}


class Reading(NamedTuple):
    """A sentence as it was read.

    Parameters
    ----------
    words
        The words in small letters, signs that end a sentence among them.
    lemmas
        The same, plurals taken back.
    kinds
        What each does.
    things
        The places of the words that name things, in their order.
    """

    words: list[str]
    lemmas: list[str]
    kinds: list[Kind]
    things: list[int]

    def sentence(self, place: int) -> range:
        """Return the places of the sentence that a word stands in, of several in one text."""
        start, stop = place, place
        while start and self.kinds[start - 1] is not Kind.END:
            start -= 1
        while stop < len(self.kinds) and self.kinds[stop] is not Kind.END:
            stop += 1
        return range(start, stop)


class _Forms(dict[str, tuple[str, Kind]]):
    """Each word's lemma and kind, kept: its memory is bounded by how many different words there are."""

    def __init__(self, known: Container[str]) -> None:
        super().__init__()
        self.known = known

    def __missing__(self, word: str) -> tuple[str, Kind]:
        bare = word.replace("\u2019", "'").removesuffix("'s")
        found = self[word] = (singular(bare, self.known), _kind(word))
        return found


class _Things(dict[bytes, tuple[int, ...]]):
    """The places of things by the kinds of a sentence's words, kept: phrases are built alike."""

    def __missing__(self, kinds: bytes) -> tuple[int, ...]:
        if len(self) >= _MOST_KEPT:
            self.clear()
        found = self[kinds] = tuple(things_in([Kind(kind) for kind in kinds]))
        return found


class EnglishReader:
    """Reads sentences by the rules above.

    Parameters
    ----------
    known
        Words in small letters that are known to be nouns, as those of a label system: plurals are taken back
        to them.
    """

    def __init__(self, known: Container[str] = ()) -> None:
        self._forms = _Forms(known)
        self._things = _Things()

    def read(self, text: str) -> Reading:
        """Return a sentence, or several in one text, as it is read."""
        words = _TOKEN.findall(text.lower())
        forms = self._forms
        pairs = [forms[word] for word in words]
        kinds = _with_verbs(words, [kind for _, kind in pairs])
        return Reading(words, [lemma for lemma, _ in pairs], kinds, [*self._things[bytes(kinds)]])

    def lemmas(self, text: str) -> list[str]:
        """Return the words of a label or a sentence, plurals taken back."""
        forms = self._forms
        words = _TOKEN.findall(text.replace("_", " ").lower())
        return [forms[word][0] for word in words if word not in _SIGNS]


def singular(word: str, known: Container[str] = ()) -> str:
    """Return a noun without its plural.

    Examples
    --------
    >>> [singular(each) for each in ("women", "benches", "berries", "grass", "jeans", "horse")]
    ['woman', 'bench', 'berry', 'grass', 'jeans', 'horse']
    >>> singular("lenses", known={"lens"})
    'lens'
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _ALWAYS_MANY or len(word) < _SHORTEST or word.endswith(_NO_PLURAL):
        return word
    endings = [each for each in _DETACHED if word.endswith(each[0])]
    forms = [word[: len(word) - len(end)] + put for end, put in endings]
    if found := [form for form in (*forms, word) if form in known]:
        return min(found, key=len)
    regular = (form for form, (end, _) in zip(forms, endings, strict=True) if end in _REGULAR)
    return next(regular, word)


def plurals(word: str) -> tuple[str, ...]:
    """Return the plurals of a noun that are not regular, as *men*."""
    return tuple(many for many, one in _IRREGULAR.items() if one == word and many != word)


def _kind(word: str) -> Kind:
    if word in _CLOSED_KINDS:
        return _CLOSED_KINDS[word]
    if word.isdecimal():
        return Kind.ARTICLE
    if word.endswith("ing") and len(word) > _SHORTEST and word not in _NAMES_IN_ING:
        return Kind.ING
    if word.endswith("ed") and len(word) > _SHORTEST - 1 and word not in _NAMES_IN_ED:
        return Kind.ED
    if word.endswith("ly") and len(word) > _SHORTEST - 1 and word not in _NAMES_IN_LY:
        return Kind.ED
    return Kind.CONTENT


def _with_verbs(words: Sequence[str], kinds: list[Kind]) -> list[Kind]:
    """Return the kinds of words, those in -s between a word and an article being verbs."""
    for place in range(2, len(kinds)):
        if kinds[place] is Kind.ARTICLE and kinds[place - 1] is Kind.CONTENT and kinds[place - 2] <= Kind.ED:
            word = words[place - 1]
            if word.endswith("s") and not word.endswith(_NO_PLURAL):
                kinds[place - 1] = Kind.VERB
    return kinds


def things_in(kinds: Sequence[Kind]) -> list[int]:
    """Return the places of the words that name things, see the rules of this module."""
    found: list[int] = []
    start, article, after_be, there = 0, False, False, False
    for place, kind in enumerate([*kinds, Kind.END]):
        if kind <= Kind.ING:
            continue
        if place > start:
            opened = article and not (
                kind is Kind.AND and place == start + 1 and kinds[start] is not Kind.CONTENT
            )
            found += _of_run(kinds, start, place, article=opened, after_be=after_be)
        start = place + 1
        if kind is Kind.ARTICLE:
            article = True
        elif kind is Kind.BE:
            article, after_be, there = there, not there, False
        elif kind is Kind.THERE:
            article, after_be, there = False, False, True
        else:
            article, after_be, there = False, after_be and kind is Kind.AND, False
    return found


def _of_run(kinds: Sequence[Kind], start: int, stop: int, *, article: bool, after_be: bool) -> Iterator[int]:
    """Yield the places of the words that name things in one run."""
    for first, last in _parts(kinds, start, stop):
        end = last
        while end - first > 1 and kinds[end - 1] is not Kind.CONTENT:
            end -= 1
        alone = end - first == 1
        opened = article and first == start
        if not opened and (kinds[end - 1] is not Kind.CONTENT):
            continue
        if after_be and not opened and (alone or kinds[first] is not Kind.ING) and first == start:
            continue
        yield end - 1


def _parts(kinds: Sequence[Kind], start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield the first place of each part of a run and that behind its last: words in -ing part it."""
    first = start
    for place in range(start + 1, stop - 1):
        if kinds[place] is Kind.ING:
            yield first, place
            first = place
    yield first, stop
