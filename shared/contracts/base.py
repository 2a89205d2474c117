"""What a contract is made of: commands, and the buttons and typed texts that stand for them.

A contract says what can be asked of one capability, and nothing of what is then done: no SQL, no rule. The
bot reads it to route, the worker to run, both to pack and unpack buttons.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from shared.i18n.marking import Marked

KIND: Final = "kind"


class Frozen(BaseModel):
    """A value: unknown fields of a newer release are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Command(Frozen):
    """Base of all commands: what somebody asked, typed.

    A command's kind is its name for ever: a replica of the release before reads what this one queues, and
    the other way round. New fields need defaults, a new meaning needs a new kind; a renamed kind keeps its
    former names as `aliases`. One that `only_shows` something where it was tapped need not run any more once
    its person has asked for something else to be shown there. What is `urgent` waits for nothing else of its
    person's, and runs before all that is not. What `lives` for so many
    seconds is dropped once they are over: nobody waits for its answer any more.
    """

    # Built at its first use, in half a millisecond: some 250 at once are a tenth of a process's start.
    model_config = ConfigDict(defer_build=True)

    kind: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]]
    only_shows: ClassVar[bool]
    urgent: ClassVar[bool]
    lives: ClassVar[float | None]

    def __init_subclass__(
        cls,
        *,
        kind: str,
        aliases: tuple[str, ...] = (),
        only_shows: bool = False,
        urgent: bool = False,
        lives: float | None = None,
        **config: Any,  # noqa: ANN401 - pydantic's own
    ) -> None:
        super().__init_subclass__(**config)
        cls.kind = kind
        cls.aliases = aliases
        cls.only_shows = only_shows
        cls.urgent = urgent
        cls.lives = lives

    @model_serializer(mode="wrap")
    def _with_its_kind(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {KIND: self.kind, **write(self)}


class DraftRef(Frozen):
    """A draft as a button names it: a form too large for 64 bytes that lives in a row.

    A button of an earlier `version` of the draft is stale; `step` is where in the form it stands.
    """

    id: int
    version: int
    step: int = 0


class Audience(IntEnum):
    """Who is shown a typed command in menus and help; whether they may run it is the worker's to decide."""

    EVERYONE = 0
    STAFF = 1
    """Specialists, admins and owners."""
    ADMINS = 2
    """Admins and owners."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as people type it, `/name`; what follows the name becomes the field called `argument`."""

    name: str
    menu: Marked
    """Its line in Telegram's menu of commands."""
    audience: Audience = Audience.EVERYONE
    argument: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    """Fields that the typed form sets."""


@dataclass(frozen=True, slots=True)
class ButtonForm:
    """How a button carries a command: a prefix, and the command's fields in this order.

    A prefix is for ever, like a kind: old buttons stay in chats. `former` prefixes are read and not written.
    New fields come last. None says: all fields of the command, in their order.
    """

    prefix: str
    fields: tuple[str, ...] | None = None
    former: tuple[str, ...] = ()


class AnswerType(StrEnum):
    """In what form a question is answered."""

    TEXT = "text"
    CONTACT = "contact"
    PHONE = "phone"
    """One's own contact, or a number that is written."""
    LOCATION = "location"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Answer:
    """The field of a command that a question fills: whoever is asked says it in the chat."""

    field: str
    type: AnswerType = AnswerType.TEXT
    longest: int = 1000
    """Characters of a text."""
    optional: bool = False
    """Whether 'Skip' leaves the field None."""
    location: str | None = None
    """Another field, which a shared location fills in place of words."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One command of a contract, and the ways in which people ask for it."""

    command: type[Command]
    button: ButtonForm | None = None
    typed: tuple[Typed, ...] = ()
    answer: Answer | None = None
    """What a question about this command asks for, where it is one that a question completes."""
    links: tuple[str, ...] = ()
    """What `/start` carries in links that lead to it, as `s{service_id}`: fields stand in braces."""


@dataclass(frozen=True, slots=True)
class Contract:
    """All that can be asked of one capability."""

    name: str
    specs: tuple[Spec, ...]

    @property
    def commands(self) -> tuple[type[Command], ...]:
        """The commands, in their order."""
        return tuple(spec.command for spec in self.specs)
