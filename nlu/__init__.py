"""The ears: text in, reading out (act, needs, target)."""
