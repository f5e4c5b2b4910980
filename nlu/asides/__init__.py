"""Telling which sentences of a message carry what is asked, and which only tell."""
