"""A customer without Telegram becomes a person of Telegram: who opens their link is who they are."""

from datetime import date

from shared.contracts.base import ButtonForm, Command, Contract, Spec


class SendCustomerLink(Command, kind="tying.send_link"):
    """'Link to Telegram' on the card of a customer without: the link, to be passed on to them."""

    booking_id: int


class ShowTie(Command, kind="tying.show", only_shows=True):
    """Somebody opened a customer's link."""

    number: int
    """Of the customer without Telegram, as the link has it: above zero."""
    day: date
    """The last one on which the link can be used."""
    code: str


class Tie(Command, kind="tying.tie"):
    """'Yes, that is me'."""

    number: int
    day: date
    code: str


CONTRACT = Contract(
    "tying",
    (
        Spec(SendCustomerLink, ButtonForm("ti+")),
        Spec(ShowTie, links=("c{number}-{day}-{code}",)),
        Spec(Tie, ButtonForm("ti!")),
    ),
)
