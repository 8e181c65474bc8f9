"""Analysis: what annotations cover, who made them, where they part, and what an image file is made of."""
