"""How many come with one booking of a group, and who."""

from typing import Final

from shared.contracts.base import Answer, ButtonForm, Command, Contract, Spec

LONGEST_NAMES: Final = 200
"""Characters of the names of those who come along."""


class ShowParty(Command, kind="party.show", only_shows=True):
    """'How many?' on a card: the numbers of places to choose from."""

    booking_id: int


class ResizeParty(Command, kind="party.resize"):
    """Another number of places for a visit, as it was seen."""

    booking_id: int
    version: int
    places: int


class AskCompanions(Command, kind="party.ask_companions"):
    """'Who comes along?' on a card: the question for the names."""

    booking_id: int


class WriteCompanions(Command, kind="party.write_companions"):
    """The names that were asked for; without any, 'Remove the names' beside that question."""

    booking_id: int
    names: str | None = None


CONTRACT = Contract(
    "party",
    (
        Spec(ShowParty, ButtonForm("pt")),
        Spec(ResizeParty, ButtonForm("pr")),
        Spec(AskCompanions, ButtonForm("pn?")),
        Spec(
            WriteCompanions, ButtonForm("pn-", ("booking_id",)), answer=Answer("names", longest=LONGEST_NAMES)
        ),
    ),
)
