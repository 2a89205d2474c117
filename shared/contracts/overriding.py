"""Staff book for somebody at a time that the rules do not offer: against rules that they name."""

from datetime import datetime
from typing import Final

from shared.contracts.base import Answer, ButtonForm, Command, Contract, Spec
from shared.contracts.booking import BookedFor

LONGEST_MOMENT: Final = 60
"""Characters of a day and a time."""


class AskOtherTime(Command, kind="overriding.ask"):
    """'Other time' beneath the free ones: the question for the day and the time."""

    service_id: int
    specialist_id: int
    location_id: int | None = None
    customer: BookedFor


class ShowOtherTime(Command, kind="overriding.show"):
    """The day and the time that were asked for."""

    service_id: int
    specialist_id: int
    location_id: int | None = None
    customer: BookedFor
    moment: str = ""


class BookAgainstRules(Command, kind="overriding.book"):
    """'Book anyway' under the rules that a time breaks."""

    service_id: int
    specialist_id: int
    start: datetime
    customer: BookedFor
    location_id: int | None = None
    rules: int = 0
    """Those that were shown, by their places in `Override`; no others are overridden."""
    terms: int = 0
    """As in Book."""


CONTRACT = Contract(
    "overriding",
    (
        Spec(AskOtherTime, ButtonForm("ov", ("service_id", "specialist_id", "customer", "location_id"))),
        Spec(ShowOtherTime, answer=Answer("moment", longest=LONGEST_MOMENT)),
        Spec(BookAgainstRules, ButtonForm("oo")),
    ),
)
