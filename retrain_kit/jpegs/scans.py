"""Scans: whether those of a JPEG bring every coefficient of every component, whole and once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.jpegs.refusals import RefusalError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from retrain_kit.jpegs.markers import Component

MAX_SCANS = 500
"""More scans than any encoder writes: such a file is made to keep a decoder busy."""

_UNSEEN = 99


def check(payloads: Iterable[bytes], components: Collection[Component], kind: str, where: str) -> None:
    """Refuse a picture some of whose coefficients are missing: decoders smooth over what is not there.

    Raises
    ------
    RefusalError
        With the reason.
    """
    payloads = list(payloads)
    if len(payloads) > MAX_SCANS:
        raise RefusalError(where, f"{len(payloads)} scans", f"at most {MAX_SCANS}")
    lacking = {part.id: [_UNSEEN] * 64 for part in components}
    for payload in payloads:
        names, first, last, low = _scan(payload, where)
        for name in names:
            if name not in lacking or not first <= last < 64:  # noqa: PLR2004 - coefficients of a block
                raise RefusalError(where, "a scan that does not fit its frame")
            if kind != "progressive" and lacking[name][0] != _UNSEEN:
                raise RefusalError(where, "a component that is coded twice")
            for place in range(first, last + 1):
                lacking[name][place] = low
    if any(any(bits) for bits in lacking.values()):
        raise RefusalError(where, "scans that do not bring the whole picture")


def _scan(payload: bytes, where: str) -> tuple[bytes, int, int, int]:
    """Return the ids of a scan's components, its first and last coefficient and the bits it leaves out."""
    n = payload[0] if payload else 0
    if len(payload) != 2 * n + 4:
        raise RefusalError(where, "a scan with a broken header")
    return payload[1 : 1 + 2 * n : 2], payload[-3], payload[-2], payload[-1] & 15
