"""Published figures: those of the kit load, and a figure without what makes it one does not."""

import tomllib

import pytest

from retrain_kit.errors import DataError
from retrain_kit.studies import labour_figures
from retrain_kit.studies.quantities import Quantity, Unit

GOOD = """
[[figure]]
id = "mine"
about = "time"
work = "box"
low = 1
high = 2
unit = "min/box"
source = "my own clock"
verified = "text"
"""
LONG, DEEP, LARGE = f"a = 1{'0' * 5000}", f"a = {'[' * 9999}", f"#{'x' * 2**20}"


def written(tmp_path, text):
    path = tmp_path / "labour.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_kits_own_figures_have_a_source_each():
    figures = {figure.id: figure for figure in labour_figures.load_figures()}
    assert len(figures) == len(tomllib.loads(labour_figures.FILE.read_text("utf-8"))["figure"]) >= 35
    outline = figures["coco-outline"]
    assert outline.quantity.low == pytest.approx(79.2)
    assert (outline.written, outline.standing) == ("22 h/1000 outline", "read in its source")
    assert figures["mturk-pay"].quantity.low == pytest.approx(2 / 3600)
    assert all(figure.source and figure.written for figure in figures.values())


def test_what_is_missing_is_not_stated_and_lowers_the_standing(tmp_path):
    *_, mine = labour_figures.load_figures(written(tmp_path, GOOD))
    assert mine.quantity == Quantity(60, 120, Unit.of({"s": 1, "box": -1}))
    assert mine.missing == ("statistic", "population", "includes", "date")
    assert (mine.population, mine.standing) == ("not stated", "hardly verified")
    *_, more = labour_figures.load_figures(
        written(tmp_path, GOOD + 'statistic="mean"\npopulation="me"\ndate="2026"\n')
    )
    assert more.standing == "computed from what its source says"


def test_of_workers_nothing_is_said_without_a_source_and_a_date(tmp_path):
    told = [each for each in labour_figures.kit_figures() if each.about in labour_figures.OF_WORKERS]
    assert {each.about for each in told} == {"conditions", "people"}
    assert not [each.id for each in told if "date" in each.missing]
    dated = (
        GOOD.replace('"time"\nwork = "box"', '"people"').replace("min/box", "worker") + "date = 2026-05-01\n"
    )
    *_, mine = labour_figures.load_figures(written(tmp_path, dated))
    assert (mine.date, mine.written) == ("2026-05-01", "1 to 2 workers")


def test_a_figure_with_the_id_of_the_kits_replaces_it(tmp_path):
    own = GOOD.replace("mine", "coco-outline").replace("box", "outline")
    figures = {figure.id: figure for figure in labour_figures.load_figures(written(tmp_path, own))}
    assert len(figures) == len(labour_figures.kit_figures())
    replaced = figures["coco-outline"]
    assert (replaced.source, replaced.named) == ("my own clock", "coco-outline (replaced)")
    assert replaced.told.endswith("It stands in the place of an earlier figure with this id.")


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        ('source = "my own clock"\n', "", "no source"),
        ('unit = "min/box"\n', "", "no unit"),
        ("low = 1\nhigh = 2\n", "", "a value, or low and high"),
        ("low = 1\n", "", "a value, or low and high"),
        ("low = 1\n", "low = 1\nvalue = 1\n", "a value, or low and high"),
        ("low = 1\n", "low = true\n", "a value, or low and high"),
        ("low = 1\n", 'low = "1"\n', "a value, or low and high"),
        ("low = 1\n", "low = -1\n", "numbers from 0 on"),
        ("high = 2\n", "high = inf\n", "numbers from 0 on"),
        ("high = 2\n", "high = nan\n", "numbers from 0 on"),
        ("low = 1\n", "low = 3\n", "the smaller limit first"),
        ('"min/box"', '"USD/h"', "a currency with its year"),
        ('"min/box"', '"min/outline"', "a time for each box"),
        ('"min/box"', '"min"', "a time for each box"),
        ('"text"', '"sure"', "one of text, derived, quoted, hardly"),
        ('"time"', '"speed"', "one of time, claimed pay, pay, conditions, people"),
        ("low = 1\n", "low = 1\nworkers = 3\n", "found workers"),
        ("source =", "sorce =", "found sorce; expected a field of a figure. Near it: source."),
        ("low = 1\n", "low = 2020-01-01\n", "found low = 2020-01-01 and high = 2;"),
        ("low = 1\nhigh = 2\n", "value = 0\n", "found 0 min/box; expected a time longer than nothing"),
        ('"mine"', '"mi\\nne"', "an id in one line"),
        ('"text"', '"text"\ndate = 2999', "expected a year from 1000 to"),
        ('"min/box"', '"usd2018/h"', "three capital letters"),
        ('"min/box"', '"USD2999/h"', "a currency of a year from 1000 to"),
        ('"mine"', "7", "expected a text"),
        ("high = 2\n", "high = 1e300\n", "at most 1,000,000,000,000, times in seconds"),
        ('"min/box"', '"h/0 box"', "a unit such as s/box"),
        ('"min/box"', '"min/boxes"', "no boxes, but a unit of"),
        ('work = "box"\n', 'work = "bocks"\n', "one of box, outline, mask"),
        ('work = "box"\n', "", "a time for each piece has its work beside it"),
        ('"time"\nwork = "box"', '"pay"', "money for a time, as USD2018/h"),
        ('"time"\nwork = "box"', '"people"', "found no date; expected one, for what is said of workers"),
    ],
)
def test_what_is_no_figure_is_refused_with_its_place(tmp_path, was, becomes, told):
    assert was in GOOD
    with pytest.raises(DataError) as error:
        labour_figures.load_figures(written(tmp_path, GOOD.replace(was, becomes)))
    assert told in str(error.value)
    assert "labour.toml, figure 1" in str(error.value)


def test_each_wrong_field_is_told_once_and_none_hides_another(tmp_path):
    wrong = 'id = ""\nabout = "x"\nwork = "y"\nvalue = "5"\nunit = "USD/h"\nsource = 5\nverified = "z"\n'
    with pytest.raises(DataError) as error:
        labour_figures.load_figures(written(tmp_path, f"[[figure]]\n{wrong}date = 1.5\n[other]\n"))
    assert [fault.found for fault in error.value.faults] == [
        *("other", "5", "1.5", "no id", "'x'", "'y'", "'z'", "value = '5'", "'USD/h'")
    ]


def test_all_faults_of_a_file_are_told_together(tmp_path):
    text = GOOD.replace('source = "my own clock"\n', "") + GOOD.replace("low = 1", "low = 9") + GOOD + GOOD
    with pytest.raises(DataError) as error:
        labour_figures.load_figures(written(tmp_path, text))
    assert [fault.where.rpartition(", ")[2] for fault in error.value.faults] == [
        "figure 1",
        "low and high",
        "figure 4",
    ]


def test_a_figure_may_be_in_any_encoding_that_an_editor_announces(tmp_path):
    for encoding in ("utf-8-sig", "utf-16"):
        (tmp_path / "mine.toml").write_text(GOOD.replace("\n", "\r\n"), encoding)
        assert labour_figures.load_figures(tmp_path / "mine.toml")[-1].id == "mine"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "figure = 3",
        "figure = [3]",
        "[figure",
        "[other]\na = 1",
        "\x00",
        LONG,
        DEEP,
        LARGE,
        f"a = 1{400 * '0'}",
    ],
)
def test_a_file_that_holds_something_else_is_one_fault(tmp_path, text):
    with pytest.raises(DataError, match=r"labour\.toml"):
        labour_figures.load_figures(written(tmp_path, text))
