"""Measuring readings: the scorer, our own answers, and those of other libraries."""
