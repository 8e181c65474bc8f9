"""Informational surfaces: the way of a pointer over an image, while a person tags and describes it."""
