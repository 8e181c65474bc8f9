"""A timeline has all moments in their order, narrow enough for a phone, whatever is written in them."""

import re

from bs4 import BeautifulSoup

from retrain_kit.display.timeline import WIDTH_PX, Moment, timeline_svg


def words(drawing):
    return [each.get_text() for each in BeautifulSoup(drawing, "xml").find_all("text")]


def heights(drawing):
    return [float(each["cy"]) for each in BeautifulSoup(drawing, "xml").find_all("circle")]


def test_moments_stand_in_their_order_each_year_once_and_long_words_are_broken():
    moments = [
        Moment("2007-10", "LFW", "published"),
        Moment("2007", "FFHQ", "its address reported gone; copies go on"),
        Moment("2019-04-25", "LFW", "gone"),
    ]
    drawing = timeline_svg(moments)
    assert words(drawing) == [
        *("2007", "LFW", "published", "FFHQ"),
        *("its address reported gone;", "copies go on", "2019", "LFW", "gone"),
    ]
    assert heights(drawing) == sorted(heights(drawing))
    first, _, last = re.findall(r'<circle [^>]*fill="([^"]+)"', drawing)
    assert first == last


def test_years_in_which_nothing_happened_take_room():
    near = heights(timeline_svg([Moment("2007", "a", "x"), Moment("2008", "a", "y")]))
    far = heights(timeline_svg([Moment("2007", "a", "x"), Moment("2017", "a", "y")]))
    assert far[1] - far[0] > near[1] - near[0] + 50


def test_nothing_breaks_the_drawing_or_makes_it_wider():
    assert heights(timeline_svg([])) == []
    drawing = timeline_svg([Moment("2007", '<b>"&', "W" * 500), Moment("2007", "", "\u202e\x00")])
    assert BeautifulSoup(drawing, "xml").svg["width"] == str(WIDTH_PX)
    assert max(map(len, words(drawing))) <= 29
