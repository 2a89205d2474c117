"""Visits that wait until somebody agrees: the answer of those who work here, and what lapses without one."""

from typing import Final

from shared.contracts.base import Answer, ButtonForm, Command, Contract, Spec

LONGEST_DECLINE: Final = 300
"""Characters of a word to a customer whose request is declined."""


class Accept(Command, kind="approval.accept"):
    """'Accept' under a request: it becomes a visit."""

    booking_id: int
    version: int


class AskDecline(Command, kind="approval.ask_decline"):
    """'Decline' under a request: the question what the customer is to read."""

    booking_id: int
    version: int


class Decline(Command, kind="approval.decline"):
    """'Decline without a word': the request ends."""

    booking_id: int
    version: int


class DeclineWithWord(Command, kind="approval.decline_with_word"):
    """The request ends, and its customer reads the word."""

    booking_id: int
    version: int
    word: str


class AcceptProposal(Command, kind="approval.accept_proposal"):
    """'Accept' under another time that was proposed: its customer has a visit."""

    booking_id: int
    version: int


class DeclineProposal(Command, kind="approval.decline_proposal"):
    """'Decline' under another time that was proposed: the request ends."""

    booking_id: int
    version: int


class LapseRequest(Command, kind="approval.lapse"):
    """Nobody answered in time."""

    booking_id: int


CONTRACT = Contract(
    "approval",
    (
        Spec(Accept, ButtonForm("ya")),
        Spec(AskDecline, ButtonForm("yn?")),
        Spec(Decline, ButtonForm("yn")),
        Spec(DeclineWithWord, answer=Answer("word", longest=LONGEST_DECLINE)),
        Spec(AcceptProposal, ButtonForm("yc")),
        Spec(DeclineProposal, ButtonForm("ycn")),
        Spec(LapseRequest),
    ),
)
