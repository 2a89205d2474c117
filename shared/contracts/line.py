"""The line as the staff see it: who waits for which time, to whom a time is offered, who is taken off."""

from datetime import datetime
from typing import Final

from shared.contracts.base import Answer, Audience, ButtonForm, Command, Contract, Spec, Typed
from shared.i18n.marking import text_noop

LONGEST_REMOVAL: Final = 300
"""Characters of a word to a customer who is taken off the line."""


class ShowLine(Command, kind="line.show", only_shows=True):
    """/waitlist of staff: a page of those who wait for a time."""

    page: int = 0


class ShowWaiting(Command, kind="line.waiting", only_shows=True):
    """Somebody's wish as the staff see it, with free times that fit it behind an instant."""

    entry_id: int
    after: datetime | None = None
    """None begins with the soonest."""


class AskOffer(Command, kind="line.ask_offer", only_shows=True):
    """A time that fits a wish: what comes of offering it, and the way to do so."""

    entry_id: int
    specialist_id: int
    start: datetime


class OfferTime(Command, kind="line.offer"):
    """'Offer this time': it is held for its customer, who is offered it."""

    entry_id: int
    specialist_id: int
    start: datetime


class AskRemoval(Command, kind="line.ask_remove"):
    """'Remove from the line': the question what the customer is to read."""

    entry_id: int


class RemoveWish(Command, kind="line.remove"):
    """'Remove without a word'."""

    entry_id: int


class RemoveWithWord(Command, kind="line.remove_with_word"):
    """The wish ends, and its customer reads the word."""

    entry_id: int
    word: str


class ShowChoice(Command, kind="line.choice", only_shows=True):
    """A time that has freed up, and those in line who can have it: the staff choose."""

    choice_id: int


class LetLineDecide(Command, kind="line.decide"):
    """'First in line': the staff leave a freed time to the line."""

    choice_id: int


class LapseChoice(Command, kind="line.lapse_choice"):
    """Nobody has chosen by the deadline: the line decides. A timer asks."""

    choice_id: int


CONTRACT = Contract(
    "line",
    (
        Spec(
            ShowLine,
            ButtonForm("ln"),
            (Typed("waitlist", text_noop("Who waits for a time"), Audience.STAFF),),
        ),
        Spec(ShowWaiting, ButtonForm("lw")),
        Spec(AskOffer, ButtonForm("lo?")),
        Spec(OfferTime, ButtonForm("lo")),
        Spec(AskRemoval, ButtonForm("lr?")),
        Spec(RemoveWish, ButtonForm("lr")),
        Spec(RemoveWithWord, answer=Answer("word", longest=LONGEST_REMOVAL)),
        Spec(ShowChoice, ButtonForm("lc")),
        Spec(LetLineDecide, ButtonForm("ld")),
        Spec(LapseChoice),
    ),
)
