"""What happened to visits: who did what, when."""

from typing import Final

from shared.contracts.base import Answer, ButtonForm, Command, Contract, Spec

LONGEST_SEARCH: Final = 64


class ShowHistory(Command, kind="history.list", only_shows=True):
    """'History': what happened lately, the newest first."""

    page: int = 0


class AskHistory(Command, kind="history.ask"):
    """'Search': the question for whose history."""


class FindHistory(Command, kind="history.find"):
    """What happened to the visit of a number, or to the visits of people with a name, and by them."""

    text: str


CONTRACT = Contract(
    "history",
    (
        Spec(ShowHistory, ButtonForm("hy")),
        Spec(AskHistory, ButtonForm("hy?")),
        Spec(FindHistory, answer=Answer("text", longest=LONGEST_SEARCH)),
    ),
)
