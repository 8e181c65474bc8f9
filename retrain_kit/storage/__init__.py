"""Storage: files written whole or not at all, locks, and values that are too many for memory."""
