"""What a person asked, typed: the bot makes commands, the queue carries them, workers run them.

A command's `kind` is its name for ever: a replica of the release before must be able to read what this
one queues, and the other way round. New fields need defaults; a new meaning needs a new kind.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

ENVELOPE_VERSION = 1


class Frozen(BaseModel):
    """A value: unknown fields of a newer release are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Actor(Frozen):
    """Who asked, as Telegram described them in the update. Never proof of any right."""

    id: int
    first_name: str = ""
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None


class ReplyTo(Frozen):
    """Where the answer goes: a chat, the message whose button was tapped, and the tap to acknowledge."""

    chat_id: int
    message_id: int | None = None
    callback_id: str | None = None


class Command(Frozen):
    """Base of all commands."""


class ShowHome(Command):
    """/start and every 'Menu' button."""

    kind: Literal["menu.home"] = "menu.home"
    payload: str = ""


class ShowHelp(Command):
    """/help."""

    kind: Literal["menu.help"] = "menu.help"


class ShowSettings(Command):
    """/settings."""

    kind: Literal["menu.settings"] = "menu.settings"


class ShowLanguages(Command):
    """/language."""

    kind: Literal["menu.languages"] = "menu.languages"


class ChooseLanguage(Command):
    """A language was picked."""

    kind: Literal["person.choose_language"] = "person.choose_language"
    language: str


class SetReachable(Command):
    """Telegram said that the person blocked or unblocked the bot."""

    kind: Literal["person.set_reachable"] = "person.set_reachable"
    reachable: bool


class ExplainText(Command):
    """Free text or an unknown command: the person is told what can be done."""

    kind: Literal["menu.explain"] = "menu.explain"
    unknown_command: bool = False


class ExplainButton(Command):
    """A button whose data nobody here can read: forged, or of another age."""

    kind: Literal["menu.explain_button"] = "menu.explain_button"


class Moving(Frozen):
    """The booking that is being moved, and its version as the person saw it."""

    booking_id: int
    version: int


class ShowServices(Command):
    """/book: the services to choose from."""

    kind: Literal["booking.services"] = "booking.services"
    page: int = 0


class ShowSpecialists(Command):
    """The specialists who do a service."""

    kind: Literal["booking.specialists"] = "booking.specialists"
    service_id: int
    page: int = 0


class ShowMonth(Command):
    """A month's calendar; `specialist_id` None is 'Anyone', `month` None the first with a free day."""

    kind: Literal["schedule.show_month"] = "schedule.show_month"
    service_id: int
    specialist_id: int | None = None
    month: date | None = None
    moving: Moving | None = None


class ShowDay(Command):
    """A day's free times, a page of them where one keyboard does not hold all."""

    kind: Literal["schedule.show_day"] = "schedule.show_day"
    service_id: int
    specialist_id: int | None = None
    day: date
    moving: Moving | None = None
    page: int = 0


class ShowSummary(Command):
    """What is about to be booked or moved, before the person confirms."""

    kind: Literal["booking.summary"] = "booking.summary"
    service_id: int
    specialist_id: int | None = None
    start: datetime
    moving: Moving | None = None


class Book(Command):
    """Confirm a new booking."""

    kind: Literal["booking.book"] = "booking.book"
    service_id: int
    specialist_id: int | None = None
    start: datetime


class Move(Command):
    """Confirm a booking's new time."""

    kind: Literal["booking.move"] = "booking.move"
    moving: Moving
    specialist_id: int | None = None
    start: datetime


class ShowBookings(Command):
    """/bookings: what is coming."""

    kind: Literal["booking.list"] = "booking.list"
    page: int = 0


class ShowBooking(Command):
    """One booking's card."""

    kind: Literal["booking.show"] = "booking.show"
    booking_id: int


class StartMove(Command):
    """'Move' on a card: choose a new time."""

    kind: Literal["booking.start_move"] = "booking.start_move"
    moving: Moving


class AskCancel(Command):
    """'Cancel' on a card: the question before it."""

    kind: Literal["booking.ask_cancel"] = "booking.ask_cancel"
    booking_id: int
    version: int


class Cancel(Command):
    """'Yes, cancel'."""

    kind: Literal["booking.cancel"] = "booking.cancel"
    booking_id: int
    version: int


class ConfirmAttendance(Command):
    """'I'll be there' under a reminder."""

    kind: Literal["booking.attend"] = "booking.attend"
    booking_id: int
    version: int


class ShowAgenda(Command):
    """/today and /week of staff: `days` from `first` (None is today)."""

    kind: Literal["staff.agenda"] = "staff.agenda"
    days: int = Field(1, ge=1, le=7)
    first: date | None = None


class ShowAdmin(Command):
    """/admin."""

    kind: Literal["admin.home"] = "admin.home"


AnyCommand = Annotated[
    ShowHome
    | ShowHelp
    | ShowSettings
    | ShowLanguages
    | ChooseLanguage
    | SetReachable
    | ExplainText
    | ExplainButton
    | ShowServices
    | ShowSpecialists
    | ShowMonth
    | ShowDay
    | ShowSummary
    | Book
    | Move
    | ShowBookings
    | ShowBooking
    | StartMove
    | AskCancel
    | Cancel
    | ConfirmAttendance
    | ShowAgenda
    | ShowAdmin,
    Field(discriminator="kind"),
]


class Envelope(Frozen):
    """A command on its way: what was asked, by whom, through which update, and where the answer goes."""

    version: int = ENVELOPE_VERSION
    bot_id: int
    update_id: int
    received_at: datetime
    actor: Actor
    reply_to: ReplyTo
    command: AnyCommand
    trace: str | None = None
    """The trace this command is a part of, as a W3C traceparent; None where nobody traces."""

    @property
    def job_id(self) -> str:
        """The job's id: one update is one job."""
        return f"u:{self.bot_id}:{self.update_id}"
