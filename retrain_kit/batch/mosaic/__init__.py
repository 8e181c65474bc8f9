"""Edge: all pictures of a study as one, and the way down from it to the single picture.

The mosaic follows Trevor Paglen's *From Apple to Anomaly*: 30,000 pictures of ImageNet as one.
"""
