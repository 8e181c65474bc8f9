"""What is left of a whole data set, measured on its table of boxes."""
