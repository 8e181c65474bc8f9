"""The entries of JSON come one by one, wherever the file is cut while it is read."""

import codecs
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrain_kit.datasets.formats import json_entries

numbers = st.integers() | st.floats() | st.sampled_from([10**30, -0.0, 1e-300])
anything = st.recursive(
    st.none() | st.booleans() | numbers | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
objects = st.dictionaries(st.text(max_size=4), anything, max_size=5)
layouts = st.sampled_from([{}, {"indent": 2}, {"separators": (",", ":")}, {"ensure_ascii": False}])


@pytest.fixture
def cut(monkeypatch, tmp_path):
    """Return a reader of texts that are cut after so many characters."""

    def read(data, part, stream=json_entries.stream_entries):
        monkeypatch.setattr(json_entries, "CHUNK_BYTES", part)
        path = tmp_path / "table.json"
        path.write_bytes(data)
        return list(stream(path))

    return read


def put_together(found):
    """Return the object that entries say."""
    table = {}
    for name, number, value in found:
        if number:
            table[name].append(value)
            assert number == len(table[name])
        else:
            table[name] = value
    return table


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(objects, layouts, st.integers(1, 40))
def test_the_entries_put_together_are_what_the_standard_library_reads(cut, table, layout, part):
    text = json.dumps(table, **layout)
    found = put_together(cut(text.encode("utf-8", "surrogatepass"), part))
    assert repr(found) == repr(json.loads(text))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(objects, layouts, st.integers(1, 40), st.data())
def test_a_text_that_was_cut_off_or_damaged_is_refused_where_the_standard_library_refuses_it(
    cut, table, layout, part, data
):
    text = json.dumps(table, **layout)
    at = data.draw(st.integers(0, len(text) - 1))
    text = text[:at] + data.draw(st.sampled_from(["", text[at + 1 :], "}" + text[at:], "x" + text[at:]]))
    try:
        expected = json.loads(text)
    except ValueError:
        expected = None
    if isinstance(expected, dict):
        assert repr(put_together(cut(text.encode("utf-8", "surrogatepass"), part))) == repr(expected)
    else:
        with pytest.raises(ValueError, match="character"):
            cut(text.encode("utf-8", "surrogatepass"), part)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32-le"])
def test_every_encoding_of_json_is_read(cut, encoding):
    assert put_together(cut('{"é": ["ü", 1]}'.encode(encoding), 3)) == {"é": ["ü", 1]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Expecting {, character 0"),
        ("[1]", "Expecting {, character 0"),
        ('{"a": [1, 2}', "Expecting , or ], character 11"),
        ('{"a": [1 2]}', "Expecting , or ], character 9"),
        ('{"a": [1, tru', "Expecting value, character 10"),
        ('{"a": 1, }', "Expecting a name, character 9"),
        ('{"a" 1}', "Expecting :, character 5"),
        ('{"a": 1} {', "Extra data, character 9"),
    ],
)
@pytest.mark.parametrize("part", [1, 7, 5000])
def test_what_is_no_object_is_refused_with_the_place(cut, text, said, part):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - compared as a whole
        cut(text.encode(), part)
    assert str(caught.value) == said


def test_entries_come_before_the_file_is_read_to_its_end(tmp_path):
    path = tmp_path / "table.json"
    path.write_text('{"images": [1, 2, ' + " " * 200_000 + "broken")
    found = json_entries.stream_entries(path)
    assert [tuple(next(found)) for _ in range(3)] == [("images", 0, []), ("images", 1, 1), ("images", 2, 2)]
    with pytest.raises(ValueError, match="Expecting value, character 200018"):
        next(found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(anything, max_size=5), objects, layouts, st.integers(1, 40))
def test_lists_and_objects_are_what_the_standard_library_reads(cut, entries, table, layout, part):
    text = json.dumps(entries, **layout).encode()
    assert repr(cut(text, part, json_entries.stream_list)) == repr(entries)
    assert cut(text, part, json_entries.stream_items) == []
    text = json.dumps(table, **layout).encode()
    assert repr(cut(text, part, json_entries.stream_items)) == repr(list(table.items()))
    assert cut(text, part, json_entries.stream_list) == []


def test_a_wrong_value_is_refused_before_the_file_is_read_to_its_end(tmp_path):
    path = tmp_path / "table.json"
    path.write_text('[1, {"a": 1 2}, ' + " " * 1_000_000 + "]")
    with path.open("rb", buffering=0) as file:
        text = json_entries._Text(file, codecs.getincrementaldecoder("utf-8")(), writable=True)
        with pytest.raises(ValueError, match="Expecting ',' delimiter, character 12"):
            list(text.members("[]"))
        assert file.tell() == json_entries.CHUNK_BYTES
