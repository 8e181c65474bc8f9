"""Whole data sets at once: decanonized, measured, or shown as a mosaic."""
