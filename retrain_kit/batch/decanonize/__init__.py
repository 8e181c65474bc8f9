"""Edge: a whole data set decanonized, each picture by the best way there is for it.

`batches.decanonize` does it; `Options` says what is done to every picture, `Crew` who does it.
"""

from retrain_kit.batch.decanonize.options import Options
from retrain_kit.batch.decanonize.run import Outcome, decanonize
from retrain_kit.batch.decanonize.workers import Crew

__all__ = ["Crew", "Options", "Outcome", "decanonize"]
