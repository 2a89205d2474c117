"""The day of the people who work here."""

from datetime import date
from typing import Final

from pydantic import Field

from shared.contracts.base import Answer, Audience, ButtonForm, Command, Contract, Spec, Typed
from shared.i18n.marking import text_noop

LONGEST_WORD: Final = 300
"""Characters of a word to a customer whose visit is cancelled."""


class ShowAgenda(Command, kind="staff.agenda", only_shows=True):
    """/today and /week of staff: `days` from `first` (None is today), a page of them."""

    days: int = Field(1, ge=1, le=7)
    first: date | None = None
    page: int = 0


class ShowAgendaPicture(Command, kind="staff.picture", only_shows=True):
    """'Picture' under an agenda: the same days, drawn, so many columns of them a page."""

    days: int = Field(1, ge=1, le=7)
    first: date | None = None
    page: int = 0
    dark: bool = False


class ShowStaffCard(Command, kind="staff.visit", only_shows=True):
    """A visit as the people who work here see it."""

    booking_id: int


class AskCallOff(Command, kind="staff.ask_cancel"):
    """'Cancel' on a staff card: the question before it."""

    booking_id: int
    version: int


class CallOff(Command, kind="staff.cancel"):
    """'Yes, cancel' of staff: the business cancels, and the customer is told."""

    booking_id: int
    version: int


class AskCallOffWord(Command, kind="staff.ask_cancel_word"):
    """'Cancel with a word': the question what the customer is to read."""

    booking_id: int
    version: int


class CallOffWithWord(Command, kind="staff.cancel_with_word"):
    """The business cancels, and the customer reads its word."""

    booking_id: int
    version: int
    word: str
    asked_in: int | None = None
    """The message under which 'Cancel with a word' was tapped: it shows the visit afterwards, too."""


class ShowVisitHistory(Command, kind="staff.history", only_shows=True):
    """'History' on a staff card: what happened to a visit."""

    booking_id: int


class MarkArrived(Command, kind="staff.arrived"):
    """'Arrived' on a staff card: the customer is here."""

    booking_id: int
    version: int


class MarkDone(Command, kind="staff.done"):
    """'Done' on a staff card: the visit has been."""

    booking_id: int
    version: int


class MarkNoShow(Command, kind="staff.no_show"):
    """'No-show' on a staff card: the customer did not come."""

    booking_id: int
    version: int


class UndoMark(Command, kind="staff.undo"):
    """'Undo' on a staff card: takes back the mark that it shows."""

    booking_id: int
    version: int
    mark: str


class ConfirmForCustomer(Command, kind="staff.attend"):
    """'They will come' on a staff card: the customer said so otherwise than by a reminder's button."""

    booking_id: int
    version: int


CONTRACT = Contract(
    "staff",
    (
        Spec(
            ShowAgenda,
            ButtonForm("ag"),
            (
                Typed("today", text_noop("The visits of today"), Audience.STAFF),
                Typed("week", text_noop("The visits of seven days"), Audience.STAFF, fields={"days": 7}),
            ),
        ),
        Spec(ShowAgendaPicture, ButtonForm("ap")),
        Spec(ShowStaffCard, ButtonForm("sv")),
        Spec(AskCallOff, ButtonForm("sc?")),
        Spec(CallOff, ButtonForm("sc")),
        Spec(AskCallOffWord, ButtonForm("scw?")),
        Spec(CallOffWithWord, answer=Answer("word", longest=LONGEST_WORD)),
        Spec(ShowVisitHistory, ButtonForm("hi")),
        Spec(MarkArrived, ButtonForm("ma")),
        Spec(MarkDone, ButtonForm("md")),
        Spec(MarkNoShow, ButtonForm("mn")),
        Spec(UndoMark, ButtonForm("mu")),
        Spec(ConfirmForCustomer, ButtonForm("mc")),
    ),
)
