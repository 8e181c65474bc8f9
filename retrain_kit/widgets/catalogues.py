"""Catalogues: the translations of the kit's words, one file a language, which nobody has reviewed.

They are gettext's, as `data/languages/fr.po`, kept with the code by `make languages`. One is read when its
language is spoken first. Scripts are given those words alone that stand in scripts and pages.
"""

from __future__ import annotations

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from retrain_kit.errors import Fault, ParameterError
from retrain_kit.storage.languages import Speech

if TYPE_CHECKING:
    from collections.abc import Sequence

    from babel.messages.catalog import Catalog

FOLDER = Path(__file__).parents[1] / "data" / "languages"
ORIGINAL_LANGUAGE = "en"
TRANSLATED = tuple(sorted(path.stem for path in FOLDER.glob("*.po")))
"""The languages that the whole kit speaks besides English."""
_SCRIPTS = (".js", ".html")


@cache
def catalogue(language: str) -> Catalog:
    """Return the catalogue of one of `TRANSLATED`."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def speech(language: str) -> Speech:
    """Return how to speak a language; where it has no catalogue, in English words."""
    interface = language if language in TRANSLATED else ORIGINAL_LANGUAGE
    return Speech(language, interface, _translations(language))


def interface_speech(language: str) -> Speech:
    """Return how to speak a language that the whole kit speaks.

    Raises
    ------
    ParameterError
        When there is no catalogue of it.
    """
    known = (ORIGINAL_LANGUAGE, *TRANSLATED)
    if language not in known:
        raise ParameterError(Fault("language", repr(language), f"one of {', '.join(known)}"))
    return speech(language)


@cache
def script_speech(language: str) -> dict[str, Any]:
    """Return what a script needs to speak a language, as JSON has it.

    `language` is the one that was chosen, `interface` the one that the words are in.
    """
    if language not in TRANSLATED:
        return {"language": language, "interface": ORIGINAL_LANGUAGE, "words": {}}
    words = {_name(message.id): message.string for message in catalogue(language) if _is_in_script(message)}
    return {"language": language, "interface": language, "words": words}


def _translations(language: str) -> NullTranslations:
    if language not in TRANSLATED:
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def _name(message: str | Sequence[str]) -> str:
    return message if isinstance(message, str) else message[0]


def _is_in_script(message: Any) -> bool:  # noqa: ANN401 - a message of a catalogue, of text or of a pair
    return bool(message.id) and any(Path(place).suffix in _SCRIPTS for place, _ in message.locations)
