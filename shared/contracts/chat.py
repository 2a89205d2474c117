"""What people write, send or tap that is no command of its own."""

from datetime import datetime

from pydantic import Field

from shared.contracts.base import ButtonForm, Command, Contract, Frozen, Spec, Typed
from shared.i18n.marking import text_noop

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


class SharedDocument(Frozen):
    """A file that was sent: where it can be fetched, and what is said of it."""

    file_id: str = Field(max_length=256)
    name: str = Field("", max_length=255)
    size: int = 0
    """Bytes, as Telegram says."""


class Say(Command, kind="chat.say", aliases=("menu.explain",)):
    """Something written or sent: the answer to the question that is open, or what has to be explained."""

    text: str = Field("", max_length=LONGEST_TEXT)
    contact: SharedContact | None = None
    location: SharedLocation | None = None
    photo: str | None = None
    """The file id of the largest size."""
    reply_to_message_id: int | None = None
    unknown_command: bool = False
    document: SharedDocument | None = None


class SkipQuestion(Command, kind="chat.skip"):
    """'Skip' beside a question that may stay unanswered."""


class CancelConversation(Command, kind="chat.cancel"):
    """/cancel, and 'Cancel' beside a question."""


class ExpireQuestion(Command, kind="chat.expire"):
    """Nobody answered a question in time. A timer asks for it."""

    person_id: int
    opened_at: datetime


class ExplainButton(Command, kind="chat.explain_button", aliases=("menu.explain_button",)):
    """A button whose data nobody here can read: forged, or of another age."""


class ExplainCell(Command, kind="chat.explain_cell"):
    """A tap on a cell that leads nowhere, such as a weekday above a calendar."""

    cell: str = ""


CONTRACT = Contract(
    "chat",
    (
        Spec(Say),
        Spec(SkipQuestion, ButtonForm("sk")),
        Spec(CancelConversation, ButtonForm("cx"), (Typed("cancel", text_noop("Stop what you are asked")),)),
        Spec(ExpireQuestion),
        Spec(ExplainButton),
        Spec(ExplainCell, ButtonForm("x")),
    ),
)
