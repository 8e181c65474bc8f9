"""Packing: a city of a million houses as a text that fits into a page.

Houses need no place, since it follows from their number. Of each there is how many pieces of each kind of
work it has, and its stripes. Neighbours are alike, so that deflate, which browsers unpack, leaves little.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from retrain_kit.analysis.city.stills import STRIPES
from retrain_kit.display import signs
from retrain_kit.reports.word_map.packing import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from retrain_kit.analysis.city import City

_BITS, _MOST_BYTES = 7, 5


def packed_city(city: City, texts: dict[str, Sequence[str]]) -> str:
    """Return a city as a text for `city.js`.

    Parameters
    ----------
    texts
        What else there is of each house, in a line without a line's end, by name; empty for large cities.
    """
    parts = {
        **{f"counts{number}": small_numbers(column) for number, column in enumerate(city.counts.T)},
        "many": small_numbers(np.diff(city.stripe_starts)),
        **{f"stripe{number}": small_numbers(_stripes(city, number)) for number in range(STRIPES)},
        "labels": "\n".join(map(signs.visible, city.labels)).encode("utf-8", "replace"),
        **{name: "\n".join(lines).encode("utf-8", "replace") for name, lines in texts.items()},
    }
    head = json.dumps({**_told(city), "parts": [[name, len(data)] for name, data in parts.items()]}).encode()
    whole = b"".join((len(head).to_bytes(4), head, *parts.values()))
    return as_text(zlib.compress(whole, 9, wbits=-zlib.MAX_WBITS))


def _told(city: City) -> dict[str, Any]:
    plots = [each.plot for each in city.districts]
    return {
        "houses": len(city),
        "storeys": [
            {"work": each.work, "source": each.source, "low": each.low_s, "high": each.high_s}
            | {"timed": each.timed, "byHand": each.by_hand_s}
            for each in city.storeys
        ],
        "districts": [
            [plot.left, plot.top, plot.columns, plot.rows, each.houses]
            for plot, each in zip(plots, city.districts, strict=True)
        ],
        "strips": city.strips,
        "stripes": STRIPES,
        "lot": city.lot_m,
    }


def _stripes(city: City, number: int) -> NDArray[np.int32]:
    """Return the other labels in one place of those houses that have so many."""
    more = np.diff(city.stripe_starts) > number
    return city.stripes[city.stripe_starts[:-1][more] + number]


def small_numbers(values: NDArray[Any]) -> bytes:
    """Return whole numbers from 0 on, seven bits a byte, the lowest first; a high bit says that more follow.

    Examples
    --------
    >>> list(small_numbers(np.array([5, 300])))
    [5, 172, 2]
    """
    rest = np.asarray(values).astype(np.uint64)
    many = np.ones(len(rest), np.int64)
    for number in range(1, _MOST_BYTES):
        many += rest >= np.uint64(1 << _BITS * number)
    starts = np.cumsum(many) - many
    found = np.zeros(int(many.sum()), np.uint8)
    for number in range(_MOST_BYTES):
        on = many > number
        part = (rest[on] >> np.uint64(_BITS * number)) & np.uint64(127)
        found[starts[on] + number] = part.astype(np.uint8) | ((many[on] > number + 1) * np.uint8(128))
    return found.tobytes()
