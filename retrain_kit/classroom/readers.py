"""Readers: in which language somebody who asks for something is spoken to.

A page says it with each request, in the header that browsers have for it: the language that its person has
chosen, else those of the browser. Only languages that the kit has are taken, the first of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers

from retrain_kit.exercises.common import prompts
from retrain_kit.storage.languages import speaking
from retrain_kit.widgets import catalogues

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

MAX_HEADER_CHARS = 200
"""Of a list of languages; the rest is not looked at."""


@lru_cache(256)
def asked_language(header: str, default: str) -> str:
    """Return the first language of a header `Accept-Language` that the kit has; the default where none is.

    An empty default is none: nobody has chosen.
    """
    for part in header[:MAX_HEADER_CHARS].split(","):
        tag = part.partition(";")[0].strip().lower().partition("-")[0]
        if tag in prompts.languages():
            return tag
    return default


def page_speech(language: str) -> dict[str, Any]:
    """Return what a page needs to speak a language, and the others that it may choose."""
    return {**catalogues.script_speech(language), "languages": list(prompts.languages().items())}


@dataclass(frozen=True)
class Interpreter:
    """An application that speaks to each in their language.

    Parameters
    ----------
    app
        What answers.
    default
        The language of whoever asks for none that the kit has.
    """

    app: ASGIApp
    default: str = prompts.ORIGINAL_LANGUAGE

    def __post_init__(self) -> None:
        # Catalogues are read before anybody comes: a request never waits for one.
        for language in prompts.languages():
            catalogues.speech(language)
            catalogues.script_speech(language)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in the language of whoever asks."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("accept-language", "")
        with speaking(catalogues.speech(asked_language(asked, self.default))):
            await self.app(scope, receive, send)
