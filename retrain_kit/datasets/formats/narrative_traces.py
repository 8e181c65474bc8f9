"""From a narrative, as its file has it, to a trace, as the core has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrain_kit import traces
from retrain_kit.datasets.formats.localized_narratives import to_record

if TYPE_CHECKING:
    from retrain_kit.datasets.formats.localized_narratives import Narrative
    from retrain_kit.traces import Trace


def trace(narrative: Narrative) -> Trace | None:
    """Return the trace of a narrative; None where its source has none.

    Raises
    ------
    DataError
        With the places and times that cannot be those of a pointer.
    """
    return None if narrative.traces is None else traces.from_records(to_record(narrative)["traces"])
