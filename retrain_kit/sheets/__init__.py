"""Edge: printable cards of a class's sets, set by typst, each with where its picture comes from.

`making.write` writes them; `layout` says where everything stands, `prints` how a picture goes onto a card as
it is, `records` what is on its back.
"""

from retrain_kit.sheets.layout import FORMATS
from retrain_kit.sheets.making import write
from retrain_kit.sheets.options import Options
from retrain_kit.sheets.showing import offer

__all__ = ["FORMATS", "Options", "offer", "write"]
