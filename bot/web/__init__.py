"""The web chat: pages that work without JavaScript, and better with a little of it."""
