"""All images of a study as one, and the way down from it to the single image.

The mosaic follows Trevor Paglen's *From Apple to Anomaly*: 30,000 images of ImageNet as one.
"""
