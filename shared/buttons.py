"""What a button carries: a command, packed into Telegram's 64 bytes, and never trusted.

Packed is a prefix and the command's fields joined by `:`. Numbers are in base 36, days as ordinals,
instants as minutes since 1970, yes as 1, a default as an empty field; empty fields at the end are left out:
`m:1::fvfd` is 'that month for service 1 with anyone'.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from shared.contracts import CONTRACTS
from shared.contracts.base import ButtonForm, Command, DraftRef
from shared.contracts.booking import AddedServices, BookedFor, Moving

LIMIT_BYTES: Final = 64
DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
BASE: Final = len(DIGITS)
LARGEST: Final = 2**63
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


def _pack_customer(value: BookedFor) -> str:
    sign = "-" if value.person_id < 0 else ""
    return f"{sign}{pack_number(abs(value.person_id))}"


def _unpack_customer(text: str) -> BookedFor:
    number = unpack_number(text.removeprefix("-"))
    return BookedFor(person_id=-number if text.startswith("-") else number)


def _pack_added(value: AddedServices) -> str:
    return ".".join(map(pack_number, value.ids))


def _unpack_added(text: str) -> AddedServices:
    return AddedServices(ids=tuple(map(unpack_number, text.split("."))))


def _pack_flag(value: bool) -> str:  # noqa: FBT001 - packed by its position as every value
    return str(int(value))


def _unpack_flag(text: str) -> bool:
    if text not in {"0", "1"}:
        raise UnreadableButtonError(text)
    return text == "1"


def _pack_draft(value: DraftRef) -> str:
    return ".".join(map(pack_number, (value.id, value.version, value.step)))


def _unpack_draft(text: str) -> DraftRef:
    draft_id, version, step = map(unpack_number, text.split("."))
    return DraftRef(id=draft_id, version=version, step=step)


@dataclass(frozen=True, slots=True)
class Packing:
    """How a value of one type is written in a button, and read."""

    pack: Callable[[Any], str]
    unpack: Callable[[str], Any]


PACKINGS: Final[Mapping[type, Packing]] = {
    int: Packing(pack_number, unpack_number),
    bool: Packing(_pack_flag, _unpack_flag),
    str: Packing(str, str),
    date: Packing(_pack_day, _unpack_day),
    datetime: Packing(_pack_minute, _unpack_minute),
    Moving: Packing(_pack_moving, _unpack_moving),
    BookedFor: Packing(_pack_customer, _unpack_customer),
    AddedServices: Packing(_pack_added, _unpack_added),
    DraftRef: Packing(_pack_draft, _unpack_draft),
}
"""The types that a command's packed fields may have; each may be optional."""


@dataclass(frozen=True, slots=True)
class PackedField:
    """A field of a command as a button carries it."""

    name: str
    packing: Packing
    default: object
    """What an empty field stands for."""


@dataclass(frozen=True, slots=True)
class PackedForm:
    """A command as a button carries it."""

    prefix: str
    command: type[Command]
    fields: tuple[PackedField, ...]


def _form(command: type[Command], button: ButtonForm) -> PackedForm:
    known = command.model_fields
    names = tuple(known) if button.fields is None else button.fields
    return PackedForm(button.prefix, command, tuple(_packed(name, known[name]) for name in names))


def _packed(name: str, field: FieldInfo) -> PackedField:
    kinds: tuple[Any, ...] = getattr(field.annotation, "__args__", (field.annotation,))
    [kind] = [each for each in kinds if each is not type(None)]
    return PackedField(name, PACKINGS[kind], field.get_default())


FORMS: Final[dict[type[Command], PackedForm]] = {
    spec.command: _form(spec.command, spec.button)
    for contract in CONTRACTS
    for spec in contract.specs
    if spec.button is not None
}
PREFIXES: Final[dict[str, PackedForm]] = {
    prefix: FORMS[spec.command]
    for contract in CONTRACTS
    for spec in contract.specs
    if spec.button is not None
    for prefix in (spec.button.prefix, *spec.button.former)
}


def pack(command: Command) -> str:
    """Pack a command into a button's data.

    Raises KeyError for a command that no button can carry and ValueError where 64 bytes do not hold it.
    """
    form = FORMS[type(command)]
    parts = [_written(command, field) for field in form.fields]
    while parts and not parts[-1]:
        parts.pop()
    data = ":".join([form.prefix, *parts])
    if len(data.encode()) > LIMIT_BYTES:
        raise ValueError(f"{type(command).__name__} takes more than {LIMIT_BYTES} bytes: {data}")
    return data


def _written(command: Command, field: PackedField) -> str:
    value = getattr(command, field.name)
    return "" if value is None or value == field.default else field.packing.pack(value)


def unpack(data: str) -> Command:
    """Read the command a button carries; raises UnreadableButtonError."""
    prefix, *parts = data.split(":")
    if prefix not in PREFIXES or not _could_be_sent(data):
        raise UnreadableButtonError(prefix)
    form = PREFIXES[prefix]
    if len(parts) > len(form.fields):
        raise UnreadableButtonError(prefix)
    try:
        # Fields that came later are missing in the buttons of before.
        read = zip(form.fields, parts, strict=False)
        return form.command(**{field.name: field.packing.unpack(part) for field, part in read if part})
    except (ValidationError, ValueError, OverflowError, OSError) as error:
        raise UnreadableButtonError(prefix) from error


def _could_be_sent(data: str) -> bool:
    try:
        return len(data.encode()) <= LIMIT_BYTES
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can smuggle in
        return False
