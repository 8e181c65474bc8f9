"""Stills of a city, drawn in numpy: no browser, no graphics card."""

from retrain_kit.display.city_still.landscape import Landscape
from retrain_kit.display.city_still.names import write_names
from retrain_kit.display.city_still.painting import Light
from retrain_kit.display.city_still.still import Mark, draw_still
from retrain_kit.display.city_still.view import View, views_of

__all__ = ["Landscape", "Light", "Mark", "View", "draw_still", "views_of", "write_names"]
