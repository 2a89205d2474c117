"""Staff book for somebody: whom the visit is for. What follows is asked by `booking`, which names them."""

from typing import Final

from shared.contracts.base import Answer, Audience, ButtonForm, Command, Contract, Spec, Typed
from shared.i18n.marking import text_noop

LONGEST_INTRODUCTION: Final = 120
"""Characters of a name and a phone number."""


class AskCustomer(Command, kind="adding.ask_customer"):
    """/add: the question whom a visit is for."""


class FindCustomers(Command, kind="adding.find_customers"):
    """The customers who are called what was typed, or have that phone number."""

    text: str


class AskNewCustomer(Command, kind="adding.ask_new"):
    """'New customer': the question for the name and the phone number of somebody without Telegram."""


class WriteNewCustomer(Command, kind="adding.write_new"):
    """The name and the phone number that were asked for."""

    text: str


CONTRACT = Contract(
    "adding",
    (
        Spec(
            AskCustomer,
            ButtonForm("aw"),
            (Typed("add", text_noop("Book a visit for somebody"), Audience.STAFF),),
        ),
        Spec(FindCustomers, answer=Answer("text", longest=LONGEST_INTRODUCTION)),
        Spec(AskNewCustomer, ButtonForm("aw+")),
        Spec(WriteNewCustomer, answer=Answer("text", longest=LONGEST_INTRODUCTION)),
    ),
)
