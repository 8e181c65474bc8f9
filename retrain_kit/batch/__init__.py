"""Batch: whole data sets at once: decanonized, measured, shown as a mosaic; stopped and gone on with."""
