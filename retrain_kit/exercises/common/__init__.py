"""What all exercises have in common: consent, refusals, lengths, figures, messages and the session."""
