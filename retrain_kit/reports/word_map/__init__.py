"""The map of words: all synsets of a label system on one page that needs nothing else."""

from retrain_kit.reports.word_map.making import word_map_html

__all__ = ["word_map_html"]
