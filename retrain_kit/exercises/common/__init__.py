"""Common: what all exercises share: consent, prompts, refusals, and the words that people use."""
