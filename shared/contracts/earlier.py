"""Who has a visit and would rather be earlier says so, and is offered an earlier time when one frees up."""

from datetime import date

from shared.contracts.base import ButtonForm, Command, Contract, Spec


class AskEarlier(Command, kind="earlier.ask"):
    """'Earlier?' on a card: the question from which day on; of who said so before, the wish as it stands."""

    booking_id: int


class WantEarlier(Command, kind="earlier.want"):
    """From this day on any time before the visit would suit."""

    booking_id: int
    version: int
    first_day: date


class EndEarlier(Command, kind="earlier.end"):
    """A visit was moved or cancelled: what is offered in its place goes on. A timer asks."""

    booking_id: int


CONTRACT = Contract(
    "earlier",
    (
        Spec(AskEarlier, ButtonForm("erl?")),
        Spec(WantEarlier, ButtonForm("erl")),
        Spec(EndEarlier),
    ),
)
