"""The business's own words in place of ours."""

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from worker.db.models.base import Base, BusinessColumn, of_business, same_business


class OwnWords(BusinessColumn, Base):
    """What is said in one language in place of one of our texts."""

    __tablename__ = "own_text"
    __table_args__ = (
        CheckConstraint("kind IN ('welcome', 'reminder', 'after_visit')", name="kind"),
        of_business(),
    )

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    language: Mapped[str] = mapped_column(Text, primary_key=True)
    words: Mapped[str] = mapped_column(Text)


class ServiceWords(BusinessColumn, Base):
    """What the reminders of one service say in one language, in place of the business's or ours."""

    __tablename__ = "service_text"
    __table_args__ = (same_business("service_id", "service", ondelete="CASCADE"),)

    service_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(Text, primary_key=True)
    words: Mapped[str] = mapped_column(Text)
