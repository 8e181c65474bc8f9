"""Annotations: what a data set says about an image: boxes, regions, labels, phrases, traces."""
