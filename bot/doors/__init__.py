"""The doors from the inside: what becomes of a message that came in by one, and of one that could not go out."""
