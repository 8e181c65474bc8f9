"""Hidden words: words that are taken out of texts, the sign of the veil in their place."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote

from retrain_kit.annotations.veil import SIGN

if TYPE_CHECKING:
    from collections.abc import Iterable

_PART = re.compile(r"[^\W\d_]+|\d+")
"""What words are made of: letters or digits in a row. Whatever else stands between them parts them."""
_ENDINGS = ("s", "es")
_BETWEEN = re.compile(r"[\s_.'\u2019+-]*")
_MOST_REMEMBERED = 100_000


class HiddenWords:
    """Words that are taken out of texts, in any case, with an ending s or es, however they are joined.

    Parameters
    ----------
    words
        The words, each of one or several parts.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._rows: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._memo: dict[str, str] = {}
        for word in words:
            self.add(word)

    def __bool__(self) -> bool:
        return bool(self._rows)

    def add(self, word: str) -> None:
        """Hide one word more."""
        row = tuple(_PART.findall(_plain(word).casefold()))
        if not all(map(str.isdigit, row)):
            self._rows[row[0]].add(row)
            self._rows["".join(row)].add(("".join(row),))
            self._memo.clear()

    def discard(self, word: str) -> None:
        """Hide one word less."""
        row = tuple(_PART.findall(_plain(word).casefold()))
        for each in (row, ("".join(row),)):
            self._rows.get(each[0] if each else "", set()).discard(each)
        self._memo.clear()

    def hide(self, text: str) -> str:
        """Return the text with the sign in the place of each such word; the text itself without any."""
        if not self._rows or not text:
            return text
        if text not in self._memo:
            if len(self._memo) >= _MOST_REMEMBERED:
                self._memo.clear()
            bare = unquote(text) if "%" in text else text  # an address writes letters as numbers
            hidden = self._hide(bare)
            self._memo[text] = text if hidden == bare else hidden
        return self._memo[text]

    def _hide(self, text: str) -> str:
        shown = _plain(text)
        found = [(each.start(), each.end(), each[0].casefold()) for each in _PART.finditer(shown)]
        parts, end, at = [], 0, 0
        while at < len(found):
            if far := self._length(shown, found, at):
                parts += [shown[end : found[at][0]], SIGN]
                end = found[at + far - 1][1]
            at += far or 1
        return "".join([*parts, shown[end:]]) if parts else text

    def _length(self, text: str, found: list[tuple[int, int, str]], at: int) -> int:
        """Return how many parts from here on are a hidden word; 0 where none begins here."""
        first = found[at][2]
        begun = [*self._rows.get(first, ())]
        begun += [row for bare in _bare(first) for row in self._rows.get(bare, ()) if len(row) == 1]
        return max(
            (len(row) for row in begun if self._is_row(text, found[at : at + len(row)], row)), default=0
        )

    @staticmethod
    def _is_row(text: str, parts: list[tuple[int, int, str]], row: tuple[str, ...]) -> bool:
        if len(parts) < len(row):
            return False
        joined = all(_BETWEEN.fullmatch(text[one[1] : two[0]]) for one, two in pairwise(parts))
        *before, last = (each[2] for each in parts)
        return joined and tuple(before) == row[:-1] and row[-1] in {last, *_bare(last)}


def _plain(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _bare(part: str) -> list[str]:
    return [part.removesuffix(ending) for ending in _ENDINGS if part.endswith(ending)]
