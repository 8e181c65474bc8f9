"""Figures of surfaces say in words what they show, and sentences what the test of the claim found."""

import pytest

from retrain_kit.analysis.chance import Comparison, PooledComparison
from retrain_kit.annotations.traces import (
    CORRECTIVE_CLICKS,
    EXTREME_CLICKS,
    NARRATIVE_TRACE,
    SourceTrace,
    TimedClick,
    Trace,
)
from retrain_kit.errors import ReportError
from retrain_kit.exercises.surfaces import track_figures
from retrain_kit.exercises.surfaces.drawing import Pen

HAND = Trace(([[0.1, 0.1, 0], [0.1, 0.1, 3]], [[0.5, 0.5, 4], [0.9, 1.2, 6]]))
CLICKS = Trace(clicks=(TimedClick(0.5, 0.1), TimedClick(0.1, 0.5, on=False)))


def test_a_surface_is_two_panels_told_in_words():
    figure = track_figures.track_figure(HAND, (2000, 1000), "Study mine.", "a1", Pen(by_slowness=True))
    assert figure.names == ("only the track", "where it stayed longest")
    assert [panel.alt for panel in figure.panels] == [
        "A line on white. The pointer came 2 times, for 5.0 seconds in all. It began in the top left and ended in the bottom right.",
        "A map of the frame. 4.4 of 5.0 seconds were within the frame; the longest, 3.0 seconds, in the top left ninth. The scale goes from 0 to 0.477 seconds a cell.",
    ]
    assert [panel.size for panel in figure.panels] == [(640, 320), (640, 354)]
    assert figure.caption == (
        "Only the track of a hand; the image is not shown. The map has 48 × 36 cells, from 0 to 0.477"
        " seconds a cell, smoothed to its neighbours."
        " The line is thicker where the pointer was slower."
    )
    assert (figure.credit, figure.title) == ("Study mine.", "a1")


def test_clicks_are_told_in_order_and_their_missing_times_too():
    figure = track_figures.track_figure(CLICKS, (100, 80), "Study mine.")
    assert figure.names == ("only the track", "where the clicks are")
    assert [panel.alt for panel in figure.panels] == [
        "2 clicks on white, in this order: the top, the left.",
        "A map of the frame. The scale goes from 0 to 1 clicks a cell.",
    ]
    assert figure.caption == (
        "Only the track of a hand; the image is not shown. The map has 48 × 36 cells, from 0 to 1"
        " clicks a cell. The source has no times of its clicks and does not say whether their order is that of the hand. Where they appear one by one,"
        " they do so every 0.5 seconds."
    )


def test_stills_are_the_same_time_apart_and_end_whole():
    figure = track_figures.growth_stills(HAND, (100, 80), "Study mine.")
    whole = track_figures.track_figure(HAND, (100, 80), "Study mine.").panels[0]
    assert figure.names == ("1.5 s", "3.0 s", "4.5 s", "6.0 s")
    assert figure.panels[0].alt == "The track after 1.5 seconds."
    assert (figure.panels[-1].data, figure.panels[-1].alt) == (whole.data, whole.alt)


def test_a_figure_without_credit_cannot_be_made():
    with pytest.raises(ReportError):
        track_figures.track_figure(HAND, (100, 80), " ")


def test_no_track_is_told_as_well():
    assert track_figures.track_in_words(Trace()) == "White: there is no track."
    once = Trace(([[0.5, 0.5, 0]],), (TimedClick(0.9, 0.9, 1),))
    assert track_figures.track_in_words(once) == (
        "A line on white. The pointer came once, for 0.0 seconds in all. It began in the middle and ended in the middle."
        " 1 click on white, in this order: the bottom right."
    )


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (NARRATIVE_TRACE, "the pointer of annotator 7 while speaking (Localized Narratives)."),
        (EXTREME_CLICKS, "the clicks from which the box 7 was made."),
        (
            CORRECTIVE_CLICKS,
            "the clicks that corrected the mask 7; dots say it belongs, rings that it does not.",
        ),
    ],
)
def test_whose_hand_it_is_is_said_as_the_source_says_it(kind, said):
    assert (
        track_figures.trace_origin(SourceTrace(Trace(), kind, "7"))
        == f"A trace that was in the data all along: {said}"
    )


def test_a_comparison_is_told_with_its_chance_its_interval_and_its_seed():
    numbers = (0.5, 0.25, 0.01, 0.613, 0.251, 0.04, 0.029, 0.054)
    rows = [Comparison(None, *numbers, 0.04, 999, 7), Comparison("Bird", *numbers, 0.08, 999, 7)]
    assert track_figures.comparison_in_words(rows) == (
        "50.0% of the time within the frame the pointer was inside the boxes, which cover 25.1% of it; moved at random"
        " 25.0% (1.0% to 61.3% in 95 % of 999 moves, seed 7); as much or more by chance: p = 0.040 (0.029 to 0.054)."
        " 50.0% of the time within the frame the pointer was inside boxes of Bird, which cover 25.1% of it; moved at random"
        " 25.0% (1.0% to 61.3% in 95 % of 999 moves, seed 7); as much or more by chance: p = 0.040 (0.029 to 0.054);"
        " 0.080 corrected for 1 label."
    )


def test_few_readings_have_no_interval():
    found = PooledComparison(4, 0.6, 0.25, 0.35, 0.2, 0.5, 0.1, 0.08, 0.12, 999, 7)
    said = track_figures.pooled_comparison_in_words(found)
    assert "a difference of 35.0 points (too few readings for an interval); as much or more by chance" in said


def test_readings_over_images_are_told_with_their_difference():
    found = PooledComparison(12, 0.6, 0.25, 0.35, 0.2, 0.5, 0.002, 0.0, 0.007, 999, 7)
    assert track_figures.pooled_comparison_in_words(found) == (
        "Over 12 readings the pointer was 60.0% of the time within the frame inside the boxes of its own image, and"
        " 25.0% inside those of the others, laid under it: a difference of 35.0 points (20.0 to 50.0, 95 % confidence);"
        " as much or more by chance: p = 0.002 (0.000 to 0.007) (999 permutations, seed 7)."
    )
