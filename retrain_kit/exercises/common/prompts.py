"""Prompts: what the exercises ask, to the letter, and unreviewed translations beside.

>>> prompts.prompts_of("what-if")["question"].text
'What might exist in the blank area?'
>>> prompts.prompts_of("what-if")["question"].translation("fr")
'Que pourrait-il exister dans la zone vide ?'
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.storage.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Mapping

ORIGINAL_LANGUAGE = "en"
UNREVIEWED_NOTE = marked("translation, not reviewed")


@dataclass(frozen=True)
class Prompt:
    """One thing that an exercise asks.

    Parameters
    ----------
    key
        Its name within the exercise.
    text
        The English wording, to the letter.
    translations
        By language; nobody has reviewed them.
    """

    key: str
    text: str
    translations: Mapping[str, str]

    def translation(self, language: str) -> str:
        """Return what stands beside the English in a language: its translation, or nothing for English.

        Raises
        ------
        ParameterError
            When there are no translations into the language.
        """
        check_language(language)
        return self.translations.get(language, "")


def prompts_of(exercise: str) -> dict[str, Prompt]:
    """Return the prompts of an exercise by key, in the order in which they are asked.

    Raises
    ------
    ParameterError
        When there is no such exercise.
    """
    known = [name for name in _read() if name not in ("credit", "languages")]
    if exercise not in known:
        raise ParameterError(Fault("exercise", repr(exercise), f"one of {', '.join(known)}"))
    return {
        key: Prompt(
            key,
            words[ORIGINAL_LANGUAGE],
            {name: text for name, text in words.items() if name != ORIGINAL_LANGUAGE},
        )
        for key, words in _read()[exercise].items()
    }


def languages() -> dict[str, str]:
    """Return the languages by tag, each under its own name; English, the original, first."""
    return dict(_read()["languages"])


def prompts_credit() -> str:
    """Return whose words they are."""
    words = _read()["credit"]
    return gettext(words)


def unreviewed_note(language: str) -> str:
    """Return that what stands beside the English is not reviewed; nothing where nothing does."""
    return gettext(UNREVIEWED_NOTE) if language != ORIGINAL_LANGUAGE else ""


def check_language(language: str) -> None:
    """Raise a `ParameterError` unless the prompts are there in a language."""
    if language not in languages():
        raise ParameterError(Fault("language", repr(language), f"one of {', '.join(languages())}"))


@cache
def _read() -> dict[str, Any]:
    with Path(__file__).with_suffix(".toml").open("rb") as file:
        return tomllib.load(file)
