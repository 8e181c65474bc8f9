"""What comes back: whatever people give back after living with an image, and gone when they say so."""

from retrain_kit.returns.gifts import Gift, Gone
from retrain_kit.returns.returns import CONSENT_VERSION, EXERCISE, USES, Returns, Voice

__all__ = ["CONSENT_VERSION", "EXERCISE", "USES", "Gift", "Gone", "Returns", "Voice"]
