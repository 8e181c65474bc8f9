"""JPEG: tags are taken out of JPEG files without decoding them, by libjpeg-turbo.

The blocks under the tags are emptied among the coefficients; every other coefficient stays the original's
own. See `blocks.empty_blocks`.
"""
