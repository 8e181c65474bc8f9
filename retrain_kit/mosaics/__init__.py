"""Edge: all pictures of a study as one, and the way down from it to the single picture.

The first to show a data set so was Trevor Paglen, in *From Apple to Anomaly* (about 30,000 pictures of ImageNet).
"""
