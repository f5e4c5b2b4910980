"""What helpers and coordinators say about their own work: ill, away, there, done, late."""

from nlu.helpers.reader import HelperAct, HelperReader

__all__ = ["HelperAct", "HelperReader"]
