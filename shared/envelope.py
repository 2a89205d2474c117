"""A command on its way: what was asked, by whom, because of what, and where the answer goes."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, SerializeAsAny

from shared.contracts import CONTRACTS
from shared.contracts.base import KIND, Command, Frozen

ENVELOPE_VERSION: Final = 1
INLINE: Final = "inline"

COMMANDS: Final[dict[str, type[Command]]] = {
    name: command
    for contract in CONTRACTS
    for command in contract.commands
    for name in (command.kind, *command.aliases)
}
"""Every kind that this release knows, its former names too."""


class UnknownKindError(Exception):
    """The command is of a kind that this release does not know: a newer one queued it."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"no command here is called {kind!r}")
        self.kind = kind


def is_urgent(kind: object) -> bool:
    """Tell whether commands of a kind are urgent; of one that this release does not know, no."""
    command = COMMANDS.get(kind) if isinstance(kind, str) else None
    return command is not None and command.urgent


def lives_for(kind: object) -> float | None:
    """Return for how many seconds commands of a kind wait for their answer; None for ever, or not known."""
    command = COMMANDS.get(kind) if isinstance(kind, str) else None
    return None if command is None else command.lives


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
    thread_id: int | None = None
    """The topic of the chat in which was asked: new messages of the answer go there, too."""
    checkout_id: str | None = None
    """The payment that waits for a yes or no before Telegram takes the money."""
    inline_query_id: str | None = None
    """The inline query that waits for its results, in a chat that is not ours to know."""
    guest_query_id: str | None = None
    """The message that waits for the bot's answer, likewise."""


class Origin(StrEnum):
    """What a command comes from."""

    UPDATE = "update"
    TIMER = "timer"


def read_command(raw: object) -> Command:
    """Read a command as it was queued.

    Raises UnknownKindError for a kind of another release, ValidationError for fields that make no sense, and
    ValueError for what is no command at all.
    """
    if isinstance(raw, Command):
        return raw
    if not isinstance(raw, dict) or not isinstance(raw.get(KIND), str):
        raise ValueError("a command has a kind")  # noqa: TRY004 - pydantic makes a ValidationError of it
    known = COMMANDS.get(raw[KIND])
    if known is None:
        raise UnknownKindError(raw[KIND])
    return known.model_validate(raw)


type AnyCommand = Annotated[SerializeAsAny[Command], BeforeValidator(read_command)]


class Decided(Frozen):
    """What a command came to, where Telegram was not ready to have it shown: only the showing is left."""

    view: dict[str, Any]
    """The message, with its buttons as the Bot API's parameters."""
    card: int | None = None
    """The booking that the view shows, where it shows one."""
    asks: AnyCommand | None = None
    """The command that the person's next words complete, where the view is a question."""
    tries: int = 0
    """How often showing it has been put off."""
    has_turn: bool = False
    """Whether it was put off until just its turn among all messages."""
    is_new: bool = False
    """Whether it is the first thing that its person asked for."""


class Envelope(Frozen):
    """A command with what the worker needs to run and to answer it."""

    version: int = ENVELOPE_VERSION
    origin: Origin = Origin.UPDATE
    bot_id: int
    update_id: int
    """The number of the update at Telegram; of another origin, the number of what caused it there."""
    received_at: datetime
    actor: Actor
    reply_to: ReplyTo
    command: AnyCommand
    decided: Decided | None = None
    """What was decided when the command ran before: neither that nor its tap's answer happens again."""
    trace: str | None = None
    """The trace this command is a part of, as a W3C traceparent; None where nobody traces."""
    album: str | None = None
    """The album that the message is a part of: its parts are one job, whichever of them comes first."""

    @property
    def job_id(self) -> str:
        """The job's id: one update is one job, `u:<bot>:<update>`; one timer is one, `t:<bot>:<timer>`.

        So is one album, `a:<bot>:<person>:<album>`.
        """
        if self.album is not None:
            return f"a:{self.bot_id}:{self.actor.id}:{self.album}"
        return f"{self.origin[0]}:{self.bot_id}:{self.update_id}"

    @property
    def shown_in(self) -> str:
        """Where the command only shows something: a later one for the same place is in place of it.

        Nowhere is empty. What somebody types as an inline query is one place.
        """
        if not self.command.only_shows:
            return ""
        if self.reply_to.inline_query_id is not None:
            return INLINE
        return "" if self.tapped_message_id is None else str(self.tapped_message_id)

    @property
    def is_elsewhere(self) -> bool:
        """Whether it was asked in a chat that is not the person's own with the bot."""
        return self.reply_to.inline_query_id is not None or self.reply_to.guest_query_id is not None

    @property
    def tapped_message_id(self) -> int | None:
        """The message whose button was tapped; None where nothing was."""
        return None if self.reply_to.callback_id is None else self.reply_to.message_id


NOBODY: Final = 0
"""Who asks where no person does; Telegram gives nobody this id."""


def of_timer(bot_id: int, timer_id: int, kind: str, fields: Mapping[str, Any], now: datetime) -> Envelope:
    """Make the envelope of a timer's command, which nobody waits for.

    Raises UnknownKindError for a kind of another release, ValidationError for fields that make no sense.
    """
    return Envelope(
        origin=Origin.TIMER,
        bot_id=bot_id,
        update_id=timer_id,
        received_at=now,
        actor=Actor(id=NOBODY),
        reply_to=ReplyTo(chat_id=NOBODY),
        command=read_command({**fields, KIND: kind}),
    )
