"""What happened to visits and to the business: who did what, when, from where."""

from enum import StrEnum
from typing import Final

from shared.contracts.base import Answer, ButtonForm, Command, Contract, Spec

LONGEST_SEARCH: Final = 64


class HistoryPart(StrEnum):
    """Of what the history is shown alone."""

    VISITS = "visits"
    SHOP = "shop"
    PEOPLE = "people"


class ShowHistory(Command, kind="history.list", only_shows=True):
    """'History': what happened lately, the newest first."""

    page: int = 0
    only: str = ""
    """A HistoryPart; all of it where it is none."""


class ShowEntryHistory(Command, kind="history.entry", only_shows=True):
    """'History' of a service, a specialist, a place, or of what the business has one of."""

    section: str
    number: int = 0
    """The entry's row; 0 where there is one such entry only."""
    page: int = 0


class SendHistory(Command, kind="history.send"):
    """'Export' under a page of the history: all that its pages show, as a file."""

    only: str = ""
    """As in ShowHistory."""
    section: str = ""
    number: int = 0
    """As in ShowEntryHistory, whose file it is where there is a section."""
    sought: str = ""
    """What was searched for, whose file it is where there is any."""


class AskHistory(Command, kind="history.ask"):
    """'Search': the question for whose history."""


class FindHistory(Command, kind="history.find"):
    """What happened to the visit of a number; else to people and entries with a name, and by them."""

    text: str


CONTRACT = Contract(
    "history",
    (
        Spec(ShowHistory, ButtonForm("hy")),
        Spec(ShowEntryHistory, ButtonForm("hye")),
        Spec(SendHistory, ButtonForm("hyx")),
        Spec(AskHistory, ButtonForm("hy?")),
        Spec(FindHistory, answer=Answer("text", longest=LONGEST_SEARCH)),
    ),
)
