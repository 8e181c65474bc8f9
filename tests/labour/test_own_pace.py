"""One's own pace beside published figures, against cases worked out by hand."""

import inspect

import pytest

from retrain_kit.analysis import own_pace
from retrain_kit.analysis.own_pace import OwnPace
from retrain_kit.annotations.drawings import BOX, EXTREME, OUTLINE, WORD, Drawing, Drawn
from retrain_kit.annotations.working_time import Spent
from retrain_kit.errors import ParameterError
from retrain_kit.reports import charts, pace_views
from retrain_kit.studies import labour_figures, manifests
from retrain_kit.studies.labour_figures import LabourFigure
from retrain_kit.studies.quantities import Quantity, parse_unit

FIGURES = labour_figures.load_figures()
CORNERS = ((0, 0), (4, 4))


def figure(about, limits, unit, work=""):
    parsed, scale = parse_unit(unit)
    low, high = (limit * scale for limit in limits)
    return LabourFigure(about, about, work, Quantity(low, high, parsed), f"{limits} {unit}", "a test", "text")


OWN_FIGURES = [figure("time", (10, 20), "s/box", "box"), figure("pay", (7.2, 7.2), "USD2020/h")]


def drawn(kind, active, idle=0.0, word=None):
    return Drawn(kind, "a", CORNERS, shape=Spent(active, idle), word=word and Spent(word))


def test_each_kind_of_work_stands_beside_what_was_published_of_it():
    made = Drawing("a", (9, 9), (drawn(BOX, 5, 30, 2), drawn(BOX, 9), drawn(OUTLINE, 60), drawn(EXTREME, 8)))
    found = {pace.kind: pace for pace in own_pace.own_paces([made], FIGURES)}
    assert list(found) == [BOX, EXTREME, OUTLINE, WORD]
    assert [(pace.own.low, pace.own.high) for pace in found.values()] == [(5, 9), (8, 8), (60, 60), (2, 2)]
    assert found[BOX].total == Spent(14, 30)
    limits = {
        kind: pace.published and (pace.published.low, pace.published.high) for kind, pace in found.items()
    }
    assert limits[BOX] == (6.5, 88)
    assert limits[EXTREME] == (7, 7.4)
    assert limits[OUTLINE] == pytest.approx((79.2, 79.2))
    assert limits[WORD] is None
    assert {each.id for each in found[EXTREME].figures} == set(own_pace.EXTREME_FIGURES)


def test_an_hour_by_the_piece_at_ones_own_pace():
    """A piece is worth 2 to 4 cents, and an hour holds 360 to 720 of them."""
    (pace,) = own_pace.own_paces([Drawing("a", (9, 9), (drawn(BOX, 5), drawn(BOX, 10)))], OWN_FIGURES)
    hour = own_pace.hour_at(pace, OWN_FIGURES[1].quantity)
    assert (hour.low, hour.high, str(hour.unit)) == (pytest.approx(7.2), pytest.approx(28.8), "USD2020")
    (row,) = pace_views.hour_table([pace], OWN_FIGURES).data.to_dict("records")
    assert row["an hour, paid by the hour"] == "7.2 USD2020"
    assert row["an hour at your pace, paid by the piece"] == "7.2 to 29 USD2020"


def test_without_a_figure_or_a_time_nothing_is_said_of_an_hour():
    untimed = OwnPace(BOX, (Spent(0), Spent(4)), tuple(OWN_FIGURES[:1]))
    assert own_pace.hour_at(untimed, OWN_FIGURES[1].quantity) is None
    assert own_pace.hour_at(OwnPace(WORD, (Spent(4),)), OWN_FIGURES[1].quantity) is None
    assert own_pace.own_paces([Drawing("a", (9, 9), (drawn(BOX, 5),)).untimed], FIGURES) == []
    assert "nothing to lay beside" in repr(pace_views.pace_table([]))


def test_each_piece_is_drawn_above_what_was_published_and_told_to_who_cannot_see_it():
    made = Drawing("a", (9, 9), (drawn(BOX, 5, word=2), drawn(BOX, 10)))
    paces = own_pace.own_paces([made], OWN_FIGURES)
    (panel,) = charts.own_seconds(paces, manifests.load("embedded-sample"), demonstration=True).panels
    assert panel.alt == (
        "A line of seconds for each kind of work."
        " box, made by a rule: 5.0 to 10.0 seconds; published: 10.0 to 20.0."
        " word, made by a rule: 2.0 to 2.0 seconds; nothing is published."
    )
    assert "nothing to draw" in repr(charts.own_seconds([], manifests.load("embedded-sample")))


def test_what_is_no_pay_for_a_time_is_refused():
    pace = OwnPace(BOX, (Spent(4),), tuple(OWN_FIGURES[:1]))
    with pytest.raises(ParameterError, match="a time, and money for a time"):
        own_pace.hour_at(pace, OWN_FIGURES[0].quantity)


def test_no_function_takes_the_work_of_two_people():
    for _, function in inspect.getmembers(own_pace, inspect.isfunction):
        kinds = [str(each.annotation) for each in inspect.signature(function).parameters.values()]
        assert sum("Drawing" in kind or "OwnPace" in kind for kind in kinds) <= 1
