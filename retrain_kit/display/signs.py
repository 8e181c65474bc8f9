"""Signs: texts made visible, so that no name of a label or an image looks like nothing, or like another."""

from __future__ import annotations

import unicodedata


def visible(text: str) -> str:
    r"""Return a text on one line; what has no shape is written as its number, where nothing else is there.

    Runs of white space become one space. Control characters and signs that turn a text around become their
    numbers wherever they stand. An empty text stays empty: it says that nothing was said.

    Examples
    --------
    >>> visible(" a cat\n"), visible("b\x00"), visible("\u200b"), visible(" ")
    ('a cat', 'bU+0000', 'U+200B', 'U+0020')
    """
    line = " ".join(text.split())
    if all(_shapeless(sign) for sign in line):
        return " ".join(f"U+{ord(sign):04X}" for sign in text)
    return without_misleading(line)


def without_misleading(text: str) -> str:
    r"""Return a text, in its lines, with numbers for control characters and for signs that turn it around.

    Examples
    --------
    >>> without_misleading("b\x00\n\u202edc")
    'bU+0000\nU+202Edc'
    """
    return "".join(
        f"U+{ord(sign):04X}" if _misleading(sign) and sign not in "\n\r\t" else sign for sign in text
    )


def shortened(text: str, most: int) -> str:
    """Return a text of at most `most` signs: beginning and end, with … where signs were left out.

    Examples
    --------
    >>> shortened("a very long name", 9)
    'a ver…ame'
    """
    if len(text) <= most:
        return text
    end = (most - 1) * 2 // 5
    return f"{text[: most - 1 - end]}…{text[-end:]}"


def _shapeless(sign: str) -> bool:
    return (
        unicodedata.category(sign) in {"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"}
        or sign in "\u2800\u3164\uffa0\u115f\u1160"
    )


def _misleading(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs"} or sign in "\u202d\u202e"
