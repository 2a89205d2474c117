"""Makes a script for pgbench of the statements that one booking sent."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from shared.contracts.booking import Book
from tests.benchmarks.crowd import DAYS, FIRST_DAY, OPENS, STEP, TIMES
from tests.benchmarks.system import SPECIALISTS, TRIM

STEP_SECONDS = int(STEP.total_seconds())
NEAR = 3 * 86_400
"""Instants so near the visit's start move with it."""
EPOCH = re.compile(r"\d{9,10}")
PLACE = re.compile(r"\$(\d+)")


@dataclass(frozen=True)
class Ids:
    """Numbers that stand out in what a booking sends."""

    update: int
    person: int
    booking: int
    specialist: int


OURS = Ids(update=880_000_001, person=770_000_001, booking=660_000_001, specialist=77)


def wish(number: int) -> Book:
    """Return the visit of this number: specialists first, then times, then days."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    slot, specialist = divmod(number, SPECIALISTS)
    day, turn = divmod(slot, TIMES)
    start = today + timedelta(days=FIRST_DAY + day % DAYS) + OPENS + turn * STEP
    return Book(service_id=TRIM, specialist_id=1 + specialist, start=start)


@dataclass(frozen=True)
class Script:
    """A script, and how many statements it sends between begin and commit."""

    text: str
    statements: int

    @classmethod
    def of(cls, sent: Sequence[tuple[str, Any]], start: datetime, people: int) -> "Script":
        """Put pgbench's variables in place of one booking's own figures."""
        begin = int((start - OPENS).timestamp())
        head = [
            r"\set i :i + 1",
            r"\set k :first + :client_id * :each + :i",
            rf"\set specialist 1 + :k % {SPECIALISTS}",
            rf"\set slot :k / {SPECIALISTS}",
            rf"\set day (:slot / {TIMES}) % {DAYS}",
            rf"\set turn :slot % {TIMES}",
            rf"\set start {begin} + :day * 86400 + {int(OPENS.total_seconds())} + :turn * {STEP_SECONDS}",
            rf"\set update {OURS.update} + 500000000 + :k",
            rf"\set person {OURS.person} + :k % {people}",
            "BEGIN;",
        ]
        render = partial(_statement, start=int(start.timestamp()))
        statements = [render(sql, parameters) for sql, parameters in sent]
        return cls("\n".join([*head, *statements, "COMMIT;", ""]), len(statements))


def _statement(sql: str, parameters: Sequence[Any], start: int) -> str:
    line = " ".join(sql.split())

    def place(match: re.Match[str]) -> str:
        return _literal(parameters[int(match[1]) - 1], start)

    rendered = PLACE.sub(place, line)
    if "INSERT INTO booking " in line and "RETURNING booking.id" in line:
        return f"{rendered} \\gset made_"
    return f"{rendered};"


def _literal(value: Any, start: int) -> str:  # noqa: ANN401 - whatever a driver takes
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return _number(value, start)
    if isinstance(value, float | Decimal):
        return str(value)
    if isinstance(value, datetime):
        return f"to_timestamp({_number(int(value.timestamp()), start)})"
    return _rest(value, start)


def _rest(value: Any, start: int) -> str:  # noqa: ANN401 - whatever a driver takes
    if isinstance(value, date):
        away = value.toordinal() - datetime.fromtimestamp(start, UTC).date().toordinal()
        return f"(CAST(to_timestamp(:start) AT TIME ZONE 'UTC' AS date) + {away})"
    if isinstance(value, str):
        return _text(value, start)
    if isinstance(value, list | tuple) and not value:
        return "'{}'"  # of whichever type the statement says behind it
    if isinstance(value, list | tuple):
        return "ARRAY[" + ", ".join(_literal(each, start) for each in value) + "]"
    if hasattr(value, "lower") and hasattr(value, "upper"):
        return _range(value, start)
    raise TypeError(f"pgbench cannot be told {value!r}")


def _range(value: Any, start: int) -> str:  # noqa: ANN401 - SQLAlchemy's range or asyncpg's
    kind = "int4range" if isinstance(value.lower, int) else "tstzrange"
    return f"{kind}({_literal(value.lower, start)}, {_literal(value.upper, start)}, '[)')"


def _number(value: int, start: int) -> str:
    known = {
        OURS.update: "(:update)",
        OURS.person: "(:person)",
        OURS.booking: "(:made_id)",
        OURS.specialist: "(:specialist)",
    }
    if value in known:
        return known[value]
    if abs(value - start) <= NEAR:
        return f"(:start + {value - start})" if value >= start else f"(:start - {start - value})"
    return str(value)


def _text(value: str, start: int) -> str:
    """Write a text of pieces; pgbench would take a colon before a letter for a variable's."""
    pieces, last = [], 0
    for match in EPOCH.finditer(value):
        number = _number(int(match[0]), start)
        if number.startswith("("):
            pieces += [_quoted(value[last : match.start()]), number]
            last = match.end()
    pieces.append(_quoted(value[last:]))
    found = [piece for piece in pieces if piece != "''"] or ["''"]
    return found[0] if len(found) == 1 else "(" + " || ".join(["''", *found]) + ")"


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return (
        "'" + doubled.replace(":", "' || chr(58) || '") + "'"
        if ":" not in text
        else ("(" + "'" + doubled.replace(":", "' || chr(58) || '") + "')")
    )
