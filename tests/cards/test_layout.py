"""Every card has its place, and every back lies behind its front."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.cli import living_with_images as command
from retrain_kit.errors import ParameterError
from retrain_kit.exercises.living_with_images.cards import layout
from retrain_kit.exercises.living_with_images.cards.layout import FORMATS, CardSide

STANDING, LYING = (40, 60), (60, 40)
sizes = st.lists(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=7), min_size=1, max_size=4
)
names = st.sampled_from(sorted(FORMATS))


def test_four_postcards_stand_on_a4_and_lying_ones_are_turned():
    (page,) = layout.front_sides("a6", [[STANDING, LYING, LYING, STANDING]])
    assert (page.width_mm, page.height_mm) == (210, 297)
    assert page.spots == (
        CardSide(0, 52.5, 74.25, 105, 148.5, 0),
        CardSide(1, 157.5, 74.25, 148.5, 105, 90),
        CardSide(2, 52.5, 222.75, 148.5, 105, 90),
        CardSide(3, 157.5, 222.75, 105, 148.5, 0),
    )


def test_the_backs_of_four_postcards_are_mirrored_over_the_long_edge():
    (page,) = layout.front_sides("a6", [[STANDING, LYING, LYING, STANDING]])
    back = layout.back_side(page, "long")
    assert back.back
    assert [(s.card, s.x_mm, s.y_mm, s.angle_deg) for s in back.spots] == [
        (0, 157.5, 74.25, 0),
        (1, 52.5, 74.25, 270),
        (2, 157.5, 222.75, 270),
        (3, 52.5, 222.75, 0),
    ]


def test_the_backs_of_four_postcards_are_mirrored_over_the_short_edge_and_stand_on_their_heads():
    (page,) = layout.front_sides("a6", [[STANDING, LYING, LYING, STANDING]])
    back = layout.back_side(page, "short")
    assert [(s.card, s.x_mm, s.y_mm, s.angle_deg) for s in back.spots] == [
        (0, 52.5, 222.75, 180),
        (1, 157.5, 222.75, 90),
        (2, 52.5, 74.25, 90),
        (3, 157.5, 74.25, 180),
    ]


@given(names, sizes, st.sampled_from(["long", "short"]))
def test_the_back_of_a_back_is_the_front(name, hands, duplex):
    for page in layout.front_sides(name, hands):
        again = layout.back_side(layout.back_side(page, duplex), duplex)
        assert [(s.card, s.x_mm, s.y_mm, s.angle_deg) for s in again.spots] == [
            (s.card, pytest.approx(s.x_mm), pytest.approx(s.y_mm), s.angle_deg) for s in page.spots
        ]


@given(names, sizes)
def test_every_card_has_one_place_inside_its_page(name, hands):
    pages = layout.front_sides(name, hands)
    assert [spot.card for page in pages for spot in page.spots] == list(range(sum(map(len, hands))))
    for page in pages:
        for spot in page.spots:
            turned = spot.angle_deg % 180 == 90
            width, height = (spot.height_mm, spot.width_mm) if turned else (spot.width_mm, spot.height_mm)
            assert -1e-6 <= spot.x_mm - width / 2 <= spot.x_mm + width / 2 <= page.width_mm + 1e-6
            assert -1e-6 <= spot.y_mm - height / 2 <= spot.y_mm + height / 2 <= page.height_mm + 1e-6


@given(names, sizes)
def test_an_image_keeps_its_shape_and_fills_its_card_one_way(name, hands):
    flat = [size for hand in hands for size in hand]
    for page in layout.front_sides(name, hands):
        for spot in page.spots:
            width, height = flat[spot.card]
            frame = layout.card_frame(spot, flat[spot.card])
            assert frame.width_mm * height == pytest.approx(frame.height_mm * width, rel=1e-3)
            assert frame.width_mm <= spot.width_mm - 2 * frame.margin_mm + 1e-3
            assert frame.width_mm / 25.4 * frame.pixels_per_inch == pytest.approx(width, rel=1e-3)


def test_an_image_of_384_by_512_pixels_has_78_in_an_inch_on_a5():
    (page,) = layout.front_sides("a5", [[(384, 512)]])
    frame = layout.card_frame(page.spots[0], (384, 512))
    assert (frame.margin_mm, frame.width_mm, frame.height_mm) == (11.1, 125.8, 167.733)
    assert round(frame.pixels_per_inch) == 78


def test_one_sheet_a_person_holds_the_whole_set():
    pages = layout.front_sides("a4", [[LYING] * 3, [LYING] * 2, [STANDING] * 7])
    assert [[spot.card for spot in page.spots] for page in pages] == [
        [0, 1, 2],
        [3, 4],
        [5, 6, 7, 8, 9, 10, 11],
    ]


def test_a_lying_image_has_a_lying_page_of_its_own():
    standing, lying = layout.front_sides("half-letter", [[STANDING, LYING]])
    assert (standing.width_mm, standing.height_mm) == (139.7, 215.9)
    assert (lying.width_mm, lying.height_mm) == (215.9, 139.7)


def test_an_unknown_format_is_refused_with_those_there_are():
    with pytest.raises(
        ParameterError, match="'a7'; expected one of a5, a6, a4, half-letter, quarter-letter, letter"
    ):
        layout.front_sides("a7", [])


def test_the_command_offers_every_format():
    assert tuple(FORMATS) == command._FORMATS
