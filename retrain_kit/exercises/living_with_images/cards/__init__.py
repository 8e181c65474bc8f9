"""Printable cards of a class's sets, set by typst, each with where its image comes from.

`cards.write_cards` writes them; `layout` says where everything stands, `prints` how an image goes onto a
card as it is, `backs` what is on its back.
"""

from retrain_kit.exercises.living_with_images.cards.cards import offer_cards, write_cards
from retrain_kit.exercises.living_with_images.cards.layout import FORMATS, CardOptions

__all__ = ["FORMATS", "CardOptions", "offer_cards", "write_cards"]
