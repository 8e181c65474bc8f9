"""A conversation: people write with each other, read again, and add footnotes; what was said stays."""
