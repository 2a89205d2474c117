"""What the link of a customer without Telegram carries, and what becomes of two customers who are one.

The code is made of the bot's token, so that no row has to be kept: the link is used up once its customer is
somebody of Telegram, and over after its last day.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Self

from shared.contracts.tying import ShowTie
from shared.links import payload_of
from worker.link_codes import code_of, is_code_of

HELD_FOR: Final = timedelta(days=14)
BETWEEN_NOTES: Final = " · "


@dataclass(frozen=True, slots=True)
class CustomerLink:
    """What tells whose link it is, and until when."""

    business_id: int
    number: int
    """The customer's id without its sign."""
    until: date

    @classmethod
    def made_on(cls, business_id: int, customer_id: int, today: date) -> Self:
        """Make the link of a customer without Telegram, whose id is below zero."""
        return cls(business_id, -customer_id, today + HELD_FOR)

    @property
    def _subject(self) -> str:
        return f"customer:{self.business_id}:{self.number}:{self.until.isoformat()}"

    def code(self, bot_token: str) -> str:
        """Return the link's code."""
        return code_of(self._subject, bot_token)

    def is_of(self, code: str, bot_token: str) -> bool:
        """Tell whether a code is the link's."""
        return is_code_of(code, self._subject, bot_token)

    def argument(self, bot_token: str) -> str:
        """Return what `/start` carries."""
        return payload_of(ShowTie(number=self.number, day=self.until, code=self.code(bot_token)))


@dataclass(frozen=True, slots=True)
class KnownOf:
    """What staff keep of a customer."""

    phone: str | None
    staff_note: str | None
    blocked_at: datetime | None
    blocked_reason: str | None


def joined(of_telegram: KnownOf, without: KnownOf) -> KnownOf:
    """Return what is kept of somebody who turns out to be both: nothing that staff wrote down is lost.

    Of two phone numbers the one that was with the person of Telegram stays; the other goes into the note.
    """
    notes = [of_telegram.staff_note, without.staff_note]
    if without.phone not in {None, of_telegram.phone} and of_telegram.phone is not None:
        notes.append(without.phone)
    blocked = of_telegram if of_telegram.blocked_at is not None else without
    return replace(
        blocked,
        phone=of_telegram.phone or without.phone,
        staff_note=BETWEEN_NOTES.join(filter(None, dict.fromkeys(notes))) or None,
    )
