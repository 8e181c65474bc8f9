"""Studies: which images are looked at, why, under which licence, and who annotated them."""
