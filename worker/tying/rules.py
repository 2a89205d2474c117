"""What the link of a customer without Telegram carries, and what becomes of two customers who are one.

The code is made of the bot's token, so that no row has to be kept: the link is used up once its customer is
somebody of Telegram, and over after its last day.
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final, Self

HELD_FOR: Final = timedelta(days=14)
CODE_LENGTH: Final = 22
"""Characters of 6 bits: 128 bits and more."""
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

    def code(self, bot_token: str) -> str:
        """Return the link's code: who has the database alone cannot make it."""
        said = f"customer:{self.business_id}:{self.number}:{self.until.isoformat()}"
        digest = hmac.new(bot_token.encode(), said.encode(), sha256).digest()
        return urlsafe_b64encode(digest).decode()[:CODE_LENGTH]

    def is_of(self, code: str, bot_token: str) -> bool:
        """Tell whether a code is the link's."""
        return hmac.compare_digest(self.code(bot_token).encode(), code.encode())

    def argument(self, bot_token: str) -> str:
        """Return what `/start` carries: as the contract has it."""
        return f"c{self.number}-{self.until:%Y%m%d}-{self.code(bot_token)}"


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
