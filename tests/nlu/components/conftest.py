"""Rasa is imported here once, with its own warnings let pass."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # What Rasa imports uses things that others of its libraries have deprecated; warnings of our own stay errors.
    warnings.simplefilter("ignore")
    import rasa.engine.recipes.default_recipe
    import rasa.nlu.classifiers.classifier  # noqa: F401
