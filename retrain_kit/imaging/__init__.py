"""Imaging: images are decoded, masked and saved, as pixels or as the blocks of a JPEG."""
