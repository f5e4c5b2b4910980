"""Logging: to standard error, plain, and without personal data.

Log calls name things by number (incoming 12, outbox 7); texts, names and phone numbers are never passed to a logger.
"""

from __future__ import annotations

import logging
import os
import sys


def set_up(level: str) -> None:
    """Log from `level` up on standard error, and keep the libraries underneath quiet."""
    logging.basicConfig(
        level=level.upper(), stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True
    )
    # The libraries' own use of what their libraries have meanwhile deprecated is no news for who talks to us. Through
    # the log, since some of them undo any filter of warnings when they are imported.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.DEBUG if level == "debug" else logging.ERROR)
    quiet_libraries()


def quiet_libraries() -> None:
    """Keep what libraries log of their own to errors, whatever our own level."""
    # Rasa and TensorFlow log the text of messages at lower levels, and much else besides.
    for noisy in ("rasa", "rasa_sdk", "tensorflow", "absl", "matplotlib", "procrastinate", "asyncio", "apscheduler"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    # Tells of every form that makes no sense, and anybody can send those.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
    # These log what is sent to whom, and addresses with the account's secret in them.
    for telling in ("twilio", "telegram", "httpx", "httpcore", "urllib3", "requests"):
        logging.getLogger(telling).setLevel(logging.ERROR)


def quiet_rasa() -> None:
    """Set what Rasa and TensorFlow read from the environment; must run before they are imported."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    _quiet_structlog()


def _quiet_structlog() -> None:
    import structlog

    # Unconfigured, structlog prints every level to standard output, where only the contract's lines belong.
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
