"""Polyphony: several people write about two images, and improve each other's sentences."""
