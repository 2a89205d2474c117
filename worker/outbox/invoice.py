"""An invoice that is sent, in the Bot API's terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """What is to be paid, and how Telegram shows it."""

    title: str
    """At most 32 characters."""
    description: str
    """At most 255 characters."""
    payload: str
    """At most 128 bytes, which come back with the payment."""
    start_parameter: str
    """Where a copy leads that somebody forwarded: without it, anybody could pay."""
    currency: str
    label: str
    """What the amount is for."""
    units: int
    """The amount, in the currency's smallest unit."""
    pay: str
    """What stands on the button."""
    token: SecretStr
    """The payment provider's."""

    def parameters(self) -> Mapping[str, Any]:
        """Write it as sendInvoice takes it, apart from the chat."""
        return {
            "title": self.title,
            "description": self.description,
            "payload": self.payload,
            "provider_token": self.token.get_secret_value(),
            "currency": self.currency,
            "prices": [{"label": self.label, "amount": self.units}],
            "start_parameter": self.start_parameter,
            "reply_markup": {"inline_keyboard": [[{"text": self.pay, "pay": True}]]},
        }
