"""Storage: files written whole or not at all, locks, values that are too many for memory, and languages."""
