"""Start lists: what stands on a list before anybody has spoken, and what is improbable there.

The source's own list was written for a blank area of sky, and stands where a study says that it is sky.
Elsewhere a study may say what fits there, and who wrote that. Where it says nothing, the list is empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from retrain_kit.exercises.common import prompts
from retrain_kit.studies import starts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrain_kit.studies.manifests import Manifest
    from retrain_kit.studies.starts import Start

ORIGINAL_PREFIX, START_PREFIX, ANCHOR_PREFIX = "original:", "start:", "anchor:"
ELEPHANT_KEY = "elephant"
ELEPHANT_REF = ORIGINAL_PREFIX + ELEPHANT_KEY


@dataclass(frozen=True)
class StartList:
    """What stands on a list at first.

    Parameters
    ----------
    options
        The wordings by their references, in their order; the anchor is not among them.
    anchor
        The reference of what is improbable there; empty where nothing is said to be.
    anchor_text
        Its wording.
    author
        Who wrote the list; empty where it is the source's, or empty.
    """

    options: Mapping[str, str] = field(default_factory=dict)
    anchor: str = ""
    anchor_text: str = ""
    author: str = ""

    @property
    def texts(self) -> dict[str, str]:
        """The wordings by their references, the anchor's last."""
        return {**self.options, **({self.anchor: self.anchor_text} if self.anchor else {})}

    @property
    def has_elephant(self) -> bool:
        """Whether the elephant is what is improbable there."""
        return self.anchor == ELEPHANT_REF

    @property
    def details(self) -> dict[str, object]:
        """What an answer keeps of the list it was given to; nothing of the source's own."""
        if self == source_list():
            return {}
        anchor = "" if self.has_elephant else self.anchor.removeprefix(ANCHOR_PREFIX)
        said = {"anchor": anchor, "by": self.author}
        return {"start": list(self.options.values()), **{key: text for key, text in said.items() if text}}

    @property
    def anchor_words(self) -> str:
        """The words of the anchor, without articles and capitals."""
        return " ".join(_words(self.anchor_text))

    def is_anchor(self, text: str) -> bool:
        """Say whether a wording is of what is improbable there."""
        if self.has_elephant:
            return is_elephant(text)
        return bool(self.anchor) and _words(text) == _words(self.anchor_text)


EMPTY = StartList()


@cache
def source_list() -> StartList:
    """Return the source's list, to the letter."""
    texts = {ORIGINAL_PREFIX + key: prompt.text for key, prompt in _source().items()}
    anchor = texts.pop(ELEPHANT_REF)
    return StartList(texts, ELEPHANT_REF, anchor)


def own_list(start: Start) -> StartList:
    """Return the list that a study has for an image."""
    if start.sky:
        return source_list()
    options = {START_PREFIX + text: text for text in start.options}
    if start.anchor:
        return StartList(options, ANCHOR_PREFIX + start.anchor, f"({start.anchor})", start.author)
    return StartList(options, ELEPHANT_REF, source_list().anchor_text, start.author)


def study_lists(manifest: Manifest) -> dict[str, StartList]:
    """Return the list of each image of which a study says something.

    Raises
    ------
    DataError
        With every fault of the study's table of starts.
    """
    return {image: own_list(start) for image, start in starts.load_starts(manifest).items()}


def recorded_list(details: Mapping[str, Any]) -> StartList:
    """Return the list to which an answer was given, as far as its details can be read."""
    options = details.get("start")
    if not isinstance(options, list):
        return source_list()
    texts = tuple(text for text in options if isinstance(text, str))
    anchor, author = (str(details.get(key, "")) for key in ("anchor", "by"))
    return own_list(starts.Start(texts, anchor, author)) if texts else EMPTY


def wording_of(ref: str) -> str:
    """Return the wording of a reference to a list that need not stand here any more; empty for any other."""
    for prefix in (START_PREFIX, ANCHOR_PREFIX):
        if ref.startswith(prefix):
            text = ref.removeprefix(prefix)
            return f"({text})" if prefix == ANCHOR_PREFIX else text
    return source_list().texts.get(ref, "")


def translation_of(ref: str, language: str) -> str:
    """Return what stands beside an option in a language: only the source's have translations."""
    prompt = _source().get(ref.removeprefix(ORIGINAL_PREFIX)) if ref.startswith(ORIGINAL_PREFIX) else None
    return prompt.translation(language) if prompt else ""


# -- the elephant: it is on most lists, and outside the range until somebody lets it in.


def is_elephant(text: str) -> bool:
    """Say whether a wording is of the elephant: whether its last word is, in one of the prompts' languages.

    *A flying elephant* is; *elephant grass* is not.
    """
    words = _all_words(text)
    return bool(words) and (words[-1] in elephant_names() or words[-1].removesuffix("s") in elephant_names())


@cache
def elephant_names() -> frozenset[str]:
    """Return what the elephant is called, in the prompts' languages."""
    prompt = _source()[ELEPHANT_KEY]
    return frozenset(_all_words(text)[-1] for text in (prompt.text, *prompt.translations.values()))


def _source() -> dict[str, prompts.Prompt]:
    return prompts.prompts_of("what-if-options")


ARTICLES = {"a", "an", "the", "some"}


def _words(text: str) -> list[str]:
    return [word for word in _all_words(text) if word not in ARTICLES]


def _all_words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
