"""What all tables share: the registry, the base class, and column helpers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar, cast

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, ForeignKey, Identity, MetaData
from sqlalchemy.orm import registry

T = TypeVar("T")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""All tables; named constraints, so that migrations can address them."""

mapper_registry = registry(metadata=metadata)


def mapped(cls: type[T]) -> type[T]:
    """Class decorator: map the class to its table, keeping its type for the type checker."""
    return cast("type[T]", mapper_registry.mapped(cls))


class Row:
    """A row of a table. Attributes are the columns; the annotations are their Python types."""

    __tablename__: str

    def __init__(self, **values: Any) -> None:
        """Make a row with these columns; raises TypeError for a name that is not one."""
        for name, value in values.items():
            if not hasattr(type(self), name):
                message = f"{type(self).__name__} has no column {name}"
                raise TypeError(message)
            setattr(self, name, value)


def col(attribute: object) -> Any:
    """The column behind a mapped attribute, for operators the type checker does not know (`in_`, `desc`, …)."""
    return attribute


def key() -> Any:
    """A primary key given out by the database."""
    return Column(BigInteger, Identity(), primary_key=True)


def link(target: str, *, nullable: bool = False, index: bool = False) -> Any:
    """A foreign key to the `id` of the table `target`."""
    return Column(BigInteger, ForeignKey(f"{target}.id"), nullable=nullable, index=index)


def moment(*, nullable: bool = False) -> Any:
    """A moment in time, stored in UTC; always aware."""
    return Column(DateTime(timezone=True), nullable=nullable)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """The rule that a text column holds one of these words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
