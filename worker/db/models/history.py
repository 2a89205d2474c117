"""What happened to the business itself."""

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from worker.db.models.base import Base, BusinessColumn, CreatedAt, Json, Key, of_business


class BusinessEvent(BusinessColumn, Base):
    """What happened to the business: who changed what, when, from where. Rows are only added.

    What became different stands in `data` as values rather than in words, so that each reader reads it in
    their own language.
    """

    __tablename__ = "business_event"
    __table_args__ = (of_business(), Index("ix_business_event_entry", "business_id", "section", "number"))

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(Text)
    section: Mapped[str] = mapped_column(Text)
    """The part of the business file that it is about, or what else of the business."""
    number: Mapped[int | None]
    """The entry's row; None where there is one such entry only."""
    name: Mapped[str] = mapped_column(Text, server_default="")
    """What the entry was called then."""
    actor_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    source: Mapped[str] = mapped_column(Text)
    command: Mapped[str] = mapped_column(Text, server_default="")
    """The kind of what was tapped or written."""
    people: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    """Whom `data` names: with them it is forgotten."""
    data: Mapped[Json]
    at: Mapped[CreatedAt]
