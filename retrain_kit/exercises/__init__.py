"""Exercises: what people are asked, and what comes of their answers."""
