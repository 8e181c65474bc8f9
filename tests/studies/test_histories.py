"""Every statement on a data set of people has a source, a date and how it was checked, or does not load."""

import re

import pytest

from retrain_kit.errors import DataError, ParameterError
from retrain_kit.studies import histories

STATEMENT = """
[[statements]]
about = "consent"
says = "Nobody was asked."
source = "Its README"
date = "2020"
verified = "text"
"""
HEAD = 'name = "Mine"\nshort = "M"\n'


def written(folder, text, name="mine.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def wrong(folder, text):
    path = written(folder, text)
    with pytest.raises(DataError) as caught:
        histories.read_history(path)
    return [fault.where.removeprefix(f"{path}, ") for fault in caught.value.faults]


def test_the_kits_own_histories_have_a_source_for_everything_and_no_machines_words():
    found = {history.short: history for history in histories.load_histories()}
    assert {"LFW", "FFHQ", "MIAP", "CelebA"} <= found.keys()
    for history in found.values():
        assert history.about("what")
        for each in history.statements:
            assert each.source
            assert re.fullmatch(r"\d{4}(-\d\d){0,2}|undated.*", each.date), each
    assert found["LFW"].unstated == ("consent",)
    assert {found[name].reader for name in ("LFW", "FFHQ", "MIAP")} == {"lfw", "ffhq", "open_images"}


def test_a_statement_without_a_source_does_not_load_and_all_faults_come_together(tmp_path):
    text = (
        HEAD
        + STATEMENT.replace('source = "Its README"\n', "")
        + STATEMENT.replace("consent", "weather").replace('"2020"', "[2020]").replace('"text"', '"surely"')
        + STATEMENT
        + 'when = "lately"\nevent = "x"\nwho = "me"\nwords = [1]\n'
        + STATEMENT
        + 'when = "2007-13"\n'
    )
    assert wrong(tmp_path, text) == [
        "statement 1, source",
        "statement 2, date",
        "statement 2, about",
        "statement 2, verified",
        "statement 3, who",
        "statement 3, when",
        "statement 3, words",
        "statement 4, when",
        "statement 4, when and event",
    ]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (HEAD, ["statements"]),
        (STATEMENT, ["name", "short"]),
        (HEAD + "statements = [1]", ["statement 1"]),
        (HEAD + 'age = "old"\n' + STATEMENT, ["age"]),
    ],
)
def test_what_is_no_history_is_said(tmp_path, text, where):
    assert wrong(tmp_path, text) == where


def test_days_and_years_may_be_written_as_toml_has_them(tmp_path):
    text = STATEMENT.replace('"2020"', "2020") + 'when = 2007-10-15\nevent = "made"\n'
    (read,) = histories.read_history(written(tmp_path, HEAD + text)).statements
    assert (read.date, read.when) == ("2020", "2007-10-15")


def test_a_users_history_stands_beside_the_kits_or_in_its_place(tmp_path):
    written(tmp_path, HEAD + STATEMENT)
    written(tmp_path, (HEAD + STATEMENT).replace("Mine", "megaface"), "b.toml")
    found = {history.name: history for history in histories.load_histories(tmp_path)}
    assert (found["Mine"].unstated, "MegaFace" in found) == (
        ("what", "from", "made", "how", "licence", "labels", "became"),
        False,
    )
    for missing in (tmp_path / "no.toml", tmp_path / "empty"):
        (tmp_path / "empty").mkdir(exist_ok=True)
        with pytest.raises(ParameterError, match="histories"):
            histories.load_histories(missing)


def test_faults_of_several_files_come_together_and_broken_files_are_no_toml(tmp_path):
    written(tmp_path, "name =")
    written(tmp_path, HEAD, "b.toml")
    with pytest.raises(DataError) as caught:
        histories.load_histories(tmp_path)
    names = [fault.where.rpartition("/")[2] for fault in caught.value.faults]
    assert names == ["b.toml, statements", "mine.toml"]


def test_the_timeline_goes_from_the_earliest_to_the_latest(tmp_path):
    dated = [(each.when, history.short) for each, history in histories.timeline(histories.load_histories())]
    assert dated == sorted(dated)
    assert ("2007-10", "LFW") in dated
