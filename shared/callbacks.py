"""What a button carries: a command, packed into Telegram's 64 bytes, and never trusted.

Packed is a prefix and the command's fields joined by `:`. Numbers are in base 36, days as ordinals,
instants as minutes since 1970, nothing as an empty field: `m:1::fvfd:` is 'that month
for service 1 with anyone'. A prefix is for ever, like the kind it stands for: old buttons stay in chats.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pydantic import ValidationError

from shared import commands
from shared.commands import Command, Moving

LIMIT_BYTES = 64
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
BASE = len(DIGITS)
LARGEST = 2**63
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(9998, 12, 31)
"""No button names a day outside of these; so whoever reads one may look months around it."""


class UnreadableButtonError(ValueError):
    """The data is not a packed command: forged, cut, or of a release that nobody here knows."""


def pack_number(value: int) -> str:
    """Write a whole number in base 36. Raises ValueError for a negative one."""
    if value < 0:
        raise ValueError(f"{value} is negative")
    text = ""
    while True:
        value, digit = divmod(value, BASE)
        text = DIGITS[digit] + text
        if not value:
            return text


def unpack_number(text: str) -> int:
    """Read a number in base 36; refuses signs, spaces, capitals and what a bigint cannot hold."""
    if not text or any(character not in DIGITS for character in text):
        raise UnreadableButtonError(text)
    value = int(text, BASE)
    if value >= LARGEST:
        raise UnreadableButtonError(text)
    return value


def _pack_minute(value: datetime) -> str:
    return pack_number(int(value.timestamp()) // 60)


def _unpack_minute(text: str) -> datetime:
    moment = datetime.fromtimestamp(unpack_number(text) * 60, UTC)
    _refuse_far(moment.date())
    return moment


def _pack_day(value: date) -> str:
    return pack_number(value.toordinal())


def _unpack_day(text: str) -> date:
    day = date.fromordinal(unpack_number(text))
    _refuse_far(day)
    return day


def _refuse_far(day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise UnreadableButtonError(day)


def _pack_moving(value: Moving) -> str:
    return f"{pack_number(value.booking_id)}.{pack_number(value.version)}"


def _unpack_moving(text: str) -> Moving:
    booking_id, _, version = text.partition(".")
    return Moving(booking_id=unpack_number(booking_id), version=unpack_number(version))


@dataclass(frozen=True, slots=True)
class Field[T]:
    """How one field of a command is written and read."""

    name: str
    pack: Callable[[T], str]
    unpack: Callable[[str], T]


def _number(name: str) -> Field[int]:
    return Field(name, pack_number, unpack_number)


def _text(name: str) -> Field[str]:
    return Field(name, str, str)


def _day(name: str) -> Field[date]:
    return Field(name, _pack_day, _unpack_day)


_START = Field("start", _pack_minute, _unpack_minute)
_MOVING = Field("moving", _pack_moving, _unpack_moving)
_SERVICE = _number("service_id")
_SPECIALIST = _number("specialist_id")
_BOOKING = _number("booking_id")
_VERSION = _number("version")
_PAGE = _number("page")

type Fields = tuple[Field[int] | Field[str] | Field[date] | Field[datetime] | Field[Moving], ...]

PAGED = {commands.ShowServices: "sp", commands.ShowSpecialists: "pp"}
"""Lists that have got pages since their first form; the first page keeps that form, so that it is read
by the release before too."""

FORMS: dict[str, tuple[type[Command], Fields]] = {
    "h": (commands.ShowHome, ()),
    "?": (commands.ShowHelp, ()),
    "set": (commands.ShowSettings, ()),
    "ls": (commands.ShowLanguages, ()),
    "l": (commands.ChooseLanguage, (_text("language"),)),
    "s": (commands.ShowServices, ()),
    "sp": (commands.ShowServices, (_PAGE,)),
    "p": (commands.ShowSpecialists, (_SERVICE,)),
    "pp": (commands.ShowSpecialists, (_SERVICE, _PAGE)),
    "m": (commands.ShowMonth, (_SERVICE, _SPECIALIST, _day("month"), _MOVING)),
    "d": (commands.ShowDay, (_SERVICE, _SPECIALIST, _day("day"), _MOVING, _PAGE)),
    "t": (commands.ShowSummary, (_SERVICE, _SPECIALIST, _START, _MOVING)),
    "ok": (commands.Book, (_SERVICE, _SPECIALIST, _START)),
    "mok": (commands.Move, (_MOVING, _SPECIALIST, _START)),
    "b": (commands.ShowBooking, (_BOOKING,)),
    "bs": (commands.ShowBookings, (_PAGE,)),
    "mv": (commands.StartMove, (_MOVING,)),
    "c?": (commands.AskCancel, (_BOOKING, _VERSION)),
    "c": (commands.Cancel, (_BOOKING, _VERSION)),
    "at": (commands.ConfirmAttendance, (_BOOKING, _VERSION)),
    "ag": (commands.ShowAgenda, (_number("days"), _day("first"))),
    "ad": (commands.ShowAdmin, ()),
}
PREFIXES = {command: prefix for prefix, (command, _) in FORMS.items() if PAGED.get(command) != prefix}


def pack(command: Command) -> str:
    """Pack a command into a button's data.

    Raises KeyError for a command that no button can carry and ValueError where 64 bytes do not hold it.
    """
    prefix = _prefix(command)
    parts = [prefix]
    for field in FORMS[prefix][1]:
        value = getattr(command, field.name)
        parts.append("" if value is None else field.pack(value))
    data = ":".join(parts)
    if len(data.encode()) > LIMIT_BYTES:
        raise ValueError(f"{type(command).__name__} takes more than {LIMIT_BYTES} bytes: {data}")
    return data


def _prefix(command: Command) -> str:
    if isinstance(command, commands.ShowServices | commands.ShowSpecialists) and command.page:
        return PAGED[type(command)]
    return PREFIXES[type(command)]


def _could_be_sent(data: str) -> bool:
    try:
        return len(data.encode()) <= LIMIT_BYTES
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can smuggle in
        return False


def unpack(data: str) -> Command:
    """Read the command a button carries; raises UnreadableButtonError."""
    prefix, *parts = data.split(":")
    if prefix not in FORMS or not _could_be_sent(data):
        raise UnreadableButtonError(prefix)
    kind, fields = FORMS[prefix]
    if len(parts) != len(fields):
        raise UnreadableButtonError(prefix)
    try:
        values = {field.name: field.unpack(part) for field, part in zip(fields, parts, strict=True) if part}
        return kind(**values)
    except (ValidationError, ValueError, OverflowError, OSError) as error:
        raise UnreadableButtonError(prefix) from error
