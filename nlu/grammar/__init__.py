"""The schedule grammar: patterns from the language packs, a chart over them, and what the found phrases mean together."""
