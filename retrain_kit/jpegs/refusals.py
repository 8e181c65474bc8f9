"""Refusals: a picture the lossless JPEG way does not take, and why."""

from __future__ import annotations

from retrain_kit.errors import DataError, Fault


class RefusalError(DataError):
    """A picture that cannot be emptied exactly as a JPEG; another lossless way (PNG) takes it."""

    def __init__(self, where: str, reason: str, expected: str = "a JPEG that can be emptied exactly") -> None:
        super().__init__(Fault(where, reason, expected, "The lossless ways of writing pixels take it."))
        self.reason = reason
