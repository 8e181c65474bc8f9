"""Storage: files that appear whole or not at all, locks, and what is too much for memory."""
