"""Ways: which one a picture takes, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit.decanonizing import copying, emptying, lossless, recoding
from retrain_kit.jpegs.refusals import RefusalError

if TYPE_CHECKING:
    from retrain_kit.decanonizing.made import Made
    from retrain_kit.decanonizing.options import Options
    from retrain_kit.decanonizing.tasks import Task


def take(data: bytes, task: Task, options: Options) -> tuple[Made, str]:
    """Take out what the marks cover, the first way the options allow that does it.

    Returns
    -------
    tuple
        What was made, and why it took another way than the first; empty where it did not.

    Raises
    ------
    DataError
        When no way does it.
    jpegs.turbo.LibraryError
        When a library is missing.
    """
    if options.way == "beside":
        return copying.make(data, task, options), ""
    if options.way == "exact" or options.colour is None:
        return lossless.make(data, task, options), ""
    first = recoding.make if options.way == "pixel" else emptying.make
    try:
        return first(data, task, options), ""
    except RefusalError as refusal:
        if options.way == "jpeg":
            raise
        return lossless.make(data, task, options), refusal.reason
