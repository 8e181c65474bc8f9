"""Formats that several data sets share: parsing alone, no data set of their own."""
