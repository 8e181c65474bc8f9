"""What If…?: a growing list of what might exist in the blank area of an image."""
