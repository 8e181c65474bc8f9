"""Messages: what a browser asks the kernel for, checked field by field. Anybody can send anything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from retrain_kit.answers.letters import visible_letters
from retrain_kit.answers.records import Consent, utc_timestamp
from retrain_kit.errors import Fault, ParameterError
from retrain_kit.storage.languages import gettext, marked, ngettext

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


MAX_MESSAGE_CHARS = 20_000
"""Of a whole message, as JSON."""


def check_length(sent: Mapping[str, Any]) -> None:
    """Refuse a message that is longer than anything a widget sends.

    Raises
    ------
    ParameterError
        Without repeating any of it.
    """
    letters = len(json.dumps(sent, ensure_ascii=False))
    if letters > MAX_MESSAGE_CHARS:
        do = gettext("Say it in fewer words; nothing was kept.")
        expected = gettext("at most {count}", count=MAX_MESSAGE_CHARS)
        raise ParameterError(Fault(gettext("what was sent"), letters_in_words(letters), expected, do))


def text_field(sent: Mapping[str, Any], name: str) -> str:
    """Return a field that holds a text; empty where there is none.

    Raises
    ------
    ParameterError
        When it holds something else.
    """
    value = sent.get(name, "")
    if not isinstance(value, str):
        raise ParameterError(Fault(name, f"an object of type {type(value).__name__}", "a text"))
    return value


def number_field(sent: Mapping[str, Any], name: str, below: int) -> int:
    """Return a field that holds a whole number from 0 to `below - 1`.

    Raises
    ------
    ParameterError
        When it holds anything else.
    """
    value = sent.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < below:
        raise ParameterError(Fault(name, repr(value), f"a whole number from 0 to {below - 1}"))
    return value


def consent_field(sent: Mapping[str, Any], known: Collection[str], version: str) -> Consent:
    """Return what somebody agrees to now: those of the known uses that are listed in `uses`."""
    uses = sent.get("uses")
    agreed = tuple(use for use in known if isinstance(uses, list) and use in uses)
    return Consent(agreed, version, utc_timestamp())


# -- lengths: how many letters people may write.


MAX_SHORT_CHARS = 200
"""An option, a reason, a few words beside a refusal, a footnote to one of these."""
REFUSE_INSTEAD = marked(
    "Who has nothing to say, or chooses not to answer, can refuse: that is an answer too."
)


def letters_in_words(count: int) -> str:
    """Return a number of letters."""
    return ngettext("{count} letter", "{count} letters", count)


def length_faults(name: str, text: str, most: int, *, least: int = 0, do: str = "") -> list[Fault]:
    """Return what is wrong with the length of a text; white space, and what nobody can see, is nothing.

    Parameters
    ----------
    name
        What the text is.
    do
        What whoever has nothing to write can do instead.
    """
    letters = len(text.strip()) if visible_letters(text) else 0
    if least <= letters and len(text) <= most:
        return []
    found = len(text) if letters else 0
    expected = gettext("from {least} to {most}", least=least, most=most)
    return [Fault(name, letters_in_words(found), expected, "" if letters else do)]
