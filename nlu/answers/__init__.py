"""Answers to the question at hand: a key, a yes or a no, a choice, a name, an address, or a piece of a schedule."""

from nlu.answers.reader import AnswerReader, Question

__all__ = ["AnswerReader", "Question"]
