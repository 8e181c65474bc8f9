"""Texts are read in the encoding that their first bytes announce; what is none says where."""

import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from retrain_kit.errors import DataError
from retrain_kit.storage import texts

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32"]
letters = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\r"), max_size=40)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_text_is_the_same_in_every_encoding_that_announces_itself(tmp_path, encoding):
    path = tmp_path / "text"
    path.write_bytes("Café 刀\nb\n".encode(encoding))
    assert texts.read_text(path) == "Café 刀\nb\n"
    with path.open(encoding=texts.encoding_of(path)) as file:
        assert file.read() == "Café 刀\nb\n"


@given(letters, st.sampled_from(ENCODINGS))
def test_lines_are_the_same_in_every_encoding(text, encoding):
    assume(not (text.startswith("\0") and "16" in encoding))  # its first bytes announce UTF-32
    found = b"".join(texts.in_utf8(io.BytesIO(text.encode(encoding))))
    assert found == text.encode()


@pytest.mark.parametrize(
    ("data", "where", "found"),
    [
        (b"a\nV\xe9lo\n", "line 2", "no text (byte 2 of the line, 0xE9, is no UTF-8)"),
        (b"a\r\nb\rV\xe9lo", "line 3", "no text (byte 2 of the line, 0xE9, is no UTF-8)"),
        (b"\xff\xfea\0\0", "line 1", "no text (byte 5 of the line, 0x00, is no UTF-16-LE)"),
    ],
)
def test_what_is_no_text_is_said_with_its_place(tmp_path, data, where, found):
    path = tmp_path / "text"
    path.write_bytes(data)
    with pytest.raises(DataError) as caught:
        texts.read_text(path)
    (fault,) = caught.value.faults
    assert (fault.where, fault.found) == (f"{path}, {where}", found)


@pytest.mark.parametrize(
    ("header", "sign"),
    [
        ("id,file,sha256", ","),
        ("id;file;sha256", ";"),
        ("id\tfile\tsha256\r\n", "\t"),
        ("id", ","),
        ("", ","),
        ('"id";"file, if any";file', ";"),
        ("note;x,id,file", ","),
        ("id;file\r1;a\r", ";"),
    ],
)
def test_a_table_is_separated_as_its_first_line_is(header, sign):
    assert texts.separator(header, ("id", "file", "sha256")) == sign


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "table",
    [
        'who,agreed\ntern,"class, publication"\n',
        "who;agreed\ntern;class, publication\n",
        "WHO\tAgreed \ttheir own\r\n tern\tclass, publication\t\r\n\t\t\r\n",
        "sep=;\nwho;agreed;;\n\ntern;class, publication;;\n;;;\n",
        '\n\nWho,Agreed,\n\ntern,"class, publication",,,\n',
        "who;agreed\rtern;class, publication\r",
    ],
)
def test_a_table_is_read_as_people_and_spreadsheets_write_it(tmp_path, table, encoding):
    path = tmp_path / "people.csv"
    path.write_bytes(table.encode(encoding))
    rows = [row for _, row in texts.table_rows(path, ("who", "agreed", "language"), ("who", "agreed"))]
    assert rows == [{"who": "tern", "agreed": "class, publication", "language": ""}]


def test_the_faults_of_a_table_are_said_together_and_rows_that_are_whole_are_given(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("who,agreed\ntern,class,publication\nwren\nowl,both\n", encoding="utf-8")
    faults = []
    rows = [row["who"] for _, row in texts.table_rows(path, ("who", "agreed"), ("who", "agreed"), faults)]
    assert rows == ["owl"]
    assert [(fault.where.rpartition(", ")[2], fault.found) for fault in faults] == [
        ("line 2", "3 cells"),
        ("line 3", "1 cells"),
    ]
    path.write_text("who,who\n", encoding="utf-8")
    with pytest.raises(DataError) as raised:
        list(texts.table_rows(path, ("who", "agreed"), ("who", "agreed")))
    assert [fault.found for fault in raised.value.faults] == ["the columns who, who", "the column who twice"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("/data/./cat//1.jpg", ("data", "cat", "1.jpg")),
        ("C:\\my\\1.jpg", ("C:", "my", "1.jpg")),
        ("S\u0061\u0303o?.jpg", ("S\u00e3o?.jpg",)),
        ("https://example.org/a%20b/1.jpg?size=9#top", ("a b", "1.jpg")),
        ("https://[x/1.jpg", ("1.jpg",)),
        ("https://example.org", ()),
        ("../.", ("..",)),
        ("/", ()),
    ],
)
def test_a_path_has_the_same_parts_however_it_is_written(name, parts):
    assert texts.path_parts(name) == parts
