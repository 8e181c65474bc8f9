"""Signals by which the system asks a program to end."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@contextmanager
def ended_as_interrupted() -> Iterator[None]:
    """Take the signals to end as Ctrl-C in the block, so that nothing half-made stays behind.

    One that is ignored stays so, and threads other than the main one leave all as it is.
    """
    names = ("SIGTERM", "SIGHUP") if threading.current_thread() is threading.main_thread() else ()
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {each: signal.getsignal(each) for each in numbers}
    heard = {each: handler for each, handler in before.items() if handler not in {signal.SIG_IGN, None}}
    for each in heard:
        signal.signal(each, _interrupt)
    try:
        yield
    finally:
        for each, handler in heard.items():
            signal.signal(each, handler)


def _interrupt(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
