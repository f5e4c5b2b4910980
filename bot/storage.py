"""Opening the database of an installation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.errors import UserError
from bot.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from care.database import Database
    from care.models import Contact


@contextmanager
def opened_database(settings: Settings) -> Iterator[Database]:
    """The database, closed again at the end; raises UserError when it cannot be reached."""
    from care.database import DatabaseUnavailable, open_database

    try:
        database = open_database(settings.database_url, settings.data)
    except DatabaseUnavailable as error:
        raise UserError(str(error)) from error
    try:
        yield database
    finally:
        database.close()


def contact_by_phone(session: Session, phone: str) -> Contact | None:
    """The contact with this phone number (E.164), if there is one; none is made."""
    from care.people import behind_phone

    return behind_phone(session, phone)
