"""Studies: which images, why, under which licence, annotated by whom; drawn, pinned and reviewed."""
