"""The time of a piece of work, by the one rule: cases worked out by hand, and laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trying import examples

from retrain_kit.annotations.working_time import (
    ACT,
    HIDE,
    MOMENT_KINDS,
    SHOW,
    Moment,
    Spent,
    spent_by_piece,
    total_spent,
)
from retrain_kit.errors import ParameterError

quarters = st.integers(0, 100).map(lambda number: number / 4)
moments = st.lists(
    st.tuples(quarters, st.sampled_from(MOMENT_KINDS), st.sampled_from("ab")), max_size=20
).map(lambda rows: [Moment(*row) for row in sorted(rows, key=lambda row: row[0])])


def test_time_belongs_to_what_it_leads_up_to_and_a_long_pause_is_idle_from_its_start():
    made = [Moment(0, ACT, "1"), Moment(4, ACT, "1"), Moment(14, ACT, "1"), Moment(24.25, ACT, "1:word")]
    assert spent_by_piece([*made, Moment(25, ACT, "2")]) == {
        "1": Spent(active_s=14),
        "1:word": Spent(idle_s=10.25),
        "2": Spent(active_s=0.75),
    }


def test_while_the_page_is_hidden_no_time_counts():
    made = [Moment(0, ACT, "1"), Moment(3, HIDE, "1"), Moment(5, ACT, "1"), Moment(99, SHOW, "1")]
    assert spent_by_piece([*made, Moment(101, ACT, "1")]) == {"1": Spent(5, 0, 96)}


def test_another_line_may_be_drawn_and_none_where_there_is_no_time():
    made = [Moment(0, ACT, "1"), Moment(4, ACT, "1")]
    assert spent_by_piece(made, idle_after_s=3) == {"1": Spent(idle_s=4)}
    assert spent_by_piece(made[:1]) == spent_by_piece([]) == {}


@examples(100)
@given(moments)
def test_nothing_is_lost_and_nothing_counts_twice(made):
    whole = total_spent(spent_by_piece(made).values())
    assert whole.whole_s == (made[-1].t - made[0].t if made else 0)


@examples(100)
@given(moments, quarters.filter(bool), quarters)
def test_a_longer_patience_makes_nothing_idle_that_was_active(made, patience, more):
    before, after = spent_by_piece(made, patience), spent_by_piece(made, patience + more)
    assert before.keys() == after.keys()
    for piece, spent in before.items():
        assert after[piece].active_s >= spent.active_s
        assert after[piece].away_s == spent.away_s


@pytest.mark.parametrize(
    ("made", "idle_after_s", "said"),
    [
        ([Moment(2), Moment(1)], 10, "a clock that goes back"),
        ([Moment(float("nan"))], 10, "a time that is no number"),
        ([], 0, "idle_after_s"),
        ([], float("inf"), "idle_after_s"),
    ],
)
def test_a_clock_that_is_none_is_refused(made, idle_after_s, said):
    with pytest.raises(ParameterError, match=said):
        spent_by_piece(made, idle_after_s)
