"""Recoding Art: people describe the works of a museum, and say whether they consider them to be art."""
