"""What a message does: its language, whether someone is in danger, and its act."""
