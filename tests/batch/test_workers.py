"""Crews take a few batches at a time, and bring them back in order."""

import pytest
from batch import folders

from retrain_kit.batch.decanonize import workers
from retrain_kit.batch.decanonize.inputs import Task


def batches(count, size=4):
    """Batches of tasks, as many as are taken."""
    for number in range(count):
        rows = range(number * size, (number + 1) * size)
        yield [Task(row, f"p{row}", f"{row}.jpg", "") for row in rows]


def test_never_more_batches_are_out_than_a_few():
    submitted = []
    found = workers.submit_in_order(
        batches(10_000_000), lambda batch: submitted.append(batch) or batch, ahead=3
    )
    for number in range(100):
        batch, future = next(found)
        assert batch is future
        assert batch[0].row == 4 * number
        assert len(submitted) == number + 4


def test_all_batches_come_back_in_order_and_once():
    found = [
        future for _, future in workers.submit_in_order(batches(10), lambda batch: batch[0].row, ahead=3)
    ]
    assert found == [0, 4, 8, 12, 16, 20, 24, 28, 32, 36]


@pytest.mark.usefixtures("processes")
def test_an_image_that_ends_every_process_is_skipped_and_no_other():
    records = [each for found in workers._by_processes(folders.deadly, batches(4), 2) for each in found]
    assert [record.row for record in records] == list(range(16))
    assert {record.row: record.skipped for record in records if record.skipped} == {
        5: "the process that worked on it ended, twice"
    }


@pytest.mark.usefixtures("processes")
def test_workers_are_replaced_after_a_while(monkeypatch):
    monkeypatch.setattr(workers, "_RECYCLE", 1)
    pool = workers._Pool(1)
    try:
        first = pool.submit(folders.pid, []).result()
        second = pool.submit(folders.pid, []).result()
        assert first != second
    finally:
        pool.end()
