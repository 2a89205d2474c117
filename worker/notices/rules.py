"""Who hears of a visit: whoever is responsible for it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Absence(StrEnum):
    """Why a specialist cannot be told."""

    LEFT = "left"
    NO_TELEGRAM = "no_telegram"
    NEVER_HERE = "never_here"
    """They have never used the bot, so that it may not write to them."""
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Desk:
    """A specialist, and those who answer for the business."""

    specialist: str
    active: bool
    telegram_id: int | None
    here: bool
    """Whether the specialist has ever used the bot."""
    reachable: bool
    managers: Sequence[int]
    """Owners and admins who can be written to, each once."""
    languages: Sequence[str | None] = ()
    """What whoever is about to read a notice would like to be spoken to in."""
    timezone: str = "UTC"
    """The business's."""
    quiet_from: int | None = None
    quiet_until: int | None = None
    """In which minutes of the day whoever is about to read it wants no news."""
    digest: Sequence[int] = ()
    """At which minutes of the day they want news together; none is at once."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody to be told; `instead` says why it is not the specialist."""

    chat_id: int
    instead: Absence | None = None


def absence(desk: Desk) -> Absence | None:
    """Return why the specialist cannot be told, or None where they can."""
    if not desk.active:
        return Absence.LEFT
    if desk.telegram_id is None:
        return Absence.NO_TELEGRAM
    if not desk.here:
        return Absence.NEVER_HERE
    return None if desk.reachable else Absence.UNREACHABLE


def recipients(desk: Desk, by: int | None) -> list[Recipient]:
    """Return who is to be told now: the specialist, else the owners and admins; never who did it (`by`)."""
    why = absence(desk)
    chosen = (
        [Recipient(desk.telegram_id)]
        if why is None and desk.telegram_id is not None
        else [Recipient(chat_id, why) for chat_id in desk.managers]
    )
    return [each for each in chosen if each.chat_id != by]
