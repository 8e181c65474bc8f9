"""The book of a conversation: excerpts whose authors agreed to it, on paper and as a page."""
