"""A Dask cluster: batches go to the workers of a Dask scheduler, and come back in their order.

A worker that is lost costs the batches it had; others do them again.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from retrain_kit.batch.decanonize.workers import retry_one_by_one, submit_in_order
from retrain_kit.errors import DataError, Fault, ParameterError, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrain_kit.batch.decanonize.journals import JournalEntry
    from retrain_kit.batch.decanonize.workers import Batch, Job

_AHEAD = 4
_PATIENCE_S = 20
_RETRIES = 2


def run_on_dask(
    job: Job, batches: Iterable[Batch], address: str, workers: int
) -> Iterator[list[JournalEntry]]:
    """Do all batches and yield their records, in order.

    Parameters
    ----------
    job, batches
        The work.
    address
        Of a scheduler; where it is empty, a cluster of so many workers is started on this machine.

    Raises
    ------
    ParameterError
        When Dask is not installed, or no scheduler answers.
    DataError
        When the scheduler is lost in the middle.
    """
    distributed = _distributed()
    with ExitStack() as stack:
        client = _client(distributed, stack, address, workers)
        threads = sum(client.nthreads().values()) or 1

        def submit(batch: Batch) -> Any:  # noqa: ANN401 - Dask's future
            return client.submit(job, batch, pure=False, retries=_RETRIES)

        for batch, future in submit_in_order(batches, submit, _AHEAD * threads):
            try:
                yield future.result()
            except distributed.KilledWorker:
                yield retry_one_by_one(batch, lambda part: submit(part).result(), distributed.KilledWorker)
            except (distributed.client.FutureCancelledError, OSError) as error:
                do = "Start the same command again: it goes on where it was."
                found = f"a scheduler that was lost ({reason_of(error)})"
                raise DataError(Fault(address or "cluster", found, "one that stays", do)) from error


def _client(distributed: Any, stack: ExitStack, address: str, workers: int) -> Any:  # noqa: ANN401 - Dask has no types
    if not address:
        cluster = distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
        )
        return stack.enter_context(distributed.Client(stack.enter_context(cluster)))
    try:
        return stack.enter_context(distributed.Client(address, timeout=_PATIENCE_S))
    except (OSError, ValueError) as error:
        found = f"{address!r}, where none answers ({reason_of(error)})"
        raise ParameterError(Fault("scheduler", found, "a Dask scheduler, as tcp://host:8786")) from error


def _distributed() -> Any:  # noqa: ANN401 - Dask has no types
    try:
        import distributed  # noqa: PLC0415 - an extra
    except ImportError:
        do = 'Type: pip install "retrain-kit[cluster]"'
        raise ParameterError(Fault("scheduler", "no Dask", "the extra cluster", do)) from None
    return distributed
