"""Placeholder."""
HELP = "x"
def configure(parser): ...
def run(options, settings): return 0
