"""How the act classifier is trained and measured."""
