"""Languages: the words of the kit in the language of whoever reads them.

Words are written in English where they are said, as a whole sentence with named places, and looked up then:

>>> gettext("You are {who} again.", who="bodag")
'You are bodag again.'

Whose language it is, is said once, around all that follows, by whoever knows the reader: a class for each
request, a widget for its screen. Threads that a request waits for know it too. Where nobody says it, it is
English. Catalogues are read in `widgets.catalogues`: the core needs none, and no library for them.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from gettext import NullTranslations
from typing import TYPE_CHECKING

from retrain_kit.errors import showable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrain_kit.errors import Fault, KitError


@dataclass(frozen=True)
class Speech:
    """A language to speak in.

    Parameters
    ----------
    language
        Its tag, as `pt`; empty where nobody has chosen one.
    interface
        That of the words, where the language has no catalogue.
    translations
        Its catalogue; without one the words stay English.
    """

    language: str = ""
    interface: str = "en"
    translations: NullTranslations = field(default_factory=NullTranslations)


_NOBODYS = Speech()
_speech: ContextVar[Speech] = ContextVar("speech", default=_NOBODYS)


@contextmanager
def speaking(speech: Speech) -> Iterator[None]:
    """Speak a language as long as the block lasts."""
    before = _speech.set(speech)
    try:
        yield
    finally:
        _speech.reset(before)


def chosen_language() -> str:
    """Return the tag of the language that is spoken now; empty where nobody has chosen one."""
    return _speech.get().language


def interface_language() -> str:
    """Return the tag of the language that words are in now."""
    return _speech.get().interface


def unreviewed_words() -> str:
    """Return what stands beside words that nobody has reviewed; nothing beside English ones."""
    return "" if interface_language() == "en" else gettext("translation, not reviewed")


def unreviewed_in_brackets() -> str:
    """Return the same for the end of a line."""
    return f"({unreviewed_words()})" if unreviewed_words() else ""


def marked(message: str) -> str:
    """Return a message as it is: catalogues have it, and `gettext` is asked for it where it is said."""
    return message


def gettext(message: str, /, **values: object) -> str:
    """Return a message in the language that is spoken now, with its named places filled."""
    found = _speech.get().translations.gettext(message) if message else ""
    return found.format_map(values) if values else found


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """Return a message about a number of things; `{count}` is the number."""
    found = _speech.get().translations.ngettext(one, many, count)
    return found.format_map({"count": count, **values})


def fault_in_words(fault: Fault) -> str:
    """Return a fault as a sentence in the language that is spoken now."""
    line = gettext(
        "{where}: found {found}; expected {expected}.",
        where=fault.where,
        found=fault.found,
        expected=fault.expected,
    )
    return showable(f"{line} {fault.do}" if fault.do else line)


def error_in_words(error: KitError) -> str:
    """Return all faults of an error in the language that is spoken now, a line each."""
    return "\n".join(map(fault_in_words, error.faults))
