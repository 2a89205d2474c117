"""What a customer is asked after a visit, and what they say of it."""

from typing import Final

from shared.contracts.base import Answer, ButtonForm, Command, Contract, Spec

LONGEST_WORDS: Final = 500
"""Characters of what a customer says of a visit."""
MOST_STARS: Final = 5


class Rate(Command, kind="aftercare.rate"):
    """A number of stars under 'How was it?'."""

    booking_id: int
    stars: int


class AskRatingWords(Command, kind="aftercare.ask_words"):
    """'Add a word' under a rating: the question what it was like."""

    booking_id: int


class WriteRatingWords(Command, kind="aftercare.write_words"):
    """What the customer says of a visit."""

    booking_id: int
    words: str


class ShowRatings(Command, kind="aftercare.ratings", only_shows=True):
    """'Ratings' of admins: what customers said of visits."""

    page: int = 0


CONTRACT = Contract(
    "aftercare",
    (
        Spec(Rate, ButtonForm("rt")),
        Spec(AskRatingWords, ButtonForm("rt?")),
        Spec(WriteRatingWords, answer=Answer("words", longest=LONGEST_WORDS)),
        Spec(ShowRatings, ButtonForm("rts")),
    ),
)
