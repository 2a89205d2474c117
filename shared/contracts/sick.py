"""A specialist is ill for a day."""

from datetime import date
from typing import Final

from shared.contracts.base import Answer, Audience, ButtonForm, Command, Contract, DraftRef, Spec, Typed
from shared.i18n.marking import text_noop

LONGEST_DAY: Final = 60
"""Characters of a day as people write it."""


class SayIll(Command, kind="sick.say"):
    """/sick: who is ill, on which day; what is not said yet is asked. `words` are the day as it was typed."""

    specialist_id: int | None = None
    day: date | None = None
    words: str = ""


class AskIllDay(Command, kind="sick.ask"):
    """'Another day': the question which."""

    specialist_id: int


class WriteIllDay(Command, kind="sick.write"):
    """The day that was asked for."""

    specialist_id: int
    text: str = ""


class ApplyIll(Command, kind="sick.apply"):
    """'Apply' under what would follow."""

    proposal: DraftRef


class DiscardIll(Command, kind="sick.discard"):
    """'Discard' beside it."""

    proposal: DraftRef


CONTRACT = Contract(
    "sick",
    (
        Spec(
            SayIll,
            ButtonForm("ill", ("specialist_id", "day")),
            (
                Typed(
                    "sick", text_noop("Ill for a day: offer customers other times"), Audience.STAFF, "words"
                ),
            ),
        ),
        Spec(AskIllDay, ButtonForm("ill?")),
        Spec(WriteIllDay, answer=Answer("text", longest=LONGEST_DAY)),
        Spec(ApplyIll, ButtonForm("ill!")),
        Spec(DiscardIll, ButtonForm("ill-")),
    ),
)
