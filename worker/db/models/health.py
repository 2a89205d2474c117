"""What is not well with a business's bot, and what its owners know of it."""

from datetime import datetime

from sqlalchemy import DateTime, Text
from sqlalchemy.orm import Mapped, mapped_column

from worker.db.models.base import Base, BusinessColumn, Instant, of_business


class HealthLook(BusinessColumn, Base):
    """When a worker last began to look; whoever moves it on looks, and nobody else does for a while."""

    __tablename__ = "health_look"
    __table_args__ = (of_business(),)

    looked_at: Mapped[Instant]


class HealthTrouble(BusinessColumn, Base):
    """One kind of trouble that there is, or of which owners were told lately."""

    __tablename__ = "health_trouble"
    __table_args__ = (of_business(),)

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """None where it is over."""
    eased_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """Since when nothing of it is seen any more; it is over once that has lasted."""
    told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When owners were last told that there is such trouble."""
