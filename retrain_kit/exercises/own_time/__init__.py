"""One's own time: a person annotates an image, and sees how long it took, beside what was published."""
