"""A customer, as the people who work here know them."""

from typing import Final

from shared.contracts.base import Answer, ButtonForm, Command, Contract, Spec

LONGEST_STAFF_NOTE: Final = 500
"""Characters of what staff note of a customer, and of why somebody is to call."""
LONGEST_PHONE: Final = 40
"""Characters of a phone number, however it is grouped."""


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


CONTRACT = Contract(
    "customers",
    (
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
    ),
)
