"""The day of the people who work here."""

from datetime import date
from typing import Final

from pydantic import Field

from shared.contracts.base import Answer, Audience, ButtonForm, Command, Contract, Spec, Typed
from shared.i18n.marking import text_noop

LONGEST_WORD: Final = 300
"""Characters of a word to a customer whose visit is cancelled."""
LONGEST_STAFF_NOTE: Final = 500
"""Characters of what staff note of a customer, and of why somebody is to call."""
LONGEST_PHONE: Final = 40
"""Characters of a phone number, however it is grouped."""


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


class ShowCustomer(Command, kind="staff.customer", only_shows=True):
    """'Customer' on a staff card: whose visit it is."""

    booking_id: int


class ShowCustomerVisits(Command, kind="staff.customer_visits", only_shows=True):
    """'Visits' on a customer's card: all that they had and have, the newest first; this is one of them."""

    booking_id: int
    page: int = 0


class AskPhone(Command, kind="staff.ask_phone"):
    """'Phone' on a customer's card: the question for the number by which a visit's customer is called."""

    booking_id: int


class WritePhone(Command, kind="staff.write_phone"):
    """The number that was asked for."""

    booking_id: int
    phone: str


class BlockCustomer(Command, kind="staff.block"):
    """'Block': a visit's customer is to call instead of booking here."""

    booking_id: int


class UnblockCustomer(Command, kind="staff.unblock"):
    """'Unblock': a visit's customer may book here again."""

    booking_id: int


class AskBlockReason(Command, kind="staff.ask_reason"):
    """'Reason' beside a block: the question why; only staff see the answer."""

    booking_id: int


class WriteBlockReason(Command, kind="staff.write_reason"):
    """The reason that was asked for."""

    booking_id: int
    reason: str


class AskStaffNote(Command, kind="staff.ask_note"):
    """'Note' on a staff card: the question what the staff should know of the visit's customer."""

    booking_id: int


class WriteStaffNote(Command, kind="staff.write_note"):
    """The note that was asked for; without one, 'Remove the note' beside that question."""

    booking_id: int
    seen: int
    """Which note stood there when it was asked for, in a few digits."""
    note: str | None = None


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
        Spec(ShowCustomer, ButtonForm("cu")),
        Spec(ShowCustomerVisits, ButtonForm("cv")),
        Spec(AskPhone, ButtonForm("ph?")),
        Spec(WritePhone, answer=Answer("phone", longest=LONGEST_PHONE)),
        Spec(BlockCustomer, ButtonForm("bl")),
        Spec(UnblockCustomer, ButtonForm("ub")),
        Spec(AskBlockReason, ButtonForm("br?")),
        Spec(WriteBlockReason, answer=Answer("reason", longest=LONGEST_STAFF_NOTE)),
        Spec(AskStaffNote, ButtonForm("sn?")),
        Spec(
            WriteStaffNote,
            ButtonForm("sn-", ("booking_id", "seen")),
            answer=Answer("note", longest=LONGEST_STAFF_NOTE),
        ),
        Spec(ShowVisitHistory, ButtonForm("hi")),
        Spec(MarkArrived, ButtonForm("ma")),
        Spec(MarkDone, ButtonForm("md")),
        Spec(MarkNoShow, ButtonForm("mn")),
        Spec(UndoMark, ButtonForm("mu")),
    ),
)
