"""Commands that failed for good: read, tried once more, dropped."""

from shared.contracts.base import ButtonForm, Command, Contract, Spec


class ShowFailed(Command, kind="failed.list", only_shows=True):
    """'Failed': all of them, the newest first."""

    page: int = 0


class ShowFailedCommand(Command, kind="failed.show", only_shows=True):
    """One of them, with what can be done about it."""

    letter_id: int


class RetryFailed(Command, kind="failed.retry"):
    """'Retry': put it back on the queue."""

    letter_id: int


class RetryAlike(Command, kind="failed.retry_alike"):
    """Put back it and those that ask for the same."""

    letter_id: int


class AskDropFailed(Command, kind="failed.ask_drop", only_shows=True):
    """'Drop': the question before it is forgotten."""

    letter_id: int


class DropFailed(Command, kind="failed.drop"):
    """'Yes, drop'."""

    letter_id: int


CONTRACT = Contract(
    "failed",
    (
        Spec(ShowFailed, ButtonForm("fl")),
        Spec(ShowFailedCommand, ButtonForm("fs")),
        Spec(RetryFailed, ButtonForm("fr")),
        Spec(RetryAlike, ButtonForm("fra")),
        Spec(AskDropFailed, ButtonForm("fd?")),
        Spec(DropFailed, ButtonForm("fd")),
    ),
)
