"""What comes back: whatever people give back after living with an image, and gone when they say so."""

from retrain_kit.exercises.living_with_images.returns.returns import (
    CONSENT_VERSION,
    EXERCISE,
    USES,
    DeletedReturn,
    Gift,
    Returns,
    Voice,
)

__all__ = ["CONSENT_VERSION", "EXERCISE", "USES", "DeletedReturn", "Gift", "Returns", "Voice"]
