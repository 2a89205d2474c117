"""What people write, send or tap that is no command of its own."""

from pydantic import Field

from shared.contracts.base import Button, Command, Contract, Frozen, Spec

LONGEST_TEXT = 4096
"""Characters of one message: Telegram's own limit."""


class SharedContact(Frozen):
    """A contact that was sent; only one whose `user_id` is the sender's is their own."""

    phone_number: str = Field(max_length=64)
    user_id: int | None = None


class SharedLocation(Frozen):
    """A place that was sent, in degrees."""

    latitude: float
    longitude: float


class Say(Command, kind="chat.say", aliases=("menu.explain",)):
    """Something written or sent: the answer to the question that is open, or what has to be explained."""

    text: str = Field("", max_length=LONGEST_TEXT)
    contact: SharedContact | None = None
    location: SharedLocation | None = None
    photo: str | None = None
    """The file id of the largest size."""
    reply_to_message_id: int | None = None
    unknown_command: bool = False


class ExplainButton(Command, kind="chat.explain_button", aliases=("menu.explain_button",)):
    """A button whose data nobody here can read: forged, or of another age."""


class ExplainCell(Command, kind="chat.explain_cell"):
    """A tap on a cell that leads nowhere, such as a weekday above a calendar."""

    cell: str = ""


CONTRACT = Contract(
    "chat",
    (
        Spec(Say),
        Spec(ExplainButton),
        Spec(ExplainCell, Button("x")),
    ),
)
