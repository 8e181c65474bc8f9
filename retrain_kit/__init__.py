"""retrain-kit: study image data sets critically.

The pure core (`samples`, `manifests`, `images`, `masking`, `coverage`, `views`) needs numpy,
pillow, filelock and cryptography alone. FiftyOne, widgets, reports and the command line are edges that
import the core, never the reverse; importing this package loads none of them.
"""

__version__ = "0.1.0"
