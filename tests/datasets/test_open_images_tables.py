"""Tables of millions of rows are read in blocks, or from their copy, and damage is found wherever it stands."""

import csv
import io
import os

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.datasets.formats import streaming
from retrain_kit.datasets.open_images import parquet
from retrain_kit.datasets.open_images.tables import Table
from retrain_kit.errors import DataError

COLUMNS = ("ImageID", "Title", "Rotation")
TEXT = 'ImageID,Title,Rotation\na,One,0.0\nb,"Two, and\nmore",\na,"A ""third""",90.0\n'
ROWS = [
    {"line": 2, "ImageID": "a", "Title": "One", "Rotation": "0.0"},
    {"line": 3, "ImageID": "b", "Title": "Two, and\nmore", "Rotation": ""},
    {"line": 5, "ImageID": "a", "Title": 'A "third"', "Rotation": "90.0"},
]
blocks = pytest.mark.parametrize("block", [1, 7, 30, 1 << 22])


@pytest.fixture
def table(tmp_path):
    """Return the function that writes a table."""

    def write(text, columns=COLUMNS):
        path = tmp_path / "table.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return Table(path, columns)

    return write


@pytest.fixture
def copied(table, monkeypatch):
    """A table that is called big, its path and the path of its copy."""
    monkeypatch.setattr(parquet, "MIN_TABLE_BYTES", 0)
    made = table(TEXT)
    return made, made.path, made.path.with_name("table.csv.parquet")


@blocks
def test_blocks_break_no_cell_and_lines_keep_their_numbers(table, monkeypatch, block):
    monkeypatch.setattr(streaming, "_BLOCK_BYTES", block)
    assert table(TEXT).rows({"a", "b"}) == ROWS
    assert table(TEXT).rows({"b"}) == ROWS[1:2]
    assert table(TEXT).values("ImageID") == ["a", "b"]
    assert table(TEXT).values("Title", pl.col("Rotation") == "90.0") == ['A "third"']


@pytest.mark.parametrize(
    "change", [lambda text: text.rstrip("\n"), lambda text: "\ufeff" + text, lambda text: text + "\n"]
)
def test_byte_order_marks_and_last_lines_are_taken_as_they_come(table, change):
    assert table(change(TEXT)).rows({"a", "b"}) == ROWS


def test_lines_may_end_as_on_windows(table):
    plain = "ImageID,Title,Rotation\r\na,One,0.0\r\nb,Two,\r\n"
    assert table(plain).rows({"b"}) == [{"line": 3, "ImageID": "b", "Title": "Two", "Rotation": ""}]


@blocks
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a,1\n", "line 2: found 2 cells; expected 3 cells"),
        ("a,1,\nb\na,2,0\n", "line 3: found 1 cell; expected 3 cells"),
        ("a,1,0\nb,2,0,9\n", "line 3: found 4 cells; expected 3 cells"),
        ("a,1,0\nb,", "line 3: found 2 cells; expected 3 cells"),
        ("a,1,0\n,2,0\n", "line 3, ImageID: found nothing; expected the id of an image"),
        ('a,",\n",0\nb,\n', "line 4: found 2 cells; expected 3 cells"),
    ],
)
def test_rows_that_were_cut_are_found_whatever_their_image(table, monkeypatch, block, text, fault):
    monkeypatch.setattr(streaming, "_BLOCK_BYTES", block)
    with pytest.raises(DataError) as caught:
        table("ImageID,Title,Rotation\n" + text).rows({"z"})
    (only,) = caught.value.faults
    assert fault in str(only)


def test_a_table_that_is_not_in_utf8_is_a_fault(table):
    with pytest.raises(DataError, match="lines 2 to 3: found no CSV .* expected comma-separated UTF-8"):
        table(b"ImageID,Title,Rotation\na,1,0\nb,\xff,0\n").rows({"a"})


def test_a_cell_that_does_not_end_is_a_fault(table, monkeypatch):
    monkeypatch.setattr(streaming, "_BLOCK_BYTES", 8)
    monkeypatch.setattr(streaming, "_ROW_BYTES", 64)
    with pytest.raises(DataError, match="found a cell of more than 64 MB; expected a closing quotation mark"):
        table('ImageID,Title,Rotation\na,"1,0\n' + "b,2,0\n" * 99).rows({"a"})


def test_of_very_many_faults_the_first_hundred_are_told(table):
    with pytest.raises(DataError) as caught:
        table("ImageID,Title,Rotation\n" + "a,1\n" * 250).rows({"a"})
    assert len(caught.value.faults) == 101
    assert "150 more such rows" in str(caught.value.faults[-1])


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ("ImageID,Title", "also Rotation"),
        ("ImageID,Title,Title,Rotation", "the column 'Title' twice"),
        ("", "also ImageID"),
    ],
)
def test_a_header_that_lacks_a_column_or_has_it_twice_is_a_fault(table, header, fault):
    with pytest.raises(DataError, match=fault):
        table(header + "\n").rows({"a"})


def test_a_big_table_is_copied_and_read_from_its_copy(copied):
    made, path, copy = copied
    assert made.rows({"a", "b"}) == ROWS
    assert pl.read_parquet(copy).rows() == [
        (2, "a", "One", "0.0"), (3, "b", "Two, and\nmore", None), (5, "a", 'A "third"', "90.0")
    ]  # fmt: skip
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    path.write_text(TEXT.replace("One", "Eno"))
    os.utime(path, ns=times)
    assert made.rows({"a", "b"}) == ROWS
    assert made.values("ImageID") == ["a", "b"]


def test_a_copy_of_an_older_table_is_made_anew(copied):
    made, path, copy = copied
    made.rows({"a"})
    path.write_text(TEXT + "c,Four,\n")
    assert made.values("ImageID") == ["a", "b", "c"]
    assert pl.read_parquet(copy).height == 4


def test_a_small_table_gets_no_copy(table):
    made = table(TEXT)
    made.rows({"a"})
    assert [path.name for path in made.path.parent.iterdir()] == ["table.csv"]


def test_a_broken_table_gets_no_copy(copied):
    made, path, _ = copied
    path.write_text(TEXT + "c,Fo")
    with pytest.raises(DataError, match="line 6: found 2 cells"):
        made.rows({"a"})
    assert [found.name for found in path.parent.iterdir()] == ["table.csv"]


def test_a_cell_that_does_not_end_is_a_fault_in_a_big_table_too(copied, monkeypatch):
    made, path, copy = copied
    path.write_text('ImageID,Title,Rotation\na,"1,0\n' + "b,2,0\n" * 99)
    monkeypatch.setattr(streaming, "_BLOCK_BYTES", 8)
    monkeypatch.setattr(streaming, "_ROW_BYTES", 64)
    with pytest.raises(DataError, match="found a cell of more than 64 MB; expected a closing quotation mark"):
        made.rows({"a"})
    assert not copy.exists()


def test_a_copy_that_was_cut_is_not_trusted(copied):
    made, _, copy = copied
    made.rows({"a"})
    copy.write_bytes(copy.read_bytes()[:-40])
    assert made.rows({"a", "b"}) == ROWS


def test_somebody_elses_file_of_that_name_is_left_alone(copied):
    made, _, copy = copied
    pl.DataFrame({"ImageID": ["x"]}).write_parquet(copy)
    before = copy.read_bytes()
    assert made.rows({"a", "b"}) == ROWS
    assert copy.read_bytes() == before
    copy.write_bytes(b"no Parquet")
    assert made.rows({"a", "b"}) == ROWS
    assert copy.read_bytes() == b"no Parquet"


def test_a_copy_that_cannot_be_written_stops_nobody(copied):
    made, _, copy = copied
    made.rows({"a"})
    copy.unlink()
    copy.mkdir()
    assert made.rows({"a", "b"}) == ROWS


cells = st.text(st.sampled_from('ab", \n'), max_size=4)


@given(st.lists(st.tuples(st.sampled_from("pqr"), cells, cells), max_size=12), st.integers(1, 40))
def test_a_table_is_read_as_pythons_own_reader_reads_it(tmp_path_factory, rows, block):
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])
    path = tmp_path_factory.mktemp("tables") / "table.csv"
    path.write_text(file.getvalue(), newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streaming, "_BLOCK_BYTES", block)
        found = Table(path, COLUMNS).rows({"p", "r"})
    reader = csv.reader(io.StringIO(file.getvalue(), newline=""))
    assert [tuple(row[name] for name in COLUMNS) for row in found] == [
        tuple(row) for row in reader if row[0] in {"p", "r"}
    ]
