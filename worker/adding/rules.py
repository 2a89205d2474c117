"""What staff type of somebody: a name, a phone number, or both."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from worker.ui.names import tidy
from worker.ui.phones import e164

PHONE: Final = re.compile(r"[(+]{0,2}\d[\d\s().\-/\u00a0\u2010-\u2013]{2,}\d")
"""What may be meant as a phone number, however it is grouped."""
AROUND_NAMES: Final = " ,;:/|-\u2013\u2014"
LEAST_DIGITS: Final = 3
"""With fewer digits nobody is looked for by phone."""


class Lacking(StrEnum):
    """Why what was typed is not enough to write somebody down."""

    NAME = "name"
    PHONE = "phone"
    WRONG_PHONE = "wrong_phone"


@dataclass(frozen=True, slots=True)
class Introduction:
    """Somebody without Telegram, as staff write them down."""

    name: str
    phone: str
    """In E.164."""


def introduced(text: str, country: str | None) -> Introduction | Lacking:
    """Read a name and a phone number, in any order."""
    found = max(PHONE.findall(text), key=len, default="")
    name = tidy(text.replace(found, " ") if found else text).strip(AROUND_NAMES)
    if not found:
        return Lacking.PHONE
    phone = e164(found, country)
    if phone is None:
        return Lacking.WRONG_PHONE
    return Introduction(name, phone) if any(map(str.isalpha, name)) else Lacking.NAME


def digits_of(typed: str, country: str | None) -> str:
    """Return the digits by which a stored number is found; empty where too few were typed."""
    whole = e164(typed, country)
    digits = re.sub(r"\D", "", whole or typed).lstrip("0")
    return digits if len(digits) >= LEAST_DIGITS and not any(map(str.isalpha, typed)) else ""
