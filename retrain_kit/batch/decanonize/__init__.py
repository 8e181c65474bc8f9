"""A whole data set decanonized, each image by the best way there is for it.

`decanonize` does it; `DecanonizeOptions` says what is done to every image, and `WorkerPool` who does it.
"""

from retrain_kit.batch.decanonize.options import DecanonizeOptions
from retrain_kit.batch.decanonize.run import BatchResult, decanonize
from retrain_kit.batch.decanonize.workers import WorkerPool

__all__ = ["BatchResult", "DecanonizeOptions", "WorkerPool", "decanonize"]
