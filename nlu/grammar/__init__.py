"""The schedule grammar: a chart over the patterns of the language packs, and what the phrases in it mean."""
