"""The ledger against cases worked out by hand."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.analysis import ledger
from retrain_kit.analysis.ledger import make_ledger
from retrain_kit.annotations.samples import Box, ImageLabel, Phrase, Region, Sample
from retrain_kit.errors import ParameterError
from retrain_kit.reports import ledger_views
from retrain_kit.studies import labour_figures, manifests
from retrain_kit.studies.quantities import SECOND, Quantity, Unit

FIGURES = labour_figures.load_figures()
BOX = Box(0, 0, 4, 4)
SQUARE = (np.array([[0, 0], [4, 0], [4, 4]], dtype=float),)


@pytest.fixture(scope="module")
def manifest():
    """A study whose words for annotators are explained: model-drawn is a machine."""
    return manifests.load("embedded-sample")


def test_open_images_boxes_take_14_000_to_357_000_hours_by_cited_figures_alone():
    drawn = make_ledger(
        {("box", "hand"): 14_610_229}, [each for each in FIGURES if each.id != "spoken-label-box"]
    )
    checked = make_ledger(
        {("box check", "checked"): 14_610_229}, [each for each in FIGURES if "3.5" in each.written]
    )
    hours = [drawn.time.low / 3600, drawn.time.high / 3600, checked.time.low / 3600]
    assert [round(each, -3) for each in hours] == [28_000, 357_000, 14_000]
    assert round(14_610_229 * 7.4 / 3600, -3) == 30_000


def test_an_interval_is_of_the_figures_that_are_chosen():
    chosen = [
        each for each in FIGURES if each.id in ("extreme-clicking-voc07", "imagenet-box-mean", "coco-outline")
    ]
    found = make_ledger({("box", "hand"): 10, ("outline", "hand"): 2, ("phrase", "people"): 3}, chosen)
    assert [
        (entry.count.work, entry.time and (entry.time.low, entry.time.high)) for entry in found.entries
    ] == [
        ("box", (70, 880)),
        ("outline", (pytest.approx(158.4), pytest.approx(158.4))),
        ("phrase", None),
    ]
    assert (found.pieces, found.untimed) == (15, 3)
    assert (found.time.low, found.time.high) == (pytest.approx(228.4), pytest.approx(1038.4))


def test_what_nobody_says_how_it_was_made_may_have_taken_nothing():
    found = make_ledger({("box", "unknown"): 10, ("outline", "machine"): 5}, FIGURES)
    assert (found.time.low, found.time.high, found.untimed) == (0, 880, 0)


def test_without_any_annotation_there_is_no_time_and_no_fault():
    assert make_ledger({}, FIGURES).time == Quantity(0, 0, SECOND)
    assert "No annotation" in ledger_views.ledger_table(make_ledger({}, FIGURES)).title


def test_work_follows_from_what_an_annotation_is_and_how_it_was_made(manifest):
    regions = (
        Region("cat", BOX, annotator="model-drawn"),
        Region("cat", BOX, annotator="7"),
        Region("dog", BOX, polygons=SQUARE),
        Region("dog", BOX, mask=np.ones((4, 4), dtype=bool)),
    )
    sample = Sample(
        "a", Path("a"), 9, 9, regions, (Phrase("a cat", BOX),), (ImageLabel("cat", present=True),)
    )
    tally = ledger.count_work([sample], manifest)
    assert dict(tally.whole) == {
        ("box", "machine"): 1,
        ("box", "unknown"): 1,
        ("outline", "unknown"): 1,
        ("mask", "unknown"): 1,
        ("phrase", "unknown"): 1,
        ("image label", "unknown"): 1,
    }
    assert dict(tally.labels["cat"]) == {
        ("box", "machine"): 1,
        ("box", "unknown"): 1,
        ("image label", "unknown"): 1,
    }
    assert "7" not in tally.annotators
    checked = [ledger.work_of("region", region, "checked") for region in regions[1:]]
    assert checked == ["box check", "outline check", "mask check"]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=5))
def test_parts_sum_to_the_whole(numbers):
    whole = make_ledger({("box", "hand"): sum(numbers)}, FIGURES).time
    parts = [make_ledger({("box", "hand"): number}, FIGURES).time for number in numbers]
    assert sum(part.low for part in parts) == pytest.approx(whole.low)
    assert sum(part.high for part in parts) == pytest.approx(whole.high)


def test_an_hour_earns_what_a_figure_of_pay_says_and_a_box_earns_nothing():
    pay = next(each.quantity for each in FIGURES if each.id == "mturk-pay")
    money = ledger.earned(Quantity(1800, 7200, SECOND), pay)
    assert (money.low, money.high, str(money.unit)) == (pytest.approx(1), pytest.approx(4), "USD2018")
    with pytest.raises(ParameterError):
        ledger.earned(Quantity.counted(3, "box"), pay)
    with pytest.raises(ParameterError):
        ledger.earned(Quantity(1, 1, SECOND), Quantity(1, 1, Unit.of({"s": -1, "USD2018": 1, "box": 1})))


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0, 0, "0 seconds"),
        (1, 1, "1 second"),
        (30, 720, "30 seconds to 12 minutes"),
        (3.5, 8.5, "3.5 to 8.5 seconds"),
        (60, 60, "1 minute"),
        (59.7, 3599, "1 minute to 1 hour"),
        (0.02, 9.97, "0.02 to 10 seconds"),
        (3600, 36_000, "1 to 10 hours"),
        (50_000_000, 1_285_000_000, "13,889 to 356,944 hours"),
    ],
)
def test_times_are_said_as_people_say_them(low, high, words):
    assert ledger_views.in_words(Quantity(low, high, SECOND)) == words


@pytest.mark.parametrize(
    ("time", "pieces", "untimed", "words"),
    [
        ((30, 700), 9, 0, "between half a minute and 12 minutes of somebody's time"),
        ((93, 280), 9, 0, "between 1.6 and 4.7 minutes of somebody's time"),
        ((30, 40), 9, 0, "between half a minute and 40 seconds of somebody's time"),
        ((0, 1800), 9, 0, "between nothing and half an hour of somebody's time"),
        ((79.2, 79.2), 1, 0, "1.3 minutes of somebody's time"),
        ((0, 0), 9, 0, "no annotator's time: machines made all that is said of it"),
        ((0, 0), 0, 0, "nobody's time: it has no annotation"),
        ((0, 0), 9, 9, "a time that nobody has published, of 9 pieces of work"),
        (
            (7, 7),
            3,
            2,
            "7 seconds of somebody's time, and 2 of 3 pieces of work of which nobody has published a time",
        ),
    ],
)
def test_what_an_image_took_is_one_sentence(time, pieces, untimed, words):
    assert ledger.told_of_image(Quantity.seconds(*time), pieces, untimed) == words


def test_what_a_figure_changes_is_seen_by_leaving_it_out():
    tally = ledger.WorkTally()
    tally.whole[("box", "hand")], tally.whole[("outline", "hand")] = 10, 1
    found = ledger_views.changes_table(tally, FIGURES).data
    assert list(zip(found["without"], found["time"], found["no published figure"], strict=True)) == [
        ("none: by all that are chosen", "2.4 to 16 minutes", 0),
        ("spoken-label-box", "2.5 to 16 minutes", 0),
        ("imagenet-box-mean", "2.4 to 9.8 minutes", 0),
        ("coco-outline", "1.1 to 15 minutes", 1),
    ]


def test_what_has_no_published_time_took_no_0_seconds_and_earned_no_0_dollars():
    tally = ledger.WorkTally()
    tally.whole[("image label", "hand")] = 4
    found = make_ledger(tally.whole, FIGURES)
    note = ledger_views.ledger_note(found, "a study", make_ledger({}, FIGURES))
    assert dict(note.lines)["time"] == "no published figure"
    parts = ledger_views.parts_table({"cat": tally.whole}, FIGURES, "label").data
    assert list(parts["time"]) == ["no published figure"]
    assert "Nobody has published how long" in ledger_views.pay_table(found, FIGURES).title
    tally.whole[("box", "hand")] = 1
    some = ledger_views.pay_table(make_ledger(tally.whole, FIGURES), FIGURES)
    assert some.caption == "Left out, since it has no published figure: 4 pieces of work."


def test_an_image_with_100_000_annotations_is_counted_and_told_as_one(manifest):
    region = Region("leaf", BOX, polygons=SQUARE)
    tally = ledger.count_work([Sample("a", Path("a"), 9, 9, (region,) * 100_000)], manifest)
    found = make_ledger(tally.images["a"], FIGURES)
    assert found.told == "between nothing and 2,200 hours of somebody's time"


def test_tables_are_in_alphabetical_order_and_carry_their_sources():
    tally = ledger.WorkTally()
    tally.whole[("box", "hand")] = 3
    table = ledger_views.disagreement_table(tally, FIGURES, "box")
    assert table.data["by the figure"].tolist()[0] == "spoken-label-box"
    assert table.data["all 3 × box"].tolist()[-1] == "4.4 minutes"
    assert set(ledger_views.figures_table(FIGURES).data["counts as"]) <= set(
        labour_figures.STANDINGS.values()
    )
    pays = ledger_views.pay_table(make_ledger(tally.whole, FIGURES), FIGURES)
    assert pays.data["about"].tolist() == ["claimed pay"] * 3 + ["pay"]


def test_what_machines_made_is_told_as_what_it_would_have_been_by_hand():
    counts = {("box", "machine"): 3, ("box", "hand"): 4}
    assert ledger.by_hand(counts) == {("box", "hand"): 3}
    note = ledger_views.ledger_note(
        make_ledger(counts, FIGURES), "a", make_ledger(ledger.by_hand(counts), FIGURES)
    )
    assert dict(note.lines)["time"] == "26 seconds to 5.9 minutes"
    assert "3 pieces, no annotator's time; by hand they would have been 20 seconds" in repr(note)
