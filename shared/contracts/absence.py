"""When somebody is not there, or at other hours than usual."""

from datetime import date
from enum import StrEnum
from typing import Final

from shared.contracts.base import Answer, Audience, ButtonForm, Command, Contract, DraftRef, Spec, Typed
from shared.i18n.marking import text_noop

LONGEST_TIME_OFF: Final = 200
"""Characters of a date with its times as people write them."""


class TimeOffKind(StrEnum):
    """What a date is to be other than usual."""

    OFF = "off"
    """All of it is off."""
    BLOCK = "block"
    """A part of it is off, and the rest stays as it is."""
    HOURS = "hours"
    """Other hours."""
    USUAL = "usual"
    """As usual again."""
    RESTORE = "restore"
    """As it was before; no button says it."""


class ShowTimeOff(Command, kind="absence.show", only_shows=True):
    """/off: a specialist's coming time off, and the days to choose from; None is one's own."""

    specialist_id: int | None = None
    page: int = 0


class ShowTimeOffDay(Command, kind="absence.day", only_shows=True):
    """A day was chosen: what is to be of it."""

    specialist_id: int
    day: date


class ShowTimeOffDays(Command, kind="absence.days", only_shows=True):
    """Five weeks of days to choose from: the first day, or with `first` the last; `shown` is on the page."""

    specialist_id: int
    first: date | None = None
    shown: date | None = None


class ShowTimeOffTimes(Command, kind="absence.times", only_shows=True):
    """The times of a day to choose from: from when, and with `begins` (minute of the day) until when."""

    specialist_id: int
    how: str
    day: date
    begins: int | None = None


class AskTimeOff(Command, kind="absence.ask"):
    """'Write it': the question which time; without a day, which day, too."""

    specialist_id: int
    how: str
    day: date | None = None


class WriteTimeOff(Command, kind="absence.write"):
    """The time that was asked for."""

    specialist_id: int
    how: str
    day: date | None = None
    text: str = ""


class ProposeTimeOff(Command, kind="absence.propose"):
    """Everything was chosen: what would follow. `begins` and `ends` are minutes of the day."""

    specialist_id: int
    how: str
    first: date
    last: date
    begins: int = 0
    ends: int = 0


class ApplyTimeOff(Command, kind="absence.apply"):
    """'Apply' under what would follow."""

    proposal: DraftRef
    offers: bool = False
    """Whether customers whose visits are hit are offered other times."""


class DiscardTimeOff(Command, kind="absence.discard"):
    """'Discard' beside it."""

    proposal: DraftRef


class UndoTimeOff(Command, kind="absence.undo"):
    """'Undo' right after it was applied."""

    proposal: DraftRef


CONTRACT = Contract(
    "absence",
    (
        Spec(
            ShowTimeOff,
            ButtonForm("of"),
            (Typed("off", text_noop("Time off and other hours"), Audience.STAFF),),
        ),
        Spec(ShowTimeOffDay, ButtonForm("ofd")),
        Spec(ShowTimeOffDays, ButtonForm("ofw")),
        Spec(ShowTimeOffTimes, ButtonForm("oft")),
        Spec(AskTimeOff, ButtonForm("of?")),
        Spec(WriteTimeOff, answer=Answer("text", longest=LONGEST_TIME_OFF)),
        Spec(ProposeTimeOff, ButtonForm("of=")),
        Spec(ApplyTimeOff, ButtonForm("of!")),
        Spec(DiscardTimeOff, ButtonForm("of-")),
        Spec(UndoTimeOff, ButtonForm("of~")),
    ),
)
