"""An invented neighbourhood to try everything with."""

from __future__ import annotations
