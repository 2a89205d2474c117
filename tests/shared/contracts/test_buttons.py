"""Buttons: what is packed comes back, fits, and never surprises whoever reads it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.buttons import (
    FORMS,
    LIMIT_BYTES,
    PREFIXES,
    PackedForm,
    UnreadableButtonError,
    pack,
    pack_number,
    unpack,
)
from shared.contracts.base import Command
from shared.contracts.booking import Book, Moving, ShowDay, ShowMonth, ShowServices, StartMove
from shared.contracts.cancelling import Cancel
from shared.contracts.people import ChooseLanguage, SetReachable
from tests.shared.contracts.values import BIGGEST, LARGEST, LAST_MINUTE, commands, extremes

NEXT_AGE = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp()) // 60
UNREADABLE = [
    "", "h:", "zzz", "H", "p", "p:", "p:-1", "p: 1", "p:A", "p:١", "p:1:2:3:4:5:6", "p:1:2:3:--4",
    "m:1:::2.3:::-4", f"p:{pack_number(2**63)}",
    "m", "m::::", "m:1::::::::", "d:1:::::", "d:1::0::", "t:1:2::", "ok:1:2:zzzzzzzzz", "mok::1:1", "mv:1",
    "mv:1.", "mv:.1", "mv:1.2.3", "c:1:", "ag:8:", "ag:0:", "h\x00", "l:", "l:en:x", "x" * 65,
    "l:" + "ж" * 32, "h:\ud800", "l:\ud800", f"ok:1::{pack_number(NEXT_AGE)}",
    f"d:1::{pack_number(date(9999, 1, 1).toordinal())}::",
    f"d:1::{pack_number(date(1969, 12, 31).toordinal())}::",
]  # fmt: skip


def _names(form: PackedForm) -> tuple[str, ...]:
    return tuple(field.name for field in form.fields)


@pytest.mark.parametrize("prefix", [form.prefix for form in FORMS.values()])
def test_what_is_packed_comes_back(prefix: str) -> None:
    form = PREFIXES[prefix]

    @settings(max_examples=30)
    @given(commands(form.command, _names(form)))
    def check(command: Command) -> None:
        assert unpack(pack(command)) == command

    check()


@pytest.mark.parametrize("prefix", [form.prefix for form in FORMS.values()])
def test_the_largest_fits_a_button(prefix: str) -> None:
    form = PREFIXES[prefix]
    for command in extremes(form.command, _names(form), LARGEST):
        assert len(pack(command).encode()) <= LIMIT_BYTES


def test_bigint_ids_fit_wherever_a_booking_is_meant() -> None:
    moving = Moving(booking_id=BIGGEST, version=10**6)
    for command in (StartMove(moving=moving), Cancel(booking_id=BIGGEST, version=10**6)):
        assert unpack(pack(command)) == command
    widest = Book(service_id=BIGGEST, specialist_id=BIGGEST, start=LAST_MINUTE)
    assert unpack(pack(widest)) == widest


def test_what_does_not_fit_is_not_cut() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        pack(ChooseLanguage(language="x" * 63))


def test_what_no_button_carries_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        pack(SetReachable(reachable=True))


@pytest.mark.parametrize(
    ("command", "data"),
    [
        (ShowServices(), "s"),
        (ShowServices(page=1), "s:1"),
        (ShowMonth(service_id=1), "m:1"),
        (ShowDay(service_id=1, day=date(2026, 11, 25)), "d:1::fuy1"),
        (ShowMonth(service_id=1, moving=Moving(booking_id=77, version=3)), "m:1:::25.3"),
    ],
)
def test_a_default_takes_no_room(command: Command, data: str) -> None:
    assert pack(command) == data
    assert unpack(data) == command


@pytest.mark.parametrize("data", ["m:1", "m:1:", "m:1::", "m:1:::"])
def test_fields_that_came_later_may_be_missing(data: str) -> None:
    assert unpack(data) == ShowMonth(service_id=1)


@pytest.mark.parametrize("data", UNREADABLE)
def test_forged_data_is_unreadable(data: str) -> None:
    with pytest.raises(UnreadableButtonError):
        unpack(data)


pieces = st.sampled_from([*PREFIXES, ":", ".", "1", "z", "zzzz", "zzzzzz", "0", "-", " ", "\x00", "ж"])


@given(st.text(st.characters(exclude_categories=())) | st.lists(pieces, max_size=20).map("".join))
@example("t:1::zzzzzzz:")
def test_any_text_is_a_command_or_unreadable(data: str) -> None:
    try:
        command = unpack(data)
    except UnreadableButtonError:
        return
    assert unpack(pack(command)) == command


@given(st.sampled_from(list(PREFIXES)), st.lists(st.text("0123456789abcdefz.", max_size=8), max_size=5))
def test_no_button_leads_out_of_the_calendar(prefix: str, parts: list[str]) -> None:
    """Whoever reads a command may go a month on or back from its days without leaving the calendar."""
    try:
        command = unpack(":".join([prefix, *parts]))
    except UnreadableButtonError:
        return
    for name in ("day", "month", "first", "start"):
        if (value := getattr(command, name, None)) is not None:
            assert value - timedelta(days=366) < value + timedelta(days=366)


@pytest.mark.parametrize("number", [-1, -(2**70)])
def test_a_negative_number_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="negative"):
        pack_number(number)
