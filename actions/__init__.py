"""The hands: custom actions, one file per capability. Thin: reading and draft in, care commands and replies out."""
