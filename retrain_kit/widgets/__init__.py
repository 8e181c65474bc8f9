"""Widgets: one class and one plain ES module a widget; each has a static twin."""
