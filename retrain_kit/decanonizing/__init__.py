"""Edge: a whole data set decanonized, each picture by the best way there is for it.

`batches.decanonize` does it; `Options` says what is done to every picture, `Crew` who does it.
"""

from retrain_kit.decanonizing.batches import Outcome, decanonize
from retrain_kit.decanonizing.crews import Crew
from retrain_kit.decanonizing.options import Options

__all__ = ["Crew", "Options", "Outcome", "decanonize"]
