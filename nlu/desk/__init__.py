"""What coordinators say at their desk: which requests are open, and yes or no for one of their people."""

from nlu.desk.reader import ACTS, DeskReader

__all__ = ["ACTS", "DeskReader"]
