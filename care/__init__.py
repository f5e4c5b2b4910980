"""The trade: catalogue, people, helpers, schedules, matching, booking, visits, and the database under them.

Nothing here knows of Rasa or of a channel.
"""
