"""What a link to the bot carries: `t.me/<bot>?start=s12-p3` is `/start s12-p3`, and leads to a command.

Its forms stand in the contracts. Like a button it is never trusted: whoever runs the command checks it all.
"""

import re
from datetime import date
from functools import cache
from typing import Final

from shared.buttons import FIRST_DAY, LAST_DAY
from shared.contracts import CONTRACTS
from shared.contracts.base import Command
from shared.contracts.booking import MOST_ADDED, AddedServices

_FIELD: Final = re.compile(r"\{(\w+)\}")
_NUMBER: Final = r"[0-9]{1,18}"
_SEVERAL: Final = "_"
"""What stands between the numbers of services that follow each other."""
_ADDED: Final[object] = AddedServices | None
_VALUES: Final[dict[object, str]] = {
    date: r"[0-9]{8}",
    str: r"[A-Za-z0-9_-]{22}",
    _ADDED: f"{_NUMBER}(?:{_SEVERAL}{_NUMBER}){{0,{MOST_ADDED - 1}}}",
}
"""How a day is written, as 20261205, a code of 128 bits, and services as 15_18; all else is a number."""


def follow(payload: str) -> Command | None:
    """Return the command that a link leads to; None for one that leads nowhere."""
    for pattern, command in _links():
        found = pattern.fullmatch(payload)
        if found is not None:
            return _command(command, found.groupdict())
    return None


def payload_of(command: Command) -> str:
    """Write what a link to a command carries. Raises ValueError for one to which none leads."""
    fields = type(command).model_fields
    given = {name for name, field in fields.items() if getattr(command, name) != field.get_default()}
    for form, kind in _forms():
        names = _FIELD.findall(form)
        if kind is type(command) and given == set(names):
            return _FIELD.sub(lambda field: _written(getattr(command, field[1])), form)
    raise ValueError(f"no link leads to {command!r}")


def _written(value: object) -> str:
    if isinstance(value, AddedServices):
        return _SEVERAL.join(map(str, value.ids))
    return f"{value:%Y%m%d}" if isinstance(value, date) else str(value)


def _forms() -> list[tuple[str, type[Command]]]:
    specs = [spec for contract in CONTRACTS for spec in contract.specs]
    return [(form, spec.command) for spec in specs for form in spec.links]


@cache
def _links() -> tuple[tuple[re.Pattern[str], type[Command]], ...]:
    return tuple((_pattern(command, form), command) for form, command in _forms())


def _pattern(command: type[Command], form: str) -> re.Pattern[str]:
    return re.compile(_FIELD.sub(lambda field: _group(command, field[1]), form))


def _group(command: type[Command], name: str) -> str:
    return f"(?P<{name}>{_VALUES.get(command.model_fields[name].annotation, _NUMBER)})"


def _command(command: type[Command], found: dict[str, str]) -> Command | None:
    try:
        values = {name: _value(command, name, text) for name, text in found.items()}
    except ValueError:
        return None
    return command(**values)


def _value(command: type[Command], name: str, text: str) -> int | str | date | AddedServices:
    kind: object = command.model_fields[name].annotation
    if kind == _ADDED:
        return AddedServices(ids=tuple(map(int, text.split(_SEVERAL))))
    if kind is str:
        return text
    if kind is not date:
        return int(text)
    day = date.fromisoformat(text)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(day)
    return day
