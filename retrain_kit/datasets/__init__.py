"""Edge: foreign formats, FiftyOne and its database."""
