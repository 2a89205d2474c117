"""A customer cancels a visit, and may say why."""

from typing import Final

from shared.contracts.base import Answer, ButtonForm, Command, Contract, Spec

LONGEST_CANCEL_REASON: Final = 300
"""Characters of a word why a visit was cancelled."""


class AskCancel(Command, kind="booking.ask_cancel"):
    """'Cancel' on a card: the question before it."""

    booking_id: int
    version: int


class Cancel(Command, kind="booking.cancel"):
    """'Yes, cancel'."""

    booking_id: int
    version: int


class AskCancelReason(Command, kind="visits.ask_reason"):
    """'Say why' on the card of a visit that its customer cancelled: the question."""

    booking_id: int


class WriteCancelReason(Command, kind="visits.write_reason"):
    """Why it was cancelled, as its customer says."""

    booking_id: int
    reason: str


CONTRACT = Contract(
    "cancelling",
    (
        Spec(AskCancel, ButtonForm("c?")),
        Spec(Cancel, ButtonForm("c")),
        Spec(AskCancelReason, ButtonForm("cr?")),
        Spec(WriteCancelReason, answer=Answer("reason", longest=LONGEST_CANCEL_REASON)),
    ),
)
