"""A journal says what was done, and is believed only as far as it goes."""

import pytest

from retrain_kit.batch.decanonize.journals import Journal, JournalEntry
from retrain_kit.batch.decanonize.locations import UnwritableError
from retrain_kit.errors import DataError, ParameterError

PINS = {"kit": "retrain-kit 1", "fill": "white"}
FIRST = b'{"row": 0, "id": "a", "source": "a.jpg", "output": "a.jpg", "removed": 0.25, "effective": 0.5}\n'


def test_a_record_is_a_line_without_what_is_empty():
    assert JournalEntry(0, "a", "a.jpg", output="a.jpg", removed=0.25, effective=0.5).line() == FIRST


def test_a_record_comes_back_as_it_was(tmp_path):
    record = JournalEntry(
        1, "ä", "ä.jpg", "1" * 64, "ä.jpg", "2" * 64, 7, 3, 2, gone=("thumbnail in EXIF",), way="jpeg"
    )
    with Journal(tmp_path / "j", PINS, 2) as journal:
        journal.add(record)
        assert journal[1] == record
    with Journal(tmp_path / "j", PINS, 2) as journal:
        journal.look(lambda _: True)
        assert journal[1] == record
        assert [journal.done(0), journal.done(1)] == [False, True]


def test_a_torn_last_line_is_cut_off(tmp_path):
    path = tmp_path / "j"
    with Journal(path, PINS, 2) as journal:
        journal.add(JournalEntry(0, "a", "a.jpg"))
    whole = path.read_bytes()
    path.write_bytes(whole + FIRST[:30])
    with Journal(path, PINS, 2) as journal:
        journal.look(lambda _: True)
        journal.add(JournalEntry(1, "b", "b.jpg"))
    assert path.read_bytes() == whole + JournalEntry(1, "b", "b.jpg").line()


def test_a_later_record_of_an_image_goes_before_an_earlier_one(tmp_path):
    with Journal(tmp_path / "j", PINS, 1) as journal:
        journal.add(JournalEntry(0, "a", "a.jpg", skipped="no file"))
        journal.add(JournalEntry(0, "a", "a.jpg", way="exact"))
    with Journal(tmp_path / "j", PINS, 1) as journal:
        journal.look(lambda _: True)
        assert journal[0].way == "exact"


def test_a_record_that_does_not_count_is_none(tmp_path):
    with Journal(tmp_path / "j", PINS, 1) as journal:
        journal.add(JournalEntry(0, "a", "a.jpg"))
        journal.look(lambda _: False)
        assert journal.done_count == 0
        with pytest.raises(KeyError):
            journal[0]


def test_other_parameters_are_refused_all_together(tmp_path):
    Journal(tmp_path / "j", PINS, 1)
    with pytest.raises(ParameterError) as caught:
        Journal(tmp_path / "j", {"kit": "retrain-kit 2", "fill": "red"}, 1)
    assert str(caught.value).splitlines() == [
        f"{tmp_path}/j, kit: found 'retrain-kit 2'; expected 'retrain-kit 1', with which this folder was begun.",
        (
            f"{tmp_path}/j, fill: found 'red'; expected 'white', with which this folder was begun. "
            "Go on with the same, or choose another folder with -o."
        ),
    ]


@pytest.mark.parametrize(
    "line", [b"no JSON\n", b"[1]\n", b'{"row": 5, "id": "a", "source": ""}\n', b'{"what": 1}\n']
)
def test_a_line_that_is_no_record_is_named(tmp_path, line):
    path = tmp_path / "j"
    with Journal(path, PINS, 1):
        pass
    path.write_bytes(path.read_bytes() + line + FIRST)
    with Journal(path, PINS, 1) as journal, pytest.raises(DataError, match="j, line 2: found no record"):
        journal.look(lambda _: True)


def test_a_full_disk_is_said(tmp_path):
    with Journal(tmp_path / "j", PINS, 1) as journal:
        journal._file.close()
        journal._file = open("/dev/full", "r+b", buffering=0)  # noqa: SIM115, PTH123 - the system's own full disk
        with pytest.raises(UnwritableError, match="no space left on device"):
            journal.add(JournalEntry(0, "a", "a.jpg"))
