"""A class at once: one page for phones and laptops, one for the projector, over the store of the notebooks.

A programme says what a class does; the entry, who may come in; presence, who is here. Nothing is asked of
any other host, no cookie is set, and a person's key is in the person's page alone.
"""
