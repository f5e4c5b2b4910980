"""`thuisbel whatsapp-templates`: the Content templates that WhatsApp needs, for Twilio's Content API."""

from __future__ import annotations

import argparse

from bot import lines
from bot.settings import Settings

HELP = "write the WhatsApp templates as Twilio's Content API takes them"


def configure(parser: argparse.ArgumentParser) -> None:
    """There are no options."""


def run(options: argparse.Namespace, settings: Settings) -> int:
    """One line a template; the ContentSids that Twilio gives for them go into TWILIO_CONTENT_SIDS by their names."""
    from actions.phrases import Phrases
    from bot.doors.templates import all_templates

    for template in all_templates(Phrases.load()):
        lines.write(template)
    return 0
