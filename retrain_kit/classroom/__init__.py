"""A class at once: one page for phones and laptops, one for the beamer, over the store of the notebooks.

A room holds what a class does; the door says who may come in; presence knows who is here. Nothing is asked of
any other host, no cookie is set, and a person's key is in the person's page alone.
"""
