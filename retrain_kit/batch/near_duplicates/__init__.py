"""Near duplicates: the same image, or nearly the same, in several studies or splits; shown, never merged."""
