"""Other times for the customers of visits for which nobody is there."""

from shared.contracts.base import ButtonForm, Command, Contract, Spec


class OfferAlternatives(Command, kind="rebooking.offer"):
    """A timer: the next customers are to be offered other times."""

    rebooking_id: int


class EndRebooking(Command, kind="rebooking.end"):
    """A timer: whoever has not answered by now is to be called."""

    rebooking_id: int


class UpdateRebooked(Command, kind="rebooking.update"):
    """A timer: a visit was moved or cancelled by other ways, or its customer is out of reach."""

    booking_id: int


class ShowAlternatives(Command, kind="rebooking.show", only_shows=True):
    """'Other times for you' on a card: what is kept for its customer."""

    booking_id: int


class TakeAlternative(Command, kind="rebooking.take"):
    """One of the times that are kept for a customer was tapped; `alternative_id` is the row that keeps it."""

    booking_id: int
    version: int
    alternative_id: int


class ShowRebooking(Command, kind="rebooking.staff", only_shows=True):
    """How far it has come, for those whose calendar it is."""

    rebooking_id: int


class UndoRebooking(Command, kind="rebooking.undo"):
    """'Undo' while nobody has chosen: the specialist is there as before, and customers are told."""

    rebooking_id: int


CONTRACT = Contract(
    "rebooking",
    (
        Spec(OfferAlternatives),
        Spec(EndRebooking),
        Spec(UpdateRebooked),
        Spec(ShowAlternatives, ButtonForm("rbk")),
        Spec(TakeAlternative, ButtonForm("rbk!")),
        Spec(ShowRebooking, ButtonForm("rbks")),
        Spec(UndoRebooking, ButtonForm("rbku")),
    ),
)
