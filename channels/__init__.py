"""The doors: outside messages in, replies out. A door knows its wire format and nothing else."""

from __future__ import annotations

from channels.messages import ChannelCapabilities, Incoming, Outgoing, Sender, SendFailed

__all__ = ["ChannelCapabilities", "Incoming", "Outgoing", "SendFailed", "Sender"]
