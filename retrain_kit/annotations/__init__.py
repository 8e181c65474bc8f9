"""Annotations: what a data set says about an image, in boxes, regions, labels, phrases and traces."""
