"""Imaging: images decoded, masked, shown as views, and written, as pixels or as JPEG blocks."""
