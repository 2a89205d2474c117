"""Two customers swap the times of their visits: one asks, the other agrees, and neither learns who it was."""

from datetime import date, datetime

from shared.contracts.base import ButtonForm, Command, Contract, Spec


class ShowSwaps(Command, kind="swapping.show"):
    """'Swap for a taken time' on a visit: the days on which others have such times, or the times of a day."""

    booking_id: int
    day: date | None = None


class RequestSwap(Command, kind="swapping.request"):
    """One of those times was tapped: whoever has it is asked once."""

    booking_id: int
    version: int
    start: datetime


class WithdrawSwap(Command, kind="swapping.withdraw"):
    """'Take it back' while whoever was asked has not answered."""

    booking_id: int


class AcceptSwap(Command, kind="swapping.accept"):
    """'Yes, swap' below the question."""

    swap_id: int


class DeclineSwap(Command, kind="swapping.decline"):
    """'No, thanks' below the question."""

    swap_id: int


class LapseSwap(Command, kind="swapping.lapse"):
    """Nobody answered in time, or whoever was asked cannot be told. A timer asks."""

    swap_id: int


class EndSwaps(Command, kind="swapping.end"):
    """A visit was moved or cancelled: what is asked about its time is asked no more. A timer asks."""

    booking_id: int


CONTRACT = Contract(
    "swapping",
    (
        Spec(ShowSwaps, ButtonForm("xs")),
        Spec(RequestSwap, ButtonForm("xr")),
        Spec(WithdrawSwap, ButtonForm("xw")),
        Spec(AcceptSwap, ButtonForm("xy")),
        Spec(DeclineSwap, ButtonForm("xn")),
        Spec(LapseSwap),
        Spec(EndSwaps),
    ),
)
