"""Declarative base, naming convention and column types that all tables share."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    MetaData,
    SmallInteger,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB, Range
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Key = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
TelegramId = Annotated[int, mapped_column(BigInteger)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
CreatedAt = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]
Json = Annotated[dict[str, Any], mapped_column(JSONB, server_default="{}")]

type Amounts = Range[Decimal]
"""What is to pay: both ends are in it, and without an upper one only the least is said."""
IS_PRICE: Final = "price <@ '[0,)'::numrange AND NOT isempty(price)"


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {int: BigInteger()}


class BusinessColumn:
    """The column of every table whose rows are a business's own: the first one of its key."""

    business_id: Mapped[int] = mapped_column(
        SmallInteger, primary_key=True, autoincrement=False, sort_order=-1
    )


def same_business(column: str, table: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """Let a column name a row of another table, of the same business only."""
    return ForeignKeyConstraint(
        ["business_id", column], [f"{table}.business_id", f"{table}.id"], ondelete=ondelete
    )


def of_business() -> ForeignKeyConstraint:
    """Have a row's business be there. Rows that name a row of their business need no such constraint."""
    return ForeignKeyConstraint(["business_id"], ["business.id"])


class DueColumns(BusinessColumn):
    """The columns of a table whose rows become due: see `worker.due.rows`, which claims them."""

    id: Mapped[Key]
    due_at: Mapped[Instant]
    """When it may be worked on; a claim moves it to the claim's end, so that a crash gives the row back."""
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """Counts claims, so that an earlier claimer is told from a later one."""
    claimer: Mapped[str | None] = mapped_column(Text)
    """Whose claim it is: the name under which that process is connected to PostgreSQL."""
