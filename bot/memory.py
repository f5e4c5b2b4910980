"""What a process that serves does with its memory."""

from __future__ import annotations

import gc


def keep_loaded() -> None:
    """Take what is loaded now for what stays: the search for garbage walks through it no more.

    It holds a million objects, and walking through them again and again makes each reading a fifth slower and stops
    everything for as long as a webhook may take.
    """
    gc.collect()
    gc.freeze()
