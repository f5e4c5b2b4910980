"""The phone: what is heard before it is read, and what is said so that an ear can follow and keys can answer."""
