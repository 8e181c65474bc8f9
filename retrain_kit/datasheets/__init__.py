"""Edge: studies described, for machines in Croissant and for people as a page."""
