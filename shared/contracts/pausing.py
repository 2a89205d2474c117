"""Pausing all bookings: customers can book and move nothing for a while, and read why."""

from datetime import date
from typing import Final

from shared.contracts.base import Answer, ButtonForm, Command, Contract, Spec

LONGEST_PAUSE_TEXT: Final = 180
"""UTF-16 units: with it, the word on a tap fits Telegram's 200 characters."""


class ShowPause(Command, kind="pausing.show", only_shows=True):
    """'Pause bookings': how it stands, and what can be done."""


class ShowPauseDays(Command, kind="pausing.days", only_shows=True):
    """Five weeks of days to choose from until when: those that hold `first`, or begin with this one."""

    first: date | None = None


class PauseBookings(Command, kind="pausing.pause"):
    """Pause, until the day on which they begin again; None is until somebody resumes them."""

    until: date | None = None


class ResumeBookings(Command, kind="pausing.resume"):
    """'Resume bookings'."""


class AskPauseText(Command, kind="pausing.ask_text"):
    """The question what customers read meanwhile."""


class WritePauseText(Command, kind="pausing.write_text"):
    """What customers read meanwhile; None is the usual text."""

    text: str | None = None


CONTRACT = Contract(
    "pausing",
    (
        Spec(ShowPause, ButtonForm("pb")),
        Spec(ShowPauseDays, ButtonForm("pbd")),
        Spec(PauseBookings, ButtonForm("pbp")),
        Spec(ResumeBookings, ButtonForm("pbr")),
        Spec(AskPauseText, ButtonForm("pbt?")),
        Spec(WritePauseText, answer=Answer("text", longest=LONGEST_PAUSE_TEXT, optional=True)),
    ),
)
