"""Analysis: what annotations cover, who made them, where they differ, and what an image file is made of."""
